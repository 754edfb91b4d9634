"""Which views are drawn in each frame while a network trains.

Training waits while Python draws, so drawing less in a frame leaves more time to train.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from core.settings.config import NetworkConfig
from core.training.snapshot import Snapshot

_REST, _LONGEST_REST = 40, 0.5
"""After the open tab is drawn, it rests for 40 times as long as drawing took, at most 0.5 s: the
weights of 1,024 units are drawn about four times a second, those of 128 units ten times."""

_SLOW = 0.05
"""Seconds per step. When steps are this slow, every view draws each step. Steps come at uneven
intervals, so the limit leaves a margin: below ten steps per second, every view surely does."""

Show = Callable[[Snapshot], object]


class RenderScheduler:
    """Draws one of loss, accuracy and open tab per frame, and the prediction every other frame.

    Parameters
    ----------
    loss, accuracy, tab, figures, prediction
        Each draws what it is named after; the figures are drawn in the tab's frames.
    """

    def __init__(
        self, loss: Show, accuracy: Show, tab: Show, figures: Show, prediction: Show
    ) -> None:
        self._views = (loss, accuracy, self._show_tab_and_figures)
        self._tab = tab
        self._figures = figures
        self._prediction = prediction
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
        for show in (*self._views, self._prediction):
            show(snapshot)

    def show_next(self, snapshot: Snapshot) -> None:
        """Draw what this frame is for; everything when steps are slow, so that all views agree."""
        before = self._newest
        self._measure_speed(snapshot)
        if self._is_slow:
            if before is None or _differs(before, snapshot):
                self.show_all(snapshot)
            return
        self._frame += 1
        self._views[self._frame % len(self._views)](snapshot)
        if self._frame % 2:
            self._prediction(snapshot)

    def _measure_speed(self, snapshot: Snapshot) -> None:
        """Measure the time per step since a new step was last seen."""
        before, self._newest = self._newest, snapshot
        steps = 0 if before is None else snapshot.step - before.step
        if steps > 0:
            self._is_slow = snapshot.time - self._step_seen >= _SLOW * steps
        if steps or before is None:
            self._step_seen = snapshot.time

    def _show_tab_and_figures(self, snapshot: Snapshot) -> None:
        """Draw the tab as well, unless it rests; a change of layers is drawn at once."""
        start = time.perf_counter()
        if start >= self._tab_is_due or snapshot.config.network != self._network:
            self._network = snapshot.config.network
            self._tab(snapshot)
            done = time.perf_counter()
            self._tab_is_due = done + min(_REST * (done - start), _LONGEST_REST)
        self._figures(snapshot)


def _differs(before: Snapshot, now: Snapshot) -> bool:
    return (
        before.step != now.step
        or before.test is not now.test
        or len(before.changes) != len(now.changes)
    )
