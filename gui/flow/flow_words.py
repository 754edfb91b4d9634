"""The texts of the flow diagram: captions of the layers, and details of one unit."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from core.inspection.flow import Edges, Flow, UnitFlow
from core.inspection.update import FlowChange, UnitChange
from core.network.activations import ACTIVATIONS
from core.network.network import Network
from core.settings.config import ActivationName
from core.wording import Classes, are_digits, numeral, pixel_place, probability, unit_place
from gui.flow.flow_layout import NARROW, FlowLayout
from gui.flow.flow_trace import Shown

_LARGEST = "max"
_MOST_EDGES = 3
"""Edges named on each side of a unit."""

Caption = tuple[str, ...]
"""Four parts: name, number of units, activation function, number of active units."""


def captions(flow: Shown) -> tuple[Caption, ...]:
    """Return the captions below the image, each hidden layer, and the outputs."""
    pixels, *hidden, outputs = flow.activations
    ink = int(np.count_nonzero(pixels))
    result: list[Caption] = [("input", f"{len(pixels)}", "pixels", f"{ink} inked")]
    for layer, (A, name) in enumerate(zip(hidden, flow.network.activations, strict=True), start=1):
        if isinstance(flow, FlowChange):
            caption = _changed(
                layer, float(np.abs(A).max()), int((A > 0).sum()), int((A < 0).sum())
            )
        else:
            caption = _active(layer, len(A), name, ACTIVATIONS[name].count_active(A))
        result.append(caption)
    return (*result, ("output", f"{len(outputs)}", flow.network.output, _answer(flow)))


def widest_captions(network: Network) -> tuple[tuple[Caption, ...], ...]:
    """Return, below each layer, captions at least as wide as any of this network.

    Whatever its image, and whether a flow or a change is shown, so that no unit moves.
    """
    pixels, *hidden, outputs = network.sizes
    layers = [
        (_active(layer, units, name, units), _changed(layer, 0.0012, units, units))
        for layer, (units, name) in enumerate(
            zip(hidden, network.activations, strict=True), start=1
        )
    ]
    output = (
        "output",
        f"{outputs}",
        network.output,
        max((_predicts(network.classes, k) for k in range(outputs)), key=len),
    )
    return ((("input", f"{pixels}", "pixels", f"{pixels} inked"),), *layers, (output,))


def _active(layer: int, units: int, name: ActivationName, active: int) -> Caption:
    f = ACTIVATIONS[name]
    return (f"layer {layer}", numeral(units), f.title, f"{numeral(active)} {f.active_word}")


def _changed(layer: int, largest: float, up: int, down: int) -> Caption:
    return (f"layer {layer}", _LARGEST, numeral(largest, ".2g"), f"{numeral(up)}↑ {numeral(down)}↓")


def _answer(flow: Shown) -> str:
    classes = flow.network.classes
    if isinstance(flow, FlowChange) and flow.before.answer != flow.answer:
        return f"{classes[flow.before.answer]} → {classes[flow.answer]}"
    return _predicts(classes, flow.answer)


def _predicts(classes: Classes, answer: int) -> str:
    """Return what a network predicts; a name needs the space alone."""
    return f"predicts {answer}" if are_digits(classes) else classes[answer]


def in_lines(caption: Caption, lines: int) -> list[str]:
    """Return a caption in one to four lines, or in the three narrow ones for NARROW."""
    name, count, title, active = caption
    units = f"{count} {title}"
    if lines == NARROW:
        first, second = active.split(" ", 1)
        is_layer = name.startswith("layer")
        rest = second if count == _LARGEST else f"/ {count}"
        return [name, first, rest] if is_layer else [name, units, active]
    return [
        [f"{name} · {units} · {active}"],
        [name, f"{units} · {active}"],
        [name, units, active],
        [name, count, title, active],
    ][lines - 1]


def captions_fit(
    layout: FlowLayout, network: Network, lines: int, advance: Callable[[str], int]
) -> bool:
    """Return whether each caption that may come, in this many lines, has room in its place.

    `advance` returns the width of a text.
    """
    outputs = layout.blocks[-1]
    return outputs.rect.bottom() < outputs.caption.top() and all(
        advance(text) <= block.caption.width()
        for block, possible in zip(layout.blocks, widest_captions(network), strict=True)
        for caption in possible
        for text in in_lines(caption, lines)
    )


def words_of_one(shown: Shown, layer: int, unit: int, found: UnitFlow | UnitChange) -> list[str]:
    """Return the details of a unit in what is shown, in lines; the first names it."""
    if isinstance(shown, FlowChange):
        assert isinstance(found, UnitChange)
        return change_words(shown, layer, unit, found)
    assert isinstance(found, UnitFlow)
    return unit_words(shown, layer, unit, found)


def unit_words(flow: Flow, layer: int, unit: int, found: UnitFlow) -> list[str]:
    """Return the details of a unit, in lines; the first names it."""
    last = len(flow.network.layers)
    if layer == 0:
        lines = [_name(flow, layer, unit), f"ink {numeral(found.a, '.2f')}"]
    else:
        assert found.z is not None
        assert found.bias is not None
        put_out = (
            f"probability {probability(found.a)}" if layer == last else f"a = {_plain(found.a)}"
        )
        z = f"{'score ' * (layer == last)}z = {_plain(found.z)}"
        lines = [_name(flow, layer, unit), f"{z} · {put_out} · bias {_signed(found.bias)}"]
        lines.append(f"strongest inputs: {_listed(flow, layer - 1, found.incoming, False)}")
    if layer < last:
        lines.append(f"strongest outputs: {_listed(flow, layer + 1, found.outgoing, True)}")
    return lines


def change_words(change: FlowChange, layer: int, unit: int, found: UnitChange) -> list[str]:
    """Return what an update changed of a unit, in lines; the first names it."""
    last = len(change.network.layers)
    lines, before, after = [_name(change, layer, unit)], found.before, found.after
    if layer == 0:
        lines.append(f"ink {numeral(after.a, '.2f')}")
    else:
        assert before.bias is not None
        assert after.bias is not None
        put_out = (
            f"probability {probability(before.a)} → {probability(after.a)}"
            if layer == last
            else f"a = {from_to(before.a, after.a)}"
        )
        lines.append(f"{put_out} · bias {from_to(before.bias, after.bias)}")
        lines.append(f"weights in: {_moved(change, layer, found.incoming, False)}")
    if layer < last:
        lines.append(f"weights out: {_moved(change, layer + 1, found.outgoing, True)}")
    return lines


def _moved(change: FlowChange, layer: int, edges: Edges, by_target: bool) -> str:
    """Return those of the edges into `layer` whose weights moved most, before and after."""
    pairs = zip(edges.sources.tolist(), edges.targets.tolist(), strict=True)
    words = []
    for source, target in list(pairs)[::-1][:_MOST_EDGES]:
        end = (layer, target) if by_target else (layer - 1, source)
        weights = change.update.weight(layer, source, target)
        words.append(f"{_short(change, *end)} {from_to(*weights)}")
    return ", ".join(words) or "none moved"


def from_to(before: float, after: float) -> str:
    """Return two numbers with three decimals, or as many as show their difference; 7 at most."""
    difference = abs(after - before)
    decimals = 3
    if math.isfinite(difference) and difference:
        decimals = min(max(-math.floor(math.log10(difference)), 3), 7)
    spec = f",.{decimals}f"
    return f"{numeral(before, spec)} → {numeral(after, spec)}"


def _name(flow: Shown, layer: int, unit: int) -> str:
    if layer == 0:
        return f"pixel {pixel_place(unit)}"
    return unit_place(layer, unit, len(flow.network.layers), flow.network.classes)


def _listed(flow: Flow, layer: int, edges: Edges, by: bool) -> str:
    """Return the ends in `layer` of the strongest edges, strongest first, with their values."""
    ends = (edges.targets if by else edges.sources)[::-1][:_MOST_EDGES].tolist()
    worth = edges.values[::-1][:_MOST_EDGES].tolist()
    words = (
        f"{_short(flow, layer, end)} {'by ' * by}{_signed(contribution)}"
        for end, contribution in zip(ends, worth, strict=True)
    )
    return ", ".join(words) or "nothing"


def _short(flow: Shown, layer: int, unit: int) -> str:
    if layer == 0:
        return f"pixel {pixel_place(unit)}"
    is_output = layer == len(flow.network.layers)
    return flow.network.classes[unit] if is_output else f"unit {unit}"


def _plain(value: float) -> str:
    return numeral(value, ".3g")


def _signed(value: float) -> str:
    return numeral(value, "+.2g") if value else "0"
