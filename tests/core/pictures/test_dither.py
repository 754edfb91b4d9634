"""Scans of two colors show the gray of paper as dots."""

import numpy as np
import pytest
from PIL import Image

from core.pictures.dither import without_dither
from tests.core.pictures.inked_pages import INKS, SAME, likenesses, page


def scanned(paper, side=300, ink=INKS[0]):
    """A digit on paper of this gray, as a scanner stores it that has only black and white."""
    gray = np.asarray(page(side, side, (ink, side * 2 // 3, (side // 6, side // 6))), np.float32)
    return Image.fromarray((gray * paper / 255).astype(np.uint8)).convert("1").convert("L")


@pytest.mark.parametrize("side", [220, 300, 900])
@pytest.mark.parametrize("paper", [250, 230, 200, 150])
def test_the_dots_of_gray_paper_are_no_ink(paper, side):
    assert min(likenesses(scanned(paper, side), INKS[:1])) > SAME


def test_so_are_those_of_colored_paper():
    dots = np.asarray(scanned(220)) < 128
    picture = np.where(dots[..., None], (20, 30, 90), (250, 240, 220)).astype(np.uint8)
    assert min(likenesses(Image.fromarray(picture), INKS[:1])) > SAME


@pytest.mark.parametrize("threshold", [60, 128, 200])
def test_line_art_stays_as_it_is(threshold):
    pixels = np.where(INKS[1] > threshold, 0, 255).astype(np.uint8)
    assert without_dither(pixels) is pixels


@pytest.mark.parametrize("shape", [(1, 1), (2, 9), (9, 9), (9, 9, 3), (9, 9, 4)])
def test_a_blank_or_tiny_picture_stays_as_it_is(shape):
    pixels = np.full(shape, 200, np.uint8)
    assert without_dither(pixels) is pixels
