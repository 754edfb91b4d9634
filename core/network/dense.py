"""A fully connected layer: its forward pass, its backward pass, and its gradient."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.arrays import Floats
from core.network.activations import Activation
from core.network.layers import Parameters
from core.network.matmul import matmul


@dataclass(frozen=True, eq=False)
class Dense(Parameters):
    """One layer l of the equations in core/network/network.py.

    Every method writes to arrays that exist already, whose rows are images. `scratch` arrays are
    overwritten.

    Attributes
    ----------
    f
        The activation. For the output layer it is the identity: its Z are the scores, from which
        the loss makes A (see core/network/losses.py).
    """

    f: Activation

    def forward(self, layer_input: Floats, A: Floats, scratch: Floats) -> None:
        """Write A[l], (n, fan_out), given the layer's input, (n, fan_in)."""
        # Z[l] = A[l-1] @ W[l] + b[l]
        Z = matmul(layer_input, self.W, A, scratch)
        Z += self.b
        # A[l] = f(Z[l])
        self.f.forward(Z, scratch)

    def backward(self, dA: Floats, A: Floats, scratch: Floats) -> None:
        """Turn dA[l] into dZ[l], (n, fan_out), in place."""
        # dZ[l] = dA[l] * f'(Z[l])
        self.f.backward(dA, A, scratch)

    def input_gradient(self, dZ: Floats, dA_before: Floats, scratch: Floats) -> Floats:
        """Write dA[l-1], (n, fan_in), given dZ[l]; return it."""
        # dA[l-1] = dZ[l] @ W[l].T
        return matmul(dZ, self.W.T, dA_before, scratch)

    def gradient(
        self, layer_input: Floats, dZ: Floats, d: Parameters, shard: int = 0, shards: int = 1
    ) -> None:
        """Write dW[l] and db[l] to `d`.

        The rows of dW are cut into equal `shards`, of which a call writes one, so that several
        workers can share the work; db comes with the first.
        """
        rows = _rows_of_shard(len(d.W), shard, shards)
        # dW[l] = A[l-1].T @ dZ[l]
        matmul(layer_input[:, rows].T, dZ, d.W[rows])
        if shard == 0:
            # db[l] = sum of the rows of dZ[l]
            np.add.reduce(dZ, axis=0, out=d.b)

    def add_regularization_gradient(
        self, l2: float, d: Parameters, scratch: Parameters, shard: int = 0, shards: int = 1
    ) -> None:
        """Add the derivative of 0.5·l2·ΣW² to dW; a call is for one shard, as in `gradient`."""
        rows = _rows_of_shard(len(d.W), shard, shards)
        # dW[l] += l2 * W[l]
        d.W[rows] += np.multiply(self.W[rows], l2, out=scratch.W[rows])


def _rows_of_shard(rows: int, shard: int, shards: int) -> slice:
    return slice(rows * shard // shards, rows * (shard + 1) // shards)
