"""A run on disk: one ``.npz`` that plain NumPy can read.

It holds the weights ``W1, b1, W2, b2, …`` (float32), the optimizer's averages as ``m_W1, m_b1, …``,
the order of the images in the present epoch, the metrics as ``history_…``, what was measured of the
layers as ``layers_…``, and ``config``, a JSON text with everything else. Reading is strict: a file
from elsewhere is checked before anything is allocated by what it claims.
"""

from __future__ import annotations

import json
import math
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from reprlib import repr as shortened
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.arrays import Floats
from core.atomic_file import write_atomically
from core.change_log import MOST_CHANGES, changes_from, log_of
from core.checkpoint import Change, Checkpoint
from core.config import NetworkConfig, RunConfig
from core.errors import ConfigError, RunFileError
from core.history import History
from core.layer_record_arrays import MOST_ROWS, ROW, arrays_of, records_of
from core.layer_statistics import LayerRecord
from core.layers import Layer, layer_views, parameter_count
from core.network import Network
from core.npz import open_stored, read_array, read_header, rest
from core.optimizers import OPTIMIZERS
from core.plain_values import count, duration, group, number_or_none, random_state, text
from core.saved_run import SavedRun, TrainingState
from core.settings_text import config_from, settings_of

VERSION = 5
"""Versions 1 to 3 knew fewer settings, and nothing of how to go on training; 4 knew neither of
networks that change while they learn, nor of how long training took."""

_MAX_CONFIG_CHARACTERS = 1_500_000
"""Values of JSON take up to 36 times as many bytes in memory as characters in the file."""

_MAX_REASON = 400


def save_run(path: Path, run: SavedRun) -> None:
    """Write `run` to `path`, which is replaced only when all is written.

    Raises
    ------
    DigitscopeError
        If the file cannot be written; a file that was there before is as it was.
    """
    facts: dict[str, Any] = {
        "version": VERSION,
        "run": settings_of(run.config),
        "threshold": run.threshold,
    }
    arrays: dict[str, NDArray[Any]] = dict(_named(run.network.layers, ""))
    if run.training is not None:
        checkpoint = run.training.checkpoint
        facts["training"] = _training_facts(run.training, run.config)
        arrays["order"] = checkpoint.order.astype(np.int32)
        for average, vector in checkpoint.optimizer_averages.items():
            arrays.update(_named(layer_views(vector, run.network.sizes), f"{average}_"))
        measured = arrays_of(run.training.layer_records)
        facts["training"]["layer_rows"] = len(measured["step"])
        for group_name, values in (("history", run.training.history), ("layers", measured)):
            arrays.update({f"{group_name}_{name}": array for name, array in values.items()})
    config = np.array(json.dumps(facts))
    write_atomically(
        path, lambda stream: np.savez(stream, allow_pickle=False, config=config, **arrays)
    )


def _named(layers: tuple[Layer, ...], prefix: str) -> Iterator[tuple[str, Floats]]:
    """Yield the arrays of all layers with their names, in rows whatever their order in memory."""
    for number, layer in enumerate(layers, start=1):
        yield f"{prefix}W{number}", np.ascontiguousarray(layer.W)
        yield f"{prefix}b{number}", layer.b


def _training_facts(training: TrainingState, config: RunConfig) -> dict[str, Any]:
    checkpoint = training.checkpoint
    changes = checkpoint.changes
    too_many = max(len(changes) - MOST_CHANGES, 0)
    return {
        "dataset_checksum": training.dataset_checksum,
        "first_loss": training.first_loss,
        "step": checkpoint.step,
        "epoch": checkpoint.epoch,
        "position": checkpoint.position,
        "seconds": checkpoint.seconds,
        "evaluation_seconds": [round(value, 3) for value in training.evaluation_seconds.tolist()],
        "images": len(checkpoint.order),
        "evaluations": len(training.history["evaluation_step"]),
        "order_state": checkpoint.order_state,
        "noise_state": checkpoint.noise_state,
        "optimizer_steps": checkpoint.optimizer_steps,
        "changes": list(log_of((changes[0], *changes[1 + too_many :]), config)),
        "changes_left_out": training.changes_left_out + too_many,
    }


