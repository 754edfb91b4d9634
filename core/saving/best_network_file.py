"""The best network in a run's file: values of its configuration, and arrays."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from numpy.typing import NDArray

from core.errors import RunFileError
from core.files.validated_values import count, probability, probability_or_none
from core.saving.network_arrays import check_size, named_arrays, read_network
from core.settings.config import RunConfig
from core.settings.settings_text import network_from
from core.training.saved_run import BestNetwork, TrainingState

_PREFIX = "best_"
"""Prefix of the names of its arrays: ``best_W1, best_b1, …``."""


def best_facts(best: BestNetwork) -> dict[str, Any]:
    """Return the values for the configuration of the run."""
    return {
        "step": best.step,
        "epoch": best.epoch,
        "accuracy": best.accuracy,
        "threshold": best.threshold,
        "network": asdict(best.config),
    }


def best_arrays(best: BestNetwork) -> dict[str, NDArray[Any]]:
    """Return its weights, by their names in the file."""
    return dict(named_arrays(best.network.layers, _PREFIX))


def read_best(
    archive: zipfile.ZipFile,
    facts: Mapping[str, Any],
    config: RunConfig,
    training: TrainingState | None,
    size: int,
) -> BestNetwork:
    """Read the best network; the inverse of the functions above.

    Parameters
    ----------
    archive
        The file, of `size` bytes: nothing in it can be larger.
    facts
        From :func:`best_facts`.
    config, training
        With which the run began, and its state of training if the file has it.

    Raises
    ------
    RunFileError, ConfigError, ValueError, KeyError, TypeError
        If the run cannot have this best network.
    """
    network_config = network_from(facts["network"])
    if network_config.output != config.network.output or not config.validation:
        raise RunFileError("such a run cannot have this best network.")
    step, epoch = count(facts["step"]), count(facts["epoch"])
    most = (step, epoch)
    if training is not None:
        most = (training.checkpoint.step, training.checkpoint.epoch)
    if not 1 <= epoch <= step or step > most[0] or epoch > most[1]:
        raise RunFileError("its best network is not from the end of an epoch.")
    check_size(size, network_config, 1)
    network = read_network(archive, network_config, _PREFIX)
    return BestNetwork(
        network.frozen_copy(),
        network_config,
        step,
        epoch,
        probability(facts["accuracy"], "the accuracy of its best network"),
        probability_or_none(facts["threshold"], "the threshold of its best network"),
    )
