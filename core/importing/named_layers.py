"""Finds the layers of a fully connected network among arrays with names.

Programs name them differently, and store a layer's weights as (in, out) or as (out, in). Names say
which weights belong to which biases, and their numbers say what comes before what; the rest follows
from the sizes, which must lead from 784 inputs to 2 to 10 outputs.

A file's layout is never in doubt. Take each array of weights as an arrow between two sizes. Read as
(in, out), the arrows form a path from 784 to the outputs, so that one more leaves 784 than arrives
there. Read as (out, in), every arrow points the other way: one more arrives, and no path begins
there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.arrays import MAX_CLASSES, MIN_CLASSES, PIXELS, Floats
from core.errors import NetworkFileError
from core.network.layers import Parameters
from core.printable_text import printable
from core.settings.config import MAX_HIDDEN_LAYERS
from core.wording import counted

_LONGEST_NAME = 100
_MOST_LISTED = 6

_NAME = re.compile(
    r"(?P<before>(?:.*[._/])?)"
    r"(?:(?P<weights>weights?|kernel|w)|(?:bias(?:es)?|b))"
    r"(?P<after>[._]?\d*)(?::0)?",
    re.IGNORECASE | re.ASCII,
)
"""``W1``, ``fc1.weight``, ``layers.0.bias``, ``dense_1/kernel:0``."""


@dataclass(frozen=True, eq=False)
class _Named:
    """The arrays of a layer, as they are in the file, with the names that errors show."""

    name: str
    W: Floats
    b: Floats | None = None
    bias_name: str = ""


def layers_from(arrays: Mapping[str, Floats]) -> tuple[tuple[Parameters, ...], str]:
    """Return the layers, in float32, and the layout of the weights: "(in, out)" or "(out, in)".

    A layer without biases gets zeros.

    Parameters
    ----------
    arrays
        All arrays of the file, by name; of any floating-point type.

    Raises
    ------
    NetworkFileError
        If they are not those of such a network, or their order is in doubt.
    """
    groups = _in_order(_by_layer(arrays))
    if order := _only_order(groups, is_transposed=False):
        return tuple(_parameters(layer, layer.W) for layer in order), "(in, out)"
    if order := _only_order(groups, is_transposed=True):
        return tuple(_parameters(layer, layer.W.T) for layer in order), "(out, in)"
    raise NetworkFileError(
        f"its weights do not lead from {PIXELS} inputs to {MIN_CLASSES} to {MAX_CLASSES} outputs, "
        f"layer by layer: {_listed([layer for group in groups for layer in group])}."
    )


def _by_layer(arrays: Mapping[str, Floats]) -> dict[str, _Named]:
    """Return the layers by the part of their name that weights and biases share."""
    layers: dict[str, _Named] = {}
    biases: dict[str, tuple[str, Floats]] = {}
    for name, array in arrays.items():
        match = _NAME.fullmatch(name) if len(name) <= _LONGEST_NAME else None
        dimensions = 0 if match is None else 2 if match["weights"] else 1
        if match is None or array.ndim != dimensions:
            raise NetworkFileError(
                f"it holds '{printable(name, _LONGEST_NAME)}' with the shape {array.shape}, which "
                "is neither the weights nor the biases of a fully connected layer. This app has no "
                "other layers."
            )
        stem = match["before"] + match["after"]
        if stem in (layers if dimensions == 2 else biases):
            raise NetworkFileError(
                f"it holds two arrays that could be '{printable(name)}' of the same layer."
            )
        if dimensions == 2:
            layers[stem] = _Named(printable(name), array)
        else:
            biases[stem] = name, array
    for stem, (name, array) in biases.items():
        if stem not in layers:
            raise NetworkFileError(f"it holds the biases '{printable(name)}' without weights.")
        layers[stem] = replace(layers[stem], b=array, bias_name=printable(name))
    if not layers:
        raise NetworkFileError("it holds no weights.")
    if len(layers) > MAX_HIDDEN_LAYERS + 1:
        raise NetworkFileError(
            f"it has {counted(len(layers), 'layer')}; a network here has up to "
            f"{MAX_HIDDEN_LAYERS + 1}, with the output."
        )
    return layers


def _in_order(layers: Mapping[str, _Named]) -> list[list[_Named]]:
    """Return groups of layers whose names differ only in their numbers, each in their order."""
    groups: dict[tuple[str, ...], list[tuple[tuple[int, ...], _Named]]] = {}
    for stem, layer in layers.items():
        parts = re.split(r"(\d+)", stem, flags=re.ASCII)
        numbers = tuple(map(int, parts[1::2]))
        groups.setdefault(tuple(parts[::2]), []).append((numbers, layer))
    return [[layer for _, layer in sorted(g, key=lambda pair: pair[0])] for g in groups.values()]


def _only_order(groups: list[list[_Named]], is_transposed: bool) -> tuple[_Named, ...]:
    """Return the layers in the one order in which they follow one another; () if there is none.

    Raises
    ------
    NetworkFileError
        If there are several.
    """
    orders = _orders(groups, PIXELS, is_transposed)
    first = next(orders, ())
    second = next(orders, None)
    if second is not None:
        [one, other] = next(pair for pair in zip(first, second, strict=True) if pair[0] != pair[1])
        raise NetworkFileError(
            f"'{one.name}' and '{other.name}' have the same shape, so it is not clear which layer "
            "comes first. Number their names in the order of the layers, as in layer1.weight."
        )
    return first


def _orders(
    groups: list[list[_Named]], width: int, is_transposed: bool
) -> Iterator[tuple[_Named, ...]]:
    """Yield every order of the layers that leads from `width` inputs to the outputs."""
    if not any(groups):
        if MIN_CLASSES <= width <= MAX_CLASSES:
            yield ()
        return
    for number, group in enumerate(groups):
        if not group:
            continue
        fan_in, fan_out = _fans(group[0], is_transposed)
        if fan_in == width:
            rest = [*groups[:number], group[1:], *groups[number + 1 :]]
            for order in _orders(rest, fan_out, is_transposed):
                yield (group[0], *order)


def _fans(layer: _Named, is_transposed: bool) -> tuple[int, ...]:
    return layer.W.shape[::-1] if is_transposed else layer.W.shape


def _parameters(layer: _Named, W: Floats) -> Parameters:
    """Return a layer whose weights are `W`, (in, out)."""
    b = np.zeros(W.shape[1], np.float32) if layer.b is None else layer.b
    if len(b) != W.shape[1]:
        raise NetworkFileError(
            f"'{layer.name}' is for {counted(W.shape[1], 'unit')}, but '{layer.bias_name}' has "
            f"{counted(len(b), 'value')}."
        )
    return in_float32(W, b)


def in_float32(W: Floats, b: Floats) -> Parameters:
    """Return a layer in 32 bits; values too large for that become infinite."""
    with np.errstate(over="ignore"):
        return Parameters(W.astype(np.float32), b.astype(np.float32))


def _listed(layers: Sequence[_Named]) -> str:
    listed = [f"'{layer.name}' is {layer.W.shape}" for layer in layers[:_MOST_LISTED]]
    return ", ".join(listed + ["…"] * (len(layers) > _MOST_LISTED))
