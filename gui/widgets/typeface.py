"""The typefaces that come with the app, so that it looks the same on every system."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase

from gui.widgets.theme import tabular

FONTS = Path(__file__).parents[2] / "assets" / "fonts"
_TEXT = "Digitscope Sans"
_FORMULAS = (
    "Digitscope Formula",
    "STIX Two Text",
    "Cambria",
    "Times New Roman",
    "Nimbus Roman",
    "DejaVu Serif",
)
"""The first that the system has, or that was loaded, is used."""


@cache
def load_typefaces() -> None:
    """Make the fonts in assets known to Qt; where a file is missing, the system's are used."""
    for file in sorted(FONTS.glob("*.[ot]tf")):
        QFontDatabase.addApplicationFont(str(file))


def text_font(system: QFont, size: int) -> QFont:
    """Return the typeface for text at that many pixels; figures have one width.

    What it has no letters for is written in the `system`'s font.
    """
    font = tabular(system)
    font.setFamilies([_TEXT, *(family for family in system.families() if family != _TEXT)])
    font.setPixelSize(size)
    return font


def formula_font(size: float, is_italic: bool) -> QFont:
    """Return the typeface for formulas at that many pixels."""
    font = QFont()
    font.setFamilies(_FORMULAS)
    font.setStyleHint(QFont.StyleHint.Serif)
    font.setPixelSize(round(size))
    font.setItalic(is_italic)
    return font
