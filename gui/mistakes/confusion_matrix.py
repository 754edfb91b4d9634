"""Which classes are taken for which: a table of the test set that can be clicked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QSizePolicy

from core.arrays import DIGITS, MAX_CLASSES
from core.colors import Theme
from core.training.evaluation import Evaluation
from core.wording import numeral, percent
from gui.mistakes.confusion_grid import (
    BOTTOM,
    HEADING,
    LEFT,
    RIGHT,
    TOP,
    Cell,
    Grid,
    cell_colors,
    outline,
)
from gui.mistakes.confusion_names import paint_names
from gui.widgets.focus_ring import paint_focus_ring
from gui.widgets.named import named
from gui.widgets.painted_widget import PaintedWidget
from gui.widgets.theme import HINT_SIZE, TEXT_SIZE, tabular

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_CENTER = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip
_WIDEST_NAME = 72
"""Pixels for the name of a row; below the table, it is in full."""
_LARGE_CELL = 40
"""Side from which the counts are set larger."""
_MOVES = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}
_TOOL_TIP = (
    "How often each class is predicted as each other. Correct predictions are on the diagonal, in "
    "blue; mistakes are orange, deeper for a larger share of the row."
)


class ConfusionMatrix(PaintedWidget[Cell]):
    """A row for each true class, and a column for each predicted class.

    Clicking a cell selects it; clicking it again or pressing Escape deselects it. The arrow keys
    move the selection.

    Signals
    -------
    cell_chosen(Cell or None)
        The user has selected another cell, or none.

    Attributes
    ----------
    selected
        The selected cell, or None.
    classes
        The names of the classes.
    grid
        Where the cells are drawn.
    """

    cell_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        named(self, "confusion_matrix", "Confusion matrix of the test set", _TOOL_TIP)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._font = tabular(self.font())
        self._font.setPixelSize(HINT_SIZE)
        self._bold = tabular(self._font)
        self._bold.setWeight(QFont.Weight.DemiBold)
        self._counts: NDArray[np.int64] | None = None
        self._per_digit: list[float | None] = []
        self._colors: list[list[QColor]] = []
        self.classes = DIGITS
        self.grid = Grid(self.width(), self.height())
        self.selected: Cell | None = None

    def show_classes(self, classes: tuple[str, ...]) -> None:
        """Have a row and a column for each of these from now on, without counts at first."""
        if classes != self.classes:
            self.classes = classes
            self.hovered = None
            self.select(None)
            self.show_evaluation(None)
            self._lay_out()

    def show_evaluation(self, evaluation: Evaluation | None) -> None:
        """Show the counts of an evaluation of the test set; None while there is none."""
        if evaluation is not None and len(evaluation.confusion) != len(self.classes):
            evaluation = None  # of a run before, with other data
        self._counts = None if evaluation is None else evaluation.confusion
        self._per_digit = [] if evaluation is None else evaluation.per_class
        self._mix_colors()
        self._describe()
        self.update()

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        super().apply_theme(theme)
        self._mix_colors()

    def select(self, cell: Cell | None) -> None:
        """Select a cell, or none, as if by the user."""
        if cell != self.selected:
            self.selected = cell
            self._describe()
            self.update()
            self.cell_chosen.emit(cell)

    def words(self, cell: Cell) -> str:
        """Return what a cell says, such as "7 predicted as 2: 13 of 1,028 (1.3 %)"."""
        assert self._counts is not None
        digit, guess = cell
        count, total = int(self._counts[cell]), int(self._counts[digit].sum())
        how = "correctly" if digit == guess else f"as {self.classes[guess]}"
        share = f" ({percent(count / total, 1)})" if total else ""
        return f"{self.classes[digit]} predicted {how}: {numeral(count)} of {numeral(total)}{share}"

    def _most_frequent(self, width: int) -> str:
        """Return the most frequent mistake, and how to see its digits if there is room."""
        assert self._counts is not None
        digit, guess = cell = self._worst()
        if not self._counts[cell]:
            return "No mistakes"
        names = self.classes[digit], self.classes[guess]
        often = f"Most often: {names[0]} predicted as {names[1]} ({numeral(self._counts[cell])})"
        both = f"{often}. Click a cell to see its images"
        return both if QFontMetrics(self._font).horizontalAdvance(both) <= width else often

    def _worst(self) -> Cell:
        assert self._counts is not None
        wrong = np.where(np.eye(len(self._counts), dtype=bool), -1, self._counts)
        digit, guess = divmod(int(wrong.argmax()), len(self._counts))
        return digit, guess

    def _describe(self) -> None:
        if self._counts is None:
            self.setAccessibleDescription("No test yet")
        elif self.selected is None:
            self.setAccessibleDescription(self._most_frequent(0))
        else:
            self.setAccessibleDescription(self.words(self.selected))

    def _mix_colors(self) -> None:
        if self._counts is not None:
            self._colors = cell_colors(self._counts, self._theme)

    # --- where things are -----------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Large enough for counts of four figures."""
        width = QFontMetrics(self._font).horizontalAdvance("1,135") + 4
        return QSize(LEFT + MAX_CLASSES * width + RIGHT, TOP + MAX_CLASSES * 26 + BOTTOM)

    def minimumSizeHint(self) -> QSize:
        """Large enough for counts of three figures beside each other, one line below the other."""
        return QSize(LEFT + MAX_CLASSES * 24 + RIGHT, TOP + MAX_CLASSES * HINT_SIZE + BOTTOM)

    def resizeEvent(self, _event: object) -> None:
        """Lay out the cells anew."""
        self._lay_out()

    def _lay_out(self) -> None:
        advance = QFontMetrics(self._bold).horizontalAdvance
        widest = min(max(map(advance, self.classes)), _WIDEST_NAME)
        left = max(LEFT + widest - advance("0"), LEFT)
        self.grid = Grid(self.width(), self.height(), len(self.classes), left)
        if widest > self.grid.pitch[0]:  # then the names of the columns stand
            self.grid = replace(self.grid, heading=widest + 6)

    def fit(self, height: int) -> None:
        """Take no width that would make the cells much wider than high at this height.

        What holds the matrix calls this before it lays out its parts: in the matrix's own
        resizeEvent the cells would be laid out for one width and painted in another.
        """
        of_this_height = round(1.2 * (height - TOP - BOTTOM)) + LEFT + RIGHT
        self.setMaximumWidth(max(self.sizeHint().width(), of_this_height))

    def item_at(self, position: QPointF) -> Cell | None:
        """Return the cell at a position, or None."""
        return None if self._counts is None else self.grid.cell_at(position)

    def tip_at(self, position: QPointF) -> tuple[str, QRect] | None:
        """Describe the cell at a position."""
        cell = self.item_at(position)
        return None if cell is None else (self.words(cell), self.grid.rect(cell))

    # --- painting -------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the headings, the cells, and the words of one of them."""
        if self._counts is None:
            return
        painter = QPainter(self)
        painter.setFont(self._font)
        self._paint_cells(painter, self._counts.tolist())
        self._paint_captions(painter)
        marked = self.hovered or self.selected
        paint_names(painter, self.grid, self.classes, marked, (self._font, self._bold), self._theme)
        grid, theme = self.grid, self._theme
        if self.hovered is not None:
            outline(painter, grid.rect(self.hovered), theme.quiet, 1)
        if self.selected is not None:
            outline(painter, grid.rect(self.selected), theme.text, 2)
        paint_focus_ring(painter, self, QRectF(grid.bounds))

    def _paint_cells(self, painter: QPainter, counts: list[list[int]]) -> None:
        rects = self.grid.rects
        for row, colors in zip(rects, self._colors, strict=True):
            for rect, color in zip(row, colors, strict=True):
                painter.fillRect(rect, color)
        font = QFont(self._font)
        if min(self.grid.pitch) >= _LARGE_CELL:
            font.setPixelSize(TEXT_SIZE)
        painter.setPen(QColor(self._theme.text))
        for row, of_digit, share in zip(rects, counts, self._per_digit, strict=True):
            painter.setFont(font)
            for rect, count in zip(row, of_digit, strict=True):
                if count:
                    painter.drawText(rect, _CENTER, numeral(count))
            painter.setFont(self._font)
            place = row[-1].adjusted(0, 0, RIGHT, 0)
            painter.drawText(place, _RIGHT, percent(share, 1))

    def _paint_captions(self, painter: QPainter) -> None:
        bounds = self.grid.bounds
        painter.setPen(QColor(self._theme.quiet))
        painter.drawText(QRect(bounds.left(), 0, bounds.width(), 16), _CENTER, "Predicted")
        place = QRect(bounds.right(), bounds.top() - HEADING, RIGHT, HEADING)
        painter.drawText(place, _RIGHT, "Correct")
        painter.save()
        painter.translate(0, bounds.bottom())
        painter.rotate(-90)
        painter.drawText(QRect(0, 0, bounds.height(), 14), _CENTER, "True class")
        painter.restore()
        cell = self.hovered or self.selected
        left = self.grid.left
        below = QRect(left, bounds.bottom() + 5, self.width() - left, 16)
        text = self._most_frequent(below.width()) if cell is None else self.words(cell)
        elide = QFontMetrics(self._font).elidedText
        text = elide(text, Qt.TextElideMode.ElideRight, below.width())
        painter.setPen(QColor(self._theme.quiet if cell is None else self._theme.text))
        painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, text)

    # --- the mouse and the keys -----------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the cell under the mouse; pressing it again, or no cell, deselects."""
        if event.button() == Qt.MouseButton.LeftButton:
            cell = self.item_at(event.position())
            self.select(None if cell == self.selected else cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the selection with the arrows; Escape deselects."""
        if self._counts is not None and event.key() in _MOVES:
            self.select(self._neighbor(*_MOVES[Qt.Key(event.key())]))
        elif event.key() == Qt.Key.Key_Escape and self.selected is not None:
            self.select(None)
        else:
            super().keyPressEvent(event)

    def _neighbor(self, down: int, right: int) -> Cell:
        """Return the cell beside the selected one; without any, the most frequent mistake."""
        if self.selected is None:
            return self._worst()
        digit, guess = self.selected[0] + down, self.selected[1] + right
        last = len(self.classes) - 1
        return min(max(digit, 0), last), min(max(guess, 0), last)
