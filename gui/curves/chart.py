"""What a chart shows: its axes, lines and the band of the batches. It is drawn by chart_painter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Line:
    """A line through points, (n,) each, float64, finite, x ascending.

    Attributes
    ----------
    color
        As #rrggbb.
    value
        The newest value, as text.
    note
        Which step that is of, if the run has made others since.
    has_dots
        Whether each point is a measurement of its own, and so a dot on the line.
    """

    name: str
    color: str
    x: Array
    y: Array
    style: Qt.PenStyle = Qt.PenStyle.SolidLine
    value: str = ""
    note: str = ""
    has_dots: bool = False


@dataclass(frozen=True, eq=False)
class Band:
    """Between the least and the largest values at each x, (n,) each, float64 and finite.

    Attributes
    ----------
    color, edge
        Of the area and of its border, as #rrggbb.
    """

    name: str
    color: str
    edge: str
    x: Array
    low: Array
    high: Array
    value: str = ""


@dataclass(frozen=True, eq=False)
class Chart:
    """The content of a chart; later lines cover earlier ones.

    Attributes
    ----------
    band
        Behind all lines; None for no band.
    lines
        Of the live run; they are in the legend.
    before
        Of the runs that a branch continues, up to where it begins; faint, and without labels.
    others
        Of other runs, one after the other; the first line of each name is labeled at its end.
    missing
        Names of runs that have no place on the x axis.
    y_short
        The title of the y axis where there is no room for `y_title`.
    marks, mark_labels
        (n,): where on the x axis the network was resized, fine-tuned or branched off, and which of
        these.
    moments
        (n,): where on the x axis the run has moments to go back to; none in a figure for a file.
    widest
        The widest text that a value can have: as much room is kept for all values.
    x_range, y_range
        Ranges of the axes; what is outside is not drawn.
    is_log, is_log_x
        Whether all y, or all x, are logarithms, to base 10.
    value_text
        Returns the text for a y.
    """

    title: str
    x_title: str
    y_title: str
    y_short: str
    band: Band | None
    lines: Sequence[Line]
    others: Sequence[Line]
    missing: Sequence[str]
    marks: Array
    mark_labels: Sequence[str]
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    is_log: bool
    widest: str
    value_text: Callable[[float], str]
    is_log_x: bool = False
    before: Sequence[Line] = ()
    moments: Array = field(default_factory=lambda: np.zeros(0))

    def line(self, name: str) -> Line:
        """Return the line of the live run with this name."""
        return next(line for line in self.lines if line.name == name)


def envelope(x: Array, low: Array, high: Array) -> tuple[Array, Array]:
    """Return a line that goes from low to high at each place, (2·n,) each."""
    return np.repeat(x, 2), np.column_stack((low, high)).ravel()
