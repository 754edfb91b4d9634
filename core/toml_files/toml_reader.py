"""Reads single values and groups of settings of a TOML file; errors name the line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from core.errors import ConfigError, DigitscopeError
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.settings.data_source import DataSource
from core.settings.kind import KIND_KEY, Kind, kind_of
from core.settings.presets import preset_named
from core.settings.settings_text import (
    hyperparameters_from,
    network_from,
    settings_of,
    source_from,
    suggestion,
)
from core.toml_files.toml_lines import line_of

MAX_NAME = 40
RUN_KEYS = ("preset", "network", "hyperparameters", "seed", "validation")
"""What a table of a run may set."""

Where = tuple[str | int, ...]
"""Keys of tables and indices of lists, from the outermost to the innermost."""

_PLACE = ("above the first line in brackets", "below this one")

_Part = TypeVar("_Part", NetworkConfig, Hyperparameters)
_Read = TypeVar("_Read")


class TomlFileError(DigitscopeError):
    """A TOML file is not what it should be.

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


class TomlReader:
    """Reads tables of one file, whose values tomllib has parsed.

    Its methods raise a TomlFileError if a value is missing or wrong.

    Parameters
    ----------
    root
        The table of the file that is read, from which places are named; () for the whole file.
    """

    def __init__(self, path: Path, text: str, root: Where = ()) -> None:
        self._path = path
        self._text = text
        self._root = root

    def error(self, where: Sequence[str | int], reason: str) -> TomlFileError:
        """Return the error that the value at this place is wrong."""
        return TomlFileError(self._path, line_of(self._text, (*self._root, *where)), reason)

    def check_kind(self, values: Mapping[str, Any], kind: Kind) -> None:
        """Check that these are the values of such a file."""
        try:
            kind_of(values, kind)
        except ConfigError as error:
            raise self.error((KIND_KEY,), str(error)) from error

    def check_keys(
        self, values: Mapping[str, Any], known: Sequence[str], where: Where, what: str
    ) -> None:
        """Check that a table has no other keys than these; `what` names it."""
        for key in values:
            if key not in known:
                reason = f"{what} has no '{key}'. {suggestion(key, known)}"
                raise self.error((*where, key), reason)

    def text_of(self, values: Mapping[str, Any], key: str, where: Where, most: int) -> str:
        """Return a text of at most this length, which must be there."""
        if key not in values:
            raise self.error(
                (*where, key),
                f"'{key}' is missing: add a line {key} = \"…\" "
                f"{_PLACE[bool((*self._root, *where))]}.",
            )
        text = values[key]
        if not isinstance(text, str) or not text.strip() or len(text) > most:
            raise self.error(
                (*where, key),
                f"'{key}' should be text of 1 to {most:,} characters in quotation marks.",
            )
        return text

    def wholes(
        self, values: Mapping[str, Any], keys: Sequence[str], where: Where
    ) -> dict[str, int]:
        """Return those of these keys that the table has; each must be a whole number."""
        found = {key: values[key] for key in keys if key in values}
        for key, value in found.items():
            if isinstance(value, bool) or not isinstance(value, int):
                raise self.error((*where, key), f"'{key}' should be a whole number.")
        return found

    def choice(
        self, values: Mapping[str, Any], key: str, known: Sequence[str], where: Where = ()
    ) -> Any:
        """Return a value that must be there, and one of these."""
        if values[key] not in known:
            names = ", ".join(f'"{name}"' for name in known)
            raise self.error((*where, key), f"'{key}' should be one of {names}.")
        return values[key]

    def own_data(self, values: Mapping[str, Any]) -> DataSource:
        """Return the own data that a table ``dataset`` describes."""
        try:
            return source_from(values)
        except ConfigError as error:
            raise self.error(("dataset",), str(error)) from error

    def run_config(
        self, values: Mapping[str, Any], where: Where, dataset: DataSource = RunConfig.dataset
    ) -> RunConfig:
        """Return the run of a table: preset, network, hyperparameters, seed and validation."""
        network, hyperparameters = self.settings(values, where)
        wholes = self.wholes(values, ("seed", "validation"), where)
        for key, value in wholes.items():
            whole: dict[str, Any] = {key: value}
            try:
                RunConfig(**whole)
            except ConfigError as error:
                raise self.error((*where, key), str(error)) from error
        return RunConfig(dataset, network, hyperparameters, **wholes)

    def settings(
        self, values: Mapping[str, Any], where: Where
    ) -> tuple[NetworkConfig, Hyperparameters]:
        """Return the settings of a table: those of its preset, overridden by its own."""
        base: dict[str, Any] = {"network": {}, "hyperparameters": {}}
        if "preset" in values:
            name = self.text_of(values, "preset", where, MAX_NAME)
            try:
                preset = preset_named(name)
            except ConfigError as error:
                raise self.error((*where, "preset"), str(error)) from error
            base = settings_of(RunConfig("strokes", preset.network, preset.hyperparameters))
        return (
            self._group(values, "network", base, network_from, where),
            self._group(values, "hyperparameters", base, hyperparameters_from, where),
        )

    def _group(
        self,
        values: Mapping[str, Any],
        part: str,
        base: Mapping[str, Any],
        read: Callable[[Mapping[str, Any]], _Part],
        where: Where,
    ) -> _Part:
        """Return a group of the run's settings: those of `base`, overridden by the table's."""
        own = values.get(part, {})
        if not isinstance(own, dict):
            raise self.error(
                (*where, part), f"'{part}' should be a group of settings, such as {part} = {{ … }}."
            )
        return self.blaming(own, lambda tried: read({**base[part], **tried}), (*where, part))

    def blaming(
        self, own: Mapping[str, Any], read: Callable[[Mapping[str, Any]], _Read], where: Where
    ) -> _Read:
        """Return what `read` makes of a table; if it raises a ConfigError, find the value."""

        def message_for(names: Iterable[str]) -> str:
            try:
                read({name: own[name] for name in names})
            except ConfigError as error:
                return str(error)
            return ""

        try:
            return read(own)
        except ConfigError as error:
            # The value to correct is the one without which the message changes.
            for name in own:
                if message_for(other for other in own if other != name) != str(error):
                    raise self.error((*where, name), str(error)) from error
            raise self.error(where, str(error)) from error
