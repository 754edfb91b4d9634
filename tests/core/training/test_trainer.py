"""One step, an epoch, and the measurements in it."""

import numpy as np
import pytest

from core.datasets.dataset import Dataset
from core.errors import Cancelled, ConfigError
from core.settings.config import OPTIMIZER_NAMES, Hyperparameters, NetworkConfig, RunConfig
from core.training.trainer import Trainer
from tests.core.digits import tiny_dataset
from tests.core.training.small_runs import make_trainer, run

LINEAR = NetworkConfig(hidden=(), initialization="zeros")


def white_image():
    """A data set of one white image of class 0."""
    tiny = tiny_dataset(train=1)
    images, labels = np.full((1, 784), 255, np.uint8), np.zeros(1, np.uint8)
    return Dataset("strokes", images, labels, tiny.test_images, tiny.test_labels)


@pytest.mark.parametrize("optimizer", OPTIMIZER_NAMES)
@pytest.mark.parametrize("output", ["softmax", "sigmoid"])
def test_ten_samples_are_memorized(optimizer, output):
    trainer = make_trainer(
        tiny_dataset(train=10, test=10),
        NetworkConfig(hidden=(32,), activations=("leaky-relu",), output=output),
        batch_size=10,
        optimizer=optimizer,
        learning_rate={"sgd": 0.04, "adam": 0.002}.get(optimizer, 0.005),
    )
    run(trainer, 100)
    losses = trainer.history.batch_loss
    assert trainer.history.steps.newest("batch_accuracy")[-1] == 1
    assert losses[-1] < 0.05 * losses[0]


def test_one_step_moves_every_parameter_against_its_gradient():
    """A network of no hidden layer that begins at zero, and one white image of class 0.

    All probabilities are 1/10, so dZ = A − Y is −0.9 for class 0 and 0.1 for the others; every
    pixel is 1, so each row of dW is dZ, and db is dZ. With α = 0.5 the weights to class 0 become
    0.45 and all others −0.05.
    """
    trainer = run(make_trainer(white_image(), LINEAR, learning_rate=0.5, batch_size=1), 1)
    layer = trainer.network.layers[0]
    expected = np.full(10, -0.05)
    expected[0] = 0.45
    np.testing.assert_allclose(layer.b, expected, rtol=1e-6)
    np.testing.assert_allclose(layer.W, np.tile(expected, (784, 1)), rtol=1e-6)
    assert trainer.history.batch_loss[0] == pytest.approx(np.log(10))


def test_one_step_with_sigmoid_output():
    """As above, but all probabilities are 1/2: the loss is 10 ln 2, and dZ is ±1/2."""
    network = NetworkConfig(hidden=(), initialization="zeros", output="sigmoid")
    trainer = run(make_trainer(white_image(), network, learning_rate=0.5, batch_size=1), 1)
    expected = np.full(10, -0.25)
    expected[0] = 0.25
    np.testing.assert_allclose(trainer.network.layers[0].b, expected, rtol=1e-6)
    assert trainer.history.batch_loss[0] == pytest.approx(10 * np.log(2))


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
    penalties = [each.history.steps.newest("regularization_loss") for each in (decayed, plain)]
    assert penalties[0][0] == pytest.approx(penalty, rel=1e-4)
    assert decayed.history.batch_loss[0] == plain.history.batch_loss[0]
    assert penalties[1][0] == 0


def test_a_batch_in_chunks_learns_the_same_as_a_whole_one(monkeypatch):
    settings = {"batch_size": 150, "l2": 0.01, "optimizer": "nesterov", "dtype": np.float64}
    whole = run(make_trainer(**settings), 3)
    monkeypatch.setattr("core.training.batch_gradient.CHUNK", 64)
    chunks = run(make_trainer(**settings), 3)
    for name in ("batch_loss", "regularization_loss", "batch_accuracy"):
        ours, theirs = (trainer.history.values()[name] for trainer in (chunks, whole))
        np.testing.assert_allclose(ours, theirs, rtol=1e-6)
    np.testing.assert_allclose(
        chunks.network.parameters, whole.network.parameters, rtol=1e-8, atol=1e-12
    )


# --- epochs ---------------------------------------------------------------------------------


def test_an_epoch_uses_every_image_once_with_a_smaller_last_batch():
    trainer = make_trainer(batch_size=64)  # 200 = 64 + 64 + 64 + 8
    order = trainer.order
    np.testing.assert_array_equal(np.sort(order), np.arange(200))
    run(trainer, 3)
    assert (trainer.epoch, trainer.position) == (0, 192)
    trainer.step()
    assert (trainer.epoch, trainer.position, trainer.step_count) == (1, 0, 4)
    # Of 8 images the accuracy is a multiple of 1/8.
    assert (trainer.history.steps.newest("batch_accuracy")[-1] * 8) % 1 == 0
    np.testing.assert_array_equal(np.sort(trainer.order), np.arange(200))
    assert not np.array_equal(trainer.order, order)


def test_the_last_batch_is_averaged_over_its_own_size():
    """A single image in the last batch moves the weights as a batch of one does."""
    trainer = make_trainer(tiny_dataset(train=65), batch_size=64)
    trainer.step()
    alone = make_trainer(tiny_dataset(train=65), batch_size=1)
    alone.network.parameters[:] = trainer.network.parameters
    alone.order = trainer.order[64:]
    alone.step()
    trainer.step()
    np.testing.assert_array_equal(trainer.network.parameters, alone.network.parameters)


