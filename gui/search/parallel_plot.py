"""Parallel coordinates: a line through the values of each trial, and parts of axes to brush."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen

from gui.search.search_state import SearchState
from gui.search.trial_axis import Array, spaced
from gui.search.trials_plot import TrialsPlot
from gui.widgets.theme import SPACE

_GRASP = 14.0
"""How far from an axis a drag may begin, in pixels."""

_LEAST_DRAG = 3.0
_BRUSH = 10.0
"""Width of a brush, in pixels."""

_REACH = 5.0
_STEP = 0.05
"""How much of an axis a key leaves out."""
_MANY = 1_000
"""From this many segments on, brushing paints them without smooth edges: in a third of the time."""
_SIDE = 56.0
"""Room at both sides for half of a title."""


class ParallelPlot(TrialsPlot):
    """An axis for each setting and for the accuracy; a drag along one selects trials."""

    def __init__(self, state: SearchState) -> None:
        super().__init__(state, "search_parallel", "Parallel coordinates")
        self.setToolTip(
            "Drag along an axis to select trials; click the axis to select all again. By keys: "
            "Left and Right go to an axis, Shift+Up and Shift+Down leave out its lowest and "
            "highest part"
        )
        self._axis = 0
        self._drag: tuple[int, float, bool] | None = None
        self._lines: tuple[object, list[list[QLineF]]] | None = None
        state.changed.connect(self._forget_lines)

    @Slot()
    def _forget_lines(self) -> None:
        self._lines = None

    # --- where everything is ------------------------------------------------------------------

    def _plot(self) -> QRectF:
        line = self.metrics.height()
        return QRectF(
            _SIDE,
            line + 3 * SPACE,
            max(self.width() - 2 * _SIDE, 1),
            max(self.height() - line - 6 * SPACE, 1),
        )

    def _x(self) -> Array:
        plot = self._plot()
        return np.linspace(plot.left(), plot.right(), max(len(self.state.axes), 2))

    def _y(self) -> Array:
        """Return where each trial crosses each axis, (n, axes), in pixels."""
        plot = self._plot()
        places = np.column_stack([axis.places for axis in self.state.axes])
        return np.asarray(plot.bottom() - places * plot.height())

    def _axis_at(self, position: QPointF) -> int | None:
        if not self.state.axes:
            return None
        distances = np.abs(self._x() - position.x())
        nearest = int(np.argmin(distances))
        return nearest if distances[nearest] <= _GRASP else None

    def _place_at(self, position: QPointF) -> float:
        plot = self._plot()
        return min(max((plot.bottom() - position.y()) / plot.height(), 0.0), 1.0)

    def _lines_of_trials(self) -> list[list[QLineF]]:
        """Return the segments of each trial; they are kept as long as nothing moves."""
        key = self.size()
        if self._lines is None or self._lines[0] != key:
            x = self._x().tolist()
            found = []
            for y in np.nan_to_num(self._y(), nan=self._plot().bottom()).tolist():
                ends = zip(x[:-1], y[:-1], x[1:], y[1:], strict=True)
                found.append([QLineF(*four) for four in ends])
            self._lines = key, found
        return self._lines[1]

    # --- painting -----------------------------------------------------------------------------

    def paint_ground(self, painter: QPainter) -> None:
        """Paint all trials faintly: what is selected is painted over them."""
        if self.state.count:
            painter.setPen(QPen(self.faint(), 1))
            painter.drawLines([each for lines in self._lines_of_trials() for each in lines])

    def paint_trials(self, painter: QPainter) -> None:
        """Paint the selected trials, the best over the others, then the axes."""
        if self.state.count:
            lines, classes = self._lines_of_trials(), self.classes()
            is_quick = self._drag is not None and len(lines) * len(self.state.axes) > _MANY
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, not is_quick)
            for each, color in enumerate(self.colors()):
                which = np.flatnonzero(self.state.mask & (classes == each))
                painter.setPen(QPen(color, 1))
                painter.drawLines([line for place in which for line in lines[place]])
        plot, height = self._plot(), self.metrics.height()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.state.axes:
            for index, x in enumerate(self._x().tolist()):
                self._paint_axis(painter, x, plot)
                self._paint_texts(painter, index, x, height)

    def _paint_axis(self, painter: QPainter, x: float, plot: QRectF) -> None:
        painter.setPen(QPen(QColor(self._theme.control), 1.5))
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))

    def _paint_texts(self, painter: QPainter, index: int, x: float, line: float) -> None:
        axis, plot = self.state.axes[index], self._plot()
        step = plot.width() / max(len(self.state.axes) - 1, 1)
        room = min(step - 2 * SPACE, 4 * _SIDE) if 0 < index < len(self.state.axes) - 1 else step
        room = min(room, 2 * min(x, self.width() - x))
        title = self.metrics.elidedText(axis.title, Qt.TextElideMode.ElideRight, room)
        painter.setPen(QColor(self._theme.text))
        painter.drawText(
            QRectF(x - room / 2, SPACE, room, line), Qt.AlignmentFlag.AlignCenter, title
        )
        ground = QColor(self._theme.window)
        ground.setAlphaF(0.85)
        for place, text in spaced(axis.ticks(5), plot.height(), lambda _text: line):
            width = self.metrics.horizontalAdvance(text) + SPACE
            y = plot.bottom() - place * plot.height()
            left = x + 2 * SPACE if index < len(self.state.axes) - 1 or index == 0 else x + SPACE
            room_for = QRectF(left, y - line / 2, width, line)
            painter.fillRect(room_for, ground)
            painter.setPen(QColor(self._theme.quiet))
            painter.drawText(room_for, Qt.AlignmentFlag.AlignCenter, text)

    def paint_marks(self, painter: QPainter) -> None:
        """Paint the brushes, and the chosen trial and the one under the mouse over all others."""
        plot, x = self._plot(), self._x()
        fill, edge = QColor(self._theme.accent), QColor(self._theme.accent)
        fill.setAlphaF(0.25)
        for index, (low, high) in self.state.brushes.items():
            top, bottom = (plot.bottom() - end * plot.height() for end in (high, low))
            place = QRectF(float(x[index]) - _BRUSH / 2, top, _BRUSH, max(bottom - top, 1))
            painter.setPen(QPen(edge, 1))
            painter.setBrush(fill)
            painter.drawRect(place)
        if self.hasFocus() and self.state.axes:
            at = float(x[min(self._axis, len(x) - 1)])
            painter.setPen(QPen(edge, 2))
            painter.drawLine(QPointF(at - _GRASP, plot.top()), QPointF(at + _GRASP, plot.top()))
        for place_of, is_chosen in ((self.hovered, False), (self.state.chosen, True)):
            if place_of is not None and place_of < self.state.count:
                color = self._theme.test if is_chosen else self._theme.text
                painter.setPen(QPen(QColor(color), 2))
                painter.drawLines(self._lines_of_trials()[place_of])

    # --- the keys -----------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right go to an axis; Shift with Up or Down selects a part of it."""
        key, keys, last = Qt.Key(event.key()), Qt.Key, len(self.state.axes) - 1
        if key in (keys.Key_Left, keys.Key_Right) and last > 0:
            step = 1 if key == keys.Key_Right else -1
            self._axis = min(max(self._axis + step, 0), last)
            self.setAccessibleDescription(self.state.axes[self._axis].title)
            self.update()
        elif (
            key in (keys.Key_Up, keys.Key_Down)
            and event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            and last > 0
        ):
            low, high = self.state.brushes.get(self._axis, (0.0, 1.0))
            ends = (low + _STEP, high) if key == keys.Key_Up else (low, high - _STEP)
            if ends[0] < ends[1]:
                self.state.brush(self._axis, ends)
        else:
            super().keyPressEvent(event)

    # --- the mouse ----------------------------------------------------------------------------

    def item_at(self, position: QPointF) -> int | None:
        """Return the selected trial whose line passes near."""
        if not self.state.count or not self.state.mask.any():
            return None
        x, y = self._x(), self._y()
        right = int(np.clip(np.searchsorted(x, position.x()), 1, len(x) - 1))
        share = np.clip((position.x() - x[right - 1]) / (x[right] - x[right - 1]), 0, 1)
        distance = np.abs(y[:, right - 1] * (1 - share) + y[:, right] * share - position.y())
        distance[~self.state.mask | ~np.isfinite(distance)] = np.inf
        nearest = int(np.argmin(distance))
        return nearest if distance[nearest] <= _REACH else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to brush on an axis; elsewhere choose a trial."""
        axis = self._axis_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and axis is not None:
            self._drag = axis, event.position().y(), False
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Brush, or mark the trial under the mouse."""
        if self._drag is None:
            on_axis = self._axis_at(event.position()) is not None
            shapes = Qt.CursorShape
            self.setCursor(shapes.SizeVerCursor if on_axis else shapes.ArrowCursor)
            self.hover(None if on_axis else self.item_at(event.position()))
            return
        axis, begin, is_drag = self._drag
        if is_drag or abs(event.position().y() - begin) >= _LEAST_DRAG:
            self._drag = axis, begin, True
            first = self._place_at(QPointF(0, begin))
            self.state.brush(axis, (first, self._place_at(event.position())))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on an axis selects all of it again."""
        drag, self._drag = self._drag, None
        if drag is not None and not drag[2]:
            self.state.brush(drag[0], None)
        if drag is not None:
            self.forget_trials()  # with smooth edges
        super().mouseReleaseEvent(event)
