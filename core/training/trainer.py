"""Training, one mini-batch at a time.

The trainer knows no window: whoever drives it calls :meth:`Trainer.step`, and may bring workers.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import DTypeLike

from core.arrays import Floats
from core.datasets.dataset import Dataset
from core.errors import RunFileError
from core.history.history import History
from core.progress import Progress, no_progress
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.threads.workers import Workers
from core.training.checkpoint import Change, Checkpoint
from core.training.divergence import DivergenceDetector, TrainingDivergedError, lowest_of
from core.training.evaluation import Evaluation
from core.training.evaluator import Evaluator
from core.training.film import Film
from core.training.layer_statistics import LayerStatistics
from core.training.moments import STEPS_BETWEEN_CHECKPOINTS, Moments
from core.training.saved_run import SavedRun, TrainingState
from core.training.starting_state import StartingState
from core.training.stopping import Stop, find_stop
from core.training.training_loop import TrainingLoop


class Trainer(TrainingLoop):
    """Trains one network on one data set, and evaluates it.

    It adds to the loop what watches it: evaluations, the newest good state to go back to when the
    loss diverges, the rules that stop a run, and saving.

    Parameters
    ----------
    config
        The run. Its seed decides the initial weights, the order of the images, and the noise of
        dropout and augmentation, through three streams of random numbers, so that a change of one
        leaves the others alone.
    dataset
        What to learn and what to be tested on.
    progress
        Called during a long evaluation or a batch of many chunks; may raise Cancelled, after
        which the trainer is as it was before the step, or before the evaluation at the step's end,
        which is then made before the next step.
    workers
        Threads that share the work; None: the calling thread alone. The result has the same bits
        with any number.
    dtype
        float32, or float64 for comparisons.
    start
        What to begin with, which must fit `config`; None: random weights, as `config` says.
    reads_test_set
        False: training never evaluates the test set, and the history holds NaN for it; only
        :meth:`read_test_set` does.
    is_filmed
        Whether the run keeps a film (see core/training/film.py).

    Raises
    ------
    ConfigError
        If the data set has other classes than the network, or too few images for the split.

    Attributes
    ----------
    moments
        What is kept of the run beside its present: the newest good state, the best network, and the
        film.
    evaluator
        Of the test set and the validation split.
    stop
        Why training should stop now, if the last step has reached what the hyperparameters ask for;
        else None.
    ended_by_patience
        Whether patience has ended the run, and no step or change of the network came after.
    id
        Of the run, see :class:`core.training.saved_run.SavedRun`; None until somebody sets it.
    """

    def __init__(
        self,
        config: RunConfig,
        dataset: Dataset,
        progress: Progress = no_progress,
        workers: Workers | None = None,
        dtype: DTypeLike = np.float32,
        start: StartingState | None = None,
        reads_test_set: bool = True,
        is_filmed: bool = False,
    ) -> None:
        dataset.check_classes(config.network.classes)
        training, validation = dataset.hold_out(config.validation)
        super().__init__(config, training, progress, workers, dtype, start)
        self.dataset = dataset
        self.evaluator = Evaluator(
            dataset.test, validation, self.recorder, progress, workers, reads_test_set
        )
        self.stop: Stop | None = None
        self.ended_by_patience = False
        self.id: str | None = None
        self._changes_left_out = 0
        self._detector = DivergenceDetector(len(config.network.classes))
        self.moments = Moments(self, Film() if is_filmed else None)

    @classmethod
    def resume(
        cls,
        saved: SavedRun,
        dataset: Dataset,
        progress: Progress = no_progress,
        workers: Workers | None = None,
        is_filmed: bool = False,
    ) -> Trainer:
        """Return a trainer that continues where `saved` was saved, bit for bit.

        Raises
        ------
        RunFileError
            If it was saved without its state, or learned from another data set.
        """
        training = saved.training_on(dataset)
        trainer = cls(
            saved.config,
            dataset,
            progress,
            workers,
            start=saved.start,
            reads_test_set=training.reads_test_set,
            is_filmed=is_filmed,
        )
        if len(training.checkpoint.order) != trainer.images_per_epoch:
            raise RunFileError("The order of the images in this file is not that of its data set.")
        history = History.of(training.history, training.evaluation_seconds)
        trainer.layer_statistics = LayerStatistics(training.layer_records)
        trainer._detector.reference = training.first_loss
        losses = history.recent_losses(training.checkpoint.step)
        lowest = training.lowest_loss
        trainer._detector.lowest = lowest_of(losses) if lowest is None else lowest
        trainer.moments.best = saved.best
        if is_filmed:
            trainer.moments.film = Film(saved.film)
        # The only state of those before that is in the file.
        trainer.restore(replace(training.checkpoint, history=history))
        trainer.evaluator.thresholds = saved.thresholds
        trainer.ended_by_patience = saved.ended_by_patience
        trainer.id = saved.id
        trainer._changes_left_out = training.changes_left_out
        return trainer

    def saved(self) -> SavedRun:
        """Return a copy of the run, from which :meth:`resume` continues."""
        training = TrainingState(
            self.dataset.checksum,
            self.checkpoint(),
            self.history.values(),
            self.history.evaluations.last("evaluation_seconds"),
            self._detector.reference,
            self._detector.lowest if math.isfinite(self._detector.lowest) else None,
            self._changes_left_out,
            self.layer_statistics.records,
            self.evaluator.reads_test_set,
        )
        return SavedRun(
            self.config,
            self.network.frozen_copy(),
            self.evaluator.thresholds,
            training,
            self.moments.best,
            self.ended_by_patience,
            self.id,
            () if self.moments.film is None else self.moments.film.moments,
            self.start,
        )

    @property
    def stop_reason(self) -> str | None:
        """The reason of :attr:`stop`, or None."""
        return None if self.stop is None else self.stop.reason

    @np.errstate(over="ignore", invalid="ignore")  # what overflows is seen in the loss
    def step(self) -> None:
        """Train on the next mini-batch.

        Evaluates after the last step of each epoch, and in the first epoch, where most happens,
        before the first step and after 1, 2, 4, 8, … steps.

        Raises
        ------
        TrainingDivergedError
            If the loss is no longer a sensible number. The parameters are as they were before the
            step, and :meth:`restore_last_good` goes back to where all was well.
        """
        self._evaluate_if_due()
        batch = self._compute_gradient()
        loss = batch.loss + batch.penalty
        if self._detector.has_diverged(loss):
            raise TrainingDivergedError(
                self._detector.explain(loss, self.step_count, self.hyperparameters),
                self.step_count,
                self.moments.good.state(),
            )
        ends_epoch = self._apply_gradient(batch)
        self.stop, self.ended_by_patience = None, False
        self.evaluator.is_old = True
        self._evaluate_if_due()
        self.moments.film_if_due(self)
        if self.step_count % STEPS_BETWEEN_CHECKPOINTS == 0:
            self.moments.keep_if_good(self, self._detector)
        if ends_epoch:
            self.stop = find_stop(self.history, self.hyperparameters, self.moments.best)
            self.ended_by_patience = self.stop is not None and self.stop.rule == "patience"

    def _evaluate_if_due(self) -> None:
        """Make the evaluation for the history that is due now, unless it was already made."""
        is_due = not self.position or (not self.epoch and self.step_count.bit_count() == 1)
        if not is_due or self.evaluator.is_recorded(self.step_count):
            return
        accuracy = self.evaluator.evaluate(self.network, self.step_count, self.seconds)
        if accuracy is not None and self.epoch and not self.position:  # at the end of an epoch
            self.moments.keep_if_best(self, accuracy, self.evaluator.thresholds)

    def read_test_set(self, progress: Progress | None = None) -> Evaluation:
        """Evaluate the network as it is now on the test set, without a place in the history.

        `progress` is called every few hundredths of a second; None: that of the trainer. If it
        raises an error, nothing has changed.
        """
        return self.evaluator.read_test_set(self.network, self.step_count, progress)

    def change(
        self, hyperparameters: Hyperparameters | None = None, network: NetworkConfig | None = None
    ) -> None:
        """Train with these from the next step on, and record the change; None leaves them as is.

        Parameters
        ----------
        network
            Must have the same output. It keeps what this one has learned (see
            core/network/resizing.py).
        """
        hyperparameters = hyperparameters or self.hyperparameters
        network = network or self.network_config
        if (hyperparameters, network) == (self.hyperparameters, self.network_config):
            return
        self._keep_before_change()
        self._set_hyperparameters(hyperparameters)
        kept_units = None
        if network != self.network_config:
            self.evaluator.note_other_network()
            self.ended_by_patience = False
            # A stream of its own for each change, so that a replay draws the same weights.
            changes = self._changes_left_out + len(self.changes)
            stream = np.random.default_rng([self.config.seed, self.step_count, changes])
            kept_units = self._learner.resize_to(network, stream)
        self.changes.append(Change(self.step_count, hyperparameters, network, kept_units))
        if kept_units is not None:
            self.moments.film_now(self, is_pinned=True)

    def take_parameters(self, parameters: Floats) -> None:
        """Continue with the parameters of this network after it was fine-tuned elsewhere."""
        self._keep_before_change()
        super().take_parameters(parameters)
        self.moments.film_now(self, is_pinned=True)
        self.evaluator.note_other_network()
        self.stop, self.ended_by_patience = None, False

    def restore_last_good(self) -> None:
        """Go back to the newest state whose loss was good; at first that is the beginning."""
        good = self.moments.go_back_to_good()
        self.restore(good.checkpoint)
        self._detector.lowest = good.lowest_loss
        self.moments.good = good

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go back to `checkpoint`, and forget everything since."""
        super().restore(checkpoint)
        self.evaluator.forget()
        self.stop, self.ended_by_patience = None, False
        self.moments.go_back(self, checkpoint, self._detector.lowest)

    def _keep_before_change(self) -> None:
        self.moments.keep_if_good(self, self._detector)
        self.moments.film_now(self, is_pinned=True)
