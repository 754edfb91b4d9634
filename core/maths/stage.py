"""One stage of a worked example: formulas, numbers and code, ready to be typeset.

Formulas are short markup: letters are variables, ``_{…}`` and ``^{…}`` are subscripts and
superscripts, ``"…"`` is upright text; ``\\frac{…}{…}`` and ``\\sqrt{…}`` are as in TeX. A line may
break at a space.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.arrays import Floats
from core.maths.source_line import SourceLines
from core.wording import numeral

TERMS = 4
"""How many terms of a long sum are written out."""

RowKind = Literal["term", "rest", "total"]


def upright(text: str) -> str:
    """Return any text as markup; a quotation mark in it would end it."""
    return f'"{text.replace(chr(34), "″")}"'


@dataclass(frozen=True)
class Row:
    """One row of a stage's numbers.

    Attributes
    ----------
    name
        The row's label, as markup.
    cells
        One number per column; None leaves the cell empty.
    kind
        A term of a sum, the sum of all terms that are not written out, or the result.
    is_chosen
        Whether it belongs to the weight or unit being followed.
    """

    name: str
    cells: tuple[float | None, ...]
    kind: RowKind = "term"
    is_chosen: bool = False


@dataclass(frozen=True)
class Quantity:
    """The number of the network, for one example, with respect to which a derivative is taken.

    Attributes
    ----------
    kind
        ``"Z"``, ``"A"``, ``"W"`` or ``"b"``: the derivative is that of the loss. ``"f"``: that of
        the unit's activation with respect to its z.
    layer
        From 1, as in the equations of core/network/network.py.
    unit
        From 0.
    source
        For ``"W"``: which input the weight is for.
    """

    kind: Literal["Z", "A", "W", "b", "f"]
    layer: int
    unit: int
    source: int = 0


@dataclass(frozen=True)
class Stage:
    """One number of a network's pass over one example, and how it is computed.

    Attributes
    ----------
    title
        In a few words.
    layer, unit
        Where in the network: the layer from 1, the unit from 0.
    formulas
        Markup, one line each: for the layer, then for the unit.
    meaning
        A sentence for a newcomer.
    columns
        Markup, the headings of the rows' cells.
    rows
        The formula with numbers; the last cell of the last row is the result.
    source
        The lines of code that compute it.
    note
        How the code differs from the formula.
    decimals
        How many decimals to show.
    quantity
        What `value` is the derivative with respect to; None if it is not a derivative.
    """

    title: str
    layer: int
    unit: int
    formulas: tuple[str, ...]
    meaning: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    source: tuple[SourceLines, ...]
    note: str = ""
    decimals: int = 4
    quantity: Quantity | None = None

    @property
    def value(self) -> float:
        """The result."""
        result = self.rows[-1].cells[-1]
        assert result is not None
        return result


def largest_terms(
    columns: Sequence[Floats], name: Callable[[int], str], chosen: int
) -> tuple[Row, ...]:
    """Write out the terms of a sum: the largest, the `chosen` one, and the rest as one number.

    Parameters
    ----------
    columns
        (n,) each; the last one holds the terms.
    name
        Names a term by its index.
    chosen
        Index of a term that is always shown.
    """
    terms = columns[-1]
    order = np.argsort(-np.abs(terms), kind="stable")[:TERMS].tolist()
    if chosen not in order:
        order[-1] = chosen
    rows = [
        Row(name(i), tuple(float(column[i]) for column in columns), is_chosen=i == chosen)
        for i in order
    ]
    others = np.delete(terms, order)
    if len(others):
        blank = (None,) * (len(columns) - 1)
        more = f'"{numeral(len(others))} more"'
        rows.append(Row(more, (*blank, float(others.sum(dtype=np.float64))), "rest"))
    return tuple(rows)
