"""The functions f between the layers, A = f(Z), and their derivatives.

Each derivative f′(Z) can be told from A alone, so Z need not be kept: A takes its place.

              A = f(Z)                  f′(Z)
ReLU          max(0, Z)                 1 where A > 0, else 0
leaky ReLU    Z, or 0.01·Z below 0      1 where A > 0, else 0.01
sigmoid       1 / (1 + exp(−Z))         A·(1 − A)
tanh          tanh(Z)                   1 − A²
identity      Z                         1
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.arrays import Floats
from core.settings.config import ActivationName

LEAK = 0.01
"""Slope of the leaky ReLU below zero (Maas, Hannun and Ng 2013)."""


@dataclass(frozen=True)
class Activation:
    """One f and its derivative; all arrays are (n, units).

    Attributes
    ----------
    forward(Z, scratch)
        Turns Z into A = f(Z), in place.
    backward(dA, A, scratch)
        Turns dA into dZ = dA ⊙ f′(Z), in place. A is left alone, and `scratch` is overwritten.
    """

    forward: Callable[[Floats, Floats], object]
    backward: Callable[[Floats, Floats, Floats], object]


def relu(Z: Floats, scratch: Floats) -> None:
    """A = max(0, Z)."""
    # NumPy compares with an array of zeros four times as fast as with the number.
    scratch[...] = 0
    np.maximum(Z, scratch, out=Z)


def relu_backward(dA: Floats, A: Floats, scratch: Floats) -> None:
    """dZ = dA where A > 0, else 0."""
    dA *= np.greater(A, 0, out=scratch)


def leaky_relu(Z: Floats, scratch: Floats) -> None:
    """A = max(LEAK·Z, Z)."""
    np.maximum(np.multiply(Z, LEAK, out=scratch), Z, out=Z)


def leaky_relu_backward(dA: Floats, A: Floats, scratch: Floats) -> None:
    """dZ = dA where A > 0, else LEAK·dA."""
    dA *= np.maximum(np.greater(A, 0, out=scratch), LEAK, out=scratch)


def sigmoid(Z: Floats, _scratch: Floats) -> None:
    """A = 1 / (1 + exp(−Z)), worked out as (1 + tanh(Z/2)) / 2, whose terms never overflow."""
    Z *= 0.5
    np.tanh(Z, out=Z)
    Z += 1
    Z *= 0.5


def sigmoid_backward(dA: Floats, A: Floats, scratch: Floats) -> None:
    """dZ = dA ⊙ A ⊙ (1 − A)."""
    dA *= np.subtract(1, A, out=scratch)
    dA *= A


def tanh(Z: Floats, _scratch: Floats) -> None:
    """A = tanh(Z)."""
    np.tanh(Z, out=Z)


def tanh_backward(dA: Floats, A: Floats, scratch: Floats) -> None:
    """dZ = dA ⊙ (1 − A²)."""
    np.multiply(A, A, out=scratch)
    dA *= np.subtract(1, scratch, out=scratch)


def identity(*_arrays: Floats) -> None:
    """A = Z, and dZ = dA."""


ACTIVATIONS: dict[ActivationName, Activation] = {
    "relu": Activation(relu, relu_backward),
    "leaky-relu": Activation(leaky_relu, leaky_relu_backward),
    "sigmoid": Activation(sigmoid, sigmoid_backward),
    "tanh": Activation(tanh, tanh_backward),
    "identity": Activation(identity, identity),
}
