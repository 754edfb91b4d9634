"""Networks that go to PyTorch and come from it, compared with PyTorch and ONNX Runtime.

A network trained in PyTorch, with normalized input, predicts the same here; and what is exported
here predicts the same there.
"""

import io

import numpy as np
import onnxruntime
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn

from core.datasets.strokes import make_strokes
from core.errors import NetworkFileError
from core.export.safetensors_file import write_safetensors
from core.importing.foreign_network import as_network
from core.importing.network_file import read_network_file
from core.saving.run_file import load_run
from core.settings.config import ACTIVATION_NAMES
from main import main
from tests.core.export.exported import random_network

torch.set_num_threads(1)

MEAN, SCALE = 0.1307, 0.3081


@pytest.fixture(scope="module")
def strokes():
    return make_strokes(train=2_000)


class Theirs(nn.Module):
    """As in a tutorial: normalized images of one channel, dropout, and log-softmax."""

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 64)
        self.fc2 = nn.Linear(64, 64)
        self.dropout = nn.Dropout(0.2)
        self.head = nn.Linear(64, 10)

    def forward(self, x):
        x = torch.flatten(x, 1)
        x = self.dropout(torch.relu(self.fc1(x)))
        x = self.dropout(torch.relu(self.fc2(x)))
        return torch.log_softmax(self.head(x), dim=1)


class WithNormalization(nn.Module):
    """Takes pixels of 0…1 and normalizes them itself."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, x):
        return self.model((x - MEAN) / SCALE)


def batch(images):
    return torch.tensor(images / np.float32(255)).reshape(-1, 1, 28, 28)


@pytest.fixture(scope="module")
def trained(strokes):
    """A network that PyTorch trained on normalized images of our generator."""
    torch.manual_seed(0)
    model = Theirs()
    optimizer = torch.optim.Adam(model.parameters(), 0.002)
    x = (batch(strokes.train_images) - MEAN) / SCALE
    labels = torch.tensor(strokes.train_labels).long()
    for _ in range(6):
        for rows in torch.randperm(len(x)).split(50):
            optimizer.zero_grad()
            nn.functional.nll_loss(model(x[rows]), labels[rows]).backward()
            optimizer.step()
    return model.eval()


def assert_same(network, probabilities, strokes):
    """Ours predicts what theirs does, which has learned something."""
    ours = network.predict(strokes.test_images)
    np.testing.assert_allclose(ours, probabilities, atol=1e-5)
    assert (ours.argmax(axis=1) == strokes.test_labels).mean() > 0.6


def probabilities_of(model, strokes):
    with torch.no_grad():
        return model((batch(strokes.test_images) - MEAN) / SCALE).exp().numpy()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_network_trained_in_pytorch_is_imported(tmp_path, trained, strokes, dtype):
    """fc1, fc2 and head: the last layer has no number."""
    state = {name: tensor.to(dtype) for name, tensor in trained.state_dict().items()}
    save_file(state, tmp_path / "theirs.safetensors")
    foreign = read_network_file(tmp_path / "theirs.safetensors")
    assert foreign.source == "safetensors, weights as (out, in)"
    network = as_network(foreign, ("relu",), mean=MEAN, scale=SCALE)
    assert_same(network, probabilities_of(trained, strokes), strokes)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_of_pytorch(tmp_path, trained, dtype):
    state = {name: tensor.to(dtype) for name, tensor in trained.state_dict().items()}
    save_file(state, tmp_path / "theirs.safetensors")
    for layer, name in zip(
        read_network_file(tmp_path / "theirs.safetensors").layers,
        ("fc1", "fc2", "head"),
        strict=True,
    ):
        np.testing.assert_array_equal(layer.W, state[f"{name}.weight"].float().numpy().T)
        np.testing.assert_array_equal(layer.b, state[f"{name}.bias"].float().numpy())


@pytest.mark.filterwarnings("ignore")  # of what the exporters use themselves
@pytest.mark.parametrize("is_dynamo", [False, True])
def test_onnx_of_pytorch_with_its_normalization(tmp_path, trained, strokes, is_dynamo):
    """By both exporters of PyTorch; the newer one writes the weights into a second file."""
    path = tmp_path / "theirs.onnx"
    options = {"dynamic_axes": {"x": {0: "images"}}}
    if is_dynamo:
        options = {"dynamic_shapes": ({0: torch.export.Dim("images")},)}
    two = batch(strokes.test_images[:2])
    model = WithNormalization(trained).eval()
    torch.onnx.export(model, (two,), path, dynamo=is_dynamo, input_names=["x"], **options)
    assert (tmp_path / "theirs.onnx.data").exists() == is_dynamo
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    [theirs] = session.run(None, {"x": batch(strokes.test_images).numpy()})
    foreign = read_network_file(path)
    assert (foreign.activations, foreign.output) == (("relu", "relu"), "softmax")
    assert_same(as_network(foreign), np.exp(theirs), strokes)


@pytest.mark.parametrize("activation", ACTIVATION_NAMES)
def test_pytorch_loads_an_export_as_it_is(tmp_path, strokes, activation):
    network, config = random_network((30, 20), (activation,))
    write_safetensors(tmp_path / "ours.safetensors", network, config, "torch")
    with safe_open(tmp_path / "ours.safetensors", "pt") as file:
        model = eval(file.metadata()["model"], {"torch": torch})
    model.load_state_dict(load_file(tmp_path / "ours.safetensors"))
    x = torch.tensor(strokes.test_images / np.float32(255))
    with torch.no_grad():
        theirs = model(x).softmax(dim=1).numpy()
    np.testing.assert_allclose(network.predict(strokes.test_images), theirs, atol=1e-5)
    again = as_network(read_network_file(tmp_path / "ours.safetensors"))
    np.testing.assert_array_equal(again.parameters, network.parameters)


def test_there_and_back_on_the_command_line(tmp_path, trained, strokes):
    """Trained there, imported, exported in their layout: their own forward pass agrees."""
    theirs, ours, back = (tmp_path / name for name in ("t.safetensors", "o.npz", "b.safetensors"))
    save_file(trained.state_dict(), theirs)
    options = ["--activation", "relu", "--mean", str(MEAN), "--scale", str(SCALE)]
    assert main(["import", str(theirs), str(ours), *options]) == 0
    assert_same(load_run(ours).network, probabilities_of(trained, strokes), strokes)
    assert main(["export", str(ours), str(back), "--layout", "torch"]) == 0
    model = nn.Sequential(
        *(nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
    )
    model.load_state_dict(load_file(back))
    with torch.no_grad():
        raw = model(batch(strokes.test_images).flatten(1)).softmax(dim=1).numpy()
    np.testing.assert_allclose(raw, probabilities_of(trained, strokes), atol=1e-5)


@pytest.mark.parametrize("is_zip", [False, True])
def test_files_of_torch_save_are_not_opened(tmp_path, trained, is_zip):
    content = io.BytesIO()
    torch.save(trained.state_dict(), content, _use_new_zipfile_serialization=is_zip)
    (tmp_path / "theirs").write_bytes(content.getvalue())
    with pytest.raises(NetworkFileError, match="never opens one"):
        read_network_file(tmp_path / "theirs")
