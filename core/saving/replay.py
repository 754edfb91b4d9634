"""Trains a saved run again from its log."""

from __future__ import annotations

import math
from collections import deque

import numpy as np

from core.datasets.dataset import Dataset
from core.errors import RunFileError
from core.threads.workers import Workers
from core.training.saved_run import SavedRun
from core.training.trainer import Trainer


class Replay:
    """Starts as the run did, and makes every live change at its original step.

    Parameters
    ----------
    saved
        The run.
    dataset
        The data set that it was trained on.

    Attributes
    ----------
    trainer
        Trainer of the new run.
    steps, live_changes
        How many steps and live changes to make.

    Raises
    ------
    RunFileError
        If `saved` has no complete log, or was trained on other images.
    """

    def __init__(self, saved: SavedRun, dataset: Dataset, workers: Workers | None = None) -> None:
        training = saved.training_on(dataset)
        if training.changes_left_out:
            raise RunFileError(
                "This run had more live changes than its log can hold. The first are missing: the "
                "run can be resumed, but not replayed."
            )
        if any(change.is_fine_tuning for change in training.checkpoint.changes):
            raise RunFileError(
                "This run was fine-tuned on digits of its user, which are not in its file: the run "
                "can be resumed, but not replayed."
            )
        self._training = training
        self._changes = deque(training.checkpoint.changes)
        self.trainer = Trainer(
            saved.config,
            dataset,
            workers=workers,
            start=saved.start,
            reads_test_set=training.reads_test_set,
        )
        self.steps = training.checkpoint.step
        self.live_changes = len(training.checkpoint.changes) - 1
        self._make_changes()

    def step(self) -> None:
        """Make the next step, and the live changes that were made after it."""
        self.trainer.step()
        self._make_changes()

    def _make_changes(self) -> None:
        while self._changes and self._changes[0].step == self.trainer.step_count:
            change = self._changes.popleft()
            self.trainer.change(change.hyperparameters, change.network)

    @property
    def largest_difference(self) -> float:
        """The largest absolute difference between a weight or bias and that of the saved run."""
        if self.trainer.network_config != self._training.checkpoint.network:
            return math.inf
        saved = self._training.checkpoint.parameters
        return float(np.abs(self.trainer.network.parameters - saved).max())

    def is_same(self) -> bool:
        """Whether weights, optimizer state and metrics equal the saved ones, bit for bit."""
        saved, trainer = self._training, self.trainer
        state = trainer.optimizer.state
        return (
            np.array_equal(trainer.network.parameters, saved.checkpoint.parameters)
            and state.keys() == saved.checkpoint.optimizer_state.keys()
            and all(
                np.array_equal(state[name], array)
                for name, array in saved.checkpoint.optimizer_state.items()
            )
            and all(
                np.array_equal(values, saved.history[name], equal_nan=True)
                for name, values in trainer.history.values().items()
            )
        )
