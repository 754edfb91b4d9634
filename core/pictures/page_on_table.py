"""Finds a page that lies on a table, and paints the table over as if the page went on.

The table is what reaches from the edge of the picture to the outline of the page, where the
brightness changes at once. A shadow over both does not matter.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from core.ink.boxes import Mask
from core.pictures.background import Gray, edge_values

_LEAST_SLOPE, _STEEP = 3.0, 4.0
"""An outline has at least this slope, in gray levels a pixel, and this many times the usual."""

_RIM = 0.04
"""The rim is as wide as this part of the picture's longer side."""

_ALONG_EDGE = 0.05
"""The parts of a table have at least this share of the picture's edge."""

_OVER_EDGE, _LARGE = 0.4, 0.35
"""A page may go over the picture's edge: it has less than the first share of the edge, and more
than the second of the picture."""

_SMALLEST = 0.2
"""The smallest page, as a share of the picture."""

_BROAD = 0.2
"""Half the width of a page is at least this share of the square root of its area; that of the
strokes of a bold digit is less."""

_THIN = 0.025
"""What is thinner than twice this share of the picture's longer side lies on the table."""

_OUTLINE = 5
"""Pixels that the outline is blurred over, on both sides together."""

_BESIDE = 8
"""Pixels beside the outline in which table and page are compared."""

_STEP = 10.0
"""Least difference between table and page, in gray levels."""

_ALIKE = 20
"""Percentage of the outline that may have less: there, something else lies beside the page."""

_BLOCK = 8
"""Pixels of the blocks whose median is the color of the paper, and not of its writing."""


def page_on_table(colors: Gray) -> Mask | None:
    """Return which pixels show the page, without its outline; None if the picture shows no table.

    Parameters
    ----------
    colors
        float32, (h, w, 1 or 3), a picture in working size; not mutated.
    """
    page = _inside(_table(colors))
    if page.mean() < _SMALLEST or page.all() or not _is_broad(page):
        return None
    paper: Mask = ndimage.binary_erosion(page, iterations=_OUTLINE)
    if not _whole_blocks(paper).any():
        return None
    beside = ndimage.binary_dilation(page, iterations=_BESIDE) & ~page
    step = (colors - _continued(colors, paper, colors.shape[:2]))[beside]
    mean = step.mean(axis=0)
    along = step @ mean / (np.linalg.norm(mean) + 1e-6)
    return paper if np.percentile(along, _ALIKE) >= _STEP else None


def _table(colors: Gray) -> Mask:
    """Return the even areas that reach the picture's edge, (h, w)."""
    slope = np.max(
        [ndimage.gaussian_gradient_magnitude(c, 1) for c in np.moveaxis(colors, 2, 0)], axis=0
    )
    # The squares of a page may be as steep as its outline; the rim shows mostly the table.
    usual = min(np.median(slope), np.median(_rim(slope)))
    even, count = ndimage.label(slope < max(_LEAST_SLOPE, _STEEP * float(usual)))
    at_edge = edge_values(even)
    shares = np.bincount(at_edge, minlength=count + 1) / len(at_edge)
    areas = np.bincount(even.ravel(), minlength=count + 1) / even.size
    is_table = shares >= _ALONG_EDGE
    is_table &= (shares >= _OVER_EDGE) | (areas <= _LARGE)
    is_table[0] = False
    table: Mask = is_table[even]
    return table


def _rim(values: Gray) -> Gray:
    """Return the values near the edge of a picture, (n,)."""
    width = max(1, round(_RIM * max(values.shape)))
    inner = np.zeros(values.shape, np.bool_)
    inner[width:-width, width:-width] = True
    return values[~inner]


def _inside(table: Mask) -> Mask:
    """Return the largest area that is not table, without what is thin, such as a shadow's edge."""
    reach = _THIN * max(table.shape)
    thick = ndimage.distance_transform_edt(~table) > reach
    labels, _ = ndimage.label(thick)
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    core = labels == sizes.argmax() if sizes.any() else thick
    page: Mask = ndimage.distance_transform_edt(~core) <= reach if core.any() else core
    return np.asarray(ndimage.binary_fill_holes(page))


def _is_broad(page: Mask) -> bool:
    half_width = float(ndimage.distance_transform_edt(page).max())
    return half_width >= _BROAD * math.sqrt(np.count_nonzero(page))


def _continued(colors: Gray, page: Mask, size: tuple[int, int]) -> Gray:
    """Return the color of the paper, and beyond the page that of its nearest part; of a `size`."""
    paper = np.median(_blocks(colors), axis=(1, 3))
    rows, columns = ndimage.distance_transform_edt(
        ~_whole_blocks(page), return_distances=False, return_indices=True
    )
    paper = ndimage.median_filter(paper[rows, columns], (3, 3, 1))
    return np.stack([_resized(plane, size) for plane in np.moveaxis(paper, 2, 0)], axis=2)


def _blocks(values: NDArray[Any]) -> NDArray[Any]:
    """Return blocks of pixels: (h, w) or (h, w, colors) as (rows, 8, columns, 8, 1 or colors).

    A side of less than 8 pixels has no block.
    """
    rows, columns = (side // _BLOCK for side in values.shape[:2])
    whole = values[: rows * _BLOCK, : columns * _BLOCK]
    return whole.reshape(rows, _BLOCK, columns, _BLOCK, math.prod(values.shape[2:]))


def _whole_blocks(page: Mask) -> Mask:
    """Return which blocks show nothing but the page."""
    return np.asarray(_blocks(page).all(axis=(1, 3, 4)))


def _resized(plane: NDArray[Any], size: tuple[int, int]) -> Gray:
    height, width = size
    image = Image.fromarray(np.asarray(plane, np.float32))
    return np.asarray(image.resize((width, height), Image.Resampling.BILINEAR))


def without_table(colors: Gray, small: Gray) -> Gray:
    """Return a picture in which the page fills all; itself if no page lies on a table.

    Parameters
    ----------
    colors
        float32, (h, w, 1 or 3); not mutated.
    small
        The same picture in working size; not mutated.
    """
    page = page_on_table(small)
    if page is None:
        return colors
    height, width = colors.shape[:2]
    is_table = _resized(page, (height, width)) < 0.5
    return np.where(is_table[..., None], _continued(small, page, (height, width)), colors)
