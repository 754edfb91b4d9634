"""The points of a search over a grid: each is a combination of the settings' values."""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Sequence

from core.errors import ConfigError
from core.search.plan import SearchPlan
from core.search.varied_settings import Value


def grid_points(plan: SearchPlan) -> Sequence[int]:
    """Return which point of the grid each trial is: all in order, or some at random.

    Raises
    ------
    ConfigError
        If the grid has more points than can be counted.
    """
    points = math.prod(len(varied.grid()) for varied in plan.varied)
    if points <= plan.trials:
        return range(points)
    if points > sys.maxsize:
        raise ConfigError(
            f"A grid of {points:.1g} combinations is too fine; list fewer values, or search at "
            "random."
        )
    return random.Random(plan.seed).sample(range(points), plan.trials)


def grid_values(plan: SearchPlan, point: int) -> dict[str, Value]:
    """Return the values at a point of the grid; those of the last setting change fastest."""
    values: dict[str, Value] = {}
    for varied in reversed(plan.varied):
        point, place = divmod(point, len(varied.grid()))
        values[varied.name] = varied.grid()[place]
    return values
