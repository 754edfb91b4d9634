"""A slider with a place for each moment of a run; the last one is now."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionSlider, QWidget

from core.colors import LIGHT, Theme
from core.training.film import FilmMoment
from gui.widgets.slider import Slider

_TICK, _LONG_TICK = 3.0, 6.0
"""How far a tick goes from the middle of the slider down; long ones are of live changes."""
_BEST = 3.5
"""Half the width of the mark of the best."""
_BELOW = 4.0
"""Where ticks begin, from the middle of the slider."""


class MomentSlider(Slider):
    """Moments lie side by side however many steps are between them: most happens at the start."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, [0], parent=parent)
        self._moments: Sequence[FilmMoment] = ()
        self._best: FilmMoment | None = None
        self._theme = LIGHT

    def set_moments(
        self, moments: Sequence[FilmMoment], best: FilmMoment | None, now: int, index: int
    ) -> None:
        """Have places for these moments and for now, at the step `now`, and show that at `index`.

        `best` is marked.
        """
        self._moments, self._best = moments, best
        self.numbers = [*(moment.step for moment in moments), now]
        self.blockSignals(True)
        self.setRange(0, len(moments))
        self.setValue(index)
        self.blockSignals(False)
        self.update()

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self._theme = theme
        self.update()

    # --- where things are -----------------------------------------------------------------

    def place_of(self, index: int) -> float:
        """Return where the handle is at a position, in pixels from the left."""
        first, room = self._groove()
        return first + room * index / max(self.maximum(), 1)

    def index_at(self, x: float) -> int:
        """Return the position nearest to a place."""
        first, room = self._groove()
        index = round((x - first) / max(room, 1) * self.maximum())
        return min(max(index, 0), self.maximum())

    def _groove(self) -> tuple[float, float]:
        """Return where the handle's center can begin, and how far it can go."""
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        style, metric = self.style(), QStyle.PixelMetric
        length = style.pixelMetric(metric.PM_SliderLength, option, self)
        return length / 2, float(self.width() - length)

    # --- the mouse, and painting ------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Bring the handle to the mouse, which then drags it."""
        if event.button() == Qt.MouseButton.LeftButton and self.isEnabled():
            self.setSliderDown(True)
            self.setValue(self.index_at(event.position().x()))
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the handle."""
        if self.isSliderDown():
            self.setValue(self.index_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of the handle."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(False)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a tick for each moment under the slider."""
        with QPainter(self) as painter:
            self._paint_ticks(painter)
        super().paintEvent(event)

    def _paint_ticks(self, painter: QPainter) -> None:
        if not self.isEnabled():
            return
        top = self.height() / 2 + _BELOW
        painter.setPen(QPen(QColor(self._theme.control), 1))
        if self.place_of(1) - self.place_of(0) < 1:
            return  # they would be a bar
        places = [round(self.place_of(index)) + 0.5 for index in range(len(self._moments))]
        for x, moment in zip(places, self._moments, strict=True):
            length = _LONG_TICK if moment.is_pinned else _TICK
            painter.drawLine(QPointF(x, top), QPointF(x, top + length))
        if self._best is not None and self._best in self._moments:
            self._paint_best(painter, self.place_of(list(self._moments).index(self._best)))

    def _paint_best(self, painter: QPainter, x: float) -> None:
        """Paint a mark in the color of the validation split, which it was the best on."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.validation))
        bottom = float(self.height())
        painter.drawEllipse(QRectF(x - _BEST, bottom - 2 * _BEST, 2 * _BEST, 2 * _BEST))
