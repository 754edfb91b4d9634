import numpy as np
import pytest

from core.arrays import LabeledImages
from core.errors import Cancelled
from core.network.initialization import initialize
from core.network.network import Network
from core.progress import no_progress
from core.settings.augmentation import DEFAULT_AUGMENTATION
from core.settings.config import MAX_BATCH_SIZE, Hyperparameters, NetworkConfig
from core.training.batch_gradient import BatchGradient, draw_dropout_mask
from core.training.sharding import CHUNK, shard_count, unit_group_count
from tests.core.digits import tiny_dataset

CONFIG = NetworkConfig(hidden=(12,), activations=("tanh",), output="sigmoid")


def make(config=CONFIG, progress=no_progress, rng=None):
    """Return an untrained float64 network, and its gradients on 200 images."""
    network = Network.from_config(config, np.float64)
    initialize(network, config, np.random.default_rng(1))
    dataset = tiny_dataset()
    training = LabeledImages(dataset.train_images, dataset.train_labels)
    rng = rng or np.random.default_rng(0)
    return network, BatchGradient(network, training, rng, None, progress)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("dropout", [0.1, 0.25, 0.5, 0.8])
def test_a_dropout_mask_is_right_on_average(dropout, dtype):
    """Of n elements, n·p ± √(n·p·(1 − p)) are 0, so the mean is 1."""
    K = np.full((500, 400), np.nan, dtype)
    draw_dropout_mask(K, dropout, np.random.default_rng(3))
    np.testing.assert_array_equal(np.unique(K), [0, dtype(1) / dtype(1 - dropout)])
    deviation = np.sqrt(K.size * dropout * (1 - dropout))
    assert abs(np.count_nonzero(K == 0) - K.size * dropout) < 4 * deviation
    assert K.mean() == pytest.approx(1, abs=4 * deviation / K.size / (1 - dropout))
    # The masks of units, and of images, are independent.
    assert 0 < (K == 0).mean(axis=0).min() <= (K == 0).mean(axis=0).max() < 1
    assert 0 < (K == 0).mean(axis=1).min() <= (K == 0).mean(axis=1).max() < 1


def test_another_draw_is_another_mask():
    rng = np.random.default_rng(3)
    K = np.empty((2, 50, 40))
    for mask in K:
        draw_dropout_mask(mask, 0.5, rng)
    assert 0.4 < (K[0] == K[1]).mean() < 0.6


def test_the_gradient_of_a_batch_is_the_mean_over_its_images():
    """For gradient, loss and number of correct images."""
    settings = Hyperparameters()
    _, whole = make()
    _, single = make()
    batch = np.array([3, 14, 15, 92, 65])
    loss, correct = whole.compute(batch, settings)
    results = []
    gradients = []
    for image in batch:
        results.append(single.compute(np.array([image]), settings))
        gradients.append(single.gradient.copy())
    assert loss == pytest.approx(np.mean([result[0] for result in results]))
    assert correct == sum(result[1] for result in results)
    np.testing.assert_allclose(whole.gradient, np.mean(gradients, axis=0), atol=1e-15)


@pytest.mark.parametrize("chunk", [1, 64, 149, 150])
def test_a_batch_in_chunks_gives_the_same_gradient_as_a_whole_one(monkeypatch, chunk):
    """With L2, whose gradient must be added once, and not once per chunk."""
    settings, batch = Hyperparameters(l2=0.3), np.arange(10, 160)
    _, whole = make()
    expected = whole.compute(batch, settings)
    monkeypatch.setattr("core.training.batch_gradient.CHUNK", chunk)
    network, chunked = make()
    results = chunked.compute(batch, settings)
    assert results[0] == pytest.approx(expected[0])
    assert results[1] == expected[1]
    np.testing.assert_allclose(chunked.gradient, whole.gradient, rtol=1e-9, atol=1e-12)
    _, plain = make()
    plain.compute(batch, Hyperparameters())
    penalty = chunked.gradient - plain.gradient
    weights = network.layers[0].W.size
    np.testing.assert_allclose(penalty[:weights], 0.3 * network.parameters[:weights], atol=1e-12)


def test_a_batch_of_one_image_counts_it_once():
    _, gradient = make()
    loss, correct = gradient.compute(np.array([7]), Hyperparameters())
    assert loss > 0
    assert correct in (0, 1)


def test_dropout_and_augmentation_draw_anew_for_each_batch_and_chunk(monkeypatch):
    """The same image everywhere in the batch, and in two batches: no two gradients agree."""
    monkeypatch.setattr("core.training.batch_gradient.CHUNK", 1)
    for settings in (
        Hyperparameters(dropout=0.5),
        Hyperparameters(augmentation=DEFAULT_AUGMENTATION),
    ):
        _, gradient = make()
        losses = [gradient.compute(np.array([5]), settings)[0] for _ in range(4)]
        assert len(set(losses)) == 4
        # The mean over two chunks of the one image is not twice the same.
        _, again = make()
        assert again.compute(np.array([5, 5]), settings)[0] == pytest.approx(np.mean(losses[:2]))


