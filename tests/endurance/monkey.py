"""Clicks, types, drags and turns the wheel anywhere in the window while a network trains.

    python -m tests.endurance.monkey [--count 3000] [--seed 1]

Whatever is under the mouse, including an open menu and the app's own dialogs, gets the input as
from a person's hand. Passes if there was no exception, no logged error, and no warning by Qt. The
input depends only on the seed; its effect also depends on how far training is.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from shiboken6 import isValid

from gui.training.state import State
from tests.endurance.complaints import Complaints
from tests.endurance.driver import Driver
from tests.endurance.program import home, parse, verdict

_IMAGES = 600
_NOTCH = 120
"""What a mouse's wheel sends for one step."""
_REMEMBERED = 12
_STUCK_SECONDS = 2.0
_SHORTCUTS = 0.5
"""The share of keys that have an effect in the window."""
_BUTTONS = (Qt.MouseButton.LeftButton,) * 5 + (Qt.MouseButton.RightButton,)
_KEYS = (
    *(Qt.Key(Qt.Key.Key_0 + digit) for digit in range(10)),
    *(Qt.Key(Qt.Key.Key_A + letter) for letter in range(26)),
    *(Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab),
    *(Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home),
    *(Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Delete, Qt.Key.Key_F1),
    *(Qt.Key.Key_F2, Qt.Key.Key_Backspace, Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Comma),
    *(Qt.Key.Key_Period, Qt.Key.Key_Menu),
)
_MODIFIERS = (
    *(Qt.KeyboardModifier.NoModifier,) * 6,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
)


class Monkey(Driver):
    """Gives random input."""

    def __init__(self, count: int, seed: int, folder: Path) -> None:
        super().__init__(count, seed, folder, pause_ms=1)
        self.last: deque[str] = deque(maxlen=_REMEMBERED)
        self._is_open = True

    def begin(self) -> None:
        """Keep the window open, and play."""
        self.window.installEventFilter(self)
        self.session.play()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the window open until the end, because Quit may be pressed."""
        if self._is_open and watched is self.window and event.type() == QEvent.Type.Close:
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def finish(self) -> None:
        """Allow the window to close."""
        self._is_open = False

    def answer(self) -> bool:
        """Answer dialogs, but leave menus to the monkey."""
        if isinstance(QApplication.activePopupWidget(), QWidget) and self.rng.random() < 0.8:
            return False
        return super().answer()

    def may_nest(self, seconds: float) -> bool:
        """Continue inside an action that needs another one to end, such as dragging text."""
        return seconds > _STUCK_SECONDS or QApplication.activeModalWidget() is not None

    def act(self) -> None:
        """Give one random input."""
        kinds: tuple[tuple[int, Callable[[QWidget], None]], ...] = (
            (5, self._click),
            (4, self._press_key),
            (2, self._drag),
            (2, self._turn_wheel),
        )
        weights, hands = zip(*kinds, strict=True)
        widget = QApplication.activePopupWidget() or self.window
        self.rng.choices(hands, weights)[0](widget)
        # Otherwise it would rarely train: any Space pauses.
        if self.session.state is State.PAUSED and self.rng.random() < 0.2:
            self.session.play()

    def _say(self, what: str) -> None:
        """Record the next input."""
        self.last.append(f"{self.done}: {what}")

    def _place(self, widget: QWidget) -> QPoint:
        """Return a place in a widget: the same for the same seed and size."""
        across, down = self.rng.random(), self.rng.random()
        return QPoint(int(across * widget.width()), int(down * widget.height()))

    def _click(self, widget: QWidget) -> None:
        place, button = self._place(widget), self.rng.choice(_BUTTONS)
        times, modifiers = self.rng.choice((1, 1, 1, 1, 1, 1, 2)), self.rng.choice(_MODIFIERS)
        window = _native(widget)
        self._say(f"click {button.name} × {times} on {_under(widget, place)}")
        for press in (QTest.mousePress, QTest.mouseDClick)[:times]:
            if isValid(window):  # a menu is gone after the first
                press(window, button, modifiers, place)
                _release(window, button, modifiers, place)

    def _press_key(self, widget: QWidget) -> None:
        if self.rng.random() < _SHORTCUTS:
            shortcut = self.rng.choice(self.window.actions_.all()).shortcut()
            key, modifiers = shortcut[0].key(), shortcut[0].keyboardModifiers()
        else:
            key, modifiers = self.rng.choice(_KEYS), self.rng.choice(_MODIFIERS)
        self._say(f"key {key.name} with {modifiers}")
        QTest.keyClick(_native(widget), key, modifiers)

    def _drag(self, widget: QWidget) -> None:
        places = [self._place(widget) for _ in range(3)]
        window = _native(widget)
        self._say(f"drag on {_under(widget, places[0])}")
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        QTest.mousePress(window, left, none, places[0])
        for place in places[1:]:
            if isValid(window):
                QTest.mouseMove(window, place)
        _release(window, left, none, places[-1])

    def _turn_wheel(self, widget: QWidget) -> None:
        place, notches = self._place(widget), self.rng.choice((-3, -1, 1, 3))
        target = widget.childAt(place) or widget
        self._say(f"wheel {notches} on {_under(widget, place)}")
        event = QWheelEvent(
            QPointF(target.mapFrom(widget, place)),
            QPointF(widget.mapToGlobal(place)),
            QPoint(),
            QPoint(0, notches * _NOTCH),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(target, event)


def _native(widget: QWidget) -> QWindow:
    """Return the window of the display that has the widget, so that Qt itself finds the child."""
    return widget.window().windowHandle()


def _release(
    window: QWindow, button: Qt.MouseButton, modifiers: Qt.KeyboardModifier, place: QPoint
) -> None:
    """Release a button, unless its press closed the window, such as a menu."""
    if isValid(window):
        QTest.mouseRelease(window, button, modifiers, place)


def _under(widget: QWidget, place: QPoint) -> str:
    """Name what is at a place."""
    if isinstance(widget, QMenu):
        action = widget.actionAt(place)
        return f"menu {action.text() if action is not None else ''}"
    child = widget.childAt(place) or widget
    named: QObject | None = child
    while named is not None and not named.objectName():
        named = named.parent()
    return f"{type(child).__name__} in {named.objectName() if named is not None else '?'}"


def main() -> int:
    """Run the monkey, and print the verdict."""
    arguments = parse(__doc__ or "", 3_000, "clicks, keys, drags and wheel turns")
    with home(_IMAGES) as folder:
        complaints = Complaints()
        monkey = Monkey(arguments.count, arguments.seed, folder)
        at_fault: list[str] = []
        complaints.on_first = lambda: at_fault.extend(monkey.last)
        status = monkey.drive()
    complained = len(complaints.texts)
    return verdict(
        f"monkey, seed {arguments.seed}: {monkey.done:,} actions, {complained} complaints",
        ["what was done last at the first complaint:", *at_fault] if complained else [],
        complaints.texts,
        status,
    )


if __name__ == "__main__":
    sys.exit(main())
