"""A stage's numbers: a row each, in columns, with the sum under a line."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize
from PySide6.QtGui import QAccessible, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from core.maths.stage import Row
from gui.maths.formula_boxes import Box
from gui.maths.formula_markup import number, plain, typeset
from gui.widgets.painted_widget import PaintedWidget
from gui.widgets.theme import SPACE, TEXT_SIZE

_GAP = 4 * SPACE
"""Between two columns."""
_BAR = 15 * SPACE
"""Width of the bars that show how large the terms of a sum are."""
_WIDEST = "−00.0000"
"""Columns are this wide from the start, and do not get narrower while the rows stay the same."""
_HEADING = 0.85
"""Size of the headings, relative to the rows'."""


class Ledger(PaintedWidget[None]):
    """Rows of numbers, right-aligned; long sums have a bar for each term."""

    accessible_role = QAccessible.Role.StaticText

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[Row, ...] = ()
        self._columns: tuple[str, ...] = ()
        self._size = TEXT_SIZE
        self._decimals = 4
        self._names: list[Box] = []
        self._cells: list[list[Box]] = []
        self._headings: list[Box] = []
        self._widths: list[float] = []
        self._kind: object = None
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)

    def show_rows(
        self, columns: Sequence[str], rows: Sequence[Row], size: int, decimals: int = 4
    ) -> None:
        """Show these rows in type of `size` pixels; headings are markup."""
        kind = tuple(columns), len(rows), size
        least = self._widths if kind == self._kind else []
        self._kind = kind
        self.rows, self._columns = tuple(rows), tuple(columns)
        self._size, self._decimals = size, decimals
        self._headings = [typeset(column, size * _HEADING) for column in columns]
        self._names = [typeset(row.name, size) for row in rows]
        self._cells = [[typeset(text, size) for text in self._texts(row)] for row in rows]
        beneath = zip(self._headings, *self._cells, strict=True)
        usual = typeset(_WIDEST, size).width
        least = least or [usual] * len(columns)
        self._widths = [
            max(before, *(box.width for box in column))
            for before, column in zip(least, beneath, strict=True)
        ]
        lines = [f"{plain(row.name)} {' '.join(map(plain, self._texts(row)))}" for row in rows]
        self.setAccessibleDescription("; ".join(lines))
        self.updateGeometry()
        self.update()

    def _texts(self, row: Row) -> list[str]:
        return ["" if cell is None else number(cell, self._decimals) for cell in row.cells]

    # --- where things are ------------------------------------------------------------------

    @property
    def _pitch(self) -> int:
        """Height of a row."""
        return round(1.4 * self._size)

    @property
    def _has_headings(self) -> bool:
        return any(self._columns)

    @property
    def _has_bars(self) -> bool:
        return sum(row.kind == "term" for row in self.rows) > 3

    def sizeHint(self) -> QSize:
        """As large as the rows, and the bars beside them."""
        if not self.rows:
            return QSize(0, 0)
        width = 2 * SPACE + max(box.width for box in self._names)
        width += sum(_GAP + column for column in self._widths)
        width += (_GAP + _BAR) * self._has_bars
        height = (len(self.rows) + self._has_headings) * self._pitch + 2 * SPACE
        return QSize(math.ceil(width) + SPACE, height)

    # --- painting --------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw headings, rows and bars."""
        if not self.rows:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        right = self._right_edges()
        y = 0.0
        if self._has_headings:
            painter.setPen(QColor(self._theme.quiet))
            for box, edge in zip(self._headings, right, strict=True):
                box.paint(painter, edge - box.width, 0.72 * self._pitch)
            y += self._pitch
        for index, row in enumerate(self.rows):
            if row.kind == "total":
                y += SPACE
                painter.setPen(QPen(QColor(self._theme.quiet), 1))
                painter.drawLine(QLineF(0, y - 1.5, right[-1], y - 1.5))
            self._paint_row(painter, index, y, right)
            y += self._pitch

    def _right_edges(self) -> list[float]:
        edges, x = [], 2 * SPACE + max(box.width for box in self._names)
        for width in self._widths:
            x += _GAP + width
            edges.append(x)
        return edges

    def _paint_row(self, painter: QPainter, index: int, y: float, right: list[float]) -> None:
        row, theme = self.rows[index], self._theme
        if row.is_chosen:
            band = QRectF(0, y, right[-1] + SPACE, self._pitch)
            painter.fillRect(band, QColor(theme.accent_surface))
            painter.fillRect(QRectF(0, y, 3, self._pitch), QColor(theme.accent))
        painter.setPen(QColor(theme.quiet if row.kind == "rest" else theme.text))
        base = y + 0.72 * self._pitch
        self._names[index].paint(painter, 2 * SPACE, base)
        for box, edge in zip(self._cells[index], right, strict=True):
            box.paint(painter, edge - box.width, base)
        if self._has_bars and row.kind != "total":
            self._paint_bar(painter, row.cells[-1] or 0.0, y, right[-1] + _GAP)

    def _paint_bar(self, painter: QPainter, value: float, y: float, x: float) -> None:
        """Draw a bar from the middle, to the right for what adds and to the left for the rest."""
        largest = max(abs(row.cells[-1] or 0.0) for row in self.rows if row.kind != "total")
        middle = x + _BAR / 2
        painter.setPen(QPen(QColor(self._theme.hairline), 1))
        painter.drawLine(QPointF(middle, y), QPointF(middle, y + self._pitch))
        if largest > 0 and math.isfinite(value / largest):
            length = value / largest * _BAR / 2
            color = self._theme.positive if value > 0 else self._theme.negative
            bar = QRectF(middle, y + 0.3 * self._pitch, length, 0.4 * self._pitch)
            painter.fillRect(bar.normalized(), QColor(color))
