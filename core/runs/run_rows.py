"""A run's record and its curves, as the database of core/runs/run_library.py holds them."""

from __future__ import annotations

import io
import json
import logging
import math
import os
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from core.config import RunConfig
from core.errors import DigitscopeError
from core.runs.run_curves import Course, RunCurves
from core.runs.run_record import THUMBNAIL_POINTS, RunRecord
from core.settings_text import config_from, settings_of

COLUMNS = tuple(field.name for field in fields(RunRecord))
"""What is kept of a run, in the order of RunRecord."""

OF_THE_USER = ("id", "name", "note", "began")
"""What stays as it is when the rest is brought up to date."""


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
            began=float(found["began"]),
            config=_config(found["config"]),
            steps=int(found["steps"]),
            epochs=float(found["epochs"]),
            seconds=float(found["seconds"]),
            test_loss=_figure(found["test_loss"]),
            test_accuracy=_figure(found["test_accuracy"]),
            live_changes=int(found["live_changes"]),
            path=None if found["path"] is None else Path(found["path"]),
            thumbnail=thumbnail[:THUMBNAIL_POINTS],
        )
    except (DigitscopeError, TypeError, ValueError, OverflowError) as error:
        logging.getLogger(__name__).warning("The record of run %s was skipped: %s", number, error)
        return None


def _figure(value: float | None) -> float | None:
    return None if value is None else float(value)


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
    TypeError, ValueError, KeyError, EOFError, OSError, zipfile.BadZipFile, zlib.error
        If it is damaged.
    """
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        course = Course(*(arrays[f"course_{field.name}"] for field in fields(Course)))
        names = [field.name for field in fields(RunCurves) if field.name != "course"]
        return RunCurves(course, **{name: arrays[name] for name in names})
