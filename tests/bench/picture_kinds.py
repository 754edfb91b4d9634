"""An image of MNIST as the pictures that people have: cropped, framed, scaled, on any paper."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.ink.boxes import box_around

Ink = NDArray[np.uint8]
"""(h, w), 0 is background, 255 is ink."""

Color = tuple[int, int, int]

_WHITE, _BLACK = 255, 0


def png(pixels: NDArray[np.integer]) -> bytes:
    """Encode pixels, (h, w) of 8 or 16 bits, (h, w, 3) or (h, w, 4)."""
    return _encoded(Image.fromarray(pixels), "PNG")


def _encoded(image: Image.Image, name: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, name, **options)
    return stream.getvalue()


def cropped(ink: Ink, margin: int = 0) -> Ink:
    """Return the digit with this many pixels around it."""
    box = box_around(ink > 0)
    return np.pad(ink[box.top : box.bottom, box.left : box.right], margin)


def framed(ink: Ink, width: int, around: int = 0) -> Ink:
    """Draw a frame of ink around an image, and leave `around` pixels outside of it."""
    return np.pad(np.pad(ink, width, constant_values=255), around)


def scaled(ink: Ink, scale: float) -> Ink:
    """Scale as a program for pictures does."""
    size = tuple(round(side * scale) for side in reversed(ink.shape))
    how = Image.Resampling.BOX if scale < 1 else Image.Resampling.BILINEAR
    return np.asarray(Image.fromarray(ink).resize(size, how))


def on_paper(ink: Ink, paper: float | Color, pen: float | Color) -> NDArray[np.uint8]:
    """Blend two gray levels, or two colors."""
    cover = ink / 255
    if np.ndim(paper):
        cover = cover[..., None]
    blend = np.asarray(paper) * (1 - cover) + np.asarray(pen) * cover
    return np.rint(blend).astype(np.uint8)


def _dark(ink: Ink) -> bytes:
    return png(on_paper(ink, _WHITE, _BLACK))


def _transparent(ink: Ink, pen: Color) -> bytes:
    pixels = np.empty((*ink.shape, 4), np.uint8)
    pixels[..., :3], pixels[..., 3] = pen, ink
    return png(pixels)


def _deep(ink: Ink, low: int, high: int) -> bytes:
    return png(np.rint(low + ink / 255 * (high - low)).astype(np.uint16))


def _fitted(ink: Ink, side: int) -> bytes:
    """Scale the longer side of the cropped digit to `side`, in the middle of a square."""
    digit = cropped(ink)
    square = np.zeros((max(digit.shape),) * 2, np.uint8)
    top, left = ((len(square) - length) // 2 for length in digit.shape)
    square[top : top + digit.shape[0], left : left + digit.shape[1]] = digit
    return png(np.asarray(Image.fromarray(square).resize((side, side), Image.Resampling.BOX)))


def _stretched(ink: Ink, side: int) -> bytes:
    """Scale both sides of the cropped digit to `side`."""
    image = Image.fromarray(cropped(ink)).resize((side, side), Image.Resampling.BILINEAR)
    return png(np.asarray(image))


def _ruled(ink: Ink) -> bytes:
    """Black on paper with thin lines of pale blue, one of them through the digit."""
    large = scaled(ink, 5)
    paper = on_paper(large, (250, 250, 245), (30, 30, 35))
    for line in range(20, len(paper), 50):
        rows = paper[line : line + 2]
        np.minimum(rows, np.array((170, 190, 225), np.uint8), out=rows)
    return png(paper)


def _photo(ink: Ink) -> bytes:
    """A photo: light from one side, noise, and JPEG's artifacts."""
    random = np.random.default_rng(int(ink.sum()))
    large = scaled(np.pad(ink, 10), 8)
    light = np.linspace(random.uniform(0.55, 0.8), 1, large.shape[1])
    photo = on_paper(large, 215, 60) * light + random.normal(0, 4, large.shape)
    image = Image.fromarray(np.clip(photo, 0, 255).astype(np.uint8))
    return _encoded(image, "JPEG", quality=75)


KINDS: dict[str, Callable[[Ink], bytes]] = {
    "plain": png,
    **{f"cropped-{m}": lambda ink, m=m: png(cropped(ink, m)) for m in (0, 1, 2, 4)},
    **{f"cropped-{m}-dark": lambda ink, m=m: _dark(cropped(ink, m)) for m in (0, 2)},
    **{f"framed-{w}": lambda ink, w=w: png(framed(ink, w)) for w in (1, 2, 3)},
    **{f"framed-{w}-dark": lambda ink, w=w: _dark(framed(ink, w)) for w in (1, 2, 3)},
    "framed-gray": lambda ink: png(np.pad(ink, 1, constant_values=128)),
    "framed-close": lambda ink: _dark(framed(cropped(ink, 2), 1)),
    "framed-inside": lambda ink: _dark(framed(ink, 2, around=6)),
    **{f"scaled-{s}": lambda ink, s=s: png(scaled(ink, s)) for s in (0.5, 2, 3, 5, 10, 20)},
    "inverted": _dark,
    "gray-64": lambda ink: png(on_paper(ink, 64, 255)),
    "gray-128": lambda ink: png(on_paper(ink, 128, 255)),
    "gray-128-dark": lambda ink: png(on_paper(ink, 128, 0)),
    "gray-192-dark": lambda ink: png(on_paper(ink, 192, 0)),
    "low-contrast": lambda ink: png(on_paper(ink, 100, 140)),
    "low-contrast-dark": lambda ink: png(on_paper(ink, 200, 160)),
    "deep": partial(_deep, low=0, high=65535),
    "deep-12-bits": partial(_deep, low=0, high=4095),
    "deep-part": partial(_deep, low=9000, high=1000),
    "transparent-black": partial(_transparent, pen=(0, 0, 0)),
    "transparent-white": partial(_transparent, pen=(255, 255, 255)),
    "transparent-blue": partial(_transparent, pen=(30, 60, 200)),
    "blue-on-yellow": lambda ink: png(on_paper(ink, (240, 225, 140), (40, 60, 150))),
    "red-on-blue": lambda ink: png(on_paper(ink, (70, 90, 160), (200, 70, 60))),
    "ruled": _ruled,
    "photo": _photo,
    "16x16": partial(_fitted, side=16),
    "16x16-stretched": partial(_stretched, side=16),
}
"""By name, what turns an image of MNIST into the content of a picture file."""
