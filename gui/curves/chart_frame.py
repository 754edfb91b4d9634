"""Where the values of a chart lie in its picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF

from gui.curves.chart import Array, Chart
from gui.widgets.theme import HINT_SIZE, SPACE, TEXT_SIZE, TITLE_SIZE

_NUMBER = 3.5
"""Width of the widest number on the y axis, in sizes of type."""

_LOW = 10
"""A chart of less than this many lines of text has its x title beside the numbers."""

_MEDIUM, _LARGE = (440, 220), (760, 400)
"""Least widths and heights of plots with larger type, in pixels."""

_FAR = 20_000.0
"""Pixels: what is farther away is drawn there, because Qt cannot count much farther."""


def type_size(width: float, height: float) -> int:
    """Return the size of the type in a chart that has this room, in pixels."""
    for (least_width, least_height), size in ((_LARGE, TITLE_SIZE), (_MEDIUM, TEXT_SIZE)):
        if width >= least_width and height >= least_height:
            return size
    return HINT_SIZE


def row_height(size: int) -> int:
    """Return the height of a line of type, in pixels."""
    return size + SPACE


@dataclass(frozen=True, eq=False)
class ChartFrame:
    """The plot of a chart: where its corners are, in pixels, and what lies where.

    Attributes
    ----------
    area
        Of the whole chart; labels are on the right of the plot.
    plot
        Between the axes.
    size
        Of the type, in pixels.
    is_fine
        Whether the picture is for a file, as fine as can be, and not drawn at every frame.
    """

    chart: Chart
    area: QRectF
    plot: QRectF
    size: int = HINT_SIZE
    is_fine: bool = False

    @classmethod
    def within(
        cls,
        area: QRectF,
        chart: Chart,
        label_room: float,
        size: int = HINT_SIZE,
        is_fine: bool = False,
    ) -> ChartFrame:
        """Return the frame of a chart that fills `area`, with `label_room` pixels for labels."""
        rows = 1 if area.height() < _LOW * row_height(size) else 2
        below = rows * row_height(size) + 2 * SPACE
        above = row_height(size) / 2  # half of the highest number beside the plot
        plot = area.adjusted(left_room(size), above, -label_room, -below)
        return cls(chart, area, plot, size, is_fine)

    @property
    def row(self) -> int:
        """Height of a line of type."""
        return row_height(self.size)

    @property
    def numbers_row(self) -> QRectF:
        """Below the x axis, for its numbers."""
        return QRectF(self.area.left(), self.plot.bottom() + SPACE, self.area.width(), self.row)

    @property
    def title_row(self) -> QRectF:
        """For the title of the x axis: below its numbers, or the same row in a low chart."""
        row = self.numbers_row
        return row if self.is_low else row.translated(0, self.row)

    @property
    def is_low(self) -> bool:
        """Whether the x axis has its title beside the numbers."""
        return self.area.bottom() - self.plot.bottom() < 2 * self.row

    def x_at(self, value: float) -> float:
        """Return the pixel of a place on the x axis."""
        low, high = self.chart.x_range
        return self.plot.left() + self.plot.width() * (value - low) / (high - low)

    def y_at(self, value: float) -> float:
        """Return the pixel of a place on the y axis."""
        low, high = self.chart.y_range
        return self.plot.bottom() - self.plot.height() * (value - low) / (high - low)

    def value_at(self, pixel: float) -> float:
        """Return the place on the x axis at a pixel, within the plot."""
        low, high = self.chart.x_range
        share = (pixel - self.plot.left()) / self.plot.width()
        return low + min(max(share, 0.0), 1.0) * (high - low)

    def pixels(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Return the pixels of points, (n,) each."""
        (left, right), (low, high) = self.chart.x_range, self.chart.y_range
        plot = self.plot
        return (
            plot.left() + (x - left) * (plot.width() / (right - left)),
            plot.bottom() - (y - low) * (plot.height() / (high - low)),
        )

    def parts(self, x: Array, y: Array) -> Iterator[tuple[Array, Array]]:
        """Yield the parts of a line that lie in the plot, in pixels.

        For a file, what is drawn is cut here and not by the painter: an SVG that relies on clipping
        looks different in other programs. On the screen it is one part, for a painter that clips.
        """
        if not len(x):
            return
        if not self.is_fine:
            x, y = self.pixels(x, y)
            yield x, np.clip(y, -_FAR, _FAR)
            return
        x, y = cut(x, y, self.chart.x_range)
        for part in parts_within(x, y, self.chart.y_range):
            yield self.pixels(*part)


def left_room(size: int) -> float:
    """Return the room on the left of a plot: for the numbers of the y axis, and its title."""
    return row_height(size) + _NUMBER * size + 2 * SPACE


def cut(x: Array, y: Array, limits: tuple[float, float]) -> tuple[Array, Array]:
    """Return the part of a line between the limits of x, with points at the limits."""
    low, high = limits
    if not len(x) or (low <= x[0] and x[-1] <= high):
        return x, y
    inside = slice(int(np.searchsorted(x, low)), int(np.searchsorted(x, high, side="right")))
    ends = [end for end in limits if x[0] < end < x[-1]]
    before = [end for end in ends if end == low]
    after = [end for end in ends if end == high]
    return (
        np.concatenate((before, x[inside], after)),
        np.concatenate((np.interp(before, x, y), y[inside], np.interp(after, x, y))),
    )


def parts_within(x: Array, y: Array, limits: tuple[float, float]) -> Iterator[tuple[Array, Array]]:
    """Yield the parts of a line between the limits of y, each as x and y."""
    low, high = limits
    if not len(y):
        return
    if low <= y.min() and y.max() <= high:
        yield x, y
        return
    for limit in limits:
        before = np.flatnonzero((y[1:] - limit) * (y[:-1] - limit) < 0)
        share = (limit - y[before]) / (y[before + 1] - y[before])
        crossing = x[before] + share * (x[before + 1] - x[before])
        x, y = np.insert(x, before + 1, crossing), np.insert(y, before + 1, limit)
    is_within = (low <= y) & (y <= high)
    edges = np.flatnonzero(np.diff(is_within, prepend=False, append=False))
    for begin, end in edges.reshape(-1, 2):
        yield x[begin:end], y[begin:end]
