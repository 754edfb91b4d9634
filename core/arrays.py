"""Names for the array types that the engine's signatures use."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
"""float32 in training; float64 where a test checks gradients against finite differences."""

Images = NDArray[np.uint8]
"""uint8, (n, 784), 0 is paper and 255 is ink."""

Labels = NDArray[np.uint8]
"""uint8, (n,), 0…9."""
