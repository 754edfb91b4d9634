"""How people write each digit: strokes of the pen, as points that the pen passes through.

Each digit has several glyphs, because people write differently: a one may be a plain stroke or have
a serif and a base line, a seven may be crossed, a four open or closed. To add another way of
writing, add a line to assets/glyphs.txt.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

GLYPH_TABLE = Path(__file__).parents[2] / "assets" / "glyphs.txt"
"""A line for each glyph; the head of the file describes them."""


@dataclass(frozen=True, eq=False)
class Stroke:
    """What the pen draws without being lifted.

    Attributes
    ----------
    points
        float64, (n, 2), n at least 2: x and y of the points that the pen passes through.
    corners
        Which of the points between the ends are corners, in ascending order.
    """

    points: NDArray[np.float64]
    corners: tuple[int, ...]


@dataclass(frozen=True)
class Glyph:
    """One way of writing one digit.

    Attributes
    ----------
    digit
        0…9.
    name
        What sets it apart from the other glyphs of the digit.
    weight
        How often it is written, relative to the other glyphs of the digit.
    strokes
        In the order of writing.
    """

    digit: int
    name: str
    weight: float
    strokes: tuple[Stroke, ...]


def parse_glyph(line: str) -> Glyph:
    """Read one line in the form of the table, ``digit weight name: points``."""
    heading, drawing = line.split(":")
    digit, weight, name = heading.split(maxsplit=2)
    strokes = tuple(_parse_stroke(stroke.split()) for stroke in drawing.split("|"))
    return Glyph(int(digit), name, float(weight), strokes)


def _parse_stroke(points: list[str]) -> Stroke:
    """Read the points between two lifts of the pen."""
    return Stroke(
        np.array([point.rstrip("!").split(",") for point in points], np.float64),
        tuple(i for i, point in enumerate(points) if point.endswith("!")),
    )


GLYPHS: tuple[Glyph, ...] = tuple(
    parse_glyph(line)
    for line in GLYPH_TABLE.read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
)
"""Every way of writing that the generator knows, by digit."""
