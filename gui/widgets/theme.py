"""Colors, type and spacing: the only module that names a color."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

SPACE = 4
"""The grid: all distances are multiples of this, in logical pixels."""

HINT_SIZE, TEXT_SIZE, TITLE_SIZE, FIGURE_SIZE, DIGIT_SIZE = 11, 13, 16, 24, 48


@dataclass(frozen=True)
class Theme:
    """Color tokens, as #rrggbb. Series colors are from Okabe and Ito's color-blind-safe set.

    Attributes
    ----------
    overlays
        For the curves of earlier runs, in the order in which they are used: hues of that set, made
        lighter or darker so that they can be told from each other and from the present run's.
    """

    name: str
    window: str
    surface: str
    text: str
    quiet: str
    hairline: str
    control: str
    accent: str
    on_accent: str
    train: str
    train_faint: str
    test: str
    validation: str
    warning: str
    warning_surface: str
    negative: str
    positive: str
    overlays: tuple[str, ...]


LIGHT = Theme(
    name="light",
    window="#FAFAF8",
    surface="#FFFFFF",
    text="#1F2328",
    quiet="#5F6670",
    hairline="#E3E5E8",
    control="#C9CDD3",
    accent="#0072B2",
    on_accent="#FFFFFF",
    train="#0072B2",
    train_faint="#D3E6F1",
    test="#D55E00",
    validation="#009E73",
    warning="#E69F00",
    warning_surface="#FFF4DC",
    negative="#0072B2",
    positive="#D55E00",
    overlays=(
        "#A15380",
        "#006648",
        "#986600",
        "#5A2544",
        "#5697BE",
        "#8B3900",
        "#003E69",
        "#155C7F",
    ),
)

DARK = Theme(
    name="dark",
    window="#15181C",
    surface="#1C2025",
    text="#E6E8EB",
    quiet="#9AA3AD",
    hairline="#2C323A",
    control="#48505A",
    accent="#56B4E9",
    on_accent="#0E1216",
    train="#56B4E9",
    train_faint="#274252",
    test="#E9893F",
    validation="#2FC79A",
    warning="#E69F00",
    warning_surface="#33290F",
    negative="#56B4E9",
    positive="#F08A3C",
    overlays=(
        "#F59ECD",
        "#DFD327",
        "#81F9C9",
        "#C2709E",
        "#9B931E",
        "#2887C8",
        "#AC5625",
        "#717171",
    ),
)


class ThemeController(QObject):
    """Keeps the application's colors in step with the system, or with the user's choice.

    Signals
    -------
    changed(Theme)
        Everything that paints for itself must do so again.
    """

    changed = Signal(object)

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._chosen = Qt.ColorScheme.Unknown
        self.theme = LIGHT
        app.setStyle("Fusion")
        # Not in the style sheet: a rule for all widgets would make each of them slow to paint.
        font = app.font()
        font.setPixelSize(TEXT_SIZE)
        app.setFont(font)
        app.styleHints().colorSchemeChanged.connect(self._follow)
        self._follow()

    def choose(self, scheme: Qt.ColorScheme) -> None:
        """Use light or dark; Unknown follows the system."""
        self._chosen = scheme
        # So that what the system draws, such as the title bar and file dialogs, follows too.
        self._app.styleHints().setColorScheme(scheme)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        # A platform without a color scheme of its own ignores setColorScheme().
        scheme = self._chosen
        if scheme == Qt.ColorScheme.Unknown:
            scheme = self._app.styleHints().colorScheme()
        self.theme = DARK if scheme == Qt.ColorScheme.Dark else LIGHT
        self._app.setPalette(make_palette(self.theme))
        self._app.setStyleSheet(make_style_sheet(self.theme))
        self.changed.emit(self.theme)


def make_palette(theme: Theme) -> QPalette:
    """Return the palette that the Fusion style draws the standard controls with."""
    role = QPalette.ColorRole
    palette = QPalette()
    for target, color in (
        (role.Window, theme.window),
        (role.WindowText, theme.text),
        (role.Base, theme.surface),
        (role.AlternateBase, theme.window),
        (role.Text, theme.text),
        (role.PlaceholderText, theme.quiet),
        (role.Button, theme.surface),
        (role.ButtonText, theme.text),
        (role.ToolTipBase, theme.surface),
        (role.ToolTipText, theme.text),
        (role.Highlight, theme.accent),
        (role.HighlightedText, theme.on_accent),
        (role.Accent, theme.accent),
        (role.Link, theme.accent),
        (role.Light, theme.surface),
        (role.Midlight, theme.hairline),
        (role.Mid, theme.control),
        (role.Dark, theme.control),
        (role.Shadow, theme.hairline),
    ):
        palette.setColor(target, QColor(color))
    disabled = QPalette.ColorGroup.Disabled
    for target in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(disabled, target, QColor(theme.control))
    return palette


def make_style_sheet(theme: Theme) -> str:
    """Return the few rules that a palette cannot express."""
    return f"""
    QLabel[role="hint"] {{ font-size: {HINT_SIZE}px; color: {theme.quiet}; }}
    QLabel[role="quiet"] {{ color: {theme.quiet}; }}
    QLabel[role="title"] {{ font-size: {TITLE_SIZE}px; font-weight: 600; }}
    QFrame[role="hairline"] {{ background: {theme.hairline}; border: none; }}
    QFrame[role="banner"] {{
        background: {theme.warning_surface}; border: 1px solid {theme.warning};
        border-radius: 4px;
    }}
    QFrame[role="card"] {{
        background: {theme.surface}; border: 1px solid {theme.control}; border-radius: 8px;
    }}
    QFrame[role="banner"] QLabel {{ color: {theme.text}; }}
    QPushButton, QToolButton {{
        background: {theme.surface}; color: {theme.text};
        border: 1px solid {theme.control}; border-radius: 4px; padding: 4px 12px;
    }}
    QPushButton:hover, QToolButton:hover {{ border-color: {theme.quiet}; }}
    QPushButton:pressed, QPushButton:checked, QToolButton:pressed, QToolButton:checked {{
        background: {theme.hairline};
    }}
    QPushButton:focus, QToolButton:focus {{ border-color: {theme.accent}; }}
    QPushButton:disabled, QToolButton:disabled {{
        color: {theme.control}; border-color: {theme.hairline};
    }}
    QPushButton[role="primary"] {{
        background: {theme.accent}; color: {theme.on_accent}; border-color: {theme.accent};
        font-weight: 600;
    }}
    QPushButton[role="primary"]:disabled {{
        background: {theme.hairline}; color: {theme.quiet}; border-color: {theme.hairline};
    }}
    QPushButton[role="primary"]:focus {{ border-color: {theme.text}; }}
    QToolButton {{ padding: 1px 8px; }}
    QLineEdit {{
        background: {theme.surface}; color: {theme.text};
        border: 1px solid {theme.control}; border-radius: 4px; padding: 2px 6px; min-height: 20px;
    }}
    QLineEdit:focus {{ border-color: {theme.accent}; }}
    QLineEdit[refused="true"] {{ border: 2px solid {theme.test}; padding: 1px 5px; }}
    QProgressBar {{
        background: {theme.hairline}; border: none; border-radius: 3px; max-height: 6px;
        min-height: 6px;
    }}
    QProgressBar::chunk {{ background: {theme.accent}; border-radius: 3px; }}
    QToolTip {{
        background: {theme.surface}; color: {theme.text}; border: 1px solid {theme.control};
        padding: 4px;
    }}
    QSplitter::handle {{ background: {theme.hairline}; }}
    QScrollArea {{ border: none; background: transparent; }}
    QScrollBar:vertical {{ background: transparent; width: 12px; }}
    QScrollBar::handle:vertical {{
        background: {theme.control}; border-radius: 3px; margin: 2px 3px; min-height: 32px;
    }}
    QScrollBar::handle:vertical:hover {{ background: {theme.quiet}; }}
    QScrollBar::add-line:vertical, QScrollBar::sub-line:vertical {{ height: 0; }}
    QScrollBar::add-page:vertical, QScrollBar::sub-page:vertical {{ background: transparent; }}
    QMenuBar {{ background: {theme.window}; }}
    """


def rgb(color: str) -> NDArray[np.uint8]:
    """Return the red, green and blue of a token, (3,)."""
    value = QColor(color)
    return np.array([value.red(), value.green(), value.blue()], np.uint8)


def diverging_table(theme: Theme) -> NDArray[np.uint8]:
    """Return 256 RGB colors, (256, 3): negative at 1, the surface color at 128, positive at 255.

    Because zero has the surface's color, weights that do nothing disappear. Index 0 is for what is
    no weight: the gaps between tiles.
    """
    negative, middle, positive = (
        rgb(color).astype(float) for color in (theme.negative, theme.surface, theme.positive)
    )
    value = np.linspace(-1, 1, 255)[:, np.newaxis]
    end = np.where(value < 0, negative, positive)
    table = np.empty((256, 3), np.uint8)
    table[1:] = np.rint(middle + (end - middle) * np.abs(value)).astype(np.uint8)
    table[0] = rgb(theme.window)
    return table


def tabular(font: QFont) -> QFont:
    """Return `font` with figures of one width, so that changing numbers do not move."""
    font = QFont(font)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font