def load_run(path: Path) -> SavedRun:
    """Read what :func:`save_run` wrote.

    Raises
    ------
    RunFileError
        If the file is missing, damaged, of a newer version, or not a saved run.
    """
    try:
        with open_stored(path) as archive:
            return _read_run(archive, path.stat().st_size)
    except (RunFileError, ConfigError) as error:
        raise RunFileError(f"'{path}' cannot be read as a run: {_told(error)}") from error
    except OSError as error:
        raise RunFileError(
            f"'{path}' could not be opened: {error.strerror or error}. Check the name."
        ) from error
    except Exception as error:  # zipfile and NumPy raise many kinds for damaged content
        raise RunFileError(
            f"'{path}' is damaged or not a run of this app ({_told(error)}). "
            "Choose a file that was written by --save, or an older copy of this one."
        ) from error


def _told(error: Exception) -> str:
    """Return what `error` says in one line, whatever names and values the file has put into it."""
    text = str(error)
    if len(text) > _MAX_REASON:
        text = f"{text[:_MAX_REASON]}…"
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def _read_run(archive: zipfile.ZipFile, size: int) -> SavedRun:
    facts = _read_facts(archive)
    config = config_from(facts["run"])
    threshold = number_or_none(facts.get("threshold"))
    if threshold is not None and not 0 <= threshold <= 1:
        raise RunFileError(f"its threshold of {threshold!r} is not a probability.")
    training = facts.get("training")
    if training is None:
        _check_size(size, config.network, 1)
        return SavedRun(config, _read_network(archive, config.network), threshold)
    training = group(training, "the state of its training")
    changes = changes_from(training["changes"], config)
    if changes[-1].step > count(training["step"]):
        raise RunFileError("the log of its changes goes on after its last step.")
    averages = OPTIMIZERS[changes[-1].hyperparameters.optimizer].names
    _check_size(size, changes[-1].network, 1 + len(averages))
    network = _read_network(archive, changes[-1].network)
    vectors = {name: _read_average(archive, network, name) for name in averages}
    history = _read_history(archive, training, config, size)
    return SavedRun(
        config,
        network,
        threshold,
        TrainingState(
            text(training["dataset_checksum"], "the checksum of its data set"),
            _checkpoint(archive, training, network, vectors, changes, size),
            history,
            _read_seconds(training, len(history["evaluation_step"])),
            number_or_none(training["first_loss"]),
            count(training.get("changes_left_out", 0)),
            _read_layer_records(archive, training, size),
        ),
    )


def _read_facts(archive: zipfile.ZipFile) -> Mapping[str, Any]:
    with archive.open("config.npy") as stream:
        shape, dtype = read_header(stream, "config")
        if shape != () or dtype.kind != "U" or dtype.itemsize > 4 * _MAX_CONFIG_CHARACTERS:
            raise RunFileError("its configuration is not a short text.")
        encoding = "utf-32-be" if dtype.byteorder == ">" else "utf-32-le"
        # Not by NumPy, which makes broken strings of what is no character.
        content = rest(stream, dtype.itemsize, "config").decode(encoding).rstrip("\0")
    facts = group(json.loads(content), "its configuration")
    version = facts["version"]
    if type(version) is not int or not 1 <= version <= VERSION:
        raise RunFileError(
            f"it has version {shortened(version)} of the format, and this app knows the "
            f"versions up to {VERSION}. Update the app."
        )
    return facts


def _checkpoint(
    archive: zipfile.ZipFile,
    training: Mapping[str, Any],
    network: Network,
    averages: Mapping[str, Floats],
    changes: tuple[Change, ...],
    size: int,
) -> Checkpoint:
    images, position = count(training["images"]), count(training["position"])
    order = read_array(archive, "order", (images,), np.dtype(np.int32), size)
    if position >= images or not _names_each_once(order):
        raise RunFileError("the order of its images does not name each image once.")
    step, optimizer_steps = count(training["step"]), count(training["optimizer_steps"])
    if optimizer_steps > step:
        raise RunFileError("its optimizer has made more steps than the run.")
    return Checkpoint(
        step=step,
        epoch=count(training["epoch"]),
        position=position,
        seconds=duration(training.get("seconds", math.nan)),
        order=order.astype(np.intp),
        order_state=random_state(training["order_state"]),
        noise_state=random_state(training["noise_state"]),
        parameters=network.parameters,
        optimizer_steps=optimizer_steps,
        optimizer_averages=averages,
        changes=changes,
    )


