"""The settings of runs as text, and those in which runs differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.network.activations import ACTIVATIONS
from core.settings.augmentation import DEFAULT_AUGMENTATION, Augmentation
from core.settings.config import ActivationName, Hyperparameters, NetworkConfig, RunConfig
from core.settings.data_source import data_title
from core.wording import capitalized, numeral

UNUSED = "–"
"""Shown for a setting without effect, such as momentum in SGD."""

NAMES = {
    "softmax": "Softmax",
    "sigmoid": "Sigmoid",
    "he": "He",
    "glorot": "Glorot",
    "zeros": "Zeros",
    "sgd": "SGD",
    "momentum": "Momentum",
    "nesterov": "Nesterov",
    "adam": "Adam",
    "constant": "Constant",
    "step": "Steps",
    "cosine": "Cosine",
    "one-cycle": "One cycle",
}
"""How the window writes the names in configurations."""


def differing_settings(configs: Sequence[RunConfig]) -> list[tuple[str, list[str]]]:
    """Return the settings that are not the same in all configurations.

    Each is a name and one text per configuration. Empty for fewer than two configurations.
    """
    rows = zip(*(setting_texts(config) for config in configs), strict=True)
    settings = [(row[0][0], [text for _, text in row]) for row in rows]
    return [(name, texts) for name, texts in settings if len(set(texts)) > 1]


def setting_texts(config: RunConfig) -> list[tuple[str, str]]:
    """Return the names and values of all settings; the names and their order never change."""
    return [
        ("Data", data_title(config.dataset)),
        ("Validation images", numeral(config.validation) if config.validation else "none"),
        ("Seed", f"{config.seed}"),
        *_network(config.network),
        *_hyperparameters(config.hyperparameters),
    ]


def _network(network: NetworkConfig) -> Iterator[tuple[str, str]]:
    yield "Hidden layers", hidden_layers(network)
    yield "Activations", _activations(network.layer_activations)
    yield "Output", NAMES[network.output]
    if network.initialization == "constant":
        yield "Initial weights", f"N(0, 1) · {_number(network.initial_scale)}"
    else:
        yield "Initial weights", NAMES[network.initialization]


def _hyperparameters(shown: Hyperparameters) -> Iterator[tuple[str, str]]:
    yield "Learning rate", _number(shown.learning_rate)
    yield "Batch size", numeral(shown.batch_size)
    yield "Optimizer", NAMES[shown.optimizer]
    yield "Momentum", UNUSED if shown.optimizer == "sgd" else _number(shown.momentum)
    yield "L2 strength", _number(shown.l2)
    yield "Dropout", _number(shown.dropout)
    yield "Data augmentation", _augmentation(shown.augmentation)
    yield "Learning-rate schedule", NAMES[shown.schedule]
    yield "Warm-up, epochs", _number(shown.warm_up)
    yield "Stops after, epochs", UNUSED if shown.epochs is None else numeral(shown.epochs)
    target = shown.target_accuracy
    yield "Stops at accuracy", UNUSED if target is None else f"{_number(100 * target)} %"
    yield "Patience, epochs", UNUSED if shown.patience is None else numeral(shown.patience)


def hidden_layers(network: NetworkConfig) -> str:
    """Return the units of the hidden layers, such as 128-64."""
    return "-".join(map(str, network.hidden)) or "none"


def _activations(activations: Sequence[ActivationName]) -> str:
    if not activations:
        return UNUSED
    names = [capitalized(ACTIVATIONS[name].title) for name in activations]
    return names[0] if len(set(names)) == 1 else ", ".join(names)


def _augmentation(augmentation: Augmentation) -> str:
    if not augmentation.is_on:
        return "off"
    if augmentation == DEFAULT_AUGMENTATION:
        return "default"
    strengths = dict(vars(augmentation))
    smoothness = strengths.pop("smoothness")
    parts = [f"{name} {_number(value)}" for name, value in strengths.items() if value]
    if augmentation.elastic:
        parts.append(f"smoothness {_number(smoothness)}")
    return ", ".join(parts)


def _number(value: float) -> str:
    # Enough digits that two settings which differ by more than rounding look different.
    return f"{value:.10g}"
