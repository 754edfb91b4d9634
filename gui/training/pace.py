"""How fast a run trains."""

from __future__ import annotations

import math
from dataclasses import dataclass

FULL_SPEED = math.inf
"""Steps per second."""

_CATCH_UP = 0.05
"""Seconds by which steps may be late and still be made up for."""


@dataclass
class Pace:
    """Says when the next step may begin, in seconds of ``time.perf_counter``."""

    steps_per_second: float
    next_step: float = 0.0

    def begin_step(self, now: float) -> bool:
        """Return whether a step may begin now; if so, the next one waits for its turn."""
        if self.next_step > now:
            return False
        self.next_step = max(self.next_step, now - _CATCH_UP) + 1 / self.steps_per_second
        return True
