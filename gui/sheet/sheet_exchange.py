"""What leaves a sheet: digits to keep as the user's own, a folder of all, and their text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from core.errors import DigitscopeError
from core.my_digits.my_digits import MyDigit, MyDigits
from core.my_digits.sheet_exchange import LabeledDigit, export_digits, keep_digits
from core.wording import counted, numeral
from gui.sheet.sheet_model import SheetModel
from gui.widgets.buttons import button
from gui.widgets.exchange_dialog import run_exchange
from gui.widgets.layouts import row


class SheetExchange(QWidget):
    """Buttons that are enabled as soon as the digits of `model` are predicted.

    Parameters
    ----------
    selected
        Returns the places of the digits that are selected now.

    Signals
    -------
    done(str, Sequence[str], bool)
        A line on what was done, one for each problem, and whether :meth:`undo` undoes it.
    kept
        Digits were added to My digits, or taken out again.
    """

    done = Signal(str, object, bool)
    kept = Signal()

    def __init__(
        self, model: SheetModel, my_digits: MyDigits, selected: Callable[[], list[int]]
    ) -> None:
        super().__init__()
        self._model, self._my_digits, self._selected = model, my_digits, selected
        self._added: set[MyDigit] = set()
        self.keep = button("keep_button", "Keep as mine…", "Save digits in My digits")
        self.keep.clicked.connect(self._show_menu)
        self.export = button(
            "export_sheet_button",
            "Export…",
            "Save all these digits as PNGs in subfolders 0 to 9, with a table of them",
        )
        self.export.clicked.connect(self._ask_folder)
        self.copy = button(
            "copy_sheet_button", "Copy text", "Copy all digits as text, row by row (Ctrl+C)"
        )
        self.copy.clicked.connect(self._copy_all)
        self.setLayout(row(self.keep, self.export, self.copy))
        model.changed.connect(self._enable)
        self._enable()

    @Slot()
    def _enable(self) -> None:
        for control in (self.keep, self.export, self.copy):
            control.setEnabled(self._model.labels is not None)

    # --- as text ----------------------------------------------------------------------------

    @Slot()
    def _copy_all(self) -> None:
        self.copy_text(range(self._model.rowCount()))

    @Slot()
    def copy_selected(self) -> None:
        """Copy the labels of the selected digits as text, or all if none is selected."""
        self.copy_text(self._selected() or range(self._model.rowCount()))

    def copy_text(self, places: Iterable[int]) -> None:
        """Copy the labels of digits as text."""
        labels, sheet = self._model.labels, self._model.sheet
        if labels is not None and sheet is not None:
            text = sheet.text(labels, places)
            QGuiApplication.clipboard().setText(text)
            self.done.emit(f"Copied {counted(sum(map(str.isdigit, text)), 'digit')}.", (), False)

    # --- in My digits -----------------------------------------------------------------------

    @Slot()
    def _show_menu(self) -> None:
        menu = self.make_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.keep.mapToGlobal(self.keep.rect().bottomLeft()))

    def make_menu(self) -> QMenu:
        """Return the choice of the digits to keep."""
        menu = QMenu(self)
        unsure = set(self._model.unsure)
        for title, places in (
            ("Selected", self._selected()),
            ("Labeled by you", self._model.corrected),
            ("All", list(range(self._model.rowCount()))),
        ):
            guesses = len(unsure.intersection(places))
            remark = f", {numeral(guesses)} not sure" if guesses else ""
            action = menu.addAction(f"{title} ({numeral(len(places))}{remark})")
            action.setEnabled(bool(places))
            action.triggered.connect(partial(self._keep, self._model.labeled(places)))
        return menu

    def _keep(self, digits: Sequence[LabeledDigit], _checked: bool = False) -> None:
        mine = self._my_digits
        before = set(mine.items)
        report = run_exchange(self, partial(keep_digits, mine, digits), "Keeping…", "Kept")
        self._added = set(mine.items) - before
        self.done.emit(*report, bool(self._added))
        self.kept.emit()

    @Slot()
    def undo(self) -> None:
        """Take the digits that were kept last out of My digits."""
        count = len(self._added)
        try:
            while self._added:
                self._my_digits.remove(self._added.pop())
        except DigitscopeError as error:
            self.done.emit(str(error), (), False)
        else:
            self.done.emit(f"Took {counted(count, 'digit')} out of My digits.", (), False)
        self.kept.emit()

    # --- as a folder ------------------------------------------------------------------------

    @Slot()
    def _ask_folder(self) -> None:
        title = "Write subfolders 0 to 9 of PNGs and labels.csv into"
        folder = QFileDialog.getExistingDirectory(self, title)
        sheet = self._model.sheet
        if folder and sheet is not None:
            digits = self._model.labeled(range(len(sheet)))
            work = partial(export_digits, digits, Path(folder), sheet.name)
            self.done.emit(*run_exchange(self, work, "Exporting…", "Exported"), False)
