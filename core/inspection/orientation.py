"""Whether images of digits are upright, by what a network for upright digits makes of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.arrays import PIXELS, SIDE, LabeledImages
from core.network.network import Network
from core.wording import percent

_MOST = 1_000
"""So many images, evenly among all, are enough: accuracies are then within 3 %."""

_LEAST_ACCURACY, _LEAST_GAIN = 0.6, 0.2
"""Another orientation is the right one if the network is correct for this share of the images in
it, and for this much more than of the images as they are."""

_Turn = Callable[[NDArray[np.uint8]], NDArray[np.uint8]]

_TURNS: dict[str, _Turn] = {
    "upright": lambda images: images,
    "transposed": lambda images: images.swapaxes(1, 2),
    "mirrored": lambda images: images[:, :, ::-1],
    "flipped upside down": lambda images: images[:, ::-1],
    "upside down": lambda images: images[:, ::-1, ::-1],
    "turned to the left": lambda images: np.rot90(images, -1, (1, 2)),
    "turned to the right": lambda images: np.rot90(images, 1, (1, 2)),
}
"""What images of (n, 28, 28) may be, and what undoes it."""


@dataclass(frozen=True)
class Orientation:
    """How images seem to be turned.

    Attributes
    ----------
    name
        "upright", also if the network makes nothing of them in any orientation; "transposed", with
        rows and columns swapped, as EMNIST comes; or another one, such as "mirrored".
    as_it_is, corrected
        Share of a sample, 0…1, that the network predicts correctly as the images are, and in the
        orientation that undoes this.
    """

    name: str
    as_it_is: float
    corrected: float

    @property
    def is_transposed(self) -> bool:
        """Whether rows and columns seem to be swapped."""
        return self.name == "transposed"

    @property
    def finding(self) -> str:
        """What was noticed, as a sentence; empty if the images seem to be upright."""
        if self.name == "upright":
            return ""
        how = "transposed, with rows and columns swapped" if self.is_transposed else self.name
        return (
            f"These digits seem to be {how}: the ready-made network is correct for "
            f"{percent(self.as_it_is, 0)} as they are, and for {percent(self.corrected, 0)} "
            "if that is undone."
        )


def orientation_of(digits: LabeledImages, network: Network) -> Orientation:
    """Return how images of the digits 0 to 9 seem to be turned.

    Parameters
    ----------
    network
        A network that reads upright digits, light on dark.
    """
    places = np.linspace(0, len(digits.labels) - 1, min(_MOST, len(digits.labels))).astype(int)
    images = digits.images[places].reshape(-1, SIDE, SIDE)
    labels = digits.labels[places]
    accuracy = {
        name: float((_predict(network, turn(images)) == labels).mean())
        for name, turn in _TURNS.items()
    }
    best = max(accuracy, key=accuracy.__getitem__)
    upright = accuracy["upright"]
    if accuracy[best] < _LEAST_ACCURACY or accuracy[best] - upright < _LEAST_GAIN:
        best = "upright"
    return Orientation(best, upright, accuracy[best])


def _predict(network: Network, images: NDArray[np.uint8]) -> NDArray[np.intp]:
    flat = np.ascontiguousarray(images).reshape(-1, PIXELS)
    classes: NDArray[np.intp] = network.predict(flat).argmax(axis=1)
    return classes
