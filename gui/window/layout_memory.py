"""What the window looked like when it was last closed."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QMainWindow, QSplitter, QStyle, QWidget

from gui.settings.settings_panel import SettingsPanel


class LayoutMemory:
    """Keeps the window's place, its splitters and its open sections from one start to the next.

    Parameters
    ----------
    settings
        Where they are kept; None to forget them.
    """

    def __init__(
        self,
        settings: QSettings | None,
        window: QMainWindow,
        splitters: dict[str, QSplitter],
        panel: SettingsPanel,
    ) -> None:
        self._settings = settings
        self._window = window
        self._splitters = splitters
        self._panel = panel

    def restore(self) -> None:
        """Bring back what is remembered, and leave the rest as it is."""
        if self._settings is None:
            return
        value = self._settings.value
        if isinstance(geometry := value("geometry"), QByteArray):
            self._window.restoreGeometry(geometry)
        for name, splitter in self._splitters.items():
            if isinstance(state := value(name), QByteArray):
                splitter.restoreState(state)
        self._panel.open_only(str(value("open_sections", "")).split())

    def remember(self) -> None:
        """Write down what is there now."""
        if self._settings is None:
            return
        self._settings.setValue("geometry", self._window.saveGeometry())
        for name, splitter in self._splitters.items():
            self._settings.setValue(name, splitter.saveState())
        self._settings.setValue("open_sections", " ".join(self._panel.open_sections))


def show_on_screen(window: QWidget) -> None:
    """Show `window`, maximized if the screen is too small for it, so that no edge is hidden."""
    title_bar = window.style().pixelMetric(QStyle.PixelMetric.PM_TitleBarHeight)
    size, room = window.size(), window.screen().availableSize()
    if size.width() > room.width() or size.height() + title_bar > room.height():
        window.showMaximized()
    else:
        window.show()
