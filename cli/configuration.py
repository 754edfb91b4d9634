"""Builds the configuration of a run from a preset and the options of the command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from cli.data_choice import chosen_source
from cli.start_from import begun_with, start_of_branch, starting_state
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


def run_config(arguments: argparse.Namespace, base: RunConfig | None = None) -> RunConfig:
    """Return the preset with the changes that the arguments ask for; may raise ConfigError.

    `base` are settings to use instead of those of a preset; a preset that is named replaces its
    hyperparameters.
    """
    preset = preset_named(arguments.preset or DEFAULT_PRESET.name)
    hyperparameters = replace(preset.hyperparameters, epochs=preset.epochs)
    if base is None:
        base = RunConfig(arguments.dataset, preset.network, hyperparameters)
    elif arguments.preset is None:
        hyperparameters = base.hyperparameters
    return RunConfig(
        chosen_source(arguments, base.dataset) or base.dataset,
        _network(base.network, arguments),
        _hyperparameters(hyperparameters, arguments),
        base.seed if arguments.seed is None else arguments.seed,
        base.validation if arguments.validation is None else _validation(arguments.validation),
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
    if arguments.resume is not None:
        check_resumed(arguments, ("from", "branch"))
        saved = moved(load_run(arguments.resume), arguments)
        return saved.config, saved
    if arguments.branch is not None:
        start, settings = start_of_branch(arguments)
        return run_config(arguments, settings), start
    if arguments.dataset is None:
        raise ConfigError(
            "Say what to train: a new run with --dataset, or a saved one with --resume or --branch."
        )
    begin = starting_state(arguments)
    return begun_with(begin, run_config(arguments)), begin


def moved(run: SavedRun, arguments: argparse.Namespace) -> SavedRun:
    """Return a saved run whose own data are where ``--dataset`` says; may raise ConfigError."""
    source = chosen_source(arguments, run.config.dataset, is_fixed=True) or run.config.dataset
    return replace(run, config=replace(run.config, dataset=source))


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
    if origin is not None:
        origin = origin.for_classes(dataset.classes)
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
    hyperparameters: Hyperparameters, arguments: argparse.Namespace
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
        epochs=arguments.epochs,
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
