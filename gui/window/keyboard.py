"""Which keys the focused control keeps from the window's shortcuts, and where the focus goes."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLineEdit,
    QScrollArea,
    QTabWidget,
    QWidget,
)
from shiboken6 import isValid

from gui.film.shown_moment import ShownMoment
from gui.widgets.number_field import NumberField
from gui.window.tab_order import follow_the_eye

_PRESS = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
_RETURN = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_MODIFIERS = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)
_DIGIT_ROW = {"linux": 10, "win32": 2}
"""Scan code of the key that is a 1 on most keyboards; the keys up to 0 follow."""


class Keyboard(QObject):
    """Gives keys to the focused control where it has a use for them; elsewhere they are shortcuts.

    A shortcut's key comes first as a ShortcutOverride, to the control and then to what it lies in,
    and at last to the window: who accepts it gets the key. What no control has a use for comes to
    the window as a key that is pressed.

    Parameters
    ----------
    parts
        Of the window, as the eye goes through them.
    correct
        The actions of the digits 0 to 9. Their shortcuts know a digit only where it needs no Shift.
    shown
        Escape, where nothing else has a use for it, goes back to now.
    """

    def __init__(
        self,
        window: QWidget,
        correct: Sequence[QAction],
        parts: Sequence[QWidget],
        shown: ShownMoment,
    ) -> None:
        super().__init__(window)
        self._shown = shown
        self._window, self._correct, self._parts = window, correct, parts
        self._before: QWidget | None = None
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._note_focus)
        QTimer.singleShot(0, self.prepare)  # when the controls have their places

    @Slot()
    def prepare(self) -> None:
        """Let a click on a button leave the focus, so that Space plays after it; order the stops.

        Areas that scroll have no use for the focus: what is in them comes into sight with it.
        Neither have tab widgets beside their bars.
        """
        for button in self._window.findChildren(QAbstractButton):
            if button.focusPolicy() & Qt.FocusPolicy.ClickFocus:
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for area in self._window.findChildren(QScrollArea):
            area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for tabs in self._window.findChildren(QTabWidget):
            # Their bar has the focus. As long as they stood for it, Tab jumped to it from afar.
            tabs.setFocusProxy(None)  # type: ignore[arg-type]
            tabs.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        follow_the_eye(self._window, self._parts)

    @Slot(QWidget, QWidget)
    def _note_focus(self, old: QWidget | None, new: QWidget | None) -> None:
        """Remember where the focus was before it came into a field."""
        if not isValid(self._window):  # the last focus goes after it
            return
        if isinstance(new, NumberField):
            new.reverted.connect(self._leave_reverted, Qt.ConnectionType.UniqueConnection)
        is_ours = old is not None and self._window.isAncestorOf(old)
        if isinstance(new, QLineEdit) and is_ours and not isinstance(old, QLineEdit):
            self._before = old

    def keeps(self, event: QKeyEvent) -> bool:
        """Whether a key is for the focused control, although it is a shortcut."""
        control = QApplication.focusWidget()
        if event.modifiers() & _MODIFIERS:
            return False
        if isinstance(control, QLineEdit):
            return event.key() == Qt.Key.Key_Escape
        if self._digit(event) is not None and not event.text().isdigit():
            return True  # a digit that needs Shift: its key may have another shortcut without
        if isinstance(control, QAbstractButton):
            return event.key() in _PRESS
        if isinstance(control, QComboBox):
            return event.key() in _PRESS or (event.text().isprintable() and bool(event.text()))
        # In a list or a table, letters look for an entry.
        return isinstance(control, QAbstractItemView) and event.text().isalpha()

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key does that neither a shortcut nor the control had a use for."""
        control, key = QApplication.focusWidget(), event.key()
        if event.modifiers() & _MODIFIERS:
            return False
        if isinstance(control, QLineEdit):
            return key in (*_RETURN, Qt.Key.Key_Escape) and self._leave(control, key)
        if isinstance(control, QAbstractButton) and key in _RETURN:
            control.click()
            return True
        if isinstance(control, QComboBox) and key in _RETURN:
            control.showPopup()
            return True
        digit = self._digit(event)
        if digit is not None and not event.isAutoRepeat():
            self._correct[digit].trigger()
        elif key == Qt.Key.Key_Escape and not self._shown.is_now:
            self._shown.show_now()
        else:
            return False
        return True

    @Slot()
    def _leave_reverted(self) -> None:
        field = QApplication.focusWidget()
        if isinstance(field, NumberField):
            self._leave(field, Qt.Key.Key_Escape)

    def _leave(self, field: QLineEdit, key: int) -> bool:
        """Give the focus back to where it was, unless the field has refused its text."""
        if key != Qt.Key.Key_Escape and field.property("refused"):
            return False
        before = self._before
        if before is not None and isValid(before) and before.isVisible() and before.isEnabled():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            field.clearFocus()
        return True

    @staticmethod
    def _digit(event: QKeyEvent) -> int | None:
        """Return the digit of a key, whether or not the keyboard wants Shift for it."""
        text = event.text()
        if len(text) == 1 and "0" <= text <= "9":
            return int(text)
        first, code = _DIGIT_ROW.get(sys.platform), event.nativeScanCode()
        if first is None or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            return None
        return (code - first + 1) % 10 if first <= code < first + 10 else None
