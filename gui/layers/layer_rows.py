"""A row of small plots for each layer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QMoveEvent, QPainter, QPaintEvent, QResizeEvent

from core.network.activations import ACTIVATIONS
from core.training.layer_statistics import LayerRecord
from core.wording import numeral
from gui.layers.diagnosis_box import SIGN, paint_warning_sign
from gui.layers.layer_panels import (
    PANELS,
    PanelPainter,
    Scale,
    caption,
    explanation,
    has_data,
    scales,
)
from gui.layers.layer_series import LayerSeries, layer_series, thinned
from gui.widgets.named import named
from gui.widgets.painted_widget import PaintedWidget
from gui.widgets.theme import HINT_SIZE, TEXT_SIZE, tabular

HEADER = 20
"""Height of the columns' titles, which stay visible when the rows are scrolled."""
_NAME = 76
"""Width of the names of the layers."""
_AXIS, _GAP, _RIGHT, _BESIDE = 40, 4, 4, 12
"""Width of the ends of a y axis, and what is free between it and its plot, at the right, and
between two panels."""
_CAPTION = 16
_BELOW = 8
_LOWEST, _HIGHEST = 76, 220
"""Of a line of plots, with its caption and what is free below."""
_NARROWEST = 116
"""Of a plot with its axis, so that titles and captions have room; else there are two lines a layer,
with the titles beside the captions."""

_RIGHT_EDGE = Qt.AlignmentFlag.AlignRight
# Put together once, as each time takes as long as to draw a line.
_TOP_RIGHT = _RIGHT_EDGE | Qt.AlignmentFlag.AlignTop
_MIDDLE_RIGHT = _RIGHT_EDGE | Qt.AlignmentFlag.AlignVCenter
_MIDDLE_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_BOTTOM_RIGHT = _RIGHT_EDGE | Qt.AlignmentFlag.AlignBottom


@dataclass(frozen=True)
class Hit:
    """The panel at a place, and the index of the record there; all count from 0."""

    row: int
    column: int
    index: int


