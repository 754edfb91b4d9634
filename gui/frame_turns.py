"""Which views are drawn at a frame while a network learns.

While Python draws, the training thread waits, so what is drawn is training time.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from core.config import NetworkConfig
from core.snapshot import Snapshot

_REST, _LONGEST_REST = 40, 0.5
"""A tab rests for so many times as long as drawing it takes, and at most for so many seconds: the
weights of 1,024 units are drawn some four times a second, those of 128 ten times."""

Show = Callable[[Snapshot], object]


class FrameTurns:
    """Has one of loss, accuracy and the open tab drawn a frame, and a reading every other frame.

    Parameters
    ----------
    loss, accuracy, tab, figures, reading
        Each draws what it is named after; the figures are drawn when it is the tab's turn.
    """

    def __init__(self, loss: Show, accuracy: Show, tab: Show, figures: Show, reading: Show) -> None:
        self._views = (loss, accuracy, self._show_tab_and_figures)
        self._tab = tab
        self._figures = figures
        self._reading = reading
        self._frame = 0
        self._tab_is_due = 0.0
        self._network: NetworkConfig | None = None

    def show_all(self, snapshot: Snapshot) -> None:
        """Draw everything."""
        self._tab_is_due = 0.0
        for show in (*self._views, self._reading):
            show(snapshot)

    def show_next(self, snapshot: Snapshot) -> None:
        """Draw what has its turn."""
        self._frame += 1
        self._views[self._frame % len(self._views)](snapshot)
        if self._frame % 2:
            self._reading(snapshot)

    def _show_tab_and_figures(self, snapshot: Snapshot) -> None:
        """Draw the tab as well, unless it rests; other layers are shown at once."""
        begun = time.perf_counter()
        if begun >= self._tab_is_due or snapshot.network_config != self._network:
            self._network = snapshot.network_config
            self._tab(snapshot)
            done = time.perf_counter()
            self._tab_is_due = done + min(_REST * (done - begun), _LONGEST_REST)
        self._figures(snapshot)
