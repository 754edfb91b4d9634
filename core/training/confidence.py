"""The least probability at which a prediction counts as certain."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.arrays import Floats

TOLERATED = 0.005
"""Largest share of wrong predictions among the certain ones."""


def confidence_threshold(confidence: Floats, is_correct: NDArray[np.bool_]) -> float:
    """Return the lowest probability above which at most 1 in 200 predictions is wrong.

    Choose it on the validation split: images that the network neither learned from nor is tested
    on. Below it, the prediction counts as "not sure" (a reject option: Chow 1970, "On optimum
    recognition error and reject tradeoff").

    Parameters
    ----------
    confidence
        (n,), the largest probability that the network gives each image.
    is_correct
        (n,), whether that class is the correct one.

    Returns
    -------
    float
        0…1; 1 if even the most confident predictions are wrong more often.
    """
    order = np.argsort(-confidence, kind="stable")
    confidence = confidence[order]
    wrong = np.cumsum(~is_correct[order])
    answered = np.arange(1, len(order) + 1)
    # A threshold includes all images of equal confidence, so only the last of them counts.
    is_last = np.append(confidence[1:] < confidence[:-1], True)
    good = np.flatnonzero((wrong <= TOLERATED * answered) & is_last)
    return float(confidence[good[-1]]) if len(good) else 1.0
