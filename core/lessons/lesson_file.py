"""Reads a lesson from a TOML file; errors name the line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from core.errors import ConfigError
from core.files.user_file import read_file
from core.lessons.lesson import Lesson, Stop, Tab, Variant
from core.lessons.lesson_story import STORY_KEYS, StoryError, story_of
from core.lessons.search_table import search_of
from core.runs.run_curves import Axis
from core.settings.config import DATASET_NAMES, RunConfig
from core.toml_files.toml_reader import MAX_NAME, TomlFileError, TomlReader, Where

MAX_LINES = 500
MAX_BYTES = 100_000
_MAX_VARIANTS = 8
"""There are colors for this many curves."""

_MAX_TITLE = 48
_MAX_TEXT = 2_000
_MAX_STOP = 1_000_000

_TEXTS = {"title": _MAX_TITLE, "text": _MAX_TEXT, "question": _MAX_TEXT, "answer": _MAX_TEXT}
_CHOICES: dict[str, tuple[str, ...]] = {
    "dataset": ("any", *DATASET_NAMES),
    "axis": get_args(Axis),
    "tab": get_args(Tab),
}
_LESSON_KEYS = (*_TEXTS, *_CHOICES, *STORY_KEYS, "together", "stop", "variants", "search")
_VARIANT_KEYS = ("name", "preset", "network", "hyperparameters", "seed", "validation", "stop")


def load_lesson(path: Path) -> Lesson:
    """Read a lesson.

    Raises
    ------
    TomlFileError
        If the file cannot be read, or is not a lesson.
    """
    try:
        content = read_file(path, MAX_BYTES)
    except OSError as error:
        reason = error.strerror or str(error)
        raise TomlFileError(path, None, f"This file cannot be read ({reason}).") from error
    try:
        # Some editors on Windows write a byte order mark.
        text = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise TomlFileError(
            path, line, "This is not text in UTF-8. Save the file as UTF-8."
        ) from error
    if text.count("\n") >= MAX_LINES:
        reason = f"A lesson has fewer than {MAX_LINES} lines: this must be something else."
        raise TomlFileError(path, None, reason)
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise TomlFileError(path, _syntax_line(error, text), _syntax_reason(error)) from error
    return _Reader(path, text).lesson(values)


def _syntax_line(error: Exception, text: str) -> int:
    named = re.search(r"at line (\d+)", str(error))
    return int(named.group(1)) if named else text.rstrip("\n").count("\n") + 1


def _syntax_reason(error: Exception) -> str:
    what = re.sub(r" \(at .*\)$", "", str(error))
    return (
        f"This is not valid TOML ({what}): a quotation mark, a bracket or an equals sign may be "
        "missing here or in the line before."
    )


class _Reader(TomlReader):
    """Reads the lesson of one file."""

    def lesson(self, values: Mapping[str, Any]) -> Lesson:
        """Return the lesson."""
        self.check_keys(values, _LESSON_KEYS, (), "A lesson")
        parts: dict[str, Any] = {
            name: _prose(self.text_of(values, name, (), most)) for name, most in _TEXTS.items()
        }
        parts |= {name: self._choice(values, name) for name in _CHOICES if name in values}
        together = values.get("together", True)
        if not isinstance(together, bool):
            raise self.error(["together"], "'together' should be true or false.")
        if "search" in values:
            search = search_of(self, values)
            lesson = Lesson(**parts, variants=(), search=search)
        else:
            lesson = Lesson(**parts, together=together, variants=self._variants(values))
        try:
            return replace(lesson, **story_of(values, lesson.choices))
        except StoryError as error:
            raise self.error([error.key], str(error)) from error

    def _variants(self, values: Mapping[str, Any]) -> tuple[Variant, ...]:
        stop = self._stop(values, ()) if "stop" in values else None
        variants = values.get("variants")
        if not isinstance(variants, list) or not variants:
            raise self.error(
                ["variants"],
                "A lesson needs variants to run, each after a line [[variants]], or a [search].",
            )
        if len(variants) > _MAX_VARIANTS:
            raise self.error(
                ["variants", _MAX_VARIANTS],
                f"There are {len(variants)} variants, but colors for only {_MAX_VARIANTS} curves. "
                "Leave out some.",
            )
        read: list[Variant] = []
        for index, each in enumerate(variants):
            where = ("variants", index)
            if not isinstance(each, dict):
                raise self.error(where, "A variant should start with a line [[variants]].")
            read.append(self._variant(each, where, stop))
            if read[-1].name in [variant.name for variant in read[:-1]]:
                raise self.error(
                    (*where, "name"),
                    f"Another variant is also called '{read[-1].name}'. Rename one.",
                )
        return tuple(read)

    def _variant(self, values: Mapping[str, Any], where: Where, stop: Stop | None) -> Variant:
        self.check_keys(values, _VARIANT_KEYS, where, "A variant")
        name = self.text_of(values, "name", where, MAX_NAME)
        network, hyperparameters = self.settings(values, where)
        if "stop" in values:
            stop = self._stop(values, where)
        if stop is None:
            raise self.error(
                where, f"There is no end for '{name}'. Add a line stop = {{ epochs = 2 }}."
            )
        whole = self.wholes(values, ("seed", "validation"), where)
        self._check_possible(whole, where)
        return Variant(name, network, hyperparameters, stop, **whole)

    def _check_possible(self, wholes: Mapping[str, int], where: Where) -> None:
        """Check the seed and the validation split of a run."""
        for key, value in wholes.items():
            whole: dict[str, Any] = {key: value}
            try:
                RunConfig(**whole)
            except ConfigError as error:
                raise self.error((*where, key), str(error)) from error

    def _stop(self, values: Mapping[str, Any], where: Where) -> Stop:
        stop = values["stop"]
        where = (*where, "stop")
        if not isinstance(stop, dict) or len(stop) != 1 or not set(stop) <= {"epochs", "steps"}:
            raise self.error(where, "'stop' should be either { epochs = 2 } or { steps = 500 }.")
        (unit, number) = next(iter(stop.items()))
        if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= _MAX_STOP:
            raise self.error(
                (*where, unit), f"The {unit} should be a whole number from 1 to {_MAX_STOP:,}."
            )
        return Stop(**{unit: number})

    def _choice(self, values: Mapping[str, Any], key: str) -> Any:
        if values[key] not in _CHOICES[key]:
            known = ", ".join(f'"{name}"' for name in _CHOICES[key])
            raise self.error([key], f"'{key}' should be one of {known}.")
        return values[key]


def _prose(text: str) -> str:
    """Return `text` with each paragraph on one line."""
    return "\n\n".join(" ".join(each.split()) for each in re.split(r"\n\s*\n", text.strip()))
