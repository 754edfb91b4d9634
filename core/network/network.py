"""A fully connected network: the forward pass and backpropagation.

Rows are samples, so the textbooks' ``Z = W A + b`` reads ``Z = A @ W + b`` here: with n images,

    A[0]  (n, 784)                  the pixels
    Z[l] = A[l-1] @ W[l] + b[l]     W[l] (fan_in, fan_out), b[l] (fan_out,)
    A[l] = f(Z[l])                  for the hidden layers (see core/network/activations.py)
    A[L] = g(Z[L])                  for the output layer (see core/network/losses.py)

and backwards, with dX short for d loss / dX,

    dZ[L] = (A[L] - Y) / n
    dA[l-1] = dZ[l] @ W[l].T
    dZ[l] = dA[l] * f'(Z[l])        for the hidden layers
    dW[l] = A[l-1].T @ dZ[l]
    db[l] = sum of the rows of dZ[l]

With dropout, layer l + 1 reads A[l] * mask[l], whose elements are 0 or 1 / (1 - p), and dA[l] is
multiplied by the same mask (Srivastava et al. 2014, scaled so that testing needs no change).

The equations of one layer are the methods of core/network/dense.py; here, they follow one another.
All results go to arrays that exist already: ``matmul(A, B, out)`` writes A @ B to `out`, and each
array of Z becomes that of A, in place, as each of dA becomes that of dZ.
"""

from __future__ import annotations

from copy import copy
from dataclasses import replace

import numpy as np
from numpy.typing import DTypeLike

from core.arrays import Floats, Images, Labels
from core.network.activations import ACTIVATIONS
from core.network.dense import Dense
from core.network.layers import Parameters, layer_views, parameter_count, unit_layers
from core.network.losses import OUTPUTS, output_gradient
from core.network.workspace import Workspace
from core.settings.config import ActivationName, NetworkConfig, OutputName


