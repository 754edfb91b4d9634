"""Damaged and hostile networks: each is refused in one clear message, or is a valid network.

The environment variable DIGITSCOPE_FUZZ=20 multiplies their number by 20.
"""

import io
import json
import random
import struct
import zipfile

import numpy as np
import pytest
from safetensors.numpy import save

from core.errors import NetworkFileError
from core.export.onnx_file import write_onnx
from core.export.safetensors_file import LAYOUT_NAMES, write_safetensors
from core.importing.foreign_network import as_network
from core.importing.network_file import read_network_file
from tests.core.damaged_files import TIMES, DamagedFileReader
from tests.core.export.exported import random_network
from tests.core.importing.test_network_file import torch_arrays
from tests.core.saving.damaged_runs import DAMAGES, npy, packed, parts_of

EACH = 60
"""Files for each kind of damage."""

IMAGES = np.random.default_rng(0).integers(0, 256, (2, 784)).astype(np.uint8)
NASTY_NUMBERS = (0, 1, -1, 2, 784, 10, 2**31, 2**40, 2**63 - 1, -(2**63))
NASTY_TEXTS = ("", "W1", "b1", "x" * 5_000, "\x1b[2J\n", "é", "../x", "Gelu", "If", "Gemm")
NASTY_VALUES = (
    *NASTY_NUMBERS,
    *NASTY_TEXTS,
    None,
    2.5,
    [],
    {},
    [0],
    [[[]]],
    "F8_E4M3",
    "BF16",
    "I64",
)


def assert_good(foreign, _):
    network = as_network(foreign, foreign.activations or ("relu",))
    assert np.isfinite(network.parameters).all()
    with np.errstate(all="ignore"):  # weights may be too large for any network
        assert network.predict(IMAGES).shape == (2, len(network.classes))


@pytest.fixture
def reader(tmp_path):
    reader = DamagedFileReader(
        tmp_path / "network.onnx", read_network_file, NetworkFileError, assert_good
    )
    yield reader
    reader.report()


@pytest.fixture(scope="module")
def originals(tmp_path_factory):
    """Files as programs write them, by kind."""
    folder = tmp_path_factory.mktemp("networks")
    network, config = random_network((4, 4), ("tanh", "relu"))
    files = {"theirs": save(torch_arrays(network, np.float16))}
    for layout in LAYOUT_NAMES:
        write_safetensors(folder / layout, network, config, layout)
        files[layout] = (folder / layout).read_bytes()
    for kind in ("named", "in order"):
        arrays = {} if kind == "in order" else torch_arrays(network)
        ordered = [] if arrays else torch_arrays(network).values()
        stream = io.BytesIO()
        np.savez(stream, *ordered, **arrays)
        files[f"{kind}.npz"] = stream.getvalue()
    return files


@pytest.fixture(scope="module")
def graph(tmp_path_factory):
    """The content of an ONNX file."""
    pytest.importorskip("onnx", reason="the extra 'export' is not installed: make export")
    path = tmp_path_factory.mktemp("networks") / "network.onnx"
    write_onnx(path, *random_network((4, 4), ("tanh", "elu")))
    return path.read_bytes()


def test_real_files_are_read(reader, originals, graph):
    """So that refusals in the other tests are due to the damage."""
    for name, content in {**originals, "onnx": graph}.items():
        assert reader.read(content, name), name


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_files(reader, originals, graph, damage):
    rng = random.Random(damage.__name__)
    files = {**originals, "onnx": graph}
    archives = [name for name in files if name.endswith(".npz")]
    is_of_bytes = damage.__name__ in ("flip", "truncate", "splice")
    for number in range(EACH * TIMES):
        name = rng.choice(sorted(files) if is_of_bytes else archives)
        parts = parts_of(files[name]) if name in archives else []
        reader.read(damage(rng, files[name], parts), f"{damage.__name__} {number} of {name}")
    assert reader.refused > EACH * TIMES / 8


