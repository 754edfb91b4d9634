"""The stages in which the optimizer updates the weight."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from core.arrays import Floats
from core.maths.source_line import SourceLines, body_lines, lines_between
from core.maths.stage import Row, Stage
from core.maths.worked_pass import WorkedPass
from core.network.layers import layer_views
from core.settings.config import Hyperparameters
from core.training.optimizers import BETA_2, EPSILON, OPTIMIZERS, SGD, Adam, Momentum, Nesterov
from core.wording import numeral

_MEANING = "The weight takes a small step downhill, against the gradient of the loss."
_DECIMALS = 7
"""A step is small; it takes all decimals of float32 to see it."""
_NOTE = (
    "A training step does this for every weight, with the mean of dW over its mini-batch. This is "
    "the step for this image alone."
)
_NO_MEMORY = (
    "The film keeps no state of the optimizer, so this is the step that it would make as its first."
)


@dataclass(frozen=True)
class _Weight:
    """A weight before and after a step, and the optimizer's state for it."""

    layer: int
    unit: int
    name: str
    before: float
    gradient: float
    after: float
    state_before: Mapping[str, float]
    state_after: Mapping[str, float]
    steps: int

    def stage(
        self,
        title: str,
        formula: str,
        meaning: str,
        columns: tuple[str, ...],
        rows: tuple[Row, ...],
        source: tuple[SourceLines, ...],
        note: str = _NOTE,
    ) -> Stage:
        """Return a stage about this weight; [l] in the formula stands for its layer."""
        formulas = (formula.replace("[l]", f"[{self.layer}]"),)
        return Stage(
            title, self.layer, self.unit, formulas, meaning, columns, rows, source, note, _DECIMALS
        )


def update_stages(
    numbers: WorkedPass,
    hyperparameters: Hyperparameters,
    optimizer_state: Mapping[str, Floats] | None,
    steps: int,
    learning_rate: float,
    place: tuple[int, int, int],
) -> tuple[Stage, ...]:
    """Return the stages of the optimizer's update of one weight.

    Parameters
    ----------
    optimizer_state, steps
        As the :class:`core.training.optimizers.Optimizer` keeps them; empty before its first step,
        and None where the state is not known: the stages then say so.
    place
        The weight's layer, unit and source.
    """
    layer, unit, source = place
    sizes = numbers.network.sizes
    w = numbers.network.layers[layer - 1].W[source, unit]
    g = numbers.gradient[layer - 1].W[source, unit]
    # The optimizer itself makes a step, of this weight alone.
    parameters, gradient = np.array([w]), np.array([g])
    kind = OPTIMIZERS[hyperparameters.optimizer]
    optimizer = kind(parameters, gradient, np.empty_like(parameters))
    for name, vector in (optimizer_state or {}).items():
        optimizer.state[name][:] = layer_views(vector, sizes)[layer - 1].W[source, unit]
    optimizer.steps = steps
    before = {name: float(value[0]) for name, value in optimizer.state.items()}
    optimizer.update(learning_rate, hyperparameters.momentum)
    after = {name: float(value[0]) for name, value in optimizer.state.items()}
    name = f"w_{{{unit}, {source}}}^{{[{layer}]}}"
    moved = float(parameters[0])
    weight = _Weight(layer, unit, name, float(w), float(g), moved, before, after, optimizer.steps)
    builders = {"sgd": _sgd, "momentum": _momentum, "nesterov": _nesterov, "adam": _adam}
    stages = builders[hyperparameters.optimizer](weight, learning_rate, hyperparameters.momentum)
    if optimizer_state is not None or not optimizer.state:
        return stages
    return tuple(replace(stage, note=f"{_NO_MEMORY} {stage.note}") for stage in stages)


def _sgd(weight: _Weight, rate: float, _momentum: float) -> tuple[Stage, ...]:
    formula = "W^{[l]} ← W^{[l]} − α dW^{[l]}"
    change = (rate, weight.gradient, -rate * weight.gradient)
    return (_moved(weight, formula, ("α", "dW", "−α dW"), change, (body_lines(SGD._update),)),)


def _momentum(weight: _Weight, rate: float, mu: float) -> tuple[Stage, ...]:
    v = weight.state_after["v"]
    formula = "W^{[l]} ← W^{[l]} − α v"
    lines = (lines_between(Momentum._update, "theta -="),)
    return (
        _velocity(weight, mu, (lines_between(Momentum._update, "v *= momentum", "v += g"),)),
        _moved(weight, formula, ("α", "v", "−α v"), (rate, v, -rate * v), lines),
    )


