"""The live changes of a run as plain values: each says only what it made different."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import pairwise
from typing import Any

from core.errors import RunFileError
from core.settings.augmentation import Augmentation
from core.settings.config import RunConfig
from core.settings.settings_text import hyperparameters_from, network_from
from core.training.checkpoint import Change

MOST_CHANGES = 20_000
"""Minutes of moving a slider all the time; more would take seconds to read. Of a run that has more,
a file keeps the newest: it can go on, but is not trained again from its log."""


def log_of(changes: Sequence[Change], config: RunConfig) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the step of each change of a run that began with `config`, and the new settings."""
    hyperparameters, network = config.hyperparameters, config.network
    for change in changes:
        new = _difference(hyperparameters, change.hyperparameters)
        if change.network != network:
            new["network"] = _difference(network, change.network)
        yield change.step, new
        hyperparameters, network = change.hyperparameters, change.network


def _difference(before: object, after: object) -> dict[str, Any]:
    old = vars(before)
    return {
        name: asdict(value) if isinstance(value, Augmentation) else value
        for name, value in vars(after).items()
        if value != old[name]
    }


def changes_from(log: Sequence[Any], config: RunConfig) -> tuple[Change, ...]:
    """Return the changes of which :func:`log_of` made `log`.

    Raises
    ------
    RunFileError, ConfigError
        If they are not such as a run of `config` can have.
    """
    if len(log) > MOST_CHANGES:
        raise RunFileError(f"the log of its changes has more than {MOST_CHANGES:,}.")
    hyperparameters, network = config.hyperparameters, config.network
    changes = []
    for step, new in log:
        if type(step) is not int or not isinstance(new, dict):
            raise RunFileError("the log of its changes is not one of steps and settings.")
        values = dict(new)
        if "network" in values:
            network = network_from(values.pop("network"), network)
        if values:
            hyperparameters = hyperparameters_from(values, hyperparameters)
        changes.append(Change(step, hyperparameters, network))
    if not changes or changes[0].step != 0 or any(a.step > b.step for a, b in pairwise(changes)):
        raise RunFileError("the log of its changes is not in order.")
    if any(change.network.output != config.network.output for change in changes):
        raise RunFileError("the log of its changes tells of another network.")
    return tuple(changes)
