"""The non-linear functions between the layers, and their derivatives."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.arrays import Floats


def relu(Z: Floats) -> None:
    """Turn Z into A = max(0, Z), in place."""
    np.maximum(Z, 0, out=Z)


def relu_backward(dA: Floats, A: Floats, mask: NDArray[np.bool_]) -> None:
    """Turn dA into dZ = dA ⊙ relu′(Z), in place; all arrays are (n, units).

    relu′(Z) is 1 where Z > 0 and 0 elsewhere, and A > 0 exactly where Z > 0, so Z need not be
    kept. `mask` is scratch space that is overwritten.
    """
    np.multiply(dA, np.greater(A, 0, out=mask), out=dA)
