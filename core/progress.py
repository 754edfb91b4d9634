"""How long work reports how far it is, and how it is told to stop."""

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Called as ``progress(done, total)``; may raise `core.errors.Cancelled` to stop the work."""


def no_progress(done: int, total: int) -> None:
    """Report to nobody."""
