"""A user's own drawings: what is there, what is wrong with it, learning from it, and exchange."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEventLoop, Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QHBoxLayout,
    QMenu,
    QProgressDialog,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.arrays import CLASSES
from core.errors import Cancelled, DigitscopeError
from core.my_digits.my_digits import MyDigit, MyDigits
from core.my_digits.my_digits_exchange import (
    ExchangeReport,
    export_folder,
    export_npz,
    import_folder,
    import_npz,
)
from core.printable_text import printable
from core.progress import Progress
from core.wording import counted, percent
from gui.pad.my_digits_list import MyDigitsList
from gui.widgets.labels import label
from gui.widgets.literal_text import literal
from gui.widgets.tab_view import TabView
from gui.widgets.theme import Theme

_EMPTY = "Press the right digit's key when a drawing is misread; it is kept here."
_BRING_BACK = '<a href="bring back">Bring back</a>'
_NPZ = "Digits (*.npz)"

Exchange = Callable[[MyDigits, Path, Progress], ExchangeReport]


class MyDigitsPanel(TabView):
    """Shows what `my_digits` keeps, and changes it.

    Signals
    -------
    learn_requested
        The network is to learn from these digits.
    changed
        The user removed, brought back, imported or relabeled a digit.
    shown
        The panel became visible.
    """

    learn_requested = Signal()
    changed = Signal()
    shown = Signal()

    def __init__(self, my_digits: MyDigits, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("my_digits_panel")
        self._my_digits = my_digits
        self._predictions: dict[MyDigit, int] = {}
        self._can_learn = True
        self._removed: list[tuple[MyDigit, np.ndarray]] = []
        self.summary = label("", "hint")
        self.empty = label(_EMPTY, "quiet")
        self.list = MyDigitsList()
        self.result = label("", "hint")
        for text in (self.empty, self.result):
            text.setWordWrap(True)
        self.result.setTextFormat(Qt.TextFormat.RichText)
        self.result.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.result.linkActivated.connect(self.bring_back)
        self.list.removal_requested.connect(self.remove)
        self.list.answer_given.connect(self.relabel)
        self._make_buttons()
        self._lay_out()
        self.refresh()
        problems = my_digits.problems
        self._say(f"{counted(len(problems), 'file')} cannot be read." if problems else "", problems)

    def _make_buttons(self) -> None:
        def button(text: str, name: str, tool_tip: str) -> QPushButton:
            result = QPushButton(text)
            result.setObjectName(name)
            result.setToolTip(tool_tip)
            return result

        self.learn = button(
            "Learn mine",
            "learn_button",
            "Train on these digits, mixed with others so that those are not forgotten",
        )
        self.learn.clicked.connect(self.learn_requested)
        self.import_ = button("Import…", "import_button", "Add digits from elsewhere")
        self.export = button("Export…", "export_button", "Write all these digits elsewhere")
        for target, what, folder, file in (
            (self.import_, "pictures", self._ask_import_folder, self._ask_import_npz),
            (self.export, "PNGs", self._ask_export_folder, self._ask_export_npz),
        ):
            menu = QMenu(target)
            menu.addAction(f"Folder of {what}…", folder)
            menu.addAction("npz file…", file)
            target.clicked.connect(
                lambda _=False, m=menu, b=target: m.popup(b.mapToGlobal(b.rect().bottomLeft()))
            )

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.learn, self.import_, self.export):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.summary)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(buttons)
        layout.addWidget(self.result)
        layout.addWidget(self.empty)
        layout.addWidget(self.list, 1)
        layout.addStretch(0)

    # --- what is shown ----------------------------------------------------------------------

    @Slot(object)
    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self.list.apply_theme(theme)

    def showEvent(self, event: QShowEvent) -> None:
        """Announce it: the network may have learned meanwhile."""
        super().showEvent(event)
        self.shown.emit()

    @Slot()
    def refresh(self) -> None:
        """Show what there is now, as after a digit was added."""
        items = self._my_digits.items
        self.list.show_items(items, self._predictions)
        self.list.setVisible(bool(items))
        self.empty.setVisible(not items)
        self.export.setEnabled(bool(items))
        self.learn.setEnabled(bool(items) and self._can_learn)
        known = [item for item in items if item in self._predictions]
        wrong = sum(self._predictions[item] != item.digit for item in known)
        text = counted(len(items), "digit") if items else ""
        if wrong:
            text += f", {wrong:,} of them read wrongly"
        elif items and len(known) == len(items):
            text += ", all read rightly"
        self.summary.setText(text)
        counts = np.bincount([item.digit for item in items], minlength=CLASSES)
        self.summary.setToolTip(
            "\n".join(f"{digit}: {count:,}" for digit, count in enumerate(counts.tolist()))
        )

    def show_predictions(self, predictions: Sequence[int] | None) -> None:
        """Mark what is misread.

        `predictions` is the predicted digit, 0…9, of each saved item, in their order; None if there
        is no network.
        """
        items = self._my_digits.items
        self._predictions = (
            dict(zip(items, predictions, strict=True)) if predictions is not None else {}
        )
        self.refresh()

    def set_can_learn(self, can: bool) -> None:
        """Allow learning, or not: while data are loading, or while it is being done already."""
        self._can_learn = can
        self.learn.setEnabled(can and len(self._my_digits) > 0)

    def show_accuracy(
        self,
        before: float | None,
        after: float | None,
        test_before: float | None,
        test_after: float | None,
    ) -> None:
        """Say what learning has brought; shares of 0…1, or None for what is not known."""
        parts = [
            f"{name} {change}"
            for name, change in (
                ("Mine", _change(before, after, 0)),
                ("test set", _change(test_before, test_after, 2)),
            )
            if change
        ]
        self._say(", ".join(parts))

    def _say(self, text: str, details: Sequence[str] = (), link: str = "") -> None:
        """Show a line below the buttons, with a tool tip that has the details."""
        self.result.setText(escape(printable(text)) + link)
        self.result.setToolTip(literal("\n".join(details)))
        self.result.setVisible(bool(text))

    # --- what the user changes --------------------------------------------------------------

    @Slot(object)
    def remove(self, items: Sequence[MyDigit]) -> None:
        """Remove digits; :meth:`bring_back` brings those of the last time back."""
        removed = []
        try:
            for item in items:
                ink = self._my_digits.ink(item)
                self._my_digits.remove(item)
                removed.append((item, ink))
        except DigitscopeError as error:
            self._fail(error)
        else:
            what = f"a {items[0].digit}" if len(items) == 1 else counted(len(items), "digit")
            self._say(f"Removed {what}. ", link=_BRING_BACK)
        if removed:
            self._removed = removed
        self._show_change()

    @Slot()
    def bring_back(self) -> None:
        """Keep again what was removed last."""
        try:
            while self._removed:
                item, ink = self._removed[-1]
                self._my_digits.add(ink, item.digit, item.name)
                self._removed.pop()
        except DigitscopeError as error:
            self._fail(error)
        else:
            self._say("")
        self._show_change()

    @Slot(object, int)
    def relabel(self, items: Sequence[MyDigit], digit: int) -> None:
        """Give digits another right answer."""
        try:
            for item in items:
                moved = self._my_digits.relabel(item, digit)
                if item in self._predictions:
                    self._predictions[moved] = self._predictions[item]
        except DigitscopeError as error:
            self._fail(error)
        self._show_change()

    def _fail(self, error: DigitscopeError) -> None:
        self._say(str(error))
        self._my_digits.reload()  # another app may have removed it

    def _show_change(self) -> None:
        self.refresh()
        self.changed.emit()

    def exchange(self, work: Exchange, path: Path, verb: str) -> None:
        """Import or export, and say what became of it; long work can be cancelled.

        `verb` is what is done: "Import" or "Export".
        """
        dialog = QProgressDialog(f"{verb}ing…", "Cancel", 0, 0, self)
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.setMinimumDuration(500)

        def progress(done: int, total: int) -> None:
            dialog.setMaximum(total)
            if done == dialog.value():  # else setValue sees to what the user does
                QApplication.processEvents(
                    QEventLoop.ProcessEventsFlag.AllEvents
                    if dialog.isVisible()  # and keeps the user away from the window
                    else QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents
                )
            dialog.setValue(done)
            if dialog.wasCanceled():
                raise Cancelled

        try:
            report = work(self._my_digits, path, progress)
        except Cancelled:
            self._say("Cancelled; nothing was changed.")
        except DigitscopeError as error:
            self._say(str(error))
        else:
            self._say(_describe(report, verb), report.refused + report.left_out)
        finally:
            dialog.close()
            dialog.deleteLater()
        self._show_change()

    # --- the system's dialogs ---------------------------------------------------------------

    def _ask_import_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "A folder with subfolders 0 to 9")
        if folder:
            self.exchange(import_folder, Path(folder), "Import")

    def _ask_import_npz(self) -> None:
        file, _ = QFileDialog.getOpenFileName(self, "A file of digits", filter=_NPZ)
        if file:
            self.exchange(import_npz, Path(file), "Import")

    def _ask_export_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Write subfolders 0 to 9 of PNGs into")
        if folder:
            self.exchange(export_folder, Path(folder), "Export")

    def _ask_export_npz(self) -> None:
        file, _ = QFileDialog.getSaveFileName(self, "Write digits to", "my-digits.npz", _NPZ)
        if file:
            self.exchange(export_npz, Path(file), "Export")


def _change(before: float | None, after: float | None, decimals: int) -> str:
    return " → ".join(percent(share, decimals) for share in (before, after) if share is not None)


def _describe(report: ExchangeReport, verb: str) -> str:
    parts = [f"{verb}ed {report.added:,}"]
    if report.already_there:
        parts.append(f"{report.already_there:,} already there")
    for faults, what in ((report.refused, "refused"), (report.left_out, "left out")):
        if faults:
            names = ", ".join(fault.split(":")[0] for fault in faults[:2])
            more = ", …" if len(faults) > 2 else ""
            parts.append(f"{len(faults):,} {what} ({names}{more})")
    return ", ".join(parts) + "."
