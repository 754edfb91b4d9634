"""What data augmentation makes of one image."""

from __future__ import annotations

import numpy as np

from core.arrays import PIXELS, Floats, Images
from core.settings.augmentation import Augmentation
from core.training.warp import Warp


def augmented_versions(image: Images, augmentation: Augmentation, count: int, seed: int) -> Floats:
    """Return `count` versions of an image as training would see it, float32 (count, 784), 0…1.

    They are made by the very code that training uses. The same seed draws the same random numbers,
    so a version whose strengths grow moves on along its way instead of jumping to another place;
    only another smoothness needs other numbers for the elastic distortion.

    Parameters
    ----------
    image
        uint8, (784,) or (28, 28).
    """
    warp = Warp(count)
    warp.draw(augmentation, count, np.random.default_rng(seed))
    versions = np.empty((count, PIXELS), np.float32)
    warp.apply(np.broadcast_to(image.reshape(PIXELS), versions.shape), versions, 0)
    return versions
