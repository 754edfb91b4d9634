"""From which probability on an answer is worth giving."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.arrays import Floats

TOLERATED = 0.005
"""Of the answers that are given, at most this share may be wrong."""


def confidence_threshold(confidence: Floats, is_correct: NDArray[np.bool_]) -> float:
    """Return the lowest probability from which on answers are wrong at most once in 200.

    It is to be chosen on images that the network neither learned from nor is tested on: the
    validation split. Below it, an honest answer is "not sure" (a reject option: Chow 1970, "On
    optimum recognition error and reject tradeoff").

    Parameters
    ----------
    confidence
        (n,), the largest probability that the network gives each image.
    is_correct
        (n,), whether that class is the right one.

    Returns
    -------
    float
        0…1; 1 where even the surest answers are wrong more often.
    """
    order = np.argsort(-confidence, kind="stable")
    confidence = confidence[order]
    wrong = np.cumsum(~is_correct[order])
    answered = np.arange(1, len(order) + 1)
    # Images of one confidence are answered together, so only the last of them counts.
    is_last = np.append(confidence[1:] < confidence[:-1], True)
    good = np.flatnonzero((wrong <= TOLERATED * answered) & is_last)
    return float(confidence[good[-1]]) if len(good) else 1.0
