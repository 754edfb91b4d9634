"""Finds ink on a background of a single color: drawings, screenshots, scans and small pictures.

The ink may be lighter or darker, touch the edge of the picture, or have a frame around it. If what
stands out is a panel, such as a picture inside a picture, or a set of tiles, the search continues
inside.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import ndimage

from core.ink.boxes import Box, Mask, box_around
from core.pictures.background import Gray
from core.pictures.borders import edge_share, fills_picture, inside_frame, without_border_shapes
from core.pictures.contrast import (
    TINY,
    Contrast,
    Levels,
    levels_of,
    uniform_contrast,
)
from core.pictures.ink_map import SoftInk
from core.pictures.outlines import BOLD, outline_of
from core.pictures.panel import panel_in
from core.pictures.pieces import CONNECTED, Pieces, grown
from core.pictures.tiles import tiles_in

_LEAST_CONTRAST = 8.0
"""Least difference between ink and background, in gray levels of 255."""

_LEAST_CLEARNESS, _CLEAR, _EVEN = 4.0, 5.0, 8.0
"""How many standard deviations of the background the ink has to be away from it; above the second
all count as equal, so that the widest window is chosen; above the third the light is even."""

_LEAST_COHERENCE = 0.3
"""Least correlation of neighboring pixels. In noise there is none."""

_SPECK, _SPECKS = 0.02, 0.3
"""Where nothing is larger than the first, a share of the longer side, only specks stand out: the
score is multiplied by the second."""

_TOUCHED = 0.05
"""The largest share of a panel's rim that a digit covers where it touches it."""

_MARGIN, _UPRIGHT = 0.04, 0.95
"""A plot has margins of at least the first, a share of the picture's longer side, and fills the
second of the box around it, or more."""

_MOST_TILES = 0.5
"""The share of a figure's tiles that show something, at least."""

_OUTLINE = 3
"""The thickest line around a tile, in pixels."""

_DEEPEST = 3
"""How many panels may lie in each other."""


class _Look(NamedTuple):
    """What stands out in a part of a picture.

    Attributes
    ----------
    contrast, levels
        How it was found.
    mask
        bool, (h, w): the ink.
    left_out
        bool, (h, w): what else stands out, as frames and the table.
    score
        0…1: how clear it is, and how little of the part it covers; less if it is only specks.
    is_strokes
        Whether it looks like something that a pen draws.
    """

    contrast: Contrast
    levels: Levels
    mask: Mask
    left_out: Mask
    score: float
    is_strokes: bool


class _Found(NamedTuple):
    """A look at the part of the picture in `box`, of which only `shape`, (h, w), counts.

    `is_tiled` says that the shape is tiles, each with a digit.
    """

    look: _Look
    box: Box
    shape: Mask
    is_tiled: bool = False


def ink_in_even_light(colors: Gray) -> SoftInk | None:
    """Return the ink of a picture, (h, w), and how clear it is; None if the light may be uneven.

    `colors` is float32, (h, w, 1 or 3), gray levels of 0…255; not mutated.
    """
    found = _search(colors, _DEEPEST)
    if found is None:
        return None
    return SoftInk(_soft_ink(colors, found), found.look.levels.clearness, found.is_tiled)


def shows_tiles(colors: Gray) -> bool:
    """Return whether a picture, as :func:`ink_in_even_light` takes it, may show tiles."""
    return any(tiles_in(look.mask) for look in _uniform_looks(colors))


def _search(colors: Gray, depth: int) -> _Found | None:
    height, width = colors.shape[:2]
    whole = Box(0, height, 0, width), np.ones((height, width), np.bool_)
    looks = sorted(_uniform_looks(colors), key=lambda look: -look.score)
    is_sheet = False
    for look in looks if depth else ():
        tiles = tiles_in(look.mask)
        if tiles and (found := _search_tiles(colors, *tiles, depth)):
            return found
        panel = panel_in(look.mask)
        if panel is None:
            continue
        is_line = look.mask.sum() < 0.5 * panel[1].sum()
        # Of the less likely polarity, only the outline of a box is a panel, and a plot: neither
        # the paper itself, nor what is inside of a 0.
        if look is looks[0] or is_line or _is_plot(*panel, colors.shape):
            found = _search_panel(colors, *panel, depth)
            if found:
                return found
            # Paper whose writing is not found, as in uneven light, is no ink either.
            is_sheet |= not is_line
    best = looks[0] if looks else None
    is_even = max(height, width) < TINY or (best and best.levels.clearness >= _EVEN)
    if best and best.is_strokes and is_even and not is_sheet:
        return _Found(best, *whole)
    return None


def _is_plot(box: Box, shape: Mask, size: tuple[int, ...]) -> bool:
    """Whether a panel is a rectangle with margins in a picture of this size."""
    margins = box.top, box.left, size[0] - box.bottom, size[1] - box.right
    has_margins = min(margins) >= _MARGIN * max(size[:2]) and max(size[:2]) >= TINY
    return has_margins and bool(shape.mean() >= _UPRIGHT)


def _search_tiles(colors: Gray, box: Box, tiles: Mask, depth: int) -> _Found | None:
    """Search in the tiles in a box, (h, w), with and without the lines that may be around them."""
    for shape in (tiles, ndimage.binary_erosion(tiles, CONNECTED, _OUTLINE)):
        found = _search_panel(colors, box, shape, depth)
        if found and _are_filled(box, tiles, found):
            return found._replace(is_tiled=True)
    return None


