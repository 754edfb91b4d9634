"""Which objects are alive and how much memory is in use, without running the collector."""

from __future__ import annotations

import os
from functools import wraps
from pathlib import Path
from typing import Any
from weakref import WeakSet

_PAGE = os.sysconf("SC_PAGE_SIZE")


class Alive:
    """Counts the instances of a class created from now on, by weak references."""

    def __init__(self, counted: type) -> None:
        self._instances: WeakSet[Any] = WeakSet()
        prepare: Any = counted.__init__  # type: ignore[misc]

        @wraps(prepare)
        def prepare_and_note(instance: Any, *arguments: Any, **named: Any) -> None:
            self._instances.add(instance)
            prepare(instance, *arguments, **named)

        counted.__init__ = prepare_and_note  # type: ignore[misc]

    def __len__(self) -> int:
        return len(self._instances)


def resident_mb() -> float:
    """Return this process's resident memory in MB (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * _PAGE / 1e6
