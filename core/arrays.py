"""Types of the arrays that all of the code shares, and the size of an image."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

SIDE = 28
"""Width and height of an image in pixels."""

PIXELS = SIDE * SIDE

DIGITS = tuple("0123456789")
"""The names of the classes of digits."""

MIN_CLASSES, MAX_CLASSES = 2, len(DIGITS)
"""How few and how many classes a data set can have; each has a number key."""

Floats = NDArray[np.floating[Any]]
"""float32 in training; float64 where a test checks gradients against finite differences."""

Images = NDArray[np.uint8]
"""uint8, (n, 784), 0 is background and 255 is ink."""

Labels = NDArray[np.uint8]
"""uint8, (n,), the place of each image's class."""


@dataclass(frozen=True, eq=False)
class LabeledImages:
    """Images, and a label for each."""

    images: Images
    labels: Labels
