"""From a preset and the command line's options to the configuration of a run."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import Any

from core.config import MAX_BATCH_SIZE, Hyperparameters, NetworkConfig, RunConfig
from core.presets import preset_named


def run_config(arguments: argparse.Namespace) -> RunConfig:
    """Return the preset with what the arguments change.

    Raises
    ------
    ConfigError
        If the result is not possible.
    """
    preset = preset_named(arguments.preset)
    return RunConfig(
        arguments.dataset,
        _network(preset.network, arguments),
        _hyperparameters(preset.hyperparameters, preset.epochs, arguments),
        arguments.seed,
        _validation(arguments.validation),
    )


def _network(network: NetworkConfig, arguments: argparse.Namespace) -> NetworkConfig:
    if arguments.hidden is not None:
        network = network.with_hidden(arguments.hidden)
    initialization = arguments.init
    if initialization is None and arguments.init_scale is not None:
        initialization = "constant"
    given = _given(
        activations=arguments.activation,
        output=arguments.output,
        initialization=initialization,
        initial_scale=arguments.init_scale,
    )
    return replace(network, **given)


def _hyperparameters(
    hyperparameters: Hyperparameters, epochs: int, arguments: argparse.Namespace
) -> Hyperparameters:
    optimizer = arguments.optimizer
    if optimizer is None and arguments.momentum is not None and hyperparameters.optimizer == "sgd":
        optimizer = "momentum"
    given = _given(
        learning_rate=arguments.lr,
        batch_size=arguments.batch,
        l2=arguments.l2,
        optimizer=optimizer,
        momentum=arguments.momentum,
        dropout=arguments.dropout,
        schedule=arguments.schedule,
        warm_up=arguments.warmup,
        epochs=arguments.epochs or epochs,
        target_accuracy=arguments.target_accuracy,
        patience=arguments.patience,
        augmentation=arguments.augment,
    )
    return replace(hyperparameters, **given)


def _validation(size: float) -> int:
    """Return how many images a number of them, or a share of all below 1, is."""
    return round(size * MAX_BATCH_SIZE) if size < 1 else round(size)


def _given(**values: Any) -> dict[str, Any]:
    """Return those of the values that are not None."""
    return {name: value for name, value in values.items() if value is not None}
