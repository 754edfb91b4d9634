"""What all pictures of trials share: layers that are kept, colors, the mouse and the keys."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)

from core.colors import Theme, rgb
from gui.curves.chart_frame import type_size
from gui.curves.chart_painter import figure_font
from gui.search.search_state import SearchState
from gui.search.trial_axis import Array
from gui.widgets.focus_ring import paint_focus_ring
from gui.widgets.kept_pictures import CLEAR, KeptPictures
from gui.widgets.named import named
from gui.widgets.painted_widget import PaintedWidget
from gui.widgets.pictures import is_for_a_file
from gui.widgets.theme import TEXT_SIZE

COLORS = 6
"""Of the accuracy: as many can be told apart."""

_REACH = 12.0
"""How far from a dot the mouse may be, in pixels."""


class TrialsPlot(PaintedWidget[int]):
    """A picture of the trials of a search.

    A subclass paints what changes with the results (:meth:`paint_ground`) and what changes with
    the brushes (:meth:`paint_trials`), which are kept as pictures, and what changes with the chosen
    trial (:meth:`paint_marks`).

    Parameters
    ----------
    state
        What is shown; it is shared by several pictures.
    name, title
        objectName and accessible name.
    """

    def __init__(self, state: SearchState, name: str, title: str) -> None:
        super().__init__()
        named(self, name, title)
        self.state = state
        self._layers = KeptPictures()
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        state.changed.connect(self.forget)
        state.brushed.connect(self.forget_trials)
        state.chosen_changed.connect(self._on_chosen)

    def minimumSizeHint(self) -> QSize:
        """Any size will do."""
        return QSize(0, 0)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        super().apply_theme(theme)
        self.forget()

    @Slot()
    def forget(self) -> None:
        """Paint everything anew."""
        self._layers.forget()
        self.update()

    @Slot()
    def forget_trials(self) -> None:
        """Paint the trials anew."""
        self._layers.forget("trials")
        self.update()

    @Slot()
    def _on_chosen(self) -> None:
        self.describe()
        self.update()

    def describe(self) -> None:
        """Say to screen readers which trial is chosen."""
        chosen = self.state.chosen
        self.setAccessibleDescription("" if chosen is None else self.state.text(chosen))

    # --- painting -----------------------------------------------------------------------------

    def paint_ground(self, painter: QPainter) -> None:
        """Paint axes and texts."""

    def paint_trials(self, painter: QPainter) -> None:
        """Paint the trials."""

    def paint_marks(self, painter: QPainter) -> None:
        """Paint what the mouse or the choice is on."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the layers, from the back to the front."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(self.font_)
            ground = QColor(self._theme.window)
            if is_for_a_file(painter, self):
                painter.fillRect(self.rect(), ground)
                self.paint_ground(painter)
                self.paint_trials(painter)
            else:
                painter.drawPixmap(0, 0, self._layer("ground", ground, self.paint_ground))
                painter.drawPixmap(0, 0, self._layer("trials", CLEAR, self.paint_trials))
            self.paint_marks(painter)
            paint_focus_ring(painter, self)

    def _layer(self, name: str, ground: QColor, paint: Callable[[QPainter], object]) -> QPixmap:
        def paint_texts(painter: QPainter) -> None:
            painter.setFont(self.font_)
            paint(painter)

        return self._layers.picture(self, name, None, ground, paint_texts)

    @property
    def font_(self) -> QFont:
        """The font of all texts."""
        return figure_font(min(type_size(self.width(), self.height()), TEXT_SIZE))

    @property
    def metrics(self) -> QFontMetricsF:
        """Of the font."""
        return QFontMetricsF(self.font_)

    # --- colors -------------------------------------------------------------------------------

    def colors(self) -> list[QColor]:
        """Return the colors of accuracies, from the lowest to the highest."""
        low, high = (
            rgb(color).astype(float) for color in (self._theme.control, self._theme.accent)
        )
        shares = np.linspace(0, 1, COLORS)[:, np.newaxis]
        return [QColor(*map(int, color)) for color in np.rint(low + (high - low) * shares)]

    def classes(self) -> Array:
        """Return which of the colors each trial has, (n,): as many trials have each."""
        count = self.state.count
        ranks = np.empty(count)
        if self.state.results is not None:
            ranks[self.state.results.ranked()] = np.arange(count)
        return np.asarray(np.floor((1 - (ranks + 0.5) / max(count, 1)) * COLORS))

    def faint(self) -> QColor:
        """Return the color of trials that are not selected."""
        return QColor(self._theme.hairline)

    def paint_dots(self, painter: QPainter, x: Array, y: Array, size: float) -> None:
        """Paint a dot for each trial at these pixels, (n,) each; those not selected are faint."""
        classes, mask = self.classes(), self.state.mask & np.isfinite(x) & np.isfinite(y)
        groups = [(~self.state.mask & np.isfinite(x) & np.isfinite(y), self.faint())]
        groups += [(mask & (classes == c), color) for c, color in enumerate(self.colors())]
        for which, color in groups:
            pen = QPen(color, size)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawPoints([QPointF(*at) for at in zip(x[which], y[which], strict=True)])

    def ring(self, painter: QPainter, at: QPointF, is_chosen: bool) -> None:
        """Mark a dot."""
        painter.setPen(QPen(QColor(self._theme.test if is_chosen else self._theme.text), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(at, 6, 6)

    def frame(self, painter: QPainter, place: QRectF) -> None:
        """Mark a cell."""
        painter.setPen(QPen(QColor(self._theme.test), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(place)

    # --- mouse and keys -----------------------------------------------------------------------

    def nearest(self, position: QPointF, x: Array, y: Array) -> int | None:
        """Return the selected trial whose dot is nearest; None if none is near."""
        if not self.state.mask.any():
            return None
        distance = np.hypot(x - position.x(), y - position.y())
        distance[~self.state.mask | ~np.isfinite(distance)] = np.inf
        place = int(np.argmin(distance))
        return place if distance[place] <= _REACH else None

    def tip_at(self, position: QPointF) -> tuple[str, QRect] | None:
        """Say which trial is there."""
        place = self.item_at(position)
        if place is None or place >= self.state.count:
            return None
        around = QRectF(position.x() - 3, position.y() - 3, 6, 6).toAlignedRect()
        return self.state.text(place), around

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the trial under the mouse."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.state.choose(self.item_at(event.position()))
        else:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Up choose a better trial, Right and Down a worse one, Home the best."""
        keys = Qt.Key
        steps = {keys.Key_Left: -1, keys.Key_Up: -1, keys.Key_Right: 1, keys.Key_Down: 1}
        key = Qt.Key(event.key())
        if key in steps:
            self.state.step(steps[key])
        elif key == keys.Key_Home:
            self.state.step(-self.state.count)
        elif key == keys.Key_Escape and (self.state.brushes or self.state.chosen is not None):
            self.state.clear_brushes()
            self.state.choose(None)
        else:
            super().keyPressEvent(event)
