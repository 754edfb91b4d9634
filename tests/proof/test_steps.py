"""A hundred steps of ours and of PyTorch's, from the same weights and on the same batches."""

import numpy as np
import pytest

from core.settings.config import ACTIVATION_NAMES, OPTIMIZER_NAMES, OUTPUT_NAMES, NetworkConfig
from tests.core.digits import tiny_dataset
from tests.core.training.small_runs import make_trainer
from tests.proof.pytorch import Twin, next_batch

STEPS = 100
RATES = {"sgd": 0.01, "momentum": 0.002, "nesterov": 0.002, "adam": 0.001}


def assert_alike(trainer, steps=STEPS):
    """Train both and compare every loss, and the parameters in the end."""
    twin = Twin(trainer)
    start = trainer.network.parameters.copy()
    np.testing.assert_array_equal(twin.parameters(), start)
    losses = []
    for _ in range(steps):
        batch = next_batch(trainer)
        losses.append(twin.step(batch))
        trainer.step()
    ours, theirs = trainer.network.parameters, twin.parameters()
    moved = np.linalg.norm(theirs - start)
    assert moved > 0.1
    # Relative to the parameters' total change, which is smaller than the parameters.
    assert np.linalg.norm(ours - theirs) < 1e-5 * moved
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-9)
    np.testing.assert_allclose(trainer.history.batch_loss, losses, rtol=1e-5)


@pytest.mark.parametrize("output", OUTPUT_NAMES)
@pytest.mark.parametrize("activation", ACTIVATION_NAMES)
@pytest.mark.parametrize("optimizer", OPTIMIZER_NAMES)
def test_every_optimizer_activation_and_output(optimizer, activation, output):
    """Epochs of three batches of 24 and one of 8, with L2 on the weights alone."""
    network = NetworkConfig((14, 9), (activation,), output, initialization="glorot")
    trainer = make_trainer(
        tiny_dataset(train=80, test=10),
        network,
        dtype=np.float64,
        batch_size=24,
        optimizer=optimizer,
        learning_rate=RATES[optimizer],
        momentum=0.85,
        l2=0.01,
    )
    assert_alike(trainer)


@pytest.mark.parametrize("hidden", [(), (8,), (8, 7, 6, 5)])
def test_every_depth_with_mixed_activations(hidden):
    names = ("tanh", "relu", "sigmoid", "leaky-relu")[: len(hidden)] or ("relu",)
    trainer = make_trainer(
        tiny_dataset(train=80, test=10),
        NetworkConfig(hidden, names, initialization="glorot"),
        dtype=np.float64,
        batch_size=24,
        optimizer="nesterov",
        learning_rate=0.005,
    )
    assert_alike(trainer)


def test_a_batch_of_several_chunks_is_split_into_shards(monkeypatch):
    """Chunks of 30, 30 and 20 images in shards of one, and an L2 penalty that must count once."""
    monkeypatch.setattr("core.training.batch_gradient.CHUNK", 30)
    monkeypatch.setattr("core.training.batch_gradient.shard_count", lambda sizes, n, *_: min(n, 8))
    trainer = make_trainer(
        tiny_dataset(train=80, test=10),
        NetworkConfig((14, 9), ("leaky-relu",), initialization="glorot"),
        dtype=np.float64,
        batch_size=80,
        optimizer="adam",
        learning_rate=0.001,
        l2=0.05,
    )
    assert_alike(trainer)
