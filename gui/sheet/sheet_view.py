"""The digits of a picture: to put on the pad, to correct, to keep, and to export."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, Signal, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QWidget

from core.colors import Theme
from core.inspection.prediction import Prediction
from core.my_digits.my_digits import MyDigits
from core.pictures.sheet import Sheet
from core.wording import counted, numeral
from gui.sheet.sheet_exchange import SheetExchange
from gui.sheet.sheet_list import SheetList
from gui.sheet.sheet_model import SheetModel
from gui.sheet.sheet_picture import SheetPicture
from gui.widgets.buttons import button
from gui.widgets.labels import empty_note, label
from gui.widgets.layouts import column, row
from gui.widgets.result_line import UNDO, ResultLine
from gui.widgets.tab_view import TabView

_EMPTY = (
    "Drop a picture with several digits on the window, or paste one (Ctrl+V): its digits appear "
    "here, each with its prediction."
)
_PICTURE_FROM = 560
"""In a view that is narrower, there is no room for the picture beside its digits."""
_PICTURE_SHARE = 0.36


class SheetView(TabView):
    """Shows the digits of the newest sheet, and its picture where there is room.

    Signals
    -------
    picture_wanted
        The user wants to open a picture.
    sheet_shown(Sheet)
        There is another sheet.
    seen(bool)
        The view became visible, or hidden.
    chosen(NDArray, int)
        The user wants a digit on the pad: its ink, and its number in the picture.
    kept
        Digits were added to My digits.
    """

    picture_wanted = Signal()
    sheet_shown = Signal(object)
    seen = Signal(bool)
    chosen = Signal(object, int)
    kept = Signal()

    def __init__(self, my_digits: MyDigits) -> None:
        super().__init__()
        self.setObjectName("sheet_view")
        self.model = SheetModel()
        self.list = SheetList(self.model)
        self.exchange = SheetExchange(self.model, my_digits, self.list.selected)
        self.picture = SheetPicture()
        self.empty = empty_note(_EMPTY)
        self.summary = label("", "hint")
        self.summary.setObjectName("sheet_summary")
        self.result = ResultLine()
        self.result.linkActivated.connect(self._undo)
        self._undo_last = self._undo_correction
        for line in (self.summary, self.result):
            line.setFixedHeight(line.fontMetrics().lineSpacing())
        self._make_buttons()
        self._connect()
        self._lay_out()
        self._show_state()

    def _make_buttons(self) -> None:
        self.read = button(
            "read_picture_button", "Read picture…", "Read the digits of a picture file (Ctrl+P)"
        )
        self.step = button(
            "next_unsure_button", "Next not sure", "Go to the next digit marked with a ? (N)"
        )

    def _connect(self) -> None:
        self.read.clicked.connect(self.picture_wanted)
        self.exchange.done.connect(self._show_exchange)
        self.exchange.kept.connect(self.kept)
        self.step.clicked.connect(self._step)
        self.model.changed.connect(self._show_state)
        self.list.chosen.connect(self._choose)
        self.list.answer_given.connect(self._correct)
        self.list.removal_requested.connect(self._take_back)
        self.list.undo_requested.connect(self._undo_correction)
        self.list.copy_requested.connect(self.exchange.copy_selected)
        self.list.step_requested.connect(self._step)
        self.list.entered.connect(self._mark)
        self.list.selectionModel().currentChanged.connect(self._mark)
        self.list.viewport().installEventFilter(self)
        self.picture.digit_clicked.connect(self.list.go_to)
        self.picture.digit_clicked.connect(self._choose)

    def _lay_out(self) -> None:
        buttons = row(self.read, self.exchange, self.step)
        buttons.addStretch(1)
        content = row(self.list, self.picture, wide=self.list, spacing=12)
        below = row(self.summary, self.result, spacing=12)
        below.addStretch(1)
        self._content = QWidget()
        self._content.setLayout(content)
        self.setLayout(column(buttons, self.empty, self._content, below, high=self._content))

    # --- what is shown ----------------------------------------------------------------------

    @Slot(object)
    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self.list.apply_theme(theme)
        self.picture.apply_theme(theme)

    @Slot(object)
    def show_sheet(self, sheet: Sheet) -> None:
        """Show other digits, from the first on."""
        for menu in self.findChildren(QMenu):
            menu.close()  # it is about other digits
        self.result.say("")
        self.model.show_sheet(sheet)
        self.picture.show_sheet(sheet)
        self._share_room()
        self.list.scrollToTop()
        self.list.setFocus()
        self.sheet_shown.emit(sheet)

    @Slot(object)
    def show_predictions(self, predictions: Sequence[Prediction]) -> None:
        """Show what a network predicts for the digits of the sheet; nothing if for none."""
        self.model.show_predictions(predictions)

    @Slot()
    def _show_state(self) -> None:
        """Say how many digits there are, and allow what can be done."""
        sheet, unsure = self.model.sheet, self.model.unsure
        self.empty.setVisible(sheet is None)
        self._content.setVisible(sheet is not None)
        self.step.setEnabled(bool(unsure))
        self.picture.show_unsure(frozenset(unsure))
        self.summary.setText("" if sheet is None else self._summary(sheet, len(unsure)))

    def _summary(self, sheet: Sheet, unsure: int) -> str:
        parts = [f"{counted(len(sheet), 'digit')} in {counted(int(sheet.rows[-1]) + 1, 'row')}"]
        if not self.model.is_of_digits:
            parts.append("which this network does not read")
        elif unsure:
            parts.append(f"{numeral(unsure)} not sure")
        elif self.model.labels is not None:
            parts.append("sure of all")
        if len(self.model.corrected):
            parts.append(f"{numeral(len(self.model.corrected))} labeled by you")
        return ", ".join(parts)

    def showEvent(self, event: QShowEvent) -> None:
        """Announce it: the network may have learned meanwhile."""
        super().showEvent(event)
        self.seen.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Announce it, too: nothing has to be predicted any more."""
        super().hideEvent(event)
        self.seen.emit(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room between the digits and their picture."""
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        widest = round(_PICTURE_SHARE * self.width())
        self.picture.setVisible(self.width() >= _PICTURE_FROM)
        self.picture.setFixedWidth(self.picture.width_within(widest, self._content.height()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Mark the current digit in the picture when the mouse has left the others."""
        if event.type() == QEvent.Type.Leave:
            self._mark(self.list.currentIndex())
        return super().eventFilter(watched, event)

    @Slot(QModelIndex)
    def _mark(self, index: QModelIndex) -> None:
        self.picture.mark(index.row() if index.isValid() else None)

    # --- what the user does -----------------------------------------------------------------

    @Slot(int)
    def _choose(self, place: int) -> None:
        sheet = self.model.sheet
        if sheet is not None:
            self.chosen.emit(sheet.digits[place].ink, place + 1)

    @Slot(object, int)
    def _correct(self, places: Sequence[int], digit: int) -> None:
        self.model.correct(places, digit)
        self._offer_undo(f"Labeled {_which(places)} as {digit}. ")

    @Slot(object)
    def _take_back(self, places: Sequence[int]) -> None:
        corrected = sorted({*places} & {*self.model.corrected})
        if corrected:
            self.model.correct(corrected, None)
            self._offer_undo(f"Took the label of {_which(corrected)} back. ")

    def _offer_undo(self, change: str) -> None:
        self._undo_last = self._undo_correction
        self.result.say(change, link=UNDO)

    @Slot()
    def _undo(self) -> None:
        """Undo what the line below the digits is about."""
        self._undo_last()

    @Slot()
    def _undo_correction(self) -> None:
        self.model.undo()
        self.result.say("")

    @Slot()
    def _step(self) -> None:
        """Go to the next digit that nobody is sure of, and after the last one to the first."""
        unsure = self.model.unsure
        if unsure:
            after = bisect_right(unsure, self.list.currentIndex().row())
            self.list.go_to(unsure[after % len(unsure)])
            self.list.setFocus()

    @Slot(str, object, bool)
    def _show_exchange(self, result: str, problems: Sequence[str], can_undo: bool) -> None:
        self._undo_last = self.exchange.undo
        self.result.say(f"{result} ", problems, UNDO if can_undo else "")


def _which(places: Sequence[int]) -> str:
    if len(places) == 1:
        return f"digit {numeral(places[0] + 1)}"
    return counted(len(places), "digit")
