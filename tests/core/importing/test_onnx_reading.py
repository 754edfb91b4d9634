"""ONNX graphs as exporters write them, against onnx's own reference of what they compute."""

from importlib import import_module

import numpy as np
import pytest

from core.errors import NetworkFileError
from core.export.onnx_file import write_onnx
from core.importing.foreign_network import as_network
from core.importing.network_file import read_network_file
from core.settings.config import ACTIVATION_NAMES, OUTPUT_NAMES
from tests.core.export.exported import random_network
from tests.core.saving.memory_limit import at_most

onnx = pytest.importorskip("onnx", reason="the extra 'export' is not installed: make export")
helper, numpy_helper, FLOAT = onnx.helper, onnx.numpy_helper, onnx.TensorProto.FLOAT

RNG = np.random.default_rng(0)
W1, b1 = RNG.normal(0, 0.1, (784, 14)).astype(np.float32), RNG.normal(size=14).astype(np.float32)
W2, b2 = RNG.normal(0, 0.3, (14, 10)).astype(np.float32), RNG.normal(size=10).astype(np.float32)
IMAGES = RNG.integers(0, 256, (20, 784), np.uint8)
X = IMAGES / np.float32(255)
TWO_LAYERS = (
    ("Gemm", ["x", "W1", "b1"], {}),
    ("Relu", ["0"], {}),
    ("Gemm", ["1", "W2", "b2"], {}),
    ("Softmax", ["2"], {}),
)


def graph(nodes, constants=(), shape=("n", 784), kind=FLOAT):
    """Return a model whose nodes' results are called 0, 1, 2, … and whose input is x."""
    arrays = {"W1": W1, "b1": b1, "W2": W2, "b2": b2} | dict(constants)
    made = []
    for number, (operator, names, attributes) in enumerate(nodes):
        made.append(helper.make_node(operator, names, [str(number)], **attributes))
    used = {name for _, names, _ in nodes for name in names}
    return helper.make_model(
        helper.make_graph(
            made,
            "digits",
            [helper.make_tensor_value_info("x", kind, shape)],
            [helper.make_tensor_value_info(str(len(made) - 1), FLOAT, None)],
            [numpy_helper.from_array(a, name) for name, a in arrays.items() if name in used],
        ),
        opset_imports=[helper.make_opsetid("", 17)],
    )


@pytest.fixture
def read(tmp_path):
    def read(model):
        (tmp_path / "network.onnx").write_bytes(model.SerializeToString())
        return read_network_file(tmp_path / "network.onnx")

    return read


def assert_same(foreign, model, x=X):
    """Our network predicts from the images what the graph computes from x."""
    [theirs] = import_module("onnx.reference").ReferenceEvaluator(model).run(None, {"x": x})
    np.testing.assert_allclose(as_network(foreign).predict(IMAGES), theirs, atol=2e-6)
    assert theirs.std(axis=0).max() > 0.01


@pytest.mark.parametrize("output", OUTPUT_NAMES)
@pytest.mark.parametrize("activation", ACTIVATION_NAMES)
def test_every_export_comes_back_to_the_bit(tmp_path, activation, output):
    network, config = random_network((14, 9), (activation,), output)
    write_onnx(tmp_path / "network.onnx", network, config)
    foreign = read_network_file(tmp_path / "network.onnx")
    assert foreign.activations == network.activations
    assert foreign.output == output
    np.testing.assert_array_equal(as_network(foreign).parameters, network.parameters)


