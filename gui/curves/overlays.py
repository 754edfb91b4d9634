"""The curves of other runs, behind those of the live one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem

from core.runs.run_curves import Axis, Course
from core.wording import counted
from gui.curves.curve import curve_path, curve_pen
from gui.curves.curve_legend import CurveLegend, LegendKey
from gui.curves.curve_ranges import UNSETTLED
from gui.curves.run_axis import is_known, places

MOST_OVERLAYS = 8
"""No more colors can be told apart."""

_REACH = 8
"""A curve within this many pixels above or below the cursor shows its values."""

_Array = NDArray[np.float64]
Scale = Callable[[_Array], _Array]
"""From values to what is drawn."""


@dataclass(frozen=True, eq=False)
class _OverlayLine:
    """Values of a run and their places in the plot; all float64, (points,), finite."""

    x: _Array
    values: _Array
    y: _Array

    @classmethod
    def of(cls, x: _Array, values: _Array, scale: Scale) -> _OverlayLine:
        """Return the line through the finite values: a run that diverges ends in others."""
        finite = np.isfinite(x) & np.isfinite(values)
        return cls(x[finite], values[finite], scale(values[finite]))

    def is_over(self, x: float) -> bool:
        """Return whether the line is above or below a place on the x axis."""
        return len(self.x) > 0 and bool(self.x[0] <= x <= self.x[-1])


@dataclass(frozen=True)
class Overlay:
    """Another run's lines in one plot.

    Attributes
    ----------
    title, color
        Of both lines; #rrggbb.
    train, test
        Solid and dashed.
    end
        Where the run ends on the x axis.
    is_known
        Whether the run has a place on the x axis; otherwise it is not drawn.
    """

    title: str
    color: str
    train: _OverlayLine
    test: _OverlayLine
    end: float
    is_known: bool

    @property
    def solid(self) -> QPen:
        """Of the training line."""
        return curve_pen(self.color, Qt.PenStyle.SolidLine)

    @property
    def dashed(self) -> QPen:
        """Of the test line."""
        return curve_pen(self.color, Qt.PenStyle.DashLine)

    @property
    def settled(self) -> _Array:
        """Values without those of the start of the run."""
        return np.concatenate(
            [line.values[line.x >= UNSETTLED * self.end] for line in (self.train, self.test)]
        )


def make_overlay(
    title: str,
    color: str,
    course: Course,
    axis: Axis,
    train: tuple[_Array, _Array],
    test: tuple[_Array, _Array],
    scale: Scale,
) -> Overlay:
    """Return the lines of a run over `axis`; `train` and `test` are steps and values, (n,) each."""
    lines = [
        _OverlayLine.of(places(course, steps, axis), values, scale)
        for steps, values in (train, test)
    ]
    known = is_known(course, axis)
    end = float(places(course, course.step[-1:], axis)[0]) if known else 0.0
    return Overlay(title, color, lines[0], lines[1], end, known)


class _OverlayItem(QGraphicsItem):
    """All lines of other runs in a plot, painted once and cached as one picture.

    Separate path items would mean as many pictures to copy at every frame.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.setZValue(-1)  # behind the live run's lines
        self.lines: list[tuple[QPainterPath, QPen]] = []
        self._bounds = QRectF()

    def set_lines(self, lines: list[tuple[QPainterPath, QPen]]) -> None:
        """Draw these paths."""
        self.prepareGeometryChange()
        self.lines = lines
        self._bounds = QRectF()
        for path, _pen in lines:
            self._bounds |= path.boundingRect()
        self.update()

    def boundingRect(self) -> QRectF:
        """Return what holds all lines."""
        return self._bounds

    def paint(self, painter: QPainter, *_: object) -> None:
        """Draw the lines."""
        for path, pen in self.lines:
            painter.setPen(pen)
            painter.drawPath(path)


class Overlays:
    """Draws the other runs in one plot; frames of the live run do not redraw them.

    Parameters
    ----------
    add_item
        Adds an item to the plot.
    form
        Formats a value.

    Attributes
    ----------
    end
        Where the longest run ends on the x axis; 0 without any.
    settled, all_values
        float64: the least and the largest value, (2,), without and with the start of the runs;
        (0,) without any.
    """

    def __init__(
        self,
        add_item: Callable[[QGraphicsItem], None],
        legend: CurveLegend,
        form: Callable[[float], str],
    ) -> None:
        self.item = _OverlayItem()
        add_item(self.item)
        self._legend = legend
        self._form = form
        self._keys: list[LegendKey] = []
        self._shown: Sequence[Overlay] = ()
        self._missing = LegendKey(QPen(Qt.PenStyle.NoPen))
        self.end = 0.0
        self.settled: _Array = np.empty(0)
        self.all_values: _Array = np.empty(0)

    def show(self, overlays: Sequence[Overlay]) -> None:
        """Draw these, at most `MOST_OVERLAYS`, instead of the previous ones."""
        for key in (*self._keys, self._missing):
            self._legend.remove(key)
        overlays = overlays[:MOST_OVERLAYS]
        self._shown = [overlay for overlay in overlays if overlay.is_known]
        self._keys = [LegendKey(overlay.solid) for overlay in self._shown]
        for key, overlay in zip(self._keys, self._shown, strict=True):
            self._legend.add(key, overlay.title)
        self.item.set_lines(
            [
                (curve_path(line.x, line.y), pen)
                for overlay in self._shown
                for line, pen in ((overlay.train, overlay.solid), (overlay.test, overlay.dashed))
            ]
        )
        self._list_missing([overlay.title for overlay in overlays if not overlay.is_known])
        self.end = max((overlay.end for overlay in self._shown), default=0.0)
        self.settled = _extremes([overlay.settled for overlay in self._shown])
        self.all_values = _extremes(
            [line.values for overlay in self._shown for line in (overlay.train, overlay.test)]
        )

    def _list_missing(self, titles: Sequence[str]) -> None:
        if titles:
            self._legend.add(
                self._missing,
                f"no times: {counted(len(titles), 'run')}",
                "Not drawn, because their files do not say how long training took: "
                + ", ".join(titles),
            )

    def text_near(self, x: float, y: float, pixel: float) -> str:
        """Return the title and the values of the run whose line is nearest above or below (x, y).

        `pixel` is the height of one pixel on the y axis. "" if no line is near.
        """
        distances = [
            (abs(float(np.interp(x, line.x, line.y)) - y), overlay)
            for overlay in self._shown
            for line in (overlay.train, overlay.test)
            if line.is_over(x)
        ]
        distance, overlay = min(distances, key=lambda pair: pair[0], default=(np.inf, None))
        return self._text(overlay, x) if overlay and distance <= _REACH * pixel else ""

    def _text(self, overlay: Overlay, x: float) -> str:
        texts = [overlay.title]
        train, test = overlay.train, overlay.test
        if train.is_over(x):
            texts.append("training " + self._form(np.interp(x, train.x, train.values)))
        if before := int(np.searchsorted(test.x, x, side="right")):
            texts.append("test " + self._form(test.values[before - 1]))
        return "   ".join(texts)


def _extremes(values: Sequence[_Array]) -> _Array:
    together = np.concatenate([*values, np.empty(0)])
    return np.array([together.min(), together.max()]) if len(together) else together
