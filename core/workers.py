"""Threads that share the work of a step, and how many of them pay.

There are two ways to keep several cores busy. BLAS, the library behind ``@``, can cut a product
among threads of its own: they are quickest to start, but wait for each other within every product,
which took a step of 784-128-64-10 from 0.5 ms to 45 ms as soon as something else wanted a core. Or
several Python threads each do a part of the work, some images or some units: one that is held up
holds up only its part, but parts must be large, or the threads wait for Python's lock longer than
they work. Which is faster is measured. The result is the same bits either way: how the work is cut
into parts for one thread or several depends on the network and the batch alone; and BLAS has
several threads, and the batch in one piece, only where the result was tried and found the same (see
core/products.py).
"""

from __future__ import annotations

import math
import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import TypeVar

from threadpoolctl import threadpool_limits

from core.worker_threads import WorkerThreads

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

_ADVANTAGE = 1.1
"""Several threads are chosen only if they are this many times as fast as one."""

_SPINNING = 0.04
"""Seconds for which BLAS's threads may go on spinning after their last product; so long they take
time from what is measured."""

_MEASURING = 0.05
"""Seconds in which a setting is timed, and at least three steps."""


@dataclass(frozen=True)
class Threads:
    """How many threads do parts of the work, and how many BLAS has for each product."""

    workers: int
    blas: int


class Workers:
    """Runs tasks on several threads, of which the calling one is the first.

    Parameters
    ----------
    threads
        How many threads; as many as this process has cores unless given, or one, if :meth:`tune`
        finds that faster.
    is_alone
        Whether nothing else in this process wants a core; the window does, so BLAS, whose threads
        would wait for it, is left with one thread there.

    Attributes
    ----------
    setting
        What is in use.
    """

    def __init__(self, threads: int | None = None, is_alone: bool = True) -> None:
        self._most = threads or usable_cores()
        self._is_alone = is_alone
        self._may_be_one = threads is None
        self.use(Threads(self._most, 1))
        self._pool = WorkerThreads(self._most - 1)

    @property
    def threads(self) -> int:
        """How many threads are in use."""
        return max(self.setting.workers, self.setting.blas)

    def use(self, setting: Threads) -> None:
        """Work like this from now on; BLAS's part of it holds for the whole process."""
        self.setting = setting
        threadpool_limits(setting.blas, user_api="blas")

    def run(self, task: Callable[[_Item], _Result], items: Sequence[_Item]) -> list[_Result]:
        """Return ``[task(item) for item in items]``, worked out on all threads in use.

        An error in a task is raised here once no other task is running.
        """
        helpers = min(self.setting.workers, len(items)) - 1
        if helpers <= 0:
            return [task(item) for item in items]
        # Whoever is free takes the next item: Python's lock lets one thread at a time do that.
        remaining = iter(enumerate(items))
        results: dict[int, _Result] = {}

        def work_off() -> None:
            for index, item in remaining:
                results[index] = task(item)

        shifts = [self._pool.submit(work_off) for _ in range(helpers)]
        try:
            work_off()
        finally:
            # A helper that has not begun by now need not begin.
            errors = [shift.end() for shift in shifts]
        for error in errors:
            if error is not None:
                raise error
        return [results[index] for index in range(len(items))]

    def tune(
        self,
        step: Callable[[], object],
        parts: int,
        result: Callable[[], object] = lambda: None,
    ) -> float:
        """Use what runs `step` fastest now: one thread, BLAS's, or one for each of several parts.

        `step`, which is done in so many `parts`, is called for about 0.2 s and must change nothing
        that matters. The medians are compared, so that a passing disturbance does not decide.
        `result` returns what must not depend on the number of threads.
        Returns the seconds that a step then takes; infinity where there was nothing to choose.
        """
        one = Threads(1, 1)
        several = []
        if parts > 1:
            several.append(Threads(self._most, 1))
        if self._is_alone and self._most > 1 and self._has_same_result_with_blas(result):
            several.append(Threads(1, self._most))
        if self._most == 1 or not several:
            self.use(one)
            return math.inf
        medians = {}
        for setting in ([one] if self._may_be_one else []) + several:
            spinning = _SPINNING if self.setting.blas > 1 else 0.0
            self.use(setting)
            _time_steps(step, spinning)
            medians[setting] = statistics.median(_time_steps(step, _MEASURING))
        best = min(several, key=medians.__getitem__)
        if self._may_be_one and medians[best] * _ADVANTAGE > medians[one]:
            best = one
        self.use(best)
        return medians[best]

    def _has_same_result_with_blas(self, result: Callable[[], object]) -> bool:
        """Say whether several BLAS threads change no bit; on some processors they do."""
        self.use(Threads(1, 1))
        with_one = result()
        self.use(Threads(1, self._most))
        return with_one == result()

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._pool.shutdown()


def run_tasks(
    workers: Workers | None, task: Callable[[_Item], _Result], items: Sequence[_Item]
) -> list[_Result]:
    """Return ``[task(item) for item in items]``, worked out by `workers` if there are any."""
    if workers is None:
        return [task(item) for item in items]
    return workers.run(task, items)


def usable_cores() -> int:
    """Return how many cores this process may run on, or all of them where nobody can tell."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _time_steps(step: Callable[[], object], seconds: float) -> list[float]:
    """Repeat `step` for so long, and at least three times; return the seconds of each."""
    times: list[float] = []
    end = time.perf_counter() + seconds
    while len(times) < 3 or time.perf_counter() < end:
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return times
