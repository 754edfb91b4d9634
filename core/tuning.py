"""When to measure anew how many threads pay."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager

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
        self._begun = 0.0

    def is_due(self, work: Hashable) -> bool:
        """Say whether the threads are to be chosen before the next step, and count that step.

        `work` stands for what a step does: steps are alike where it is equal.
        """
        self._steps += 1
        return self._workers is not None and (work != self._work or self._is_slow())

    def tune(self, work: Hashable, probe: Callable[[], object], parts: int) -> None:
        """Choose the threads for `work`, which `probe` does, in so many parts, and nothing else."""
        if self._workers is not None:
            self._work = work
            self._step_seconds = self._workers.tune(probe, parts)
            self._steps, self._begun = 0, time.perf_counter()

    def _is_slow(self) -> bool:
        if self._steps < _STEPS:
            return False
        now = time.perf_counter()
        seconds = (now - self._begun) / self._steps
        self._steps, self._begun = 0, now
        return seconds > _SLOW * self._step_seconds

    @contextmanager
    def not_timed(self) -> Iterator[None]:
        """Leave out what is done within: it is no part of a step."""
        begun = time.perf_counter()
        yield
        self._begun += time.perf_counter() - begun
