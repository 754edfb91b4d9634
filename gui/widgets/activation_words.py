"""How activation functions are called, and which units count as answering."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.settings.config import ActivationName


@dataclass(frozen=True)
class ActivationWords:
    """What a caption says of a layer.

    Attributes
    ----------
    title
        The function's name.
    threshold
        Above which value a unit counts.
    what
        What the units that count are.
    """

    title: str
    threshold: float
    what: str

    def count(self, A: NDArray[np.floating]) -> int:
        """Return how many units of A, (units,), count."""
        return int(np.count_nonzero(self.threshold < A))


ACTIVATION_WORDS: dict[ActivationName, ActivationWords] = {
    "relu": ActivationWords("ReLU", 0, "active"),
    "leaky-relu": ActivationWords("leaky ReLU", 0, "active"),
    "sigmoid": ActivationWords("sigmoid", 0.5, "above ½"),
    "tanh": ActivationWords("tanh", 0, "positive"),
    "identity": ActivationWords("identity", 0, "positive"),
}
