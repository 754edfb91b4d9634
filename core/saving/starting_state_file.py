"""What a run began with, in its file: given weights, and where they come from."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from numpy.typing import NDArray

from core.arrays import Floats
from core.errors import RunFileError
from core.files.validated_values import (
    count,
    duration,
    epochs_made,
    flag,
    group,
    run_id_or_none,
    text,
)
from core.network.layers import layer_views, named_arrays
from core.network.network import Network
from core.printable_text import printable
from core.saving.network_arrays import check_size, read_network, read_optimizer_vector
from core.settings.config import RunConfig
from core.training.optimizers import OPTIMIZERS
from core.training.starting_state import (
    NO_DISTANCE,
    Distance,
    OptimizerMemory,
    Parent,
    StartingState,
)

_PREFIX = "start_"
"""Of the names of the arrays."""

_MAX_SOURCE = 200

_MOST_STEPS = 10**12
"""At a hundred a second, three centuries; Adam takes powers of the number."""


def start_facts(start: StartingState) -> dict[str, Any]:
    """Return what describes the start, for the configuration of a run."""
    facts: dict[str, Any] = {"source": start.source}
    if start.memory is not None:
        facts["optimizer_steps"] = start.memory.steps
    if start.parent is not None:
        facts["parent"] = asdict(start.parent)
    return facts


def start_arrays(start: StartingState) -> dict[str, NDArray[Any]]:
    """Return the arrays by their names: ``start_W1, start_b1, …, start_m_W1, start_m_b1, …``"""
    arrays: dict[str, NDArray[Any]] = dict(named_arrays(start.network.layers, _PREFIX))
    state = {} if start.memory is None else start.memory.state
    for name, vector in state.items():
        arrays |= named_arrays(layer_views(vector, start.network.sizes), f"{_PREFIX}{name}_")
    return arrays


def read_start(
    archive: zipfile.ZipFile, facts: Mapping[str, Any], config: RunConfig, size: int
) -> StartingState:
    """Read what a run of `config` began with; the inverse of the functions above.

    `facts` are those of :func:`start_facts`, and `size` is the file's, in bytes.

    Raises
    ------
    RunFileError, ValueError, KeyError, TypeError
        If no run can have begun with this.
    """
    source = printable(text(facts["source"], "where it started from"), _MAX_SOURCE)
    steps = facts.get("optimizer_steps")
    optimizer = config.hyperparameters.optimizer
    names = () if steps is None else OPTIMIZERS[optimizer].names
    check_size(size, config.network, 1 + len(names))
    network = read_network(archive, config.network, prefix=_PREFIX)
    memory = None
    if steps is not None:
        memory = OptimizerMemory(optimizer, _read_state(archive, network, names), _steps(steps))
    parent = facts.get("parent")
    return StartingState(
        network, source, memory, None if parent is None else _parent(group(parent, "its parent"))
    )


def _read_state(
    archive: zipfile.ZipFile, network: Network, names: Sequence[str]
) -> dict[str, Floats]:
    """Read what the optimizer began with; nobody writes to it."""
    return {name: read_optimizer_vector(archive, network, f"{_PREFIX}{name}") for name in names}


def _steps(value: object) -> int:
    steps = count(value)
    if steps > _MOST_STEPS:
        raise RunFileError(f"{steps!r:.20} steps before it began are not possible.")
    return steps


def _parent(facts: Mapping[str, Any]) -> Parent:
    return Parent(
        run_id_or_none(facts["id"]),
        _steps(facts["step"]),
        epochs_made(facts["epochs"]),
        duration(facts["seconds"]),
        flag(facts["is_rounded"], "whether it began with rounded weights"),
        _before(facts.get("before", ())),
    )


def _before(values: object) -> Distance:
    """Return how far the parent's start is from its first ancestor's; earlier files do not say."""
    if not isinstance(values, list | tuple) or len(values) not in (0, 3):
        raise RunFileError("where its parent began is not three numbers.")
    if not values:
        return NO_DISTANCE
    steps, epochs, seconds = values
    return Distance(_steps(steps), epochs_made(epochs), duration(seconds))
