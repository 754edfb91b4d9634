"""A single digit on a ruled or squared page, and in a noisy image of 28 pixels."""

import numpy as np
import pytest
from PIL import Image

from core.datasets.strokes import make_strokes

DIGITS = make_strokes(10, 100, seed=5).test


def page(image: np.ndarray, pitch: int, thick: int, squared: bool, photo: bool) -> np.ndarray:
    """Return a page of 900×1200 with a digit of about 100 pixels on blue lines."""
    rng = np.random.default_rng(1)
    cover = np.zeros((1200, 900))
    large = Image.fromarray(image).resize((140, 140), Image.Resampling.BICUBIC)
    cover[500:640, 380:520] = np.array(large) / 255
    ruled = np.zeros_like(cover, bool)
    for at in range(pitch // 2, 1200, pitch):
        ruled[at : at + thick] = True
        if squared:
            ruled[:, at : at + thick] = True
    paper = np.full((1200, 900, 3), (246, 244, 240), float)
    paper[ruled] = (130, 150, 190)
    pixels = paper * (1 - cover[..., None]) + cover[..., None] * np.array([30, 35, 60])
    if photo:
        pixels *= np.linspace(1.0, 0.75, 900)[:, None]
        pixels += rng.normal(0, 5, pixels.shape)
    return np.clip(pixels, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("photo", [True, False])
@pytest.mark.parametrize(
    ("pitch", "thick", "squared"), [(84, 4, False), (120, 2, False), (60, 2, True)]
)
@pytest.mark.parametrize("digit", [2, 8])
def test_one_digit_on_a_ruled_page_is_found_alone(read, digit, pitch, thick, squared, photo):
    image = DIGITS.images[DIGITS.labels == digit][0].reshape(28, 28)
    found, (top, bottom, left, right) = read(page(image, pitch, thick, squared, photo))
    assert 500 <= top < bottom <= 640
    assert 380 <= left < right <= 520
    assert found == digit


@pytest.mark.parametrize("noise", ["salt", "pale"])
@pytest.mark.parametrize("inverted", [False, True])
def test_noise_around_a_digit_of_28_pixels_is_no_part_of_it(read, noise, inverted):
    correct = 0
    for seed, image in enumerate(DIGITS.images[:20]):
        rng = np.random.default_rng(seed)
        pixels = image.reshape(28, 28).astype(float)
        if noise == "salt":
            pixels[rng.random((28, 28)) < 0.02] = 255
        else:
            pixels += rng.normal(0, 25, (28, 28))
        pixels = np.clip(pixels, 0, 255).astype(np.uint8)
        found, _ = read(255 - pixels if inverted else pixels)
        correct += found == DIGITS.labels[seed]
    assert correct >= 18
