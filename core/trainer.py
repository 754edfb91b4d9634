"""Training, one mini-batch at a time.

The trainer starts no thread and knows no window: whoever drives it calls :meth:`Trainer.step`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.arrays import Floats
from core.config import Hyperparameters, RunConfig
from core.datasets.dataset import Dataset
from core.divergence import DivergenceWatch, TrainingDivergedError, explain
from core.evaluation import evaluate
from core.history import History
from core.initialization import initialize
from core.network import Layer, Network, Workspace, layer_views, parameter_count
from core.optimizers import SGD
from core.progress import Progress, no_progress

_CHUNK = 1_024
"""A batch larger than this passes through in parts, so that memory stays small (a full batch of
MNIST would need 188 MB for its input alone); the parts' gradients add up to the batch's."""

_STEPS_BETWEEN_CHECKPOINTS = 200


@dataclass(frozen=True)
class Change:
    """A live change: from `step` (0 is the first) on, training used `hyperparameters`."""

    step: int
    hyperparameters: Hyperparameters


@dataclass(frozen=True)
class Checkpoint:
    """All that a trainer needs to go on from a moment, to the bit. Nobody writes to its arrays."""

    step: int
    epoch: int
    position: int
    order: NDArray[np.intp]
    rng_state: Mapping[str, Any]
    parameters: Floats
    hyperparameters: Hyperparameters
    changes: tuple[Change, ...]


class Trainer:
    """Trains one network on one data set.

    Parameters
    ----------
    config
        The run. Its seed decides the initial weights and the order of the images, through two
        streams of random numbers, so that a change of one leaves the other alone.
    dataset
        What to learn and what to be tested on.
    progress
        Told how far a long evaluation or a batch of many parts is; may raise Cancelled, after
        which this trainer can be dropped but not used.

    Attributes
    ----------
    step_count, epoch
        Steps made, and epochs completed.
    position
        Images of the present epoch that were already used.
    hyperparameters
        In force for the next step.
    changes
        Every live change, oldest first; the first entry is how the run began.
    history
        The metrics.
    """

    def __init__(
        self, config: RunConfig, dataset: Dataset, progress: Progress = no_progress
    ) -> None:
        self.config = config
        self.dataset = dataset
        self.hyperparameters = config.hyperparameters
        self.changes = [Change(0, config.hyperparameters)]
        self.history = History()
        self._progress = progress
        self._pending: deque[Hyperparameters] = deque()

        initial_stream, order_stream = np.random.SeedSequence(config.seed).spawn(2)
        self.network = Network(config.network.sizes)
        initialize(self.network, config.network, np.random.default_rng(initial_stream))
        self.rng = np.random.default_rng(order_stream)
        self.optimizer = SGD()

        self._gradient = np.empty_like(self.network.parameters)
        self._scratch = np.empty_like(self.network.parameters)
        self._gradient_layers = layer_views(self._gradient, config.network.sizes)
        self._scratch_layers = layer_views(self._scratch, config.network.sizes)
        self._workspaces: dict[int, Workspace] = {}

        self.step_count = 0
        self.epoch = 0
        self._begin_epoch()
        self._watch = DivergenceWatch()
        self._last_good = self.checkpoint()

    # --- one step -------------------------------------------------------------------------

    @np.errstate(over="ignore", invalid="ignore")  # what overflows is seen in the loss
    def step(self) -> None:
        """Apply the commands that wait, then train on the next mini-batch.

        Evaluates on the test set after the last step of each epoch, and in the first epoch, where
        most happens, before the first step and after 1, 2, 4, 8, … steps.

        Raises
        ------
        TrainingDivergedError
            If the loss is no longer a sensible number. The parameters are as they were before the
            step, and :meth:`restore_last_good` goes back to where all was well.
        """
        self._apply_pending()
        if not self.history.evaluation_step:
            self._evaluate()

        batch = self.order[self.position : self.position + self.hyperparameters.batch_size]
        loss, correct = self._compute_gradient(batch)
        penalty = self._add_regularization()
        if self._watch.is_bad(loss + penalty):
            raise TrainingDivergedError(
                explain(loss + penalty, self.step_count, self.hyperparameters),
                self.step_count,
                self._last_good.step,
                self._last_good.hyperparameters,
            )
        self.optimizer.update(
            self.network.parameters, self._gradient, self.hyperparameters.learning_rate
        )
        self.history.record_step(loss, penalty, correct / len(batch))
        self.step_count += 1
        self.position += len(batch)
        ends_epoch = self.position == len(self.order)
        if ends_epoch:
            self.epoch += 1
            self.history.record_epoch(self.step_count)
            self._begin_epoch()
        if ends_epoch or (self.epoch == 0 and self.step_count.bit_count() == 1):
            self._evaluate()
        if self.step_count % _STEPS_BETWEEN_CHECKPOINTS == 0:
            self._keep_if_healthy()

    def probe(self) -> None:
        """Do the work of a step without learning from it, for timing."""
        self._compute_gradient(self.order[: self.hyperparameters.batch_size])

    @property
    def operations(self) -> float:
        """Floating-point operations of a step, about: 6 a weight and image, and fewer in layer 1.

        The products for Z, dW and dA take 2 each; the first layer's dA is not needed.
        """
        sizes = self.config.network.sizes
        n = min(self.hyperparameters.batch_size, _CHUNK, len(self.order))
        return n * (6.0 * parameter_count(sizes) - 2.0 * sizes[0] * sizes[1])

    def _begin_epoch(self) -> None:
        self.order = self.rng.permutation(len(self.dataset.train_labels))
        self.position = 0

    def _compute_gradient(self, batch: NDArray[np.intp]) -> tuple[float, int]:
        """Write the gradient of the batch's mean loss; return that loss and the hits."""
        n = len(batch)
        if n <= _CHUNK:
            loss, correct = self._pass(batch, n, self._gradient_layers)
            return loss / n, correct
        loss, correct = 0.0, 0
        self._gradient[:] = 0
        for start in range(0, n, _CHUNK):
            self._progress(start, n)
            part = self._pass(batch[start : start + _CHUNK], n, self._scratch_layers)
            self._gradient += self._scratch
            loss, correct = loss + part[0], correct + part[1]
        return loss / n, correct

    def _pass(
        self, rows: NDArray[np.intp], n: int, gradient: tuple[Layer, ...]
    ) -> tuple[float, int]:
        work = self._workspaces.get(len(rows))
        if work is None:
            work = Workspace(self.config.network.sizes, len(rows))
            self._workspaces[len(rows)] = work
        work.gather(self.dataset.train_images, rows)
        return self.network.loss_and_gradient(work, self.dataset.train_labels[rows], gradient, n)

    def _add_regularization(self) -> float:
        """Add the penalty's part to the gradient, and return the penalty."""
        l2 = self.hyperparameters.l2
        if not l2:
            return 0.0
        self.network.add_regularization_gradient(l2, self._gradient_layers, self._scratch_layers)
        return self.network.regularization_loss(l2)

    def _evaluate(self) -> None:
        result = evaluate(
            self.network, self.dataset.test_images, self.dataset.test_labels, self._progress
        )
        self.history.record_evaluation(self.step_count, result.loss, result.accuracy)

    # --- live changes ---------------------------------------------------------------------

    def post(self, hyperparameters: Hyperparameters) -> None:
        """Have the next step begin with these settings. May be called from any thread."""
        self._pending.append(hyperparameters)

    def _apply_pending(self) -> None:
        while self._pending:
            hyperparameters = self._pending.popleft()
            if hyperparameters == self.hyperparameters:
                continue
            if hyperparameters.batch_size != self.hyperparameters.batch_size:
                self._workspaces.clear()
            self._keep_if_healthy()
            self.hyperparameters = hyperparameters
            if self.changes[-1].step == self.step_count:
                self.changes.pop()
            self.changes.append(Change(self.step_count, hyperparameters))

    # --- going back -----------------------------------------------------------------------

    def checkpoint(self) -> Checkpoint:
        """Return a copy of the present state."""
        return Checkpoint(
            step=self.step_count,
            epoch=self.epoch,
            position=self.position,
            order=self.order,  # never written to: each epoch makes a new one
            rng_state=self.rng.bit_generator.state,
            parameters=self.network.parameters.copy(),
            hyperparameters=self.hyperparameters,
            changes=tuple(self.changes),
        )

    def restore_last_good(self) -> None:
        """Go back to the newest state whose loss was healthy; at first that is the beginning."""
        self.restore(self._last_good)

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go back to `checkpoint`, and forget the metrics and changes made since."""
        self.step_count = checkpoint.step
        self.epoch = checkpoint.epoch
        self.position = checkpoint.position
        self.order = checkpoint.order
        self.rng.bit_generator.state = checkpoint.rng_state
        self.network.parameters[:] = checkpoint.parameters
        self.hyperparameters = checkpoint.hyperparameters
        self._workspaces.clear()
        self._pending.clear()
        self.history.truncate(checkpoint.step)
        self.changes = list(checkpoint.changes)
        self._last_good = checkpoint

    def _keep_if_healthy(self) -> None:
        history = self.history
        if history.batch_loss:
            loss = history.batch_loss.values[-1] + history.regularization_loss.values[-1]
            if self._watch.is_healthy(float(loss)):
                self._last_good = self.checkpoint()
