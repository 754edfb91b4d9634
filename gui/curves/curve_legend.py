"""The legend of a plot."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsObject

from gui.widgets.literal_text import literal
from gui.widgets.theme import HINT_SIZE, LIGHT, SPACE, Theme

_SAMPLE_WIDTH = 20
_TITLE_WIDTH = 80, 220
"""Least and greatest width of a title in pixels; a longer one is cut short."""
_ROW_HEIGHT = 15
_ONE_COLUMN = 7
"""With more entries there are two columns, so that they fit into the lowest plot."""


@dataclass(eq=False)
class LegendKey:
    """How the line of an entry looks: its pen, and whether it is vertical."""

    pen: QPen = field(default_factory=QPen)
    is_upright: bool = False


class CurveLegend(QGraphicsObject):
    """The legend of one plot, in a corner; it can be dragged.

    Parameters
    ----------
    offset
        Pixels from the left and top of the plot, or from the right and bottom where negative.
    """

    def __init__(self, plot: pg.PlotWidget, offset: tuple[int, int]) -> None:
        self._view = plot.getViewBox()
        super().__init__(self._view)
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsMovable)
        self.setZValue(1)  # over the curves
        self._view.sigResized.connect(self._place)
        self._offset = offset
        self._theme = LIGHT
        self._font = QFont(plot.font())
        self._font.setPixelSize(HINT_SIZE)
        self._metrics = QFontMetrics(self._font)
        self._entries: list[tuple[LegendKey, str, str]] = []  # with title and tool tip
        self._texts: list[str] = []
        self._columns = self._rows = 1
        self._column_width = 0.0
        self._bounds = QRectF()

    @property
    def titles(self) -> list[str]:
        """Titles of the entries."""
        return [title for _key, title, _tool_tip in self._entries]

    def add(self, key: LegendKey, title: str, tool_tip: str = "") -> None:
        """List a line; a long `title` is cut short, and complete in the tool tip."""
        self._entries.append((key, title, tool_tip or title))
        self._arrange()

    def remove(self, key: LegendKey) -> None:
        """Remove a line."""
        self._entries = [entry for entry in self._entries if entry[0] is not key]
        self._arrange()

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`; the pens of the keys must have them already."""
        self._theme = theme
        self.update()

    def _arrange(self) -> None:
        self.setToolTip(literal("\n".join(tool_tip for *_, tool_tip in self._entries)))
        self._place()
        self.update()

    @Slot()
    def _place(self) -> None:
        self.prepareGeometryChange()
        self._measure()
        x, y = self._offset
        room, size = self._view.size(), self._bounds
        self.setPos(
            x if x >= 0 else room.width() + x - size.width(),
            y if y >= 0 else room.height() + y - size.height(),
        )

    def _measure(self) -> None:
        """Shorten the texts so that two columns fit, and compute the size."""
        least, most = _TITLE_WIDTH
        room = min(max(int(self._view.width()) // 2 - _SAMPLE_WIDTH - 6 * SPACE, least), most)
        mode = Qt.TextElideMode.ElideRight
        self._texts = [self._metrics.elidedText(title, mode, room) for title in self.titles]
        longest = max(map(self._metrics.horizontalAdvance, self._texts), default=0)
        self._columns = 1 if len(self._texts) <= _ONE_COLUMN else 2
        self._rows = -(-len(self._texts) // self._columns)
        self._column_width = _SAMPLE_WIDTH + 3 * SPACE + longest
        self._bounds = QRectF(0, 0, self._columns * self._column_width, self._rows * _ROW_HEIGHT)

    def boundingRect(self) -> QRectF:
        """As large as the entries need; Qt asks at every frame."""
        return self._bounds

    def paint(self, painter: QPainter, *_: object) -> None:
        """Draw the entries, column by column."""
        background = QColor(self._theme.surface)
        background.setAlphaF(0.8)
        painter.fillRect(self.boundingRect(), background)
        painter.setFont(self._font)
        for index, text in enumerate(self._texts):
            column, row = divmod(index, self._rows)
            corner = QPointF(column * self._column_width + SPACE, row * _ROW_HEIGHT)
            self._paint_sample(painter, self._entries[index][0], corner)
            painter.setPen(QColor(self._theme.text))
            painter.drawText(
                QRectF(
                    corner.x() + _SAMPLE_WIDTH + SPACE, corner.y(), self._column_width, _ROW_HEIGHT
                ),
                Qt.AlignmentFlag.AlignVCenter,
                text,
            )

    def _paint_sample(self, painter: QPainter, key: LegendKey, corner: QPointF) -> None:
        middle = corner + QPointF(_SAMPLE_WIDTH // 2, _ROW_HEIGHT // 2)
        half = QPointF(0, _ROW_HEIGHT // 2 - 1) if key.is_upright else QPointF(_SAMPLE_WIDTH / 2, 0)
        painter.setPen(key.pen)
        painter.drawLine(QLineF(middle - half, middle + half))
