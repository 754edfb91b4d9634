"""``train --from`` and ``--branch``: a run that begins with the network of a file."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from core.errors import ConfigError
from core.importing.foreign_network import as_network
from core.importing.network_file import read_network_file
from core.network.network import Network
from core.printable_text import printable
from core.saving.run_file import is_run, load_run
from core.settings.config import RunConfig
from core.training.branching import branch_at
from core.training.starting_state import StartingState

_OF_RANDOM_WEIGHTS = ("init", "init_scale")


def starting_state(arguments: argparse.Namespace) -> StartingState | None:
    """Return the network that the new run begins with; None without ``--from``.

    That of a saved run is the one that it is used with: the best, if patience ended the run.
    ``--activation`` and ``--output`` say what the file of another program does not.

    Raises
    ------
    DigitscopeError
        If the file cannot be read, or an option contradicts it.
    """
    path = getattr(arguments, "from")
    if path is None:
        return None
    if is_run(path):
        run = load_run(path)
        network = (run.as_best() if run.uses_best else run).network
    else:
        foreign = read_network_file(path)
        if foreign.activations is None and foreign.hidden and arguments.activation is None:
            raise ConfigError(
                f"'{path}' does not say which activations its hidden layers have. Say so with "
                f"--activation: one for all, or one for each of {len(foreign.hidden)}."
            )
        network = as_network(
            foreign,
            foreign.activations or arguments.activation,
            foreign.output or arguments.output,
        )
    _check_options(network, arguments, "--from", path)
    return StartingState(network, printable(path.name))


def start_of_branch(arguments: argparse.Namespace) -> tuple[StartingState, RunConfig]:
    """Return what a branch begins with, and the settings that its run had there.

    Raises
    ------
    DigitscopeError
        If the file cannot be read, has no such moment, or an option contradicts it.
    """
    if getattr(arguments, "from") is not None:
        raise ConfigError("--branch and --from both name a network to begin with. Leave out one.")
    path, step = arguments.branch
    start, config = branch_at(load_run(path), step, printable(path.name))
    _check_options(start.network, arguments, "--branch", path)
    return start, config


def begun_with(start: StartingState | None, config: RunConfig) -> RunConfig:
    """Return `config` with the layers and the output of the network that the run begins with."""
    if start is None:
        return config
    return replace(config, network=start.network.shape_in(config.network))


def _check_options(network: Network, arguments: argparse.Namespace, begun: str, path: Path) -> None:
    hidden = network.sizes[1:-1]
    activations = arguments.activation or network.activations
    if len(activations) == 1:
        activations *= len(hidden)
    for name, found, given in (
        ("hidden", hidden, arguments.hidden),
        ("activation", network.activations, activations),
        ("output", network.output, arguments.output),
        *((name, None, getattr(arguments, name)) for name in _OF_RANDOM_WEIGHTS),
    ):
        if given not in (None, found):
            option = f"--{name.replace('_', '-')}"
            raise ConfigError(
                f"{option} contradicts {begun}: the network in '{path}' has "
                f"the layers {'-'.join(map(str, network.sizes))}, with "
                f"{', '.join((*network.activations, network.output))}, and its own weights. Leave "
                f"out {option}, or start without {begun}."
            )
