"""The live changes of a run as plain values: each holds only the settings that it changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import pairwise
from typing import Any

from core.errors import RunFileError
from core.files.validated_values import flag
from core.settings.augmentation import Augmentation
from core.settings.config import RunConfig
from core.settings.settings_text import hyperparameters_from, network_from
from core.training.checkpoint import Change
from core.wording import numeral

MOST_CHANGES = 20_000
"""Minutes of moving a slider without a pause; more would take seconds to read. If there are more, a
file keeps the newest: the run can be resumed, but not replayed from its log."""


def log_of(changes: Sequence[Change], config: RunConfig) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the step and the new settings of each change of a run that began with `config`."""
    hyperparameters, network = config.hyperparameters, config.network
    for change in changes:
        new = _difference(hyperparameters, change.hyperparameters)
        if change.network != network:
            new["network"] = _difference(network, change.network)
        if change.is_fine_tuning:
            new["fine_tuning"] = True
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
    """Return the changes from a `log` of :func:`log_of`.

    Raises
    ------
    RunFileError, ConfigError
        If a run of `config` cannot have these changes.
    """
    if len(log) > MOST_CHANGES:
        raise RunFileError(f"the log of its changes has more than {numeral(MOST_CHANGES)}.")
    hyperparameters, network = config.hyperparameters, config.network
    changes = []
    for step, new in log:
        if type(step) is not int or not isinstance(new, dict):
            raise RunFileError("the log of its changes does not consist of steps and settings.")
        values = dict(new)
        if "network" in values:
            network = network_from(values.pop("network"), network)
        is_fine_tuning = flag(values.pop("fine_tuning", False), "whether it is fine-tuning")
        if values:
            hyperparameters = hyperparameters_from(values, hyperparameters)
        changes.append(Change(step, hyperparameters, network, None, is_fine_tuning))
    if not changes or changes[0].step != 0 or any(a.step > b.step for a, b in pairwise(changes)):
        raise RunFileError("the log of its changes is not in order.")
    if any(change.network.output != config.network.output for change in changes):
        raise RunFileError("the log of its changes belongs to another network.")
    return tuple(changes)
