"""A network of another program, and how it becomes one of ours."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.arrays import MAX_CLASSES, MIN_CLASSES, PIXELS, Floats
from core.errors import ConfigError, NetworkFileError
from core.network.layers import Parameters
from core.network.network import Network
from core.printable_text import printable
from core.settings.config import (
    ACTIVATION_NAMES,
    OUTPUT_NAMES,
    ActivationName,
    NetworkConfig,
    OutputName,
)
from core.wording import Classes, counted

_LONGEST_NAME = 40

_OTHER_NAMES: dict[str, ActivationName] = {
    "leakyrelu": "leaky-relu",
    "linear": "identity",
    "logistic": "sigmoid",
    "none": "identity",
}
"""What PyTorch, Keras and scikit-learn call our activations, where they have another name."""


@dataclass(frozen=True, eq=False)
class ForeignNetwork:
    """The layers of a network that another program trained.

    Attributes
    ----------
    layers
        W, (fan_in, fan_out), and b, (fan_out,), of each layer, float32 and finite, whatever the
        layout of the file. The sizes are those of a network that this app can have.
    activations
        Of each hidden layer; None if the file does not say.
    output
        What the output layer is; None if the file does not say. Most programs then end with the
        scores, and their loss function applies softmax.
    source
        What the file is, for a message: "safetensors, weights as (out, in)".
    classes
        The names of the outputs; None if the file does not say.
    """

    layers: tuple[Parameters, ...]
    activations: tuple[ActivationName, ...] | None
    output: OutputName | None
    source: str
    classes: Classes | None = None

    def __post_init__(self) -> None:
        """Check the sizes, the activations, and that all values are finite."""
        sizes = self.sizes
        if sizes[0] != PIXELS or not MIN_CLASSES <= sizes[-1] <= MAX_CLASSES:
            raise NetworkFileError(
                f"its layers are {shape(sizes)}, but a network here has {PIXELS} inputs, the "
                f"pixels of an image, and {MIN_CLASSES} to {MAX_CLASSES} outputs, the classes."
            )
        if self.classes is not None and len(self.classes) != sizes[-1]:
            raise NetworkFileError(
                f"it names {counted(len(self.classes), 'class', 'classes')}, but has "
                f"{counted(sizes[-1], 'output')}."
            )
        arrays = [array for layer in self.layers for array in (layer.W, layer.b)]
        if not all(np.isfinite(array).all() for array in arrays):
            raise NetworkFileError(
                "some of its weights are NaN, infinite, or too large for 32 bits."
            )
        try:
            NetworkConfig(
                self.hidden,
                self.activations or ("relu",),
                self.output or "softmax",
                classes=self.names,
            )
        except ConfigError as error:
            raise NetworkFileError(f"its layers are {shape(sizes)}. {error}") from error

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units of each layer, from the inputs to the outputs."""
        return (len(self.layers[0].W), *(len(layer.b) for layer in self.layers))

    @property
    def names(self) -> Classes:
        """The names of the outputs, or else their numbers."""
        return self.classes or tuple(map(str, range(self.sizes[-1])))

    @property
    def hidden(self) -> tuple[int, ...]:
        """Units of each hidden layer."""
        return self.sizes[1:-1]


def network_config(
    foreign: ForeignNetwork,
    activations: tuple[ActivationName, ...] | None = None,
    output: OutputName | None = None,
    classes: Classes | None = None,
) -> NetworkConfig:
    """Return the shape of a foreign network, with what its file does not say.

    Parameters
    ----------
    foreign
        As read from a file.
    activations
        One for all hidden layers, or one for each; needed if the file does not say.
    output
        Softmax, if neither this nor the file says.
    classes
        The names of the outputs where the file does not say; their numbers, if this does not
        either, or has not as many.

    Raises
    ------
    ConfigError
        If the activations are missing, or one of these is not what the file says.
    """
    if activations is None and foreign.activations is None and foreign.hidden:
        raise ConfigError(
            "The file does not say which activations its hidden layers have. Say which "
            f"(--activation): one for all, or one for each of {len(foreign.hidden)}; "
            f"{', '.join(ACTIVATION_NAMES)}."
        )
    config = NetworkConfig(
        foreign.hidden,
        activations or foreign.activations or ("relu",),
        output or foreign.output or "softmax",
        classes=_names(foreign, classes),
    )
    _check_what_is_said(foreign, config)
    return config


