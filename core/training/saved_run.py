"""What is saved of a run: enough to use its network, to look at it, and to resume it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.datasets.dataset import Dataset
from core.errors import RunFileError
from core.network.network import Network
from core.settings.config import NetworkConfig, RunConfig
from core.training.checkpoint import Checkpoint
from core.training.confidence import Thresholds
from core.training.film import FilmMoment
from core.training.layer_statistics import LayerRecord
from core.training.starting_state import StartingState
from core.wording import numeral, percent


@dataclass(frozen=True, eq=False)
class TrainingState:
    """How far a run is. Its arrays are not written to.

    Attributes
    ----------
    dataset_checksum
        Of what the run learned from and was tested on (see :class:`core.datasets.dataset.Dataset`).
    checkpoint
        Where training continues.
    history
        What :meth:`core.history.history.History.values` returned.
    evaluation_seconds
        As there, of those in buckets first; NaN where it is not known.
    first_loss
        What the divergence detector measures losses by; None before the first step.
    lowest_loss
        The lowest median of losses so far, by which good states are recognized (see
        core/training/divergence.py); None before there was one, and in files before version 6.
    changes_left_out
        How many of the oldest live changes are not in the checkpoint's log any more.
    layer_records
        What was measured of each layer (see core/training/layer_statistics.py), oldest first.
    reads_test_set
        Whether training evaluates the test set (see :class:`core.training.trainer.Trainer`).
    """

    dataset_checksum: str
    checkpoint: Checkpoint
    history: Mapping[str, NDArray[Any]]
    evaluation_seconds: NDArray[np.float64]
    first_loss: float | None
    lowest_loss: float | None = None
    changes_left_out: int = 0
    layer_records: tuple[LayerRecord, ...] = ()
    reads_test_set: bool = True

    @property
    def nbytes(self) -> int:
        """Bytes of its arrays in memory, including what is reserved for growth."""
        checkpoint = self.checkpoint
        arrays = [
            checkpoint.order,
            checkpoint.parameters,
            *checkpoint.optimizer_state.values(),
            *self.history.values(),
            self.evaluation_seconds,
        ]
        return sum((array if array.base is None else array.base).nbytes for array in arrays) + sum(
            record.metrics.nbytes for record in self.layer_records
        )


@dataclass(frozen=True, eq=False)
class BestNetwork:
    """The network of a run that was best on its validation split at the end of an epoch.

    Attributes
    ----------
    network, config
        A read-only copy, and its shape, which may differ from that of the run's network now.
    step, epoch
        Steps and epochs that were made by then.
    accuracy
        On the validation split, 0…1.
    thresholds
        Of certain predictions (see core/training/confidence.py).
    """

    network: Network
    config: NetworkConfig
    step: int
    epoch: int
    accuracy: float
    thresholds: Thresholds | None

    def __str__(self) -> str:
        return (
            f"epoch {numeral(self.epoch)}, {percent(self.accuracy)} of the validation split correct"
        )


@dataclass(frozen=True, eq=False)
class SavedRun:
    """A configuration, the network that it led to, and how to resume from there.

    Attributes
    ----------
    config
        How the run began, or in a file of weights alone, what they are for.
    network
        As it is now; its hidden layers may have been changed since the run began.
    thresholds
        Of certain predictions (see core/training/confidence.py); None without a validation split.
    training
        None in files before version 4, whose network can be used but not trained further.
    best
        The best network so far; None without a validation split, before the first epoch is
        complete, and in files before version 6.
    ended_by_patience
        Whether the run ended here because its accuracy had not improved for long.
    id
        By which a run is recognized when it is opened again: 32 hexadecimal digits. None if nobody
        has given it one, as the command line does not.
    film
        Moments of the run, in order (see core/training/film.py); none where it was not filmed.
    start
        What it began with; None for random weights, without the state of training, and in files
        before version 8.
    """

    config: RunConfig
    network: Network
    thresholds: Thresholds | None = None
    training: TrainingState | None = None
    best: BestNetwork | None = None
    ended_by_patience: bool = False
    id: str | None = None
    film: tuple[FilmMoment, ...] = ()
    start: StartingState | None = None

    @property
    def nbytes(self) -> int:
        """Bytes of its arrays."""
        size = self.network.parameters.nbytes
        size += 0 if self.best is None else self.best.network.parameters.nbytes
        size += 0 if self.start is None else self.start.nbytes
        size += sum(moment.parameters.nbytes for moment in self.film)
        return size if self.training is None else size + self.training.nbytes

    @property
    def uses_best(self) -> bool:
        """Whether to use the best network instead of the last: only if patience ended the run."""
        return self.ended_by_patience and self.best is not None

    def as_best(self) -> SavedRun:
        """Return the weights of the best network alone, as a run.

        Raises
        ------
        RunFileError
            If there is none.
        """
        best = self.best
        if best is None:
            raise RunFileError(
                "This run holds no best network beside its last: it has no validation split, no "
                "epoch was complete, or an earlier version saved it. Use the last (--last)."
            )
        config = replace(self.present_config, network=best.config)
        return SavedRun(config, best.network, best.thresholds)

    @property
    def present_config(self) -> RunConfig:
        """The settings that are in force: those of `config` with every live change."""
        if self.training is None:
            return self.config
        checkpoint = self.training.checkpoint
        return replace(
            self.config, network=checkpoint.network, hyperparameters=checkpoint.hyperparameters
        )

    @property
    def network_config(self) -> NetworkConfig:
        """What describes `network`."""
        return self.present_config.network

    def weights_alone(self) -> SavedRun:
        """Return the run without the state of its training, its film and what it began with."""
        return replace(self, config=self.present_config, training=None, film=(), start=None)

    def training_on(self, dataset: Dataset) -> TrainingState:
        """Return the state of training, to resume on `dataset`.

        Raises
        ------
        RunFileError
            If the run was saved without that, or learned from other images.
        """
        training = self.training
        if training is None:
            raise RunFileError(
                "This run was saved without the state of its training, by an earlier version or "
                "for its weights alone: it can predict, but its training cannot continue."
            )
        check_images(training.dataset_checksum, dataset)
        return training


def check_images(checksum: str, dataset: Dataset, what: str = "run") -> None:
    """Raise a RunFileError unless `checksum` is that of `dataset`, from which `what` learned."""
    if checksum != dataset.checksum:
        raise RunFileError(
            f"This {what} learned from other images than the '{dataset.name}' that is here now, "
            "so it cannot continue. Find the same data."
        )
