"""Keeps the mouse wheel from changing a setting that it only rolls over."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget


class WheelGuard(QObject):
    """An event filter: the wheel works on a control that was clicked first, else it scrolls."""

    def protect(self, *controls: QWidget) -> None:
        """Guard `controls`."""
        for control in controls:
            control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            control.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hand the wheel on to what the control lies in."""
        if event.type() == QEvent.Type.Wheel:
            assert isinstance(watched, QWidget)
            if not watched.hasFocus():
                event.ignore()
                return True
        return super().eventFilter(watched, event)
