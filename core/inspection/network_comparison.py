"""Two networks side by side: for one image, and for a labeled set.

They may be two moments of one run, or have nothing in common; the second network's shape may differ
from the first's. For an image, their hidden layers are compared one by one, from the first, as far
as both have one; units are compared by index, and only where a layer has equally many in both.
Between moments of one run a unit stays what it is; in two runs, units of the same index are alike
only by chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.arrays import Floats
from core.inspection.prediction import Prediction
from core.network.losses import OUTPUTS
from core.network.network import Network
from core.training.evaluation import Evaluation

MOST_UNITS = 8
"""Units of a layer that are listed unless more are asked for."""

Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class LayerComparison:
    """The units of one hidden layer whose activations differ most.

    Attributes
    ----------
    layer
        Which hidden layer, from 1.
    units
        Their indices, from 0, (n,), by decreasing difference, the smaller index first of equals.
        Units whose activations are equal, or not finite in either network, are left out.
    a, b
        Their activations in the two networks, (n,).
    """

    layer: int
    units: Indices
    a: Floats
    b: Floats


@dataclass(frozen=True, eq=False)
class ImageComparison:
    """What two networks make of the same image.

    Attributes
    ----------
    a, b
        Their predictions.
    layers
        The hidden layers that have equally many units in both, from the first.
    """

    a: Prediction
    b: Prediction
    layers: tuple[LayerComparison, ...]


@dataclass(frozen=True, eq=False)
class SetComparison:
    """What two networks classify correctly in the same labeled set; the four counts add up to it.

    Attributes
    ----------
    both, neither
        How many images both, or neither of them, classify correctly.
    only_a, only_b
        Indices of the images that only one classifies correctly, by its decreasing confidence;
        equal ones in the order of the set.
    """

    both: int
    neither: int
    only_a: Indices
    only_b: Indices


def compare_image(
    a: Network, b: Network, image: NDArray[np.uint8], most_units: int = MOST_UNITS
) -> ImageComparison:
    """Compare what `a` and `b` make of `image`, uint8 (28, 28); changes none of them.

    At most `most_units` units are listed per layer. Activations and probabilities are not finite
    in a network that has diverged.
    """
    prediction_a, hidden_a = _run(a, image)
    prediction_b, hidden_b = _run(b, image)
    layers = tuple(
        _compare_layer(layer, of_a, of_b, most_units)
        for layer, (of_a, of_b) in enumerate(zip(hidden_a, hidden_b, strict=False), start=1)
        if len(of_a) == len(of_b)
    )
    return ImageComparison(prediction_a, prediction_b, layers)


def compare_evaluations(a: Evaluation, b: Evaluation) -> SetComparison:
    """Compare the results of two networks on the same set.

    Raises
    ------
    ValueError
        If the evaluations are of different numbers of images.
    """
    if len(a.is_correct) != len(b.is_correct):
        raise ValueError(
            f"Evaluations of different sets: {len(a.is_correct)} and {len(b.is_correct)} images."
        )
    return SetComparison(
        both=int(np.count_nonzero(a.is_correct & b.is_correct)),
        neither=int(np.count_nonzero(~a.is_correct & ~b.is_correct)),
        only_a=_most_confident_first(a, ~b.is_correct),
        only_b=_most_confident_first(b, ~a.is_correct),
    )


def _run(network: Network, image: NDArray[np.uint8]) -> tuple[Prediction, list[Floats]]:
    """Return the prediction for an image, and the activations of each hidden layer, (units,)."""
    with np.errstate(over="ignore", invalid="ignore"):
        A = network.run(image.reshape(1, -1)).A
        OUTPUTS[network.output].activate(A[-1])
    return Prediction(network, image, A[-1][0], threshold=0.0), [of_all[0] for of_all in A[1:-1]]


def _compare_layer(layer: int, a: Floats, b: Floats, most: int) -> LayerComparison:
    with np.errstate(over="ignore", invalid="ignore"):
        difference = np.abs(a - b)
    order = np.argsort(-difference, kind="stable")
    of_order = difference[order]
    units = order[np.isfinite(of_order) & (of_order > 0)][:most]
    return LayerComparison(layer, units, a[units], b[units])


def _most_confident_first(evaluation: Evaluation, chosen: NDArray[np.bool_]) -> Indices:
    """Return the images of `chosen` that are correct in `evaluation`, by decreasing confidence."""
    indices = np.flatnonzero(evaluation.is_correct & chosen)
    return indices[np.argsort(-evaluation.confidence[indices], kind="stable")]
