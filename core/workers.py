"""Threads that share the work of a step, and how many of them pay.

NumPy's products release Python's lock, so that threads do run at the same time. How the work is
cut into tasks depends on the network and the batch alone, and every task writes to its own part of
the result. So the result is the same bits on any number of threads, and a thread that is held up,
by the window or by another program, holds up only the task that it is at.

The BLAS library behind ``@`` has threads of its own. They stay unused: how it cuts a product, and
with it the last bits, depends on their number; and they wait for each other within every product,
which took a step of 784-128-64-10 from 0.5 ms to 45 ms as soon as something else wanted a core.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from types import TracebackType
from typing import TypeVar

import numpy as np
from threadpoolctl import threadpool_limits

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

_ADVANTAGE = 1.1
"""More threads are chosen only if they are this many times as fast as one."""

_MEASURING = 0.05
"""Seconds in which a setting is timed, and at least three steps."""


class Workers:
    """Runs tasks on several threads, of which the calling one is the first.

    Parameters
    ----------
    threads
        How many threads; as many as this process has cores unless given, or one, if :meth:`tune`
        finds that faster.

    Attributes
    ----------
    threads
        How many are in use.
    """

    def __init__(self, threads: int | None = None) -> None:
        self._is_tunable = threads is None
        self._most = threads or usable_cores()
        self.threads = self._most
        threadpool_limits(1, user_api="blas")
        # What overflows is seen in the loss; each thread has its own settings for warnings.
        self._pool = ThreadPoolExecutor(
            max(1, self._most - 1), "worker", lambda: np.seterr(over="ignore", invalid="ignore")
        )

    def run(self, task: Callable[[_Item], _Result], items: Sequence[_Item]) -> list[_Result]:
        """Return ``[task(item) for item in items]``, worked out on all threads in use.

        An error in a task is raised here once no other task is running.
        """
        helpers = min(self.threads, len(items)) - 1
        if helpers <= 0:
            return [task(item) for item in items]
        # Whoever is free takes the next item: Python's lock lets one thread at a time do that.
        remaining = iter(enumerate(items))
        results: dict[int, _Result] = {}

        def work_off(remaining: Iterator[tuple[int, _Item]]) -> None:
            for index, item in remaining:
                results[index] = task(item)

        futures = [self._pool.submit(work_off, remaining) for _ in range(helpers)]
        try:
            work_off(remaining)
        finally:
            # A helper that has not begun by now need not begin.
            begun = [future for future in futures if not future.cancel()]
            wait(begun)
        for future in begun:
            future.result()
        return [results[index] for index in range(len(items))]

    def tune(self, step: Callable[[], object]) -> None:
        """Set `threads` to one or to all, whichever runs `step` faster now, unless it was given.

        `step` is called for about 0.1 s, and must change nothing that matters. The medians are
        compared, so that a passing disturbance does not decide.
        """
        if self._most == 1 or not self._is_tunable:
            return
        medians = {}
        for threads in (1, self._most):
            self.threads = threads
            step()
            medians[threads] = _median_seconds(step)
        many_pay = medians[self._most] * _ADVANTAGE < medians[1]
        self.threads = self._most if many_pay else 1

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._pool.shutdown()


def usable_cores() -> int:
    """Return how many cores this process may run on, or all of them where nobody can tell."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _median_seconds(step: Callable[[], object]) -> float:
    """Repeat `step` for some time, and at least three times."""
    times: list[float] = []
    end = time.perf_counter() + _MEASURING
    while len(times) < 3 or time.perf_counter() < end:
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return statistics.median(times)
