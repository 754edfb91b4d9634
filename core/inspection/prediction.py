"""What a network predicts for one image, and how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.arrays import Floats
from core.inspection.saliency import Explanation, explain
from core.network.moved_images import predict_moved
from core.network.network import Network
from core.training.confidence import Thresholds


@dataclass(frozen=True, eq=False)
class Prediction:
    """The probabilities that a network gives to each class of an image.

    Nobody writes to the network or to the arrays.

    Attributes
    ----------
    network
        The network that was asked.
    image
        uint8, (28, 28), 0 is background, 255 is ink.
    probabilities
        (classes,), for the image as it is; not finite if training has diverged.
    means
        (classes,), the mean for the image and for it moved by a pixel to each side (see
        core/network/moved_images.py). They decide what is predicted, and whether that is certain.
    threshold
        The least mean, 0…1, of the predicted class at which the prediction is certain.
    is_one_digit
        Whether the image looks like a digit at all; nothing that is predicted for another image
        counts as certain.
    """

    network: Network
    image: NDArray[np.uint8]
    probabilities: Floats
    means: Floats
    threshold: float
    is_one_digit: bool = True

    @cached_property
    def is_finite(self) -> bool:
        """Whether there is an answer: a network that has diverged has none."""
        return bool(np.isfinite(self.probabilities).all() and np.isfinite(self.means).all())

    @property
    def is_certain(self) -> bool:
        """Whether the image looks like a digit, and the predicted one reaches the threshold."""
        return self.is_one_digit and self.confidence >= self.threshold

    @cached_property
    def digit(self) -> int:
        """The index of the predicted class: the most probable on average; of equals the first."""
        return int(self.means.argmax())

    @property
    def name(self) -> str:
        """What the predicted class is called."""
        return self.network.classes[self.digit]

    @property
    def probability(self) -> float:
        """That of the predicted class for the image as it is, 0…1."""
        return float(self.probabilities[self.digit])

    @property
    def confidence(self) -> float:
        """The mean probability of the predicted class, 0…1."""
        return float(self.means[self.digit])

    @cached_property
    def explanation(self) -> Explanation:
        """The saliency for the predicted class, computed when first asked for."""
        with np.errstate(over="ignore", invalid="ignore"):
            return explain(self.network, self.image, self.digit)


def predict(
    network: Network,
    image: NDArray[np.uint8],
    thresholds: Thresholds | None = None,
    is_one_digit: bool = True,
) -> Prediction:
    """Return what `network` predicts for `image`, uint8 (28, 28); changes neither.

    `thresholds` are those of certain predictions, one for each class; None: all are certain.
    """
    (prediction,) = predict_all(network, [image], thresholds, is_one_digit)
    return prediction


def predict_all(
    network: Network,
    images: Sequence[NDArray[np.uint8]],
    thresholds: Thresholds | None = None,
    are_digits: bool = True,
) -> list[Prediction]:
    """Return what `network` predicts for one or more images, each uint8 (28, 28).

    Together they take less time than one by one: each reads all weights of the network.
    """
    flat = np.stack(images).reshape(len(images), -1)
    with np.errstate(over="ignore", invalid="ignore"):
        probabilities = network.predict(flat)
    least = thresholds or (0.0,) * len(network.classes)
    return [
        Prediction(network, image, of_image, means, least[int(means.argmax())], are_digits)
        for image, of_image, means in zip(
            images, probabilities, predict_moved(network, flat), strict=True
        )
    ]
