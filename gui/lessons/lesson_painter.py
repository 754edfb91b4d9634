"""The rows in the list of lessons: title, tick, minutes and promise."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QListWidget, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from core.colors import LIGHT, Theme
from gui.widgets.theme import HINT_SIZE, SPACE

_AnyIndex = QModelIndex | QPersistentModelIndex
_FLAGS = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
_TICK = ((0.1, 0.55), (0.4, 0.85), (0.95, 0.15))
"""Corners, in shares of its square."""

ABOUT_ROLE = Qt.ItemDataRole.UserRole
"""Minutes and promise, as one text; "" without any."""
DONE_ROLE = Qt.ItemDataRole.UserRole + 1


class LessonPainter(QStyledItemDelegate):
    """Draws the title, a tick if the lesson is done, and below it what the lesson promises."""

    def __init__(self, view: QListWidget) -> None:
        super().__init__(view)
        self._view = view
        self._theme = LIGHT

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self._theme = theme
        self._view.viewport().update()

    def sizeHint(self, option: QStyleOptionViewItem, index: _AnyIndex) -> QSize:
        """Return a height that all lines fit into."""
        width = self._view.viewport().width()
        title = QFontMetrics(option.font).height()
        about = self._about_rect(QRect(0, 0, width, 0), index).height()
        return QSize(0, title + about + 3 * SPACE)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _AnyIndex) -> None:
        """Draw one row."""
        background = QStyleOptionViewItem(option)
        self.initStyleOption(background, index)
        background.text = ""
        self._view.style().drawControl(
            QStyle.ControlElement.CE_ItemViewItem, background, painter, self._view
        )
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row: QRect = option.rect
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        theme = self._theme
        title_color, about_color, tick_color = (
            3 * (theme.on_accent,) if is_selected else (theme.text, theme.quiet, theme.accent)
        )
        metrics = QFontMetrics(option.font)
        top = row.adjusted(SPACE, SPACE, -SPACE, 0)
        top.setHeight(metrics.height())
        if index.data(DONE_ROLE):
            painter.setPen(QPen(QColor(tick_color), 2))
            _paint_tick(painter, QRect(top.right() - HINT_SIZE, top.top(), HINT_SIZE, HINT_SIZE))
        top.setRight(top.right() - HINT_SIZE - SPACE)
        painter.setFont(option.font)
        painter.setPen(QColor(title_color))
        title = metrics.elidedText(index.data(), Qt.TextElideMode.ElideRight, top.width())
        painter.drawText(top, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)
        painter.setFont(self._about_font())
        painter.setPen(QColor(about_color))
        below = row.translated(0, SPACE + metrics.height())
        painter.drawText(self._about_rect(below, index), _FLAGS, index.data(ABOUT_ROLE))
        painter.restore()

    def _about_font(self) -> QFont:
        font = QFont(self._view.font())
        font.setPixelSize(HINT_SIZE)
        return font

    def _about_rect(self, row: QRect, index: _AnyIndex) -> QRect:
        """Return where minutes and promise are, at the top of `row`, below the title's words."""
        left = row.left() + SPACE + QFontMetrics(self._view.font()).horizontalAdvance("00   ")
        if not (about := index.data(ABOUT_ROLE)):
            return QRect(left, row.top(), 0, 0)
        space = QRect(left, row.top(), row.right() - SPACE - left, 10_000)
        return QFontMetrics(self._about_font()).boundingRect(space, int(_FLAGS), about)


def _paint_tick(painter: QPainter, box: QRect) -> None:
    corner, size = QPointF(box.topLeft()), box.width()
    painter.drawPolyline(QPolygonF([corner + QPointF(x * size, y * size) for x, y in _TICK]))
