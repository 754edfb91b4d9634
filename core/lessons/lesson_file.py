"""Reads a lesson from a TOML file; errors name the line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from core.lessons.lesson import Lesson, Stop, Tab, Variant
from core.lessons.lesson_story import STORY_KEYS, StoryError, story_of
from core.lessons.search_table import search_of
from core.runs.run_curves import Axis
from core.settings.data_source import READY_SETS
from core.settings.kind import KIND_KEY
from core.toml_files.toml_file import TomlFile, load_toml
from core.toml_files.toml_reader import MAX_NAME, RUN_KEYS, TomlReader, Where

_MAX_VARIANTS = 8
"""There are colors for this many curves."""

_MAX_TITLE = 48
_MAX_TEXT = 2_000
_MAX_STOP = 1_000_000

_TEXTS = {"title": _MAX_TITLE, "text": _MAX_TEXT, "question": _MAX_TEXT, "answer": _MAX_TEXT}
_CHOICES: dict[str, tuple[str, ...]] = {
    "dataset": ("any", *READY_SETS),
    "axis": get_args(Axis),
    "tab": get_args(Tab),
}
_LESSON_KEYS = (KIND_KEY, *_TEXTS, *_CHOICES, *STORY_KEYS, "together", "stop", "variants", "search")
_VARIANT_KEYS = ("name", *RUN_KEYS, "stop")


def load_lesson(path: Path) -> Lesson:
    """Read a lesson.

    Raises
    ------
    TomlFileError
        If the file cannot be read, or is not a lesson.
    """
    return lesson_in(load_toml(path, "lesson"))


def lesson_in(file: TomlFile, table: str | None = None) -> Lesson:
    """Return the lesson that a file is, or that one of its tables holds; see `load_lesson`."""
    if table is None:
        return _Reader(file.path, file.text).lesson(file.values)
    return _Reader(file.path, file.text, (table,)).lesson(file.values[table])


class _Reader(TomlReader):
    """Reads the lesson of one file."""

    def lesson(self, values: Mapping[str, Any]) -> Lesson:
        """Return the lesson."""
        self.check_kind(values, "lesson")
        self.check_keys(values, _LESSON_KEYS, (), "A lesson")
        parts: dict[str, Any] = {
            name: _prose(self.text_of(values, name, (), most)) for name, most in _TEXTS.items()
        }
        parts |= {
            key: self.choice(values, key, known) for key, known in _CHOICES.items() if key in values
        }
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
        run = self.run_config(values, where)
        if "stop" in values:
            stop = self._stop(values, where)
        if stop is None:
            raise self.error(
                where, f"There is no end for '{name}'. Add a line stop = {{ epochs = 2 }}."
            )
        return Variant(name, run.network, run.hyperparameters, stop, run.seed, run.validation)

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


def _prose(text: str) -> str:
    """Return `text` with each paragraph on one line."""
    return "\n\n".join(" ".join(each.split()) for each in re.split(r"\n\s*\n", text.strip()))
