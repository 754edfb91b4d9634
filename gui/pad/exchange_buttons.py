"""Import and export of the user's own digits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QHBoxLayout,
    QMenu,
    QProgressDialog,
    QPushButton,
    QWidget,
)

from core.errors import Cancelled, DigitscopeError
from core.my_digits.my_digits import MyDigits
from core.my_digits.my_digits_exchange import (
    ExchangeReport,
    export_folder,
    export_npz,
    import_folder,
    import_npz,
)
from core.progress import Progress
from core.wording import numeral

_NPZ = "Digits (*.npz)"

Exchange = Callable[[MyDigits, Path, Progress], ExchangeReport]


class ExchangeButtons(QWidget):
    """Two buttons with menus: a folder of pictures, or an npz file.

    Signals
    -------
    done(str, Sequence[str])
        An import or export has ended: one line on the result, and one for each problem.
    """

    done = Signal(str, object)

    def __init__(self, my_digits: MyDigits, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._my_digits = my_digits
        self.import_ = QPushButton("Import…")
        self.import_.setObjectName("import_button")
        self.import_.setToolTip("Add digits from files")
        self.export = QPushButton("Export…")
        self.export.setObjectName("export_button")
        self.export.setToolTip("Save all these digits to files")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
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
            layout.addWidget(target)

    def run(self, work: Exchange, path: Path, verb: str) -> None:
        """Import or export, with a dialog that can cancel it.

        `verb` is "Import" or "Export".
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
            self.done.emit("Cancelled. Nothing was changed.", ())
        except DigitscopeError as error:
            self.done.emit(str(error), ())
        else:
            self.done.emit(_describe(report, verb), report.refused + report.left_out)
        finally:
            dialog.close()
            dialog.deleteLater()

    # --- the system's dialogs ---------------------------------------------------------------

    def _ask_import_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "A folder with subfolders 0 to 9")
        if folder:
            self.run(import_folder, Path(folder), "Import")

    def _ask_import_npz(self) -> None:
        file, _ = QFileDialog.getOpenFileName(self, "A file of digits", filter=_NPZ)
        if file:
            self.run(import_npz, Path(file), "Import")

    def _ask_export_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Write subfolders 0 to 9 of PNGs into")
        if folder:
            self.run(export_folder, Path(folder), "Export")

    def _ask_export_npz(self) -> None:
        file, _ = QFileDialog.getSaveFileName(self, "Write digits to", "my-digits.npz", _NPZ)
        if file:
            self.run(export_npz, Path(file), "Export")


def _describe(report: ExchangeReport, verb: str) -> str:
    parts = [f"{verb}ed {numeral(report.added)}"]
    if report.already_there:
        parts.append(f"{numeral(report.already_there)} already there")
    for faults, what in ((report.refused, "refused"), (report.left_out, "left out")):
        if faults:
            names = ", ".join(fault.split(":")[0] for fault in faults[:2])
            more = ", …" if len(faults) > 2 else ""
            parts.append(f"{numeral(len(faults))} {what} ({names}{more})")
    return ", ".join(parts) + "."
