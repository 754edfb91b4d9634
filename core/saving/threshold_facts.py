"""The thresholds of certain predictions, as a run's file and reports state them."""

from __future__ import annotations

from typing import Any

from core.errors import RunFileError
from core.files.validated_values import probability, probability_or_none
from core.training.confidence import Thresholds


def threshold_facts(thresholds: Thresholds | None) -> dict[str, Any]:
    """Return the values; :func:`read_thresholds` is the inverse.

    ``threshold`` is the greatest, from which on every prediction is certain: earlier versions of
    the app have only one for all classes.
    """
    return {
        "threshold": None if thresholds is None else max(thresholds),
        "thresholds": None if thresholds is None else list(thresholds),
    }


def read_thresholds(of_all: object, listed: object, classes: int, whose: str) -> Thresholds | None:
    """Return the thresholds of each class; of earlier versions, the one that all of them have.

    `of_all` is what the file has as ``threshold``, and `listed` as ``thresholds``, or None.

    Raises
    ------
    RunFileError
        If they are not probabilities, or not as many as the network has classes.
    """
    greatest = probability_or_none(of_all, f"the threshold of {whose}")
    if listed is None:
        return None if greatest is None else (greatest,) * classes
    if not isinstance(listed, list) or len(listed) != classes:
        raise RunFileError(f"the thresholds of {whose} are not {classes} probabilities.")
    return tuple(probability(value, f"a threshold of {whose}") for value in listed)
