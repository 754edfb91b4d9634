"""Training, one mini-batch at a time.

The trainer knows no window: whoever drives it calls :meth:`Trainer.step`, and may bring workers.
"""

from __future__ import annotations

import math
import time
from dataclasses import replace

import numpy as np
from numpy.typing import DTypeLike

from core.datasets.dataset import Dataset
from core.errors import Cancelled, RunFileError
from core.history.history import History
from core.history.recorder import HistoryRecorder
from core.network.initialization import initialize
from core.network.network import Network
from core.progress import Progress, no_progress
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.threads.workers import Workers
from core.training.checkpoint import Change, Checkpoint
from core.training.confidence import confidence_threshold
from core.training.divergence import (
    WINDOW,
    DivergenceDetector,
    TrainingDivergedError,
    explain,
    lowest_of,
    state_loss,
)
from core.training.evaluation import Evaluation, evaluate
from core.training.evaluator import Evaluator, TestMetrics
from core.training.layer_statistics import LayerStatistics
from core.training.learner import Learner
from core.training.moments import GoodMoment, Moments
from core.training.optimizers import Optimizer
from core.training.saved_run import SavedRun, TrainingState
from core.training.schedules import learning_rate_at
from core.training.stopping import Stop, find_stop

STEPS_BETWEEN_CHECKPOINTS = 200


