"""A run on disk: one ``.npz`` that plain NumPy can read.

It holds the weights ``W1, b1, W2, b2, …`` (float32), the optimizer's averages as ``m_W1, m_b1, …``,
the order of the images in the present epoch, the metrics as ``history_…``, and ``config``, a JSON
text with everything else. Reading is strict: a file from elsewhere is checked before anything is
allocated by what it claims.
"""

from __future__ import annotations

import json
import math
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.arrays import Floats
from core.atomic_file import write_atomically
from core.change_log import changes_from, log_of
from core.checkpoint import Change, Checkpoint
from core.config import NetworkConfig, RunConfig
from core.errors import ConfigError, RunFileError
from core.history import History
from core.layers import Layer, layer_views, parameter_count
from core.network import Network
from core.npz import read_header
from core.optimizers import OPTIMIZERS
from core.saved_run import SavedRun, TrainingState
from core.settings_text import config_from, settings_of

VERSION = 5
"""Versions 1 to 3 knew fewer settings, and nothing of how to go on training; 4 knew neither of
networks that change while they learn, nor of how long training took."""

_MAX_CONFIG_CHARACTERS = 2_000_000


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
        arrays.update({f"history_{name}": array for name, array in run.training.history.items()})
    text = np.array(json.dumps(facts))
    write_atomically(
        path, lambda stream: np.savez(stream, allow_pickle=False, config=text, **arrays)
    )


def _named(layers: tuple[Layer, ...], prefix: str) -> Iterator[tuple[str, Floats]]:
    """Yield the arrays of all layers with their names, in rows whatever their order in memory."""
    for number, layer in enumerate(layers, start=1):
        yield f"{prefix}W{number}", np.ascontiguousarray(layer.W)
        yield f"{prefix}b{number}", layer.b


def _training_facts(training: TrainingState, config: RunConfig) -> dict[str, Any]:
    checkpoint = training.checkpoint
    return {
        "dataset_checksum": training.dataset_checksum,
        "first_loss": training.first_loss,
        "step": checkpoint.step,
        "epoch": checkpoint.epoch,
        "position": checkpoint.position,
        "seconds": checkpoint.seconds,
        "evaluation_seconds": training.evaluation_seconds.tolist(),
        "images": len(checkpoint.order),
        "evaluations": len(training.history["evaluation_step"]),
        "order_state": checkpoint.order_state,
        "noise_state": checkpoint.noise_state,
        "optimizer_steps": checkpoint.optimizer_steps,
        "changes": list(log_of(checkpoint.changes, config)),
    }


