"""Every number of the forward and the backward pass for one image, as the engine computes it."""

from __future__ import annotations

from copy import copy
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.arrays import Floats
from core.network.activations import ACTIVATIONS
from core.network.layers import layer_views
from core.network.network import Network
from core.network.workspace import Workspace


class WorkedPass:
    """A forward and a backward pass with a batch of one image, without dropout.

    The network is not changed.

    Parameters
    ----------
    image, label
        uint8, (784,), and its class.
    l2
        λ of the penalty.

    Attributes
    ----------
    A, Z, dA, dZ
        (units,) of each layer l = 0 … L of the equations in core/network/network.py; Z[0], dZ[0],
        dA[0] and dA[L] do not exist and are empty.
    Y
        The one-hot label, (classes,).
    dW_of_loss
        W and b of each layer: the gradient of the loss without the penalty; ``[0]`` is l = 1.
    gradient
        The same with the penalty, as the optimizer gets it.
    loss, penalty
        Of the image, and 0.5·λ·ΣW².
    """

    def __init__(self, network: Network, image: NDArray[np.uint8], label: int, l2: float) -> None:
        self.network = network
        self.l2 = l2
        self.label = label
        images, labels = image.reshape(1, -1), np.array([label], np.uint8)
        sizes, dtype = network.sizes, network.parameters.dtype
        work = network.run(images)
        scores = work.A[-1][0].copy()
        losses, _ = network.forward_backward(work, labels, 1)
        self.loss = float(losses[0])
        self.penalty = network.regularization_loss(l2)
        self.Y: Floats = work.Y[0].copy()
        self.A: list[Floats] = [A[0].copy() for A in work.A]
        self.A[-1] = network.predict(images)[0]
        self.dZ: list[Floats] = [np.empty(0, dtype), *(dZ[0].copy() for dZ in work.dZ[1:])]
        self._compute_gradient(work)

        empty: list[Floats] = [np.empty(0, dtype)]
        hidden = range(1, len(sizes) - 1)
        self.Z = empty + [self._scores(layer, images) for layer in hidden] + [scores]
        self.dA = empty + [self._errors(layer, work) for layer in hidden] + empty

    def slope(self, layer: int) -> Floats:
        """Return f′(Z) of a hidden layer, (units,): the engine's dZ for a dA of 1."""
        A = self.A[layer]
        slopes = np.ones_like(A)
        activation = ACTIVATIONS[self.network.activations[layer - 1]]
        activation.backward(slopes, A, np.empty_like(A))
        return slopes

    def _compute_gradient(self, work: Workspace) -> None:
        network = self.network
        plain, full, scratch = (np.empty_like(network.parameters) for _ in range(3))
        self.dW_of_loss = layer_views(plain, network.sizes)
        self.gradient = layer_views(full, network.sizes)
        network.gradient(work, self.dW_of_loss)
        full[:] = plain
        if self.l2:
            network.add_regularization_gradient(
                self.l2, self.gradient, layer_views(scratch, network.sizes)
            )

    def _scores(self, layer: int, images: NDArray[np.uint8]) -> Floats:
        """Return Z of a hidden layer, which the engine overwrites with A."""
        scores: Floats = self._passing_through(layer).run(images).A[layer][0]
        return scores

    def _errors(self, layer: int, work: Workspace) -> Floats:
        """Return dA of a hidden layer, which the engine overwrites with dZ."""
        self._passing_through(layer).backward(work)
        errors: Floats = work.dZ[layer][0].copy()
        return errors

    def _passing_through(self, layer: int) -> Network:
        """Return the network with the identity as a layer's activation: A is Z, and dZ is dA."""
        twin = copy(self.network)
        linear = replace(self.network.layers[layer - 1], f=ACTIVATIONS["identity"])
        twin.layers = (*twin.layers[: layer - 1], linear, *twin.layers[layer:])
        return twin
