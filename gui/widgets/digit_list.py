"""Small images of digits in rows, of which only those in sight are drawn."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from core.arrays import MAX_CLASSES, SIDE
from core.colors import LIGHT, Theme
from gui.widgets.indexed_image import indexed_image, ink_table
from gui.widgets.theme import HINT_SIZE, tabular

_SIDE = 2 * SIDE
"""An image is drawn twice as large as it is."""

_MARGIN = 1
_LINE = HINT_SIZE + 3
"""Height of the line below an image."""
_BELOW = 7
"""Between a line and the image below it."""

AnyIndex = QModelIndex | QPersistentModelIndex


class Role:
    """What a model gives besides the text below an image."""

    IMAGE = Qt.ItemDataRole.UserRole + 1
    """uint8, (28, 28): 0 is background, 255 is ink."""

    IS_FAULT = Qt.ItemDataRole.UserRole + 2
    """Whether the digit is marked, because something about it is wrong."""

    ITEM = Qt.ItemDataRole.UserRole + 3
    """What the digit is to those who get the list's signals."""


class DigitPainter(QStyledItemDelegate):
    """Draws an image pixel by pixel, and a line of text below it.

    Parameters
    ----------
    gap
        Between the images of two cells side by side.

    Attributes
    ----------
    cell
        The size of each: the image, the line, and the gaps after them.
    """

    def __init__(self, gap: int) -> None:
        super().__init__()
        self.cell = QSize(_SIDE + 2 * _MARGIN + gap, _SIDE + 2 * _MARGIN + _LINE + _BELOW)
        self._font = tabular(QApplication.font())
        self._font.setPixelSize(HINT_SIZE)
        self.apply_theme(LIGHT)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self._theme = theme
        self._colors: list[int] = ink_table(theme).tolist()

    def sizeHint(self, _option: QStyleOptionViewItem, _index: AnyIndex) -> QSize:
        """All are of one size."""
        return self.cell

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Draw one cell."""
        cell: QRect = option.rect
        square = QRect(cell.topLeft() + QPoint(_MARGIN, _MARGIN), QSize(_SIDE, _SIDE))
        painter.drawImage(square, indexed_image(index.data(Role.IMAGE), self._colors))
        theme, is_fault = self._theme, index.data(Role.IS_FAULT)
        state: QStyle.StateFlag = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.drawRect(square)
        else:
            has_focus = state & QStyle.StateFlag.State_HasFocus
            frame = theme.fault if is_fault else theme.accent if has_focus else theme.hairline
            painter.setPen(QColor(frame))
            painter.drawRect(square.adjusted(-1, -1, 0, 0))
        painter.setFont(self._font)
        below = QRect(cell.left(), square.bottom() + 2, cell.width(), _LINE)
        self.paint_line(painter, below, index, is_fault)

    def paint_line(self, painter: QPainter, line: QRect, index: AnyIndex, is_fault: bool) -> None:
        """Draw the text below an image, which is at the left of `line`."""
        painter.setPen(QColor(self._theme.fault if is_fault else self._theme.quiet))
        line.setWidth(_SIDE + 2 * _MARGIN)
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, index.data())


class DigitList(QListView):
    """Shows the digits of a model; keys and a menu are for those that are selected.

    Parameters
    ----------
    painter
        Draws them.
    removal
        What Delete does, in the menu.

    Signals
    -------
    removal_requested(list)
        By the Delete key or the menu, for these items of the model.
    answer_given(list, int)
        By a digit's key or the menu.
    """

    removal_requested = Signal(object)
    answer_given = Signal(object, int)

    def __init__(
        self, model: QAbstractListModel, painter: DigitPainter, removal: str = "Remove"
    ) -> None:
        super().__init__()
        self._painter, self._removal = painter, removal
        painter.setParent(self)
        self.setModel(model)
        self.setItemDelegate(painter)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(painter.cell.height())
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self._painter.apply_theme(theme)
        self.viewport().update()

    def selected(self) -> list[Any]:
        """Return the selected items of the model, in its order."""
        indexes = sorted(self.selectedIndexes(), key=QModelIndex.row)
        return [index.data(Role.ITEM) for index in indexes]

    # --- keys and the menu ------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Keep the window's shortcuts from taking a key that is meant for the selection."""
        if event.type() == QEvent.Type.ShortcutOverride:
            assert isinstance(event, QKeyEvent)
            if self.selectedIndexes() and _is_ours(event):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete removes, and a digit's key is the right answer."""
        items = self.selected()
        if not items or not _is_ours(event):
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removal_requested.emit(items)
        else:
            self.answer_given.emit(items, event.key() - Qt.Key.Key_0)

    @Slot(QPoint)
    def _show_menu(self, position: QPoint) -> None:
        if self.selectedIndexes():
            menu = self.make_menu()
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(self.viewport().mapToGlobal(position))

    def make_menu(self) -> QMenu:
        """Return what can be done with the selection."""
        items = self.selected()
        menu = QMenu(self)
        remove = menu.addAction(f"{self._removal}\tDel")
        remove.triggered.connect(lambda: self.removal_requested.emit(items))
        answers = menu.addMenu("It is a …")
        for digit in range(MAX_CLASSES):
            answer = answers.addAction(f"{digit}\t{digit}")
            answer.triggered.connect(lambda _=False, d=digit: self.answer_given.emit(items, d))
        return menu


def _is_ours(event: QKeyEvent) -> bool:
    if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        return False
    digits = range(Qt.Key.Key_0, Qt.Key.Key_9 + 1)
    return event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, *digits)