def test_headers_of_safetensors(reader, originals):
    """Names, types, shapes and places that are not those of the arrays, in valid JSON."""
    rng = random.Random(0)
    for number in range(3 * EACH * TIMES):
        content = originals[rng.choice(("theirs", *LAYOUT_NAMES))]
        end = 8 + int.from_bytes(content[:8], "little")
        header = json.loads(content[8:end])
        for _ in range(rng.choice((1, 1, 3))):
            name = rng.choice(list(header))
            what = rng.random()
            if what < 0.2:
                header[str(rng.choice(NASTY_VALUES))] = header.pop(name)
            elif what < 0.8 and isinstance(header[name], dict) and header[name]:
                header[name][rng.choice(list(header[name]))] = rng.choice(NASTY_VALUES)
            else:
                header[name] = rng.choice(NASTY_VALUES)
        text = json.dumps(header).encode()
        reader.read(struct.pack("<Q", len(text)) + text + content[end:], f"header {number}")
    assert reader.refused > EACH * TIMES


def test_bombs(reader, originals):
    """Small files that would take much memory or time."""
    claim = npy("{'descr': '<f8', 'fortran_order': False, 'shape': (784, 9999999), }", b"")
    parts = [("W1.npy", claim), *parts_of(originals["named.npz"])]
    reader.read(packed(parts), "an array larger than the file")
    zeros = npy("{'descr': '<f8', 'fortran_order': False, 'shape': (784, 99999), }", bytes(8 << 23))
    reader.read(packed([("W1.npy", zeros)], zipfile.ZIP_DEFLATED), "zeros that inflate")
    many = [(f"W{number}.npy", b"") for number in range(1_000)]
    reader.read(packed(many), "many arrays")
    reader.read(struct.pack("<Q", 2**62) + b"{" * 100, "a header larger than any file")
    reader.read(struct.pack("<Q", 900_000) + b"{" * 900_000, "a deep header")
    assert reader.refused == reader.tried


def test_graphs_with_other_nodes_and_arrays(reader, graph):
    """Valid protocol buffers: operators, names, shapes and attributes that do not fit."""
    onnx = pytest.importorskip("onnx")
    rng = random.Random(0)
    for number in range(5 * EACH * TIMES):
        model = onnx.ModelProto.FromString(graph)
        for _ in range(rng.choice((1, 1, 2, 5))):
            if model.graph.node and model.graph.initializer:
                _change(rng, model.graph, onnx)
        reader.read(model.SerializeToString(), f"graph {number}")
    assert reader.refused > EACH * TIMES


def _change(rng, graph, onnx):
    """Change one thing of a graph."""
    node, tensor = rng.choice(graph.node), rng.choice(graph.initializer)
    names = [*NASTY_TEXTS, *(t.name for t in graph.initializer), *(n.output[0] for n in graph.node)]
    what = rng.randrange(10)
    if what == 0:
        node.op_type = rng.choice(
            ("Gemm", "MatMul", "Add", "Div", "Reshape", "Constant", "Cast", "If")
        )
    elif what == 1 and node.input:
        node.input[rng.randrange(len(node.input))] = rng.choice(names)
    elif what == 2:
        node.output[0] = rng.choice(names)
    elif what == 3:
        name = rng.choice(
            ("axis", "alpha", "beta", "transA", "transB", "to", "value", "value_ints")
        )
        value = rng.choice((0, 1, -1, 7, 2**40, 0.5, float("nan"), float("inf"), "x", [1, 2]))
        node.attribute.append(onnx.helper.make_attribute(name, value))
    elif what == 4:
        tensor.dims[rng.randrange(len(tensor.dims))] = rng.choice(NASTY_NUMBERS)
    elif what == 5:
        tensor.data_type = rng.choice((0, 1, 2, 7, 8, 10, 11, 16, 17, 99))
    elif what == 6:
        tensor.raw_data = rng.choice((b"", b"\0", b"\xff" * len(tensor.raw_data)))
    elif what == 7:
        onnx.external_data_helper.set_external_data(tensor, rng.choice(NASTY_TEXTS) or ".", -1)
        tensor.data_location = onnx.TensorProto.EXTERNAL
    elif what == 8:
        tensor.name = rng.choice(NASTY_TEXTS)
    else:
        listed = rng.choice((graph.input, graph.output, graph.node, graph.initializer))
        del listed[:1]
