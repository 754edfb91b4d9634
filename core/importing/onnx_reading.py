"""Reads a fully connected network from ONNX.

The graph must be a chain from its input to its output: perhaps reshaping and normalization of the
input, then layers of Gemm, or MatMul and Add, each with an activation. Sums and products with
constants are folded into the weights; everything else is refused by name.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.arrays import PIXELS, Floats
from core.errors import NetworkFileError
from core.export.onnx_package import onnx_package
from core.importing.foreign_network import ForeignNetwork, classes_from, fold_input
from core.importing.named_layers import in_float32
from core.importing.onnx_constants import OnnxConstants, described
from core.network.activations import ACTIVATIONS
from core.network.layers import Parameters
from core.settings.config import MAX_HIDDEN_LAYERS, ActivationName, OutputName
from core.wording import Classes, counted

_MOST_NODES = 1_000
_BRIGHTEST = 255.0
"""Ink, where pixels are integers."""


def read_onnx(content: bytes, folder: Path, most: int) -> ForeignNetwork:
    """Return the network of an ONNX file.

    Parameters
    ----------
    content
        Of the file.
    folder, most
        Where a second file with the weights may lie, and its most bytes.

    Raises
    ------
    NetworkFileError
        If it is not a network that this app can have.
    DigitscopeError
        If the package onnx is not installed.
    ValueError, google.protobuf.message.DecodeError
        If it is damaged.
    """
    onnx = onnx_package("read")
    model = onnx.ModelProto.FromString(content)
    graph = model.graph
    constants = OnnxConstants(onnx, graph, folder, most)
    inputs = [value for value in graph.input if value.name not in constants]
    for what, values in (("input", inputs), ("output", graph.output)):
        if len(values) != 1:
            raise NetworkFileError(f"it has {counted(len(values), what)}, and must have one.")
    if len(graph.node) > _MOST_NODES:
        raise NetworkFileError(f"it has {counted(len(graph.node), 'node')}, too many for layers.")
    is_floating = constants.is_floating(inputs[0].type.tensor_type.elem_type)
    chain = _Chain(constants, inputs[0].name, 1.0 if is_floating else _BRIGHTEST)
    for node in graph.node:
        if not constants.take(node):
            chain.follow(node)
    source = "ONNX" if is_floating else "ONNX, of pixels 0…255"
    names = next((entry.value for entry in model.metadata_props if entry.key == "classes"), None)
    classes = None if names is None else classes_from(names)
    return chain.network(graph.output[0].name, source, classes)


class _Chain:
    """The layers up to a place in the graph."""

    def __init__(self, constants: OnnxConstants, start: str, factor: float) -> None:
        self._constants = constants
        self._place = start
        self._factor: ArrayLike = factor
        self._offset: ArrayLike = 0.0  # the next layer reads factor * x + offset
        self._open: tuple[Floats, Floats] | None = None  # W and b of one without its activation
        self._closed: list[Parameters] = []
        self._activations: list[ActivationName] = []
        self._output: OutputName | None = None

    @property
    def _width(self) -> int:
        """How many numbers there are of each image."""
        if self._open is not None:
            return len(self._open[1])
        return len(self._closed[-1].b) if self._closed else PIXELS

    def follow(self, node: Any) -> None:
        """Follow the chain through the next node."""
        if [name for name in node.input if name and name not in self._constants] != [self._place]:
            raise NetworkFileError(
                f"it is not a chain of layers: {described(node)} does not take the result before "
                "it as its input."
            )
        operator = "" if node.domain not in ("", "ai.onnx") else node.op_type
        attributes = {attribute.name: attribute for attribute in node.attribute}
        if operator in ("Gemm", "MatMul") and self._output is None:
            self._begin_layer(node, attributes)
        elif operator in ("Add", "Sub", "Mul", "Div") and self._output is None:
            self._scale(*self._scaling(node, operator))
        elif self._open is not None and (name := _activation(operator, attributes)) is not None:
            self._end_layer()
            self._activations.append(name)
        elif self._open is not None and _is_softmax(operator, attributes):
            self._end_layer()
            self._output = "softmax"
        elif not self._leaves_values(node, operator, attributes):
            raise NetworkFileError(
                f"{described(node)} is not supported at this point of a network, or not with its "
                "attributes."
            )
        self._place = node.output[0]

    def network(self, end: str, source: str, classes: Classes | None) -> ForeignNetwork:
        """Return the network, whose result is called `end`."""
        if self._place != end:
            raise NetworkFileError("its output is not where the chain of its layers ends.")
        if self._open is not None:
            self._end_layer()
        elif self._output is None and self._activations[-1:] == ["sigmoid"]:
            self._activations.pop()
            self._output = "sigmoid"
        elif self._output is None:
            raise NetworkFileError("it does not end with scores, softmax or sigmoid.")
        activations = tuple(self._activations)
        return ForeignNetwork(tuple(self._closed), activations, self._output, source, classes)

    def _begin_layer(self, node: Any, attributes: Mapping[str, Any]) -> None:
        """Take W and b of a Gemm, alpha * A @ W + beta * b, or of a MatMul."""
        if self._open is not None:
            self._end_layer()
            self._activations.append("identity")
        if node.input[0] != self._place or _attribute(attributes, "transA", 0):
            raise NetworkFileError(f"{described(node)} does not have an image in each row.")
        if len(self._closed) > MAX_HIDDEN_LAYERS:
            raise NetworkFileError(
                f"it has too many layers; a network here has up to {MAX_HIDDEN_LAYERS + 1}."
            )
        W = self._constants.floats(node.input[1])
        if _attribute(attributes, "transB", 0):
            W = W.T
        if W.ndim != 2 or len(W) != self._width:
            raise NetworkFileError(
                f"{described(node)} has weights of {W.shape}, which do not fit "
                f"{counted(self._width, 'input')}."
            )
        b: Floats = np.zeros(W.shape[1], np.float32)
        if len(node.input) > 2 and node.input[2]:
            b = b + self._per_value(node.input[2], W.shape[1]) * _attribute(attributes, "beta", 1.0)
        if (alpha := _attribute(attributes, "alpha", 1.0)) != 1:
            W = W.astype(np.float64) * alpha
        if not (np.array_equal(self._factor, 1.0) and np.array_equal(self._offset, 0.0)):
            W, b = fold_input(W, b, self._factor, self._offset)
        self._factor, self._offset = 1.0, 0.0
        self._open = W, b

    def _end_layer(self) -> None:
        assert self._open is not None
        self._closed.append(in_float32(*self._open))
        self._open = None

    def _scaling(self, node: Any, operator: str) -> tuple[ArrayLike, ArrayLike]:
        """Return factor and offset of a sum with a constant, or of a product."""
        is_first = node.input[0] == self._place
        k = self._per_value(node.input[1 if is_first else 0], self._width)
        if operator == "Add":
            return 1.0, k
        if operator == "Sub":
            return (1.0, -k) if is_first else (-1.0, k)
        if operator == "Mul":
            return k, 0.0
        if not is_first:
            raise NetworkFileError(f"{described(node)} divides by the values of the image.")
        with np.errstate(divide="ignore"):
            return 1 / k, 0.0

    def _per_value(self, name: str, width: int) -> NDArray[np.float64]:
        """Return a constant as one number, or as one for each of `width`."""
        k = self._constants.floats(name).astype(np.float64)
        if k.size == 1:
            return k.reshape(())
        is_column = k.ndim == 2 and k.shape[1] == 1
        if k.size != width or is_column:
            raise NetworkFileError(
                f"it computes with a constant of {k.shape}, which does not fit "
                f"{counted(width, 'value')}."
            )
        return k.ravel()

    def _scale(self, factor: ArrayLike, offset: ArrayLike) -> None:
        """Fold factor * x + offset into the layer that gives x, or else into the next one."""
        with np.errstate(over="ignore", invalid="ignore"):
            if self._open is None:
                self._factor = np.multiply(self._factor, factor)
                self._offset = np.multiply(self._offset, factor) + offset
            else:
                W, b = self._open
                W = W if np.array_equal(factor, 1.0) else W * np.asarray(factor)
                self._open = W, b * np.asarray(factor) + offset

    def _leaves_values(self, node: Any, operator: str, attributes: Mapping[str, Any]) -> bool:
        """Return whether a node changes no value of an image, nor their order."""
        if operator == "Reshape":
            shape = self._constants.integers(node.input[1])
            return shape[1:] == [-1] or (len(shape) > 1 and math.prod(shape[1:]) == self._width)
        if operator == "Flatten":
            return _attribute(attributes, "axis", 1) == 1
        if operator == "Dropout":  # which does nothing but in training
            return len(node.input) < 3 or not node.input[2]
        return operator == "Identity" or (
            operator == "Cast" and self._constants.is_float_cast(node)
        )


def _attribute(attributes: Mapping[str, Any], name: str, default: float) -> float:
    """Return a number among the attributes of a node."""
    if name not in attributes:
        return default
    value: float = attributes[name].i if isinstance(default, int) else attributes[name].f
    return value


def _activation(operator: str, attributes: Mapping[str, Any]) -> ActivationName | None:
    """Return which of our activations a node is; None if it is none."""
    for name, activation in ACTIVATIONS.items():
        theirs, values = activation.onnx
        if (
            operator == theirs
            and operator != "Identity"  # which is not the end of a layer
            and attributes.keys() <= values.keys()
            and all(
                math.isclose(_attribute(attributes, key, float(value)), value, rel_tol=1e-6)
                for key, value in values.items()
            )
        ):
            return name
    return None


def _is_softmax(operator: str, attributes: Mapping[str, Any]) -> bool:
    """Return whether a node is a softmax over the classes, or its logarithm."""
    return operator in ("Softmax", "LogSoftmax") and _attribute(attributes, "axis", 1) in (1, -1)
