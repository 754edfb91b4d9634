"""Gradients in float64 by backpropagation and by central differences, for tests of the engine."""

import numpy as np

from core.network.layers import layer_views
from core.network.network import Network
from core.network.workspace import Workspace

STEP = 1e-5
"""How far a parameter is moved to either side. In float64 the error of the formula, of the order of
STEP², and that of rounding, 1e-16 / STEP, are both near 1e-11."""

KINKED = ("relu", "leaky-relu")


def random_network(sizes, activations=None, output="softmax", seed=0, scale=0.5):
    """A float64 network whose weights and biases are N(0, scale²)."""
    network = Network(sizes, activations, output, np.float64)
    rng = np.random.default_rng(seed)
    network.parameters[:] = rng.standard_normal(network.parameters.shape) * scale
    return network


class Problem:
    """A network, a batch, an L2 strength, and fixed dropout masks.

    Parameters
    ----------
    masks
        For each hidden layer, (n, units); empty for no dropout.
    """

    def __init__(self, network, X, labels, l2=0.0, masks=()):
        self.network = network
        self.labels = labels
        self.l2 = l2
        self.work = Workspace.allocate(network.sizes, len(X), np.float64, dropout=bool(masks))
        self.work.A[0][:] = X
        for mask, given in zip(self.work.mask[1:-1], masks, strict=True):
            mask[:] = given

    def loss(self):
        """The mean loss of the batch and the penalty."""
        self.network.forward(self.work)
        losses = self.network.loss(self.work, self.labels)
        return losses.mean() + self.network.regularization_loss(self.l2)

    def backpropagation(self):
        """The gradient of :meth:`loss` by the engine's backward pass, (P,)."""
        network = self.network
        gradient, scratch = (np.full_like(network.parameters, np.nan) for _ in range(2))
        layers = layer_views(gradient, network.sizes)
        network.forward_backward(self.work, self.labels, len(self.labels))
        network.gradient(self.work, layers)
        network.add_regularization_gradient(self.l2, layers, layer_views(scratch, network.sizes))
        return gradient

    def units_on(self):
        """After a forward pass, the side of the kink of each unit that has one."""
        sides = [
            A > 0
            for A, name in zip(self.work.A[1:-1], self.network.activations, strict=True)
            if name in KINKED
        ]
        return np.concatenate([side.ravel() for side in sides]) if sides else np.empty(0, bool)

    def central_differences(self):
        """The gradient of :meth:`loss` from differences alone, (P,).

        None if a step takes a unit across its kink, where the loss has no slope.
        """
        parameters = self.network.parameters
        numeric = np.empty_like(parameters)
        self.loss()
        side = self.units_on()
        for i, value in enumerate(parameters.copy()):
            losses = []
            for moved in (value + STEP, value - STEP):
                parameters[i] = moved
                losses.append(self.loss())
                if not np.array_equal(self.units_on(), side):
                    return None
            parameters[i] = value
            numeric[i] = (losses[0] - losses[1]) / (2 * STEP)
        return numeric


def relative_error(a, b):
    """|a − b| / |b|, of whole vectors."""
    return np.linalg.norm(a - b) / np.linalg.norm(b)
