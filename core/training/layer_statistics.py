"""Statistics of each layer at some of the steps: distributions, norms, dead or saturated units.

At a step that is due, :func:`before_update` looks at the batch's gradient and activations, and
:meth:`Measurement.after_update` at how far the weights have moved. Nothing here draws random
numbers or writes to the network, so that a run is the same to the bit with it and without.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.arrays import Floats
from core.network.activations import ACTIVATIONS
from core.network.layers import Parameters, layer_views
from core.network.network import Network
from core.network.workspace import Workspace
from core.settings.config import ActivationName

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Which shares of the values lie below the metrics of a spread."""

LAYER_METRICS = np.dtype(
    [
        ("fan_in", np.int32),
        ("units", np.int32),
        ("weights", np.float32, len(QUANTILES)),
        ("activations", np.float32, len(QUANTILES)),
        ("gradients", np.float32, len(QUANTILES)),
        ("weight_norm", np.float32),
        ("gradient_norm", np.float32),
        ("update_ratio", np.float32),
        ("dead", np.float32),
        ("saturated", np.float32),
        ("symmetric", np.bool_),
    ]
)
"""The metrics of one layer at one step.

fan_in, units
    The shape of its W.
weights, activations, gradients
    The `QUANTILES` of the elements of W, A and dW, from a sample.
weight_norm, gradient_norm
    ‖W‖ and ‖dW‖, root of the sum of squares; W before the step, dW with the penalty's part.
update_ratio
    ‖ΔW‖ / ‖W‖, from a sample; infinite where a layer of zeros has moved.
dead
    Share of its units, 0…1, whose output is zero for every image, so that nothing reaches the
    weights below them. Only ReLU can be dead: all others have a slope everywhere.
saturated
    Share of its units, 0…1, whose slope f′, on average over the images, is below `_SATURATED` of
    the largest there is. Only sigmoid and tanh in hidden layers can be; an output that is sure of
    its answer is flat, too, but its gradient A − Y is not.
symmetric
    Whether all units have the same output for each image, and not zero, or all weights are zero.
    Always False of a single unit, and of the output.
"""

_SAMPLE = 2_048
"""How many elements of an array are looked at, at most."""

_SATURATED = 0.05
"""Sigmoid has that part of its largest slope at Z = ±4.4, and tanh at Z = ±2.2."""

_COMPARED_IMAGES, _SYMMETRIC = 8, 1e-5
"""In how many images units are compared, and up to which part of the largest output they count as
the same: the last bit of a sum may depend on the unit's place in memory."""

_INTERVAL = {False: 250, True: 50}
"""Steps between two measurements of a small and of a large network."""
_LARGE = 500_000
"""Parameters from which a network is large."""

MOST_RECORDS = 400


@dataclass(frozen=True, eq=False)
class LayerRecord:
    """All layers at one step.

    It stands on its own: the next record may be of a network of other sizes.

    Attributes
    ----------
    step
        Steps made, this one included.
    activations
        Of each hidden layer.
    metrics
        (L,), of `LAYER_METRICS`, from the first hidden layer to the output; read-only.
    """

    step: int
    activations: tuple[ActivationName, ...]
    metrics: NDArray[np.void]


class LayerStatistics:
    """The records of a run, written by one thread and read by any.

    Measured is after 1, 2, 4, 8, … steps, and at regular intervals. When there are many records,
    every second of the regular ones goes, so that memory stays bounded however long the run is; the
    newest is always there. Readers take a copy in one go, so they need no lock.

    Parameters
    ----------
    records
        What was measured before, oldest first.
    """

    def __init__(self, records: Iterable[LayerRecord] = ()) -> None:
        self._records = list(records)
        self._spacing = _spacing_of(self._records)

    @property
    def records(self) -> tuple[LayerRecord, ...]:
        """The records so far, oldest first."""
        return tuple(self._records)

    @staticmethod
    def is_due(step: int, parameters: int) -> bool:
        """Return whether to measure a network with this many parameters at this step."""
        return step % _INTERVAL[parameters >= _LARGE] == 0 or step.bit_count() == 1

    def add(self, record: LayerRecord) -> None:
        """Add a record of a later step than all so far."""
        records = self._records
        if records and not self._is_kept(records[-1]):
            records[-1] = record
            return
        records.append(record)
        while len(self._records) > MOST_RECORDS:
            self._spacing *= 2
            self._records = [*filter(self._is_kept, self._records[:-1]), record]

    def _is_kept(self, record: LayerRecord) -> bool:
        """Say whether a record stays once it is not the newest any more."""
        regular = self._spacing * min(_INTERVAL.values())
        return (self._spacing == 1) or record.step % regular == 0 or record.step.bit_count() == 1

    def truncate(self, steps: int) -> None:
        """Forget what was measured after the first `steps` steps."""
        records = [record for record in self._records if record.step <= steps]
        if len(records) < len(self._records):
            self._records, self._spacing = records, 1


