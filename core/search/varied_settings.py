"""The settings of a run that a search can vary."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

from core.errors import ConfigError
from core.settings.augmentation import DEFAULT_AUGMENTATION, Augmentation
from core.settings.config import (
    ACTIVATION_NAMES,
    INITIALIZATION_NAMES,
    OPTIMIZER_NAMES,
    OUTPUT_NAMES,
    SCHEDULE_NAMES,
    NetworkConfig,
    RunConfig,
)
from core.settings.settings_text import suggestion

Value = float | int | str
"""The value of one setting in one trial; hidden layers are a string such as "128-64"."""

Kind = Literal["number", "whole", "name", "layers"]

NO_LAYERS = "none"
"""The value of the setting "hidden" without hidden layers."""


@dataclass(frozen=True)
class Setting:
    """A setting of a run that a search can vary.

    Attributes
    ----------
    name, title
        As the command line and files have it, and as the window shows it.
    kind
        What its values are.
    read, write
        The value in a run's settings, and the settings with another value.
    names
        All values of a kind "name".
    default
        What a new search offers, as text (see core/search/varied.py).
    """

    name: str
    title: str
    kind: Kind
    read: Callable[[RunConfig], Value]
    write: Callable[[RunConfig, Any], RunConfig]
    default: str
    names: tuple[str, ...] = ()


def _hyperparameter(name: str, title: str, kind: Kind, default: str, names: Any = ()) -> Setting:
    return Setting(
        name,
        title,
        kind,
        lambda config: getattr(config.hyperparameters, name),
        lambda config, value: _with_hyperparameters(config, **{name: value}),
        default,
        names,
    )


def _with_hyperparameters(config: RunConfig, **values: Any) -> RunConfig:
    return replace(config, hyperparameters=replace(config.hyperparameters, **values))


def _with_network(config: RunConfig, network: NetworkConfig) -> RunConfig:
    return replace(config, network=network)


def _strength(name: str, default: str) -> Setting:
    """Return one strength of data augmentation."""
    return Setting(
        name,
        f"Augmentation: {name}",
        "number",
        lambda config: float(getattr(config.hyperparameters.augmentation, name)),
        lambda config, value: _with_hyperparameters(
            config, augmentation=replace(config.hyperparameters.augmentation, **{name: value})
        ),
        default,
    )


def _times_default(factor: float) -> Augmentation:
    """Return the default augmentation with all its strengths times `factor`."""
    strengths = {
        field.name: factor * getattr(DEFAULT_AUGMENTATION, field.name)
        for field in fields(Augmentation)
        if field.name != "smoothness"
    }
    return replace(DEFAULT_AUGMENTATION, **strengths)


def layers_text(hidden: tuple[int, ...]) -> str:
    """Return hidden layers as "128-64", or "none"."""
    return "-".join(map(str, hidden)) or NO_LAYERS


def layers_from(text: str) -> tuple[int, ...]:
    """Return the hidden layers of :func:`layers_text`; may raise ValueError."""
    return () if text == NO_LAYERS else tuple(map(int, text.split("-")))


def _with_depth(config: RunConfig, layers: int) -> RunConfig:
    """Return `config` with this many hidden layers; new ones have the units of the last one."""
    hidden = config.network.hidden or (NetworkConfig().hidden[0],)
    hidden = tuple(hidden[min(place, len(hidden) - 1)] for place in range(layers))
    return _with_network(config, config.network.with_hidden(hidden))


SETTINGS: tuple[Setting, ...] = (
    _hyperparameter("learning_rate", "Learning rate", "number", "0.001..1:log"),
    _hyperparameter("batch_size", "Batch size", "whole", "16, 64, 256"),
    Setting(
        "hidden",
        "Hidden layers",
        "layers",
        lambda config: layers_text(config.network.hidden),
        lambda config, value: _with_network(config, config.network.with_hidden(layers_from(value))),
        "64, 128-64, 256-128",
    ),
    Setting(
        "layers",
        "Number of layers",
        "whole",
        lambda config: len(config.network.hidden),
        _with_depth,
        "1..3",
    ),
    Setting(
        "units",
        "Units per layer",
        "whole",
        lambda config: max(config.network.hidden, default=0),
        lambda config, value: _with_network(
            config, config.network.with_hidden((value,) * len(config.network.hidden))
        ),
        "16..512:log",
    ),
    Setting(
        "activation",
        "Activation",
        "name",
        lambda config: config.network.activations[0],
        lambda config, value: _with_network(config, replace(config.network, activations=(value,))),
        "relu, tanh",
        tuple(ACTIVATION_NAMES),
    ),
    Setting(
        "initialization",
        "Initialization",
        "name",
        lambda config: config.network.initialization,
        lambda config, value: _with_network(config, replace(config.network, initialization=value)),
        "he, glorot",
        INITIALIZATION_NAMES,
    ),
    Setting(
        "initial_scale",
        "Initial scale",
        "number",
        lambda config: config.network.initial_scale,
        lambda config, value: _with_network(config, replace(config.network, initial_scale=value)),
        "0.001..1:log",
    ),
    Setting(
        "output",
        "Output",
        "name",
        lambda config: config.network.output,
        lambda config, value: _with_network(config, replace(config.network, output=value)),
        "softmax, sigmoid",
        OUTPUT_NAMES,
    ),
    _hyperparameter("optimizer", "Optimizer", "name", "sgd, adam", OPTIMIZER_NAMES),
    _hyperparameter("momentum", "Momentum", "number", "0..0.99"),
    _hyperparameter("l2", "L2", "number", "0.00001..0.01:log"),
    _hyperparameter("dropout", "Dropout", "number", "0..0.5"),
    _hyperparameter("schedule", "Schedule", "name", "constant, cosine", SCHEDULE_NAMES),
    _hyperparameter("warm_up", "Warm-up", "number", "0, 1"),
    Setting(
        "augmentation",
        "Augmentation: all, times the default",
        "number",
        lambda config: config.hyperparameters.augmentation.rotation / DEFAULT_AUGMENTATION.rotation,
        lambda config, value: _with_hyperparameters(config, augmentation=_times_default(value)),
        "0..1.5",
    ),
    _strength("shift", "0..3"),
    _strength("rotation", "0..20"),
    _strength("scale", "0..0.3"),
    _strength("shear", "0..0.4"),
    _strength("elastic", "0..2"),
)
"""In the order of the window. They are applied in this order, too: "units" after "layers"."""

_BY_NAME = {setting.name: setting for setting in SETTINGS}


def setting_named(name: str) -> Setting:
    """Return the setting with this name; raises ConfigError if there is none."""
    found = _BY_NAME.get(name.strip().lower().replace("-", "_"))
    if found is None:
        raise ConfigError(f"A search cannot vary '{name}'. {suggestion(name, list(_BY_NAME))}")
    return found
