"""The film of a run in its file: an array for each moment, and what describes them."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import RunFileError
from core.files.npz import read_array
from core.files.validated_values import count, duration, epochs_made, flag, group
from core.network.layers import layer_views, named_arrays, parameter_count
from core.saving.network_arrays import HALF
from core.settings.config import RunConfig
from core.settings.settings_text import network_from
from core.training.film import MOST_BYTES, MOST_MOMENTS, FilmMoment, is_in_order, rounded
from core.training.saved_run import TrainingState

_PREFIX = "film_"
"""Of the names of the arrays; their number follows."""


def film_facts(film: Sequence[FilmMoment]) -> list[dict[str, Any]]:
    """Return what describes the moments, for the configuration of a run."""
    return [
        {
            "step": moment.step,
            "changes": moment.changes,
            "epochs": moment.epochs,
            "seconds": moment.seconds,
            "is_pinned": moment.is_pinned,
            "network": asdict(moment.network),
        }
        for moment in film
    ]


def film_arrays(film: Sequence[FilmMoment]) -> dict[str, NDArray[Any]]:
    """Return the weights and biases of each moment by the names ``film_0``, ``film_1``, …

    Each is float16, (P,): W1 row after row, then b1, W2, b2, …
    """
    arrays: dict[str, NDArray[Any]] = {}
    for place, moment in enumerate(film):
        layers = named_arrays(layer_views(rounded(moment.parameters), moment.network.sizes))
        arrays[f"{_PREFIX}{place}"] = np.concatenate([array.ravel() for array in layers.values()])
    return arrays


def read_film(
    archive: zipfile.ZipFile, facts: object, config: RunConfig, training: TrainingState, size: int
) -> tuple[FilmMoment, ...]:
    """Read the film; the inverse of the functions above.

    Parameters
    ----------
    facts
        From :func:`film_facts`.
    config, training
        How the run began, and how far it is.
    size
        Of the file, in bytes.

    Raises
    ------
    RunFileError, ConfigError, ValueError, KeyError, TypeError
        If no run can have this film.
    """
    if not isinstance(facts, list) or len(facts) > MOST_MOMENTS:
        raise RunFileError(f"its film is not a list of at most {MOST_MOMENTS} moments.")
    moments: list[FilmMoment] = []
    left = min(size, MOST_BYTES)
    for place, each in enumerate(facts):
        moment = _read_moment(archive, f"{_PREFIX}{place}", group(each, "a moment"), config, left)
        left -= moment.parameters.nbytes
        moments.append(moment)
    film = tuple(moments)
    now = training.checkpoint.step, len(training.checkpoint.changes)
    if not is_in_order(film) or (film and film[-1].place > now):
        raise RunFileError("the moments of its film are not in order.")
    return film


def _read_moment(
    archive: zipfile.ZipFile, name: str, facts: Mapping[str, Any], config: RunConfig, left: int
) -> FilmMoment:
    """Read a moment whose array may take `left` bytes."""
    network = network_from(facts["network"])
    if network.output != config.network.output:
        raise RunFileError("its film belongs to another network.")
    in_rows = read_array(archive, name, (parameter_count(network.sizes),), HALF, left)
    if not np.isfinite(in_rows).all():
        raise RunFileError("weights in its film are NaN or infinite.")
    parameters, start = np.empty_like(in_rows), 0
    for layer in layer_views(parameters, network.sizes):
        for array in (layer.W, layer.b):
            array[...] = in_rows[start : start + array.size].reshape(array.shape)
            start += array.size
    if not (changes := count(facts["changes"])):
        raise RunFileError("a moment of its film is before the first settings.")
    parameters.flags.writeable = False
    return FilmMoment(
        count(facts["step"]),
        changes,
        epochs_made(facts["epochs"]),
        duration(facts["seconds"]),
        network,
        parameters,
        flag(facts["is_pinned"], "whether a moment is one side of a change"),
    )