def _check_what_is_said(foreign: ForeignNetwork, config: NetworkConfig) -> None:
    """Raise a ConfigError if a configuration contradicts the file."""
    if foreign.activations not in (None, config.layer_activations):
        raise ConfigError(
            f"The activations are {', '.join(foreign.activations or ())}, as the file says, not "
            f"{', '.join(config.layer_activations)}. Leave them out."
        )
    if foreign.output not in (None, config.output):
        raise ConfigError(
            f"The output is {foreign.output}, as the file says, not {config.output}. Leave it out."
        )


def as_network(
    foreign: ForeignNetwork,
    activations: tuple[ActivationName, ...] | None = None,
    output: OutputName | None = None,
    mean: float = 0.0,
    scale: float = 1.0,
    classes: Classes | None = None,
) -> Network:
    """Return a foreign network as one of ours, which predicts the same from pixels of 0…1.

    Parameters
    ----------
    foreign, activations, output, classes
        As for :func:`network_config`.
    mean, scale
        The other program feeds its network (x − mean) / scale for pixels x, 0 for background and 1
        for ink. That is folded into the first layer (see :func:`fold_input`).

    Raises
    ------
    ConfigError
        As :func:`network_config`, or if mean or scale is not possible.
    """
    if not (np.isfinite(mean) and np.isfinite(scale) and scale):
        raise ConfigError(
            f"A mean of {mean:g} and a scale of {scale:g} are not possible: the input is "
            "(pixels - mean) / scale."
        )
    network = Network.from_config(network_config(foreign, activations, output, classes))
    for layer, theirs in zip(network.layers, foreign.layers, strict=True):
        layer.W[...], layer.b[...] = theirs.W, theirs.b
    if (mean, scale) != (0, 1):
        first = network.layers[0]
        W, b = fold_input(first.W, first.b, 1 / scale, -mean / scale)
        with np.errstate(over="ignore"):
            first.W[...], first.b[...] = W, b
        if not np.isfinite(network.parameters).all():
            raise ConfigError(
                f"With a mean of {mean:g} and a scale of {scale:g}, weights become too large for "
                "32 bits. Use those of the other program."
            )
    return network


def fold_input(
    W: Floats, b: Floats, factor: ArrayLike, offset: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return W′ and b′ in float64 with x W′ + b′ = (factor ⊙ x + offset) W + b for every x.

    `factor` and `offset`, (fan_in,) or a number, act on each input: W′ = diag(factor) W and
    b′ = b + offset W. For (x − m) / s they are 1/s and −m/s, so W′ = W / s and
    b′ = b − (m / s) Σ W, summed over the inputs.
    """
    W64 = W.astype(np.float64)
    fan_in = len(W)
    folded = np.broadcast_to(factor, fan_in)[:, np.newaxis] * W64
    return folded, b + np.broadcast_to(offset, fan_in) @ W64


def _names(foreign: ForeignNetwork, classes: Classes | None) -> Classes:
    if foreign.classes is None and classes is not None and len(classes) == foreign.sizes[-1]:
        return classes
    return foreign.names


def activation_from(name: str) -> ActivationName:
    """Return the activation that another program calls `name`.

    Raises
    ------
    NetworkFileError
        If this app has no such activation.
    """
    plain = name.strip().lower().replace("_", "-")
    known = _OTHER_NAMES.get(plain, plain)
    if known not in ACTIVATION_NAMES:
        raise NetworkFileError(
            f"it has the activation '{printable(name, _LONGEST_NAME)}', which this app lacks; "
            f"it has {', '.join(ACTIVATION_NAMES)}."
        )
    return known


def output_from(name: str) -> OutputName:
    """Return the output that a file names.

    Raises
    ------
    NetworkFileError
        If this app has no such output.
    """
    if name not in OUTPUT_NAMES:
        raise NetworkFileError(
            f"its output is '{printable(name, _LONGEST_NAME)}', which this app lacks; it has "
            f"{', '.join(OUTPUT_NAMES)}."
        )
    return name


def classes_from(text: str) -> Classes:
    """Return the names of the classes from the metadata that this app writes.

    Raises
    ------
    NetworkFileError
        If it is something else.
    """
    try:
        names = json.loads(text)
    except (ValueError, RecursionError):
        names = None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise NetworkFileError("the names of its classes are not a list of texts.")
    return tuple(names)


def shape(sizes: tuple[int, ...]) -> str:
    """Return sizes as "784-128-10"."""
    return "-".join(map(str, sizes))
