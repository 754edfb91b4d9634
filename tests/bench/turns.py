"""Loops that are timed in turns, so a machine whose speed varies is as fast for each."""

from __future__ import annotations

import random
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from core.datasets.dataset import Dataset

Name = TypeVar("Name", bound=Hashable)


class Loop(Protocol):
    """Something to be timed."""

    def run(self, seconds: float) -> float:
        """Work for at least this long; return the rate per second."""


@dataclass(frozen=True)
class Bench:
    """The data, the number of rounds, and the seconds for which each loop is timed."""

    dataset: Dataset
    rounds: int
    seconds: float

    @cached_property
    def pixels(self) -> NDArray[np.float32]:
        """The other loops' images, scaled in advance; Digitscope scales them in each step."""
        return self.dataset.train_images.astype(np.float32) / 255

    def take_turns(self, loops: dict[tuple[str, int], Loop]) -> dict[tuple[str, int], list[float]]:
        """Return each loop's rate per second, one value per round."""
        return take_turns(loops, self.rounds, self.seconds)

    def ratio(self, above: Loop, below: Loop) -> list[float]:
        """Return the ratios of two loops' rates, one per round."""
        rates = self.take_turns({("above", 0): above, ("below", 0): below})
        return quotients(rates["above", 0], rates["below", 0])


def take_turns(loops: Mapping[Name, Loop], rounds: int, seconds: float) -> dict[Name, list[float]]:
    """Return each loop's rate per second, one value per round; the order changes each round."""
    for loop in loops.values():
        loop.run(seconds / 5)  # caches and threads warm up
    rates: dict[Name, list[float]] = {name: [] for name in loops}
    for _ in tqdm(range(rounds), "rounds", leave=False):
        for name in random.sample(list(loops), len(loops)):
            rates[name].append(loops[name].run(seconds))
    return rates


def quotients(above: list[float], below: list[float]) -> list[float]:
    """Divide round by round, so that what slows the machine down cancels out."""
    return [a / b for a, b in zip(above, below, strict=True)]
