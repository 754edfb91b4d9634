"""The stages of a worked example on its way forward: z, the activation, softmax, the loss.

Indices are written as in the textbooks, where columns are samples: w_{j,i} leads from unit i to
unit j, which is ``W[i, j]`` in the code.
"""

from __future__ import annotations

import numpy as np

from core.arrays import Floats
from core.maths.source_line import SourceLines, body_lines, equation_lines, lines_between
from core.maths.stage import Row, Stage, largest_terms, upright
from core.maths.worked_pass import WorkedPass
from core.network import losses
from core.network.activations import ACTIVATIONS, sigmoid
from core.network.dense import Dense
from core.network.network import Network
from core.wording import class_name, kind_of, number_word, pixel_place


def input_name(layer: int, index: int) -> str:
    """Name an input of a layer, as markup: a pixel, or a unit of the previous layer."""
    if layer > 1:
        return f'"unit {index}"'
    return f'"pixel {pixel_place(index)}"'


def unit_name(numbers: WorkedPass, layer: int, unit: int) -> str:
    """Name a unit, as markup; those of the last layer are the classes."""
    is_output = layer == len(numbers.network.layers)
    return _class_name(numbers, unit) if is_output else f'"unit {unit}"'


def _class_name(numbers: WorkedPass, unit: int) -> str:
    """Name a class, as markup."""
    return upright(class_name(numbers.network.classes, unit))


def weighted_sum(numbers: WorkedPass, layer: int, unit: int, source: int) -> Stage:
    """Return the weighted sum z of a unit."""
    here = numbers.network.layers[layer - 1]
    w, a, b = here.W[:, unit], numbers.A[layer - 1], float(here.b[unit])
    value = float(numbers.Z[layer][unit])
    terms = largest_terms((w, a, w * a), lambda i: input_name(layer, i), source)
    at, before = f"[{layer}]", f"[{layer - 1}]"
    inputs = "pixel" if layer == 1 else f"unit of layer {layer - 1}"
    return Stage(
        title="The weighted sum",
        layer=layer,
        unit=unit,
        formulas=(
            f"Z^{{{at}}} = W^{{{at}}} A^{{{before}}} + b^{{{at}}}",
            f"z_{{{unit}}}^{{{at}}} = ∑_{{i=0}}^{{{len(w) - 1}}} w_{{{unit}, i}}^{{{at}}} "
            f"a_{{i}}^{{{before}}} + b_{{{unit}}}^{{{at}}}",
        ),
        meaning=f"Each {inputs} is multiplied by its weight; then the bias is added.",
        columns=("w", "a", "w a"),
        rows=(
            *terms,
            Row('"bias" b', (None, None, b)),
            Row(f"z_{{{unit}}}^{{{at}}}", (None, None, value), "total"),
        ),
        source=(equation_lines(Dense.forward, "Z[l] = A[l-1] @ W[l] + b[l]"),),
        note=f"In the code each image is a row, not a column: A @ W instead of W A, and the "
        f"weight from {source} to {unit} is W[{source}, {unit}].",
    )


def activation(numbers: WorkedPass, layer: int, unit: int) -> Stage:
    """Return the activation of a hidden unit."""
    z, a = float(numbers.Z[layer][unit]), float(numbers.A[layer][unit])
    f = ACTIVATIONS[numbers.network.activations[layer - 1]]
    at = f"[{layer}]"
    return Stage(
        title=f"The activation: {f.title}",
        layer=layer,
        unit=unit,
        formulas=(
            f"A^{{{at}}} = f^{{{at}}}(Z^{{{at}}})",
            f"a_{{{unit}}}^{{{at}}} = f(z_{{{unit}}}^{{{at}}}) ,  f(z) = {f.formula}",
        ),
        meaning="A nonlinear function of z. Without it, all layers together could do no more than "
        "a single one.",
        columns=("z", "f(z)"),
        rows=(Row(f"a_{{{unit}}}^{{{at}}}", (z, a), "total"),),
        source=(
            equation_lines(Dense.forward, "A[l] = f(Z[l])"),
            body_lines(f.forward),
        ),
        note="The code writes A over Z, in the same array.",
    )


