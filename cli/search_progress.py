"""How ``main.py search`` shows its progress: a bar, or lines for another program."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import NoReturn, Protocol

from tqdm import tqdm

from core.search.search_progress import SearchProgress
from core.wording import percent

_LINE_EVERY = 1.0
"""Seconds between two lines if no trial has ended."""


class Display(Protocol):
    """Shows the progress of a search."""

    def show(self, progress: SearchProgress) -> None:
        """Show it; called often."""

    def close(self) -> None:
        """End."""


class Bar:
    """A progress bar on stderr."""

    def __init__(self) -> None:
        self._bar: tqdm[NoReturn] | None = None

    def show(self, progress: SearchProgress) -> None:
        """Update the bar."""
        if self._bar is None:
            # What earlier processes did says nothing about the speed of this one.
            self._bar = tqdm(total=progress.total, initial=progress.done, unit=" trials")
        bar = self._bar
        bar.update(progress.done - bar.n)
        text = progress.message
        if not text and progress.best is not None:
            text = f"best {percent(progress.best)} (trial {progress.best_trial})"
        bar.set_postfix_str(text, refresh=False)

    def close(self) -> None:
        """Leave the bar as it is."""
        if self._bar is not None:
            self._bar.close()


class Lines:
    """A line of JSON on stdout whenever something has changed, and every second.

    Each has the id of the search, and the fields of
    :class:`core.search.search_progress.SearchProgress`.
    """

    def __init__(self, search: str) -> None:
        self._search = search
        self._last: SearchProgress | None = None
        self._due = 0.0

    def show(self, progress: SearchProgress) -> None:
        """Print a line if that is worthwhile."""
        last = self._last
        if (
            last is None
            or (last.done, last.running, last.message)
            != (progress.done, progress.running, progress.message)
            or time.monotonic() >= self._due
        ):
            self._last, self._due = progress, time.monotonic() + _LINE_EVERY
            print(json.dumps({"search": self._search, **asdict(progress)}), flush=True)

    def close(self) -> None:
        """Do nothing."""


class StopSignals:
    """Notes that the user, or the window, has asked to stop; asked again, Python ends at once."""

    def __init__(self) -> None:
        self.came = False

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Listen to SIGINT and SIGTERM."""
        numbers = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, self._note) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _note(self, number: int, _frame: object) -> None:
        self.came = True
        signal.signal(number, signal.SIG_DFL)
