"""What the session is doing."""

from __future__ import annotations

from enum import Enum, auto


class State(Enum):
    """What the session is doing."""

    NO_DATA = auto()
    LOADING = auto()
    PAUSED = auto()
    RUNNING = auto()
