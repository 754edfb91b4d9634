"""The parameters of augmentation, recovered from its effect on simple pictures."""

import math
import threading
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from core.arrays import PIXELS, SIDE
from core.settings.augmentation import NO_AUGMENTATION, Augmentation
from core.training.warp import Warp

EVERYTHING = Augmentation(shift=3, rotation=25, scale=0.3, shear=0.3, elastic=2, smoothness=3)
OFFSET = np.arange(SIDE) - (SIDE - 1) / 2
"""Pixels from the center."""


class Constant(np.random.Generator):
    """Always draws the same number: 1 gives each limit itself, 0 its negative."""

    def __init__(self, number: float) -> None:
        super().__init__(np.random.PCG64(0))
        self.number = number

    def random(self, size=None, dtype=np.float64, out=None):
        out[...] = self.number
        return out


def noise_images(n: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (n, PIXELS), dtype=np.uint8)


def augment(images, augmentation, rng, dtype=np.float32) -> np.ndarray:
    warp = Warp(len(images), dtype)
    warp.draw(augmentation, len(images), rng)
    out = np.full(images.shape, np.nan, dtype)
    warp.apply(images, out, 0)
    return out


def augment_one(picture, augmentation, number: float = 1.0) -> np.ndarray:
    image = augment(picture.reshape(1, PIXELS), augmentation, Constant(number))
    return image.reshape(SIDE, SIDE)


def blob(x: float, y: float) -> np.ndarray:
    """Return a soft dot, x and y pixels from the center."""
    distance = (OFFSET - x) ** 2 + (OFFSET[:, None] - y) ** 2
    return np.rint(255 * np.exp(-distance / 8)).astype(np.uint8)


