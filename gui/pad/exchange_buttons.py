"""Import and export of the user's own digits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QPushButton, QWidget

from core.my_digits.incoming import ExchangeReport
from core.my_digits.my_digits import MyDigits
from core.my_digits.my_digits_exchange import (
    export_folder,
    export_npz,
    import_folder,
    import_npz,
)
from core.progress import Progress
from gui.widgets.exchange_dialog import run_exchange

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
        report = run_exchange(
            self, lambda progress: work(self._my_digits, path, progress), f"{verb}ing…", f"{verb}ed"
        )
        self.done.emit(*report)

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
