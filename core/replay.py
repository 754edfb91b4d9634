"""A saved run, trained once more from its log."""

from __future__ import annotations

import numpy as np

from core.datasets.dataset import Dataset
from core.errors import RunFileError
from core.saved_run import SavedRun
from core.trainer import Trainer
from core.workers import Workers


class Replay:
    """Begins from the seed and makes every live change at the step at which it was made.

    Parameters
    ----------
    saved
        The run.
    dataset
        What it learned from.

    Attributes
    ----------
    trainer
        Of the new run.
    steps
        How many there are to be made.

    Raises
    ------
    RunFileError
        If `saved` holds no log, or the data set is another one.
    """

    def __init__(self, saved: SavedRun, dataset: Dataset, workers: Workers | None = None) -> None:
        training = saved.training
        if training is None:
            raise RunFileError(
                "This run was saved by an earlier version, without the log of its training: it can "
                "read digits, but not be replayed."
            )
        if training.dataset_checksum != dataset.checksum:
            raise RunFileError(
                f"This run learned from another '{saved.config.dataset}' than the one that is "
                "there now. Find the same data."
            )
        self._training = training
        self._changes = {change.step: change for change in training.checkpoint.changes}
        self.trainer = Trainer(saved.config, dataset, workers=workers)
        self.steps = training.checkpoint.step

    def step(self) -> None:
        """Make the next step, with the live change that came before it."""
        change = self._changes.get(self.trainer.step_count)
        if change is not None:
            self.trainer.post(change.hyperparameters)
        self.trainer.step()

    def is_same(self) -> bool:
        """Say whether weights, averages and metrics are those of the saved run, to the bit."""
        saved, trainer = self._training, self.trainer
        averages = trainer.optimizer.averages
        return (
            np.array_equal(trainer.network.parameters, saved.checkpoint.parameters)
            and averages.keys() == saved.checkpoint.optimizer_averages.keys()
            and all(
                np.array_equal(averages[name], average)
                for name, average in saved.checkpoint.optimizer_averages.items()
            )
            and all(
                np.array_equal(values, saved.history[name], equal_nan=True)
                for name, values in trainer.history.values().items()
            )
        )
