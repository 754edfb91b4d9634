"""What is kept of a run, so that it can be read with, looked at, and gone on with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from core.checkpoint import Checkpoint
from core.config import RunConfig
from core.network import Network


@dataclass(frozen=True)
class TrainingState:
    """How far a run is. Nobody writes to its arrays.

    Attributes
    ----------
    dataset_checksum
        Of what the run learned from and was tested on (see :class:`core.datasets.dataset.Dataset`).
    checkpoint
        Where training goes on.
    history
        The values of each series of :class:`core.history.History`, by its name.
    first_loss
        What the divergence watch measures losses by.
    """

    dataset_checksum: str
    checkpoint: Checkpoint
    history: Mapping[str, NDArray[Any]]
    first_loss: float


@dataclass(frozen=True)
class SavedRun:
    """A configuration, the network that it led to, and how to go on from there.

    Attributes
    ----------
    config
        How the run began.
    network
        As it is now.
    threshold
        From which probability on an answer is worth giving (see core/confidence.py); None if there
        was no validation split to choose it on.
    training
        None in files that were written before version 4: they can be read with, but not gone on.
    """

    config: RunConfig
    network: Network
    threshold: float | None = None
    training: TrainingState | None = None
