"""ONNX Runtime's predictions with an exported network against the network's own."""

import numpy as np
import onnxruntime
import pytest

from core.datasets.loading import load_dataset
from core.datasets.strokes import make_strokes
from core.export.onnx_file import write_onnx
from core.saving.shipped import load_shipped_network
from core.settings.config import ACTIVATION_NAMES, OUTPUT_NAMES
from tests.core.export.exported import random_network
from tests.real_mnist import FOLDER, needs_mnist


@pytest.fixture(scope="module")
def strokes():
    """The test set, which does not depend on the number of training images."""
    return make_strokes(train=1).test_images


@pytest.fixture(scope="module")
def mnist():
    return load_dataset("mnist", FOLDER).test_images


@pytest.fixture
def reads_the_same(tmp_path):
    """Return a function that compares the predictions and confidences for all images."""

    def check(network, config, images):
        path = tmp_path / "network.onnx"
        write_onnx(path, network, config)
        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        [theirs] = session.run(["probabilities"], {"pixels": images.astype(np.float32) / 255})
        ours = network.predict(images)
        np.testing.assert_array_equal(theirs.argmax(axis=1), ours.argmax(axis=1))
        np.testing.assert_allclose(theirs, ours, atol=1e-5)
        assert len(np.unique(ours.argmax(axis=1))) > 1

    return check


def test_the_ready_made_network_on_strokes(reads_the_same, strokes):
    run = load_shipped_network()
    reads_the_same(run.network, run.config, strokes)


@needs_mnist
def test_the_ready_made_network_on_mnist(reads_the_same, mnist):
    run = load_shipped_network()
    reads_the_same(run.network, run.config, mnist)


@pytest.mark.parametrize("output", OUTPUT_NAMES)
@pytest.mark.parametrize("activation", ACTIVATION_NAMES)
def test_every_activation_and_output(reads_the_same, strokes, activation, output):
    reads_the_same(*random_network((30, 20), (activation,), output), strokes)


@pytest.mark.parametrize("hidden", [(), (1,), (1_024,), (8, 7, 6, 5)])
def test_every_depth_with_mixed_activations(reads_the_same, strokes, hidden):
    names = ("tanh", "relu", "sigmoid", "leaky-relu")[: len(hidden)] or ("relu",)
    reads_the_same(*random_network(hidden, names), strokes)