def _names_each_once(order: NDArray[np.int32]) -> bool:
    """Return whether `order` holds each of 0 … n − 1; without sorting, which takes more memory."""
    n = len(order)
    if order.min() < 0 or order.max() >= n:
        return False
    is_named = np.zeros(n, np.bool_)
    is_named[order] = True
    return bool(is_named.all())


def _read_history(
    archive: zipfile.ZipFile, training: Mapping[str, Any], config: RunConfig, size: int
) -> dict[str, NDArray[Any]]:
    steps, epochs = count(training["step"]), count(training["epoch"])
    evaluations = count(training["evaluations"])
    lengths = History.lengths(steps, epochs, evaluations, evaluations if config.validation else 0)
    history = {
        name: read_array(archive, f"history_{name}", (length,), series.dtype, size)
        for (name, series), length in zip(History().values().items(), lengths, strict=True)
    }
    for name, first, least in (("epoch_end", 1, 1), ("evaluation_step", 0, 0)):
        series = history[name]
        is_within = (first <= series).all() and (series <= steps).all()
        if not is_within or not (np.diff(series) >= least).all():
            raise RunFileError(f"the steps in its history_{name} are not in order.")
    return history


def _read_seconds(training: Mapping[str, Any], evaluations: int) -> NDArray[np.float64]:
    """Return how long the steps before each evaluation took; version 4 did not say."""
    seconds = training.get("evaluation_seconds", [math.nan] * evaluations)
    if len(seconds) != evaluations:
        raise RunFileError("the times of its evaluations are not as many as those.")
    return np.array([duration(value) for value in seconds], np.float64)


def _read_layer_records(
    archive: zipfile.ZipFile, training: Mapping[str, Any], size: int
) -> tuple[LayerRecord, ...]:
    """Return what was measured of the layers; some files of this version and before do not say."""
    rows = count(training.get("layer_rows", 0))
    if rows == 0:
        return ()
    if rows > MOST_ROWS:
        raise RunFileError(f"what was measured of its layers has more than {MOST_ROWS:,} rows.")
    arrays = {
        name: read_array(archive, f"layers_{name}", (rows, *ROW[name].shape), ROW[name].base, size)
        for name in ROW.names or ()
    }
    return records_of(arrays, count(training["step"]))


def _check_size(size: int, network: NetworkConfig, vectors: int) -> None:
    """Refuse a small file that claims a large network before making room for the network."""
    needed = 4 * vectors * parameter_count(network.sizes)
    if size < needed:
        raise RunFileError(
            f"it has {size:,} bytes, and the weights of {network} alone take {needed:,}; "
            "it was cut short."
        )


def _read_network(archive: zipfile.ZipFile, config: NetworkConfig) -> Network:
    """Read the weights and biases of this network, whose size was compared with the file's."""
    network = Network.from_config(config)
    _read_layers(archive, network.layers, "")
    if not np.isfinite(network.parameters).all():
        raise RunFileError("it holds weights that are NaN or infinite; it is of no use.")
    return network


def _read_average(archive: zipfile.ZipFile, network: Network, name: str) -> Floats:
    """Read what the optimizer remembers by this name. Some of it may be infinite, but not NaN."""
    vector = np.empty_like(network.parameters)
    _read_layers(archive, layer_views(vector, network.sizes), f"{name}_")
    if np.isnan(vector).any():
        raise RunFileError(f"its optimizer's averages {name} hold NaN.")
    return vector


def _read_layers(archive: zipfile.ZipFile, layers: tuple[Layer, ...], prefix: str) -> None:
    """Read into W and b of each layer, whose sizes were compared with that of the file."""
    for number, layer in enumerate(layers, start=1):
        for name, target in ((f"{prefix}W{number}", layer.W), (f"{prefix}b{number}", layer.b)):
            target[...] = read_array(archive, name, target.shape, target.dtype, target.nbytes)
