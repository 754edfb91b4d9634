"""How many threads the matrix products run on.

The BLAS library behind NumPy's ``@`` starts as many threads as there are cores. That helps large
products and hurts small ones, whose threads wait for each other longer than they work: a step of
784-128-64-10 at batch 16 takes 39 µs on one thread and 96 µs on two. So it is measured.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from threadpoolctl import ThreadpoolController

_REPEATS = 7
_LONG_ENOUGH = 0.2
"""Seconds after which no further repeat is made: a slow step needs fewer to tell."""


def choose_blas_threads(step: Callable[[], object]) -> int:
    """Time `step` on one thread and on all, keep the faster, and return how many that is.

    The setting holds for the whole process. `step` must change nothing that matters: it is called
    up to 16 times. The two settings take turns, and the shortest time of each counts, so that
    a passing disturbance does not decide.
    """
    blas = ThreadpoolController().select(user_api="blas")
    most = max((pool["num_threads"] for pool in blas.info()), default=1)
    if most == 1:
        return 1
    choices = (1, most)
    best = dict.fromkeys(choices, float("inf"))
    begin = time.perf_counter()
    for repeat in range(_REPEATS + 1):
        for threads in choices:
            blas.limit(limits=threads)
            start = time.perf_counter()
            step()
            seconds = time.perf_counter() - start
            if repeat:  # the first call of each warms up caches and threads
                best[threads] = min(best[threads], seconds)
        if repeat and time.perf_counter() - begin > _LONG_ENOUGH:
            break
    chosen = min(best, key=lambda threads: best[threads])
    blas.limit(limits=chosen)
    return chosen
