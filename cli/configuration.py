"""Builds the configuration of a run from a preset and the options of the command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from cli.start_from import begun_with, starting_state
from core.datasets.dataset import Dataset
from core.errors import ConfigError
from core.saving.run_file import load_run
from core.settings.config import MAX_BATCH_SIZE, Hyperparameters, NetworkConfig, RunConfig
from core.settings.presets import DEFAULT_PRESET, preset_named
from core.threads.workers import Workers
from core.training.saved_run import SavedRun
from core.training.starting_state import StartingState
from core.training.trainer import Trainer

_OF_A_NEW_RUN = (
    *("preset", "seed", "validation"),
    *("hidden", "activation", "output", "init", "init_scale"),
    *("lr", "batch", "optimizer", "momentum", "l2", "dropout", "augment"),
    *("schedule", "warmup", "target_accuracy", "patience"),
)
"""The options that determine a run."""


def run_config(arguments: argparse.Namespace) -> RunConfig:
    """Return the preset with the changes that the arguments ask for; may raise ConfigError."""
    preset = preset_named(arguments.preset or DEFAULT_PRESET.name)
    return RunConfig(
        arguments.dataset,
        _network(preset.network, arguments),
        _hyperparameters(preset.hyperparameters, preset.epochs, arguments),
        arguments.seed or 0,
        _validation(arguments.validation or 0),
    )


Origin = SavedRun | StartingState | None
"""What a run to train continues, or begins with instead of random weights."""


def run_to_train(arguments: argparse.Namespace) -> tuple[RunConfig, Origin]:
    """Return the settings of the run to train, and the saved run if it is resumed, or what it
    begins with.

    Raises
    ------
    DigitscopeError
        If an option is not possible, or the file cannot be read.
    """
    if arguments.resume is None:
        start = starting_state(arguments)
        return begun_with(start, run_config(arguments)), start
    check_resumed(arguments, ("from",))
    saved = load_run(arguments.resume)
    return saved.config, saved


def trainer_of(
    config: RunConfig,
    origin: Origin,
    dataset: Dataset,
    workers: Workers,
    is_filmed: bool = False,
) -> Trainer:
    """Return a trainer of a new run, or of the saved one from where it was saved.

    A saved run that has a film continues it, whatever `is_filmed` says.
    """
    if isinstance(origin, SavedRun):
        is_filmed = is_filmed or bool(origin.film)
        return Trainer.resume(origin, dataset, workers=workers, is_filmed=is_filmed)
    return Trainer(config, dataset, workers=workers, start=origin, is_filmed=is_filmed)


def check_resumed(
    arguments: argparse.Namespace, more: Sequence[str] = (), what: str = "run"
) -> None:
    """Raise a ConfigError if an option, of a run or one of `more`, would change what is resumed."""
    options = (*more, *_OF_A_NEW_RUN)
    given = [name for name in options if getattr(arguments, name) is not None]
    if given:
        found = ", ".join(f"--{name.replace('_', '-')}" for name in given)
        raise ConfigError(
            f"A resumed {what} keeps its settings: {found} cannot be used with --resume. Start a "
            f"new {what}, or leave this out."
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
    """Return the number of images; a `size` below 1 is a share of all."""
    return round(size * MAX_BATCH_SIZE) if size < 1 else round(size)


def _given(**values: Any) -> dict[str, Any]:
    """Return those of the values that are not None."""
    return {name: value for name, value in values.items() if value is not None}
