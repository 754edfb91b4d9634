"""Light or dark: in step with the system, or as the user chose."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QApplication

from core.colors import DARK, LIGHT
from gui.widgets.style_sheet import make_palette, make_style_sheet
from gui.widgets.theme import TEXT_SIZE
from gui.widgets.typeface import load_typefaces, text_font


class ThemeController(QObject):
    """Keeps the application's colors in step with the system, or with the user's choice.

    Attributes
    ----------
    chosen
        Light or dark; Unknown follows the system.

    Signals
    -------
    changed(Theme)
        Everything that paints for itself must do so again.
    """

    changed = Signal(object)

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self.chosen = Qt.ColorScheme.Unknown
        self.theme = LIGHT
        app.setStyle("Fusion")
        load_typefaces()
        # Not in the style sheet: a rule for all widgets would make each of them slow to paint.
        app.setFont(text_font(app.font(), TEXT_SIZE))
        app.styleHints().colorSchemeChanged.connect(self._follow)
        self._follow()

    def choose(self, scheme: Qt.ColorScheme) -> None:
        """Use light or dark; Unknown follows the system."""
        if scheme == self.chosen:
            return
        self.chosen = scheme
        # So that what the system draws, such as the title bar and file dialogs, follows too.
        self._app.styleHints().setColorScheme(scheme)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        # A platform without a color scheme of its own ignores setColorScheme().
        scheme = self.chosen
        if scheme == Qt.ColorScheme.Unknown:
            scheme = self._app.styleHints().colorScheme()
        self.theme = DARK if scheme == Qt.ColorScheme.Dark else LIGHT
        self._app.setPalette(make_palette(self.theme))
        self._app.setStyleSheet(make_style_sheet(self.theme))
        self.changed.emit(self.theme)
