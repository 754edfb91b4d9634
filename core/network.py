"""A fully connected network: the forward pass and backpropagation.

Rows are samples, so the textbooks' ``Z = W A + b`` reads ``Z = A @ W + b`` here: with n images,

    A[0]  (n, 784)                  the pixels
    Z[l] = A[l-1] @ W[l] + b[l]     W[l] (fan_in, fan_out), b[l] (fan_out,)
    A[l] = relu(Z[l])               for the hidden layers
    A[L] = softmax(Z[L])            for the output layer (see core/losses.py)

and backwards, with dX short for d loss / dX,

    dZ[L] = (A[L] - Y) / n
    dW[l] = A[l-1].T @ dZ[l]
    db[l] = sum of the rows of dZ[l]
    dA[l-1] = dZ[l] @ W[l].T
    dZ[l-1] = dA[l-1] * relu'(Z[l-1])
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import DTypeLike, NDArray

from core.activations import relu, relu_backward
from core.arrays import Floats, Images, Labels
from core.losses import output_gradient, softmax, softmax_cross_entropy


@dataclass(frozen=True)
class Layer:
    """One layer's weights W, (fan_in, fan_out), and biases b, (fan_out,), or their gradients.

    Both are views into one flat vector, which they share with all other layers.
    """

    W: Floats
    b: Floats


def layer_views(vector: Floats, sizes: tuple[int, ...]) -> tuple[Layer, ...]:
    """Cut a flat vector into the layers W[1], b[1], W[2], b[2], … without copying."""
    layers = []
    start = 0
    for fan_in, fan_out in pairwise(sizes):
        middle = start + fan_in * fan_out
        end = middle + fan_out
        layers.append(Layer(vector[start:middle].reshape(fan_in, fan_out), vector[middle:end]))
        start = end
    return tuple(layers)


class Workspace:
    """The arrays that a pass over n images writes to, so that no step allocates its own.

    Attributes
    ----------
    A
        A[0] is the input, (n, 784); A[l], (n, fan_out), is what layer l puts out. The forward pass
        works out Z[l] in the same array and turns it into A[l] in place.
    dA
        dA[l], (n, fan_out), for the hidden layers; turned into dZ[l] in place.
    mask
        Scratch of the same shapes as dA.
    ones
        (n,), all ones.
    """

    def __init__(self, sizes: tuple[int, ...], n: int, dtype: DTypeLike = np.float32) -> None:
        self.A = [np.empty((n, size), dtype) for size in sizes]
        # The input needs no gradient, and the output's is made in the place of A[L].
        self.dA = [np.empty((n, size), dtype) for size in sizes[1:-1]]
        self.mask = [np.empty((n, size), np.bool_) for size in sizes[1:-1]]
        self.ones = np.ones(n, dtype)
        self._pixels = np.empty((n, sizes[0]), np.uint8)

    def gather(self, images: Images, rows: NDArray[np.intp]) -> None:
        """Load the n images at the indices `rows`, (n,), of `images`, (any, 784)."""
        # mode="clip" lets take() write straight to `out`; the rows are known to be in range.
        self.load(np.take(images, rows, axis=0, out=self._pixels, mode="clip"))

    def load(self, images: Images) -> None:
        """Set the input A[0] to the pixels of `images`, (n, 784), scaled from 0…255 to 0…1."""
        np.multiply(images, 1 / 255, out=self.A[0], dtype=self.A[0].dtype)


def parameter_count(sizes: tuple[int, ...]) -> int:
    """Return how many weights and biases a network of these layer sizes has."""
    return sum((fan_in + 1) * fan_out for fan_in, fan_out in pairwise(sizes))


class Network:
    """The parameters of a fully connected network, and the passes through it.

    Parameters
    ----------
    sizes
        Units of each layer, from the 784 inputs to the 10 outputs.
    dtype
        float32, or float64 for checking gradients.

    Attributes
    ----------
    parameters
        All weights and biases as one flat vector, zero at first (see core/initialization.py).
    layers
        The same memory as W and b of each layer; ``layers[0]`` is l = 1 of the equations.
    """

    def __init__(self, sizes: tuple[int, ...], dtype: DTypeLike = np.float32) -> None:
        self.sizes = sizes
        self.parameters: Floats = np.zeros(parameter_count(sizes), dtype)
        self.layers = layer_views(self.parameters, sizes)

    def frozen_copy(self) -> Network:
        """Return a network with a read-only copy of the parameters."""
        copy = Network(self.sizes, self.parameters.dtype)
        copy.parameters[:] = self.parameters
        copy.parameters.setflags(write=False)
        copy.layers = layer_views(copy.parameters, copy.sizes)  # read-only views
        return copy

    def forward(self, work: Workspace) -> Floats:
        """Carry the input ``work.A[0]`` through the layers.

        Writes ``work.A``. Returns the scores Z[L], (n, 10), which lie in ``work.A[-1]``.
        """
        A = work.A
        last = len(self.layers)
        for l, layer in enumerate(self.layers, start=1):  # noqa: E741 - l as in the equations
            Z = np.matmul(A[l - 1], layer.W, out=A[l])
            Z += layer.b
            if l < last:
                relu(Z)
        return A[last]

    def backward(self, work: Workspace, gradient: tuple[Layer, ...]) -> None:
        """Carry dZ[L], which must lie in ``work.A[-1]``, back to the first layer.

        Writes dW and db of every layer into `gradient`, and uses ``work.dA`` and ``work.mask``.
        """
        A = work.A
        dZ = A[-1]
        for l in range(len(self.layers), 0, -1):  # noqa: E741
            W, d = self.layers[l - 1].W, gradient[l - 1]
            np.matmul(A[l - 1].T, dZ, out=d.W)
            # A product with ones sums the rows in half the time of sum(axis=0).
            np.matmul(work.ones, dZ, out=d.b)
            if l > 1:
                dA = np.matmul(dZ, W.T, out=work.dA[l - 2])
                relu_backward(dA, A[l - 1], work.mask[l - 2])
                dZ = dA

    def loss_and_gradient(
        self, work: Workspace, labels: Labels, gradient: tuple[Layer, ...], n: int
    ) -> tuple[float, int]:
        """Run one forward and one backward pass over the input ``work.A[0]``.

        Parameters
        ----------
        work
            Its ``A[0]`` holds the rows; everything in it is overwritten.
        labels
            (rows,), the right classes.
        gradient
            Overwritten with the gradient of (sum of the rows' losses) / n.
        n
            Images in the whole batch, of which `work` may hold a part.

        Returns
        -------
        loss, correct
            Sum of the rows' cross-entropies, and how many rows were classified rightly.
        """
        Z = self.forward(work)
        loss, correct = softmax_cross_entropy(Z, labels)
        output_gradient(Z, labels, n)
        self.backward(work, gradient)
        return loss, correct

    def regularization_loss(self, l2: float) -> float:
        """Return 0.5·l2·ΣW² over the weights of all layers, biases exempt."""
        return 0.5 * l2 * sum(float(np.vdot(layer.W, layer.W)) for layer in self.layers)

    def add_regularization_gradient(
        self, l2: float, gradient: tuple[Layer, ...], scratch: tuple[Layer, ...]
    ) -> None:
        """Add l2·W, the derivative of 0.5·l2·ΣW², to each dW; `scratch` is overwritten."""
        for layer, d, s in zip(self.layers, gradient, scratch, strict=True):
            np.add(d.W, np.multiply(layer.W, l2, out=s.W), out=d.W)

    def predict(self, images: Images) -> Floats:
        """Return the probabilities of the classes, (n, 10), for uint8 images, (n, 784).

        Changes nothing in the network.
        """
        work = Workspace(self.sizes, len(images), self.parameters.dtype)
        work.load(images)
        return softmax(self.forward(work))
