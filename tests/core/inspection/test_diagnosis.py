"""Networks with a known problem, and healthy ones, trained for some steps."""

import numpy as np
import pytest

from core.datasets.published import load_published
from core.datasets.published_sets import MNIST
from core.history.recorder import HistoryRecorder
from core.inspection.diagnosis import diagnose
from core.network.initialization import initialize
from core.network.layers import layer_views
from core.network.network import Network
from core.network.workspace import Workspace
from core.settings.config import Hyperparameters, NetworkConfig
from core.settings.presets import PRESETS
from core.training.layer_statistics import LAYER_METRICS, LayerRecord, before_update
from core.training.optimizers import OPTIMIZERS
from core.training.schedules import learning_rate_at
from tests.core.digits import tiny_dataset
from tests.real_mnist import FOLDER, needs_mnist

SIGMOID_5 = NetworkConfig(hidden=(32,) * 5, activations=("sigmoid",), initialization="constant")


def train(config, hyperparameters=None, steps=60, dataset=None, epoch=200):
    """Train, and return the records of every step and the hyperparameters."""
    hp = hyperparameters or Hyperparameters()
    data = dataset or tiny_dataset()
    rng = np.random.default_rng(0)
    network = Network.from_config(config)
    initialize(network, config, rng)
    gradient, scratch = np.empty_like(network.parameters), np.empty_like(network.parameters)
    optimizer = OPTIMIZERS[hp.optimizer](network.parameters, gradient, scratch)
    n = min(hp.batch_size, 64)
    work = Workspace.allocate(network.sizes, n)
    records = []
    for step in range(1, steps + 1):
        rows = rng.integers(0, len(data.train_images), n)
        work.load(data.train_images[rows])
        with np.errstate(over="ignore", invalid="ignore"):
            network.forward_backward(work, data.train_labels[rows], n)
            network.gradient(work, layer_views(gradient, network.sizes))
            measurement = before_update(step, network, gradient, work, n)
            rate = learning_rate_at(step * hp.batch_size / epoch, hp)
            optimizer.update(rate, hp.momentum)
            records.append(measurement.after_update())
    return records, hp


def kinds(records, hyperparameters):
    return [diagnosis.kind for diagnosis in diagnose(records, hyperparameters)]


@pytest.mark.parametrize(
    "preset",
    [preset for preset in PRESETS if preset.name not in ("chapter-3-sigmoid", "best", "pad")],
    ids=lambda preset: preset.name,
)
def test_presets_get_no_remark(preset):
    """At any of their first steps; their schedules assume 60,000 images.

    Two would take too long; and "chapter-3-sigmoid" is meant to have vanishing gradients.
    """
    records, hp = train(preset.network, preset.hyperparameters, steps=30, epoch=60_000)
    for count in range(len(records) + 1):
        assert kinds(records[:count], hp) == []


@pytest.mark.parametrize(
    "network",
    [
        NetworkConfig(hidden=()),
        NetworkConfig(hidden=(), initialization="zeros"),
        NetworkConfig(hidden=(32,) * 8),
        NetworkConfig(hidden=(32, 16), activations=("tanh",), initialization="glorot"),
        NetworkConfig(hidden=(32, 16), activations=("leaky-relu",)),
        NetworkConfig(hidden=(32, 16), activations=("identity",)),
        NetworkConfig(hidden=(32, 16), activations=("sigmoid",), initialization="glorot"),
    ],
    ids=str,
)
def test_other_healthy_networks_get_no_diagnosis(network):
    records, hp = train(network, Hyperparameters(learning_rate=0.03))
    for count in range(len(records) + 1):
        assert kinds(records[:count], hp) == []


