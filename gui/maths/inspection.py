"""What the Maths tab works through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.arrays import Floats
from core.network.network import Network
from core.settings.config import Hyperparameters


@dataclass(frozen=True, eq=False)
class Inspection:
    """A network between two steps, and an image; nobody writes to any of it.

    Attributes
    ----------
    optimizer_state, steps
        The optimizer's state, as :class:`core.training.optimizers.Optimizer` keeps it; empty and 0
        where it is not known.
    learning_rate
        Of the next step.
    step
        Steps made so far.
    image
        uint8, (784,); None while the pad is empty.
    label
        A test image's digit; None for a drawing.
    """

    network: Network
    hyperparameters: Hyperparameters
    optimizer_state: Mapping[str, Floats]
    steps: int
    learning_rate: float
    step: int
    image: NDArray[np.uint8] | None
    label: int | None = None
