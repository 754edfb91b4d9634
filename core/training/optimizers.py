"""How a gradient becomes a change of the parameters.

With g the gradient, α the learning rate, μ the momentum, t = 1, 2, 3, … the step, and all
operations element by element:

SGD        θ ← θ − α·g
momentum   v ← μ·v + g            θ ← θ − α·v              (Polyak 1964)
Nesterov   v ← μ·v + g            θ ← θ − α·(g + μ·v)      (as Sutskever et al. 2013 write it)
Adam       m ← β₁·m + (1 − β₁)·g      v ← β₂·v + (1 − β₂)·g²
           θ ← θ − α · m/(1 − β₁ᵗ) / (√(v/(1 − β₂ᵗ)) + ε)    (Kingma and Ba 2015, algorithm 1)
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from copy import copy

import numpy as np

from core.arrays import Floats
from core.settings.config import OptimizerName
from core.threads.workers import Workers, run_tasks

BETA_2 = 0.999
EPSILON = 1e-8

_SHARD_PARAMETERS = 200_000
"""The fewest parameters of a shard: with fewer, threads cost more than they save."""


class Optimizer(ABC):
    """Updates parameters, (P,), in place.

    Parameters
    ----------
    parameters, gradient
        (P,) each. An update uses `gradient` up as scratch.
    scratch
        (P,), overwritten.
    workers
        Threads that share the work; None: the calling thread does it all.

    Attributes
    ----------
    state
        What it remembers, (P,) each, by the `names` in the formulas; all zero at first. Adam's
        are without their factors 1 − β.
    steps
        Steps made, t; :meth:`update` counts.
    """

    names: tuple[str, ...] = ()

    def __init__(
        self,
        parameters: Floats,
        gradient: Floats,
        scratch: Floats,
        workers: Workers | None = None,
    ) -> None:
        self.parameters = parameters
        self.gradient = gradient
        self.scratch = scratch
        self.state = {name: np.zeros_like(parameters) for name in self.names}
        self.steps = 0
        self._workers = workers

    def update(self, learning_rate: float, momentum: float) -> None:
        """Go one step along `gradient`."""
        self.steps += 1
        most = 1 if self._workers is None else self._workers.setting.workers
        shards = max(1, min(most, self.parameters.size // _SHARD_PARAMETERS))
        parts = [self] if shards == 1 else [self._shard(i, shards) for i in range(shards)]
        run_tasks(self._workers, lambda part: part._update(learning_rate, momentum), parts)

    def _shard(self, index: int, shards: int) -> Optimizer:
        """Return an optimizer of one of several equal shards of the parameters, in their memory."""
        P = self.parameters.size
        elements = slice(P * index // shards, P * (index + 1) // shards)
        shard = copy(self)
        shard.parameters = self.parameters[elements]
        shard.gradient = self.gradient[elements]
        shard.scratch = self.scratch[elements]
        shard.state = {name: array[elements] for name, array in self.state.items()}
        return shard

    @abstractmethod
    def _update(self, learning_rate: float, momentum: float) -> None:
        """Change the parameters as the formulas say."""


class SGD(Optimizer):
    """Plain gradient descent."""

    def _update(self, learning_rate: float, momentum: float) -> None:
        """θ ← θ − α·g."""
        theta, g = self.parameters, self.gradient
        g *= learning_rate
        theta -= g


class Momentum(Optimizer):
    """Gradient descent that keeps part of its velocity."""

    names = ("v",)

    def _update(self, learning_rate: float, momentum: float) -> None:
        """v ← μ·v + g, θ ← θ − α·v."""
        theta, g, v = self.parameters, self.gradient, self.state["v"]
        v *= momentum
        v += g
        theta -= np.multiply(v, learning_rate, out=g)


class Nesterov(Optimizer):
    """Momentum that looks ahead."""

    names = ("v",)

    def _update(self, learning_rate: float, momentum: float) -> None:
        """v ← μ·v + g, θ ← θ − α·(g + μ·v)."""
        theta, g, v = self.parameters, self.gradient, self.state["v"]
        v *= momentum
        v += g
        g += np.multiply(v, momentum, out=self.scratch)
        g *= learning_rate
        theta -= g


class Adam(Optimizer):
    """Gives every parameter a step size of its own; `momentum` is β₁."""

    names = ("m", "v")

    def _update(self, learning_rate: float, momentum: float) -> None:
        """Move by the mean of the gradients over the root of the mean of their squares."""
        theta, g, s = self.parameters, self.gradient, self.scratch
        m, v = self.state["m"], self.state["v"]
        # The factors 1 − β and 1 / (1 − βᵗ) are scalars: to put them into one at the end, so that m
        # and v are kept as plain sums, takes 10 passes over the arrays instead of 13.
        beta_1, t = momentum, self.steps
        scale_m = (1 - beta_1) / (1 - beta_1**t)
        scale_v = math.sqrt((1 - BETA_2) / (1 - BETA_2**t))
        m *= beta_1
        m += g
        v *= BETA_2
        v += np.multiply(g, g, out=g)
        np.sqrt(v, out=s)
        s += EPSILON / scale_v
        np.divide(m, s, out=s)
        s *= learning_rate * scale_m / scale_v
        theta -= s


OPTIMIZERS: dict[OptimizerName, type[Optimizer]] = {
    "sgd": SGD,
    "momentum": Momentum,
    "nesterov": Nesterov,
    "adam": Adam,
}
