"""Measured figures, their targets, and how both are printed."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def row(cells: Sequence[str]) -> str:
    """Return a row of a Markdown table."""
    return f"| {' | '.join(cells)} |"


@dataclass(frozen=True)
class Target:
    """What a figure must reach, and what it should ideally reach; `at_most`: lower is better."""

    must: float
    aim: float | None = None
    at_most: bool = False

    def verdict(self, value: float) -> str:
        """Return a verdict on `value`."""
        sign = -1 if self.at_most else 1
        if sign * value < sign * self.must:
            return "**missed**"
        return "reached" if self.aim is None or sign * value < sign * self.aim else "aim reached"

    def __str__(self) -> str:
        text = f"{'≤' if self.at_most else '≥'} {self.must:g}"
        return text if self.aim is None else f"{text}, aim {self.aim:g}"


@dataclass(frozen=True)
class Figure:
    """A row of the second table, with one value per round."""

    title: str
    values: list[float]
    target: Target | None = None

    def row(self) -> str:
        """Return the row."""
        value = statistics.median(self.values)
        cells = [self.title, f"{value:.2f}", f"{min(self.values):.2f} to {max(self.values):.2f}"]
        cells += ["", ""] if self.target is None else [str(self.target), self.target.verdict(value)]
        return row(cells)


def measure_in_rounds(command: Sequence[str], rounds: int) -> list[dict[str, Any]]:
    """Run a command that prints figures as JSON, on the display or else offscreen.

    Returns what it printed in each round.
    """
    environment = dict(os.environ)
    if not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    runs = (
        subprocess.run(
            command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
        )
        for _ in range(rounds)
    )
    return [json.loads(run.stdout) for run in runs]


def print_table(
    what: str,
    titles: Sequence[tuple[str, str, Target | None]],
    rounds: Sequence[dict[str, Any]],
) -> None:
    """Print the median and the range of each figure over all rounds, and its target."""
    print(row([what, "median", "range", "target", ""]))
    print(row(["---"] * 5))
    for name, title, target in titles:
        print(Figure(title, [figures[name] for figures in rounds], target).row())
