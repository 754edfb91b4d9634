import threading

import numpy as np
import pytest

from core.config import Hyperparameters, NetworkConfig, RunConfig
from core.divergence import TrainingDivergedError
from core.errors import Cancelled
from core.network import Network
from core.trainer import Trainer
from tests.core.digits import tiny_dataset


def make_trainer(dataset=None, hidden=(16,), seed=0, **hyperparameters):
    config = RunConfig(
        network=NetworkConfig(hidden=hidden),
        hyperparameters=Hyperparameters(**hyperparameters),
        seed=seed,
    )
    return Trainer(config, dataset or tiny_dataset())


def run(trainer, steps):
    for _ in range(steps):
        trainer.step()
    return trainer


def test_ten_samples_are_learnt_by_heart():
    trainer = make_trainer(tiny_dataset(train=10), hidden=(64,), batch_size=10, learning_rate=0.02)
    run(trainer, 500)
    assert trainer.history.batch_accuracy.values[-1] == 1
    assert trainer.history.batch_loss.values[-1] < 0.01


def test_one_step_moves_every_parameter_against_its_gradient():
    """A network of no hidden layer that begins at zero, and one white image of class 0.

    All probabilities are 1/10, so dZ = A − Y is −0.9 for class 0 and 0.1 for the others; every
    pixel is 1, so each row of dW is dZ, and db is dZ. With α = 0.5 the weights to class 0 become
    0.45 and all others −0.05.
    """
    dataset = tiny_dataset(train=1)
    white = type(dataset)(
        "strokes",
        np.full((1, 784), 255, np.uint8),
        np.zeros(1, np.uint8),
        dataset.test_images,
        dataset.test_labels,
    )
    config = RunConfig(
        network=NetworkConfig(hidden=(), initialization="constant", initial_scale=0),
        hyperparameters=Hyperparameters(learning_rate=0.5, batch_size=1),
    )
    trainer = run(Trainer(config, white), 1)
    layer = trainer.network.layers[0]
    expected = np.full(10, -0.05)
    expected[0] = 0.45
    np.testing.assert_allclose(layer.b, expected, rtol=1e-6)
    np.testing.assert_allclose(layer.W, np.tile(expected, (784, 1)), rtol=1e-6)
    assert trainer.history.batch_loss.values[0] == pytest.approx(np.log(10))


def test_l2_shrinks_weights_and_spares_biases():
    """Against the same step without L2: W is smaller by α·λ·W₀, b is the same."""
    plain = run(make_trainer(learning_rate=0.1, l2=0.0), 1)
    decayed = make_trainer(learning_rate=0.1, l2=0.01)
    start = [layer.W.copy() for layer in decayed.network.layers]
    run(decayed, 1)
    for W0, a, b in zip(start, plain.network.layers, decayed.network.layers, strict=True):
        np.testing.assert_allclose(a.W - b.W, 0.1 * 0.01 * W0, atol=1e-7)
        np.testing.assert_array_equal(a.b, b.b)
    penalty = 0.5 * 0.01 * sum(float((W**2).sum()) for W in start)
    assert decayed.history.regularization_loss.values[0] == pytest.approx(penalty, rel=1e-4)


def test_same_seed_gives_the_same_bits():
    a, b = (run(make_trainer(seed=5), 20) for _ in range(2))
    np.testing.assert_array_equal(a.network.parameters, b.network.parameters)
    np.testing.assert_array_equal(a.history.batch_loss.values, b.history.batch_loss.values)
    c = run(make_trainer(seed=6), 20)
    assert not np.array_equal(a.network.parameters, c.network.parameters)


def test_an_epoch_uses_every_image_once_with_a_smaller_last_batch():
    trainer = make_trainer(batch_size=64)  # 200 = 64 + 64 + 64 + 8
    order = trainer.order
    np.testing.assert_array_equal(np.sort(order), np.arange(200))
    run(trainer, 3)
    assert (trainer.epoch, trainer.position) == (0, 192)
    trainer.step()
    assert (trainer.epoch, trainer.position, trainer.step_count) == (1, 0, 4)
    # Of 8 images the accuracy is a multiple of 1/8.
    assert (trainer.history.batch_accuracy.values[-1] * 8) % 1 == 0
    np.testing.assert_array_equal(np.sort(trainer.order), np.arange(200))
    assert not np.array_equal(trainer.order, order)


def test_the_last_batch_is_averaged_over_its_own_size():
    """A lone image in the last batch moves the weights as a batch of one does."""
    trainer = make_trainer(tiny_dataset(train=65), batch_size=64)
    trainer.step()
    network = Network(trainer.network.sizes)
    network.parameters[:] = trainer.network.parameters
    alone = make_trainer(tiny_dataset(train=65), batch_size=1)
    alone.network.parameters[:] = network.parameters
    alone.order = trainer.order[64:]
    alone.step()
    trainer.step()
    np.testing.assert_array_equal(trainer.network.parameters, alone.network.parameters)


def test_a_batch_in_parts_learns_what_a_whole_one_does(monkeypatch):
    whole = run(make_trainer(batch_size=150), 3)
    monkeypatch.setattr("core.trainer._CHUNK", 64)
    parts = run(make_trainer(batch_size=150), 3)
    np.testing.assert_allclose(
        parts.network.parameters, whole.network.parameters, rtol=1e-4, atol=1e-6
    )
    np.testing.assert_allclose(
        parts.history.batch_loss.values, whole.history.batch_loss.values, rtol=1e-4
    )


