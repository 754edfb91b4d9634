"""The training loop: a network, advanced by one mini-batch at a time."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import DTypeLike, NDArray

from core.arrays import Floats, LabeledImages
from core.history.history import History
from core.history.recorder import HistoryRecorder
from core.network.initialization import initialize
from core.network.network import Network
from core.progress import Progress
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.threads.workers import Workers
from core.training.checkpoint import Change, Checkpoint
from core.training.layer_statistics import LayerStatistics
from core.training.learner import Learner
from core.training.optimizers import Optimizer
from core.training.schedules import learning_rate_at
from core.training.starting_state import StartingState


@dataclass(frozen=True)
class BatchResult:
    """Results on a mini-batch, before the update.

    Attributes
    ----------
    loss, penalty
        The mean loss of the data, and the L2 penalty.
    correct, n
        How many images were classified correctly, and how many there are.
    seconds
        How long that took.
    """

    loss: float
    penalty: float
    correct: int
    n: int
    seconds: float


class TrainingLoop:
    """Takes mini-batches in a random order, and updates a network by their gradients.

    A :class:`core.training.checkpoint.Checkpoint` holds all that decides how it continues; it can
    be made after any step, and restored.

    Parameters
    ----------
    config, workers, progress, dtype, start
        As :class:`core.training.trainer.Trainer` has them.
    images
        The training images.

    Attributes
    ----------
    start
        What it began with, if not with random weights; without an optimizer's memory where the run
        began with another optimizer.
    step_count, epoch
        Steps made, and epochs completed.
    order, position
        The images of the present epoch, (images,), and how many of them were already used.
    seconds
        How long the steps took, tests and pauses excluded.
    hyperparameters
        In force.
    changes
        Every live change, oldest first; the first entry is how the run began.
    recorder
        Of the metrics.
    layer_statistics
        Measurements of each layer.
    """

    def __init__(
        self,
        config: RunConfig,
        images: LabeledImages,
        progress: Progress,
        workers: Workers | None,
        dtype: DTypeLike,
        start: StartingState | None,
    ) -> None:
        if start is not None and not start.fits(config.network):
            raise ValueError(f"a run of {config.network} cannot start from {start.source}")
        optimizer = config.hyperparameters.optimizer
        self.config = config
        self.start = None if start is None else start.with_optimizer(optimizer)
        self.hyperparameters = config.hyperparameters
        self.changes = [Change(0, config.hyperparameters, config.network)]
        self.recorder = HistoryRecorder()
        self.layer_statistics = LayerStatistics()
        self.images_per_epoch = len(images.labels)
        self._images = images
        self._workers = workers
        streams = np.random.SeedSequence(config.seed).spawn(3)
        initial_rng, self._order_rng, noise_rng = map(np.random.default_rng, streams)
        self._learner = Learner(
            config.network, optimizer, images, noise_rng, workers, progress, dtype
        )
        if self.start is None:
            initialize(self.network, config.network, initial_rng)
        else:
            self._begin_with(self.start)
        self.step_count = 0
        self.epoch = 0
        self.seconds = 0.0
        self._begin_epoch()

    def _begin_with(self, start: StartingState) -> None:
        memory = start.memory
        state, steps = ({}, 0) if memory is None else (memory.state, memory.steps)
        parameters = start.network.parameters
        self._learner.load_state(self.network_config, parameters, state, steps)

    @property
    def history(self) -> History:
        """The metrics so far, frozen."""
        return self.recorder.history

    @property
    def network(self) -> Network:
        """The network that is trained."""
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
    def optimizer(self) -> Optimizer:
        """The optimizer in use."""
        return self._learner.optimizer

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

    @property
    def _next_indices(self) -> NDArray[np.intp]:
        """The training images of the next mini-batch, (n,)."""
        return self.order[self.position : self.position + self.hyperparameters.batch_size]

    def next_batch(self) -> LabeledImages:
        """Return a copy of the next mini-batch's images, without augmentation."""
        batch = self._next_indices
        return LabeledImages(self._images.images[batch], self._images.labels[batch])

    def _compute_gradient(self) -> BatchResult:
        """Compute the gradient of the next mini-batch; the network stays as it is."""
        begun = time.perf_counter()
        settings, batch = self.hyperparameters, self._next_indices
        loss, correct = self._learner.gradient(batch, settings)
        penalty = self.network.regularization_loss(settings.l2)
        return BatchResult(loss, penalty, correct, len(batch), time.perf_counter() - begun)

    def _apply_gradient(self, batch: BatchResult) -> bool:
        """Update the network and record the step; return whether that completes an epoch."""
        begun = time.perf_counter()
        rate = self._learning_rate(batch.n, self.hyperparameters)
        self.step_count += 1
        record = self._learner.update(rate, self.hyperparameters.momentum, self.step_count, batch.n)
        if record is not None:
            self.layer_statistics.add(record)
        self.seconds += batch.seconds + time.perf_counter() - begun
        self.recorder.record_step(batch.loss, batch.penalty, batch.correct / batch.n, batch.n)
        self.position += batch.n
        ends_epoch = self.position == len(self.order)
        if ends_epoch:
            self.epoch += 1
            self.recorder.record_epoch(self.step_count)
            self._begin_epoch()
        return ends_epoch

    def _begin_epoch(self) -> None:
        self.order = self._order_rng.permutation(self.images_per_epoch)
        self.position = 0

    def _learning_rate(self, n: int, hyperparameters: Hyperparameters) -> float:
        """Return the learning rate in the middle of the next n images."""
        epochs = self.epoch + (self.position + n / 2) / self.images_per_epoch
        return learning_rate_at(epochs, hyperparameters)

    # --- live changes, and going back -------------------------------------------------------

    def take_parameters(self, parameters: Floats) -> None:
        """Continue with the parameters of this network after it was fine-tuned elsewhere.

        The optimizer's state is reset, because it comes from earlier gradients.
        """
        self.network.parameters[:] = parameters
        self._learner.begin_optimizer(self.hyperparameters.optimizer)
        self.changes.append(
            Change(self.step_count, self.hyperparameters, self.network_config, is_fine_tuning=True)
        )

    def _set_hyperparameters(self, hyperparameters: Hyperparameters) -> None:
        before, self.hyperparameters = self.hyperparameters, hyperparameters
        if hyperparameters.optimizer != before.optimizer:
            self._learner.begin_optimizer(hyperparameters.optimizer)
        if hyperparameters.batch_size != before.batch_size:
            self._learner.release_buffers()

    def checkpoint(self) -> Checkpoint:
        """Return a copy of the present state."""
        optimizer = self.optimizer
        return Checkpoint(
            step=self.step_count,
            epoch=self.epoch,
            position=self.position,
            seconds=self.seconds,
            order=self.order,  # never written to: each epoch makes a new one
            order_state=self._order_rng.bit_generator.state,
            noise_state=self._learner.rng.bit_generator.state,
            parameters=self.network.parameters.copy(),
            optimizer_steps=optimizer.steps,
            optimizer_state={name: array.copy() for name, array in optimizer.state.items()},
            changes=tuple(self.changes),
            history=self.history,
        )

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go back to `checkpoint`, and forget the metrics and changes made since."""
        self.step_count = checkpoint.step
        self.epoch = checkpoint.epoch
        self.position = checkpoint.position
        self.seconds = checkpoint.seconds
        self.order = checkpoint.order
        self._order_rng.bit_generator.state = checkpoint.order_state
        self._learner.rng.bit_generator.state = checkpoint.noise_state
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
        self.changes = list(checkpoint.changes)
