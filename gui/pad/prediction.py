"""What is read on the pad, for everyone who shows it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.inspection.saliency import Explanation
from core.network.network import Network


@dataclass(frozen=True, eq=False)
class Prediction:
    """A network and an image, uint8, (28, 28); nobody writes to either.

    `explanation` is what the one makes of the other, if somebody asked for it.
    """

    network: Network
    image: NDArray[np.uint8]
    explanation: Explanation | None = None
