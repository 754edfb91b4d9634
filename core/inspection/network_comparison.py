"""Two networks side by side: for one image, and for a labeled set.

They may be two moments of one run, or have nothing in common but their classes. For an image, their
hidden layers are compared one by one, from the first; units are compared by index, and only where a
layer has equally many in both. Between moments of one run a unit stays what it is; in two runs,
units of the same index are alike only by chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

from core.arrays import Floats
from core.inspection.prediction import Prediction, predict
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
    sizes
        How many units it has in each network; 0 where a network has no such layer.
    units
        Their indices, from 0, (n,), by decreasing difference, the smaller index first of equals.
        Units whose activations are equal, or not finite in either network, are left out; all are
        if the sizes differ.
    a, b
        Their activations in the two networks, (n,).
    """

    layer: int
    sizes: tuple[int, int]
    units: Indices
    a: Floats
    b: Floats

    @property
    def is_comparable(self) -> bool:
        """Whether the layer has equally many units in both networks."""
        return self.sizes[0] == self.sizes[1]


@dataclass(frozen=True, eq=False)
class ImageComparison:
    """What two networks make of the same image.

    Attributes
    ----------
    a, b
        Their predictions.
    layers
        All hidden layers that one of them has, from the first.
    """

    a: Prediction
    b: Prediction
    layers: tuple[LayerComparison, ...]


@dataclass(frozen=True, eq=False)
class SetComparison:
    """What two networks classify correctly in the same labeled set; the four counts add up to it.

    A network that has diverged classifies nothing correctly.

    Attributes
    ----------
    both, neither
        How many images both, or neither of them, classify correctly.
    only_a, only_b
        Indices of the images that only one classifies correctly, by decreasing confidence of the
        other, which is wrong; equal ones in the order of the set, NaN last.
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
    none: Floats = np.zeros(0, np.float32)
    layers = tuple(
        _compare_layer(layer, of_a, of_b, most_units)
        for layer, (of_a, of_b) in enumerate(zip_longest(hidden_a, hidden_b, fillvalue=none), 1)
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
    of_a, of_b = (each.is_correct & np.isfinite(each.confidence) for each in (a, b))
    return SetComparison(
        both=int(np.count_nonzero(of_a & of_b)),
        neither=int(np.count_nonzero(~of_a & ~of_b)),
        only_a=_most_confident_first(of_a & ~of_b, b),
        only_b=_most_confident_first(of_b & ~of_a, a),
    )


def _run(network: Network, image: NDArray[np.uint8]) -> tuple[Prediction, list[Floats]]:
    """Return the prediction for an image, and the activations of each hidden layer, (units,)."""
    with np.errstate(over="ignore", invalid="ignore"):
        hidden = network.run(image.reshape(1, -1)).A[1:-1]
    return predict(network, image), [of_all[0] for of_all in hidden]


def _compare_layer(layer: int, a: Floats, b: Floats, most: int) -> LayerComparison:
    sizes = len(a), len(b)
    units: Indices = np.zeros(0, np.intp)
    if sizes[0] == sizes[1]:
        with np.errstate(over="ignore", invalid="ignore"):
            difference = np.abs(a - b)
        order = np.argsort(-difference, kind="stable")
        of_order = difference[order]
        units = order[np.isfinite(of_order) & (of_order > 0)][:most]
    return LayerComparison(layer, sizes, units, a[units], b[units])


def _most_confident_first(chosen: NDArray[np.bool_], wrong: Evaluation) -> Indices:
    """Return the images of `chosen`, which `wrong` is of, by decreasing confidence."""
    indices = np.flatnonzero(chosen)
    return indices[np.argsort(-wrong.confidence[indices], kind="stable")]
