"""Counts the Qt objects that are destroyed outside the thread that made them.

An object of Qt may only be destroyed in its own thread. Python's cyclic collector runs in whichever
thread allocates, and the last reference may be dropped anywhere, so that this goes wrong without
any line of code that says so. The hook sees every QObject that Python code makes, Qt's own classes
and pyqtgraph's too, and asks Qt itself when one is destroyed.
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
    """What was seen since :func:`watch_destructions` began.

    Attributes
    ----------
    made
        How many QObjects were made.
    astray
        How many of each class were destroyed in another thread than the one that made them.
    collections_astray
        How often Python's cyclic collector ran outside the thread of the watch.
    """

    def __init__(self) -> None:
        self.made = 0
        self.astray: Counter[str] = Counter()
        self.collections_astray = 0
        self._home = threading.get_ident()

    def note_made(self, made: QObject) -> None:
        """Have Qt tell where `made` is destroyed."""
        self.made += 1
        name, home = type(made).__name__, threading.get_ident()

        def note_destroyed(*_: object) -> None:
            if threading.get_ident() != home:
                self.astray[name] += 1

        # Direct: in the thread that destroys, whichever that is.
        made.destroyed.connect(note_destroyed, Qt.ConnectionType.DirectConnection)

    def note_collection(self, phase: str, _info: object) -> None:
        """Note where the collector runs; for ``gc.callbacks``."""
        if phase == "start" and threading.get_ident() != self._home:
            self.collections_astray += 1


@contextmanager
def watch_destructions() -> Iterator[Destructions]:
    """Watch all QObjects that are made inside, until the end of the process.

    Their class's own ``__call__`` is wrapped: it makes every one of them, whatever its class.
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
