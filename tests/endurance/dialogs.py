"""Answers any popup or dialog over the window, as a hasty user would."""

from __future__ import annotations

import random
from pathlib import Path

from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMessageBox, QProgressDialog

_WAITS = 0.8
"""How often a progress dialog is left alone."""


def answer_dialog(rng: random.Random, folder: Path) -> bool:
    """Close a popup or answer a dialog, if there is one; return whether there was.

    File dialogs choose nothing, or something in `folder`; nothing outside is read or written.
    """
    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.close()
        return True
    dialog = QApplication.activeModalWidget()
    if dialog is None:
        return False
    if isinstance(dialog, QProgressDialog):
        if rng.random() > _WAITS:
            dialog.cancel()
    elif isinstance(dialog, QFileDialog):
        _choose_file(dialog, rng, folder)
    elif isinstance(dialog, QMessageBox):
        rng.choice(dialog.buttons()).click()
    elif isinstance(dialog, QDialog):
        dialog.reject()
    else:
        dialog.close()
    return True


def _choose_file(dialog: QFileDialog, rng: random.Random, folder: Path) -> None:
    if rng.random() < 0.3:
        dialog.reject()
        return
    if dialog.fileMode() is QFileDialog.FileMode.Directory:
        chosen = folder
    elif dialog.acceptMode() is QFileDialog.AcceptMode.AcceptSave:
        suffix = rng.choice((".npz", ".csv", ".png", ".svg", ".safetensors", ""))
        chosen = folder / f"chosen-{rng.randrange(3)}{suffix}"
    else:
        chosen = rng.choice(sorted(folder.iterdir()) or [folder / "absent"])
    dialog.setDirectory(str(chosen.parent))
    dialog.selectFile(str(chosen))
    dialog.done(QDialog.DialogCode.Accepted)