class LayerRows(PaintedWidget[Hit]):
    """Small plots over time, a row a layer, with the newest value above each."""

    def __init__(self) -> None:
        super().__init__()
        named(self, "layer_rows", "Metrics of each layer over time")
        self.setMouseTracking(True)
        self._font = tabular(self.font())
        self._font.setPixelSize(HINT_SIZE)
        self._name_font = QFont(self.font())
        self._name_font.setPixelSize(TEXT_SIZE)
        self._name_font.setWeight(QFont.Weight.DemiBold)
        self.layers: tuple[LayerSeries, ...] = ()
        self._records: Sequence[LayerRecord] = ()
        self._scales: list[tuple[Scale, ...]] = []
        self._marked: Collection[int] = ()
        self._right = 1.0

    def show_records(self, records: Sequence[LayerRecord], marked: Collection[int]) -> None:
        """Draw these records, oldest first, with a warning sign at the `marked` layers."""
        self._records = records
        self._marked = marked
        self._right = float(records[-1].step) if records else 1.0
        self.hovered = None
        self._load()
        self._fit()
        self.setAccessibleDescription("; ".join(map(self._in_words, range(len(self.layers)))))
        self.update()

    def _load(self) -> None:
        """Keep as many steps as there are pixels for; the scales have room for the others, too."""
        layers = layer_series(self._records)
        self._scales = [scales(panel, layers) for panel in PANELS] if layers else []
        width = self.plot_rect(0, 0).width()
        self.layers = tuple(thinned(layer, self._right, width) for layer in layers)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose anew which steps there is room for."""
        self._load()
        self._fit()

    def _fit(self) -> None:
        self.setMinimumHeight(self._header + len(self.layers) * self._lines * _LOWEST)

    def _in_words(self, row: int) -> str:
        layer = self.layers[row]
        metrics = (f"{panel.title.lower()} {caption(panel, layer)}" for panel in PANELS)
        return f"{layer.name}: {', '.join(metrics)}"

    # --- where things are -----------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """As high as the rows need, at the width of the tab in a small window."""
        return QSize(690, HEADER + len(self.layers) * _LOWEST)

    @property
    def _lines(self) -> int:
        """How many lines the plots of a layer take: two where one would be too narrow."""
        return 1 if self.width() - _NAME - _RIGHT >= _NARROWEST * len(PANELS) else 2

    @property
    def _header(self) -> int:
        """Height of the columns' titles; two lines a layer have theirs above each plot."""
        return HEADER if self._lines == 1 else 0

    def _line_height(self) -> int:
        lines = max(len(self.layers), 1) * self._lines
        return min(max((self.height() - self._header) // lines, _LOWEST), _HIGHEST)

    def _row_height(self) -> int:
        return self._lines * self._line_height()

    def plot_rect(self, row: int, column: int) -> QRect:
        """Return where a panel's plot is, without the caption and the axis."""
        columns = len(PANELS) // self._lines
        line, column = divmod(column, columns)
        pitch = (self.width() - _NAME - _RIGHT + _BESIDE) / columns
        left = _NAME + round(column * pitch) + _AXIS + _GAP
        right = _NAME + round((column + 1) * pitch) - _BESIDE
        height = self._line_height()
        top = self._header + row * self._row_height() + line * height + _CAPTION
        return QRect(left, top, max(right - left, 3), height - _CAPTION - _BELOW)

    def _titles(self, column: int) -> list[QRect]:
        """Return where a panel's title is: at the top, or in two lines above each plot."""
        if self._lines == 1 and self.layers:
            plot, top = self.plot_rect(0, column), max(-self.y(), 0)
            return [QRect(plot.left() - _AXIS, top, plot.width() + _AXIS, HEADER)]
        plots = (self.plot_rect(row, column) for row in range(len(self.layers)))
        return [
            QRect(plot.left() - _AXIS, plot.top() - _CAPTION, plot.width() + _AXIS, _CAPTION)
            for plot in plots
        ]

    def item_at(self, position: QPointF) -> Hit | None:
        """Return the panel at a position, and which of its records is nearest, or None."""
        for row, layer in enumerate(self.layers):
            for column in range(len(PANELS)):
                plot = self.plot_rect(row, column)
                if plot.adjusted(-_AXIS, -_CAPTION, 0, 0).contains(position.toPoint()):
                    step = (position.x() - plot.left()) / plot.width() * self._right
                    return Hit(row, column, int(np.abs(layer.steps - step).argmin()))
        return None

    # --- painting -------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the visible rows, and the titles above them."""
        painter = QPainter(self)
        painter.setFont(self._font)
        panel_painter = PanelPainter(painter, self._theme, self._right)
        height = self._row_height()
        for row in range(len(self.layers)):
            top = self._header + row * height
            if event.rect().intersects(QRect(0, int(top), self.width(), int(height))):
                self._paint_name(painter, row, top)
                self._paint_row(painter, panel_painter, row)
        if self.layers and self._header:
            self._paint_header(painter)

    def _paint_name(self, painter: QPainter, row: int, top: float) -> None:
        layer, theme = self.layers[row], self._theme
        painter.setFont(self._name_font)
        painter.setPen(QColor(theme.text))
        painter.drawText(QPointF(0, top + _CAPTION + 11), layer.name)
        if row in self._marked:
            left = painter.fontMetrics().horizontalAdvance(layer.name) + _GAP
            paint_warning_sign(painter, QRectF(left, top + _CAPTION - 2, SIGN, SIGN), theme)
        painter.setFont(self._font)
        painter.setPen(QColor(theme.quiet))
        newest = layer.metrics[-1]
        size = f"{numeral(newest['fan_in'])} → {numeral(newest['units'])}"
        title = ACTIVATIONS[layer.activation].title if layer.activation else ""
        for line, text in enumerate((size, title)):
            painter.drawText(QPointF(0, top + _CAPTION + 27 + 15 * line), text)

    def _paint_row(self, painter: QPainter, panel_painter: PanelPainter, row: int) -> None:
        layer, theme = self.layers[row], self._theme
        for column, panel in enumerate(PANELS):
            plot, scale = self.plot_rect(row, column), self._scales[column][row]
            panel_painter.paint(panel, layer, scale, plot)
            painter.setPen(QColor(theme.text))
            left = plot.left() - _AXIS
            above = QRect(left, plot.top() - _CAPTION, plot.right() + 1 - left, _CAPTION)
            painter.drawText(above, _MIDDLE_RIGHT, caption(panel, layer))
            if self._lines > 1:
                painter.setPen(QColor(theme.quiet))
                painter.drawText(above, _MIDDLE_LEFT, panel.title)
            if not has_data(panel, layer):
                continue
            painter.setPen(QColor(theme.quiet))
            if self.hovered is not None:
                x = self._cursor(plot, self.hovered)
                painter.drawLine(x, plot.top() + 1, x, plot.bottom() - 1)
            axis = QRect(left - _GAP, plot.top() - 2, _AXIS, plot.height() + 4)
            low, high = scale.labels()
            painter.drawText(axis, _TOP_RIGHT, high)
            painter.drawText(axis, _BOTTOM_RIGHT, low)

    def _cursor(self, plot: QRect, hovered: Hit) -> int:
        """Return where the step under the mouse is in a panel."""
        step = float(self.layers[hovered.row].steps[hovered.index])
        return plot.left() + 1 + round(step / self._right * (plot.width() - 3))

    def _paint_header(self, painter: QPainter) -> None:
        # Where the scroll area's top is.
        top = max(-self.y(), 0)
        painter.fillRect(0, top, self.width(), HEADER, QColor(self._theme.window))
        painter.setPen(QColor(self._theme.quiet))
        for column, panel in enumerate(PANELS):
            painter.drawText(self._titles(column)[0], _MIDDLE_RIGHT, panel.title)

    def moveEvent(self, event: QMoveEvent) -> None:
        """Draw the titles at the top of the visible part."""
        self.update()

    # --- the mouse ------------------------------------------------------------------------

    def tip_at(self, position: QPointF) -> tuple[str, QRect]:
        """Return the exact values under the mouse."""
        return self.explanation_at(position.toPoint()), QRect()

    def explanation_at(self, place: QPoint) -> str:
        """Return the exact values at a place, or what the column there is; "" beside them all."""
        for column, panel in enumerate(PANELS):
            if any(of.contains(place) for of in self._titles(column)):
                return f"{panel.title}: {panel.tool_tip}"
        hit = self.item_at(QPointF(place))
        if hit is not None:
            return explanation(PANELS[hit.column], self.layers[hit.row], hit.index)
        return ""
