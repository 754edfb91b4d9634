from dataclasses import fields, replace

import pytest

from core.runs.run_comparison import differing_settings, setting_texts
from core.settings.augmentation import DEFAULT_AUGMENTATION, Augmentation
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig

BASE = RunConfig(
    network=NetworkConfig(hidden=(8, 4), initialization="constant"),
    hyperparameters=Hyperparameters(optimizer="momentum", epochs=10),
)
OF_RUN = {
    "dataset": ("Data", "mnist", "MNIST"),
    "seed": ("Seed", 5, "5"),
    "validation": ("Validation images", 10_000, "10,000"),
}
OF_NETWORK = {
    "hidden": ("Hidden layers", (16, 4), "16-4"),
    "activations": ("Activations", ("tanh", "leaky-relu"), "Tanh, Leaky ReLU"),
    "output": ("Output", "sigmoid", "Sigmoid"),
    "initialization": ("Initial weights", "glorot", "Glorot"),
    "initial_scale": ("Initial weights", 0.5, "N(0, 1) · 0.5"),
}
OF_HYPERPARAMETERS = {
    "learning_rate": ("Learning rate", 0.100001, "0.100001"),
    "batch_size": ("Batch size", 60_000, "60,000"),
    "l2": ("L2 strength", 1e-4, "0.0001"),
    "optimizer": ("Optimizer", "nesterov", "Nesterov"),
    "momentum": ("Momentum", 0.5, "0.5"),
    "dropout": ("Dropout", 0.2, "0.2"),
    "schedule": ("Learning-rate schedule", "one-cycle", "One cycle"),
    "warm_up": ("Warm-up, epochs", 1.5, "1.5"),
    "epochs": ("Stops after, epochs", 20, "20"),
    "target_accuracy": ("Stops at accuracy", 0.985, "98.5 %"),
    "patience": ("Patience, epochs", 3, "3"),
    "augmentation": ("Data augmentation", DEFAULT_AUGMENTATION, "default"),
}


def changed(part, field, value):
    if part == "":
        return replace(BASE, **{field: value})
    return replace(BASE, **{part: replace(getattr(BASE, part), **{field: value})})


CASES = [
    (part, field, *case)
    for part, of_part in (
        ("", OF_RUN),
        ("network", OF_NETWORK),
        ("hyperparameters", OF_HYPERPARAMETERS),
    )
    for field, case in of_part.items()
]


@pytest.mark.parametrize(("part", "field", "name", "value", "text"), CASES)
def test_only_settings_that_differ_are_named(part, field, name, value, text):
    ((found, texts),) = differing_settings([BASE, changed(part, field, value), BASE])
    assert found == name
    assert texts[1] == text
    assert texts[0] == texts[2] != text


def test_no_setting_is_forgotten():
    assert {f.name for f in fields(RunConfig)} == {*OF_RUN, "network", "hyperparameters"}
    assert {f.name for f in fields(NetworkConfig)} == {*OF_NETWORK, "classes"}  # those of the data
    assert {f.name for f in fields(Hyperparameters)} == set(OF_HYPERPARAMETERS)


def test_several_settings_come_in_the_order_of_all():
    other = changed("hyperparameters", "dropout", 0.5)
    other = replace(other, seed=2)
    assert [name for name, _ in differing_settings([BASE, other])] == ["Seed", "Dropout"]


@pytest.mark.parametrize("configs", [[], [BASE], [BASE, BASE, BASE]])
def test_nothing_differs(configs):
    assert differing_settings(configs) == []


def test_settings_without_effect_are_no_difference():
    plain = changed("hyperparameters", "optimizer", "sgd")
    faster = replace(plain, hyperparameters=replace(plain.hyperparameters, momentum=0.1))
    assert differing_settings([plain, faster]) == []
    he = changed("network", "initialization", "he")
    scaled = replace(he, network=replace(he.network, initial_scale=3))
    assert differing_settings([he, scaled]) == []
    off = changed("hyperparameters", "augmentation", Augmentation(smoothness=9))
    assert differing_settings([BASE, off]) == []


def test_each_setting_has_its_own_text_when_it_is_off():
    off = dict(setting_texts(RunConfig(network=NetworkConfig(hidden=()))))
    assert off["Hidden layers"] == "none"
    assert off["Validation images"] == "none"
    assert off["Data augmentation"] == "off"
    assert [off[name] for name in ("Activations", "Momentum", "Stops at accuracy")] == ["–"] * 3


def test_custom_augmentation_is_spelled_out():
    own = Augmentation(shift=2, elastic=1.5, smoothness=5)
    ((_, texts),) = differing_settings([BASE, changed("hyperparameters", "augmentation", own)])
    assert texts[1] == "shift 2, elastic 1.5, smoothness 5"
