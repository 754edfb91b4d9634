"""A widget that shows typeset formulas."""

from __future__ import annotations

import math
from collections.abc import Iterable

from PySide6.QtCore import QSize
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.maths.formula_boxes import Box
from gui.maths.formula_markup import plain, typeset, wrapped
from gui.widgets.painted_interface import show_as
from gui.widgets.theme import SPACE, TITLE_SIZE


class FormulaLabel(QWidget):
    """Shows formulas, one under the other, broken where they are too long."""

    def __init__(self) -> None:
        super().__init__()
        show_as(self, QAccessible.Role.StaticText)
        self.formulas: tuple[str, ...] = ()
        self._size = TITLE_SIZE
        # Not fixed in height, which would be that of the formulas in one line each.
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_formulas(self, formulas: Iterable[str], size: int) -> None:
        """Show these, in type of that many pixels."""
        self.formulas = tuple(formulas)
        self._size = size
        self.setAccessibleDescription("; ".join(plain(formula) for formula in self.formulas))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as the widest formula."""
        widest = max((typeset(f, self._size).width for f in self.formulas), default=0.0)
        return QSize(math.ceil(widest), self.heightForWidth(math.ceil(widest) + 1))

    def minimumSizeHint(self) -> QSize:
        """Any width will do: formulas are broken."""
        return QSize(0, 0)

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines."""
        return math.ceil(sum(box.above + box.below + SPACE for box in self._lines(width)))

    def _lines(self, width: int) -> list[Box]:
        return [line for f in self.formulas for line in wrapped(f, self._size, width)]

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the formulas."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        y = 0.0
        for line in self._lines(self.width()):
            line.paint(painter, 0, y + line.above)
            y += line.above + line.below + SPACE
