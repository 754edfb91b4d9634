"""Counts the Qt objects that are destroyed outside the thread that created them.

A Qt object may only be destroyed in its own thread. Python's cyclic collector runs in whichever
thread allocates, and the last reference may be dropped anywhere, so no line of code shows this
error. The hook sees every QObject that Python code creates, including Qt's own classes and
pyqtgraph's, and Qt itself reports when one is destroyed.
"""

from __future__ import annotations

import gc
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import QObject, Qt

_METACLASS: Any = type(QObject)


class Destructions:
    """The counts since :func:`watch_destructions` started.

    Attributes
    ----------
    made
        How many QObjects were made.
    astray
        How many of each class were destroyed outside the thread that created them.
    collections_astray
        How often Python's cyclic collector ran outside the thread of the watch.
    """

    def __init__(self) -> None:
        self.made = 0
        self.astray: Counter[str] = Counter()
        self.collections_astray = 0
        self._home = threading.get_ident()

    def note_made(self, made: QObject) -> None:
        """Let Qt report the thread where `made` is destroyed."""
        self.made += 1
        name, home = type(made).__name__, threading.get_ident()

        def note_destroyed(*_: object) -> None:
            if threading.get_ident() != home:
                self.astray[name] += 1

        # Direct: in the thread that destroys, whichever that is.
        made.destroyed.connect(note_destroyed, Qt.ConnectionType.DirectConnection)

    def note_collection(self, phase: str, _info: object) -> None:
        """Record where the collector runs; for ``gc.callbacks``."""
        if phase == "start" and threading.get_ident() != self._home:
            self.collections_astray += 1


@contextmanager
def watch_destructions() -> Iterator[Destructions]:
    """Watch all QObjects that are created inside, until the end of the process.

    Wraps their metaclass's ``__call__``, which creates every one of them, whatever its class.
    """
    seen, make = Destructions(), _METACLASS.__call__

    def make_and_note(cls: type, *arguments: Any, **named: Any) -> Any:
        made = make(cls, *arguments, **named)
        if isinstance(made, QObject):
            seen.note_made(made)
        return made

    _METACLASS.__call__ = make_and_note
    gc.callbacks.append(seen.note_collection)
    try:
        yield seen
    finally:
        gc.callbacks.remove(seen.note_collection)
        _METACLASS.__call__ = make
