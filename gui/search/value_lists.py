"""Values of a setting as a text that people write, in the user's locale."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.errors import ConfigError
from core.search.varied_settings import NO_LAYERS, Setting, Value
from gui.widgets.locale import locale_marks
from gui.widgets.number_text import NumberTextError, parse_number, write_number


def write_values(setting: Setting, values: Sequence[Value]) -> str:
    """Return values as :func:`read_values` takes them: between them a comma, or a semicolon."""
    marks = locale_marks()
    words = [
        value if isinstance(value, str) else write_number(value, marks._replace(group=""))
        for value in values
    ]
    return ("; " if setting.kind == "number" and marks.decimal == "," else ", ").join(words)


def read_values(setting: Setting, text: str) -> tuple[Value, ...]:
    """Return the values in a text.

    A semicolon or a space always ends a value, and a comma does where it is no decimal mark.

    Raises
    ------
    ConfigError
        If there is none, or one is not a value of this setting.
    """
    # In a list no mark separates thousands: of whole numbers, a comma never is one.
    is_comma_free = setting.kind != "number" or locale_marks().decimal != ","
    words = re.split(r"[;,\s]+" if is_comma_free else r"(?:;|,?\s)\s*", text.strip(" ;,"))
    if not any(words):
        raise ConfigError(f"List the values to try, such as {setting.default}.")
    return tuple(_value(setting, word) for word in words if word)


def _value(setting: Setting, word: str) -> Value:
    if setting.kind == "layers":
        return NO_LAYERS if word.lower() == NO_LAYERS else word
    try:
        return parse_number(word, locale_marks(), whole=setting.kind == "whole")
    except NumberTextError as error:
        raise ConfigError(str(error)) from error
