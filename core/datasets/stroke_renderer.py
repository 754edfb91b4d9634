"""Draws many pen paths at once as images, sized and centered like MNIST."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from core.arrays import SIDE
from core.ink.normalization import INK_SIDE, center

WINDOW = 7
"""Side, in pixels, of the square that one dab of the pen is drawn into."""

LARGEST_RADIUS = WINDOW // 2
"""Largest radius of a pen, in pixels: its dab just fits into the window."""

_FAR = 1.0
"""Pixels this far outside the ink are background."""


def render(
    points: NDArray[np.float32],
    radii: NDArray[np.float32],
    counts: NDArray[np.intp],
    softness: NDArray[np.float32] | float = 1.0,
) -> NDArray[np.uint8]:
    """Draw each pen path with a round pen.

    Parameters
    ----------
    points
        float32, (n, length, 2): x and y of the points of each path, closer together than the width
        of the pen.
    radii
        float32, (n, length): the pen's radius at each point, in the units of `points`; minus
        infinity where it leaves no ink.
    counts
        intp, (n,): number of points of each path; the rest is ignored.
    softness
        float32, (n,): pixels over which the gray rises from a line's edge into the line.

    Returns
    -------
    NDArray[np.uint8]
        (n, 28, 28): antialiased ink whose longest side is 20 pixels and whose center of mass is in
        the middle.
    """
    order = np.argsort(-counts, kind="stable")
    counts = counts[order]
    x, y, radii = _fit(points[order], radii[order], counts)
    images = np.empty((len(counts), SIDE, SIDE), np.uint8)
    beyond = _beyond_edge(x, y, radii, counts)
    images[order] = center(_to_gray(beyond, np.broadcast_to(softness, len(counts))[order]))
    return images


def _fit(
    points: NDArray[np.float32], radii: NDArray[np.float32], counts: NDArray[np.intp]
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Scale and move the paths so that the longest side of their ink is 20 pixels.

    Returns x, y and the radii in pixels, (n, length) each. The box begins at pixel 4; a side that
    does not fill its last pixel is centered in its pixels.
    """
    drawn = (np.arange(points.shape[1]) < counts[:, None]) & (radii > 0)
    low = np.where(drawn[..., None], points - radii[..., None], np.inf).min(axis=1)
    high = np.where(drawn[..., None], points + radii[..., None], -np.inf).max(axis=1)
    scale = INK_SIDE / (high - low).max(axis=1)
    size = (high - low) * scale[:, None]
    start = (SIDE - INK_SIDE) // 2 + (np.ceil(size - 1e-3) - size) / 2
    fitted = (points - low[:, None]) * scale[:, None, None] + start[:, None]
    thickness = np.minimum(radii * scale[:, None], LARGEST_RADIUS)
    return fitted[..., 0], fitted[..., 1], thickness


def _beyond_edge(
    x: NDArray[np.float32],
    y: NDArray[np.float32],
    radii: NDArray[np.float32],
    counts: NDArray[np.intp],
) -> NDArray[np.float32]:
    """Return the distance of each pixel's center from the edge of the ink, (n, 28, 28).

    In pixels, negative inside the ink, at most `_FAR`. Paths are sorted, longest first.
    """
    n, length = x.shape
    margin = WINDOW // 2
    canvas = np.full((n, SIDE + 2 * margin, SIDE + 2 * margin), _FAR, np.float32)
    windows = sliding_window_view(canvas, (WINDOW, WINDOW), axis=(1, 2), writeable=True)
    column, row = x.T.astype(np.intp), y.T.astype(np.intp)
    step = np.arange(WINDOW, dtype=np.float32) - margin + 0.5
    dx2 = (step + (column - x.T).astype(np.float32)[..., None]) ** 2
    dy2 = (step + (row - y.T).astype(np.float32)[..., None]) ** 2
    paths = np.arange(n)
    unfinished = np.searchsorted(-counts, -np.arange(length), side="left")
    for k in range(counts[0]):
        # One point of each path at a time, so that no window is written twice.
        m = unfinished[k]
        where = paths[:m], row[k, :m], column[k, :m]
        dab = dy2[k, :m, :, None] + dx2[k, :m, None, :]
        np.sqrt(dab, out=dab)
        dab -= radii[:m, k, None, None]
        windows[where] = np.minimum(windows[where], dab, out=dab)
    return canvas[:, margin:-margin, margin:-margin]


def _to_gray(beyond: NDArray[np.float32], softness: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Turn distances from the ink's edge into gray values; the darkest becomes 255.

    At a softness of 1, a pixel whose center is on the edge is half ink.
    """
    ink = np.clip((0.5 - beyond) / softness[:, None, None], 0, 1)
    ink *= 255 / ink.max(axis=(1, 2), keepdims=True)
    return np.asarray(np.rint(ink), np.uint8)