def probability(numbers: WorkedPass, unit: int) -> Stage:
    """Return the probability of a class, from the scores."""
    if numbers.network.output == "sigmoid":
        return _sigmoid(numbers, unit)
    layer = len(numbers.network.layers)
    scores, shares = numbers.Z[layer], numbers.A[layer]
    exponentials = np.exp(scores - scores.max())
    value = float(shares[unit])
    at = f"[{layer}]"
    terms = largest_terms((scores, exponentials, shares), lambda k: _class_name(numbers, k), unit)
    total = float(exponentials.sum()), float(shares.sum())
    return Stage(
        title="Softmax: scores become probabilities",
        layer=layer,
        unit=unit,
        formulas=(
            f'A^{{{at}}} = "softmax"(Z^{{{at}}})',
            f"a_{{{unit}}}^{{{at}}} = \\frac{{e^{{z_{{{unit}}}}}}}{{∑_{{j}} e^{{z_{{j}}}}}} = "
            f"\\frac{{e^{{z_{{{unit}}} − c}}}}{{∑_{{j}} e^{{z_{{j}} − c}}}} ,  "
            'c = "max" z',
        ),
        meaning="Each score is made positive and divided by the sum of all "
        f"{number_word(len(scores))}: they add up to 1.",
        columns=("z", "e^{z−c}", "a"),
        rows=(
            *terms,
            Row('"sum"', (None, *total), "total"),
            Row(f"a_{{{unit}}}^{{{at}}}", (None, None, value), "total"),
        ),
        source=(
            lines_between(losses, "Z -= Z[np.arange"),
            lines_between(losses, "np.exp(Z, out=Z)", "Z /= total"),
        ),
        note="The largest score c is subtracted first. That changes no probability, and no "
        "exponential overflows.",
    )


def _sigmoid(numbers: WorkedPass, unit: int) -> Stage:
    layer = len(numbers.network.layers)
    z, a = float(numbers.Z[layer][unit]), float(numbers.A[layer][unit])
    at, classes = f"[{layer}]", numbers.network.classes
    return Stage(
        title="Sigmoid: the score becomes a probability",
        layer=layer,
        unit=unit,
        formulas=(
            f"A^{{{at}}} = σ(Z^{{{at}}})",
            f"a_{{{unit}}}^{{{at}}} = \\frac{{1}}{{1 + e^{{−z_{{{unit}}}}}}}",
        ),
        meaning=f"{number_word(len(classes)).capitalize()} separate questions: is it this "
        f"{kind_of(classes)}, yes or no?",
        columns=("z", "a"),
        rows=(Row(f"a_{{{unit}}}^{{{at}}}", (z, a), "total"),),
        source=(body_lines(sigmoid),),
        note="The code computes the same function as (1 + tanh(z/2)) / 2, which cannot overflow.",
    )


def loss(numbers: WorkedPass, unit: int) -> Stage:
    """Return the loss."""
    is_softmax = numbers.network.output == "softmax"
    rows, formula, source = _cross_entropy(numbers) if is_softmax else _separate_questions(numbers)
    sources = [source]
    value = numbers.loss + numbers.penalty
    if numbers.l2:
        formula += r" + \frac{λ}{2} ∑ w^{2}"
        rows = (*rows, Row(r'"L2 penalty"', (None, None, numbers.penalty)))
        sources.append(lines_between(Network.regularization_loss, "return 0.5"))
    classes = numbers.network.classes
    return Stage(
        title="The loss",
        layer=len(numbers.network.layers),
        unit=unit,
        formulas=(formula,),
        meaning=f"The correct {kind_of(classes)} is {classes[numbers.label]}. The loss is 0 if the "
        "network gives it a probability of 1, and grows as that probability falls.",
        columns=("y", "a", '−"log" a' if is_softmax else '"loss"'),
        rows=(*rows, Row("ℒ", (None, None, value), "total")),
        source=tuple(sources),
        note="The code computes it from the scores z, because a probability can round to 0, whose "
        "logarithm is infinite. For a batch of m images it takes the mean; here m = 1.",
    )


def _cross_entropy(numbers: WorkedPass) -> tuple[tuple[Row, ...], str, SourceLines]:
    y = numbers.label
    a = float(numbers.A[-1][y])
    return (
        (Row(_class_name(numbers, y), (1.0, a, numbers.loss)),),
        f'ℒ = −∑_{{k}} y_{{k}} "log" a_{{k}} = −"log" a_{{{y}}}',
        lines_between(losses.cross_entropy, "score_of_label", "loss: Floats"),
    )


def _separate_questions(numbers: WorkedPass) -> tuple[tuple[Row, ...], str, SourceLines]:
    Y, A, Z = numbers.Y, numbers.A[-1], numbers.Z[-1]
    each: Floats = np.array(
        [
            losses.binary_cross_entropy(Z[k, None, None].copy(), Y[k, None, None])[0]
            for k in range(len(Y))
        ]
    )
    return (
        largest_terms((Y, A, each), lambda k: _class_name(numbers, k), numbers.label),
        'ℒ = −∑_{k} ( y_{k} "log" a_{k} + (1 − y_{k}) "log"(1 − a_{k}) )',
        lines_between(losses.binary_cross_entropy, "loss: Floats"),
    )
