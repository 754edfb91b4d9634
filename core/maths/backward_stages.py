"""The stages of the backward pass: dZ, dW, db, dA, and the slope of the activation."""

from __future__ import annotations

from core.maths.forward_stages import input_name, unit_name
from core.maths.source_line import body_lines, equation_lines, lines_between
from core.maths.stage import Quantity, Row, Stage, largest_terms
from core.maths.worked_pass import WorkedPass
from core.network import losses
from core.network.activations import ACTIVATIONS
from core.network.dense import Dense
from core.wording import kind_of


def output_error(numbers: WorkedPass, unit: int) -> Stage:
    """Return dZ of the output layer, and why it is A − Y."""
    layer = len(numbers.network.layers)
    a, y = float(numbers.A[layer][unit]), float(numbers.Y[unit])
    value = float(numbers.dZ[layer][unit])
    at = f"[{layer}]"
    k, right = unit, numbers.label
    if numbers.network.output == "softmax":
        first = f'ℒ = −"log" a_{{{right}}} = "log" ∑_{{j}} e^{{z_{{j}}}} − z_{{{right}}}'
        share = f"\\frac{{e^{{z_{{{k}}}}}}}{{∑_{{j}} e^{{z_{{j}}}}}}"
        meaning = (
            "Why a − y: the slope of the first term is softmax itself, a. The slope of the second "
            f"is 1 for the correct {kind_of(numbers.network.classes)} and 0 for the others, "
            "which is y."
        )
    else:
        first = f'ℒ_{{{k}}} = "log"(1 + e^{{z_{{{k}}}}}) − y_{{{k}}} z_{{{k}}}'
        share = f"\\frac{{e^{{z_{{{k}}}}}}}{{1 + e^{{z_{{{k}}}}}}}"
        meaning = (
            "Why a − y: written with z, the loss is the first line, and the slope of its first "
            "term is the sigmoid, a."
        )
    second = f"\\frac{{∂ℒ}}{{∂z_{{{k}}}}} = {share} − y_{{{k}}} = a_{{{k}}} − y_{{{k}}}"
    return Stage(
        title="Backward: the error of the output",
        layer=layer,
        unit=unit,
        formulas=(f"dZ^{{{at}}} = A^{{{at}}} − Y", first, second),
        meaning=meaning,
        columns=("a", "y", "a − y"),
        rows=(Row(f"dz_{{{unit}}}^{{{at}}}", (a, y, value), "total"),),
        source=(body_lines(losses.output_gradient),),
        note="dZ is short for ∂ℒ/∂Z. The code divides by the n images of the batch here, once, "
        "which gives dW and db their 1/m.",
        quantity=Quantity("Z", layer, unit),
    )


def weight_gradient(numbers: WorkedPass, layer: int, unit: int, source: int) -> Stage:
    """Return dW of one weight, including the L2 penalty."""
    dz, a = float(numbers.dZ[layer][unit]), float(numbers.A[layer - 1][source])
    plain = float(numbers.dW_of_loss[layer - 1].W[source, unit])
    value = float(numbers.gradient[layer - 1].W[source, unit])
    at, before = f"[{layer}]", f"[{layer - 1}]"
    name = f"w_{{{unit}, {source}}}^{{{at}}}"
    whole = f"dW^{{{at}}} = \\frac{{1}}{{m}} dZ^{{{at}}} (A^{{{before}}})^{{⊤}}"
    one = f"d{name} = dz_{{{unit}}}^{{{at}}} a_{{{source}}}^{{{before}}}"
    rows = [Row('"from the loss:" dz, a', (dz, a, plain))]
    sources = [equation_lines(Dense.gradient, "dW[l] = A[l-1].T @ dZ[l]")]
    if numbers.l2:
        w = float(numbers.network.layers[layer - 1].W[source, unit])
        whole += f" + λ W^{{{at}}}"
        one += f" + λ {name}"
        rows.append(Row('"from the penalty:" λ, w', (numbers.l2, w, numbers.l2 * w)))
        sources.append(lines_between(Dense.add_regularization_gradient, "d.W[rows] +="))
    return Stage(
        title="The gradient of a weight",
        layer=layer,
        unit=unit,
        formulas=(whole, one),
        meaning=f"The error of the unit, times what came in through the weight: "
        f"{input_name(layer, source).strip(chr(34))}.",
        columns=("", "", '"product"'),
        rows=(*rows, Row(f"d{name}", (None, None, value), "total")),
        source=tuple(sources),
        note=f"With images as rows it is the transpose: A.T @ dZ, and this one is "
        f"dW[{source}, {unit}].",
        quantity=Quantity("W", layer, unit, source),
    )


