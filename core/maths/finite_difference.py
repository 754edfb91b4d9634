"""Derivatives from differences alone, to compare backpropagation with.

The loss is worked out twice, with one number moved a little to either side, and

    d loss / d x = (loss(x + h) − loss(x − h)) / 2h

up to an error of the order of h². All of it is float64: in float32 the difference of two losses
would be all rounding.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.arrays import Floats
from core.maths.stage import Quantity
from core.maths.worked_pass import WorkedPass
from core.network.activations import ACTIVATIONS
from core.network.network import Network
from core.network.workspace import Workspace

STEP = 1e-5
"""h. The error of the formula, of the order of h², and that of rounding, 1e-16 / h, are then both
near 1e-11."""


@dataclass(frozen=True)
class Check:
    """A derivative by backpropagation and by differences.

    Attributes
    ----------
    analytic
        The engine's number.
    exact
        The same pass in float64: how far it is from `analytic` is rounding.
    numeric
        The finite difference, in float64.
    crosses_kink
        Whether the step takes a unit over the kink of its ReLU, where there is no slope to compare
        with: the difference is then the mean of two slopes.
    """

    analytic: float
    exact: float
    numeric: float
    crosses_kink: bool

    @property
    def relative_difference(self) -> float:
        """|analytic − numeric| over the larger of the two; 0 if both are."""
        largest = max(abs(self.analytic), abs(self.numeric))
        return abs(self.analytic - self.numeric) / largest if largest else 0.0


class FiniteDifferences:
    """Moves one number of a network at a time, for one image.

    Parameters are those of :class:`core.maths.worked_pass.WorkedPass`; the network is copied.
    """

    def __init__(self, network: Network, image: NDArray[np.uint8], label: int, l2: float) -> None:
        copy = network.empty_copy(np.float64)
        copy.parameters[:] = network.parameters
        self._network = copy
        self._numbers = WorkedPass(copy, image, label, l2)

    def check(self, quantity: Quantity, analytic: float) -> Check:
        """Compare the derivative by `quantity` with its finite difference."""
        above, sides = self._moved(quantity, STEP)
        below, other_sides = self._moved(quantity, -STEP)
        numeric = (above - below) / (2 * STEP)
        crosses_kink = not np.array_equal(sides, other_sides)
        return Check(analytic, self._exact(quantity), numeric, crosses_kink)

    def _exact(self, quantity: Quantity) -> float:
        numbers, layer, unit = self._numbers, quantity.layer, quantity.unit
        match quantity.kind:
            case "Z":
                return float(numbers.dZ[layer][unit])
            case "A":
                return float(numbers.dA[layer][unit])
            case "W":
                return float(numbers.gradient[layer - 1].W[quantity.source, unit])
            case "b":
                return float(numbers.gradient[layer - 1].b[unit])
            case "f":
                return float(numbers.slope(layer)[unit])

    def _moved(self, quantity: Quantity, step: float) -> tuple[float, NDArray[np.bool_]]:
        """Return the loss with `quantity` moved, and on which side of a kink each unit is."""
        layer, unit = quantity.layer, quantity.unit
        match quantity.kind:
            case "W":
                W = self._network.layers[layer - 1].W
                return self._loss_with(W, (quantity.source, unit), layer, step)
            case "b":
                b = self._network.layers[layer - 1].b
                return self._loss_with(b, (unit,), layer, step)
            case "A":
                A = self._numbers.A[layer].copy()
                A[unit] += step
                return self._loss_from(layer, A)
            case "Z":
                A, sides = self._activated(layer, unit, step)
                loss, further = self._loss_from(layer, A)
                return loss, np.concatenate((sides, further))
            case "f":
                A, sides = self._activated(layer, unit, step)
                return float(A[unit]), sides

    def _loss_with(
        self, parameters: Floats, place: tuple[int, ...], layer: int, step: float
    ) -> tuple[float, NDArray[np.bool_]]:
        """Return the loss with a weight or bias of a layer moved."""
        value = parameters[place]
        parameters[place] = value + step
        try:
            loss, sides = self._loss_from(layer - 1, self._numbers.A[layer - 1])
            return loss + self._network.regularization_loss(self._numbers.l2), sides
        finally:
            parameters[place] = value

    def _loss_from(self, layer: int, A: Floats) -> tuple[float, NDArray[np.bool_]]:
        """Return the loss when a layer puts out A, which for the last layer are its scores."""
        whole, numbers = self._network, self._numbers
        rest = copy(whole)
        rest.sizes, rest.layers = whole.sizes[layer:], whole.layers[layer:]
        work = Workspace.allocate(rest.sizes, 1, np.float64)
        work.A[0][:] = A
        rest.forward(work)
        loss = rest.loss(work, np.array([numbers.label], np.uint8))
        sides = [
            A[0] > 0
            for A, name in zip(work.A[1:-1], whole.activations[layer:], strict=True)
            if ACTIVATIONS[name].has_kink
        ]
        return float(loss[0]), np.concatenate(sides) if sides else np.empty(0, bool)

    def _activated(self, layer: int, unit: int, step: float) -> tuple[Floats, NDArray[np.bool_]]:
        """Return what a layer puts out with the z of one unit moved; the last layer its scores."""
        Z = self._numbers.Z[layer].copy()
        Z[unit] += step
        if layer == len(self._network.layers):
            return Z, np.empty(0, bool)
        f = ACTIVATIONS[self._network.activations[layer - 1]]
        sides = Z > 0 if f.has_kink else np.empty(0, bool)
        f.forward(Z, np.empty_like(Z))
        return Z, sides
