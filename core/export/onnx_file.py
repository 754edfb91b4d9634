"""Writes a network as ONNX, so that other programs and languages can run it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from core.export.export_metadata import metadata_of
from core.export.onnx_package import onnx_package
from core.files.atomic_file import write_atomically
from core.network.activations import ACTIVATIONS
from core.network.layers import named_arrays
from core.network.network import Network
from core.settings.config import OutputName, RunConfig
from core.wording import are_digits, kinds_of

INPUT, OUTPUT = "pixels", "probabilities"

_OPERATORS = 13
_FORMAT = 8
"""Versions of the operators and of the format: runtimes have supported both since 2021."""

_OPERATOR_OF_OUTPUT: dict[OutputName, tuple[str, dict[str, float]]] = {
    "softmax": ("Softmax", {"axis": 1}),
    "sigmoid": ("Sigmoid", {}),
}


def write_onnx(path: Path, network: Network, config: RunConfig) -> None:
    """Write a model from ``pixels`` to ``probabilities``, for any number of images at once.

    ``pixels`` is float32, (images, 784), an image per row: 0 is background, 1 is ink.
    ``probabilities`` is float32, (images, classes). The file's metadata holds what
    :func:`core.export.export_metadata.metadata_of` returns.

    Raises
    ------
    DigitscopeError
        If the package onnx is not installed, or the file cannot be written; an existing file stays
        unchanged.
    """
    model = _model(onnx_package("written"), network, metadata_of(network, config))
    content = model.SerializeToString(deterministic=True)
    write_atomically(path, lambda stream: stream.write(content))


def _model(onnx: Any, network: Network, metadata: dict[str, str]) -> Any:
    """Return the model: for each layer the weighted sum, then the activation."""
    node, kind = onnx.helper.make_node, onnx.TensorProto.FLOAT
    functions = [ACTIVATIONS[name].onnx for name in network.activations]
    functions.append(_OPERATOR_OF_OUTPUT[network.output])
    arrays = [
        onnx.numpy_helper.from_array(array.astype(np.float32), name)
        for name, array in named_arrays(network.layers).items()
    ]
    nodes = []
    A = INPUT
    for l, function in enumerate(functions, start=1):
        # Z[l] = A[l-1] @ W[l] + b[l]
        nodes.append(node("Gemm", [A, f"W{l}", f"b{l}"], [f"Z{l}"]))
        # A[l] = f(Z[l])
        operator, attributes = function
        A = OUTPUT if l == len(functions) else f"A{l}"
        nodes.append(node(operator, [f"Z{l}"], [A], **attributes))
    inputs = [_value(onnx, INPUT, kind, network.sizes[0], "28×28 rows of one image: 0…1 is ink")]
    classes = network.classes
    of = "the digits 0…9" if are_digits(classes) else ", ".join(classes)
    outputs = [_value(onnx, OUTPUT, kind, len(classes), f"of {of}")]
    graph = onnx.helper.make_graph(nodes, kinds_of(classes), inputs, outputs, arrays)
    model = onnx.helper.make_model(
        graph,
        producer_name="Digitscope",
        opset_imports=[onnx.helper.make_opsetid("", _OPERATORS)],
        ir_version=_FORMAT,
    )
    onnx.helper.set_model_props(model, metadata)
    return model


def _value(onnx: Any, name: str, kind: int, width: int, remark: str) -> Any:
    """Describe an array with a row per image."""
    return onnx.helper.make_tensor_value_info(name, kind, ["images", width], remark)
