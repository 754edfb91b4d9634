"""The thresholds of certain predictions, as a run's file and reports state them."""

from __future__ import annotations

from collections.abc import Mapping
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


def read_thresholds(facts: Mapping[str, Any], classes: int, whose: str) -> Thresholds | None:
    """Return the thresholds of each class; of earlier versions, the one that all of them have.

    Raises
    ------
    RunFileError
        If they are not probabilities, or not as many as the network has classes.
    """
    of_all = probability_or_none(facts.get("threshold"), f"the threshold of {whose}")
    listed = facts.get("thresholds")
    if listed is None:
        return None if of_all is None else (of_all,) * classes
    if not isinstance(listed, list) or len(listed) != classes:
        raise RunFileError(f"the thresholds of {whose} are not {classes} probabilities.")
    return tuple(probability(value, f"a threshold of {whose}") for value in listed)
