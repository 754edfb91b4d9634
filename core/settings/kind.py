"""What a TOML file is: it says so in its first line, as in ``kind = "lesson"``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal, get_args

from core.errors import ConfigError

Kind = Literal["settings", "lesson", "classroom"]
KINDS: tuple[Kind, ...] = get_args(Kind)
KIND_KEY = "kind"

_CALLED: dict[Kind, tuple[str, str]] = {
    "settings": ("settings", "applies them"),
    "lesson": ("a lesson", "opens it"),
    "classroom": ("a classroom", "enters it"),
}
"""In a sentence, and what File > Open does with it."""

_ONLY_IN_LESSONS = frozenset(("question", "answer", "variants", "search"))
_ONLY_IN_SETTINGS = frozenset(("network", "hyperparameters", "seed", "validation"))


def kind_of(values: Mapping[str, Any], wanted: Kind | None = None) -> Kind:
    """Return what a file with these values is.

    Files of earlier versions do not say it: they are what is wanted, or what their keys show.

    Parameters
    ----------
    wanted
        The only kind that is of use here; None if each is.

    Raises
    ------
    ConfigError
        If it is of another kind, or of none that is known.
    """
    if KIND_KEY not in values:
        kind = wanted or _kind_by_keys(values)
        if kind is None:
            raise ConfigError(f"This file does not say what it is. Add a first line {_LINES}.")
        return kind
    said = values[KIND_KEY]
    for kind in KINDS:
        if kind == said:
            if wanted is not None and kind != wanted:
                called, use = _CALLED[kind]
                raise ConfigError(
                    f"This is {called}, not {_CALLED[wanted][0]}. As a file, File > Open {use}."
                )
            return kind
    raise ConfigError(f"'{KIND_KEY}' should be one of {', '.join(map(json.dumps, KINDS))}.")


_LINES = " or ".join(f"{KIND_KEY} = {json.dumps(kind)}" for kind in KINDS)


def _kind_by_keys(values: Mapping[str, Any]) -> Kind | None:
    if _ONLY_IN_LESSONS.intersection(values):
        return "lesson"
    return "settings" if _ONLY_IN_SETTINGS.intersection(values) else None
