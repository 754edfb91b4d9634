"""How long work reports its progress and is cancelled."""

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Called as ``progress(done, total)``; may raise `core.errors.Cancelled` to stop the work."""


def no_progress(done: int, total: int) -> None:
    """Ignore the progress."""
