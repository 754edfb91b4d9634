"""Reads the table ``[search]`` of a lesson's file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.errors import ConfigError
from core.lessons.lesson import LessonSearch
from core.search.plan import SAMPLER_NAMES
from core.search.varied import Varied, parse_varied
from core.toml_files.toml_reader import MAX_NAME, TomlReader

_WHERE = ("search",)
_COUNTS = ("trials", "epochs", "runs_per_trial")
_OF_THE_PLAN = ("sampler", *_COUNTS)
_KEYS = ("preset", "network", "hyperparameters", "vary", *_OF_THE_PLAN, "choices")
_CHOICES = 2, 8
_HARMLESS = (Varied("learning_rate", (0.1,)),)
_IMAGES = 60_000
"""For the check; every data set has as many for training."""

FOR_VARIANTS = (
    "axis", "tab", "together", "stop", "log_scale", "loss_range", "accuracy_range", "variants"
)  # fmt: skip
"""Keys of a lesson that say how its variants run and are drawn."""


def search_of(reader: TomlReader, values: Mapping[str, Any]) -> LessonSearch:
    """Return the search of a lesson.

    Parameters
    ----------
    values
        Everything that the file sets.

    Raises
    ------
    TomlFileError
        If a value is missing or wrong, or the lesson has variants, too.
    """
    for key in FOR_VARIANTS:
        if key in values:
            reason = f"A lesson has either variants or a search; '{key}' is for variants."
            raise reader.error((key,), reason)
    table = values["search"]
    if not isinstance(table, dict):
        raise reader.error(_WHERE, "A search should start with a line [search].")
    reader.check_keys(table, _KEYS, _WHERE, "A search")
    network, hyperparameters = reader.settings(table, _WHERE)
    varied = _varied(reader, table)
    choices = _choices(reader, values, table)
    reader.wholes(table, _COUNTS, _WHERE)
    if table.get("sampler", SAMPLER_NAMES[0]) not in SAMPLER_NAMES:
        known = ", ".join(f'"{name}"' for name in SAMPLER_NAMES)
        raise reader.error((*_WHERE, "sampler"), f"'sampler' should be one of {known}.")

    def search(tried: Mapping[str, Any]) -> LessonSearch:
        own = {key: value for key, value in tried.items() if key in _OF_THE_PLAN}
        found = LessonSearch(
            network, hyperparameters, varied if "vary" in tried else _HARMLESS, choices, **own
        )
        found.plan("strokes", _IMAGES)
        return found

    return reader.blaming(table, search, _WHERE)


def _varied(reader: TomlReader, table: Mapping[str, Any]) -> tuple[Varied, ...]:
    """Return what varies."""
    lines = table.get("vary")
    where = (*_WHERE, "vary")
    if not isinstance(lines, list) or not lines or not all(isinstance(each, str) for each in lines):
        raise reader.error(
            where,
            "A search needs what to vary, as the command line has it: add a line "
            'vary = ["learning_rate=0.001..1:log", "optimizer=sgd,adam"].',
        )
    try:
        return tuple(map(parse_varied, lines))
    except ConfigError as error:
        raise reader.error(where, str(error)) from error


def _choices(
    reader: TomlReader, values: Mapping[str, Any], table: Mapping[str, Any]
) -> tuple[str, ...]:
    """Return what can be predicted of the search."""
    where = (*_WHERE, "choices")
    if "choices" not in table:
        if "predict" in values:
            reason = 'What to predict is missing: add a line choices = ["…", "…"] below this one.'
            raise reader.error(_WHERE, reason)
        return ()
    if "predict" not in values:
        raise reader.error(
            where,
            "'choices' needs a question to predict. Add a line predict = \"…\" above [search].",
        )
    choices = table["choices"]
    least, most = _CHOICES
    is_list = isinstance(choices, list) and least <= len(choices) <= most
    if not is_list or not all(map(_is_name, choices)) or len(set(choices)) < len(choices):
        raise reader.error(
            where,
            f"'choices' should be {least} to {most} different texts of 1 to {MAX_NAME} characters, "
            "each in quotation marks.",
        )
    return tuple(choices)


def _is_name(text: Any) -> bool:
    return isinstance(text, str) and bool(text.strip()) and len(text) <= MAX_NAME
