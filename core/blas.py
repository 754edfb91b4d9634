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

_SMALL_STEP = 3e8
"""Floating-point operations below which a second thread is not even tried. A step of 784-128-64-10
has 3e7 at batch 64 and 1e8 at batch 256; one of 784-1024-10 has 5e8 at batch 128."""

_ADVANTAGE = 1.4
"""Many threads are chosen only if they are this many times as fast as one: they fare much worse as
soon as something else wants a core."""

_WARM_UP = 0.04
"""Seconds of work before a setting is timed. The threads of the setting before go on spinning for
some 0.03 s, in which they take time from the ones that are measured."""

_MEASURING = 0.05
"""Seconds in which a setting is timed, and at least three steps."""


def choose_blas_threads(
    step: Callable[[], object], operations: float, spared_cores: int = 0
) -> int:
    """Time `step` on one thread and on many; keep the better choice and return its threads.

    Parameters
    ----------
    step
        What is to be fast. It is called for about 0.2 s and must change nothing that matters.
    operations
        How many floating-point operations it makes, about.
    spared_cores
        How many cores to leave to others; many threads are as many as there are other cores.

    The medians are compared, so that a passing disturbance does not decide. The choice holds for
    the whole process.
    """
    blas = ThreadpoolController().select(user_api="blas")
    most = max(1, _usable_cores() - spared_cores)
    if most == 1 or operations < _SMALL_STEP:
        blas.limit(limits=1)
        return 1
    medians = {}
    for threads in (1, most):
        blas.limit(limits=threads)
        _time_steps(step, _WARM_UP)
        medians[threads] = statistics.median(_time_steps(step, _MEASURING))
    blas.limit(limits=most if medians[most] * _ADVANTAGE < medians[1] else 1)
    # OpenBLAS may keep to one thread when it is asked for more from a second thread of the program.
    return max((int(pool["num_threads"]) for pool in blas.info()), default=1)


def _time_steps(step: Callable[[], object], seconds: float) -> list[float]:
    """Repeat `step` for so long, and at least three times; return the seconds of each."""
    times: list[float] = []
    end = time.perf_counter() + seconds
    while len(times) < 3 or time.perf_counter() < end:
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return times


def _usable_cores() -> int:
    """Return how many cores this process may run on, or all of them where nobody can tell."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
