"""The names of the classes at the rows and the columns of the confusion matrix."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from core.colors import Theme
from core.wording import Classes
from gui.mistakes.confusion_grid import HEADING, LEFT, Cell, Grid

_LYING = Qt.AlignmentFlag.AlignCenter
_STANDING = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_LEAST = 12
"""In a narrower place, a name of one letter would be cut."""


def paint_names(
    painter: QPainter,
    grid: Grid,
    classes: Classes,
    marked: Cell | None,
    fonts: tuple[QFont, QFont],
    theme: Theme,
) -> None:
    """Write the names; those of the marked cell in bold, the second of the fonts.

    The names of the columns stand where the grid leaves the height for that.
    """

    def write(name: str, place: QRect, is_marked: bool, flags: Qt.AlignmentFlag) -> None:
        painter.setFont(fonts[is_marked])
        painter.setPen(QColor(theme.text if is_marked else theme.quiet))
        width, end = max(place.width(), _LEAST), Qt.TextElideMode.ElideRight
        painter.drawText(place, flags, painter.fontMetrics().elidedText(name, end, width))

    marked_row, marked_column = marked or (-1, -1)
    wide, heading, is_standing = grid.left - LEFT + 12, grid.heading, grid.heading > HEADING
    for place, name in enumerate(classes):
        cell = grid.rect((place, place))
        row = QRect(grid.left - 4 - wide, cell.top(), wide, cell.height())
        write(name, row, place == marked_row, _LYING)
        painter.save()
        painter.translate(cell.left(), grid.top)
        if is_standing:
            painter.rotate(-90)
            write(name, QRect(3, 0, heading - 3, cell.width()), place == marked_column, _STANDING)
        else:
            above = QRect(0, -heading, cell.width(), heading)
            write(name, above, place == marked_column, _LYING)
        painter.restore()