def test_no_random_numbers_are_drawn_without_need():
    rng = np.random.default_rng(8)
    before = rng.bit_generator.state
    _, gradient = make(rng=rng)
    gradient.compute(np.arange(20), Hyperparameters(l2=0.1))
    assert rng.bit_generator.state == before
    gradient.compute(np.arange(20), Hyperparameters(dropout=0.1))
    assert rng.bit_generator.state != before


def test_dropout_leaves_the_gradient_unchanged_on_average():
    """Of a linear layer, over 1,000 masks of one image.

    Its weights onwards are so small that the scores, and with them dZ of the output, are always
    next to 0. An element of a mask is 0 or 2, so it is off its mean 1 by 1, and the mean of n
    gradients is off by 1/√n of itself.
    """
    config = NetworkConfig(hidden=(40,), activations=("identity",))
    network, gradient = make(config)
    network.layers[1].W[...] *= 1e-4
    n = 1000
    batch = np.zeros(n, np.intp)
    gradient.compute(batch, Hyperparameters())
    plain = gradient.gradient.copy()
    gradient.compute(batch, Hyperparameters(dropout=0.5))
    error = np.linalg.norm(gradient.gradient - plain) / np.linalg.norm(plain)
    assert 0 < error < 3 / np.sqrt(n)


def test_progress_is_reported_only_for_batches_of_several_chunks(monkeypatch):
    reported = []
    _, gradient = make(progress=lambda done, total: reported.append((done, total)))
    monkeypatch.setattr("core.training.batch_gradient.CHUNK", 64)
    gradient.compute(np.arange(64), Hyperparameters())
    assert reported == []
    gradient.compute(np.arange(150), Hyperparameters())
    assert reported == [(64, 150), (128, 150), (150, 150)]


def test_a_batch_of_several_chunks_can_be_cancelled(monkeypatch):
    def stop(done, total):
        raise Cancelled

    _, gradient = make(progress=stop)
    monkeypatch.setattr("core.training.batch_gradient.CHUNK", 64)
    with pytest.raises(Cancelled):
        gradient.compute(np.arange(150), Hyperparameters())


def test_only_large_batches_are_split():
    """784-128-64-10 has 109,386 parameters: 6 · 109,386 − 2 · 784 · 128 = 455,612 operations.

    Times 256 images that is 1.2e8, less than one shard of 1.5e8; times 1,024 it is 4.7e8, which is
    three. Augmenting 256 images adds as much as 2.6e8.
    """
    small, wide = (784, 128, 64, 10), (784, 4096, 10)
    assert shard_count(small, 256, augmentation=False) == 1
    assert shard_count(small, 1024, augmentation=False) == 3
    assert shard_count(small, 256, augmentation=True) == 2
    # However large the network, a shard has 64 images, and there are at most eight.
    assert [shard_count(wide, n, augmentation=False) for n in (1, 127, 128, 200)] == [1, 1, 2, 3]
    assert shard_count(wide, CHUNK, augmentation=False) == 8
    # A larger batch is processed in chunks.
    assert shard_count(small, MAX_BATCH_SIZE, augmentation=False) == 3


def test_parts_have_every_image_once(monkeypatch):
    """Nine images in shards of two and three."""
    monkeypatch.setattr("core.training.batch_gradient.shard_count", lambda *_: 4)
    _, shards = make()
    batch, settings = np.arange(30, 39), Hyperparameters(l2=0.1)
    results = shards.compute(batch, settings)
    monkeypatch.setattr("core.training.batch_gradient.shard_count", lambda *_: 1)
    _, whole = make()
    assert whole.compute(batch, settings) == pytest.approx(results)
    np.testing.assert_allclose(shards.gradient, whole.gradient, rtol=1e-9, atol=1e-12)


def test_the_units_of_a_wide_layer_are_split():
    """784-1024-10 takes 6 · 814,090 − 2 · 784 · 1,024 = 3,278,908 operations per image.

    Times 128 that is 4.2e8, three shards of 1.25e8, and so two groups; times 64 it is one shard.
    """
    wide = (784, 1024, 10)
    assert [unit_group_count(wide, n) for n in (64, 128, CHUNK, MAX_BATCH_SIZE)] == [1, 2, 8, 8]
    assert unit_group_count((784, 512, 512, 10), CHUNK) == 1


@pytest.mark.parametrize(
    "settings",
    [
        {"l2": 0.1},
        {"dropout": 0.5},
        {"dropout": 0.2, "augmentation": DEFAULT_AUGMENTATION},
    ],
)
def test_groups_of_units_give_what_a_whole_batch_does(monkeypatch, settings):
    """In two chunks, whose gradients add up."""
    monkeypatch.setattr("core.training.batch_gradient.CHUNK", 40)
    batch, config = np.arange(10, 80), NetworkConfig(hidden=(1024,), activations=("tanh",))
    results = []
    for groups in (1, 4):
        monkeypatch.setattr("core.training.batch_gradient.unit_group_count", lambda *_, g=groups: g)
        _, gradient = make(config)
        results.append((gradient.compute(batch, Hyperparameters(**settings)), gradient.gradient))
    assert results[1][0] == pytest.approx(results[0][0])
    np.testing.assert_allclose(results[1][1], results[0][1], rtol=1e-9, atol=1e-12)
