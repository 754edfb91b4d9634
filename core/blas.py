"""How many threads the matrix products run on.

The BLAS library behind NumPy's ``@`` can start as many threads as there are cores. That helps large
products and hurts small ones, whose threads wait for each other longer than they work; and it hurts
any product while another program, or the window, keeps one of the cores busy, because the threads
wait for the slowest. So it is measured, on the machine as it is at that moment.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable

from threadpoolctl import ThreadpoolController

_REPEATS = 9
_LONG_ENOUGH = 0.3
"""Seconds after which no further repeat is made: a slow step needs fewer to tell."""


def choose_blas_threads(step: Callable[[], object], advantage: float) -> int:
    """Time `step` on one thread and on all; keep the better choice and return its threads.

    Parameters
    ----------
    step
        What is to be fast. It is called up to 20 times and must change nothing that matters.
    advantage
        All threads are chosen only if they are this many times as fast as one.

    The two take turns, and their medians are compared, so that a passing disturbance does not
    decide. The choice holds for the whole process.
    """
    blas = ThreadpoolController().select(user_api="blas")
    most = _usable_cores()
    if most == 1:
        return 1
    times: dict[int, list[float]] = {1: [], most: []}
    begin = time.perf_counter()
    for repeat in range(_REPEATS + 1):
        for threads, seconds in times.items():
            blas.limit(limits=threads)
            start = time.perf_counter()
            step()
            if repeat:  # the first call of each warms up caches and threads
                seconds.append(time.perf_counter() - start)
        if repeat and time.perf_counter() - begin > _LONG_ENOUGH:
            break
    medians = {threads: statistics.median(seconds) for threads, seconds in times.items()}
    chosen = most if medians[most] * advantage < medians[1] else 1
    blas.limit(limits=chosen)
    return chosen


def _usable_cores() -> int:
    """Return how many cores this process may run on, or all of them where nobody can tell."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
