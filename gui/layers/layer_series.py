"""The records of a run as one series a layer, and the scales to draw them on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.settings.config import ActivationName
from core.training.layer_statistics import LAYER_METRICS, LayerRecord

_DECADES = 12
"""What is smaller than the largest by more than this is not worth the room on a scale."""

_ROUNDING = 1e-6
"""So that 0.1 as a float32, which is a little more, counts as 0.1."""


@dataclass(frozen=True, eq=False)
class LayerSeries:
    """One layer over time.

    Attributes
    ----------
    name
        "Layer 1", … or "Output".
    activation
        None of the output.
    steps
        float64, (n,), ascending.
    metrics
        (n,), of :data:`core.training.layer_statistics.LAYER_METRICS`.
    """

    name: str
    activation: ActivationName | None
    steps: NDArray[np.float64]
    metrics: NDArray[np.void]


def layer_series(records: Sequence[LayerRecord]) -> tuple[LayerSeries, ...]:
    """Return a series for each layer of the newest record.

    Where the number of layers has changed, a hidden layer continues as the one of the same number,
    and the output as the output.
    """
    if not records:
        return ()
    newest = records[-1]
    series = []
    for place, activation in enumerate(newest.activations):
        having = [record for record in records if len(record.activations) > place]
        parts = [record.metrics[place : place + 1].tobytes() for record in having]
        series.append(_series(f"Layer {place + 1}", activation, having, parts))
    outputs = [record.metrics[-1:].tobytes() for record in records]
    return (*series, _series("Output", None, records, outputs))


def _series(
    name: str,
    activation: ActivationName | None,
    records: Sequence[LayerRecord],
    parts: list[bytes],
) -> LayerSeries:
    steps = np.array([record.step for record in records], np.float64)
    # np.concatenate would copy field by field, which takes a hundred times as long.
    return LayerSeries(name, activation, steps, np.frombuffer(b"".join(parts), LAYER_METRICS))


def thinned(series: LayerSeries, right: float, width: int) -> LayerSeries:
    """Return a series with at most one step a pixel, the newest among them.

    Parameters
    ----------
    right
        The step at the right edge of `width` pixels; step 0 is at the left edge.
    """
    pixel = np.floor(series.steps * (width / right))
    kept = np.append(pixel[1:] != pixel[:-1], True)
    return replace(series, steps=series.steps[kept], metrics=series.metrics[kept])


def log_range(values: Sequence[NDArray[np.floating]], among: Sequence[float] = ()) -> range:
    """Return the decades, as powers of ten, that hold all positive values and those `among`."""
    every = np.concatenate([np.ravel(array) for array in values]).astype(np.float64)
    every = np.concatenate([every[np.isfinite(every) & (every > 0)], among])
    if not len(every):
        return range(-1, 1)
    high = math.ceil(math.log10(every.max()) - _ROUNDING)
    low = max(math.floor(math.log10(every.min()) + _ROUNDING), high - _DECADES)
    return range(low, max(high, low + 1) + 1)


def round_range(values: NDArray[np.floating]) -> tuple[float, float]:
    """Return round ends, one of them 0 or on the other side of it, between which all values lie."""
    finite = values[np.isfinite(values)]
    if not len(finite):
        return -1.0, 1.0
    low, high = _round_up(max(-float(finite.min()), 0)), _round_up(max(float(finite.max()), 0))
    return (-low, high) if low or high else (-1.0, 1.0)


def _round_up(value: float) -> float:
    """Return the next of 1, 2, 5, 10, 20, …, of any power of ten, that is not below `value`."""
    if value == 0:
        return 0.0
    value *= 1 - _ROUNDING
    power = 10.0 ** math.floor(math.log10(value))
    return next(power * step for step in (1, 2, 5, 10, 20) if value <= power * step)
