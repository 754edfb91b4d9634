"""The optional keys of a lesson file that make it a story: promise, prediction, and view."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

_MAX_PROMISE = 90
_MAX_PREDICT = 160
_MAX_MINUTES = 600
_MAX_LOSS = 1e6


class StoryError(ValueError):
    """The value of a key is wrong; the message says what to do.

    Attributes
    ----------
    key
        The key of the lesson.
    """

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(reason)
        self.key = key


def story_of(values: Mapping[str, Any], choices: Sequence[str]) -> dict[str, Any]:
    """Return those fields of :class:`core.lessons.lesson.Lesson` that these keys set.

    Parameters
    ----------
    values
        Everything that the file sets.
    choices
        What can be predicted.

    Raises
    ------
    StoryError
        If a value is wrong.
    """
    story = {key: check(key, values[key]) for key, check in _CHECKS.items() if key in values}
    if "correct" in story:
        _check_correct(story, choices)
    return story


def _check_correct(story: Mapping[str, Any], choices: Sequence[str]) -> None:
    if "predict" not in story:
        raise StoryError(
            "correct", "'correct' needs a question to predict. Add a line predict = \"…\"."
        )
    if story["correct"] not in choices:
        known = ", ".join(f'"{name}"' for name in choices)
        raise StoryError("correct", f"'correct' should be what can be predicted: {known}.")


def _line(most: int) -> Callable[[str, Any], str]:
    def check(key: str, text: Any) -> str:
        if not isinstance(text, str) or not text.strip() or len(text) > most:
            reason = f"'{key}' should be text of 1 to {most} characters in quotation marks."
            raise StoryError(key, reason)
        return " ".join(text.split())

    return check


def _name(key: str, name: Any) -> str:
    if not isinstance(name, str):
        reason = (
            f"'{key}' should be the name of a variant, or a choice of the search, in quotation "
            "marks."
        )
        raise StoryError(key, reason)
    return name


def _minutes(key: str, minutes: Any) -> int:
    is_whole = isinstance(minutes, int) and not isinstance(minutes, bool)
    if not is_whole or not 1 <= minutes <= _MAX_MINUTES:
        reason = f"The {key} should be a whole number from 1 to {_MAX_MINUTES}."
        raise StoryError(key, reason)
    return int(minutes)


def _flag(key: str, flag: Any) -> bool:
    if not isinstance(flag, bool):
        raise StoryError(key, f"'{key}' should be true or false.")
    return flag


def _range(most: float, example: str) -> Callable[[str, Any], tuple[float, float]]:
    def check(key: str, ends: Any) -> tuple[float, float]:
        is_pair = isinstance(ends, list) and len(ends) == 2 and all(map(_is_number, ends))
        if not is_pair or not 0 <= ends[0] < ends[1] <= most:
            reason = (
                f"'{key}' should be two numbers from 0 to {most:,.0f}, the smaller one first, "
                f"such as {key} = {example}."
            )
            raise StoryError(key, reason)
        return float(ends[0]), float(ends[1])

    return check


def _is_number(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and math.isfinite(value)


_CHECKS: dict[str, Callable[[str, Any], Any]] = {
    "promise": _line(_MAX_PROMISE),
    "minutes": _minutes,
    "predict": _line(_MAX_PREDICT),
    "correct": _name,
    "log_scale": _flag,
    "loss_range": _range(_MAX_LOSS, "[0, 0.5]"),
    "accuracy_range": _range(100, "[90, 100]"),
}

STORY_KEYS = tuple(_CHECKS)
