"""When to measure anew how many threads pay."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from core.workers import Workers

_STEPS = 50
"""How many steps are timed together."""

_SLOW = 3.0
"""Steps that take this many times as long as when the threads were chosen have been disturbed, and
BLAS's threads bear that badly."""


class ThreadTuner:
    """Has the threads chosen when the work is new, and when it has become much slower."""

    def __init__(self, workers: Workers | None) -> None:
        self._workers = workers
        self._work: Hashable = None
        self._step_seconds = 0.0
        self._steps = 0
        self._seconds = 0.0

    def is_due(self, work: Hashable) -> bool:
        """Say whether the threads are to be chosen before the next step.

        `work` stands for what a step does: steps are alike where it is equal.
        """
        return self._workers is not None and (work != self._work or self._is_slow())

    def tune(
        self,
        work: Hashable,
        probe: Callable[[], object],
        parts: int,
        result: Callable[[], object] = lambda: None,
    ) -> None:
        """Choose the threads for `work`, of which `probe` does a step and changes nothing else.

        `parts` and `result` are as in :meth:`core.workers.Workers.tune`.
        """
        if self._workers is not None:
            self._work = work
            self._step_seconds = self._workers.tune(probe, parts, result)
            self._steps, self._seconds = 0, 0.0

    def note_step(self, seconds: float) -> None:
        """Take note of how long a step took."""
        self._steps += 1
        self._seconds += seconds

    def _is_slow(self) -> bool:
        if self._steps < _STEPS:
            return False
        mean = self._seconds / self._steps
        self._steps, self._seconds = 0, 0.0
        return mean > _SLOW * self._step_seconds
