"""A network, its gradient and its optimizer."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import DTypeLike, NDArray

from core.arrays import Floats, LabeledImages
from core.errors import Cancelled
from core.network.network import Network
from core.network.resizing import KeptUnits, find_kept_units, transfer_weights
from core.progress import Progress
from core.settings.config import Hyperparameters, NetworkConfig, OptimizerName
from core.threads.workers import Workers
from core.training.batch_gradient import BatchGradient
from core.training.layer_statistics import LayerRecord, LayerStatistics, before_update
from core.training.optimizers import OPTIMIZERS

_IMAGES_FOR_RESIZING = 2_000


class Learner:
    """A network with its gradient and its optimizer. It may be resized while it learns.

    Parameters
    ----------
    config
        Of the network, whose parameters are zero at first.
    optimizer
        The first one; see :meth:`begin_optimizer`.
    images
        The training images.
    rng
        For the noise of dropout and augmentation.
    workers, progress, dtype
        As :class:`core.training.trainer.Trainer` has them.

    Attributes
    ----------
    config, network, optimizer
        Those in use.
    """

    def __init__(
        self,
        config: NetworkConfig,
        optimizer: OptimizerName,
        images: LabeledImages,
        rng: np.random.Generator,
        workers: Workers | None,
        progress: Progress,
        dtype: DTypeLike,
    ) -> None:
        self._images = images
        self.rng = rng
        self._workers = workers
        self._progress = progress
        self._dtype = dtype
        self._allocate(config, optimizer)

    def _allocate(self, config: NetworkConfig, optimizer: OptimizerName) -> None:
        self.config = config
        self.network = Network.from_config(config, self._dtype)
        self._gradient = BatchGradient(
            self.network, self._images, self.rng, self._workers, self._progress
        )
        self.begin_optimizer(optimizer)

    def begin_optimizer(self, name: OptimizerName) -> None:
        """Use this optimizer from now on, with a state of zero."""
        gradient = self._gradient
        self._optimizer_name = name
        self.optimizer = OPTIMIZERS[name](
            self.network.parameters, gradient.gradient, gradient.scratch, self._workers
        )

    def load_state(
        self,
        config: NetworkConfig,
        parameters: Floats,
        optimizer_state: Mapping[str, Floats],
        optimizer_steps: int,
    ) -> None:
        """Copy these parameters into the network of `config`, and this state into the optimizer."""
        if config != self.config:
            self._allocate(config, self._optimizer_name)
        self.network.parameters[:] = parameters
        for name, array in optimizer_state.items():
            self.optimizer.state[name][:] = array
        self.optimizer.steps = optimizer_steps

    def resize_to(self, config: NetworkConfig, rng: np.random.Generator) -> KeptUnits:
        """Change the hidden layers, and keep what was learned (see core/network/resizing.py).

        Returns the units that were kept. The outputs are among them only if they still read the
        same layer.
        """
        kept_units = find_kept_units(self.network.layers, config.sizes)
        if len(config.hidden) != len(self.config.hidden):
            kept_units = kept_units[:-1]
        images = self._images.images
        parameters, optimizer_state = transfer_weights(
            self.network.parameters,
            self.optimizer.state,
            self.config,
            config,
            images[:: -(-len(images) // _IMAGES_FOR_RESIZING)],
            rng,
        )
        self.load_state(config, parameters, optimizer_state, self.optimizer.steps)
        return kept_units

    def gradient(
        self, batch: NDArray[np.intp], hyperparameters: Hyperparameters
    ) -> tuple[float, int]:
        """Compute the gradient over the images of these indices, (n,).

        Returns their mean loss, without the penalty, and how many were classified correctly. If
        `progress` raises Cancelled, the random numbers are as they were.
        """
        noise = self.rng.bit_generator.state if hyperparameters.is_noisy else None
        try:
            return self._gradient.compute(batch, hyperparameters)
        except Cancelled:
            if noise is not None:
                self.rng.bit_generator.state = noise
            raise

    def update(
        self, learning_rate: float, momentum: float, step: int, n: int
    ) -> LayerRecord | None:
        """Make a step of the gradient over `n` images; `step` is its number, from 1 on.

        Returns what was measured of the layers, if that is due.
        """
        network, gradient = self.network, self._gradient
        measurement = None
        if gradient.work is not None and LayerStatistics.is_due(step, network.parameters.size):
            measurement = before_update(step, network, gradient.gradient, gradient.work, n)
        self.optimizer.update(learning_rate, momentum)
        return None if measurement is None else measurement.after_update()

    def release_buffers(self) -> None:
        """Free the memory that batches of the sizes so far needed."""
        self._gradient.release_buffers()
