"""The icon of the app, as desktops show it in the title bar and the list of windows."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QIcon

ICONS = Path(__file__).parents[2] / "assets" / "icons"


def app_icon() -> QIcon:
    """Return the icon in all its sizes; empty where the files are missing."""
    icon = QIcon()
    # PNG, and each size drawn for itself: Qt needs no plugin for them, and none is scaled.
    for file in sorted(ICONS.glob("digitscope-*.png")):
        icon.addFile(str(file))
    return icon