def test_a_full_batch_is_one_step_an_epoch():
    trainer = run(make_trainer(batch_size=60_000), 2)
    assert (trainer.epoch, trainer.step_count) == (2, 2)


def test_test_set_is_read_often_at_first_and_then_after_each_epoch():
    trainer = run(make_trainer(batch_size=20), 30)
    np.testing.assert_array_equal(
        trainer.history.evaluation_step.values, [0, 1, 2, 4, 8, 10, 20, 30]
    )
    np.testing.assert_array_equal(trainer.history.epoch_end.values, [10, 20, 30])


def test_posted_settings_take_effect_at_the_next_step_and_are_recorded():
    changed = run(make_trainer(learning_rate=0.1), 2)
    frozen = changed.network.parameters.copy()
    changed.post(Hyperparameters(learning_rate=1e-30))
    np.testing.assert_array_equal(changed.network.parameters, frozen)
    changed.step()
    np.testing.assert_array_equal(changed.network.parameters, frozen)
    assert [(c.step, c.hyperparameters.learning_rate) for c in changed.changes] == [
        (0, 0.1),
        (2, 1e-30),
    ]


def test_batch_size_can_change_in_mid_epoch_and_no_image_is_lost():
    trainer = make_trainer(batch_size=64)
    trainer.step()
    trainer.post(Hyperparameters(batch_size=100))
    trainer.step()
    assert trainer.position == 164
    trainer.step()
    assert (trainer.epoch, trainer.position) == (1, 0)


def test_only_the_newest_of_several_changes_at_a_step_is_recorded():
    trainer = make_trainer(learning_rate=0.1)
    for rate in (0.2, 0.3, 0.4):
        trainer.post(Hyperparameters(learning_rate=rate))
    trainer.step()
    assert [(c.step, c.hyperparameters.learning_rate) for c in trainer.changes] == [(0, 0.4)]


def test_posting_from_another_thread():
    trainer = make_trainer()
    thread = threading.Thread(target=trainer.post, args=(Hyperparameters(learning_rate=0.7),))
    thread.start()
    thread.join()
    trainer.step()
    assert trainer.hyperparameters.learning_rate == 0.7


def test_going_back_and_on_gives_the_same_bits():
    trainer = run(make_trainer(batch_size=64), 6)
    checkpoint = trainer.checkpoint()
    run(trainer, 10)
    first = trainer.network.parameters.copy()
    losses = trainer.history.batch_loss.values.copy()
    trainer.restore(checkpoint)
    assert trainer.step_count == 6
    assert len(trainer.history.batch_loss) == 6
    run(trainer, 10)
    np.testing.assert_array_equal(trainer.network.parameters, first)
    np.testing.assert_array_equal(trainer.history.batch_loss.values, losses)


def test_going_back_forgets_later_changes():
    trainer = run(make_trainer(learning_rate=0.1), 2)
    checkpoint = trainer.checkpoint()
    trainer.post(Hyperparameters(learning_rate=0.5))
    run(trainer, 3)
    trainer.restore(checkpoint)
    assert trainer.hyperparameters.learning_rate == 0.1
    assert len(trainer.changes) == 1


def test_divergence_stops_at_the_step_and_says_why():
    trainer = run(make_trainer(learning_rate=0.05), 30)
    good = trainer.network.parameters.copy()
    trainer.post(Hyperparameters(learning_rate=900))
    with pytest.raises(TrainingDivergedError, match="learning rate") as caught:
        run(trainer, 1000)
    assert caught.value.step == trainer.step_count
    assert caught.value.good_step == 30
    trainer.restore_last_good()
    np.testing.assert_array_equal(trainer.network.parameters, good)
    assert trainer.hyperparameters.learning_rate == 0.05
    assert len(trainer.history.batch_loss) == trainer.step_count == 30
    run(trainer, 10)
    assert trainer.history.batch_loss.values[-1] < 2.3


def test_divergence_through_l2_names_l2():
    trainer = make_trainer(learning_rate=4, l2=1)
    with pytest.raises(TrainingDivergedError, match="L2"):
        run(trainer, 1000)


def test_nan_counts_as_divergence():
    trainer = run(make_trainer(), 1)
    trainer.network.parameters[0:200] = np.nan
    with pytest.raises(TrainingDivergedError, match="NaN"):
        trainer.step()


def test_large_initial_weights_are_not_taken_for_divergence():
    config = RunConfig(
        network=NetworkConfig(hidden=(16,), initialization="constant", initial_scale=3),
        hyperparameters=Hyperparameters(learning_rate=1e-6),
    )
    trainer = run(Trainer(config, tiny_dataset()), 20)
    assert trainer.history.batch_loss.values[0] > 100 * np.log(10)
    assert trainer.step_count == 20


def test_probing_learns_nothing():
    trainer = run(make_trainer(), 3)
    before = trainer.network.parameters.copy()
    trainer.probe()
    np.testing.assert_array_equal(trainer.network.parameters, before)
    reference = run(make_trainer(), 4)
    trainer.step()
    np.testing.assert_array_equal(trainer.network.parameters, reference.network.parameters)


def test_a_long_step_can_be_cancelled():
    def stop(done, total):
        raise Cancelled

    trainer = Trainer(RunConfig(network=NetworkConfig(hidden=(4,))), tiny_dataset(), stop)
    with pytest.raises(Cancelled):
        trainer.step()