def centroids(images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return x and y of the centers of mass, counted from the center of the image."""
    gray = images.reshape(-1, SIDE, SIDE).astype(float)
    mass = gray.sum((1, 2))
    return gray.sum(1) @ OFFSET / mass, gray.sum(2) @ OFFSET / mass


def blob_positions(x: float, y: float, n: int, **strengths: float):
    """Return where n augmentations move a dot from x, y."""
    images = np.tile(blob(x, y).reshape(1, PIXELS), (n, 1))
    return centroids(augment(images, Augmentation(**strengths), np.random.default_rng(5)))


def assert_uniform(values: np.ndarray, limit: float, middle: float = 0.0) -> None:
    """Kolmogorov and Smirnov's test: uniform samples differ by more once in 100,000 times."""
    n = len(values)
    wanted = (np.sort(values) - middle + limit) / (2 * limit)
    ranks = np.arange(n)
    distance = max(np.max(wanted - ranks / n), np.max((ranks + 1) / n - wanted))
    assert distance < 2.5 / math.sqrt(n)


def assert_uncorrelated(a: np.ndarray, b: np.ndarray) -> None:
    """Four standard errors of a correlation of n pairs."""
    assert abs(np.corrcoef(a, b)[0, 1]) < 4 / math.sqrt(len(a))


# --- the affine map ---------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_no_augmentation_only_scales(dtype):
    images = noise_images(150)
    out = augment(images, NO_AUGMENTATION, np.random.default_rng(0), dtype)
    np.testing.assert_array_equal(out, images * dtype(1 / 255), strict=True)


def test_float64_output_of_float32_work_is_scaled_in_float64():
    images = noise_images(3)
    warp = Warp(3)
    warp.draw(NO_AUGMENTATION, 3, np.random.default_rng(0))
    out = np.empty(images.shape)
    warp.apply(images, out, 0)
    np.testing.assert_array_equal(out, images * (1 / 255))


def test_a_shift_moves_right_and_down_and_leaves_background_behind():
    picture = noise_images(1).reshape(SIDE, SIDE)
    expected = np.zeros((SIDE, SIDE))
    expected[10:, 10:] = picture[:-10, :-10] / 255
    np.testing.assert_allclose(augment_one(picture, Augmentation(shift=10)), expected, atol=1e-6)


def test_a_negative_shift_moves_left_and_up_and_leaves_background_behind():
    picture = noise_images(1).reshape(SIDE, SIDE)
    expected = np.zeros((SIDE, SIDE))
    expected[:-10, :-10] = picture[10:, 10:] / 255
    shifted = augment_one(picture, Augmentation(shift=10), number=0.0)
    np.testing.assert_allclose(shifted, expected, atol=1e-6)


@pytest.mark.parametrize("number", [0.0, 1.0])
def test_half_a_pixel_outside_is_half_background(number):
    all_ink = np.full((SIDE, SIDE), 255, np.uint8)
    line = np.ones(SIDE)
    line[0 if number else -1] = 0.5
    shifted = augment_one(all_ink, Augmentation(shift=0.5), number)
    np.testing.assert_allclose(shifted, np.outer(line, line), atol=1e-6)


def test_a_quarter_turn_is_clockwise():
    picture = noise_images(1).reshape(SIDE, SIDE)
    turned = augment_one(picture, Augmentation(rotation=90))
    # Positions near 28 are exact to 2e-6 in float32, and neighbors differ by up to 1.
    np.testing.assert_allclose(turned, np.rot90(picture, -1) / 255, atol=1e-5)


def test_a_shear_moves_each_row_by_its_distance_from_the_center():
    # A vertical line of ink. At a shear of 1, a row that is y from the center moves by y pixels,
    # which is a half-integer: half of the ink moves to the pixel before and half to the one after.
    picture = np.zeros((SIDE, SIDE), np.uint8)
    picture[:, 14] = 255
    expected = np.zeros((SIDE, SIDE))
    for row in range(SIDE):
        expected[row, row : row + 2] = 0.5
    np.testing.assert_allclose(augment_one(picture, Augmentation(shear=1)), expected, atol=1e-5)


def test_a_scale_enlarges():
    # Bilinear interpolation keeps a ramp, which thus shows where it was sampled.
    ramp = np.tile(np.arange(SIDE, dtype=np.uint8) * 9, (SIDE, 1))
    enlarged = augment_one(ramp, Augmentation(scale=0.5))
    expected = 9 * (13.5 + OFFSET / 1.5) / 255
    np.testing.assert_allclose(enlarged, np.tile(expected, (SIDE, 1)), atol=1e-5)


def test_an_image_is_scaled_then_slanted_then_turned_then_moved():
    strengths = Augmentation(shift=2, rotation=30, scale=0.25, shear=0.4)
    scaled_x, scaled_y = 1.25 * 3, 1.25 * -4
    slanted_x = scaled_x + 0.4 * scaled_y
    cos, sin = math.cos(math.pi / 6), math.sin(math.pi / 6)
    expected = cos * slanted_x - sin * scaled_y + 2, sin * slanted_x + cos * scaled_y + 2
    x, y = centroids(augment_one(blob(3, -4), strengths))
    np.testing.assert_allclose([x[0], y[0]], expected, atol=0.05)


def test_shifts_are_uniform_and_independent():
    x, y = blob_positions(0, 0, 2_000, shift=3)
    assert_uniform(x, 3)
    assert_uniform(y, 3)
    assert_uncorrelated(x, y)


def test_rotations_are_uniform_about_the_center_and_keep_the_ink():
    x, y = blob_positions(8, 0, 2_000, rotation=40)
    assert_uniform(np.degrees(np.arctan2(y, x)), 40)
    np.testing.assert_allclose(np.hypot(x, y), 8, atol=0.05)
    images = np.tile(blob(3, 2).reshape(1, PIXELS), (100, 1))
    turned = augment(images, Augmentation(rotation=180), np.random.default_rng(0))
    np.testing.assert_allclose(turned.sum(1), images[0].sum() / 255, rtol=0.01)


def test_scales_are_uniform_and_independent():
    x, y = blob_positions(5, 5, 2_000, scale=0.3)
    assert_uniform(x / 5, 0.3, middle=1.0)
    assert_uniform(y / 5, 0.3, middle=1.0)
    assert_uncorrelated(x, y)


def test_shears_are_uniform_and_move_along_x_only():
    x, y = blob_positions(0, 6, 2_000, shear=0.5)
    assert_uniform(x / 6, 0.5)
    np.testing.assert_allclose(y, 6, atol=0.05)


# --- elastic augmentation ---------------------------------------------------------------------


def displacements(n: int, **strengths: float) -> np.ndarray:
    """Return the drawn displacement fields along x and y, (2, n, 24, 24), without the edges.

    Bilinear interpolation reads the position itself from a picture of the coordinate.
    """
    ramp = np.tile(np.arange(SIDE, dtype=np.uint8) * 9, (SIDE, 1))
    warp = Warp(n)
    warp.draw(Augmentation(**strengths), n, np.random.default_rng(9))
    fields = []
    for picture in (ramp, ramp.T):
        out = np.empty((n, PIXELS), np.float64)
        warp.apply(np.tile(picture.reshape(1, PIXELS), (n, 1)), out, 0)
        fields.append((out.reshape(n, SIDE, SIDE) * 255 - picture) / 9)
    return np.array(fields)[:, :, 2:-2, 2:-2]


@pytest.mark.parametrize("smoothness", [1, 4, 9.5])
def test_displacements_have_the_wanted_strength_at_every_pixel(smoothness):
    n = 3_000
    fields = displacements(n, elastic=0.3, smoothness=smoothness)
    variance = (fields**2).mean(axis=1) / 0.3**2
    # Five standard errors of the variance of n normal numbers; that of flatter ones is smaller.
    np.testing.assert_allclose(variance, 1, atol=5 * math.sqrt(2 / n))
    assert np.abs(fields.mean(axis=1)).max() / 0.3 < 5 / math.sqrt(n)


@pytest.mark.parametrize("smoothness", [1, 4, 9.5])
def test_displacements_correlate_as_noise_after_a_gaussian_does(smoothness):
    n = 3_000
    fields = displacements(n, elastic=0.3, smoothness=smoothness) / 0.3
    for distance in (1, 3, 6, 12):
        # A Gaussian filtered by itself is one of √2 times the width.
        correlation = math.exp(-((distance / (2 * smoothness)) ** 2))
        along_x = fields[..., distance:] - fields[..., :-distance]
        along_y = fields[..., distance:, :] - fields[..., :-distance, :]
        for difference in (along_x, along_y):
            variance = (difference**2).mean(axis=1) / (2 * (1 - correlation))
            np.testing.assert_allclose(variance, 1, atol=5 * math.sqrt(2 / n))


def test_displacements_along_x_and_y_and_of_two_images_are_independent():
    along_x, along_y = displacements(3_000, elastic=0.3)[:, :, 12, 12]
    assert_uncorrelated(along_x, along_y)
    assert_uncorrelated(along_x[:-1], along_x[1:])


# --- everything at once -----------------------------------------------------------------------


def test_gray_values_stay_in_range():
    images = np.vstack([noise_images(100), np.full((100, PIXELS), 255, np.uint8)])
    out = augment(images, EVERYTHING, np.random.default_rng(1))
    assert out.min() == 0
    assert 0.99 < out.max() <= 1


def test_positions_far_outside_are_background():
    # At a tenth of its size, the pixels 1.5 from the center come from 15, where the picture's edge
    # is at 14; only the four that are 0.5 from it are ink.
    all_ink = np.full((SIDE, SIDE), 255, np.uint8)
    small = augment_one(all_ink, Augmentation(scale=0.9), number=0.0)
    expected = np.zeros((SIDE, SIDE), bool)
    expected[13:15, 13:15] = True
    np.testing.assert_array_equal(small > 0, expected)


def test_the_same_state_of_the_generator_gives_the_same_bits():
    images = noise_images(40)
    first, same, other = (
        augment(images, EVERYTHING, np.random.default_rng(seed)) for seed in (3, 3, 4)
    )
    np.testing.assert_array_equal(first, same)
    assert (first != other).any(axis=1).all()


def test_an_earlier_draw_leaves_no_trace():
    images = noise_images(50)
    warp = Warp(50)
    steps = [
        (EVERYTHING, 50),
        (NO_AUGMENTATION, 50),
        (EVERYTHING, 20),
        (Augmentation(elastic=1, smoothness=6), 50),
        (Augmentation(rotation=10), 30),
    ]
    for seed, (augmentation, n) in enumerate(steps):
        warp.draw(augmentation, n, np.random.default_rng(seed))
        out = np.empty((n, PIXELS), np.float32)
        warp.apply(images[:n], out, 0)
        fresh = augment(images[:n], augmentation, np.random.default_rng(seed))
        np.testing.assert_array_equal(out, fresh)


@pytest.mark.parametrize("parts", [[300], [1] * 300, [128, 172], [7, 150, 143], [299, 1]])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_division_into_calls_does_not_matter(parts, dtype):
    images = noise_images(300)
    whole = augment(images, EVERYTHING, np.random.default_rng(2), dtype)
    warp = Warp(300, dtype)
    warp.draw(EVERYTHING, 300, np.random.default_rng(2))
    out = np.empty_like(whole)
    ends = np.cumsum(parts)
    for start, end in reversed(list(zip(ends - parts, ends, strict=True))):
        warp.apply(images[start:end], out[start:end], start)
    np.testing.assert_array_equal(out, whole)


def test_two_threads_at_once_do_not_disturb_each_other():
    n, middle = 256, 100
    images = noise_images(n)
    warp = Warp(n)
    warp.draw(EVERYTHING, n, np.random.default_rng(2))
    whole, out = np.empty((2, n, PIXELS), np.float32)
    warp.apply(images, whole, 0)
    both_ready = threading.Barrier(2)

    def work(rows: slice) -> None:
        both_ready.wait(timeout=10)
        warp.apply(images[rows], out[rows], rows.start)

    with ThreadPoolExecutor(2) as threads:
        for _ in range(30):
            out[:] = np.nan
            list(threads.map(work, (slice(0, middle), slice(middle, n))))
            np.testing.assert_array_equal(out, whole)


def test_the_images_are_not_changed():
    images = noise_images(10)
    before = images.copy()
    augment(images, EVERYTHING, np.random.default_rng(0))
    np.testing.assert_array_equal(images, before)


def test_after_the_first_batch_no_arrays_are_made():
    n = 128
    images, out, warp = noise_images(n), np.empty((n, PIXELS), np.float32), Warp(n)
    rng = np.random.default_rng(0)

    def batch() -> None:
        warp.draw(EVERYTHING, n, rng)
        warp.apply(images, out, 0)

    batch()
    tracemalloc.start()
    batch()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # A byte per pixel would be more. Only a few numbers per image are allocated.
    assert peak < n * PIXELS / 2


def test_too_many_images_are_refused():
    warp = Warp(4)
    with pytest.raises(ValueError, match="5 images are more than the capacity of 4"):
        warp.draw(NO_AUGMENTATION, 5, np.random.default_rng(0))


def test_images_without_a_transformation_are_refused():
    warp = Warp(4)
    warp.draw(NO_AUGMENTATION, 3, np.random.default_rng(0))
    images = noise_images(2)
    with pytest.raises(ValueError, match="4 transformations are needed, 3 were drawn"):
        warp.apply(images, np.empty(images.shape, np.float32), 2)
