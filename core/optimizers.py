"""How a gradient becomes a change of the parameters."""

from __future__ import annotations

import numpy as np

from core.arrays import Floats


class SGD:
    """Plain gradient descent: W ← W − α·dW. Has no state of its own."""

    def update(self, parameters: Floats, gradient: Floats, learning_rate: float) -> None:
        """Change `parameters`, (P,), in place; `gradient`, (P,), is used up as scratch."""
        gradient *= learning_rate
        np.subtract(parameters, gradient, out=parameters)
