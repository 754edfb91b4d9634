"""Records and curves of runs, as stored in the database of core/runs/run_database.py."""

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
from core.files.npz import read_array
from core.runs.run_curves import Course, RunCurves
from core.runs.run_record import THUMBNAIL_POINTS, RunRecord
from core.settings.config import RunConfig
from core.settings.settings_text import config_from, settings_of

COLUMNS = tuple(field.name for field in fields(RunRecord))
"""The columns, in the order of RunRecord."""

OF_THE_USER = ("id", "name", "note", "began")
"""Columns that an update keeps."""


_MOST = float(np.finfo(np.float32).max)
"""Metrics are computed in float32."""

_LATEST = 1e11
"""The latest POSIX time that can be written as a date."""

_MOST_BYTES = 80_000_000
"""Most bytes of one array of curves: ten million evaluations."""


def shown_name(number: int, name: str, trial: int | None = None) -> str:
    """Return the name of a run; one without a name is called by its trial's or its own number."""
    return name or (f"Run {number}" if trial is None else f"Trial {trial}")


def values_of(record: RunRecord) -> dict[str, object]:
    """Return the fields of a record as column values, in the order of COLUMNS."""
    return {
        **{name: getattr(record, name) for name in COLUMNS},
        "config": json.dumps(settings_of(record.config)),
        # SQLite stores a NaN as NULL, which a duration cannot be.
        "seconds": "nan" if math.isnan(record.seconds) else record.seconds,
        "path": None if record.path is None else stored_path(record.path),
        "thumbnail": record.thumbnail.astype("<f4").tobytes(),
    }


def stored_path(path: Path) -> str:
    """Return a path as text: names may not be valid Unicode, which SQLite cannot store."""
    return os.fsencode(path).decode(errors="replace")


def record_from(row: tuple[Any, ...]) -> RunRecord | None:
    """Return the record in a row, which is the number of the run, then COLUMNS.

    None if it is damaged, or has unknown settings.
    """
    number, *values = row
    found = dict(zip(COLUMNS, values, strict=True))
    try:
        trial = _count_or_none(found["trial"])
        thumbnail = np.frombuffer(found["thumbnail"], "<f4").astype(np.float32)
        return RunRecord(
            id=str(found["id"]),
            name=shown_name(number, str(found["name"]), trial),
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
            validation_accuracy=_figure(found["validation_accuracy"], 1),
            search=None if found["search"] is None else str(found["search"]),
            trial=trial,
            parent=None if found["parent"] is None else str(found["parent"]),
            parent_step=_count_or_none(found["parent_step"]),
        )
    except (DigitscopeError, TypeError, ValueError, OverflowError, RecursionError) as error:
        logging.getLogger(__name__).warning("The record of run %s was skipped: %s", number, error)
        return None


def _within(value: float, least: float, most: float = _MOST, or_nan: bool = False) -> float:
    """Return `value`, or raise ValueError if it is outside its range."""
    if least <= value <= most or (or_nan and math.isnan(value)):
        return value
    raise ValueError(f"{value!r} is outside its range")


def _count_or_none(value: int | None) -> int | None:
    return None if value is None else int(_within(int(value), 0))


def _figure(value: float | None, most: float = math.inf) -> float | None:
    return None if value is None else _within(float(value), -_MOST, most, or_nan=True)


def _accuracies(shares: Floats) -> Floats:
    if not ((shares >= 0) & (shares <= 1)).all():
        raise ValueError("its small curve does not hold accuracies")
    return shares


@lru_cache(maxsize=8192)  # many runs have the same settings, and a list is read again
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
    """Return the curves in `data`; the inverse of :func:`packed`.

    Raises
    ------
    OSError, or one of core.files.npz.DAMAGES
        If it is damaged.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:

        def read(*names: str) -> list[NDArray[np.float64]]:
            """Return arrays of the same length."""
            arrays = [
                read_array(archive, name, (None,), np.dtype(np.float64), _MOST_BYTES)
                for name in names
            ]
            if len({len(array) for array in arrays}) != 1:
                raise ValueError(f"{' and '.join(names)} differ in length")
            return arrays

        course = read(*(f"course_{field.name}" for field in fields(Course)))
        trained, tested, validated = (
            read("step", "loss", "accuracy"),
            read("test_step", "test_loss", "test_accuracy"),
            read("validation_loss", "validation_accuracy"),
        )
    places = np.concatenate([*course[:2], trained[0], tested[0]])
    if not len(course[0]) or not np.isfinite(places).all():
        raise ValueError("the places of its points are missing or not finite")
    for values in (*trained[1:], *tested[1:], *validated):
        if np.abs(values[np.isfinite(values)]).max(initial=0) > _MOST:
            raise ValueError("some values are too large")
    return RunCurves(Course(*course), *trained, *tested, *validated)
