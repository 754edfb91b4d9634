"""What the app is, and all its shortcuts."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMessageBox, QWidget


def show_about(parent: QWidget, actions: Iterable[QAction]) -> None:
    """Open a box over `parent` that lists `actions`; does not block."""
    rows = "".join(
        f"<tr><td>{action.shortcut().toString()}&nbsp;&nbsp;</td>"
        f"<td>{action.text()}</td><td>&nbsp;&nbsp;{action.toolTip()}</td></tr>"
        for action in actions
    )
    rows += (
        "<tr><td>0 … 9</td><td>The drawing is a…</td><td>&nbsp;&nbsp;Save it in My digits</td></tr>"
    )
    box = QMessageBox(parent)
    box.setWindowTitle("About Digitscope")
    box.setText(
        "<b>Digitscope</b><br>A neural network, written in NumPy, learns to read "
        "handwritten digits."
    )
    box.setInformativeText(f"<table>{rows}</table>")
    box.open()
