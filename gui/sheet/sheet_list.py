"""The digits of a sheet as small images, each with its prediction."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QRect, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import QMenu

from gui.sheet.sheet_model import DETAIL, SheetModel
from gui.widgets.digit_list import AnyIndex, DigitList, DigitPainter
from gui.widgets.named import named

_GAP = 20
"""Between two images: the line below them is wider."""
_STANDARD = QKeySequence.StandardKey
_RETURN = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class _Painter(DigitPainter):
    """Draws below an image its label, and beside it how confident the network is."""

    def __init__(self) -> None:
        super().__init__(_GAP)
        self._name_width = QFontMetrics(self._font).horizontalAdvance("0→0") + 3

    def paint_line(self, painter: QPainter, line: QRect, index: AnyIndex, is_fault: bool) -> None:
        """Draw the label, marked if nobody is sure of it, and the confidence."""
        side = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(self._theme.fault if is_fault else self._theme.text))
        painter.drawText(line, side, index.data())
        painter.setPen(QColor(self._theme.quiet))
        painter.drawText(line.adjusted(self._name_width, 0, 0, 0), side, index.data(DETAIL) or "")


class SheetList(DigitList):
    """Shows the digits in rows; an item is a digit's place.

    Signals
    -------
    chosen(int)
        The user has clicked a digit, or pressed Return on it.
    copy_requested
        By the keys for that.
    undo_requested
        By the keys for that, while there is a correction to undo.
    step_requested
        By N: to the next digit of which nobody is sure.
    """

    chosen = Signal(int)
    copy_requested = Signal()
    undo_requested = Signal()
    step_requested = Signal()

    def __init__(self, model: SheetModel) -> None:
        super().__init__(model, _Painter(), "Take the correction back")
        named(self, "sheet_list", "The digits of the picture, in reading order")
        self._sheet = model
        self.setMouseTracking(True)
        self.clicked.connect(self._on_clicked)

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        selecting = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier
        if not QGuiApplication.keyboardModifiers() & selecting:
            self.chosen.emit(index.row())

    @Slot(int)
    def go_to(self, place: int) -> None:
        """Select a digit alone, and bring it into sight."""
        self.setCurrentIndex(self.model().index(place, 0))

    def event(self, event: QEvent) -> bool:
        """Keep the key that undoes a correction from undoing a change on the pad."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.matches(_STANDARD.Undo)
            and self._sheet.can_undo
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose with Return, step with N, copy and undo with the usual keys."""
        if event.key() in _RETURN and self.currentIndex().isValid():
            self.chosen.emit(self.currentIndex().row())
        elif event.matches(_STANDARD.Copy):
            self.copy_requested.emit()
        elif event.matches(_STANDARD.Undo):
            self.undo_requested.emit()
        elif event.key() == Qt.Key.Key_N and not event.modifiers():
            self.step_requested.emit()
        else:
            super().keyPressEvent(event)

    def make_menu(self) -> QMenu:
        """Return what can be done with the selection."""
        menu = super().make_menu()
        place = self.currentIndex().row()
        place_on_pad = menu.addAction("Put on the pad\tEnter")
        place_on_pad.triggered.connect(lambda: self.chosen.emit(place))
        menu.insertAction(menu.actions()[0], place_on_pad)
        menu.addAction("Copy as text\tCtrl+C").triggered.connect(self.copy_requested)
        return menu
