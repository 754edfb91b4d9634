"""The same seed and settings give the same bits, on any number of threads."""

import math
from dataclasses import replace

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from core.settings.augmentation import DEFAULT_AUGMENTATION
from core.settings.config import OPTIMIZER_NAMES, Hyperparameters, NetworkConfig
from core.threads.workers import Workers
from core.training.sharding import shard_count, unit_group_count
from tests.core.digits import tiny_dataset
from tests.core.training.small_runs import make_trainer, run

WIDE = NetworkConfig(hidden=(512,), activations=("leaky-relu",))
NOISY = {"dropout": 0.3, "augmentation": DEFAULT_AUGMENTATION}


@pytest.fixture(autouse=True)
def _blas_on_one_thread():
    """As it is wherever there are workers; the products' last bits depend on it."""
    with threadpool_limits(1, user_api="blas"):
        yield


@pytest.fixture
def used(monkeypatch):
    """Try all settings of two threads within some steps; return those that were used."""
    monkeypatch.setattr("core.threads.workers.usable_cores", lambda: 2)
    for name, value in (
        ("_TRIAL_SECONDS", 0.0),
        ("_TRIAL_PIECES", 1),
        ("_PAUSE_SECONDS", 0.0),
        ("_PAUSE_PIECES", 0),
        ("_BUSY", math.inf),
        ("_LOSS_SECONDS", math.inf),
    ):
        monkeypatch.setattr(f"core.threads.tuning.{name}", value)
    settings = []
    use = Workers.use
    monkeypatch.setattr(
        Workers, "use", lambda self, setting: settings.append(setting) or use(self, setting)
    )
    return settings


def assert_same_run(a, b):
    np.testing.assert_array_equal(a.network.parameters, b.network.parameters)
    for name in ("batch_loss", "regularization_loss", "batch_accuracy", "test_loss"):
        ours, theirs = (trainer.history.values()[name] for trainer in (a, b))
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("optimizer", OPTIMIZER_NAMES)
@pytest.mark.parametrize(
    "settings", [{}, {"dropout": 0.3}, {"augmentation": DEFAULT_AUGMENTATION}, NOISY]
)
def test_the_same_seed_gives_the_same_bits_and_another_does_not(optimizer, settings):
    settings = {"optimizer": optimizer, "learning_rate": 0.001, "l2": 0.001, **settings}
    a, b = (run(make_trainer(seed=5, **settings), 8) for _ in range(2))
    assert_same_run(a, b)
    other = run(make_trainer(seed=6, **settings), 8)
    assert (a.network.parameters != other.network.parameters).mean() > 0.9


def test_dropout_and_augmentation_do_not_change_weights_and_order():
    """They have their own random stream."""
    plain, noisy = make_trainer(), make_trainer(**NOISY)
    np.testing.assert_array_equal(plain.network.parameters, noisy.network.parameters)
    for trainer in (plain, noisy):
        run(trainer, 6)
    np.testing.assert_array_equal(plain.order, noisy.order)
    assert not np.array_equal(plain.network.parameters, noisy.network.parameters)


def test_the_network_does_not_affect_the_order_of_the_images():
    a, b = make_trainer(), make_trainer(network=WIDE)
    np.testing.assert_array_equal(a.order, b.order)


@pytest.mark.parametrize(
    "settings",
    [
        {"l2": 0.001},
        {"optimizer": "adam", "learning_rate": 0.001, "validation": 50, **NOISY},
    ],
)
def test_the_number_of_threads_changes_no_bit(settings):
    """The batch is split into several shards, and an epoch's last batch differently."""
    assert shard_count(WIDE.sizes, 256, augmentation=False) > 1

    def trained(workers):
        dataset = tiny_dataset(train=600)
        return run(make_trainer(dataset, WIDE, workers=workers, batch_size=256, **settings), 5)

    alone = trained(None)
    for threads in (1, 2, 3):
        with Workers(threads, is_alone=False) as workers:
            shared = trained(workers)
            assert shared.threads == threads
        assert_same_run(shared, alone)


@pytest.mark.parametrize(
    ("network", "settings"),
    [
        (NetworkConfig((1024,)), {"batch_size": 128, "l2": 0.001}),
        (NetworkConfig((2048,)), {"batch_size": 64, "optimizer": "adam", **NOISY}),
        (NetworkConfig((1024,)), {"batch_size": 300, "optimizer": "nesterov"}),
    ],
)
def test_splitting_units_changes_no_bit(network, settings):
    """Nor does the update, which is split into shards for the many parameters of 784-1024-10."""
    assert unit_group_count(network.sizes, settings["batch_size"]) > 1
    dataset = tiny_dataset(train=350)
    alone = run(make_trainer(dataset, network, learning_rate=0.001, **settings), 6)
    for threads in (1, 2, 3):
        with Workers(threads, is_alone=False) as workers:
            shared = make_trainer(
                dataset, network, workers=workers, learning_rate=0.001, **settings
            )
            assert_same_run(run(shared, 6), alone)


def test_several_threads_change_no_bit(used):
    """In the presets' networks and in a wide one, with one setting after another."""

    def trained(network, workers):
        dataset = tiny_dataset(train=300)
        return run(make_trainer(dataset, network, workers=workers, batch_size=64, l2=0.001), 8)

    for hidden in ((128, 64), (512,), (32, 16), (2048,)):
        network = NetworkConfig(hidden)
        alone = trained(network, None)
        used.clear()
        with Workers() as workers:
            shared = trained(network, workers)
        assert {setting.blas for setting in used} == {1, 2}
        with threadpool_limits(1, user_api="blas"):
            assert_same_run(shared, alone)


