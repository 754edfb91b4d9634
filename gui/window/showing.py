"""Shows the window for the first time, on whatever screen there is."""

from __future__ import annotations

from PySide6.QtWidgets import QStyle, QWidget


def show_on_screen(window: QWidget) -> None:
    """Show `window`; maximized on a screen that is too small for it, so that no edge is hidden."""
    title_bar = window.style().pixelMetric(QStyle.PixelMetric.PM_TitleBarHeight)
    size, available = window.size(), window.screen().availableSize()
    if size.width() > available.width() or size.height() + title_bar > available.height():
        window.showMaximized()
    else:
        window.show()
