"""A run on disk: one ``.npz`` that plain NumPy can read.

It holds the weights ``W1, b1, W2, b2, …`` (float32; a file of weights alone may have float16),
those of the best network so far as ``best_W1, best_b1, …`` if the run has one, those that it began
with as ``start_W1, start_b1, …`` if they were given to it and not drawn at random, with the
optimizer's state as ``start_m_W1, …`` if that was given, too, those of its
film as ``film_0, film_1, …``, the optimizer's state as ``m_W1, m_b1, …``, the order of the images
in the present epoch, the metrics as ``history_…``, what was measured of the layers as ``layers``,
and ``config``, a JSON text with everything else. Reading is strict: sizes in the file are checked
before memory is allocated for them.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from reprlib import repr as shortened
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from core.errors import ConfigError, RunFileError
from core.files.atomic_file import write_atomically
from core.files.npz import DAMAGES, open_stored, read_header, rest
from core.files.validated_values import (
    count,
    flag,
    group,
    probability,
    run_id_or_none,
)
from core.network.layers import named_arrays
from core.printable_text import printable
from core.saving.film_file import film_arrays, film_facts, read_film
from core.saving.network_arrays import HALF, SINGLE, check_size, in_half_precision, read_network
from core.saving.starting_state_file import read_start, start_arrays, start_facts
from core.saving.threshold_facts import read_thresholds, threshold_facts
from core.saving.training_state_file import (
    changes_too_many,
    read_training,
    training_arrays,
    training_facts,
)
from core.settings.config import RunConfig
from core.settings.settings_text import config_from, network_from, settings_of
from core.training.film import with_shorter_log
from core.training.saved_run import BestNetwork, SavedRun, TrainingState

VERSION = 8
"""Versions 1 to 3 had fewer settings and no state of training; 4 had neither live changes of layers
nor training times; 5 had no best network, and every step of the history; 6 had no half precision;
7 had no given starting weights. Files have the lowest version that can hold what is in them, from 6
on, so that earlier apps can open those."""

_HALF, _WITHOUT_HALF = 7, 6

_MAX_CONFIG_CHARACTERS = 1_500_000
"""A value of JSON takes up to 36 times as many bytes in memory as it has characters."""

_MAX_REASON = 400

_BEST = "best_"
"""Prefix of the names of the best network's arrays."""

MOST_BYTES = 4 * 2**30
"""The largest network with Adam's state takes 1.5 GB, a million steps of history 12 MB."""


def save_run(path: Path, run: SavedRun, half_precision: bool = False) -> None:
    """Write `run` to `path`, which is replaced only when all is written.

    Parameters
    ----------
    half_precision
        Whether to round the weights to 16 bits; only for a run without a state of training, which
        could not be resumed to the same bits.

    Raises
    ------
    ValueError
        If half precision is asked for a run with a state of training.
    DigitscopeError
        If the file cannot be written, or a weight is too large for half precision; an existing file
        stays unchanged.
    """
    write_atomically(path, lambda stream: write_run(stream, run, half_precision))


def write_run(stream: IO[bytes], run: SavedRun, half_precision: bool = False) -> None:
    """Write `run` into a binary file; see :func:`save_run`."""
    if half_precision and run.training is not None:
        raise ValueError("a run that can be resumed needs full precision")
    facts: dict[str, Any] = {
        "version": _HALF if half_precision else _WITHOUT_HALF,
        "run": settings_of(run.config),
        **threshold_facts(run.thresholds),
        "ended_by_patience": run.ended_by_patience,
    }
    arrays: dict[str, NDArray[Any]] = dict(named_arrays(run.network.layers))
    if run.id is not None:
        facts["id"] = run.id
    if run.best is not None:
        facts["best"] = _best_facts(run.best)
        arrays |= named_arrays(run.best.network.layers, _BEST)
    if half_precision:
        facts["half_precision"] = True
        arrays = in_half_precision(arrays)
    if run.training is not None:
        facts["training"] = training_facts(run.training, run.config)
        arrays |= training_arrays(run.training)
        if run.film:
            film = with_shorter_log(run.film, changes_too_many(run.training))
            facts["film"] = film_facts(film)
            arrays |= film_arrays(film)
        if run.start is not None:
            facts |= {"version": VERSION, "start": start_facts(run.start)}
            arrays |= start_arrays(run.start)
    config = np.array(json.dumps(facts))
    np.savez(stream, allow_pickle=False, config=config, **arrays)


def read_run(stream: IO[bytes]) -> SavedRun:
    """Read a run that :func:`write_run` has just written there, and nobody else."""
    size = stream.seek(0, os.SEEK_END)
    with zipfile.ZipFile(stream) as archive:
        return _read_run(archive, size)


