"""Which views are drawn at a frame while a network learns.

While Python draws, the training thread waits, so what is drawn is training time.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from core.settings.config import NetworkConfig
from core.training.snapshot import Snapshot

_REST, _LONGEST_REST = 40, 0.5
"""A tab rests for so many times as long as drawing it takes, and at most for so many seconds: the
weights of 1,024 units are drawn some four times a second, those of 128 ten times."""

_SLOW = 0.05
"""Seconds a step; where steps come no faster, all is drawn of each. So it is surely below ten steps
a second, though steps do not come at equal distances."""

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
        self._newest: Snapshot | None = None
        self._step_seen = 0.0
        self._is_slow = False

    def show_all(self, snapshot: Snapshot) -> None:
        """Draw everything."""
        if self._newest is None or self._newest.step != snapshot.step:
            self._step_seen = snapshot.time
        self._newest = snapshot
        self._tab_is_due = 0.0
        for show in (*self._views, self._reading):
            show(snapshot)

    def show_next(self, snapshot: Snapshot) -> None:
        """Draw what has its turn, or everything where steps are slow: all of the same step."""
        before = self._newest
        self._judge_speed(snapshot)
        if self._is_slow:
            if before is None or _shows_other_state(before, snapshot):
                self.show_all(snapshot)
            return
        self._frame += 1
        self._views[self._frame % len(self._views)](snapshot)
        if self._frame % 2:
            self._reading(snapshot)

    def _judge_speed(self, snapshot: Snapshot) -> None:
        """Tell by the time since another step was first seen how fast steps come now."""
        before, self._newest = self._newest, snapshot
        steps = 0 if before is None else snapshot.step - before.step
        if steps > 0:
            self._is_slow = snapshot.time - self._step_seen >= _SLOW * steps
        if steps or before is None:
            self._step_seen = snapshot.time

    def _show_tab_and_figures(self, snapshot: Snapshot) -> None:
        """Draw the tab as well, unless it rests; other layers are shown at once."""
        begun = time.perf_counter()
        if begun >= self._tab_is_due or snapshot.config.network != self._network:
            self._network = snapshot.config.network
            self._tab(snapshot)
            done = time.perf_counter()
            self._tab_is_due = done + min(_REST * (done - begun), _LONGEST_REST)
        self._figures(snapshot)


def _shows_other_state(before: Snapshot, now: Snapshot) -> bool:
    return (
        before.step != now.step
        or before.test is not now.test
        or len(before.changes) != len(now.changes)
    )
