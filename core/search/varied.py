"""What a search tries of one setting: a list of values, or a range.

As text it is ``learning_rate=0.001..1:log`` (a range; logarithmic), ``units=16..512:log:6`` (six
values of it in a grid) or ``optimizer=sgd,adam`` (values). :func:`parse_varied` reads that.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from core.errors import ConfigError
from core.search.varied_settings import Setting, Value, layers_from, layers_text, setting_named

MAX_VALUES = 1_000
"""Most values of one setting, listed or in the grid of a range."""

_POINTS = 5


@dataclass(frozen=True)
class Varied:
    """Some values of a setting, or all between two.

    Attributes
    ----------
    name
        One of :data:`core.search.varied_settings.SETTINGS`.
    values
        In the order they were given; empty for a range.
    low, high
        The ends of the range, both included.
    is_log
        Whether equal ratios, and not equal differences, are equally likely.
    points
        How many values a grid takes of the range, both ends included.

    Raises
    ------
    ConfigError
        If there is no such setting, a value is of the wrong kind or there twice, or the range is
        empty. Whether a value is possible depends on the other settings, see
        :class:`core.search.plan.SearchPlan`.
    """

    name: str
    values: tuple[Value, ...] = ()
    low: float = 0.0
    high: float = 0.0
    is_log: bool = False
    points: int = _POINTS

    def __post_init__(self) -> None:
        """Check every field."""
        setting = setting_named(self.name)
        object.__setattr__(self, "name", setting.name)
        if self.values:
            self._check_values(setting)
        else:
            self._check_range(setting)

    @property
    def setting(self) -> Setting:
        """The setting that varies."""
        return setting_named(self.name)

    @property
    def extremes(self) -> tuple[Value, ...]:
        """All values, or the ends of the range."""
        return self.values or (self._as_value(self.low), self._as_value(self.high))

    def grid(self) -> tuple[Value, ...]:
        """Return the values that a grid takes: for a range, `points` at equal steps."""
        if self.values:
            return self.values
        there, back = (math.log, math.exp) if self.is_log else (float, float)
        low, high = there(self.low), there(self.high)
        last = self.points - 1
        inner = [back(low + place / last * (high - low)) for place in range(1, last)]
        found = (self.low, *(float(f"{value:.4g}") for value in inner), self.high)
        return tuple(dict.fromkeys(self._as_value(value) for value in found))

    def __str__(self) -> str:
        if self.values:
            return f"{self.name}={','.join(map(str, self.values))}"
        text = f"{self.name}={self.low:.10g}..{self.high:.10g}"
        text += ":log" if self.is_log else ""
        return text if self.points == _POINTS else f"{text}:{self.points}"

    def _as_value(self, number: float) -> Value:
        return round(number) if self.setting.kind == "whole" else float(number)

    def _check_values(self, setting: Setting) -> None:
        if len(self.values) > MAX_VALUES:
            raise ConfigError(
                f"{len(self.values):,} values of '{self.name}' are too many; use up to "
                f"{MAX_VALUES:,}, or a range."
            )
        for value in self.values:
            if not _is_of_kind(value, setting):
                raise ConfigError(
                    f"'{value}' is not a value of '{self.name}'; values are such as "
                    f"{', '.join(setting.names) or setting.default}."
                )
        if len(set(self.values)) < len(self.values):
            raise ConfigError(f"A value of '{self.name}' is listed twice; list each value once.")

    def _check_range(self, setting: Setting) -> None:
        if setting.kind in ("name", "layers"):
            raise _no_range(setting)
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise ConfigError(
                f"The range {self.low:g}..{self.high:g} of '{self.name}' is empty; the first "
                "number must be less than the second."
            )
        if setting.kind == "whole" and not (self.low.is_integer() and self.high.is_integer()):
            raise ConfigError(f"The range of '{self.name}' must be between whole numbers.")
        if self.is_log and self.low <= 0:
            raise ConfigError(
                f"A logarithmic range cannot begin at {self.low:g}; let that of '{self.name}' "
                "begin above 0, or leave out ':log'."
            )
        if not 2 <= self.points <= MAX_VALUES:
            raise ConfigError(
                f"A grid takes 2 to {MAX_VALUES:,} values of a range, not {self.points}."
            )


def parse_varied(text: str) -> Varied:
    """Read ``NAME=LOW..HIGH[:log][:POINTS]`` or ``NAME=VALUE,VALUE,…``.

    Raises
    ------
    ConfigError
        If it is neither, or the values are not possible.
    """
    name, equals, rest = text.partition("=")
    if not equals or not rest.strip():
        raise ConfigError(
            f"'{text}' does not say what to try; write, for example, learning_rate=0.001..1:log "
            "or optimizer=sgd,adam."
        )
    setting = setting_named(name)
    if ".." in rest and setting.kind in ("name", "layers"):
        raise _no_range(setting)
    if ".." in rest:
        return _parse_range(setting, rest)
    words = [word.strip() for word in rest.split(",") if word.strip()]
    return Varied(setting.name, tuple(_parse_value(setting, word) for word in words))


def _no_range(setting: Setting) -> ConfigError:
    return ConfigError(
        f"'{setting.name}' has no range; list its values, such as {setting.default}."
    )


def _parse_range(setting: Setting, text: str) -> Varied:
    ends, *options = (word.strip() for word in text.split(":"))
    low, _dots, high = ends.partition("..")
    points = [word for word in options if word != "log"]
    if len(points) > 1 or not all(word.isdecimal() for word in points):
        raise ConfigError(
            f"'{text}' is not a range of '{setting.name}'; write, for example, 0.001..1:log:7 for "
            "a logarithmic one of which a grid takes 7 values."
        )
    numbers = [_number(setting, word) for word in (low, high)]
    return Varied(
        setting.name,
        low=numbers[0],
        high=numbers[1],
        is_log="log" in options,
        points=int(points[0]) if points else _POINTS,
    )


def _number(setting: Setting, text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise ConfigError(
            f"'{text.strip()}' is not a number; write the range of '{setting.name}' as, for "
            "example, 0.001..1."
        ) from error


def _parse_value(setting: Setting, word: str) -> Value:
    """Return a value of this setting; a word of another kind is refused by :class:`Varied`."""
    try:
        match setting.kind:
            case "number":
                return float(word)
            case "whole":
                return int(word)
            case "layers":
                return layers_text(layers_from(word))
    except ValueError:
        pass
    return word


def _is_of_kind(value: Value, setting: Setting) -> bool:
    match setting.kind:
        case "name":
            return value in setting.names
        case "layers":
            return isinstance(value, str) and _is_layers(value)
        case "whole":
            return isinstance(value, int) and not isinstance(value, bool)
        case _:
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            return is_number and math.isfinite(float(value))


def _is_layers(text: str) -> bool:
    try:
        return layers_text(layers_from(text)) == text
    except ValueError:
        return False
