"""Whether images show dark things on a light background."""

from __future__ import annotations

import numpy as np

from core.arrays import SIDE, Images

_MOST = 2_000
"""So many images, evenly among all, are enough."""

_BORDER = np.ones((SIDE, SIDE), bool)
_BORDER[1:-1, 1:-1] = False


def border_level(images: Images) -> float:
    """Return the median, over the images, of the median of each image's border pixels, 0…255."""
    sample = images[:: max(1, len(images) // _MOST)]
    return float(np.median(np.median(sample[:, _BORDER.ravel()], axis=1)))
