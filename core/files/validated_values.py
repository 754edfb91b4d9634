"""Checks single values from a file that is not trusted yet, and returns them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from reprlib import repr as shortened
from typing import Any

import numpy as np

from core.errors import RunFileError

_MOST_SECONDS = 1e10
"""Three centuries."""

_ID = re.compile("[0-9a-f]{32}")


def group(value: object, what: str) -> Mapping[str, Any]:
    """Return a mapping of names to values."""
    if not isinstance(value, dict):
        raise RunFileError(f"{what} is not a group of values.")
    return value


def text(value: object, what: str) -> str:
    """Return a text."""
    if not isinstance(value, str):
        raise RunFileError(f"{what} is not text.")
    return value


def count(value: object) -> int:
    """Return a whole number, at least 0."""
    if type(value) is not int or value < 0:
        raise RunFileError(f"{shortened(value)} is not a count.")
    return value


def number(value: object) -> float:
    """Return a number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RunFileError(f"{shortened(value)} is not a number.")
    return float(value)


def number_or_none(value: object) -> float | None:
    """Return a number, or None."""
    return None if value is None else number(value)


def probability(value: object, what: str) -> float:
    """Return a number in 0…1."""
    share = number(value)
    if not 0 <= share <= 1:
        raise RunFileError(f"{what} is {share!r}, which is not between 0 and 1.")
    return share


def probability_or_none(value: object, what: str) -> float | None:
    """Return a number in 0…1, or None."""
    return None if value is None else probability(value, what)


def loss_or_none(value: object) -> float | None:
    """Return a loss that a run can have, or None."""
    loss = number_or_none(value)
    if loss is not None and not 0 <= loss < math.inf:
        raise RunFileError(f"{loss!r} is not a loss.")
    return loss


def flag(value: object, what: str) -> bool:
    """Return True or False."""
    if not isinstance(value, bool):
        raise RunFileError(f"{what} is neither true nor false.")
    return value


def duration(value: object) -> float:
    """Return how many seconds something took; NaN where it is not known."""
    seconds = number(value)
    if seconds < 0 or seconds > _MOST_SECONDS:
        raise RunFileError(f"{seconds!r} seconds is not a possible training time.")
    return seconds


def epochs_made(value: object) -> float:
    """Return how many epochs were made, including the share of the last one."""
    epochs = number(value)
    if not 0 <= epochs < math.inf:
        raise RunFileError(f"{epochs!r} epochs is not possible.")
    return epochs


def run_id_or_none(value: object) -> str | None:
    """Return the id of a run, or None."""
    if value is None or (isinstance(value, str) and _ID.fullmatch(value)):
        return value
    raise RunFileError(f"{shortened(value)} is not the id of a run.")


def random_state(value: Any) -> Mapping[str, Any]:
    """Return the state of a random number generator, without any other keys."""
    generator = np.random.PCG64()
    generator.state = value  # raises if it is not one
    return generator.state
