"""Foreign text has no effect on the terminal or widget that shows it."""

from __future__ import annotations

import pytest

from core.printable_text import printable


@pytest.mark.parametrize(
    "harmless", ["", "a b", "Überprüfung 手書き数字 ✓", "1\N{NARROW NO-BREAK SPACE}%"]
)
def test_what_can_be_read_stays(harmless: str) -> None:
    assert printable(harmless) == harmless


@pytest.mark.parametrize(
    "character",
    [
        *("\x1b", "\n", "\r", "\t", "\b", "\0", "\x7f", "\x9b", "\udc80"),
        *("\N{LINE SEPARATOR}", "\N{RIGHT-TO-LEFT OVERRIDE}", "\N{ZERO WIDTH SPACE}"),
    ],
)
def test_active_characters_are_replaced(character: str) -> None:
    assert printable(f"a{character}b") == "a\ufffdb"


def test_a_long_text_is_cut() -> None:
    assert printable("abcdef", 3) == "abc…"
    assert printable("abc", 3) == "abc"
