"""A user's drawings as small images, of which only those in sight are drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
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
    QFrame,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from core.arrays import CLASSES, SIDE
from core.my_digits.my_digits import MyDigit
from gui.widgets.indexed_image import indexed_image, ink_table
from gui.widgets.locale import short_date
from gui.widgets.theme import HINT_SIZE, LIGHT, Theme, tabular

_SIDE = 2 * SIDE
CELL = QSize(_SIDE + 10, _SIDE + 24)
"""The image, twice as large as it is, the line below it, and the gaps after them."""

_MARGIN = 1
_AnyIndex = QModelIndex | QPersistentModelIndex


class MyDigitsModel(QAbstractListModel):
    """The drawings, the latest first, and what the network takes them for."""

    def __init__(self) -> None:
        super().__init__()
        self._items: tuple[MyDigit, ...] = ()
        self._predictions: Mapping[MyDigit, int] = {}

    def show(self, items: Sequence[MyDigit], predictions: Mapping[MyDigit, int]) -> None:
        """Take over what is there now; `items` in the order of drawing."""
        latest_first = tuple(reversed(items))
        self._predictions = predictions
        if latest_first == self._items:
            self.dataChanged.emit(self.index(0), self.index(len(self._items) - 1))
            return
        self.beginResetModel()
        self._items = latest_first
        self.endResetModel()

    def item(self, index: _AnyIndex) -> MyDigit:
        """Return the drawing at a place."""
        return self._items[index.row()]

    def wrong_prediction(self, item: MyDigit) -> int | None:
        """Return what the network wrongly takes a drawing for; None if it is right or unknown."""
        prediction = self._predictions.get(item, item.digit)
        return None if prediction == item.digit else prediction

    def rowCount(self, parent: _AnyIndex | None = None) -> int:
        """Return how many drawings there are."""
        return 0 if parent is not None and parent.isValid() else len(self._items)

    def data(self, index: _AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a drawing is called: on the screen, in its tool tip, and read out."""
        item = self.item(index)
        wrong = self.wrong_prediction(item)
        if role == Qt.ItemDataRole.DisplayRole:
            return str(item.digit) if wrong is None else f"{item.digit}→{wrong}"
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            read = "" if wrong is None else f"; the network predicts {wrong}"
            return f"A {item.digit}{_when(item)}{read}"
        return None


def _when(item: MyDigit) -> str:
    try:
        time = datetime.strptime(item.name[:15], "%Y%m%d-%H%M%S")
    except ValueError:  # a file that was put there under a name of its own
        return ""
    return f", drawn on {short_date(time.timestamp())}"


class _Painter(QStyledItemDelegate):
    """Draws an image pixel by pixel, its right answer below, and what it is misread as."""

    def __init__(self, model: MyDigitsModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self._font = tabular(parent.font())
        self._font.setPixelSize(HINT_SIZE)
        self.apply_theme(LIGHT)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self._theme = theme
        self._colors: list[int] = ink_table(theme).tolist()

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _AnyIndex) -> QSize:
        """All are of one size."""
        return CELL

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _AnyIndex) -> None:
        """Draw one cell."""
        cell: QRect = option.rect
        state: QStyle.StateFlag = option.state
        item = self._model.item(index)
        wrong = self._model.wrong_prediction(item) is not None
        corner = cell.topLeft() + QPoint(_MARGIN, _MARGIN)
        square = QRect(corner, QSize(_SIDE, _SIDE))
        painter.drawImage(square, indexed_image(item.image, self._colors))
        theme = self._theme
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.drawRect(square)
        else:
            painter.setPen(QColor(theme.fault if wrong else theme.hairline))
            painter.drawRect(square.adjusted(-1, -1, 0, 0))
        painter.setFont(self._font)
        painter.setPen(QColor(theme.fault if wrong else theme.quiet))
        below = QRect(cell.left(), square.bottom() + 2, _SIDE + 2 * _MARGIN, HINT_SIZE + 3)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, index.data())


class MyDigitsList(QListView):
    """Shows the drawings in rows.

    Signals
    -------
    removal_requested(list[MyDigit])
        By the Delete key or the menu.
    answer_given(list[MyDigit], int)
        By a digit's key or the menu.
    """

    removal_requested = Signal(object)
    answer_given = Signal(object, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("my_digits_list")
        self.setAccessibleName("My digits, newest first")
        self.model_ = MyDigitsModel()
        self.setModel(self.model_)
        self._painter = _Painter(self.model_, self)
        self.setItemDelegate(self._painter)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(CELL.height())
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._show_menu)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self._painter.apply_theme(theme)
        self.viewport().update()

    def show_items(self, items: Sequence[MyDigit], predictions: Mapping[MyDigit, int]) -> None:
        """Show drawings, in the order of drawing, and how those that are known were read."""
        row = self.currentIndex().row()
        self.model_.show(items, predictions)
        if row >= 0 and items:
            # So that one can continue with the keys.
            self.setCurrentIndex(self.model_.index(min(row, len(items) - 1)))

    def selected(self) -> list[MyDigit]:
        """Return the selected drawings."""
        return [self.model_.item(index) for index in self.selectedIndexes()]

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
        remove = menu.addAction("Remove\tDel")
        remove.triggered.connect(lambda: self.removal_requested.emit(items))
        answers = menu.addMenu("It is a …")
        for digit in range(CLASSES):
            answer = answers.addAction(f"{digit}\t{digit}")
            answer.triggered.connect(lambda _=False, d=digit: self.answer_given.emit(items, d))
        return menu


def _is_ours(event: QKeyEvent) -> bool:
    if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        return False
    digits = range(Qt.Key.Key_0, Qt.Key.Key_9 + 1)
    return event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, *digits)
