"""From a formula's markup, which core/maths/stage.py describes, to boxes; and numbers as markup."""

from __future__ import annotations

import math
import unicodedata

from core.wording import numeral
from gui.maths.formula_boxes import (
    Box,
    fraction,
    root,
    side_by_side,
    space,
    text,
    with_indices,
    with_limits,
)

_SCRIPT = 0.72
"""Size of what is raised or lowered, relative to its base."""
_SMALLEST = 9
"""Pixels; scripts of scripts do not become smaller than that."""
_FIGURES = frozenset("0123456789.,'’\xa0\u202f")
"""What a number is written with, in any locale."""
_SUM = 1.4
"""Size of a sum's sign, relative to the text's."""
BLANK = 0.28
"""Width of a space, in sizes of the type."""


def typeset(markup: str, size: float) -> Box:
    """Return a formula on one line, in type of that many pixels."""
    return side_by_side(_Parser(markup, size).parse())


def wrapped(markup: str, size: float, width: float) -> list[Box]:
    """Return a formula as lines no wider than `width`, broken where the markup has spaces."""
    lines: list[list[Box]] = [[]]
    room = width
    blank = BLANK * size
    for word in split_words(markup):
        box = typeset(word, size)
        if lines[-1] and box.width + blank > room:
            lines.append([space(2 * blank)])  # a continued line is indented
            room = width - 2 * blank
        elif lines[-1]:
            lines[-1].append(space(blank))
            room -= blank
        lines[-1].append(box)
        room -= box.width
    return [side_by_side(line) for line in lines]


def split_words(markup: str) -> list[str]:
    """Cut a formula at the spaces that are not within braces or quotes."""
    words, depth, is_quoted = [""], 0, False
    for character in markup:
        if character == '"':
            is_quoted = not is_quoted
        depth += (character == "{") - (character == "}")
        if character == " " and not depth and not is_quoted:
            words.append("")
        else:
            words[-1] += character
    return [word for word in words if word]


def plain(markup: str) -> str:
    """Return a formula as a line of text, for those who listen to it."""
    for command in ("\\frac", "\\sqrt", '"'):
        markup = markup.replace(command, " " if command == "\\frac" else "")
    return markup.replace("}{", " / ").replace("{", "").replace("}", "")


def number(value: float, decimals: int = 4) -> str:
    """Return a number as markup, with this many decimals, or this many digits and a power of ten.

    One that needs no more than four figures, such as a learning rate, has no zeros after them.
    """
    if not math.isfinite(value):
        return '"not a number"' if math.isnan(value) else "∞" if value > 0 else "−∞"
    if value == int(value) and abs(value) < 1e6:
        return numeral(value, ",.0f")
    if float(short := f"{value:.4g}") == value and "e" not in short:
        return numeral(value, ".4g")
    if 1e-3 <= abs(value) < 1e6:
        return numeral(value, f",.{decimals}f")
    mantissa, exponent = f"{value:.{decimals - 1}e}".split("e")
    figures = numeral(float(mantissa), f".{decimals - 1}f")
    return f"{figures}·10^{{{numeral(int(exponent), 'd')}}}"


class _Parser:
    """Reads markup from left to right; every method leaves `_at` behind what it has read."""

    def __init__(self, markup: str, size: float) -> None:
        self._markup = markup
        self._size = max(size, _SMALLEST)
        self._at = 0

    def parse(self) -> list[Box]:
        boxes: list[Box] = []
        while self._at < len(self._markup):
            boxes.append(self._with_scripts())
        return boxes

    def _with_scripts(self) -> Box:
        """Read one item, and what is put below and above it."""
        is_sum = self._markup.startswith("∑", self._at)
        base = self._item()
        scripts: dict[str, Box | None] = {"_": None, "^": None}
        while self._at < len(self._markup) and self._markup[self._at] in scripts:
            place = self._markup[self._at]
            self._at += 1
            scripts[place] = self._inner(_SCRIPT)
        if scripts["_"] is None and scripts["^"] is None:
            return base
        join = with_limits if is_sum else with_indices
        return join(base, scripts["_"], scripts["^"], self._size)

    def _item(self) -> Box:
        markup, size = self._markup, self._size
        if markup.startswith("\\frac", self._at):
            self._at += len("\\frac")
            return fraction(self._inner(1), self._inner(1), size)
        if markup.startswith("\\sqrt", self._at):
            self._at += len("\\sqrt")
            return root(self._inner(1), size)
        first = markup[self._at]
        if first == '"':
            end = markup.index('"', self._at + 1)
            upright = markup[self._at + 1 : end]
            self._at = end + 1
            return text(upright, size, False)
        self._at += 1
        if first == " ":
            return space(BLANK * size)
        if first == "∑":
            return text(first, size * _SUM, False, tight=True)
        is_italic = first.isalpha()
        run = first
        while self._at < len(markup) and _continues(run, markup[self._at]):
            run += markup[self._at]
            self._at += 1
        return text(run, size, is_italic)

    def _inner(self, scale: float) -> Box:
        """Return the group that comes next, in type of this relative size."""
        return typeset(self._group(), self._size * scale)

    def _group(self) -> str:
        """Return what is between the braces that come next, or the next character."""
        start = self._at
        if self._markup[start] != "{":
            self._at += 1
            return self._markup[start]
        depth = 0
        for at in range(start, len(self._markup)):
            depth += (self._markup[at] == "{") - (self._markup[at] == "}")
            if not depth:
                self._at = at + 1
                return self._markup[start + 1 : at]
        raise ValueError(f"A brace is not closed in {self._markup}.")


def _continues(run: str, character: str) -> bool:
    """Whether a character belongs to the run before it: of letters, or of a number's figures."""
    if unicodedata.combining(character):
        return True
    if run[-1].isalpha():
        return character.isalpha()
    return {run[-1], character} <= _FIGURES
