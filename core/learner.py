"""A network and what makes it learn: its gradient, its optimizer, and the threads for its steps."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

import numpy as np
from numpy.typing import DTypeLike, NDArray

from core.arrays import Floats
from core.batch_gradient import CHUNK, BatchGradient, part_count, unit_groups
from core.config import Hyperparameters, NetworkConfig, OptimizerName
from core.datasets.dataset import LabelledImages
from core.layer_statistics import LayerStatistics, Measurement, before_update
from core.network import Network
from core.optimizers import OPTIMIZERS
from core.progress import Progress
from core.surgery import Survivors, surviving_units, transplant
from core.tuning import ThreadTuner
from core.workers import Workers

_IMAGES_FOR_SURGERY = 2_000


class Learner:
    """One network, which may become another while it learns.

    Parameters
    ----------
    config
        The network, whose parameters are zero at first.
    optimizer
        How its gradient becomes a step.
    images
        To learn from.
    rng
        For the noise of dropout and augmentation.
    workers, progress, dtype
        As :class:`core.trainer.Trainer` has them.

    Attributes
    ----------
    config, network, batch_gradient, optimizer
        The present ones.
    tuner
        Chooses the threads.
    """

    def __init__(
        self,
        config: NetworkConfig,
        optimizer: OptimizerName,
        images: LabelledImages,
        rng: np.random.Generator,
        workers: Workers | None,
        progress: Progress,
        dtype: DTypeLike,
    ) -> None:
        self.tuner = ThreadTuner(workers)
        self._images = images
        self._rng = rng
        self._workers = workers
        self._progress = progress
        self._dtype = dtype
        self._make_room(config, optimizer)

    def _make_room(self, config: NetworkConfig, optimizer: OptimizerName) -> None:
        self.config = config
        self.network = Network.from_config(config, self._dtype)
        self.batch_gradient = BatchGradient(
            self.network, self._images, self._rng, self._workers, self._progress
        )
        self.begin_optimizer(optimizer)

    def begin_optimizer(self, name: OptimizerName) -> None:
        """Go on with this optimizer, its averages zero."""
        gradient = self.batch_gradient
        self._optimizer_name = name
        self.optimizer = OPTIMIZERS[name](
            self.network.parameters, gradient.gradient, gradient.scratch, self._workers
        )

    def put(
        self,
        config: NetworkConfig,
        parameters: Floats,
        averages: Mapping[str, Floats],
        optimizer_steps: int,
    ) -> None:
        """Go on with this network and these averages of the present optimizer, which are copied."""
        if config != self.config:
            self._make_room(config, self._optimizer_name)
        self.network.parameters[:] = parameters
        for name, array in averages.items():
            self.optimizer.averages[name][:] = array
        self.optimizer.steps = optimizer_steps

    def become(self, config: NetworkConfig, rng: np.random.Generator) -> Survivors:
        """Turn into a network with other hidden layers, without forgetting (core/surgery.py).

        Returns which units went on; the outputs are among them only where they read the same layer.
        """
        survivors = surviving_units(self.network.layers, config.sizes)
        if len(config.hidden) != len(self.config.hidden):
            survivors = survivors[:-1]
        images = self._images.images
        parameters, averages = transplant(
            self.network.parameters,
            self.optimizer.averages,
            self.config,
            config,
            images[:: -(-len(images) // _IMAGES_FOR_SURGERY)],
            rng,
        )
        self.put(config, parameters, averages, self.optimizer.steps)
        return survivors

    def begin_measurement(self, step: int, n: int) -> Measurement | None:
        """Look at the layers if that is due, between the gradient of n images and the update."""
        network, gradient = self.network, self.batch_gradient
        if gradient.work is None or not LayerStatistics.is_due(step, network.parameters.size):
            return None
        return before_update(step, network, gradient.gradient, gradient.work, n)

    def tune_threads(self, order: NDArray[np.intp], hyperparameters: Hyperparameters) -> None:
        """Have the threads chosen if a step's work is not what it was.

        `order`, (images,), says which images there are to try with; nothing is learned from them.
        """
        batch_size = hyperparameters.batch_size
        distorted = hyperparameters.augmentation.is_on
        sizes = self.network.sizes
        work = sizes, batch_size, distorted
        if not self.tuner.is_due(work):
            return
        full = order[: min(batch_size, CHUNK)]
        last = order[: len(order) % batch_size % CHUNK]  # empty if all are full

        def loss_of(batch: NDArray[np.intp]) -> tuple[float, int]:
            noise = self._rng.bit_generator.state
            loss = self.batch_gradient.compute(batch, hyperparameters)
            self._rng.bit_generator.state = noise
            return loss

        self.tuner.tune(
            work,
            probe=lambda: loss_of(full),
            parts=max(part_count(sizes, len(full), distorted), unit_groups(sizes, len(full))),
            result=lambda: [
                (loss_of(batch), sha256(self.batch_gradient.gradient.data).digest())
                for batch in (full, last)
                if len(batch)
            ],
        )
