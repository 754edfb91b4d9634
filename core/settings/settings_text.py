"""A run's settings as plain values, and as text to read, edit, mail, and paste back.

The text is TOML: unlike JSON it has comments, no brackets to balance and no commas to forget, and
Python reads it without another package. A setting of None becomes a comment, because TOML has no
null.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields, is_dataclass, replace
from difflib import get_close_matches
from functools import cache
from textwrap import wrap
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from core.errors import ConfigError
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.settings.data_source import DataSource
from core.settings.kind import KIND_KEY, kind_of
from core.settings.toml_values import toml_values

_Settings = TypeVar("_Settings")

MAX_CHARACTERS = 10_000
"""Longest text that is read: several times as long as any that is written."""

_LONGEST_NAME = 40
_LONGEST_TEXT = 4_096
_LONGEST_LIST = 1_000
_LARGEST_NUMBER = 2**63
_UNIONS = (UnionType, Union)
_NAMES_EXAMPLE = '["relu"]'
_HEAD = f"""# Settings of a run in Digitscope.
# To use them, copy all lines and choose File > Paste settings;
# a file with these lines is opened by File > Open.
{KIND_KEY} = "settings\""""
_FENCED = re.compile(r"^[ \t]*(```+|~~~+)[^\n]*\n(.*?)^[ \t]*\1", re.MULTILINE | re.DOTALL)
_QUOTED = re.compile(r"^(?:> ?)+", re.MULTILINE)
_AS_TYPED = str.maketrans({"“": '"', "”": '"', "„": '"', "\u00a0": " ", "\ufeff": " "})


_kinds: Callable[[Any], dict[str, Any]] = cache(get_type_hints)
"""The types of a class's fields, cached: a list of 500 runs needs them 2,000 times."""


# --- plain values -------------------------------------------------------------------------------


def settings_of(config: RunConfig) -> dict[str, Any]:
    """Return all settings by name: numbers, strings, lists, None, and dicts of these."""
    settings: dict[str, Any] = json.loads(json.dumps(asdict(config)))
    del settings["network"]["classes"]  # they are those of the data set
    return settings


def config_from(values: Mapping[str, Any]) -> RunConfig:
    """Return the configuration from :func:`settings_of`; a missing setting has its default.

    Raises
    ------
    ConfigError
        If a setting is unknown, of the wrong type, or out of range.
    """
    return _read(RunConfig, "the settings", values)


def source_from(values: object) -> DataSource:
    """Return the data set that is named, or described by its settings; see :func:`config_from`."""
    source: DataSource = _value("dataset", values, _kinds(RunConfig)["dataset"])
    return RunConfig(source).dataset


def network_from(values: Mapping[str, Any], before: NetworkConfig | None = None) -> NetworkConfig:
    """Return the network with these settings; see :func:`config_from`.

    Missing settings are taken from `before`, if given.
    """
    return _read(NetworkConfig, "'network'", values, before)


def hyperparameters_from(
    values: Mapping[str, Any], before: Hyperparameters | None = None
) -> Hyperparameters:
    """Return the hyperparameters with these settings; see :func:`network_from`."""
    return _read(Hyperparameters, "'hyperparameters'", values, before)


def _read(kind: type[_Settings], where: str, values: object, before: Any = None) -> _Settings:
    """Return a dataclass `kind` with these values; the others are those of `before`."""
    if not isinstance(values, Mapping):
        raise ConfigError(
            f"{where[0].upper()}{where[1:]} should be a group of named settings, but is "
            f"{_shown(values)}. Copy the settings again."
        )
    kinds = _kinds(kind)
    for name in values:
        if name not in kinds:
            raise ConfigError(
                f"There is no setting {_shown(name)} in {where}; it may be misspelled, or from "
                f"another version of the app. {suggestion(name, list(kinds))}"
            )
    read = {name: _value(name, value, kinds[name]) for name, value in values.items()}
    return kind(**read) if before is None else replace(before, **read)


def suggestion(name: object, known: Sequence[str]) -> str:
    """Return the known name that an unknown one resembles, in a sentence, or else all of them."""
    close = get_close_matches(str(name), known, n=1)
    return f"Did you mean '{close[0]}'?" if close else f"Known are {', '.join(known)}."


@cache
def _analyzed(kind: Any) -> tuple[bool, Any, tuple[Any, ...]]:
    """Return whether a type is a group of settings, and its origin and arguments."""
    return isinstance(kind, type) and is_dataclass(kind), get_origin(kind), get_args(kind)


