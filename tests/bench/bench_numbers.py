"""How well numbers on the pad are cut into their digits, and what that costs while one draws.

    python -m tests.bench.bench_numbers [--count 300] [--pen FILE.unipen]

The numbers are made of single digits: of the generator `strokes`, and of recordings of people. A
number counts as cut correctly if each digit has exactly its own strokes.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from core.ink.digits_in_drawing import DigitsInDrawing
from core.ink.drawing import Drawing
from core.ink.recordings import read_recordings
from tests.bench.figures import Target, row
from tests.bench.number_drawings import (
    Digit,
    draw,
    generated,
    is_cut_correctly,
    recorded,
    scribble,
    side_by_side,
    with_gaps,
)

GAPS = (-0.05, 0.0, 0.05, 0.1, 0.2, 0.4)
"""Free width between two digits, as a part of their height; less than 0 where they overlap."""

HEIGHTS = (50.0, 130.0)
"""Of the digits on the pad, in its units: small, and as large as two fit."""

STEP = 10.0
"""Distance between the points of a pen in units: a quick one's."""

CUT, TORN = Target(0.97), Target(0.005, at_most=True)

Choice = Callable[[], Sequence[Digit]]
"""Chooses the digits of a number."""


def share_cut(choose: Choice, gap: float, count: int) -> float:
    """Return how many of so many numbers are cut correctly."""
    rng = np.random.default_rng(round(100 * gap) % 100)
    numbers = (side_by_side(choose(), gap, rng, HEIGHTS[i % 2]) for i in range(count))
    return float(np.mean([is_cut_correctly(number, STEP) for number in numbers]))


def print_numbers(choices: Sequence[tuple[str, Choice]], count: int) -> None:
    """Print a row for each source of numbers."""
    print(row(["numbers cut correctly, %", *(f"gap {gap:g}" for gap in GAPS), ""]))
    print(row(["---"] * (len(GAPS) + 2)))
    for name, choose in choices:
        shares = [share_cut(choose, gap, count) for gap in GAPS]
        least = min(share for share, gap in zip(shares, GAPS, strict=True) if gap > 0)
        print(row([name, *(f"{100 * share:.2f}" for share in shares), CUT.verdict(least)]))
    print()


def print_torn(sources: Sequence[tuple[str, Sequence[Digit]]]) -> None:
    """Print how many single digits are taken apart, and how many are taken for scribbles."""
    print(row(["single digits", "count", "torn, %", "", "by digit", "scribbles, %"]))
    print(row(["---"] * 6))
    for name, digits in sources:
        rng = np.random.default_rng(1)
        placed = [side_by_side([digit], 0, rng, 190) for digit in digits]
        torn = np.array([not is_cut_correctly(each, STEP) for each in placed])
        doubted = [is_scribble(draw(each, step=STEP)) for each in placed]
        labels = [each.digit for each, is_torn in zip(digits, torn, strict=True) if is_torn]
        by_digit = ", ".join(f"{digit}: {labels.count(digit)}" for digit in sorted(set(labels)))
        share = float(torn.mean())
        cells = f"{100 * share:.2f}", TORN.verdict(share), by_digit or "–"
        print(row([name, str(len(digits)), *cells, f"{100 * np.mean(doubted):.2f}"]))
    print()


def is_scribble(drawing: Drawing) -> bool:
    """Whether a drawing, or a part of it, is taken for a scribble."""
    return any(digit.is_scribble for digit in DigitsInDrawing(drawing).update())


def print_scribbles(count: int) -> None:
    """Print how many random scribbles are recognized."""
    rng = np.random.default_rng(2)
    for kind in ("zigzag", "coil", "tangle"):
        found = [
            is_scribble(draw([Digit(-1, (scribble(kind, rng),))], step=STEP)) for _ in range(count)
        ]
        print(f"{kind}: {100 * np.mean(found):.1f} % taken for scribbles")
    print()


def print_cost(digits: Sequence[Digit]) -> None:
    """Print the processor's time for a move of the pen, by strokes on the pad."""
    print(row(["strokes", "µs per pen move, median", "95 %", "of it normalizing the drawing"]))
    print(row(["---"] * 4))
    rng = np.random.default_rng(3)
    for strokes in range(1, 7):
        cost: list[float] = []
        image: list[float] = []
        while len(cost) < 500:
            chosen = [digits[i] for i in rng.integers(len(digits), size=rng.integers(1, 5))]
            if sum(len(digit.strokes) for digit in chosen) == strokes:
                time_moves(side_by_side(chosen, 0.15, rng), cost, image)
        print(
            row(
                [
                    str(strokes),
                    *(f"{v:.0f}" for v in (*np.percentile(cost, [50, 95]), np.median(image))),
                ]
            )
        )


def time_moves(number: Sequence[Digit], cost: list[float], image: list[float]) -> None:
    """Draw a number; note the time for each move of its last stroke, in µs."""
    drawing = Drawing()
    in_drawing = DigitsInDrawing(drawing)
    strokes = [stroke for digit in number for stroke in digit.strokes]
    for stroke in strokes:
        for index, (x, y) in enumerate(stroke.tolist()):
            (drawing.extend if index else drawing.begin)(x, y)
            begun = time.thread_time()
            in_drawing.update()
            middle = time.thread_time()
            drawing.image()
            if stroke is strokes[-1]:
                cost.append(1e6 * (middle - begun))
                image.append(1e6 * (time.thread_time() - middle))
        drawing.end()


def chosen(digits: Sequence[Digit], rng: np.random.Generator, count: int) -> Sequence[Digit]:
    """Choose digits that need not be by one writer."""
    return [digits[i] for i in rng.integers(len(digits), size=count)]


def consecutive(digits: Sequence[Digit], rng: np.random.Generator, count: int) -> Sequence[Digit]:
    """Choose digits that follow each other, which one writer has written."""
    first = int(rng.integers(len(digits) - count))
    return digits[first : first + count]


def main() -> None:
    """Measure, and print tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=300, help="numbers for each figure")
    parser.add_argument("--pen", type=Path, metavar="FILE.unipen", help="recordings of a pen")
    arguments = parser.parse_args()
    rng = np.random.default_rng(0)
    strokes = generated(3000, rng)
    fours = list(with_gaps([digit for digit in generated(30_000, rng) if digit.digit == 4], rng))
    choices: list[tuple[str, Choice]] = [
        ("strokes, two digits", partial(chosen, strokes, rng, 2)),
        ("strokes, three digits", partial(chosen, strokes, rng, 3)),
    ]
    singles = [("strokes", strokes), ("strokes, 4 with a gap", fours)]
    if arguments.pen is not None:
        people = recorded(read_recordings(arguments.pen))
        choices += [
            ("recordings, one writer", partial(consecutive, people, rng, 2)),
            ("recordings, two writers", partial(chosen, people, rng, 2)),
            ("recordings, one writer, three digits", partial(consecutive, people, rng, 3)),
        ]
        own_fours = list(with_gaps([digit for digit in people if digit.digit == 4], rng))
        singles += [("recordings", people), ("recordings, 4 with a gap", own_fours)]
    print_numbers(choices, arguments.count)
    print_torn(singles)
    print_scribbles(arguments.count)
    print_cost(strokes)


if __name__ == "__main__":
    main()