def _nesterov(weight: _Weight, rate: float, mu: float) -> tuple[Stage, ...]:
    ahead = weight.gradient + mu * weight.state_after["v"]
    formula = "W^{[l]} ← W^{[l]} − α (dW^{[l]} + μ v)"
    columns = ("α", "dW + μ v", "−α (dW + μ v)")
    lines = (lines_between(Nesterov._update, "g += np.multiply", "theta -="),)
    return (
        _velocity(weight, mu, (lines_between(Nesterov._update, "v *= momentum", "v += g"),)),
        _moved(weight, formula, columns, (rate, ahead, -rate * ahead), lines),
    )


def _velocity(weight: _Weight, mu: float, source: tuple[SourceLines, ...]) -> Stage:
    before, after = weight.state_before["v"], weight.state_after["v"]
    return weight.stage(
        title="The optimizer's velocity",
        formula="v ← μ v + dW^{[l]}",
        meaning="Momentum: part of the previous steps is kept, as a rolling ball keeps its speed.",
        columns=("μ", "v", '"product"'),
        rows=(
            Row('"kept:" μ v', (mu, before, mu * before)),
            Row('"new:" dW', (None, None, weight.gradient)),
            Row(f'v "of" {weight.name}', (None, None, after), "total"),
        ),
        source=source,
    )


def _adam(weight: _Weight, rate: float, beta_1: float) -> tuple[Stage, ...]:
    t = weight.steps
    m = (1 - beta_1) * weight.state_after["m"]
    v = (1 - BETA_2) * weight.state_after["v"]
    fair_m, fair_v = m / (1 - beta_1**t), v / (1 - BETA_2**t)
    root = math.sqrt(fair_v) + EPSILON
    change = (fair_m, root, -rate * fair_m / root)
    page = _moved(
        weight,
        r"W^{[l]} ← W^{[l]} − α \frac{m̂}{\sqrt{v̂} + ε} ,  m̂ = \frac{m}{1 − β_{1}^{t}} ,  "
        r"v̂ = \frac{v}{1 − β_{2}^{t}}",
        ("m̂", r"\sqrt{v̂} + ε", '"change"'),
        change,
        (
            lines_between(Adam._update, "scale_m =", "scale_v ="),
            lines_between(Adam._update, "np.sqrt(v", "theta -= s"),
        ),
        f"α = {numeral(rate, 'g')}, t = {numeral(t)}. The code combines all scalar factors into "
        f"one. {_NOTE}",
    )
    return (_average(weight, "m", beta_1), _average(weight, "v", BETA_2), page)


def _average(weight: _Weight, name: str, beta: float) -> Stage:
    """Return the update of Adam's m or v; the code keeps them without the factor 1 − β."""
    before, after = (
        (1 - beta) * state[name] for state in (weight.state_before, weight.state_after)
    )
    power, index, kept = ("", 1, "m *=") if name == "m" else ("^{2}", 2, "v *=")
    g = weight.gradient if name == "m" else weight.gradient**2
    return weight.stage(
        title="The optimizer's mean gradient" + ("" if name == "m" else ", squared"),
        formula=f"{name} ← β_{{{index}}} {name} + (1 − β_{{{index}}}) (dW^{{[l]}}){power}",
        meaning="A running mean of the gradient."
        if name == "m"
        else "A running mean of its square: how large this weight's gradients usually are.",
        columns=('"factor"', '"value"', '"product"'),
        rows=(
            Row(f'"kept:" β_{{{index}}} {name}', (beta, before, beta * before)),
            Row(f'"new:" (1 − β_{{{index}}}) dW{power}', (1 - beta, g, (1 - beta) * g)),
            Row(f'{name} "of" {weight.name}', (None, None, after), "total"),
        ),
        source=(lines_between(Adam._update, kept, f"{name} +="),),
        note="The code leaves out the factor 1 − β here and includes it in the scale of the step.",
    )


def _moved(
    weight: _Weight,
    formula: str,
    columns: tuple[str, str, str],
    change: tuple[float, float, float],
    source: tuple[SourceLines, ...],
    note: str = _NOTE,
) -> Stage:
    """Return the last stage: the weight before and after."""
    return weight.stage(
        title="The update",
        formula=formula,
        meaning=_MEANING,
        columns=columns,
        rows=(
            Row(f'{weight.name} "before"', (None, None, weight.before)),
            Row('"change"', change),
            Row(f'{weight.name} "after"', (None, None, weight.after), "total"),
        ),
        source=source,
        note=note,
    )
