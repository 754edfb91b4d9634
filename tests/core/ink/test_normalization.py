import gzip
import os
from pathlib import Path

import numpy as np
import pytest

from core.arrays import SIDE
from core.ink.normalization import center, input_frame, normalize_drawing

MNIST = Path(os.environ.get("DIGITSCOPE_DATA") or Path(__file__).parents[4] / "shared" / "mnist")
IMAGES = MNIST / "train-images-idx3-ubyte.gz"


@pytest.fixture(scope="module")
def mnist_images() -> np.ndarray:
    if not IMAGES.is_file():
        pytest.skip("real MNIST is neither in DIGITSCOPE_DATA nor in ../shared/mnist")
    with gzip.open(IMAGES) as file:
        pixels = np.frombuffer(file.read(16 + 10_000 * SIDE * SIDE), np.uint8, offset=16)
    return pixels.reshape(-1, SIDE, SIDE)


def pad_with(ink: np.ndarray, top: int = 40, left: int = 30) -> np.ndarray:
    pad = np.zeros((280, 280), np.uint8)
    pad[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return pad


def gray_picture(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(3).integers(1, 256, (height, width), dtype=np.uint8)


def inked_box(image: np.ndarray) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero(image.any(1)), np.flatnonzero(image.any(0))
    return rows[0], rows[-1], columns[0], columns[-1]


def center_of_mass(image: np.ndarray) -> tuple[float, float]:
    gray, index = image.astype(float), np.arange(SIDE)
    return (gray.sum(1) @ index) / gray.sum(), (gray.sum(0) @ index) / gray.sum()


def test_blank_drawing_gives_a_blank_image():
    image = normalize_drawing(np.zeros((280, 280), np.uint8))
    assert image.shape == (SIDE, SIDE)
    assert image.dtype == np.uint8
    assert not image.any()


def test_a_bar_keeps_its_aspect_ratio_and_is_centered():
    # 200 × 100 shrinks to 20 × 10. Rows 4…23 have the mean index 13.5, as have columns 9…18;
    # 13.5 is the lowest mean that rounds to 14.
    image = normalize_drawing(pad_with(np.full((200, 100), 255, np.uint8)))
    expected = np.zeros((SIDE, SIDE), np.uint8)
    expected[4:24, 9:19] = 255
    np.testing.assert_array_equal(image, expected)


@pytest.mark.parametrize("times", [2, 7, 13])
def test_shrinking_averages_areas(times):
    # Each pixel of a picture drawn as a block comes back as that pixel.
    picture = gray_picture(20, 13)
    picture[5, 5] = 255
    image = normalize_drawing(np.kron(picture, np.ones((times, times), np.uint8)))
    top, bottom, left, right = inked_box(image)
    np.testing.assert_array_equal(image[top : bottom + 1, left : right + 1], picture)


def test_a_side_that_does_not_fill_its_last_pixel_is_shared_between_both_edges():
    # 200 × 95 shrinks to 20 × 9.5: ten columns, of which the two outer ones are three quarters ink.
    image = normalize_drawing(pad_with(np.full((200, 95), 255, np.uint8)))
    _, _, left, right = inked_box(image)
    assert right - left + 1 == 10
    np.testing.assert_array_equal(image[10, left : right + 1], [191, *[255] * 8, 191])


def test_a_small_drawing_is_enlarged_smoothly():
    # One pixel becomes 5 rows, so a window one pixel wide moves on by a fifth of it from row to
    # row. The first window is centered a tenth of a pixel below the edge and holds 0.6 of ink.
    image = normalize_drawing(np.array([[255], [0], [0], [255]], np.uint8))
    end = [153, 204, 255, 204, 153, 102, 51, 0, 0, 0]
    top, bottom, left, right = inked_box(image)
    np.testing.assert_array_equal(image[top : bottom + 1, (left + right) // 2], end + end[::-1])


def test_the_darkest_pixel_is_full_ink():
    faint = pad_with(np.full((100, 60), 40, np.uint8))
    assert normalize_drawing(faint).max() == 255


def test_the_place_on_the_pad_does_not_matter():
    picture = gray_picture(120, 77)
    np.testing.assert_array_equal(
        normalize_drawing(pad_with(picture, 0, 0)), normalize_drawing(pad_with(picture, 160, 203))
    )


def test_the_size_of_the_pad_does_not_matter():
    picture = gray_picture(60, 90)
    np.testing.assert_array_equal(
        normalize_drawing(picture), normalize_drawing(np.pad(picture, ((300, 11), (5, 500))))
    )


def test_the_center_of_mass_and_not_of_the_box_is_in_the_middle():
    corner = np.zeros((200, 160), np.uint8)
    corner[:, :30] = corner[-30:] = 255
    image = normalize_drawing(corner)
    top, bottom, left, right = inked_box(image)
    assert (top + bottom) / 2 < 13
    assert (left + right) / 2 > 14
    assert all(13.5 <= middle < 14.5 for middle in center_of_mass(image))


@pytest.mark.parametrize("turns", range(4))
def test_no_ink_is_pushed_over_an_edge(turns):
    # Nearly all the ink is at one end, so centering it would push the thin rest over the edge.
    spoon = np.zeros((60, 280), np.uint8)
    spoon[:, :60] = 255
    spoon[30] = 80
    image = normalize_drawing(np.rot90(spoon, turns))
    top, bottom, left, right = inked_box(image)
    assert max(bottom - top, right - left) + 1 == 20
    assert (right, top, left, bottom)[turns] == (27, 0, 0, 27)[turns]


def test_the_drawing_is_not_changed():
    picture = pad_with(gray_picture(50, 50))
    before = picture.copy()
    normalize_drawing(picture)
    np.testing.assert_array_equal(picture, before)


@pytest.mark.parametrize(
    "wrong", [np.zeros((28, 28)), np.zeros(784, np.uint8), np.zeros((1, 28, 28), np.uint8)]
)
def test_a_picture_that_is_not_gray_is_refused(wrong):
    with pytest.raises(ValueError, match="a drawing must be uint8"):
        normalize_drawing(wrong)


def test_centering_moves_each_image_of_a_batch_by_itself():
    images = np.zeros((3, SIDE, SIDE), np.uint8)
    images[0, 0, 27] = 200
    images[1, 20:22, 3:5] = 100
    moved = center(images)
    expected = np.zeros_like(images)
    expected[0, 14, 14] = 200
    expected[1, 13:15, 13:15] = 100  # mean index 13.5 rounds to 14
    np.testing.assert_array_equal(moved, expected)


@pytest.mark.parametrize(
    ("height", "width", "top", "left"), [(200, 100, 40, 30), (60, 200, 200, 3), (37, 41, 0, 239)]
)
def test_the_image_lies_on_the_drawing_where_its_ink_is(height, width, top, left):
    """A lopsided shape, so that it is moved; each of its pixels lies on what it was made of."""
    ink = np.full((height, width), 255, np.uint8)
    ink[: height // 2, : width // 2] = 0
    drawing = pad_with(ink, top, left)
    image, frame = normalize_drawing(drawing), input_frame(drawing)
    assert frame.side == pytest.approx(28 * max(height, width) / 20)
    rows, columns = np.nonzero(image == 255)
    middles = np.array([frame.top, frame.left])[:, None] + (np.array([rows, columns]) + 0.5) * (
        frame.side / 28
    )
    assert drawing[tuple(middles.astype(int))].all()
    first, last, before, behind = inked_box(image)
    pixel = frame.side / 28
    edges = frame.top + first * pixel, frame.top + (last + 1) * pixel
    assert edges == pytest.approx((top, top + height), abs=pixel)
    edges = frame.left + before * pixel, frame.left + (behind + 1) * pixel
    assert edges == pytest.approx((left, left + width), abs=pixel)


def test_mnist_is_centered_already(mnist_images):
    np.testing.assert_array_equal(center(mnist_images), mnist_images)


def test_mnist_enlarged_and_normalized_is_mnist_again(mnist_images):
    # MNIST's darkest pixel is 254 or 255, so stretching the gray values may add one level.
    for image in mnist_images[:100]:
        again = normalize_drawing(np.kron(image, np.ones((10, 10), np.uint8)))
        assert np.abs(again.astype(int) - image).max() <= 1
