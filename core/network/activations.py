"""The functions f between the layers, A = f(Z), and their derivatives.

Each derivative f′(Z) can be computed from A alone, so Z is not kept: A overwrites it.

              A = f(Z)                  f′(Z)
ReLU          max(0, Z)                 1 where A > 0, else 0
leaky ReLU    Z, or 0.01·Z below 0      1 where A > 0, else 0.01
sigmoid       1 / (1 + exp(−Z))         A·(1 − A)
tanh          tanh(Z)                   1 − A²
identity      Z                         1
ELU           Z, or exp(Z) − 1 below 0  1 where A > 0, else A + 1

To add one to the app: a name at the end of ``ActivationName`` in core/settings/config.py, and here
two functions and an entry in :data:`ACTIVATIONS`. A program that uses this as a library calls
:func:`register_activation`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import numpy as np

from core.arrays import Floats
from core.errors import ConfigError
from core.settings.config import ACTIVATION_NAMES, ActivationName

LEAK = 0.01
"""Slope of the leaky ReLU below zero (Maas, Hannun and Ng 2013)."""


@dataclass(frozen=True, kw_only=True)
class Activation:
    """One f with its derivative, and what the rest of the app needs to know of it.

    Attributes
    ----------
    title, description
        Its name within a sentence, and one line for somebody who chooses.
    formula, slope
        f(z) and f′(z), where a is f(z), in the markup of core/maths/stage.py.
    forward(Z, scratch)
        Turns Z, (n, units), into A = f(Z), in place; `scratch`, of the same shape, is overwritten.
    backward(dA, A, scratch)
        Turns dA, (n, units), into dZ = dA ⊙ f′(Z), in place. A is left alone.
    onnx
        ONNX's operator, with its attributes.
    gain
        z ÷ (f(z) − f(−z)) near z = 0.
    is_piecewise_linear
        Whether f(z) − f(−z) is z ÷ gain everywhere, and not only near 0.
    has_kink
        Whether f′ jumps at 0.
    can_die
        Whether a unit that no image drives above 0 gets no gradient any more.
    mean_slope(A)
        The mean of f′ over the images, (units,), as a share of the largest f′, where f has flat
        ends on which units saturate; None where it has none.
    active_above, active_word
        Above which A a unit counts as active, and what a caption calls such units.
    """

    title: str
    description: str
    formula: str
    slope: str
    forward: Callable[[Floats, Floats], object]
    backward: Callable[[Floats, Floats, Floats], object]
    onnx: tuple[str, dict[str, float]]
    gain: float
    is_piecewise_linear: bool = False
    has_kink: bool = False
    can_die: bool = False
    mean_slope: Callable[[Floats], Floats] | None = None
    active_above: float = 0
    active_word: str = "active"

    def count_active(self, A: Floats) -> int:
        """Return how many units of A, (units,), are active."""
        return int(np.count_nonzero(self.active_above < A))


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


def elu(Z: Floats, scratch: Floats) -> None:
    """A = Z where Z > 0, else exp(Z) − 1 (Clevert, Unterthiner and Hochreiter 2016, α = 1)."""
    np.expm1(np.minimum(Z, 0, out=scratch), out=scratch)
    np.maximum(Z, scratch, out=Z)


def elu_backward(dA: Floats, A: Floats, scratch: Floats) -> None:
    """dZ = dA where A > 0, else dA ⊙ (A + 1)."""
    np.minimum(A, 0, out=scratch)
    scratch += 1
    dA *= scratch


def _mean_square(A: Floats) -> Floats:
    """Return the mean of A² over the images, (units,)."""
    squares: Floats = np.einsum("ij,ij->j", A, A)
    return squares / len(A)


ACTIVATIONS: dict[ActivationName, Activation] = {
    "relu": Activation(
        title="ReLU",
        description="max(0, z): nothing below zero, straight above; learns fast",
        formula='"max"(0, z)',
        slope='1 "if" z > 0 "," "else" 0',
        forward=relu,
        backward=relu_backward,
        onnx=("Relu", {}),
        gain=1,
        is_piecewise_linear=True,
        has_kink=True,
        can_die=True,
    ),
    "leaky-relu": Activation(
        title="leaky ReLU",
        description="Like ReLU, with a small slope below zero, so that no unit dies",
        formula='"max"(0.01 z, z)',
        slope='1 "if" z > 0 "," "else" 0.01',
        forward=leaky_relu,
        backward=leaky_relu_backward,
        onnx=("LeakyRelu", {"alpha": LEAK}),
        gain=1 / (1 + LEAK),
        is_piecewise_linear=True,
        has_kink=True,
    ),
    "sigmoid": Activation(
        title="sigmoid",
        description="An S from 0 to 1; its flat ends slow deep networks down",
        formula=r"\frac{1}{1 + e^{−z}}",
        slope="a (1 − a)",
        forward=sigmoid,
        backward=sigmoid_backward,
        onnx=("Sigmoid", {}),
        gain=2,
        mean_slope=lambda A: 4 * (A.mean(axis=0) - _mean_square(A)),
        active_above=0.5,
        active_word="above ½",
    ),
    "tanh": Activation(
        title="tanh",
        description="An S from −1 to 1, steeper than the sigmoid",
        formula='"tanh" z',
        slope="1 − a^{2}",
        forward=tanh,
        backward=tanh_backward,
        onnx=("Tanh", {}),
        gain=1 / 2,
        mean_slope=lambda A: 1 - _mean_square(A),
        active_word="positive",
    ),
    "identity": Activation(
        title="identity",
        description="z itself: any number of such layers is one linear map",
        formula="z",
        slope="1",
        forward=identity,
        backward=identity,
        onnx=("Identity", {}),
        gain=1 / 2,
        is_piecewise_linear=True,
        active_word="positive",
    ),
    "elu": Activation(
        title="ELU",
        description="Like ReLU, but smooth: below zero it bends towards −1",
        formula='z "if" z > 0 "," "else" e^{z} − 1',
        slope='1 "if" z > 0 "," "else" a + 1',
        forward=elu,
        backward=elu_backward,
        onnx=("Elu", {"alpha": 1.0}),
        gain=1 / 2,
        mean_slope=lambda A: 1 + np.minimum(A, 0).mean(axis=0),
    ),
}


def register_activation(name: str, activation: Activation) -> None:
    """Let networks and settings of this process use another activation.

    A saved run names its activations. To open one, register the same ones first, in the same order.

    Parameters
    ----------
    name
        Lowercase letters, digits and hyphens, such as ``"softsign"``.

    Raises
    ------
    ConfigError
        If the name is taken, or not of this form.
    """
    if not re.fullmatch("[a-z][a-z0-9-]*", name):
        raise ConfigError(
            f"An activation cannot be called '{name}'; use lowercase letters, digits and hyphens."
        )
    if name in ACTIVATIONS:
        raise ConfigError(f"There is an activation '{name}' already; choose another name.")
    new = cast(ActivationName, name)
    ACTIVATIONS[new] = activation
    ACTIVATION_NAMES.append(new)
