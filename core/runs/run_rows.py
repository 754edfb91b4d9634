"""A run's record and its curves, as the database of core/runs/run_library.py holds them."""

from __future__ import annotations

import io
import json
import logging
import math
import os
import zipfile
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.arrays import Floats
from core.errors import DigitscopeError
from core.files.npz import read_array_of_any_length
from core.runs.run_curves import Course, RunCurves
from core.runs.run_record import THUMBNAIL_POINTS, RunRecord
from core.settings.config import RunConfig
from core.settings.settings_text import config_from, settings_of

COLUMNS = tuple(field.name for field in fields(RunRecord))
"""What is kept of a run, in the order of RunRecord."""

OF_THE_USER = ("id", "name", "note", "began")
"""What stays as it is when the rest is brought up to date."""


_MOST = float(np.finfo(np.float32).max)
"""What a run measures is in float32 first."""

_LATEST = 1e11
"""Seconds of a moment that can still be written as a date."""

_MOST_BYTES = 80_000_000
"""Of one array of curves: ten million evaluations."""


def shown_name(number: int, name: str) -> str:
    """Return what a run is called: it has a number until the user gives it a name."""
    return name or f"Run {number}"


def values_of(record: RunRecord) -> dict[str, object]:
    """Return a record's fields as the columns hold them, in the order of COLUMNS."""
    return {
        **{name: getattr(record, name) for name in COLUMNS},
        "config": json.dumps(settings_of(record.config)),
        # As a number, SQLite keeps NaN as NULL, which a duration cannot be.
        "seconds": "nan" if math.isnan(record.seconds) else record.seconds,
        # Nor has it words that are no Unicode, as names of files may be.
        "path": None if record.path is None else os.fsencode(record.path).decode(errors="replace"),
        "thumbnail": record.thumbnail.astype("<f4").tobytes(),
    }


def record_from(row: tuple[Any, ...]) -> RunRecord | None:
    """Return what a row holds: the run's number, then COLUMNS.

    None if it is damaged, or of settings that are not known here.
    """
    number, *values = row
    found = dict(zip(COLUMNS, values, strict=True))
    try:
        thumbnail = np.frombuffer(found["thumbnail"], "<f4").astype(np.float32)
        return RunRecord(
            id=str(found["id"]),
            name=shown_name(number, str(found["name"])),
            note=str(found["note"]),
            began=_within(float(found["began"]), 0, _LATEST),
            config=_config(found["config"]),
            steps=int(_within(int(found["steps"]), 0)),
            epochs=_within(float(found["epochs"]), 0),
            seconds=_within(float(found["seconds"]), 0, or_nan=True),
            test_loss=_figure(found["test_loss"]),
            test_accuracy=_figure(found["test_accuracy"], 1),
            live_changes=int(_within(int(found["live_changes"]), 0)),
            path=None if found["path"] is None else Path(found["path"]),
            thumbnail=_accuracies(thumbnail[:THUMBNAIL_POINTS]),
        )
    except (DigitscopeError, TypeError, ValueError, OverflowError, RecursionError) as error:
        logging.getLogger(__name__).warning("The record of run %s was skipped: %s", number, error)
        return None


def _within(value: float, least: float, most: float = _MOST, or_nan: bool = False) -> float:
    """Return a figure of a run; a ValueError, if no run can have it."""
    if least <= value <= most or (or_nan and math.isnan(value)):
        return value
    raise ValueError(f"{value!r} is no figure of a run")


def _figure(value: float | None, most: float = math.inf) -> float | None:
    return None if value is None else _within(float(value), -_MOST, most, or_nan=True)


def _accuracies(shares: Floats) -> Floats:
    if not ((shares >= 0) & (shares <= 1)).all():
        raise ValueError("its small curve is not of accuracies")
    return shares


@lru_cache(maxsize=1024)  # runs that differ in nothing but their course are common
def _config(text: str) -> RunConfig:
    return config_from(json.loads(text))


def packed(curves: RunCurves) -> bytes:
    """Return curves as a compressed ``.npz``."""
    stream = io.BytesIO()
    arrays = {name: values for name, values in vars(curves).items() if name != "course"}
    course = {f"course_{name}": values for name, values in vars(curves.course).items()}
    np.savez_compressed(stream, **arrays, **course)
    return stream.getvalue()


def unpacked(data: bytes) -> RunCurves:
    """Return what :func:`packed` was given.

    Raises
    ------
    ValueError, KeyError, EOFError, OSError, RuntimeError, zipfile.BadZipFile, zlib.error
        If it is damaged.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:

        def read(*names: str) -> list[NDArray[np.float64]]:
            """Return arrays that must be of one length."""
            arrays = [
                read_array_of_any_length(archive, name, (), np.dtype(np.float64), _MOST_BYTES)
                for name in names
            ]
            if len({len(array) for array in arrays}) != 1:
                raise ValueError(f"{' and '.join(names)} are not of one length")
            return arrays

        course = read(*(f"course_{field.name}" for field in fields(Course)))
        trained, tested, validated = (
            read("step", "loss", "accuracy"),
            read("test_step", "test_loss", "test_accuracy"),
            read("validation_loss", "validation_accuracy"),
        )
    places = np.concatenate([*course[:2], trained[0], tested[0]])
    if not len(course[0]) or not np.isfinite(places).all():
        raise ValueError("it is not known when what was measured")
    for values in (*trained[1:], *tested[1:], *validated):
        if np.abs(values[np.isfinite(values)]).max(initial=0) > _MOST:
            raise ValueError("some values are beyond all bounds")
    return RunCurves(Course(*course), *trained, *tested, *validated)
