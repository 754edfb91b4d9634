"""What a trainer remembers of a moment, so that it can go back there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.arrays import Floats
from core.config import Hyperparameters


@dataclass(frozen=True)
class Change:
    """A live change: from `step` (0 is the first) on, training used `hyperparameters`."""

    step: int
    hyperparameters: Hyperparameters


@dataclass(frozen=True)
class Checkpoint:
    """All that a trainer needs to go on from a moment, to the bit. Nobody writes to its arrays."""

    step: int
    epoch: int
    position: int
    order: NDArray[np.intp]
    order_state: Mapping[str, Any]
    noise_state: Mapping[str, Any]
    parameters: Floats
    optimizer_steps: int
    optimizer_averages: Mapping[str, Floats]
    hyperparameters: Hyperparameters
    changes: tuple[Change, ...]