@pytest.mark.parametrize("threads", [1, 2])
def test_chunks_change_no_bit_either(monkeypatch, threads):
    monkeypatch.setattr("core.training.batch_gradient.CHUNK", 256)
    settings = {"batch_size": 600, "l2": 0.001, **NOISY}
    dataset = tiny_dataset(train=600)
    alone = run(make_trainer(dataset, WIDE, **settings), 2)
    with Workers(threads) as workers:
        assert_same_run(run(make_trainer(dataset, WIDE, workers=workers, **settings), 2), alone)


def test_trying_numbers_of_threads_changes_no_bit(used):
    """At the start, at a new batch size, and when augmentation changes the step."""

    def trained(workers):
        dataset = tiny_dataset(train=600)
        trainer = make_trainer(dataset, WIDE, workers=workers, batch_size=256, dropout=0.3)
        for change in ({"batch_size": 128}, {"augmentation": DEFAULT_AUGMENTATION}, {"l2": 0.1}):
            run(trainer, 4)
            trainer.change(replace(trainer.hyperparameters, **change))
        return run(trainer, 4)

    alone = trained(None)
    for is_alone in (False, True):
        used.clear()
        with Workers(is_alone=is_alone) as workers:
            assert_same_run(trained(workers), alone)
        assert {setting.workers for setting in used} == {1, 2}
        assert {setting.blas for setting in used} == ({1, 2} if is_alone else {1})


@pytest.mark.parametrize("threads", [None, 2])
def test_chunks_of_a_batch_may_be_done_with_other_threads(monkeypatch, used, threads):
    """BLAS's are tried in the middle of a batch, and the sum so far is kept."""
    monkeypatch.setattr("core.training.batch_gradient.CHUNK", 64)
    settings = {"batch_size": 600, "l2": 0.001, "momentum": 0.9, "optimizer": "momentum", **NOISY}
    dataset = tiny_dataset(train=600)
    alone = run(make_trainer(dataset, WIDE, **settings), 2)
    used.clear()
    with Workers(threads) as workers:
        assert_same_run(run(make_trainer(dataset, WIDE, workers=workers, **settings), 2), alone)
    assert {setting.blas for setting in used} == {1, 2}


def test_blas_threads_are_tried_with_chunks_of_every_size(monkeypatch, used):
    """Batches of 250, 250 and 100 images are chunks of 64, 58 and 36."""
    monkeypatch.setattr("core.training.batch_gradient.CHUNK", 64)
    tried = []
    monkeypatch.setattr(
        Workers, "has_same_result", lambda _self, _setting, result: tried.append(result())
    )
    with Workers() as workers:
        run(make_trainer(tiny_dataset(train=600), WIDE, workers=workers, batch_size=250), 3)
    assert [len(results) for results in tried] == [3]


def test_blas_threads_that_change_bits_are_not_used(monkeypatch, used):
    """Also where their number was given, and the work is too small to be shared."""
    monkeypatch.setattr("core.training.batch_gradient.CHUNK", 64)
    monkeypatch.setattr(Workers, "has_same_result", lambda *_: False)
    with Workers(2) as workers:
        run(make_trainer(tiny_dataset(train=600), WIDE, workers=workers), 8)
    assert {setting.blas for setting in used} == {1}


def test_float64_agrees_with_float32_to_its_precision():
    """32-bit numbers are given to 6e-8; the errors of a few steps are within 100 of that."""
    network = NetworkConfig(hidden=(16,), initialization="constant", initial_scale=0.0)
    single = make_trainer(network=network)
    double = make_trainer(network=network, dtype=np.float64)
    rng = np.random.default_rng(0)
    start = rng.standard_normal(len(single.network.parameters)).astype(np.float32) * 0.05
    for trainer in (single, double):
        trainer.network.parameters[:] = start
        run(trainer, 4)
        assert trainer.network.parameters.dtype == trainer.optimizer.scratch.dtype
    moved = np.linalg.norm(double.network.parameters - start)
    error = np.linalg.norm(single.network.parameters - double.network.parameters)
    assert double.network.parameters.dtype == np.float64
    assert error < 1e-5 * moved


def test_restored_settings_are_as_before():
    """Turning dropout on and off again between two steps changes no bit."""
    a, b = run(make_trainer(), 3), run(make_trainer(), 3)
    a.change(Hyperparameters(dropout=0.5))
    a.change(Hyperparameters())
    assert_same_run(run(a, 5), run(b, 5))


@pytest.mark.parametrize(
    ("batch_size", "sizes"), [(100, [100]), (64, [64, 44]), (1_000, [300]), (150, [150])]
)
def test_blas_is_tried_with_the_batches_that_an_epoch_has(monkeypatch, used, batch_size, sizes):
    """300 images: three of 100, or four of 64 and one of 44, or all at once."""
    tried = []
    has_same_result = Workers.has_same_result

    def spy(self, setting, result):
        tried.append((setting.blas, len(result()), len(set(result()))))
        return has_same_result(self, setting, result)

    monkeypatch.setattr(Workers, "has_same_result", spy)
    with Workers() as workers:
        run(make_trainer(tiny_dataset(train=300), workers=workers, batch_size=batch_size), 6)
    assert tried == [(2, len(sizes), len(sizes))]


def test_blas_is_not_used_where_it_would_change_a_bit(monkeypatch, used):
    monkeypatch.setattr(Workers, "has_same_result", lambda *_: False)
    with Workers() as workers:
        run(make_trainer(tiny_dataset(train=300), workers=workers, batch_size=64), 12)
    assert {setting.blas for setting in used} == {1}