@pytest.mark.parametrize(
    ("nodes", "constants"),
    [
        (TWO_LAYERS, {}),
        (  # as PyTorch
            (
                ("Gemm", ["x", "W1t", "b1"], {"transB": 1, "alpha": 2.0, "beta": 0.5}),
                ("Tanh", ["0"], {}),
                ("Dropout", ["1"], {}),
                ("Gemm", ["2", "W2"], {}),
                ("Softmax", ["3"], {"axis": -1}),
            ),
            {"W1t": np.ascontiguousarray(W1.T)},
        ),
        (  # as Keras
            (
                ("MatMul", ["x", "W1"], {}),
                ("Add", ["0", "b1"], {}),
                ("Sigmoid", ["1"], {}),
                ("MatMul", ["2", "W2"], {}),
                ("Add", ["b2", "3"], {}),
                ("Sigmoid", ["4"], {}),
            ),
            {},
        ),
        (  # a batch's normalization, and two layers without an activation between
            (
                ("Gemm", ["x", "W1", "b1"], {}),
                ("Mul", ["0", "k"], {}),
                ("Sub", ["k", "1"], {}),
                ("Gemm", ["2", "W2", "b2"], {}),
                ("Div", ["3", "c"], {}),
                ("Softmax", ["4"], {}),
            ),
            {"k": RNG.normal(size=(1, 14)).astype(np.float32), "c": np.float32([0.5])},
        ),
        (  # and after the activation
            (
                ("Gemm", ["x", "W1", "b1"], {}),
                ("Elu", ["0"], {"alpha": 1.0}),
                ("Mul", ["1", "k"], {}),
                ("Add", ["2", "k"], {}),
                ("Gemm", ["3", "W2", "b2"], {}),
                ("Softmax", ["4"], {}),
            ),
            {"k": RNG.normal(size=14).astype(np.float32)},
        ),
    ],
)
def test_layers_as_programs_write_them(read, nodes, constants):
    model = graph(nodes, constants)
    assert_same(read(model), model)


@pytest.mark.parametrize(
    ("nodes", "constants"),
    [
        ((("Sub", ["x", "m"], {}), ("Div", ["0", "s"], {})), {"m": 0.1307, "s": 0.3081}),
        ((("Mul", ["x", "s"], {}), ("Add", ["0", "m"], {})), {"m": -1.0, "s": 2.0}),
        ((("Sub", ["m", "x"], {}),), {"m": 1.0}),
        ((("Sub", ["x", "m"], {}),), {"m": RNG.random((1, 784))}),
    ],
)
def test_a_normalization_of_the_input_is_folded(read, nodes, constants):
    rest = [
        (name, [str(len(nodes) + int(i)) if i.isdigit() else i for i in inputs], attributes)
        for name, inputs, attributes in TWO_LAYERS
    ]
    rest[0] = ("Gemm", [str(len(nodes) - 1), "W1", "b1"], {})
    arrays = {name: np.asarray(value, np.float32) for name, value in constants.items()}
    model = graph((*nodes, *rest), arrays)
    assert_same(read(model), model)


@pytest.mark.parametrize(
    "first", [("Flatten", ["x"], {}), ("Reshape", ["x", "flat"], {}), ("Reshape", ["x", "any"], {})]
)
def test_images_in_rows_and_columns_are_flattened(read, first):
    nodes = (
        first,
        ("Gemm", ["0", "W1", "b1"], {}),
        ("Relu", ["1"], {}),
        ("Gemm", ["2", "W2", "b2"], {}),
        ("Softmax", ["3"], {}),
    )
    model = graph(nodes, {"flat": np.array([-1, 784]), "any": np.array([0, -1])}, ("n", 1, 28, 28))
    assert_same(read(model), model, X.reshape(-1, 1, 28, 28))


def test_pixels_as_integers(read):
    nodes = (
        ("Cast", ["x"], {"to": FLOAT}),
        ("Div", ["0", "brightest"], {}),
        ("Gemm", ["1", "W1", "b1"], {}),
        ("Relu", ["2"], {}),
        ("Gemm", ["3", "W2", "b2"], {}),
        ("Softmax", ["4"], {}),
    )
    model = graph(nodes, {"brightest": np.float32(255)}, kind=onnx.TensorProto.UINT8)
    foreign = read(model)
    assert "0…255" in foreign.source
    assert_same(foreign, model, IMAGES)


