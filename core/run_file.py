"""A trained network on disk: one ``.npz`` that plain NumPy can read.

It holds ``W1, b1, W2, b2, …`` (float32) and ``config``, a JSON text with the format's version, the
configuration, and from which probability on an answer of the network is worth giving. Reading is
strict: a file from elsewhere is checked before anything is allocated by what it claims.
"""

from __future__ import annotations

import json
import math
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from core.arrays import Floats
from core.atomic_file import write_atomically
from core.augmentation import Augmentation
from core.config import Hyperparameters, NetworkConfig, RunConfig
from core.errors import ConfigError, RunFileError
from core.layers import parameter_count
from core.network import Network

VERSION = 3
"""Versions 1 and 2 knew fewer settings; what they did not know has its default here."""

_MAX_CONFIG_CHARACTERS = 100_000


class SavedRun(NamedTuple):
    """A configuration and the network that it led to.

    Attributes
    ----------
    threshold
        From which probability on an answer is worth giving (see core/confidence.py); None if there
        was no validation split to choose it on.
    """

    config: RunConfig
    network: Network
    threshold: float | None


def save_run(
    path: Path, config: RunConfig, network: Network, threshold: float | None = None
) -> None:
    """Write a :class:`SavedRun` to `path`, which is replaced only when all is written.

    Raises
    ------
    DigitscopeError
        If the file cannot be written; a file that was there before is as it was.
    """
    facts = {"version": VERSION, "run": asdict(config), "threshold": threshold}
    arrays: dict[str, NDArray[Any]] = {"config": np.array(json.dumps(facts))}
    for number, layer in enumerate(network.layers, start=1):
        arrays[f"W{number}"] = np.ascontiguousarray(layer.W)  # whatever its order in memory
        arrays[f"b{number}"] = layer.b
    write_atomically(path, lambda stream: np.savez(stream, allow_pickle=False, **arrays))


def load_run(path: Path) -> SavedRun:
    """Read what :func:`save_run` wrote.

    Raises
    ------
    RunFileError
        If the file is missing, damaged, of a newer version, or not a saved run.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            config, threshold = _read_facts(archive)
            _check_size(path, config)
            network = Network.from_config(config.network)
            for number, layer in enumerate(network.layers, start=1):
                layer.W[...] = _read_array(archive, f"W{number}", layer.W.shape)
                layer.b[...] = _read_array(archive, f"b{number}", layer.b.shape)
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
    if not np.isfinite(network.parameters).all():
        raise RunFileError(f"'{path}' holds weights that are NaN or infinite; it is of no use.")
    return SavedRun(config, network, threshold)


def _read_facts(archive: zipfile.ZipFile) -> tuple[RunConfig, float | None]:
    with archive.open("config.npy") as stream:
        shape, dtype = _read_header(stream)
        if shape != () or dtype.kind != "U" or dtype.itemsize > 4 * _MAX_CONFIG_CHARACTERS:
            raise RunFileError("its configuration is not a short text.")
        text = str(np.frombuffer(stream.read(dtype.itemsize), dtype)[0])
    content = json.loads(text)
    if content["version"] not in range(1, VERSION + 1):
        raise RunFileError(
            f"it has version {content['version']!r} of the format, and this app knows the "
            f"versions up to {VERSION}. Update the app."
        )
    threshold = content.get("threshold")
    if threshold is not None and not 0 <= threshold <= 1:
        raise RunFileError(f"its threshold of {threshold!r} is not a probability.")
    return _run_config(content["run"]), threshold


def _run_config(run: Mapping[str, Any]) -> RunConfig:
    network = dict(run["network"])
    network["hidden"] = tuple(int(units) for units in network["hidden"])
    network["activations"] = tuple(network.get("activations", ("relu",)))
    hyperparameters = dict(run["hyperparameters"])
    hyperparameters["augmentation"] = Augmentation(**hyperparameters.get("augmentation", {}))
    return RunConfig(
        dataset=run["dataset"],
        network=NetworkConfig(**network),
        hyperparameters=Hyperparameters(**hyperparameters),
        seed=run["seed"],
        validation=run.get("validation", 0),
    )


def _check_size(path: Path, config: RunConfig) -> None:
    """Refuse a small file that claims a large network before making room for the network."""
    needed = 4 * parameter_count(config.network.sizes)
    size = path.stat().st_size
    if size < needed:
        raise RunFileError(
            f"it has {size:,} bytes, and the weights of {config.network} alone take {needed:,}; "
            "it was cut short."
        )


def _read_array(archive: zipfile.ZipFile, name: str, shape: tuple[int, ...]) -> Floats:
    with archive.open(f"{name}.npy") as stream:
        found, dtype = _read_header(stream)
        if found != shape or dtype != np.float32:
            raise RunFileError(f"{name} is {dtype} {found}, and should be float32 {shape}.")
        content = stream.read(4 * math.prod(shape))
    return np.frombuffer(content, np.float32).reshape(shape)


def _read_header(stream: IO[bytes]) -> tuple[tuple[int, ...], np.dtype[Any]]:
    if npy.read_magic(stream) != (1, 0):
        raise RunFileError("one of its arrays has an unknown format.")
    shape, fortran_order, dtype = npy.read_array_header_1_0(stream)
    if fortran_order:
        raise RunFileError("one of its arrays is stored in column order.")
    return shape, dtype