def test_a_full_batch_is_one_step_an_epoch():
    trainer = run(make_trainer(batch_size=60_000), 2)
    assert (trainer.epoch, trainer.step_count) == (2, 2)


def test_test_set_is_evaluated_often_at_first_and_then_after_each_epoch():
    trainer = run(make_trainer(batch_size=20), 30)
    np.testing.assert_array_equal(trainer.history.evaluation_step, [0, 1, 2, 4, 8, 10, 20, 30])
    np.testing.assert_array_equal(trainer.history.epochs.newest("epoch_end"), [10, 20, 30])


# --- the learning rate ------------------------------------------------------------------------


def test_a_step_uses_the_scheduled_rate_at_the_middle_of_its_batch():
    """Epochs of 8 + 2 images, and a warm-up of two epochs up to 1.

    The batches' middles are at images 4, 9, 14 and 19 of 20. With no hidden layer, zero weights
    and always the same white image, the first step's gradient is known: db of class 0 is −0.9.
    """
    dataset = white_image()
    ten = Dataset(
        "strokes",
        np.repeat(dataset.train_images, 10, axis=0),
        np.repeat(dataset.train_labels, 10),
        dataset.test_images,
        dataset.test_labels,
    )
    trainer = make_trainer(ten, LINEAR, batch_size=8, learning_rate=1.0, warm_up=2.0)
    rates = []
    for _ in range(5):
        rates.append(trainer.learning_rate)
        trainer.step()
    np.testing.assert_allclose(rates, [4 / 20, 9 / 20, 14 / 20, 19 / 20, 1])

    first = run(make_trainer(ten, LINEAR, batch_size=8, learning_rate=1.0, warm_up=2.0), 1)
    assert first.network.layers[0].b[0] == pytest.approx(0.9 * 4 / 20)


def test_the_rate_follows_the_schedule_to_the_end_of_the_run():
    trainer = make_trainer(batch_size=100, learning_rate=0.2, schedule="step", epochs=2)
    rates = []
    for _ in range(5):
        rates.append(trainer.learning_rate)
        trainer.step()
    # Middles of the batches: 1/8, 3/8, 5/8 and 7/8 of the run, and then its end.
    np.testing.assert_allclose(rates, [0.2, 0.2, 0.02, 0.002, 0.002])


# --- validation and stopping ------------------------------------------------------------------


def altered_validation(dataset, validation):
    """The same data set with the last images inverted, and their labels rotated."""
    images, labels = dataset.train_images.copy(), dataset.train_labels.copy()
    images[-validation:] = 255 - images[-validation:]
    labels[-validation:] = (labels[-validation:] + 1) % 10
    return Dataset("strokes", images, labels, dataset.test_images, dataset.test_labels)


def test_validation_images_never_influence_the_parameters():
    settings = {
        "validation": 60,
        "dropout": 0.2,
        "optimizer": "adam",
        "learning_rate": 0.001,
        "target_accuracy": 0.5,
        "patience": 1,
    }
    a = run(make_trainer(tiny_dataset(), **settings), 15)
    b = run(make_trainer(altered_validation(tiny_dataset(), 60), **settings), 15)
    np.testing.assert_array_equal(a.network.parameters, b.network.parameters)
    assert not np.array_equal(a.history.validation_loss, b.history.validation_loss)
    np.testing.assert_array_equal(a.history.test_loss, b.history.test_loss)


def test_with_a_validation_split_an_epoch_has_the_remaining_images():
    trainer = make_trainer(validation=60, batch_size=70)
    assert trainer.images_per_epoch == 140
    run(trainer, 2)
    assert (trainer.epoch, trainer.position) == (1, 0)
    history = trainer.history
    assert len(history.validation_accuracy) == len(history.evaluation_step) == 3
    assert len(history.epoch_validation_accuracies) == 1


def test_without_a_validation_split_no_validation_metric_is_recorded():
    history = run(make_trainer(batch_size=100), 2).history
    assert len(history.validation_loss) == len(history.validation_accuracy) == 0
    assert len(history.epoch_validation_accuracies) == 0


def test_a_split_that_leaves_nothing_is_refused():
    with pytest.raises(ConfigError, match="200"):
        make_trainer(validation=200)
    assert make_trainer(validation=199).images_per_epoch == 1


def test_a_run_ends_after_its_epochs_and_can_be_continued():
    trainer = make_trainer(batch_size=50, epochs=2)
    reasons = []
    for _ in range(12):
        trainer.step()
        reasons.append(trainer.stop_reason is not None)
    assert reasons == [False] * 7 + [True] + [False] * 4


def test_a_run_ends_when_validation_reaches_the_target():
    """The data are easy: in the end all validation images are correct."""
    trainer = make_trainer(validation=50, batch_size=25, target_accuracy=1.0, learning_rate=0.02)
    while trainer.stop_reason is None and trainer.epoch < 100:
        trainer.step()
    accuracies = trainer.history.epoch_validation_accuracies
    assert accuracies[-1] == 1
    assert (accuracies[:-1] < 1).all()
    assert "100.00 %" in trainer.stop_reason


def test_a_long_step_can_be_cancelled():
    def stop(done, total):
        raise Cancelled

    config = RunConfig(network=NetworkConfig(hidden=(4,)), hyperparameters=Hyperparameters())
    trainer = Trainer(config, tiny_dataset(), stop)
    with pytest.raises(Cancelled):
        trainer.step()