def test_constants_that_follow_from_others(read):
    nodes = (
        ("Transpose", ["W1t"], {"perm": [1, 0]}),
        ("Identity", ["0"], {}),
        ("Constant", [], {"value": numpy_helper.from_array(b1.astype(np.float64))}),
        ("Cast", ["2"], {"to": FLOAT}),
        ("Gemm", ["x", "1", "3"], {}),
        ("Relu", ["4"], {}),
        ("Gemm", ["5", "W2"], {}),
        ("Constant", [], {"value_float": 0.25}),
        ("Add", ["6", "7"], {}),
        ("Softmax", ["8"], {}),
    )
    model = graph(nodes, {"W1t": np.ascontiguousarray(W1.T)})
    assert_same(read(model), model)


def test_scores_alone_leave_the_output_open(read):
    foreign = read(graph(TWO_LAYERS[:-1]))
    assert (foreign.activations, foreign.output) == (("relu",), None)
    logarithm = (*TWO_LAYERS[:-1], ("LogSoftmax", ["2"], {"axis": 1}))
    assert read(graph(logarithm)).output == "softmax"


@pytest.mark.parametrize("dtype", [np.float16, np.float64])
def test_other_precisions(read, dtype):
    arrays = {name: array.astype(dtype) for name, array in {"W1": W1, "W2": W2}.items()}
    foreign = read(graph(TWO_LAYERS, arrays))
    np.testing.assert_array_equal(foreign.layers[0].W, W1.astype(dtype).astype(np.float32))


def external(model, name, location, offset=0, length=None):
    """Say that an array is in another file."""
    tensor = next(t for t in model.graph.initializer if t.name == name)
    onnx.external_data_helper.set_external_data(tensor, location, offset, length)
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    return model


def test_weights_in_a_second_file_beside_it(read, tmp_path):
    """As PyTorch exports them."""
    (tmp_path / "network.onnx.data").write_bytes(bytes(64) + W1.tobytes())
    model = graph(TWO_LAYERS)
    whole = graph(TWO_LAYERS)
    external(model, "W1", "network.onnx.data", 64, W1.nbytes)
    assert_same(read(model), whole)


@pytest.mark.parametrize(
    ("location", "offset", "message"),
    [
        ("../secret", 0, "which is not beside it"),
        ("/etc/passwd", 0, "which is not beside it"),
        ("..\\secret", 0, "which is not beside it"),
        ("", 0, "which is not beside it"),
        ("missing", 0, "could not be opened.*external_data=False"),
        ("here", 1, "does not hold 'W1'"),
        ("here", 2**40, "does not hold 'W1'"),
    ],
)
def test_a_second_file_that_does_not_fit(read, tmp_path, location, offset, message):
    (tmp_path.parent / "secret").write_bytes(W1.tobytes())
    (tmp_path / "here").write_bytes(W1.tobytes())
    with pytest.raises(NetworkFileError, match=message):
        read(external(graph(TWO_LAYERS), "W1", location, offset))


def test_a_second_file_is_not_larger_than_it_is(read, tmp_path):
    """No memory is taken for what the first file claims of the second."""
    (tmp_path / "here").write_bytes(W1.tobytes())
    model = external(graph(TWO_LAYERS), "W1", "here")
    next(t for t in model.graph.initializer if t.name == "W1").dims[:] = (784, 200_000)
    with at_most(64 * 2**20), pytest.raises(NetworkFileError, match="does not hold 'W1'"):
        read(model)


def test_a_constant_for_each_image_is_refused(read):
    """A column would be added to the rows of images, and not to the values of each."""
    nodes = changed(1, ("Add", ["0", "column"], {}))
    with pytest.raises(NetworkFileError, match=r"constant of \(14, 1\)"):
        read(graph(nodes, {"column": b1.reshape(14, 1)}))


def changed(number, node, more=()):
    nodes = list(TWO_LAYERS)
    nodes[number] = node
    return (*nodes, *more)


