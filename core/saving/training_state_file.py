"""The state of training in a run's file: values of its configuration, and arrays."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from core.arrays import Floats
from core.errors import RunFileError
from core.files.npz import read_array
from core.files.validated_values import (
    count,
    duration,
    flag,
    loss_or_none,
    number_or_none,
    random_state,
    text,
)
from core.history.history import History, layouts
from core.history.measurements import BUCKETS, Shapes
from core.network.layers import layer_views, named_arrays
from core.network.network import Network
from core.saving import earlier_history
from core.saving.change_log import MOST_CHANGES, changes_from, log_of
from core.saving.layer_record_array import COLUMNS, MOST_ROWS, array_of, records_of
from core.saving.network_arrays import check_size, read_network, read_optimizer_vector
from core.settings.config import RunConfig
from core.training.checkpoint import Change, Checkpoint
from core.training.layer_statistics import LayerRecord
from core.training.optimizers import OPTIMIZERS
from core.training.saved_run import TrainingState
from core.wording import numeral

_LARGEST_LOSS = 1e30
"""Sums of larger ones could be infinite."""

_LOSSES_OF_STEPS = {
    "batch_loss",
    "regularization_loss",
    "epoch_data_loss",
    "epoch_regularization_loss",
    "epoch_sums",
}

_OF_TEST = {"test_loss", "test_accuracy"}


def changes_too_many(training: TrainingState) -> int:
    """Return how many live changes are left out of the file, which has no room for more."""
    return max(len(training.checkpoint.changes) - MOST_CHANGES, 0)


def training_facts(training: TrainingState, config: RunConfig) -> dict[str, Any]:
    """Return the state of training for the configuration of a run that began with `config`."""
    checkpoint = training.checkpoint
    changes = checkpoint.changes
    too_many = changes_too_many(training)
    # Written only where it says something, so that other files are as before.
    unread = {} if training.reads_test_set else {"reads_test_set": False}
    return {
        **unread,
        "dataset_checksum": training.dataset_checksum,
        "first_loss": training.first_loss,
        "lowest_loss": training.lowest_loss,
        "step": checkpoint.step,
        "epoch": checkpoint.epoch,
        "position": checkpoint.position,
        "seconds": checkpoint.seconds,
        "evaluation_seconds": [round(value, 3) for value in training.evaluation_seconds.tolist()],
        "images": len(checkpoint.order),
        "layer_rows": sum(len(record.metrics) for record in training.layer_records),
        "evaluations": int(training.history["counts"][2]),
        "order_state": checkpoint.order_state,
        "noise_state": checkpoint.noise_state,
        "optimizer_steps": checkpoint.optimizer_steps,
        "changes": list(log_of((changes[0], *changes[1 + too_many :]), config)),
        "changes_left_out": training.changes_left_out + too_many,
    }


def training_arrays(training: TrainingState) -> dict[str, NDArray[Any]]:
    """Return the arrays that are needed to resume training, by their names in the file."""
    checkpoint = training.checkpoint
    arrays: dict[str, NDArray[Any]] = {"order": checkpoint.order.astype(np.int32)}
    for name, vector in checkpoint.optimizer_state.items():
        arrays |= named_arrays(layer_views(vector, checkpoint.network.sizes), f"{name}_")
    arrays |= {f"history_{name}": array for name, array in training.history.items()}
    arrays["layers"] = array_of(training.layer_records)
    return arrays


_Histories = tuple[dict[str, NDArray[Any]], NDArray[np.float64]]
"""The values of each metric, and the seconds of each evaluation."""


def read_training(
    archive: zipfile.ZipFile,
    training: Mapping[str, Any],
    config: RunConfig,
    size: int,
    is_earlier: bool,
    optimizer_steps_before: int,
) -> tuple[Network, TrainingState]:
    """Read the network and the state of training; the inverse of the functions above.

    Parameters
    ----------
    archive
        The file.
    training
        From :func:`training_facts`.
    config
        With which the run began.
    size
        Of the file, in bytes: nothing in it can be larger.
    is_earlier
        Whether the history is in the format of core/saving/earlier_history.py.
    optimizer_steps_before
        Steps that the optimizer had made when the run began.

    Raises
    ------
    RunFileError, ConfigError, ValueError, KeyError, TypeError
        If no run can have this state.
    """
    return _Reader(archive, training, config, size, optimizer_steps_before).state(is_earlier)


@dataclass(frozen=True)
class _Reader:
    """Reads one file; its fields are the parameters of :func:`read_training`."""

    archive: zipfile.ZipFile
    training: Mapping[str, Any]
    config: RunConfig
    size: int
    optimizer_steps_before: int

    def state(self, is_earlier: bool) -> tuple[Network, TrainingState]:
        """Return the network and the state of training."""
        training = self.training
        changes = changes_from(training["changes"], self.config)
        if changes[-1].step > count(training["step"]):
            raise RunFileError("the log of its changes has steps after its last one.")
        names = OPTIMIZERS[changes[-1].hyperparameters.optimizer].names
        check_size(self.size, changes[-1].network, 1 + len(names))
        network = read_network(self.archive, changes[-1].network)
        vectors = {name: read_optimizer_vector(self.archive, network, name) for name in names}
        checkpoint = self._checkpoint(network, vectors, changes)
        history, seconds = (self._earlier_history if is_earlier else self._history)(checkpoint)
        return network, TrainingState(
            text(training["dataset_checksum"], "the checksum of its data set"),
            checkpoint,
            history,
            seconds,
            # The first loss is finite, unless the run stopped before its first step.
            (loss_or_none if checkpoint.step else number_or_none)(training["first_loss"]),
            loss_or_none(training.get("lowest_loss")),
            count(training.get("changes_left_out", 0)),
            self._layer_records(),
            self._reads_test_set,
        )

    def _checkpoint(
        self, network: Network, optimizer_state: Mapping[str, Floats], changes: tuple[Change, ...]
    ) -> Checkpoint:
        training = self.training
        images, position = count(training["images"]), count(training["position"])
        order = self._array("order", (images,), np.int32)
        if position >= images or not _names_each_once(order):
            raise RunFileError("the order of its images does not contain each image once.")
        step, optimizer_steps = count(training["step"]), count(training["optimizer_steps"])
        if optimizer_steps > step + self.optimizer_steps_before:
            raise RunFileError("its optimizer has made more steps than the run.")
        return Checkpoint(
            step=step,
            epoch=count(training["epoch"]),
            position=position,
            seconds=duration(training.get("seconds", math.nan)),
            order=order.astype(np.intp),
            order_state=random_state(training["order_state"]),
            noise_state=random_state(training["noise_state"]),
            parameters=network.parameters,
            optimizer_steps=optimizer_steps,
            optimizer_state=optimizer_state,
            changes=changes,
        )

    def _history(self, checkpoint: Checkpoint) -> _Histories:
        evaluations = count(self.training["evaluations"])
        counts = (checkpoint.step, checkpoint.epoch, evaluations)
        history = self._metrics(History.shapes(counts, self.config.validation > 0))
        for name in ("epoch_end", "evaluation_step"):
            buckets = history.get(name + BUCKETS, np.empty(0, np.int64))
            _check_order(name, np.append(buckets, history[name]), checkpoint.step)
        for name in ("batch_images", "batch_images" + BUCKETS):
            if name in history and not (history[name] >= 1).all():
                raise RunFileError("some of its batches were empty.")
        self._check_measurements(history)
        if tuple(history["counts"].tolist()) != counts:
            raise RunFileError("its history is not as long as the run.")
        return history, self._seconds(sum(layouts()[-1].lengths(evaluations)))

    def _earlier_history(self, checkpoint: Checkpoint) -> _Histories:
        evaluations, is_validated = count(self.training["evaluations"]), self.config.validation > 0
        values = self._metrics(
            earlier_history.shapes(checkpoint.step, checkpoint.epoch, evaluations, is_validated)
        )
        for name in ("epoch_end", "evaluation_step"):
            _check_order(name, values[name], checkpoint.step)
        self._check_measurements(values)
        seconds, images = self._seconds(evaluations), len(checkpoint.order)
        history = earlier_history.recorded(
            values, seconds, checkpoint.changes, images, checkpoint.position
        )
        return history.values(), history.evaluations.last("evaluation_seconds")

    @property
    def _reads_test_set(self) -> bool:
        return flag(self.training.get("reads_test_set", True), "whether it reads the test set")

    def _check_measurements(self, history: Mapping[str, NDArray[Any]]) -> None:
        """Check the values of a history.

        A run stops before a step whose loss is not finite, so the losses of batches are finite. The
        evaluation just before may be infinite or NaN.
        """
        for name, values in history.items():
            metric = name.removesuffix(BUCKETS)
            if metric in _OF_TEST and not self._reads_test_set:
                is_possible = np.isnan(values)
            elif metric.endswith("accuracy"):
                is_possible = (values >= 0) & (values <= 1)
            elif metric in _LOSSES_OF_STEPS:
                is_possible = np.abs(values) <= _LARGEST_LOSS
            else:
                continue
            if not is_possible.all():
                raise RunFileError(f"its history_{name} contains impossible values.")

    def _metrics(self, shapes: Shapes) -> dict[str, NDArray[Any]]:
        """Return the arrays of a history that have these shapes and types, by name."""
        return {name: self._array(f"history_{name}", *each) for name, each in shapes.items()}

    def _seconds(self, evaluations: int) -> NDArray[np.float64]:
        """Return the training time before each evaluation; NaN in version 4."""
        seconds = self.training.get("evaluation_seconds", [math.nan] * evaluations)
        if len(seconds) != evaluations:
            raise RunFileError("it does not have a time for each evaluation.")
        return np.array([duration(value) for value in seconds], np.float64)

    def _layer_records(self) -> tuple[LayerRecord, ...]:
        """Return the records of the layers; some older files have none."""
        rows = count(self.training.get("layer_rows", 0))
        if rows == 0:
            return ()
        if rows > MOST_ROWS:
            raise RunFileError(
                f"the records of its layers have more than {numeral(MOST_ROWS)} rows."
            )
        array = self._array("layers", (rows, COLUMNS), np.float64)
        return records_of(array, count(self.training["step"]))

    def _array(self, name: str, shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
        return read_array(self.archive, name, shape, np.dtype(dtype), self.size)


def _names_each_once(order: NDArray[np.int32]) -> bool:
    """Return whether `order` holds each of 0 … n − 1; sorting would take more memory."""
    n = len(order)
    if order.min() < 0 or order.max() >= n:
        return False
    is_named = np.zeros(n, np.bool_)
    is_named[order] = True
    return bool(is_named.all())


def _check_order(name: str, series: NDArray[np.int64], steps: int) -> None:
    first, least = (1, 1) if name == "epoch_end" else (0, 0)
    is_within = (first <= series).all() and (series <= steps).all()
    if not is_within or not (np.diff(series) >= least).all():
        raise RunFileError(f"the steps in its history_{name} are not in order.")
