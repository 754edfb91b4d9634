"""Pictures of pages with many digits, whose places and labels are known.

A page is laid out flat: rows of digits in several hands, and perhaps ruled lines. It is then turned
or seen at an angle, lit, and taken as a picture with the faults of cameras and scanners.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage

from core.arrays import SIDE
from core.ink.boxes import Box, box_around

Gray = NDArray[np.float32]

KINDS = ("plain", "skewed", "shadow", "lines", "grid", "form", "photo", "figure")
"""Kinds of pages: `plain` has neither lines nor faults, `photo` may have all of them; a `figure`
has an image for each digit, and perhaps titles."""

_CLEAN = ("plain", "figure")
"""Kinds that are drawn by a program."""


class Page(NamedTuple):
    """A picture of a page.

    Attributes
    ----------
    pixels
        uint8, (h, w) or (h, w, 3).
    boxes, labels
        Where the ink of each digit is, and which digit it is, in reading order.
    alone
        uint8, (h, w) each: the same digits, each as a plain picture of its own.
    """

    pixels: NDArray[np.uint8]
    boxes: list[Box]
    labels: NDArray[np.intp]
    alone: list[NDArray[np.uint8]]


class Score(NamedTuple):
    """How many digits of a page were found, how many boxes are false, and how many digits come
    before one that they should follow."""

    found: int
    false: int
    disorder: int


def matches(page: Page, boxes: Sequence[Box]) -> list[int | None]:
    """Return of each box which digit it is of: they overlap by 0.7, intersection over union."""
    free, result = set(range(len(page.boxes))), []
    for box in boxes:
        best = max(free, key=lambda k: _overlap(page.boxes[k], box), default=None)
        if best is not None and _overlap(page.boxes[best], box) >= 0.7:
            free.remove(best)
            result.append(best)
        else:
            result.append(None)
    return result


def _overlap(a: Box, b: Box) -> float:
    height = max(0, min(a.bottom, b.bottom) - max(a.top, b.top))
    width = max(0, min(a.right, b.right) - max(a.left, b.left))
    both, common = sum((c.bottom - c.top) * (c.right - c.left) for c in (a, b)), height * width
    return common / (both - common)


def score(page: Page, boxes: Sequence[Box]) -> Score:
    """Compare the boxes that were found with those of a page."""
    found = [match for match in matches(page, boxes) if match is not None]
    return Score(len(found), len(boxes) - len(found), sum(b < a for a, b in pairwise(found)))


@dataclass
class _FlatPage:
    """A flat page: how much of each pixel is covered by digits, and by what is no digit."""

    ink: Gray
    lines: Gray
    numbers: NDArray[np.int32]
    side: float
    alone: list[NDArray[np.uint8]] = field(default_factory=list)

    def put(self, digit: Gray, bottom: float, left: float) -> None:
        """Add a digit, which gets the next number."""
        top, left = round(bottom) - digit.shape[0], round(left)
        where = slice(top, top + digit.shape[0]), slice(left, left + digit.shape[1])
        np.maximum(self.ink[where], digit, out=self.ink[where])
        self.alone.append(_picture_of(digit))
        self.numbers[where][digit > 0.4] = len(self.alone)


def make_page(
    images: NDArray[np.uint8],
    labels: NDArray[np.uint8],
    kind: str,
    seed: int,
    side: float | None = None,
    per_row: int | None = None,
) -> Page:
    """Make a page of digits.

    Parameters
    ----------
    images, labels
        uint8, (n, 784) and (n,): the digits in reading order.
    kind
        One of `KINDS`.
    seed
        Equal arguments give equal pages.
    side
        Pixels of the longer side of a middle-sized digit; by default 40 to 80.
    per_row
        Digits in each row; by default rows are about as long as the page is high.
    """
    rng = np.random.default_rng([seed, *kind.encode()])
    side = side or float(rng.uniform(40, 80))
    digits = [_written(image, side, rng) for image in images]
    if per_row is None:
        per_row = max(1, round(math.sqrt(1.3 * len(digits))))
    layouts = {"form": _form, "figure": _figure}
    page = layouts.get(kind, _rows)(digits, side, per_row, rng)
    _rule(page, kind, rng)
    tilted = kind in {"skewed", "photo"} or (
        kind in {"lines", "grid", "form"} and rng.random() < 0.5
    )
    matrix, size = _view(
        page.ink.shape, math.radians(rng.uniform(-10, 10)) if tilted else 0.0, rng, kind == "photo"
    )
    pixels = _taken(page, kind, matrix, size, rng)
    numbers = _seen(page.numbers, matrix, size, Image.Resampling.NEAREST)
    boxes = [
        Box(rows.start, rows.stop, columns.start, columns.stop)
        for rows, columns in ndimage.find_objects(numbers.astype(np.int32))
    ]
    return Page(pixels, boxes, labels.astype(np.intp), page.alone)


# --- digits -----------------------------------------------------------------------------------


def _written(image: NDArray[np.uint8], side: float, rng: np.random.Generator) -> Gray:
    """Return a digit in its tight box, 0.7 to 1.4 times as large as `side`, with another pen."""
    ink = image.reshape(SIDE, SIDE)
    box = box_around(ink > 40)
    cut = Image.fromarray(ink).crop((box.left - 1, box.top - 1, box.right + 1, box.bottom + 1))
    scale = side * math.exp(rng.uniform(math.log(0.7), math.log(1.4))) / box.side
    size = (max(3, round(cut.width * scale)), max(3, round(cut.height * scale)))
    large = np.asarray(cut.resize(size, Image.Resampling.BICUBIC), np.float32) / 255
    threshold, steepness = rng.uniform(0.3, 0.5), rng.uniform(1.2, 4)
    digit = np.clip((large - threshold) * steepness + 0.5, 0, 1)
    digit[large < 0.05] = 0
    if rng.random() < 0.04:
        digit = digit * _skip(digit.shape, rng)
    digit *= _without_specks(digit)
    tight = box_around(digit > 0.4)
    return digit[tight.top : tight.bottom, tight.left : tight.right]


def _without_specks(digit: Gray) -> NDArray[np.bool_]:
    """Return which pixels are not part of a speck beside the digit, of which MNIST has some."""
    pieces, _ = ndimage.label(digit > 0.1, np.ones((3, 3)))
    sizes = np.bincount(pieces.ravel(), weights=digit.ravel())
    return (sizes > 0.04 * sizes.max())[pieces]


def _skip(shape: tuple[int, ...], rng: np.random.Generator) -> Gray:
    """Return a thin stripe without ink, where the pen skipped: 0 in it, 1 beside it."""
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32) - np.reshape(shape, (2, 1, 1)) / 2
    turn = rng.uniform(0, math.pi)
    across = y * math.cos(turn) + x * math.sin(turn) - rng.uniform(-0.2, 0.2) * max(shape)
    return np.clip(np.abs(across) - rng.uniform(0.02, 0.04) * max(shape) + 0.5, 0, 1)


def _picture_of(digit: Gray) -> NDArray[np.uint8]:
    return np.rint(255 * (1 - np.pad(digit, max(digit.shape) // 4))).astype(np.uint8)


# --- the flat page ------------------------------------------------------------------------------


def _blank(height: float, width: float, side: float) -> _FlatPage:
    shape = math.ceil(height), math.ceil(width)
    return _FlatPage(
        np.zeros(shape, np.float32), np.zeros(shape, np.float32), np.zeros(shape, np.int32), side
    )


def _rows(digits: list[Gray], side: float, per_row: int, rng: np.random.Generator) -> _FlatPage:
    """Write the digits in rows whose base lines wobble, at least 0.3 widths apart."""
    width = float(np.mean([digit.shape[1] for digit in digits]))
    margin, pitch = rng.uniform(0.8, 2) * side, rng.uniform(1.9, 2.4) * side
    spread = rng.uniform(0.3, 1.5)
    places, right, bottom = [], 0.0, margin + 1.5 * side
    for start in range(0, len(digits), per_row):
        x, phase = margin + rng.uniform(0, 0.5) * side, rng.uniform(0, 6)
        for digit in digits[start : start + per_row]:
            wobble = 0.12 * math.sin(phase + x / side / 3) + rng.uniform(-0.08, 0.08)
            places.append((digit, bottom + wobble * side, x))
            x += digit.shape[1] + math.ceil(width * (0.32 + spread * rng.random()))
        right, bottom = max(right, x), bottom + pitch
    page = _blank(bottom - pitch + margin, right + margin, side)
    for place in places:
        page.put(*place)
    return page


def _form(digits: list[Gray], side: float, per_row: int, rng: np.random.Generator) -> _FlatPage:
    """Write each digit into a cell, of which the larger ones may cross the edge."""
    width, height = rng.uniform(1.3, 1.8) * side, rng.uniform(1.6, 1.9) * side
    margin, rows = rng.uniform(0.3, 1.5) * side, math.ceil(len(digits) / per_row)
    gap = rng.choice([0, 0, 0.4]) * side  # between rows of cells
    page = _blank(2 * margin + rows * (height + gap), 2 * margin + per_row * width, side)
    draw, layer = _drawing(page)
    thickness = max(1, round(rng.uniform(0.02, 0.05) * side))
    for number, digit in enumerate(digits):
        row, column = divmod(number, per_row)
        top, left = margin + row * (height + gap), margin + column * width
        # A digit that is as large as its cell crosses the edge; it still keeps its distance from
        # the neighbor.
        free_y, free_x = height - digit.shape[0], width - digit.shape[1] - 0.2 * side
        y = top + height - free_y * rng.uniform(0.2, 0.8)
        page.put(digit, y, left + 0.1 * side + free_x * rng.uniform(0.2, 0.8))
        draw.rectangle((left, top, left + width, top + height), outline=255, width=thickness)
    page.lines = np.asarray(layer, np.float32) / 255
    return page


def _figure(digits: list[Gray], side: float, per_row: int, rng: np.random.Generator) -> _FlatPage:
    """Write each digit into a filled square of the other polarity, perhaps with a title above."""
    width = math.ceil(rng.uniform(1.6, 2.0) * side)
    across, down = rng.uniform(0.05, 0.5, 2) * side
    margin, rows = rng.uniform(0.5, 2) * side, math.ceil(len(digits) / per_row)
    title = int(rng.uniform(0.15, 0.3) * side) if rng.random() < 0.5 else 0
    down += 2 * title
    page = _blank(2 * margin + rows * (width + down), 2 * margin + per_row * (width + across), side)
    draw, layer = _drawing(page)
    for number, digit in enumerate(digits):
        row, column = divmod(number, per_row)
        top, left = round(margin + row * (width + down)), round(margin + column * (width + across))
        page.put(
            digit,
            top + (width + digit.shape[0]) // 2,
            left + (width - digit.shape[1]) // 2,
        )
        tile = slice(top, top + width), slice(left, left + width)
        page.ink[tile] = 1 - page.ink[tile]
        if title:
            draw.text((left, top - 1.5 * title), f"Label {number}", 255, font_size=title)
    page.ink = np.maximum(page.ink, np.asarray(layer, np.float32) / 255)
    return page


def _drawing(page: _FlatPage) -> tuple[ImageDraw.ImageDraw, Image.Image]:
    layer = Image.fromarray(np.rint(255 * page.lines).astype(np.uint8))
    return ImageDraw.Draw(layer), layer


def _rule(page: _FlatPage, kind: str, rng: np.random.Generator) -> None:
    """Draw ruled lines or squares, and the line of a margin."""
    if kind == "photo":
        kind = rng.choice(["plain", "lines", "grid"])
    if kind not in {"lines", "grid"}:
        return
    height, width = page.ink.shape
    draw, layer = _drawing(page)
    thickness = max(1, round(rng.uniform(0.02, 0.05) * page.side))
    step = page.side * (rng.choice([0.6, 1.2, 2.2]) if kind == "grid" else rng.uniform(1.2, 2.4))
    for y in np.arange(rng.uniform(0.1, 1) * step, height, step):
        draw.line((0, y, width, y), 255, thickness)
    for x in np.arange(rng.uniform(0.1, 1) * step, width, step) if kind == "grid" else ():
        draw.line((x, 0, x, height), 255, thickness)
    if kind == "lines" and rng.random() < 0.5:
        draw.line((page.side * 0.6, 0, page.side * 0.6, height), 255, thickness)
    page.lines = np.asarray(layer, np.float32) / 255


# --- the picture --------------------------------------------------------------------------------


def _view(
    shape: tuple[int, ...], angle: float, rng: np.random.Generator, from_the_side: bool
) -> tuple[NDArray[np.float64], tuple[int, int]]:
    """Return the map from the picture to the page, (3, 3), and the picture's width and height.

    All of the page is in the picture. Seen from the side, its far end is up to 8 % smaller.
    """
    height, width = shape
    to_middle = np.array([[1, 0, -width / 2], [0, 1, -height / 2], [0, 0, 1]])
    cos, sin = math.cos(angle), math.sin(angle)
    turn = np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])
    far = rng.uniform(-0.08, 0.08, 2) / max(shape) if from_the_side else (0, 0)
    forward = np.array([[1, 0, 0], [0, 1, 0], [*far, 1]]) @ turn @ to_middle
    corners = forward @ [[0, width, 0, width], [0, 0, height, height], [1, 1, 1, 1]]
    x, y = corners[:2] / corners[2]
    margin = rng.uniform(0, 0.08) * max(shape) if from_the_side else 0
    shift = np.array([[1, 0, margin - x.min()], [0, 1, margin - y.min()], [0, 0, 1]])
    size = math.ceil(np.ptp(x) + 2 * margin), math.ceil(np.ptp(y) + 2 * margin)
    return np.linalg.inv(shift @ forward), size


def _seen(
    layer: NDArray[np.float32] | NDArray[np.int32],
    matrix: NDArray[np.float64],
    size: tuple[int, int],
    resampling: Image.Resampling = Image.Resampling.BICUBIC,
) -> Gray:
    if np.array_equal(matrix, np.eye(3)) and size == layer.shape[::-1]:
        return layer.astype(np.float32)
    image = Image.fromarray(layer.astype(np.float32))
    coefficients = (matrix / matrix[2, 2]).ravel()[:8].tolist()
    return np.asarray(image.transform(size, Image.Transform.PERSPECTIVE, coefficients, resampling))


def _taken(
    page: _FlatPage,
    kind: str,
    matrix: NDArray[np.float64],
    size: tuple[int, int],
    rng: np.random.Generator,
) -> NDArray[np.uint8]:
    """Take a picture of the page."""
    paper = (
        255 * np.array([1, 1, 1])
        if kind in _CLEAN
        else rng.uniform(195, 255) - rng.uniform(0, 25, 3)
    )
    pen = rng.uniform(0, 90) + rng.uniform(0, 40, 3)
    if inverted := rng.random() < 0.15:
        paper, pen = 255 - paper, 255 - pen
    strength = rng.uniform(0.15, 0.9)
    rule = paper + strength * (pen - paper)
    ink = np.clip(_seen(page.ink, matrix, size), 0, 1)[..., None]
    lines = np.clip(_seen(page.lines, matrix, size), 0, 1)[..., None]
    picture = paper + lines * (rule - paper).astype(np.float32)
    picture += ink * (pen - picture)
    if kind == "photo":
        _lay_on_table(picture, _seen(np.ones_like(page.ink), matrix, size), paper, rng)
    if kind in {"shadow", "photo"}:
        picture *= _light(picture.shape[:2], 0.5 if inverted else 1.0, rng)[..., None]
    if kind not in _CLEAN:
        blur = rng.uniform(0, 0.025) * page.side
        picture = ndimage.gaussian_filter(picture, (blur, blur, 0))
        noise = rng.uniform(0, 8 if kind in {"shadow", "photo"} else 4)
        picture += noise * rng.standard_normal(picture.shape[:2], np.float32)[..., None]
    pixels = np.rint(np.clip(picture, 0, 255)).astype(np.uint8)
    if kind in _CLEAN:
        return pixels[..., 0]
    return _compressed(pixels, int(rng.integers(50, 92)))


def _lay_on_table(
    picture: NDArray[np.float32], page: Gray, paper: NDArray[np.float64], rng: np.random.Generator
) -> None:
    """Fill what the page does not cover with a table, in place."""
    table = rng.uniform(0.2, 0.7) * paper if paper.mean() > 128 else paper + rng.uniform(30, 90)
    grain = 1 + 0.04 * ndimage.gaussian_filter1d(rng.standard_normal(picture.shape[:2]), 9, axis=1)
    cover = np.clip(page, 0, 1)[..., None]
    picture *= cover
    picture += (1 - cover) * table * grain[..., None]


def _light(shape: tuple[int, ...], strength: float, rng: np.random.Generator) -> Gray:
    """Return how bright each pixel is lit: from one side, with a shadow over a part."""
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32) / max(shape)
    turn = rng.uniform(0, 2 * math.pi)
    along = (x - 0.5) * math.cos(turn) + (y - 0.5) * math.sin(turn)
    light = 1 - strength * rng.uniform(0.1, 0.5) * (along + 0.6)
    turn = rng.uniform(0, 2 * math.pi)
    beyond = (x - 0.5) * math.cos(turn) + (y - 0.5) * math.sin(turn) - rng.uniform(-0.3, 0.3)
    beyond /= math.exp(rng.uniform(math.log(0.003), math.log(0.1)))
    return light * (
        1 - strength * rng.uniform(0.15, 0.45) / (1 + np.exp(np.clip(-beyond, -30, 30)))
    )


def _compressed(pixels: NDArray[np.uint8], quality: int) -> NDArray[np.uint8]:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=quality)
    return np.asarray(Image.open(stream))
