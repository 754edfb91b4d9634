"""Loops that are timed in turns, so that a machine whose speed varies is as fast for each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from core.datasets.dataset import Dataset


class Loop(Protocol):
    """Something to be timed."""

    def run(self, seconds: float) -> float:
        """Work for at least so long; return how much was done a second."""


@dataclass(frozen=True)
class Bench:
    """The data, and in how many rounds and how long, in seconds, each loop is timed."""

    dataset: Dataset
    rounds: int
    seconds: float

    @cached_property
    def pixels(self) -> NDArray[np.float32]:
        """What the others learn from, scaled beforehand; ours scales in each step."""
        return self.dataset.train_images.astype(np.float32) / 255

    def take_turns(self, loops: dict[tuple[str, int], Loop]) -> dict[tuple[str, int], list[float]]:
        """Return what each loop does a second, one value a round."""
        for loop in loops.values():
            loop.run(self.seconds / 5)  # caches and threads warm up
        rates: dict[tuple[str, int], list[float]] = {name: [] for name in loops}
        for _ in tqdm(range(self.rounds), "rounds", leave=False):
            for name, loop in loops.items():
                rates[name].append(loop.run(self.seconds))
        return rates

    def ratio(self, above: Loop, below: Loop) -> list[float]:
        """Return the quotients of two loops' rates, one a round."""
        rates = self.take_turns({("above", 0): above, ("below", 0): below})
        return quotients(rates["above", 0], rates["below", 0])


def quotients(above: list[float], below: list[float]) -> list[float]:
    """Divide round by round, so that what slows the machine down cancels out."""
    return [a / b for a, b in zip(above, below, strict=True)]
