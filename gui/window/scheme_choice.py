"""Light or dark: the user's choice, and what is remembered of it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSettings, Qt, Slot
from PySide6.QtGui import QAction, QActionGroup

from gui.widgets.theme_controller import ThemeController

_KEY = "scheme"
_NAMES = {
    Qt.ColorScheme.Unknown: "system",
    Qt.ColorScheme.Light: "light",
    Qt.ColorScheme.Dark: "dark",
}


class SchemeChoice(QObject):
    """Applies the remembered scheme at the start, and every choice at once.

    A scheme that was chosen before, such as on the command line, is kept, and not remembered.

    Parameters
    ----------
    schemes
        The actions to choose from, with a scheme as data.
    settings
        Where the choice is remembered; None to forget it.
    """

    def __init__(
        self,
        themes: ThemeController,
        schemes: QActionGroup,
        settings: QSettings | None,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._themes, self._settings = themes, settings
        if themes.chosen == Qt.ColorScheme.Unknown and settings is not None:
            name = settings.value(_KEY)
            themes.choose(next((s for s in _NAMES if _NAMES[s] == name), themes.chosen))
        for action in schemes.actions():
            action.setChecked(action.data() == themes.chosen)
        schemes.triggered.connect(self._choose)

    @Slot(QAction)
    def _choose(self, action: QAction) -> None:
        self._themes.choose(action.data())
        if self._settings is not None:
            self._settings.setValue(_KEY, _NAMES[action.data()])
