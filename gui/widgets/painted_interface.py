"""What screen readers say of a view that paints itself: its kind, and what it shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from weakref import WeakMethod

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAccessibleWidget, QWidget
from shiboken6 import VoidPtr, isValid

_kept: list[QAccessibleWidget] = []
"""Qt deletes an interface together with its widget; Python must not do it earlier."""


def register(interface: QAccessibleWidget) -> None:
    """Let screen readers ask `interface` from now on."""
    _kept[:] = [kept for kept in _kept if isValid(kept)]
    _kept.append(interface)
    QAccessible.registerAccessibleInterface(interface)


def show_as(
    widget: QWidget, role: QAccessible.Role, words: Callable[[], str] | None = None
) -> None:
    """Let screen readers know what kind of view `widget` is, which without this is a filler.

    What signals call of the widget must be a Slot: for any other method PySide changes the widget's
    meta-object, and Qt no longer finds the interface.

    Parameters
    ----------
    words
        A method that returns what is shown, in words; it is called when a screen reader asks.
        Without it, that is the widget's accessible description.
    """
    register(PaintedInterface(widget, role, words))


class PaintedInterface(QAccessibleWidget):
    """Says of which kind a widget is, and what it shows."""

    def __init__(
        self, widget: QWidget, role: QAccessible.Role, words: Callable[[], str] | None = None
    ) -> None:
        super().__init__(widget, role)
        # Not the method itself, which would keep its owner alive.
        self._words = None if words is None else WeakMethod(words)

    def text(self, kind: QAccessible.Text) -> str:
        """Return what is shown, in words; otherwise what any widget has."""
        words = None if self._words is None else self._words()
        if kind == QAccessible.Text.Description and words is not None:
            return words()
        return super().text(kind)

    def interface_cast(self, kind: QAccessible.InterfaceType) -> Any:
        """Return what any widget has."""
        found = super().interface_cast(kind)
        return VoidPtr(0) if found is None else found  # None would end the app, in PySide 6.11