def _value(name: str, value: object, kind: Any) -> Any:
    """Return `value` if it has this type; the configuration checks its range."""
    is_group, origin, choices = _analyzed(kind)
    if is_group:
        return _read(kind, f"'{name}'", value)
    if NoneType in choices:
        return None if value is None else _value(name, value, choices[0])
    if origin in _UNIONS:  # a name, or a group of settings
        return _value(name, value, choices[isinstance(value, Mapping)])
    if origin is tuple and isinstance(value, list | tuple) and len(value) <= _LONGEST_LIST:
        return tuple(_value(name, item, choices[0]) for item in value)
    if _fits(value, kind, origin):
        return value
    raise ConfigError(
        f"The setting '{name}' should be {_wanted(kind, origin, choices)}, but is {_shown(value)}. "
        "Correct it, or leave it out to use its default."
    )


def _fits(value: object, kind: Any, origin: Any) -> bool:
    """Return whether a value is text, a truth value or a number of this type."""
    if origin is Literal or kind is str:
        longest = _LONGEST_NAME if origin is Literal else _LONGEST_TEXT
        return isinstance(value, str) and len(value) <= longest
    if kind is bool or origin is tuple or isinstance(value, bool):
        return kind is bool and isinstance(value, bool)
    if isinstance(value, int):
        return abs(value) < _LARGEST_NUMBER
    return kind is float and isinstance(value, float)


def _wanted(kind: Any, origin: Any, choices: tuple[Any, ...]) -> str:
    """Return what a setting of this type should be, in words."""
    if origin is tuple:
        examples = {int: "[128, 64]", str: '["cat", "dog"]'}
        return f"a list such as {examples.get(choices[0], _NAMES_EXAMPLE)}"
    if origin is Literal:
        return f"one of {', '.join(map(json.dumps, choices))}"
    return {str: "text", bool: "true or false", int: "a whole number"}.get(kind, "a number")


def _shown(value: object) -> str:
    """Return `value` as text, cut short."""
    if isinstance(value, int) and abs(value) >= _LARGEST_NUMBER:
        return "a number with too many digits"
    if isinstance(value, dict):
        return "a group of settings"
    text = repr(value)
    return text if len(text) <= _LONGEST_NAME else f"{text[:_LONGEST_NAME]}…"


# --- the text -----------------------------------------------------------------------------------


def settings_text(config: RunConfig) -> str:
    """Return the settings as text; :func:`read_settings` is the inverse."""
    lines = [_HEAD, *setting_lines(config)]
    return "\n".join(lines) + "\n"


def setting_lines(part: Any, title: str = "") -> Iterator[str]:
    """Yield a line per setting; nested groups follow after the settings of `part`.

    `title` is that of its table; "" at the top of a file.
    """
    hints = _kinds(part.__class__)
    inner = []
    if title:
        yield ""
        yield f"[{title}]"
    for field in fields(part):
        value = getattr(part, field.name)
        if field.name == "classes" and isinstance(part, NetworkConfig):
            continue  # they are those of the data set
        if is_dataclass(value):
            inner.append((value, f"{title}.{field.name}".lstrip(".")))
        elif value is None:
            yield f"# {field.name} is not set"
        else:
            # On its own line, because mail programs break lines of more than 70 characters.
            if names := _names(hints[field.name]):
                text = f"one of {', '.join(names)}:"
                yield from wrap(text, 70, initial_indent="# ", subsequent_indent="# ")
            yield f"{field.name} = {json.dumps(value, ensure_ascii=False)}"
    for part_of_it, its_title in inner:
        yield from setting_lines(part_of_it, its_title)


def _names(kind: Any) -> tuple[str, ...]:
    """Return the possible values of a setting of this type; () for numbers."""
    if get_origin(kind) in (tuple, *_UNIONS):
        kind = get_args(kind)[0]
    return get_args(kind) if get_origin(kind) is Literal else ()


def read_settings(text: str) -> RunConfig:
    """Read text from :func:`settings_text`, even after it went through a mail or a chat.

    Blank lines around it, a Markdown fence, quotation marks of a reply (``>``) and curly quotes are
    ignored.

    Raises
    ------
    ConfigError
        If it is no such text, or a setting is unknown, of the wrong type, or out of range.
    """
    if len(text) > MAX_CHARACTERS:
        raise ConfigError(
            f"This text has {len(text):,} characters, but settings have less than "
            f"{MAX_CHARACTERS:,}: it must be something else. Copy only the settings."
        )
    plain = _QUOTED.sub("", text.replace("\r\n", "\n")).translate(_AS_TYPED)
    fenced = _FENCED.search(plain)
    try:
        values = toml_values(fenced.group(2) if fenced else plain)
    except (ValueError, RecursionError) as error:  # also a number or nest of lists too large
        is_syntax = isinstance(error, tomllib.TOMLDecodeError)
        reason = str(error) if is_syntax else "one of its values is too large"
        raise ConfigError(
            f"This text cannot be read as settings ({reason}): it may be something else, or "
            "part of it is missing. Copy all lines of the settings again."
        ) from error
    if not values:
        raise ConfigError(
            "There are no settings in this text. Copy settings in Digitscope first, or all lines "
            "of settings from a mail."
        )
    kind_of(values, "settings")
    return config_from({name: value for name, value in values.items() if name != KIND_KEY})