def _are_filled(box: Box, tiles: Mask, found: _Found) -> bool:
    """Whether there is ink in most tiles in a box, (h, w); of squared paper, it is in a few."""
    mask = np.zeros_like(tiles)
    top, left = found.box.top - box.top, found.box.left - box.left
    height, width = found.look.mask.shape
    mask[top : top + height, left : left + width] = found.look.mask
    labels, count = ndimage.label(tiles)
    return bool(len(np.unique(labels[mask & tiles])) > _MOST_TILES * count)


def _search_panel(colors: Gray, box: Box, shape: Mask, depth: int) -> _Found | None:
    """Search inside a panel, of which `shape`, (h, w), is in `box`.

    Of its rim, no more may be ink than where a digit touches it.
    """
    shape = ndimage.binary_erosion(shape, CONNECTED)  # its soft edge is no ink
    part = colors[box.top : box.bottom, box.left : box.right].copy()
    if not shape.any():
        return None
    part[~shape] = np.median(part[shape], axis=0)
    inner = _search(part, depth - 1)
    if inner is None or not inner.look.is_strokes:
        return None
    top, left = inner.box.top, inner.box.left
    part_of = slice(top, inner.box.bottom), slice(left, inner.box.right)
    inside = ndimage.binary_erosion(shape, CONNECTED, 2)[part_of]
    rim = shape[part_of] & ~inside
    if touched := np.count_nonzero(inner.look.mask & rim):
        if touched > _TOUCHED * np.count_nonzero(rim):
            return None
        inside = shape[part_of]
    place = Box(
        box.top + top, box.top + inner.box.bottom, box.left + left, box.left + inner.box.right
    )
    return _Found(inner.look, place, inner.shape & inside)


def _uniform_looks(colors: Gray) -> list[_Look]:
    """Look for light and for dark ink on a uniform background."""
    contrast = uniform_contrast(colors)
    both = (contrast, contrast.reversed())
    boxes = []
    for one in both:
        values = one.of(colors)
        levels = levels_of(values)
        if levels is None:
            return []
        boxes.append(inside_frame(values > levels.threshold))
    top, bottom = max(box.top for box in boxes), min(box.bottom for box in boxes)
    left, right = max(box.left for box in boxes), min(box.right for box in boxes)
    common = Box(top, bottom, left, right) if bottom > top and right > left else None
    looks = (_look(colors, one, common) for one in both)
    return [look for look in looks if look]


def _look(colors: Gray, contrast: Contrast, common: Box | None = None) -> _Look | None:
    values = contrast.of(colors)
    levels = levels_of(values)
    if levels is None or levels.ink - levels.background < _LEAST_CONTRAST:
        return None
    is_tiny = max(values.shape) < TINY
    is_clear = is_tiny or levels.clearness >= _LEAST_CLEARNESS
    if not is_clear or _coherence(values) < _LEAST_COHERENCE:
        return None
    dark = values > levels.threshold
    if is_tiny and fills_picture(dark):
        return _Look(contrast, levels, dark, np.zeros_like(dark), 1.0, True)
    box = inside_frame(dark)
    part = (slice(box.top, box.bottom), slice(box.left, box.right))
    wrong = edge_share(dark[part]) + float(dark[part].mean())
    inner = without_border_shapes(dark[part])
    if not inner.any():
        return None
    is_strokes = (wrong < 0.7 or bool((inner == dark[part]).all())) and _is_strokes(inner)
    if common:
        middle = dark[common.top : common.bottom, common.left : common.right]
        wrong = (wrong + edge_share(middle) + float(middle.mean())) / 2
    mask = np.zeros_like(dark)
    mask[part] = inner
    score = min(levels.clearness, _CLEAR) / _CLEAR * (1 - wrong / 2)
    if not is_tiny and Pieces(inner).sides.max(initial=0) < _SPECK * max(values.shape):
        score *= _SPECKS
    return _Look(contrast, levels, mask, dark & ~mask, score, is_strokes)


def _is_strokes(mask: Mask) -> bool:
    """Whether the ink is thin for its size, or a bold digit, and covers little of the edge."""
    padded = np.pad(mask, 1, mode="edge")
    thickness = 2 * float(ndimage.distance_transform_cdt(padded, "chessboard").max())
    top, bottom, left, right = box = box_around(mask)
    if edge_share(mask) >= 0.6:
        return False
    if thickness < 0.45 * box.side + 2:
        return True
    outline = outline_of(mask[top:bottom, left:right].astype(np.int32), 1)
    return thickness < BOLD * box.side and outline.is_bold_digit


def _coherence(values: Gray) -> float:
    """Return the correlation of neighboring pixels, along rows or columns."""
    departure = values - values.mean()
    along = (departure[1:] * departure[:-1]).sum(), (departure[:, 1:] * departure[:, :-1]).sum()
    return float(max(along) / (departure * departure).sum())


def _soft_ink(colors: Gray, found: _Found) -> Gray:
    """Return the ink of a whole picture, in which a search found some."""
    look, box = found.look, found.box
    values = look.contrast.of(colors[box.top : box.bottom, box.left : box.right])
    levels = look.levels
    low = min(levels.background + 3 * levels.noise, (levels.threshold + levels.background) / 2)
    soft = np.clip((values - low) / (levels.ink - low), 0, 1)
    beside = grown(look.left_out) & ~look.mask
    ink = np.zeros(colors.shape[:2], np.float32)
    ink[box.top : box.bottom, box.left : box.right] = soft * (found.shape & ~beside)
    return ink