class Network:
    """The parameters of a fully connected network, and the passes through it.

    Parameters
    ----------
    sizes
        Units of each layer, from the 784 inputs to the outputs.
    activations
        Of each hidden layer; ReLU unless given.
    output
        What the output layer is.
    dtype
        float32, or float64 for checking gradients.
    classes
        The names of the outputs; their numbers unless given.

    Attributes
    ----------
    parameters
        All weights and biases as one flat vector, zero at first (see
        core/network/initialization.py).
    layers
        The same memory as W and b of each layer; ``layers[0]`` is l = 1 of the equations.
    """

    def __init__(
        self,
        sizes: tuple[int, ...],
        activations: tuple[ActivationName, ...] | None = None,
        output: OutputName = "softmax",
        dtype: DTypeLike = np.float32,
        classes: tuple[str, ...] | None = None,
    ) -> None:
        self.sizes = sizes
        self.classes = classes or tuple(map(str, range(sizes[-1])))
        relu: ActivationName = "relu"
        self.activations = activations or (relu,) * (len(sizes) - 2)
        self.output = output
        self.parameters: Floats = np.zeros(parameter_count(sizes), dtype)
        self._g = OUTPUTS[output]
        self._one_hot: Floats = np.eye(sizes[-1], dtype=dtype)
        self._make_layers()

    def _make_layers(self) -> None:
        names: tuple[ActivationName, ...] = (*self.activations, "identity")
        self.layers = tuple(
            Dense(views.W, views.b, ACTIVATIONS[name])
            for views, name in zip(layer_views(self.parameters, self.sizes), names, strict=True)
        )

    @classmethod
    def from_config(cls, config: NetworkConfig, dtype: DTypeLike = np.float32) -> Network:
        """Return a network of that shape, with all parameters zero."""
        return cls(config.sizes, config.layer_activations, config.output, dtype, config.classes)

    def empty_copy(self, dtype: DTypeLike | None = None) -> Network:
        """Return a network of the same shape with all parameters zero, in this type if given."""
        return Network(
            self.sizes,
            self.activations,
            self.output,
            self.parameters.dtype if dtype is None else dtype,
            self.classes,
        )

    def frozen_copy(self) -> Network:
        """Return a network with a read-only copy of the parameters."""
        copy = self.empty_copy()
        copy.parameters[:] = self.parameters
        copy.freeze()
        return copy

    def shape_in(self, config: NetworkConfig) -> NetworkConfig:
        """Return `config` with the layers, the output and the classes of this network."""
        return replace(
            config,
            hidden=self.sizes[1:-1],
            activations=self.activations or config.activations[:1],
            output=self.output,
            classes=self.classes,
        )

    def freeze(self) -> None:
        """Make the parameters read-only."""
        self.parameters.setflags(write=False)
        self._make_layers()  # of read-only views

    def of_units(self, units: slice) -> Network:
        """Return a network of some units of the one hidden layer, in the memory of this one."""
        group = copy(self)
        group.layers = tuple(
            Dense(views.W, views.b, layer.f)
            for views, layer in zip(unit_layers(self.layers, units), self.layers, strict=True)
        )
        group.sizes = (self.sizes[0], len(group.layers[0].b), self.sizes[-1])
        return group

    # --- the passes -----------------------------------------------------------------------

    def forward(self, work: Workspace, layers: range | None = None) -> Floats:
        """Carry the input ``work.A[0]`` through all layers, or through these of l = 1 … L.

        Writes ``work.A`` and ``work.layer_input``. Returns the scores Z[L], (n, classes), which lie
        in ``work.A[-1]``.
        """
        for l in layers or range(1, len(self.layers) + 1):
            self.layers[l - 1].forward(work.layer_input[l - 1], work.A[l], work.scratch[l])
            if work.mask and l < len(self.layers):
                np.multiply(work.A[l], work.mask[l], out=work.layer_input[l])
        return work.A[-1]

    def loss(self, work: Workspace, labels: Labels) -> Floats:
        """Return each row's loss after :meth:`forward`, (n,), for the right classes, (n,).

        Turns the scores Z[L] in ``work.A[-1]`` into the probabilities A[L], and writes ``work.Y``.
        """
        Y = self._one_hot.take(labels, axis=0, out=work.Y, mode="clip")
        return self._g.loss(work.A[-1], Y)

    def output_delta(self, work: Workspace, labels: Labels, n: int) -> tuple[Floats, int]:
        """Turn the scores Z[L] in ``work.A[-1]`` into dZ[L], where :meth:`backward` begins.

        Takes and returns what :meth:`forward_backward` does.
        """
        correct = int(np.count_nonzero(work.A[-1].argmax(axis=1) == labels))
        losses = self.loss(work, labels)
        output_gradient(work.A[-1], work.Y, n)  # A becomes dZ
        return losses, correct

    def backward(self, work: Workspace) -> None:
        """Carry dZ[L], which must lie in ``work.dZ[-1]``, back to the first layer.

        Writes ``work.dZ`` of every hidden layer.
        """
        for l in range(len(self.layers), 1, -1):
            above, layer = self.layers[l - 1], self.layers[l - 2]
            dA = above.input_gradient(work.dZ[l], work.dZ[l - 1], work.scratch[l - 1])
            if work.mask:
                dA *= work.mask[l - 1]
            layer.backward(dA, work.A[l - 1], work.scratch[l - 1])

    def gradient(
        self, work: Workspace, gradient: tuple[Parameters, ...], shard: int = 0, shards: int = 1
    ) -> None:
        """Write dW and db of every layer to `gradient`; `work` is as :meth:`backward` left it.

        A call writes one of several equal `shards` (see :meth:`core.network.dense.Dense.gradient`).
        """
        for l, (layer, d) in enumerate(zip(self.layers, gradient, strict=True), start=1):
            layer.gradient(work.layer_input[l - 1], work.dZ[l], d, shard, shards)

    def forward_backward(self, work: Workspace, labels: Labels, n: int) -> tuple[Floats, int]:
        """Run a forward and a backward pass over the input ``work.A[0]``.

        Parameters
        ----------
        work
            Its ``A[0]`` holds the rows; everything else in it is overwritten, and in the end dZ of
            every layer is there.
        labels
            (rows,), the right classes.
        n
            Images in the whole batch, of which `work` may hold a part: dZ is the gradient of (sum
            of the rows' losses) / n.

        Returns
        -------
        losses, correct
            Each row's loss, and how many rows have their largest score at the right class.
        """
        self.forward(work)
        results = self.output_delta(work, labels, n)
        self.backward(work)
        return results

    def regularization_loss(self, l2: float) -> float:
        """Return 0.5·l2·ΣW² over the weights of all layers, biases exempt."""
        if not l2:
            return 0.0
        return 0.5 * l2 * sum(float(np.vecdot(layer.W, layer.W).sum()) for layer in self.layers)

    def add_regularization_gradient(
        self,
        l2: float,
        gradient: tuple[Parameters, ...],
        scratch: tuple[Parameters, ...],
        shard: int = 0,
        shards: int = 1,
    ) -> None:
        """Add l2·W, the derivative of 0.5·l2·ΣW², to each dW; `scratch` is overwritten.

        As in :meth:`gradient`, a call is for one of several equal shards.
        """
        for layer, d, s in zip(self.layers, gradient, scratch, strict=True):
            layer.add_regularization_gradient(l2, d, s, shard, shards)

    def run(self, images: Images) -> Workspace:
        """Run a forward pass in arrays of its own, over uint8 images, (n, 784).

        Returns the arrays: A[l] of every layer, and the scores Z[L] in ``A[-1]``.
        """
        work = Workspace.allocate(self.sizes, len(images), self.parameters.dtype)
        work.load(images)
        self.forward(work)
        return work

    def predict(self, images: Images) -> Floats:
        """Return the probabilities of the classes, (n, classes), for uint8 images, (n, 784)."""
        A = self.run(images).A[-1]
        self._g.activate(A)
        return A