def load_run(path: Path) -> SavedRun:
    """Read a run from :func:`save_run`.

    Raises
    ------
    RunFileError
        If the file is missing, damaged, of a newer version, or not a saved run.
    """
    try:
        with open_stored(path, MOST_BYTES) as (archive, size):
            return _read_run(archive, size)
    except (RunFileError, ConfigError) as error:
        raise RunFileError(f"'{path}' cannot be read as a run: {_reason(error)}") from error
    except OSError as error:
        raise RunFileError(
            f"'{path}' could not be opened: {error.strerror or error}. Check the name."
        ) from error
    except Exception as error:  # zipfile and NumPy raise many kinds for damaged content
        raise RunFileError(
            f"'{path}' is damaged or not a saved run ({_reason(error)}). "
            "Choose a run that was saved by this app, or an older copy of this file."
        ) from error


def is_run(path: Path) -> bool:
    """Return whether a file holds what makes an archive of arrays a saved run, damaged or not."""
    try:
        with open_stored(path, MOST_BYTES) as (archive, _):
            return "config.npy" in archive.namelist()
    except (OSError, *DAMAGES):
        return False


def _reason(error: Exception) -> str:
    """Return the message of `error`, which may quote the file, printable and cut short."""
    return printable(str(error), _MAX_REASON)


def _read_run(archive: zipfile.ZipFile, size: int) -> SavedRun:
    facts = _read_facts(archive)
    config = config_from(facts["run"])
    thresholds = read_thresholds(
        facts.get("threshold"), facts.get("thresholds"), len(config.network.classes), "its network"
    )
    ended_by_patience = flag(facts.get("ended_by_patience", False), "whether patience ended it")
    is_half = flag(facts.get("half_precision", False), "whether it has half precision")
    precision = HALF if is_half else SINGLE
    training, state, start = facts.get("training"), None, None
    if training is None:
        check_size(size, config.network, 1, precision)
        network = read_network(archive, config.network, precision)
    elif is_half:
        raise RunFileError("a run that can be resumed has no half precision.")
    else:
        training = group(training, "the state of its training")
        is_earlier = facts["version"] < 6
        if facts.get("start") is not None:
            start = read_start(archive, group(facts["start"], "its start"), config, size)
        memory = None if start is None else start.memory
        steps_before = 0 if memory is None else memory.steps
        network, state = read_training(archive, training, config, size, is_earlier, steps_before)
    best = None
    if facts.get("best") is not None:
        best = _read_best(
            archive, group(facts["best"], "its best network"), config, state, size, precision
        )
    film = () if state is None else read_film(archive, facts.get("film", []), config, state, size)
    run_id = run_id_or_none(facts.get("id"))
    return SavedRun(
        config, network, thresholds, state, best, ended_by_patience, run_id, film, start
    )


def _read_facts(archive: zipfile.ZipFile) -> Mapping[str, Any]:
    with archive.open("config.npy") as stream:
        shape, dtype = read_header(stream, "config")
        if shape != () or dtype.kind != "U" or dtype.itemsize > 4 * _MAX_CONFIG_CHARACTERS:
            raise RunFileError("its configuration is not a short text.")
        encoding = "utf-32-be" if dtype.byteorder == ">" else "utf-32-le"
        # Not by NumPy, which makes broken strings from invalid characters.
        content = rest(stream, dtype.itemsize, "config").decode(encoding).rstrip("\0")
    facts = group(json.loads(content), "its configuration")
    version = facts["version"]
    if type(version) is not int or not 1 <= version <= VERSION:
        raise RunFileError(
            f"it has version {shortened(version)} of the format, but this app only knows "
            f"versions up to {VERSION}. Update the app."
        )
    return facts


def _best_facts(best: BestNetwork) -> dict[str, Any]:
    """Return the values of the best network for the configuration of the run."""
    return {
        "step": best.step,
        "epoch": best.epoch,
        "accuracy": best.accuracy,
        **threshold_facts(best.thresholds),
        "network": asdict(best.config),
    }


def _read_best(
    archive: zipfile.ZipFile,
    facts: Mapping[str, Any],
    config: RunConfig,
    training: TrainingState | None,
    size: int,
    precision: np.dtype[Any],
) -> BestNetwork:
    """Read the best network of a run that began with `config`; the inverse of `_best_facts`.

    `training` is its state of training if the file has it, `size` the file's, and `precision` that
    of its weights.
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
    check_size(size, network_config, 1, precision)
    network = read_network(archive, network_config, precision, _BEST)
    return BestNetwork(
        network.frozen_copy(),
        network_config,
        step,
        epoch,
        probability(facts["accuracy"], "the accuracy of its best network"),
        read_thresholds(
            facts["threshold"],
            facts.get("thresholds"),
            len(network_config.classes),
            "its best network",
        ),
    )