@pytest.mark.parametrize(
    ("kind", "network", "hyperparameters", "words"),
    [
        ("vanishing", SIGMOID_5, {}, ["layers 1 to 4", "ReLU instead of sigmoid"]),
        (
            "symmetric",
            NetworkConfig(initialization="zeros"),
            {},
            ["layer 1 and layer 2", "initialization"],
        ),
        (
            "symmetric",
            NetworkConfig(activations=("tanh",), initialization="zeros"),
            {},
            ["initialization"],
        ),
        (
            "saturated",
            NetworkConfig(activations=("tanh",), initialization="constant", initial_scale=5),
            {"learning_rate": 0.001},
            ["98 %", "100 %", "99 %", "tanh is flat", "Glorot"],
        ),
        ("too-large", NetworkConfig(), {"learning_rate": 3}, ["a tenth of the learning rate 3"]),
        ("slow", NetworkConfig(), {"learning_rate": 1e-5}, ["ten times the learning rate 1e−5"]),
        (
            "exploding",
            NetworkConfig(hidden=(64,) * 5, initialization="constant", initial_scale=0.5),
            {"learning_rate": 1e-9},
            ["norm", "He or Glorot"],
        ),
    ],
    ids=["vanishing", "zeros relu", "zeros tanh", "tanh 5", "rate 3", "rate 1e-5", "exploding"],
)
def test_faults_are_reported(kind, network, hyperparameters, words):
    records, hp = train(network, Hyperparameters(**hyperparameters), steps=3)
    # After one step: the next may be so wild that the diagnosis is worse.
    first, later = diagnose(records[:1], hp), diagnose(records, hp)
    text = str(next(diagnosis for diagnosis in first + later if diagnosis.kind == kind))
    percentages = [word for word in words if word.endswith("%")]
    assert not percentages or any(word in text for word in percentages)
    for word in set(words) - set(percentages):
        assert word in text


def test_units_killed_by_a_high_learning_rate_are_diagnosed():
    records, hp = train(NetworkConfig(hidden=(128, 64)), Hyperparameters(learning_rate=1.5))
    diagnoses = diagnose(records, hp)
    dead = next(diagnosis for diagnosis in diagnoses if diagnosis.kind == "dead")
    assert "below 1.5" in dead.advice
    assert all(records[-1].metrics["dead"][layer] > 0.5 for layer in dead.layers)


# --- metrics chosen just on either side of a bound ----------------------------------------


def made_up(**metrics):
    """Return a record of two hidden layers and an output that are healthy except for `metrics`."""
    array = np.zeros(3, LAYER_METRICS)
    array["fan_in"], array["units"] = [784, 100, 100], [100, 100, 10]
    array["weight_norm"], array["update_ratio"] = 10, 1e-3
    array["gradient_norm"] = np.sqrt(array["fan_in"] * array["units"]) / 1000
    for name, values in metrics.items():
        array[name] = values
    return LayerRecord(1, ("relu", "tanh"), array)


@pytest.mark.parametrize(
    ("kind", "well", "ill", "layers"),
    [
        ("dead", {"dead": [0.49, 0, 0]}, {"dead": [0.51, 0, 0]}, (0,)),
        ("saturated", {"saturated": [0, 0.49, 0]}, {"saturated": [0, 0.51, 0]}, (1,)),
        ("too-large", {"update_ratio": [0.09, 0, 0.9]}, {"update_ratio": [0.11, 0, 0]}, (0,)),
        ("slow", {"update_ratio": [9e-6, 2e-5, 0]}, {"update_ratio": [9e-6, 5e-6, 0]}, (0, 1, 2)),
        ("exploding", {"gradient_norm": 99}, {"gradient_norm": [99, 101, 99]}, (1,)),
        (
            "vanishing",
            # Per weight, 1 in the output: √(784·100) = 280, √(100·100) = 100, √(100·10) = 31.6.
            {"gradient_norm": [0.29, 100, 31.6]},
            {"gradient_norm": [0.27, 100, 31.6]},
            (0,),
        ),
    ],
)
def test_bounds(kind, well, ill, layers):
    # Steps are too small only if the output's gradient is steep.
    steep = {"gradient_norm": [10, 10, 5]} if kind == "slow" else {}
    hp = Hyperparameters()
    assert kinds([made_up(**well, **steep)] * 3, hp) == []
    (diagnosis,) = diagnose([made_up(**ill, **steep)] * 3, hp)
    assert (diagnosis.kind, diagnosis.layers) == (kind, layers)
    # Diagnoses that are not urgent need three records that agree.
    if kind != "exploding":
        assert kinds([made_up(**ill, **steep)] * 2, hp) == []
        assert kinds([*[made_up(**ill, **steep)] * 3, made_up(**well, **steep)], hp) == []


