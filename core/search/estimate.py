"""How long a search will take, estimated before it begins."""

from __future__ import annotations

import time
from functools import cache

import numpy as np

from core.network.layers import parameter_count
from core.search.plan import SearchPlan

_PER_WEIGHT = 6
"""Floating-point operations for each weight and image: forward, and backward twice."""

_SHARE = 0.5
"""Of the rate of a large product of matrices, what training reaches."""

_PER_STEP = 150e-6
"""Seconds that a step takes besides."""

_SIDE = 512


@cache
def _rate() -> float:
    """Return the floating-point operations a second of one core, measured in some milliseconds."""
    matrix = np.ones((_SIDE, _SIDE), np.float32)
    product = matrix @ matrix
    begin = time.perf_counter()
    np.matmul(matrix, matrix, out=product)
    return 2.0 * _SIDE**3 / (time.perf_counter() - begin)


def estimated_seconds(plan: SearchPlan, images: int, processes: int) -> float:
    """Return about how long a search takes if no trial is ended early.

    Parameters
    ----------
    images
        Of the training set, with the validation split.
    processes
        How many runs are trained at a time.
    """
    ends = [{v.name: v.extremes[place] for v in plan.varied} for place in (0, -1)]
    seconds = []
    for values in ends:
        config = plan.config_of(values)
        weights = parameter_count(config.network.sizes)
        trained = max(images - config.validation, 0)
        steps = trained / config.hyperparameters.batch_size
        work = _PER_WEIGHT * weights * trained / (_SHARE * _rate())
        seconds.append(plan.epochs * (work + steps * _PER_STEP))
    runs = plan.combinations * plan.runs_per_trial
    return runs * sum(seconds) / len(seconds) / max(min(processes, runs), 1)