def _spacing_of(records: Sequence[LayerRecord]) -> int:
    """Return the spacing at which these were kept, so that a resumed run keeps the same ones."""
    interval = min(_INTERVAL.values())
    places = [record.step // interval for record in records[:-1] if record.step % interval == 0]
    return min((place & -place for place in places), default=1)  # the power of two in each


@dataclass(frozen=True, eq=False)
class Measurement:
    """What was seen of a step before the update; `weights` are the samples of each layer's W."""

    step: int
    network: Network
    metrics: NDArray[np.void]
    weights: tuple[Floats, ...]

    def after_update(self) -> LayerRecord:
        """Return the record of this step, now that the network's parameters have moved."""
        for metrics, layer, before in zip(
            self.metrics, self.network.layers, self.weights, strict=True
        ):
            moved, size = _norm(_sample(layer.W) - before), _norm(before)
            unmoved = 0.0 if moved == 0 else math.inf
            metrics["update_ratio"] = moved / size if size else unmoved
        self.metrics.setflags(write=False)
        return LayerRecord(self.step, self.network.activations, self.metrics)


def before_update(
    step: int, network: Network, gradient: Floats, work: Workspace, n: int
) -> Measurement:
    """Measure all but the update.

    Parameters
    ----------
    step
        Steps made, this one included.
    network
        With the parameters before the update.
    gradient
        (P,), of the whole batch.
    work
        As the backward pass has left it for the batch's last chunk, from whose images the
        activations are.
    n
        Images in the whole batch.
    """
    layers, gradients = network.layers, layer_views(gradient, network.sizes)
    metrics = np.zeros(len(layers), LAYER_METRICS)
    samples = tuple(_sample(layer.W).copy() for layer in layers)
    # dZ[L] = (A[L] − Y) / n lies where A[L] was.
    outputs = [*work.A[1:-1], work.A[-1] * n + work.Y]
    for of_layer, layer, d, sample, A in zip(
        metrics, layers, gradients, samples, outputs, strict=True
    ):
        _measure_parameters(of_layer, layer, d, sample)
        of_layer["activations"] = _quantiles(_sample(A))
    for of_layer, A, name in zip(metrics, work.A[1:-1], network.activations, strict=False):
        of_layer["dead"], of_layer["saturated"] = stuck_units(A, name)
        is_zero = of_layer["weight_norm"] == 0
        is_symmetric = is_zero or _are_symmetric(A[:_COMPARED_IMAGES])
        of_layer["symmetric"] = of_layer["units"] > 1 and is_symmetric
    return Measurement(step, network, metrics, samples)


def _measure_parameters(metrics: np.void, layer: Parameters, d: Parameters, sample: Floats) -> None:
    metrics["fan_in"], metrics["units"] = layer.W.shape
    metrics["weights"] = _quantiles(sample)
    metrics["gradients"] = _quantiles(_sample(d.W))
    metrics["weight_norm"] = _norm(_flat(layer.W))
    metrics["gradient_norm"] = _norm(_flat(d.W))


def stuck_units(A: Floats, activation: ActivationName) -> tuple[float, float]:
    """Return the shares, 0…1, of dead and of saturated units of a hidden layer.

    Parameters
    ----------
    A
        (n, units), their outputs for n images.
    """
    f, units = ACTIVATIONS[activation], A.shape[1]
    if f.can_die:
        return 1 - np.count_nonzero(A.max(axis=0)) / units, 0.0
    if f.mean_slope is None:
        return 0.0, 0.0
    return 0.0, np.count_nonzero(f.mean_slope(A) < _SATURATED) / units


def _are_symmetric(A: Floats) -> bool:
    largest = float(np.abs(A).max())
    return largest > 0 and float((A.max(axis=1) - A.min(axis=1)).max()) <= _SYMMETRIC * largest


def _quantiles(sample: Floats) -> Floats:
    """Return the elements of `sample`, (n,), that are nearest to its quantiles."""
    places = [round(share * (len(sample) - 1)) for share in QUANTILES]
    return np.sort(sample)[places]


def _sample(array: Floats) -> Floats:
    """Return a view of elements at equal distances, among which are all rows and columns alike."""
    stride = math.ceil(array.size / _SAMPLE)
    while math.gcd(stride, array.size) > 1:
        stride += 1
    return _flat(array)[::stride]


def _flat(array: Floats) -> Floats:
    """Return a view of all elements in the order of memory."""
    return array.reshape(-1, order="A")


def _norm(flat: Floats) -> float:
    return math.sqrt(float(np.vdot(flat, flat)))