def test_a_wild_step_is_reported_at_once():
    assert kinds([made_up(), made_up(update_ratio=[0.31, 0, 0])], Hyperparameters()) == [
        "too-large"
    ]


def test_small_steps_are_normal_once_learned_or_when_the_schedule_demands_them():
    small = {"update_ratio": 1e-7}
    steep = [made_up(**small, gradient_norm=[10, 10, 5])] * 3
    assert kinds(steep, Hyperparameters()) == ["slow"]
    assert kinds(steep, Hyperparameters(schedule="cosine", epochs=5)) == []
    assert kinds(steep, Hyperparameters(warm_up=1.0)) == []
    assert kinds([made_up(**small)] * 3, Hyperparameters()) == []


def test_a_single_image_says_nothing_of_dead_units():
    assert kinds([made_up(dead=[0.9, 0, 0])] * 3, Hyperparameters(batch_size=1)) == []


def test_records_of_another_network_do_not_count():
    """As when hidden layers are resized during a run."""
    smaller = LayerRecord(1, ("relu",), made_up(dead=[0.9, 0, 0]).metrics[1:])
    records = [smaller, made_up(dead=[0.9, 0, 0]), made_up(dead=[0.9, 0, 0])]
    assert kinds(records, Hyperparameters()) == []
    assert kinds([*records, made_up(dead=[0.9, 0, 0])], Hyperparameters()) == ["dead"]


@needs_mnist
def test_the_diagnosis_on_mnist_tells_five_sigmoid_layers_from_the_default_network():
    dataset = load_published(MNIST, FOLDER)
    records, hp = train(NetworkConfig(), steps=300, dataset=dataset)
    for count in range(len(records) + 1):
        assert kinds(records[:count], hp) == []
    assert kinds(*train(SIGMOID_5, dataset=dataset)) == ["vanishing"]


# --- a network that does not learn --------------------------------------------------------------


def course(steps, accuracy, loss):
    """A history of this many equal steps."""
    recorder = HistoryRecorder()
    for _ in range(steps):
        recorder.record_step(loss, 0.0, accuracy)
    return recorder.history


@pytest.mark.parametrize(
    ("classes", "accuracy", "is_guessing"),
    [(2, 0.52, True), (2, 0.6, False), (3, 0.35, True), (3, 0.5, False), (10, 0.19, True)],
)
def test_how_well_guessing_does_depends_on_the_classes(classes, accuracy, is_guessing):
    history = course(2_940, accuracy, np.log(classes))
    diagnoses = diagnose([made_up(units=[128, 64, classes])] * 3, Hyperparameters(), history)
    assert [found.kind for found in diagnoses] == ["not-learning"] * is_guessing
    if is_guessing:
        assert "ten times the learning rate" in diagnoses[0].advice


def remarks_on(history, **settings):
    kinds = diagnose([made_up()] * 3, Hyperparameters(**settings), history)
    return [diagnosis.kind for diagnosis in kinds]


def test_a_network_that_does_not_learn_is_diagnosed():
    history = course(2_940, 0.1135, 2.302)
    (diagnosis,) = diagnose([made_up()] * 3, Hyperparameters(), history)
    assert diagnosis.kind == "not-learning"
    for words in ("2,940 steps", "11.35 %", "2.302", "ten times the learning rate 0.1"):
        assert words in str(diagnosis)


def test_a_loss_far_above_guessing_suggests_a_smaller_learning_rate():
    (diagnosis,) = diagnose([made_up()] * 3, Hyperparameters(), course(2_940, 0.1, 4.17))
    assert "a tenth of the learning rate 0.1" in diagnosis.advice


@pytest.mark.parametrize(
    ("history", "settings"),
    [
        (course(2_940, 0.5, 1.5), {}),
        (course(199, 0.1, 2.3), {}),
        (course(2_940, 0.1, 2.3), {"batch_size": 1}),
    ],
    ids=["it learns", "few steps", "few images"],
)
def test_a_network_that_learns_or_has_seen_little_is_not_diagnosed(history, settings):
    assert remarks_on(history, **settings) == []
