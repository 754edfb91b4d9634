"""The texts of the flow diagram: captions of the layers, and details of one unit."""

from __future__ import annotations

import numpy as np

from core.inspection.flow import Edges, Flow, UnitFlow
from core.network.activations import ACTIVATIONS
from core.wording import numeral, percent, pixel_place

_MOST_EDGES = 3
"""Edges named on each side of a unit."""

Caption = tuple[str, ...]
"""Four parts: name, number of units, activation function, number of active units."""


def captions(flow: Flow) -> tuple[Caption, ...]:
    """Return the captions below the image, each hidden layer, and the outputs."""
    pixels, *hidden, outputs = flow.activations
    ink = int(np.count_nonzero(pixels))
    result: list[Caption] = [("input", f"{len(pixels)}", "pixels", f"{ink} inked")]
    for layer, (A, name) in enumerate(zip(hidden, flow.network.activations, strict=True), start=1):
        f = ACTIVATIONS[name]
        active = f"{numeral(f.count_active(A))} {f.active_word}"
        result.append((f"layer {layer}", numeral(len(A)), f.title, active))
    return (*result, ("output", f"{len(outputs)}", flow.network.output, f"predicts {flow.answer}"))


def widest_captions(flow: Flow) -> tuple[Caption, ...]:
    """Return captions at least as wide as any of the same network, whatever its image."""
    *layers, output = captions(flow)
    return (*((*parts[:3], f"{parts[1]} {parts[3].split(' ', 1)[1]}") for parts in layers), output)


def in_lines(caption: Caption, lines: int) -> list[str]:
    """Return a caption in one to four lines."""
    name, count, title, active = caption
    units = f"{count} {title}"
    return [
        [f"{name} · {units} · {active}"],
        [name, f"{units} · {active}"],
        [name, units, active],
        [name, count, title, active],
    ][lines - 1]


def unit_words(flow: Flow, layer: int, unit: int, found: UnitFlow) -> list[str]:
    """Return the details of a unit, in lines; the first names it."""
    last = len(flow.network.layers)
    if layer == 0:
        lines = [_name(flow, layer, unit), f"ink {numeral(found.a, '.2f')}"]
    else:
        assert found.z is not None
        assert found.bias is not None
        put_out = (
            f"probability {percent(found.a, 1)}" if layer == last else f"a = {_plain(found.a)}"
        )
        z = f"{'score ' * (layer == last)}z = {_plain(found.z)}"
        lines = [_name(flow, layer, unit), f"{z} · {put_out} · bias {_signed(found.bias)}"]
        lines.append(f"strongest inputs: {_listed(flow, layer - 1, found.incoming, False)}")
    if layer < last:
        lines.append(f"strongest outputs: {_listed(flow, layer + 1, found.outgoing, True)}")
    return lines


def _name(flow: Flow, layer: int, unit: int) -> str:
    if layer == 0:
        return f"pixel {pixel_place(unit)}"
    return f"digit {unit}" if layer == len(flow.network.layers) else f"layer {layer}, unit {unit}"


def _listed(flow: Flow, layer: int, edges: Edges, by: bool) -> str:
    """Return the ends in `layer` of the strongest edges, strongest first, with contributions."""
    ends = (edges.targets if by else edges.sources)[::-1][:_MOST_EDGES].tolist()
    worth = edges.values[::-1][:_MOST_EDGES].tolist()
    words = (
        f"{_short(flow, layer, end)} {'by ' * by}{_signed(contribution)}"
        for end, contribution in zip(ends, worth, strict=True)
    )
    return ", ".join(words) or "nothing"


def _short(flow: Flow, layer: int, unit: int) -> str:
    if layer == 0:
        return f"pixel {pixel_place(unit)}"
    return str(unit) if layer == len(flow.network.layers) else f"unit {unit}"


def _plain(value: float) -> str:
    return numeral(value, ".3g")


def _signed(value: float) -> str:
    return numeral(value, "+.2g") if value else "0"
