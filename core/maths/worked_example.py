"""The forward pass, backpropagation and update for one image, one unit and one weight.

In each later layer, the stages are about the unit that passes most of the error back to the unit
before it, up to one of the outputs: they explain the numbers that reach the unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.arrays import Floats
from core.maths import backward_stages as backward
from core.maths import forward_stages as forward
from core.maths.finite_difference import Check, FiniteDifferences
from core.maths.stage import Stage
from core.maths.update_stages import update_stages
from core.maths.worked_pass import WorkedPass
from core.network.network import Network
from core.settings.config import Hyperparameters


class WorkedExample:
    """A forward pass, a backward pass and an update with a batch of one image.

    There is no dropout and no data augmentation, as in testing. The arguments are not changed.

    Parameters
    ----------
    hyperparameters
        Of which L2, the optimizer and its momentum are used.
    optimizer_state, steps
        As :class:`core.training.optimizers.Optimizer` keeps them; empty and 0 before its first
        step; None and 0 where they are not known, which the stages of the update then say.
    learning_rate
        Of the next step.
    image, label
        uint8, (784,), and its class.

    Attributes
    ----------
    numbers
        All results of the two passes.
    """

    def __init__(
        self,
        network: Network,
        hyperparameters: Hyperparameters,
        optimizer_state: Mapping[str, Floats] | None,
        steps: int,
        learning_rate: float,
        image: NDArray[np.uint8],
        label: int,
    ) -> None:
        self.numbers = WorkedPass(network, image, label, hyperparameters.l2)
        self._hyperparameters = hyperparameters
        self._optimizer_state = optimizer_state
        self._steps = steps
        self._learning_rate = learning_rate
        self._image = image

    @cached_property
    def _differences(self) -> FiniteDifferences:
        numbers = self.numbers
        return FiniteDifferences(numbers.network, self._image, numbers.label, numbers.l2)

    def stages(self, layer: int, unit: int, source: int) -> tuple[Stage, ...]:
        """Return all stages for a unit and one of its incoming weights, in order.

        Parameters
        ----------
        layer
            From 1, as in the equations of core/network/network.py.
        unit, source
            The weight leads from `source` in the layer before to `unit`; both count from 0.
        """
        numbers = self.numbers
        L = len(numbers.network.layers)
        units = self.path(layer, unit)
        sources = {layer: source, **{above: units[above - 1] for above in range(layer + 1, L + 1)}}
        stages: list[Stage] = []
        for at in range(layer, L + 1):
            stages.append(forward.weighted_sum(numbers, at, units[at], sources[at]))
            if at < L:
                stages.append(forward.activation(numbers, at, units[at]))
        stages += [forward.probability(numbers, units[L]), forward.loss(numbers, units[L])]
        for at in range(L, layer - 1, -1):
            if at == L:
                stages.append(backward.output_error(numbers, units[L]))
            else:
                stages.append(backward.passed_back(numbers, at, units[at], units[at + 1]))
                stages.append(backward.slope(numbers, at, units[at]))
                stages.append(backward.hidden_error(numbers, at, units[at]))
            stages.append(backward.weight_gradient(numbers, at, units[at], sources[at]))
            stages.append(backward.bias_gradient(numbers, at, units[at]))
        updates = update_stages(
            numbers,
            self._hyperparameters,
            self._optimizer_state,
            self._steps,
            self._learning_rate,
            (layer, unit, source),
        )
        return (*stages, *updates)

    def check(self, stage: Stage) -> Check | None:
        """Compare a stage's value with a finite difference; None if it is not a derivative."""
        if stage.quantity is None:
            return None
        return self._differences.check(stage.quantity, stage.value)

    def path(self, layer: int, unit: int) -> dict[int, int]:
        """Return the unit that the stages are about in each layer from `layer` to the output."""
        network = self.numbers.network
        units = {layer: unit}
        for above in range(layer + 1, len(network.layers) + 1):
            passed = network.layers[above - 1].W[units[above - 1]] * self.numbers.dZ[above]
            units[above] = int(np.abs(passed).argmax())
        return units

    def liveliest_unit(self, layer: int) -> int:
        """Return the unit of a layer with the largest error |dZ|."""
        return int(np.abs(self.numbers.dZ[layer]).argmax())

    def largest_source(self, layer: int, unit: int) -> int:
        """Return the input with the largest magnitude of weight times input."""
        terms = self.numbers.network.layers[layer - 1].W[:, unit] * self.numbers.A[layer - 1]
        return int(np.abs(terms).argmax())
