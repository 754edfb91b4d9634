"""Ctrl+Z for a part of the window, where the whole window has one of its own."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget


class UndoKey(QObject):
    """An event filter that claims the key while the focus is in a widget or in its children.

    Not a QShortcut: with the window's there would be two for the same key, and Qt would do neither.

    Signals
    -------
    pressed()
        Something is to be taken back.
    """

    pressed = Signal()

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the key from the window's shortcut, then from the widget."""
        is_undo = isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Undo)
        if is_undo:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self.pressed.emit()
                return True
        return super().eventFilter(watched, event)
