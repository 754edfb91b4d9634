"""The cells of the runs' table that are drawn: tick boxes in a curve's color, and small curves."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from core.arrays import Floats
from core.colors import LIGHT, Theme
from core.runs.run_record import RunRecord
from core.runs.search_record import SearchRecord
from gui.runs.run_cells import RECORD_ROLE
from gui.runs.run_columns import CURVE, TICK, Listed
from gui.runs.runs_model import RunsModel
from gui.widgets.theme import SPACE

_AnyIndex = QModelIndex | QPersistentModelIndex
_BOX = 14
_MOST_ERRORS, _FEWEST_ERRORS = 0.9, 0.003
"""Shares of errors at the bottom and the top of a small curve."""


class RunPainter(QStyledItemDelegate):
    """Draws the tick box and the curve of each run; all curves have the same scale."""

    def __init__(self, model: RunsModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self._theme = LIGHT

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _AnyIndex) -> None:
        """Draw a cell of the columns TICK and CURVE."""
        cell: QRect = option.rect
        state: QStyle.StateFlag = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(cell, QColor(self._theme.hairline))
        record: Listed = index.data(RECORD_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(record, SearchRecord):
            if index.column() == TICK:
                is_open = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
                self._paint_arrow(painter, QRectF(cell).center(), is_open)
        elif index.column() == CURVE:
            self._paint_curve(painter, QRectF(cell).adjusted(SPACE, SPACE, -SPACE, -SPACE), record)
        elif index.column() == TICK:
            self._paint_tick(painter, QRectF(cell).center(), record.id)
        painter.restore()

    def _paint_curve(self, painter: QPainter, area: QRectF, record: RunRecord) -> None:
        heights = thumbnail_heights(record.thumbnail)
        if len(heights) < 2:
            return
        x = area.left() + np.linspace(0, area.width(), len(heights))
        y = area.bottom() - heights * area.height()
        points = [QPointF(*point) for point in zip(x.tolist(), y.tolist(), strict=True)]
        painter.setPen(QPen(QColor(self._color(record.id) or self._theme.quiet), 1.25))
        painter.drawPolyline(QPolygonF(points))

    def _paint_tick(self, painter: QPainter, middle: QPointF, run: str) -> None:
        color = self._color(run)
        box = QRectF(0, 0, _BOX, _BOX)
        box.moveCenter(middle)
        if run == self._model.present:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.test))
            painter.drawEllipse(box.adjusted(3, 3, -3, -3))
        elif color is None:
            painter.setPen(QPen(QColor(self._theme.control), 1))
            painter.setBrush(QColor(self._theme.surface))
            painter.drawRoundedRect(box, 3, 3)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(color))
            painter.drawRoundedRect(box, 3, 3)
            painter.setPen(QPen(QColor(self._theme.surface), 2))
            painter.drawPolyline(
                QPolygonF([middle + QPointF(*by) for by in ((-3.5, 0), (-1, 2.5), (3.5, -2.5))])
            )

    def _paint_arrow(self, painter: QPainter, middle: QPointF, is_open: bool) -> None:
        painter.setPen(QPen(QColor(self._theme.quiet), 1.5))
        corners = ((-4, -2), (0, 2), (4, -2)) if is_open else ((-2, -4), (2, 0), (-2, 4))
        painter.drawPolyline(QPolygonF([middle + QPointF(*by) for by in corners]))

    def _color(self, run: str) -> str | None:
        """Return the color of a run's overlaid curves; None if they are not overlaid."""
        if run == self._model.present:
            return self._theme.test
        place = self._model.ticked.get(run)
        return None if place is None else self._theme.overlays[place]

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _AnyIndex) -> QSize:
        """Return the box with room around it."""
        return QSize(_BOX + 2 * SPACE, _BOX + 2 * SPACE)

    def editorEvent(
        self, event: QEvent, model: object, option: QStyleOptionViewItem, index: _AnyIndex
    ) -> bool:
        """Tick or untick, wherever in the cell the mouse is released."""
        is_click = (
            event.type() == QEvent.Type.MouseButtonRelease
            and isinstance(event, QMouseEvent)
            and event.button() == Qt.MouseButton.LeftButton
        )
        if is_click and index.column() == TICK:
            toggle(index)
        return is_click


def toggle(index: _AnyIndex) -> None:
    """Tick or untick the run of a cell in the column TICK, or open or close the search."""
    if index.flags() & Qt.ItemFlag.ItemIsUserCheckable:
        is_on = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        state = Qt.CheckState.Unchecked if is_on else Qt.CheckState.Checked
        index.model().setData(index, state, Qt.ItemDataRole.CheckStateRole)


def thumbnail_heights(accuracy: Floats) -> Floats:
    """Return the heights of a curve of test accuracies, 0…1, (n,).

    Logarithmic in the share of errors, because good runs differ only in the last percent.
    """
    errors = np.clip(1 - accuracy, _FEWEST_ERRORS, _MOST_ERRORS)
    heights: Floats = np.log(_MOST_ERRORS / errors) / np.log(_MOST_ERRORS / _FEWEST_ERRORS)
    return heights