def bias_gradient(numbers: WorkedPass, layer: int, unit: int) -> Stage:
    """Return db of a unit."""
    dz = float(numbers.dZ[layer][unit])
    value = float(numbers.gradient[layer - 1].b[unit])
    at = f"[{layer}]"
    return Stage(
        title="The gradient of the bias",
        layer=layer,
        unit=unit,
        formulas=(
            f"db^{{{at}}} = \\frac{{1}}{{m}} ∑_{{j=1}}^{{m}} dZ_{{:,j}}^{{{at}}}",
            f"db_{{{unit}}}^{{{at}}} = dz_{{{unit}}}^{{{at}}}",
        ),
        meaning="The bias acts like a weight whose input is always 1.",
        columns=("dz", "db"),
        rows=(Row(f"db_{{{unit}}}^{{{at}}}", (dz, value), "total"),),
        source=(lines_between(Dense.gradient, "np.add.reduce"),),
        note="With images as rows the sum goes down each column: axis=0.",
        quantity=Quantity("b", layer, unit),
    )


def passed_back(numbers: WorkedPass, layer: int, unit: int, above: int) -> Stage:
    """Return dA of a hidden unit, passed back from the next layer."""
    w, dz = numbers.network.layers[layer].W[unit], numbers.dZ[layer + 1]
    value = float(numbers.dA[layer][unit])
    terms = largest_terms((w, dz, w * dz), lambda k: unit_name(numbers, layer + 1, k), above)
    at, after = f"[{layer}]", f"[{layer + 1}]"
    return Stage(
        title="The error, passed back",
        layer=layer,
        unit=unit,
        formulas=(
            f"dA^{{{at}}} = (W^{{{after}}})^{{⊤}} dZ^{{{after}}}",
            f"da_{{{unit}}}^{{{at}}} = ∑_{{k=0}}^{{{len(dz) - 1}}} w_{{k, {unit}}}^{{{after}}} "
            f"dz_{{k}}^{{{after}}}",
        ),
        meaning="Each unit of the next layer passes its error back through the connecting weight.",
        columns=("w", "dz", "w dz"),
        rows=(*terms, Row(f"da_{{{unit}}}^{{{at}}}", (None, None, value), "total")),
        source=(equation_lines(Dense.input_gradient, "dA[l-1] = dZ[l] @ W[l].T"),),
        note="With images as rows it is dZ @ W.T. In the code, l is the next layer.",
        quantity=Quantity("A", layer, unit),
    )


def slope(numbers: WorkedPass, layer: int, unit: int) -> Stage:
    """Return the derivative of a hidden unit's activation."""
    z, a = float(numbers.Z[layer][unit]), float(numbers.A[layer][unit])
    value = float(numbers.slope(layer)[unit])
    f = ACTIVATIONS[numbers.network.activations[layer - 1]]
    at = f"[{layer}]"
    return Stage(
        title="The slope of the activation",
        layer=layer,
        unit=unit,
        formulas=(f"f′(z_{{{unit}}}^{{{at}}}) = {f.slope}",),
        meaning="How much the activation changes with z. Where it is 0, the unit learns nothing "
        "from this image.",
        columns=("z", "a", "f′(z)"),
        rows=(Row(f"f′(z_{{{unit}}}^{{{at}}})", (z, a, value), "total"),),
        source=(body_lines(f.backward),),
        note="The code computes it from A, because A has overwritten Z, and multiplies dA by it.",
        quantity=Quantity("f", layer, unit),
    )


def hidden_error(numbers: WorkedPass, layer: int, unit: int) -> Stage:
    """Return dZ of a hidden unit."""
    da, f = float(numbers.dA[layer][unit]), float(numbers.slope(layer)[unit])
    value = float(numbers.dZ[layer][unit])
    at = f"[{layer}]"
    return Stage(
        title="The error of the unit",
        layer=layer,
        unit=unit,
        formulas=(
            f"dZ^{{{at}}} = dA^{{{at}}} ⊙ f′^{{{at}}}(Z^{{{at}}})",
            f"dz_{{{unit}}}^{{{at}}} = da_{{{unit}}}^{{{at}}} f′(z_{{{unit}}}^{{{at}}})",
        ),
        meaning="The chain rule: the error passed back, times the slope of the activation.",
        columns=("da", "f′(z)", "dz"),
        rows=(Row(f"dz_{{{unit}}}^{{{at}}}", (da, f, value), "total"),),
        source=(equation_lines(Dense.backward, "dZ[l] = dA[l] * f'(Z[l])"),),
        note="⊙ multiplies element by element, which is * in NumPy.",
        quantity=Quantity("Z", layer, unit),
    )
