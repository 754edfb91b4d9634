"""Brings the pixels of a decoded picture, of any kind, to the few kinds that are worked with."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.pictures.pieces import grown

_WHITES = (1, *(2**bits - 1 for bits in (8, 10, 12, 14, 16, 32)))
"""Possible values of white in pictures with deep pixels; the first that no pixel exceeds is used.
Cameras and scanners store 10, 12 or 14 bits in files of 16, without saying so."""

_LEAST_RANGE = 32
"""Deep pixels that fill fewer of 255 levels are stretched to all of them."""

_MOST_STRAY = 0.001
"""The largest share of a sensor's pixels that are hot or dead; more are what a picture shows."""

_SAMPLE_SIDE = 1_000
"""Longer side, in pixels, of the sample of a picture in which its hidden colors are sought."""

_FADED = 0.6
"""A soft edge differs from the paper by less than this part of what the ink does."""


def with_plain_pixels(image: Image.Image) -> Image.Image:
    """Return it in a mode whose pixels can be averaged: L, RGB, RGBA, or I or F."""
    if image.mode in {"I", "F"}:
        return image
    if image.mode.startswith("I;16"):
        return image.convert("I")
    mode = "L" if image.mode in {"1", "L"} else "RGB"
    if image.has_transparency_data:
        colors = image.convert("RGBA")
        if image.format == "BMP" and not colors.getchannel("A").getbbox():
            return colors.convert("RGB")  # the alpha of a BMP is often unused
        return colors.convert("RGB") if _fades_into_hidden(colors) else colors
    return image if image.mode == mode else image.convert(mode)  # converting would copy it


def _fades_into_hidden(image: Image.Image) -> bool:
    """Whether all hidden pixels have the color of the paper, to which the soft edge of ink fades.

    One color of a picture may be declared transparent: of drawings it often is that of the paper.
    `image` is RGBA.
    """
    # Of a large picture some pixels tell; all would take much memory. Not averaged, they keep the
    # colors that are hidden.
    scale = min(1, _SAMPLE_SIDE / max(image.size))
    size = [max(1, round(length * scale)) for length in image.size]
    pixels = np.asarray(image.resize(size, Image.Resampling.NEAREST))
    hidden, shown = pixels[..., 3] == 0, pixels[..., 3] == 255
    edge = shown & grown(hidden)
    if not edge.any():
        return False
    color, away = pixels[hidden][0], np.zeros(hidden.shape, np.uint8)
    for channel in range(3):
        high, low = (f(pixels[..., channel], color[channel]) for f in (np.maximum, np.minimum))
        np.maximum(away, high - low, out=away)
    is_one_color = not away[hidden].any()
    soft, ink = np.percentile(away[edge], 25), np.percentile(away[shown], 90)
    return bool(is_one_color and soft < _FADED * ink)


def in_eight_bits(image: Image.Image) -> Image.Image:
    """Return a picture of deep pixels, in the modes I or F, in 256 levels of gray."""
    values = np.nan_to_num(np.asarray(image, np.float64), posinf=0, neginf=0)
    values = _without_stray_pixels(values)
    values = values - min(0.0, float(values.min()))
    high = float(values.max())
    white = next((white for white in _WHITES if high <= white), high)
    low = float(values.min())
    if high > low and (high - low) * 255 < _LEAST_RANGE * white:  # it fills a part of the range
        values, white = values - low, high - low
    return Image.fromarray(np.rint(values * (255 / white)).astype(np.uint8))


def _without_stray_pixels(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (h, w) values without a sensor's hot and dead pixels, which would set the range.

    Such pixels are few, and farther from all around them than half of the range; they get the
    nearest of these values.
    """
    values = values.copy()
    for sign in (1, -1, 1):  # the hot ones once more, in the range that the dead ones leave
        half = np.ptp(values) / 2
        alone = _above_beside(sign * values, half) & _above_beside(sign * values.T, half).T
        if np.count_nonzero(alone) > _MOST_STRAY * values.size:
            continue
        for y, x in np.argwhere(alone).tolist():
            part = sign * values[max(0, y - 1) : y + 2, max(0, x - 1) : x + 2]
            *_, nearest, own = np.sort(part, axis=None)
            if own - nearest > half:
                values[y, x] = sign * nearest
    return values


def _above_beside(values: NDArray[np.float64], step: float) -> NDArray[np.bool_]:
    """Return which values, (h, w), are more than `step` above those on their left and right."""
    change = np.diff(values, axis=1)
    above = np.ones(values.shape, np.bool_)
    above[:, 1:] &= change > step
    above[:, :-1] &= change < -step
    return above