@pytest.mark.parametrize(
    ("nodes", "message"),
    [
        (changed(1, ("Gelu", ["0"], {})), "the operator Gelu is not supported"),
        (
            changed(1, ("LeakyRelu", ["0"], {"alpha": 0.2})),
            "the operator LeakyRelu is not supported",
        ),
        (changed(1, ("Elu", ["0"], {"alpha": 2.0})), "the operator Elu is not supported"),
        (
            changed(1, ("Relu", ["0"], {"domain": "my.own"})),
            r"the operator my\.own\.Relu is not supported",
        ),
        (changed(1, ("Softmax", ["0"], {})), "the operator Gemm is not supported"),
        (changed(3, ("Softmax", ["2"], {"axis": 0})), "the operator Softmax is not supported"),
        (changed(3, ("Tanh", ["2"], {})), "does not end with scores"),
        (
            changed(3, ("Softmax", ["2"], {}), [("ArgMax", ["3"], {})]),
            "the operator ArgMax is not supported",
        ),
        (
            changed(3, ("Softmax", ["2"], {}), [("Add", ["3", "b2"], {})]),
            "the operator Add is not supported",
        ),
        (changed(0, ("Gemm", ["x", "W1", "b1"], {"transA": 1})), "an image in each row"),
        (changed(0, ("MatMul", ["W1", "x"], {})), "an image in each row"),
        (changed(0, ("MatMul", ["x", "W2"], {})), r"weights of \(14, 10\).*784 inputs"),
        (changed(0, ("Conv", ["x", "W1"], {})), "the operator Conv is not supported"),
        (changed(1, ("Add", ["0", "0"], {})), "not a chain of layers: the operator Add"),
        (changed(2, ("Gemm", ["0", "W2", "b2"], {})), "not a chain of layers: the operator Gemm"),
        (changed(1, ("Add", ["0", "b2"], {})), r"constant of \(10,\).*14 values"),
        (changed(1, ("Div", ["b1", "0"], {})), "divides by the values"),
        (changed(1, ("Reshape", ["0", "shape"], {})), "the operator Reshape is not supported"),
        (changed(1, ("Cast", ["0"], {"to": 7})), "the operator Cast is not supported"),
        (changed(1, ("Flatten", ["0"], {"axis": 0})), "the operator Flatten is not supported"),
        (changed(0, ("Gemm", ["x", "shape", "b1"], {})), "'shape' has the type INT64"),
        ([("RandomNormal", [], {"shape": [784, 14]}), *TWO_LAYERS], "computes weights by"),
        ([("Relu", ["x"], {})], "the operator Relu is not supported"),
        ([("Gemm", ["x", "W1", "b1"], {})], "784-14, but a network here has"),
        ([("Identity", ["x"], {})] * 2_000, "2,000 nodes, too many"),
    ],
)
def test_what_this_app_lacks_is_refused_by_name(read, nodes, message):
    with pytest.raises(NetworkFileError, match=message):
        read(graph(nodes, {"shape": np.array([-1, 7])}))


def test_infinite_weights_of_a_division_by_zero(read):
    nodes = changed(1, ("Div", ["0", "zero"], {}))
    with pytest.raises(NetworkFileError, match="NaN, infinite"):
        read(graph(nodes, {"zero": np.float32(0)}))


def test_a_second_input_is_refused(read):
    model = graph(TWO_LAYERS)
    model.graph.input.append(helper.make_tensor_value_info("y", FLOAT, ("n", 784)))
    with pytest.raises(NetworkFileError, match="2 inputs, and must have one"):
        read(model)


@pytest.mark.parametrize("dims", [(784, -14), (2**40, 2**40), (784, 15), (0, 14), (10_976,)])
def test_arrays_that_are_not_what_they_claim(read, dims):
    model = graph(TWO_LAYERS)
    tensor = next(t for t in model.graph.initializer if t.name == "W1")
    tensor.dims[:] = dims
    with pytest.raises(NetworkFileError):
        read(model)
