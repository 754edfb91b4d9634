"""Reads a lesson from a TOML file; errors name the line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, get_args

from core.errors import ConfigError, DigitscopeError
from core.files.user_file import read_file
from core.lessons.lesson import Lesson, Stop, Tab, Variant
from core.lessons.lesson_search import search_of
from core.lessons.lesson_story import STORY_KEYS, StoryError, story_of
from core.lessons.toml_lines import line_of
from core.runs.run_curves import Axis
from core.settings.config import DATASET_NAMES, Hyperparameters, NetworkConfig, RunConfig
from core.settings.presets import preset_named
from core.settings.settings_text import (
    hyperparameters_from,
    network_from,
    settings_of,
    suggestion,
)

MAX_LINES = 500
MAX_BYTES = 100_000
_MAX_VARIANTS = 8
"""There are colors for this many curves."""

_MAX_TITLE = 48
_MAX_NAME = 40
_MAX_TEXT = 2_000
_MAX_STOP = 1_000_000

_TEXTS = {"title": _MAX_TITLE, "text": _MAX_TEXT, "question": _MAX_TEXT, "answer": _MAX_TEXT}
_CHOICES: dict[str, tuple[str, ...]] = {
    "dataset": ("any", *DATASET_NAMES),
    "axis": get_args(Axis),
    "tab": get_args(Tab),
}
_LESSON_KEYS = (*_TEXTS, *_CHOICES, *STORY_KEYS, "together", "stop", "search", "variants")
_VARIANT_KEYS = ("name", "preset", "network", "hyperparameters", "seed", "validation", "stop")

_PLACE = ("above the first line in brackets", "below this one")

_Part = TypeVar("_Part", NetworkConfig, Hyperparameters)


class LessonError(DigitscopeError):
    """A file is not a lesson.

    Attributes
    ----------
    path, line
        Where the error is; line None: the file as a whole.
    reason
        What is wrong, and what to do.
    """

    def __init__(self, path: Path, line: int | None, reason: str) -> None:
        super().__init__(f"{path}{f', line {line}' if line else ''}: {reason}")
        self.path = path
        self.line = line
        self.reason = reason


def load_lesson(path: Path) -> Lesson:
    """Read a lesson.

    Raises
    ------
    LessonError
        If the file cannot be read, or is not a lesson.
    """
    try:
        content = read_file(path, MAX_BYTES)
    except OSError as error:
        reason = error.strerror or str(error)
        raise LessonError(path, None, f"This file cannot be read ({reason}).") from error
    try:
        # Some editors on Windows write a byte order mark.
        text = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise LessonError(
            path, line, "This is not text in UTF-8. Save the file as UTF-8."
        ) from error
    if text.count("\n") >= MAX_LINES:
        reason = f"A lesson has fewer than {MAX_LINES} lines: this must be something else."
        raise LessonError(path, None, reason)
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise LessonError(path, _syntax_line(error, text), _syntax_reason(error)) from error
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


class _Reader:
    """Reads one file, whose values tomllib has parsed."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._text = text

    def _error(self, where: Sequence[str | int], reason: str) -> LessonError:
        return LessonError(self._path, line_of(self._text, tuple(where)), reason)

    def lesson(self, values: Mapping[str, Any]) -> Lesson:
        """Return the lesson."""
        self._check_keys(values, _LESSON_KEYS, (), "A lesson")
        parts: dict[str, Any] = {
            name: _prose(self._text_of(values, name, (), most)) for name, most in _TEXTS.items()
        }
        parts |= {name: self._choice(values, name) for name in _CHOICES if name in values}
        together = values.get("together", True)
        if not isinstance(together, bool):
            raise self._error(["together"], "'together' should be true or false.")
        stop = self._stop(values, ()) if "stop" in values else None
        variants = self._variants(values, stop)
        try:
            parts |= story_of(values, [variant.name for variant in variants])
            parts["search"] = search_of(values, [each.run_config("mnist") for each in variants])
        except StoryError as error:
            raise self._error([error.key], str(error)) from error
        return Lesson(**parts, together=together, variants=variants)

    def _variants(self, values: Mapping[str, Any], stop: Stop | None) -> tuple[Variant, ...]:
        variants = values.get("variants")
        if not isinstance(variants, list) or not variants:
            raise self._error(
                ["variants"],
                "A lesson needs variants to run. Start each with a line [[variants]].",
            )
        if len(variants) > _MAX_VARIANTS:
            raise self._error(
                ["variants", _MAX_VARIANTS],
                f"There are {len(variants)} variants, but colors for only {_MAX_VARIANTS} curves. "
                "Leave out some.",
            )
        read: list[Variant] = []
        for index, each in enumerate(variants):
            where = ("variants", index)
            if not isinstance(each, dict):
                raise self._error(where, "A variant should start with a line [[variants]].")
            read.append(self._variant(each, where, stop))
            if read[-1].name in [variant.name for variant in read[:-1]]:
                raise self._error(
                    (*where, "name"),
                    f"Another variant is also called '{read[-1].name}'. Rename one.",
                )
        return tuple(read)

    def _variant(
        self, values: Mapping[str, Any], where: tuple[str | int, ...], stop: Stop | None
    ) -> Variant:
        self._check_keys(values, _VARIANT_KEYS, where, "A variant")
        name = self._text_of(values, "name", where, _MAX_NAME)
        base: dict[str, Any] = {"network": {}, "hyperparameters": {}}
        if "preset" in values:
            preset_name = self._text_of(values, "preset", where, _MAX_NAME)
            try:
                preset = preset_named(preset_name)
            except ConfigError as error:
                raise self._error((*where, "preset"), str(error)) from error
            base = settings_of(RunConfig("strokes", preset.network, preset.hyperparameters))
        network = self._settings(values, "network", base, network_from, where)
        hyperparameters = self._settings(
            values, "hyperparameters", base, hyperparameters_from, where
        )
        if "stop" in values:
            stop = self._stop(values, where)
        if stop is None:
            raise self._error(
                where, f"There is no end for '{name}'. Add a line stop = {{ epochs = 2 }}."
            )
        whole: dict[str, Any] = {
            key: values[key] for key in ("seed", "validation") if key in values
        }
        self._check_whole(whole, where)
        return Variant(name, network, hyperparameters, stop, **whole)

    def _settings(
        self,
        values: Mapping[str, Any],
        part: str,
        base: Mapping[str, Any],
        read: Callable[[Mapping[str, Any]], _Part],
        where: tuple[str | int, ...],
    ) -> _Part:
        """Return a group of the run's settings: those of `base`, overridden by the variant's."""
        own = values.get(part, {})
        if not isinstance(own, dict):
            raise self._error(
                (*where, part), f"'{part}' should be a group of settings, such as {part} = {{ … }}."
            )

        def message_for(names: Iterable[str]) -> str:
            try:
                read({**base[part], **{name: own[name] for name in names}})
            except ConfigError as error:
                return str(error)
            return ""

        try:
            return read({**base[part], **own})
        except ConfigError as error:
            # The setting to correct is the one without which the message changes.
            for name in own:
                if message_for(other for other in own if other != name) != str(error):
                    raise self._error((*where, part, name), str(error)) from error
            raise self._error((*where, part), str(error)) from error

    def _check_whole(self, values: dict[str, Any], where: tuple[str | int, ...]) -> None:
        """Check the seed and the validation split of a run."""
        for key, value in values.items():
            if isinstance(value, bool) or not isinstance(value, int):
                raise self._error((*where, key), f"'{key}' should be a whole number.")
            whole: dict[str, Any] = {key: value}
            try:
                RunConfig(**whole)
            except ConfigError as error:
                raise self._error((*where, key), str(error)) from error

    def _stop(self, values: Mapping[str, Any], where: tuple[str | int, ...]) -> Stop:
        stop = values["stop"]
        where = (*where, "stop")
        if not isinstance(stop, dict) or len(stop) != 1 or not set(stop) <= {"epochs", "steps"}:
            raise self._error(where, "'stop' should be either { epochs = 2 } or { steps = 500 }.")
        (unit, number) = next(iter(stop.items()))
        if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= _MAX_STOP:
            raise self._error(
                (*where, unit), f"The {unit} should be a whole number from 1 to {_MAX_STOP:,}."
            )
        return Stop(**{unit: number})

    # --- single values --------------------------------------------------------------------

    def _check_keys(
        self,
        values: Mapping[str, Any],
        known: Sequence[str],
        where: tuple[str | int, ...],
        what: str,
    ) -> None:
        for key in values:
            if key not in known:
                reason = f"{what} has no '{key}'. {suggestion(key, known)}"
                raise self._error((*where, key), reason)

    def _text_of(
        self, values: Mapping[str, Any], key: str, where: tuple[str | int, ...], most: int
    ) -> str:
        if key not in values:
            raise self._error(
                (*where, key),
                f"'{key}' is missing: add a line {key} = \"…\" {_PLACE[bool(where)]}.",
            )
        text = values[key]
        if not isinstance(text, str) or not text.strip() or len(text) > most:
            raise self._error(
                (*where, key),
                f"'{key}' should be text of 1 to {most:,} characters in quotation marks.",
            )
        return text

    def _choice(self, values: Mapping[str, Any], key: str) -> Any:
        if values[key] not in _CHOICES[key]:
            known = ", ".join(f'"{name}"' for name in _CHOICES[key])
            raise self._error([key], f"'{key}' should be one of {known}.")
        return values[key]


def _prose(text: str) -> str:
    """Return `text` with each paragraph on one line."""
    return "\n\n".join(" ".join(each.split()) for each in re.split(r"\n\s*\n", text.strip()))