def load_run(path: Path) -> SavedRun:
    """Read what :func:`save_run` wrote.

    Raises
    ------
    RunFileError
        If the file is missing, damaged, of a newer version, or not a saved run.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _read_run(archive, path.stat().st_size)
    except (RunFileError, ConfigError) as error:
        raise RunFileError(f"'{path}' cannot be read as a run: {error}") from error
    except OSError as error:
        raise RunFileError(
            f"'{path}' could not be opened: {error.strerror or error}. Check the name."
        ) from error
    except Exception as error:  # zipfile, zlib and NumPy raise many kinds for damaged content
        raise RunFileError(
            f"'{path}' is damaged or not a run of this app ({error}). "
            "Choose a file that was written by --save, or an older copy of this one."
        ) from error


def _read_run(archive: zipfile.ZipFile, size: int) -> SavedRun:
    facts = _read_facts(archive)
    config = config_from(facts["run"])
    threshold = facts.get("threshold")
    if threshold is not None and not 0 <= threshold <= 1:
        raise RunFileError(f"its threshold of {threshold!r} is not a probability.")
    training = facts.get("training")
    averages: tuple[str, ...] = ()
    shape = config.network
    if training is not None:
        changes = changes_from(training["changes"], config)
        averages = OPTIMIZERS[changes[-1].hyperparameters.optimizer].names
        shape = changes[-1].network
    _check_size(size, shape, 1 + len(averages))
    network = Network.from_config(shape)
    _read_layers(archive, network.layers, "")
    if not np.isfinite(network.parameters).all():
        raise RunFileError("it holds weights that are NaN or infinite; it is of no use.")
    if training is None:
        return SavedRun(config, network, threshold)
    vectors = {name: np.empty_like(network.parameters) for name in averages}
    for name, vector in vectors.items():
        _read_layers(archive, layer_views(vector, network.sizes), f"{name}_")
    history = _read_history(archive, training, config, size)
    return SavedRun(
        config,
        network,
        threshold,
        TrainingState(
            str(training["dataset_checksum"]),
            _checkpoint(archive, training, network, vectors, changes, size),
            history,
            _read_seconds(training, len(history["evaluation_step"])),
            None if training["first_loss"] is None else float(training["first_loss"]),
        ),
    )


def _read_facts(archive: zipfile.ZipFile) -> Mapping[str, Any]:
    with archive.open("config.npy") as stream:
        shape, dtype = read_header(stream, "config")
        if shape != () or dtype.kind != "U" or dtype.itemsize > 4 * _MAX_CONFIG_CHARACTERS:
            raise RunFileError("its configuration is not a short text.")
        text = str(np.frombuffer(stream.read(dtype.itemsize), dtype)[0])
    facts: Mapping[str, Any] = json.loads(text)
    if facts["version"] not in range(1, VERSION + 1):
        raise RunFileError(
            f"it has version {facts['version']!r} of the format, and this app knows the "
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
    images, position = _count(training["images"]), _count(training["position"])
    order = _read_array(archive, "order", (images,), np.dtype(np.int32), size).astype(np.intp)
    if position >= images or not np.array_equal(np.sort(order), np.arange(images)):
        raise RunFileError("the order of its images does not name each image once.")
    for name in ("order_state", "noise_state"):
        np.random.PCG64().state = training[name]  # raises if it is none
    return Checkpoint(
        step=_count(training["step"]),
        epoch=_count(training["epoch"]),
        position=position,
        seconds=float(training.get("seconds", math.nan)),
        order=order,
        order_state=training["order_state"],
        noise_state=training["noise_state"],
        parameters=network.parameters,
        optimizer_steps=_count(training["optimizer_steps"]),
        optimizer_averages=averages,
        changes=changes,
    )


def _read_history(
    archive: zipfile.ZipFile, training: Mapping[str, Any], config: RunConfig, size: int
) -> dict[str, NDArray[Any]]:
    steps, epochs = _count(training["step"]), _count(training["epoch"])
    evaluations = _count(training["evaluations"])
    lengths = History.lengths(steps, epochs, evaluations, evaluations if config.validation else 0)
    return {
        name: _read_array(archive, f"history_{name}", (length,), series.dtype, size)
        for (name, series), length in zip(History().values().items(), lengths, strict=True)
    }


def _read_seconds(training: Mapping[str, Any], evaluations: int) -> NDArray[np.float64]:
    """Return how long the steps before each evaluation took; version 4 did not say."""
    seconds = np.array(training.get("evaluation_seconds", [np.nan] * evaluations), np.float64)
    if seconds.shape != (evaluations,):
        raise RunFileError("the times of its evaluations are not as many as those.")
    return seconds


def _count(value: object) -> int:
    if not isinstance(value, int) or value < 0:
        raise RunFileError(f"{value!r} is not a count.")
    return value


def _check_size(size: int, network: NetworkConfig, vectors: int) -> None:
    """Refuse a small file that claims a large network before making room for the network."""
    needed = 4 * vectors * parameter_count(network.sizes)
    if size < needed:
        raise RunFileError(
            f"it has {size:,} bytes, and the weights of {network} alone take {needed:,}; "
            "it was cut short."
        )


def _read_layers(archive: zipfile.ZipFile, layers: tuple[Layer, ...], prefix: str) -> None:
    """Read into W and b of each layer, whose sizes were compared with that of the file."""
    for number, layer in enumerate(layers, start=1):
        for name, target in ((f"{prefix}W{number}", layer.W), (f"{prefix}b{number}", layer.b)):
            target[...] = _read_array(archive, name, target.shape, target.dtype, target.nbytes)


def _read_array(
    archive: zipfile.ZipFile, name: str, shape: tuple[int, ...], dtype: np.dtype[Any], limit: int
) -> NDArray[Any]:
    """Read an array that must have this shape and type, and be no larger than `limit` bytes."""
    with archive.open(f"{name}.npy") as stream:
        found, found_dtype = read_header(stream, name)
        if found != shape or found_dtype != dtype:
            raise RunFileError(f"{name} is {found_dtype} {found}, and should be {dtype} {shape}.")
        if (length := dtype.itemsize * math.prod(shape)) > limit:
            raise RunFileError(f"{name} claims to be larger than the file.")
        content = stream.read(length)
    return np.frombuffer(content, dtype).reshape(shape)
