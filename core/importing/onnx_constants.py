"""The constant arrays of an ONNX graph, read strictly."""

from __future__ import annotations

import math
import os
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

import numpy as np

from core.arrays import Floats
from core.errors import NetworkFileError
from core.files.user_file import open_file
from core.importing.float_types import array_from, byte_count
from core.printable_text import printable

_LONGEST_NAME = 100
_LONGEST_SHAPE = 8
_FLOATING = ("FLOAT", "DOUBLE", "FLOAT16", "BFLOAT16")


class OnnxConstants:
    """Initializers, Constant nodes, and what follows from them alone.

    Parameters
    ----------
    onnx
        The package.
    graph
        Whose constants these are.
    folder, most
        Of the file; a second file with the weights may lie there, of at most that many bytes.
    """

    def __init__(self, onnx: Any, graph: Any, folder: Path, most: int) -> None:
        self._onnx = onnx
        self._folder = folder
        self._most = most
        if graph.sparse_initializer:
            raise NetworkFileError("some of its weights are sparse, which this app lacks.")
        self._tensors: dict[str, Any] = {tensor.name: tensor for tensor in graph.initializer}
        self._transposed: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return name in self._tensors

    def take(self, node: Any) -> bool:
        """Return whether the result of `node` is constant; if so, it is one of these from now on.

        Raises
        ------
        NetworkFileError
            If it is, but is computed in a way that this app does not know.
        """
        names = [name for name in node.input if name]
        if any(name not in self for name in names):
            return False
        [result] = node.output
        if node.op_type == "Constant":
            self._tensors[result] = self._value(node)
            return True
        is_transposed = names and names[0] in self._transposed
        if node.op_type == "Transpose" and len(self._tensors[names[0]].dims) == 2:
            is_transposed = not is_transposed
        elif node.op_type != "Identity" and not self.is_float_cast(node):
            raise NetworkFileError(f"it computes weights by {described(node)}, which is not known.")
        if is_transposed:
            self._transposed.add(result)
        self._tensors[result] = self._tensors[names[0]]
        return True

    def is_floating(self, kind: int) -> bool:
        """Return whether a type of ONNX is one of floating-point numbers."""
        return self._kind(kind) in _FLOATING

    def is_float_cast(self, node: Any) -> bool:
        """Return whether a node turns numbers into floating-point numbers, and does no more."""
        return node.op_type == "Cast" and any(
            attribute.name == "to" and self.is_floating(attribute.i) for attribute in node.attribute
        )

    def floats(self, name: str) -> Floats:
        """Return a constant of floating-point numbers.

        Raises
        ------
        NetworkFileError
            If it is none, or in a second file that does not hold it.
        """
        tensor, shown = self._tensors[name], printable(name, _LONGEST_NAME)
        kind, shape = self._kind(tensor.data_type), tuple(tensor.dims)
        length = byte_count(kind, shape, shown)
        if tensor.data_location == self._onnx.TensorProto.EXTERNAL:
            content = self._from_second_file(tensor, length, shown)
        else:
            content = tensor.raw_data
        if content:
            if len(content) != length:
                raise NetworkFileError(f"'{shown}' is shorter or longer than it says.")
            array = array_from(content, kind, shape)
        else:  # its values are a list in the file
            array = self._onnx.numpy_helper.to_array(tensor).astype(np.float64)
        return array.T if name in self._transposed else array

    def integers(self, name: str) -> list[int]:
        """Return a short constant list of integers."""
        tensor = self._tensors[name]
        if self._kind(tensor.data_type) != "INT64" or math.prod(tensor.dims) > _LONGEST_SHAPE:
            raise NetworkFileError(f"'{printable(name, _LONGEST_NAME)}' is not a shape.")
        values: list[int] = self._onnx.numpy_helper.to_array(tensor).ravel().tolist()
        return values

    def _kind(self, number: int) -> str:
        name: str = self._onnx.TensorProto.DataType.Name(number)
        return name

    def _value(self, node: Any) -> Any:
        """Return the value of a Constant node as a tensor."""
        [attribute] = node.attribute
        if attribute.name == "value":
            return attribute.t
        value = self._onnx.helper.get_attribute_value(attribute)
        dtype = np.float32 if attribute.name.startswith("value_float") else np.int64
        return self._onnx.numpy_helper.from_array(np.array(value, dtype))

    def _from_second_file(self, tensor: Any, length: int, shown: str) -> bytes:
        """Return the bytes of an array in a file beside this one, as PyTorch writes them."""
        facts = {entry.key: entry.value for entry in tensor.external_data}
        place = facts.get("location", "")
        if not place or {PurePosixPath(place).name, PureWindowsPath(place).name} != {place}:
            raise NetworkFileError(
                f"'{shown}' is in another file, '{printable(place, _LONGEST_NAME)}', which is not "
                "beside it. Export the network again as one file."
            )
        second = f"'{printable(place, _LONGEST_NAME)}', a second file with its weights,"
        try:
            with open_file(self._folder / place, self._most) as stream:
                size = stream.seek(0, os.SEEK_END)
                start = stream.seek(int(facts.get("offset", 0)))
                content = stream.read(length) if length <= size - start else b""
        except OSError as error:
            raise NetworkFileError(
                f"{second} could not be opened: {error.strerror or error}. Put both into one "
                "folder, or export the network again as one file (PyTorch: external_data=False)."
            ) from error
        if len(content) != length:
            raise NetworkFileError(f"{second} does not hold '{shown}'. Export the network again.")
        return content


def described(node: Any) -> str:
    """Return a node's operator and name for a message."""
    operator = f"{node.domain}.{node.op_type}" if node.domain else node.op_type
    name = f" ('{printable(node.name, _LONGEST_NAME)}')" if node.name else ""
    return f"the operator {printable(operator, _LONGEST_NAME)}{name}"
