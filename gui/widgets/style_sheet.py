"""What the standard controls look like: a palette, and the few rules that it cannot express."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette

from core.colors import Theme
from gui.widgets.theme import CARD_RADIUS, HINT_SIZE, SHADOW, TITLE_SIZE


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
        (role.Button, theme.raised),
        (role.ButtonText, theme.text),
        (role.BrightText, theme.text),
        (role.ToolTipBase, theme.surface),
        (role.ToolTipText, theme.text),
        (role.Highlight, theme.accent),
        (role.HighlightedText, theme.on_accent),
        (role.Accent, theme.accent),
        (role.Link, theme.accent),
        (role.LinkVisited, theme.accent),
        (role.Light, theme.surface),
        (role.Midlight, theme.hairline),
        (role.Mid, theme.control),
        (role.Dark, theme.control),
        (role.Shadow, theme.hairline),
    ):
        palette.setColor(target, QColor(color))
    disabled = QPalette.ColorGroup.Disabled
    for target in (role.WindowText, role.Text, role.ButtonText, role.PlaceholderText):
        palette.setColor(disabled, target, QColor(theme.control))
    return palette


def make_style_sheet(theme: Theme) -> str:
    """Return the few rules that a palette cannot express.

    A control that has the focus has a ring of two pixels in the accent's color.
    """
    return f"{_labels(theme)}{_buttons(theme)}{_fields(theme)}{_tabs(theme)}{_furniture(theme)}"


def _labels(theme: Theme) -> str:
    return f"""
    QLabel[role="hint"] {{ font-size: {HINT_SIZE}px; color: {theme.quiet}; }}
    QLabel[role="quiet"] {{ color: {theme.quiet}; }}
    QLabel[role="fault"] {{ font-size: {HINT_SIZE}px; color: {theme.fault}; }}
    QLabel:focus {{ background: {theme.accent_surface}; }}
    QLabel[role="title"] {{ font-size: {TITLE_SIZE}px; font-weight: 600; }}
    QFrame[role="hairline"] {{ background: {theme.hairline}; border: none; }}
    QFrame[role="edge"] {{ background: {theme.control}; border: none; }}
    QFrame[role="banner"] {{
        background: {theme.warning_surface}; border: 1px solid {theme.warning};
        border-radius: {CARD_RADIUS}px; margin: {SHADOW}px;
    }}
    QFrame[role="card"] {{
        background: {theme.surface}; border: 1px solid {theme.control};
        border-radius: {CARD_RADIUS}px; margin: {SHADOW}px;
    }}
    QFrame[role="banner"] QLabel {{ color: {theme.text}; }}
    """


def _buttons(theme: Theme) -> str:
    return f"""
    QPushButton, QToolButton {{
        background: {theme.raised}; color: {theme.text};
        border: 2px solid {theme.raised}; border-radius: 6px; padding: 3px 10px;
    }}
    QPushButton:hover, QToolButton:hover {{
        background: {theme.hairline}; border-color: {theme.hairline};
    }}
    QPushButton:pressed, QToolButton:pressed {{ border-color: {theme.control}; }}
    QPushButton:checked, QToolButton:checked {{
        background: {theme.hairline}; border-color: {theme.control};
    }}
    QPushButton:focus, QToolButton:focus {{ border-color: {theme.accent}; }}
    QPushButton:disabled, QToolButton:disabled {{ color: {theme.control}; }}
    QPushButton[role="primary"] {{
        background: {theme.accent}; color: {theme.on_accent}; border-color: {theme.accent};
        font-weight: 600;
    }}
    QPushButton[role="primary"]:disabled {{
        background: {theme.hairline}; color: {theme.quiet}; border-color: {theme.hairline};
    }}
    QPushButton[role="primary"]:focus {{ border-color: {theme.accent}; }}
    QToolButton {{ padding: 1px 7px; }}
    """


def _fields(theme: Theme) -> str:
    return f"""
    QLineEdit {{
        background: {theme.surface}; color: {theme.text};
        border: 1px solid {theme.control}; border-radius: 4px; padding: 2px 6px; min-height: 20px;
    }}
    QLineEdit:focus {{ border: 2px solid {theme.accent}; padding: 1px 5px; }}
    QLineEdit[refused="true"] {{ border: 2px solid {theme.test}; padding: 1px 5px; }}
    QProgressBar {{
        background: {theme.hairline}; border: none; border-radius: 3px; max-height: 6px;
        min-height: 6px;
    }}
    QProgressBar::chunk {{ background: {theme.accent}; border-radius: 3px; }}
    """


def _tabs(theme: Theme) -> str:
    return f"""
    QTabWidget::pane {{ border: none; border-top: 1px solid {theme.hairline}; }}
    QTabBar::tab {{
        color: {theme.quiet}; padding: 5px 8px 3px 8px; border: none;
        border-bottom: 2px solid transparent;
    }}
    QTabBar[dense="true"]::tab {{ padding-left: 3px; padding-right: 3px; }}
    QTabBar::tab:hover {{ color: {theme.text}; }}
    QTabBar::tab:selected {{ color: {theme.text}; border-bottom-color: {theme.text}; }}
    QTabBar::tab:selected:focus {{
        border: 2px solid {theme.accent}; border-radius: 4px; padding: 3px 6px 3px 6px;
    }}
    QTabBar[dense="true"]::tab:selected:focus {{ padding-left: 1px; padding-right: 1px; }}
    QTabBar {{ qproperty-drawBase: 0; }}
    QTabBar QToolButton {{ padding: 0; }}
    QTabWidget#left_tabs::tab-bar {{ left: 12px; }}
    """


def _furniture(theme: Theme) -> str:
    return f"""
    QToolTip {{
        background: {theme.surface}; color: {theme.text}; border: 1px solid {theme.control};
        padding: 4px;
    }}
    QSplitter::handle {{ background: {theme.hairline}; }}
    QScrollArea {{ border: none; background: transparent; }}
    QAbstractScrollArea::corner {{ background: transparent; border: none; }}
    QScrollBar {{ background: transparent; border: none; }}
    QScrollBar:vertical {{ width: 12px; }}
    QScrollBar:horizontal {{ height: 12px; }}
    QScrollBar::handle {{ background: {theme.control}; border-radius: 2px; }}
    QScrollBar::handle:vertical {{ margin: 2px 4px; min-height: 32px; }}
    QScrollBar::handle:horizontal {{ margin: 4px 2px; min-width: 32px; }}
    QScrollBar::handle:hover {{ background: {theme.text}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QMenuBar {{ background: {theme.window}; }}
    """
