"""What a trainer remembers of a moment, so that it can go back there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.arrays import Floats
from core.history.history import History
from core.network.resizing import KeptUnits
from core.settings.config import Hyperparameters, NetworkConfig


@dataclass(frozen=True)
class Change:
    """A live change: from `step` (0 is the first) on, this is what learned, and how.

    Attributes
    ----------
    kept_units
        Which units of the network before were kept, as
        :meth:`core.training.learner.Learner.resize_to` returns them; None where the network did not
        change, and in a change read from a file.
    is_fine_tuning
        Whether the network came back fine-tuned on images that are not of the run.
    """

    step: int
    hyperparameters: Hyperparameters
    network: NetworkConfig
    kept_units: KeptUnits | None = field(default=None, compare=False)
    is_fine_tuning: bool = False


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """All that a trainer needs to continue from a moment, bit for bit. Nobody writes to its arrays.

    Attributes
    ----------
    seconds
        How long the steps took, tests and pauses excluded.
    changes
        All up to this moment; the last one says what is in force.
    history
        The metrics until then; None in a file, which has them beside it.
    """

    step: int
    epoch: int
    position: int
    seconds: float
    order: NDArray[np.intp]
    order_state: Mapping[str, Any]
    noise_state: Mapping[str, Any]
    parameters: Floats
    optimizer_steps: int
    optimizer_state: Mapping[str, Floats]
    changes: tuple[Change, ...]
    history: History | None = field(default=None, compare=False)

    @property
    def hyperparameters(self) -> Hyperparameters:
        """In force for the next step."""
        return self.changes[-1].hyperparameters

    @property
    def network(self) -> NetworkConfig:
        """The shape that `parameters` have."""
        return self.changes[-1].network