class Trainer:
    """Trains one network on one data set.

    Parameters
    ----------
    config
        The run. Its seed decides the initial weights, the order of the images, and the noise of
        dropout and augmentation, through three streams of random numbers, so that a change of one
        leaves the others alone.
    dataset
        What to learn and what to be tested on.
    progress
        Told how far a long evaluation or a batch of many chunks is; may raise Cancelled, after
        which the trainer is as it was before the step, or before the evaluation at the step's end.
        That evaluation is made before the next step, if there is one.
    workers
        Who shares the work; None: the calling thread alone. The result is the same bits on any
        number of them. How many pay is measured again and again.
    dtype
        float32, or float64 for comparisons.
    initial
        A network of the same shape whose parameters to begin with; None: as `config` says.

    Attributes
    ----------
    step_count, epoch
        Steps made, and epochs completed.
    position
        Images of the present epoch that were already used.
    seconds
        How long the steps took, tests and pauses excluded.
    hyperparameters
        In force.
    changes
        Every live change, oldest first; the first entry is how the run began.
    recorder
        Of the metrics.
    layer_statistics
        What was seen of each layer now and then.
    moments
        What is kept of the run beside its present: the newest good state, and the best network.
    threshold
        From which probability on an answer is worth giving (see core/training/confidence.py), by
        the newest reading of the validation split; None without one.
    stop
        Why training should stop now, if the last step has reached what the hyperparameters ask for;
        else None.
    ended_by_patience
        Whether patience has ended the run, and no step or change of the network came after.
    """

    def __init__(
        self,
        config: RunConfig,
        dataset: Dataset,
        progress: Progress = no_progress,
        workers: Workers | None = None,
        dtype: DTypeLike = np.float32,
        initial: Network | None = None,
    ) -> None:
        self.config = config
        self.dataset = dataset
        self.hyperparameters = config.hyperparameters
        self.changes = [Change(0, config.hyperparameters, config.network)]
        self.recorder = HistoryRecorder()
        self.layer_statistics = LayerStatistics()
        self.threshold: float | None = None
        self.stop: Stop | None = None
        self.ended_by_patience = False
        self._progress = progress
        self._workers = workers
        self._evaluator = Evaluator(dataset.test, workers)

        streams = np.random.SeedSequence(config.seed).spawn(3)
        initial_rng, self._order_rng, self._noise_rng = map(np.random.default_rng, streams)
        self._training, self._validation = dataset.hold_out(config.validation)
        self._learner = Learner(
            config.network,
            config.hyperparameters.optimizer,
            self._training,
            self._noise_rng,
            workers,
            progress,
            dtype,
        )
        initialize(self.network, config.network, initial_rng)
        if initial is not None:
            self.network.parameters[:] = initial.parameters

        self.step_count = 0
        self.epoch = 0
        self.seconds = 0.0
        self._begin_epoch()
        self._changes_left_out = 0
        self._detector = DivergenceDetector()
        self.moments = Moments(GoodMoment(self.checkpoint(), None, self._detector.lowest, None))

    @classmethod
    def resume(
        cls,
        saved: SavedRun,
        dataset: Dataset,
        progress: Progress = no_progress,
        workers: Workers | None = None,
    ) -> Trainer:
        """Return a trainer that goes on where `saved` was saved, to the bit.

        Raises
        ------
        RunFileError
            If it was saved without its state, or learned from another data set.
        """
        training = saved.training_on(dataset)
        trainer = cls(saved.config, dataset, progress, workers)
        if len(training.checkpoint.order) != trainer.images_per_epoch:
            raise RunFileError("The order of the images in this file is not that of its data set.")
        history = History.of(training.history, training.evaluation_seconds)
        trainer.layer_statistics = LayerStatistics(training.layer_records)
        trainer._detector.reference = training.first_loss
        losses = history.recent_losses(training.checkpoint.step)
        lowest = training.lowest_loss
        trainer._detector.lowest = lowest_of(losses) if lowest is None else lowest
        trainer.moments.best = saved.best
        # The only state of those before that is in the file.
        trainer.restore(replace(training.checkpoint, history=history))
        trainer.threshold = saved.threshold
        trainer.ended_by_patience = saved.ended_by_patience
        trainer._changes_left_out = training.changes_left_out
        return trainer

    def saved(self) -> SavedRun:
        """Return a copy of all that is needed to go on, or to read with the network."""
        training = TrainingState(
            self.dataset.checksum,
            self.checkpoint(),
            self.history.values(),
            self.history.evaluations.last("evaluation_seconds"),
            self._detector.reference,
            self._detector.lowest if math.isfinite(self._detector.lowest) else None,
            self._changes_left_out,
            self.layer_statistics.records,
        )
        return SavedRun(
            self.config,
            self.network.frozen_copy(),
            self.threshold,
            training,
            self.moments.best,
            self.ended_by_patience,
        )

    @property
    def saved_bytes(self) -> int:
        """About what :meth:`saved` would take in memory, to be asked before it is."""
        copies = 2 + len(self.optimizer.state)
        best = self.moments.best
        arrays = [self.order, *self.history.values().values()]
        return (
            copies * self.network.parameters.nbytes
            + sum(array.nbytes for array in arrays)
            + (0 if best is None else best.network.parameters.nbytes)
        )

    @property
    def history(self) -> History:
        """The metrics so far, frozen."""
        return self.recorder.history

    @property
    def network(self) -> Network:
        """What learns."""
        return self._learner.network

    @property
    def network_config(self) -> NetworkConfig:
        """The shape of :attr:`network`, which may have been changed since the run began."""
        return self._learner.config

    @property
    def present_config(self) -> RunConfig:
        """The run's settings with every live change."""
        return replace(
            self.config, network=self.network_config, hyperparameters=self.hyperparameters
        )

    @property
    def test(self) -> Evaluation | None:
        """The newest reading of the test set; None before the first."""
        return self._evaluator.newest

    @property
    def test_step(self) -> int:
        """After how many steps it was made."""
        return self._evaluator.step

    @property
    def test_is_old(self) -> bool:
        """Whether the network has changed since that reading, or there is none."""
        return self._evaluator.is_old(self.step_count)

    @property
    def test_is_due(self) -> bool:
        """Whether it is time for another while training goes on: after some seconds, and at once
        after the layers have changed; at most 5 % of the time goes into it."""
        return self._evaluator.is_due(self.step_count)

    @property
    def test_metrics(self) -> TestMetrics | None:
        """What the newest reading of the test set says, of this or an earlier network."""
        newest, history = self.test, self.history
        if newest is not None:
            return TestMetrics(newest.loss, newest.accuracy, self.test_step, self.test_is_old)
        if not history.evaluations.count:
            return None
        loss, accuracy = history.test_loss[-1], history.test_accuracy[-1]
        step = int(history.evaluation_step[-1])
        return TestMetrics(float(loss), float(accuracy), step, is_old=True)

    @property
    def stop_reason(self) -> str | None:
        """The reason of :attr:`stop` in words, or None."""
        return None if self.stop is None else self.stop.reason

    @property
    def optimizer(self) -> Optimizer:
        """What makes steps of gradients."""
        return self._learner.optimizer

    @property
    def images_per_epoch(self) -> int:
        """How many images there are to learn from."""
        return len(self._training.labels)

    @property
    def threads(self) -> int:
        """How many threads share the work of a step."""
        return self._workers.threads if self._workers is not None else 1

    @property
    def learning_rate(self) -> float:
        """The learning rate of the next step, as the schedule has it."""
        return self.learning_rate_with(self.hyperparameters)

    def learning_rate_with(self, hyperparameters: Hyperparameters) -> float:
        """Return what :attr:`learning_rate` would be with these hyperparameters."""
        left = self.images_per_epoch - self.position
        return self._learning_rate(min(hyperparameters.batch_size, left), hyperparameters)

    # --- one step -------------------------------------------------------------------------

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
        if self._lacks_evaluation():
            self._evaluate()

        learner, hyperparameters = self._learner, self.hyperparameters
        noise = self._noise_rng.bit_generator.state if hyperparameters.is_noisy else None
        try:
            begun = time.perf_counter()
            batch = self.order[self.position : self.position + hyperparameters.batch_size]
            loss, correct = learner.batch_gradient.compute(batch, hyperparameters)
        except Cancelled:
            if noise is not None:
                self._noise_rng.bit_generator.state = noise
            raise
        penalty = learner.network.regularization_loss(hyperparameters.l2)
        if self._detector.has_diverged(loss + penalty):
            raise TrainingDivergedError(
                explain(loss + penalty, self.step_count, hyperparameters, self._detector.reference),
                self.step_count,
                self.moments.good.state(),
            )
        measurement = learner.begin_measurement(self.step_count + 1, len(batch))
        rate = self._learning_rate(len(batch), hyperparameters)
        learner.optimizer.update(rate, hyperparameters.momentum)
        if measurement is not None:
            self.layer_statistics.add(measurement.after_update())
        self.seconds += time.perf_counter() - begun
        self._record(loss, penalty, correct, len(batch))

    def _record(self, loss: float, penalty: float, correct: int, n: int) -> None:
        """Note a step's results, and do what is due after it."""
        self.recorder.record_step(loss, penalty, correct / n, n)
        self.step_count += 1
        self.position += n
        self.stop, self.ended_by_patience = None, False
        ends_epoch = self.position == len(self.order)
        if ends_epoch:
            self.epoch += 1
            self.recorder.record_epoch(self.step_count)
            self._begin_epoch()
        if self._lacks_evaluation():
            self._evaluate()
        if self.step_count % STEPS_BETWEEN_CHECKPOINTS == 0:
            self._keep_if_good()
        if ends_epoch:
            self.stop = find_stop(self.history, self.hyperparameters, self.moments.best)
            self.ended_by_patience = self.stop is not None and self.stop.rule == "patience"

    def _begin_epoch(self) -> None:
        self.order = self._order_rng.permutation(self.images_per_epoch)
        self.position = 0

    def _learning_rate(self, n: int, hyperparameters: Hyperparameters) -> float:
        """Return the learning rate in the middle of the next n images."""
        epochs = self.epoch + (self.position + n / 2) / self.images_per_epoch
        return learning_rate_at(epochs, hyperparameters)

    def _lacks_evaluation(self) -> bool:
        """Say whether one with a place in the history is due after this step, and not yet made."""
        is_due = not self.position or (not self.epoch and self.step_count.bit_count() == 1)
        if not is_due:
            return False
        steps = self.history.evaluation_step
        return not len(steps) or bool(steps[-1] != self.step_count)

    def _evaluate(self) -> None:
        validation = None
        if len(self._validation.labels):
            images = self._validation
            validation = evaluate(
                self.network, images.images, images.labels, self._progress, self._workers
            )
        test = self._evaluator.read(
            self.network, self.step_count, self._progress, in_small_chunks=False
        )
        # Only now, because either may be broken off.
        if validation is not None:
            self.recorder.record_validation(validation.loss, validation.accuracy)
            self.threshold = confidence_threshold(validation.confidence, validation.is_correct)
        self.recorder.record_evaluation(self.step_count, self.seconds, test.loss, test.accuracy)
        if validation is not None and self.epoch and not self.position:
            self.moments.keep_if_best(
                self.network,
                self.network_config,
                self.step_count,
                self.epoch,
                float(self.history.validation_accuracy[-1]),
                self.threshold,
            )

    def read_test_set(self, progress: Progress | None = None) -> Evaluation:
        """Read the test set as the network is now, without a place in the history.

        `progress` is told how far that is, every few hundredths of a second; None: that of the
        trainer. Whatever it raises breaks the reading off, and changes nothing.
        """
        progress = self._progress if progress is None else progress
        return self._evaluator.read(self.network, self.step_count, progress, in_small_chunks=True)

    # --- live changes ---------------------------------------------------------------------

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
        self._keep_if_good()
        self._set_hyperparameters(hyperparameters)
        kept_units = None
        if network != self.network_config:
            # A stream of its own for each change, so that a replay draws the same weights.
            changes = self._changes_left_out + len(self.changes)
            stream = [self.config.seed, self.step_count, changes]
            kept_units = self._learner.resize_to(network, np.random.default_rng(stream))
            self._evaluator.note_other_network()
            self.ended_by_patience = False
        self.changes.append(Change(self.step_count, hyperparameters, network, kept_units))

    def _set_hyperparameters(self, hyperparameters: Hyperparameters) -> None:
        before, self.hyperparameters = self.hyperparameters, hyperparameters
        if hyperparameters.optimizer != before.optimizer:
            self._learner.begin_optimizer(hyperparameters.optimizer)
        if hyperparameters.batch_size != before.batch_size:
            self._learner.batch_gradient.release_buffers()

    # --- going back -----------------------------------------------------------------------

    def checkpoint(self) -> Checkpoint:
        """Return a copy of the present state."""
        return Checkpoint(
            step=self.step_count,
            epoch=self.epoch,
            position=self.position,
            seconds=self.seconds,
            order=self.order,  # never written to: each epoch makes a new one
            order_state=self._order_rng.bit_generator.state,
            noise_state=self._noise_rng.bit_generator.state,
            parameters=self.network.parameters.copy(),
            optimizer_steps=self.optimizer.steps,
            optimizer_state={name: array.copy() for name, array in self.optimizer.state.items()},
            changes=tuple(self.changes),
            history=self.history,
        )

    def restore_last_good(self) -> None:
        """Go back to the newest state whose loss was good; at first that is the beginning."""
        good = self.moments.good
        self.restore(good.checkpoint)
        self._detector.lowest = good.lowest_loss
        self.moments = Moments(good, good.best)

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go back to `checkpoint`, and forget the metrics and changes made since."""
        self.step_count = checkpoint.step
        self.epoch = checkpoint.epoch
        self.position = checkpoint.position
        self.seconds = checkpoint.seconds
        self.order = checkpoint.order
        self._order_rng.bit_generator.state = checkpoint.order_state
        self._noise_rng.bit_generator.state = checkpoint.noise_state
        self._set_hyperparameters(checkpoint.hyperparameters)
        self._learner.load_state(
            checkpoint.network,
            checkpoint.parameters,
            checkpoint.optimizer_state,
            checkpoint.optimizer_steps,
        )
        if checkpoint.history is not None:
            self.recorder.restore(checkpoint.history)
        self.layer_statistics.truncate(checkpoint.step)
        self._evaluator.forget()
        self.changes = list(checkpoint.changes)
        self.stop, self.ended_by_patience = None, False
        best = self.moments.best
        if best is not None and best.step > checkpoint.step:
            best = None
        losses = self.history.recent_losses(WINDOW)
        good = GoodMoment(checkpoint, state_loss(losses), self._detector.lowest, best)
        self.moments = Moments(good, best)

    def _keep_if_good(self) -> None:
        losses = self.history.recent_losses(STEPS_BETWEEN_CHECKPOINTS + WINDOW - 1)
        if len(losses) and self._detector.is_good(losses):
            self.moments.good = GoodMoment(
                self.checkpoint(), state_loss(losses), self._detector.lowest, self.moments.best
            )
