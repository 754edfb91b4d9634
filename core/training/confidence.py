"""From which probability on a prediction counts as certain."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.arrays import Floats, Labels

Thresholds = tuple[float, ...]
"""For each class the least probability, 0…1, of a certain prediction of it."""

TOLERATED = 0.005
"""Largest share of wrong predictions among the certain ones."""

_PRIOR = 3.0
"""Weight of the penalty on differences between classes, and of the slope from 1 (ridge)."""

_SURE = 1e-6
"""Probabilities are taken to be this far from 0 and 1, where their log-odds are infinite."""


def confidence_threshold(confidence: Floats, is_correct: NDArray[np.bool_]) -> float:
    """Return the lowest probability from which on at most 1 in 200 predictions is wrong.

    Choose it on the validation split: images that the network neither learned from nor is tested
    on. Below it, a prediction counts as "not sure" (a reject option: Chow 1970, "On optimum
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
    return min(_least_certain(confidence, is_correct), 1.0)


def confidence_thresholds(
    confidence: Floats, guesses: Labels, is_correct: NDArray[np.bool_], classes: int
) -> Thresholds:
    """Return for each class from which probability on at most 1 in 200 predictions is wrong.

    A network is more often wrong about some classes than about others, however confident it is. So
    the probability that a prediction is correct is estimated from its confidence and its class
    (logistic regression on the log-odds, as in Platt 1999, "Probabilistic outputs for support
    vector machines"), and is at least the same for all certain predictions. More of them are
    certain than with one threshold for all, which takes less time.

    Parameters
    ----------
    confidence, is_correct
        As :func:`confidence_threshold` takes them.
    guesses
        (n,), the class of that probability, less than `classes`.

    Returns
    -------
    tuple of float
        0…1; all are 1 if even the most confident predictions are wrong more often.
    """
    if not np.isfinite(confidence).all():
        return (1.0,) * classes
    p = np.clip(confidence.astype(np.float64), _SURE, 1 - _SURE)
    odds = np.log(p / (1 - p))
    slope, offsets = _calibrated(odds, guesses, is_correct, classes)
    # Rounding must not put the last one below its own threshold.
    least = _least_certain(slope * odds + offsets[guesses], is_correct) - 1e-9
    return tuple(_probability((least - offsets) / slope).tolist())


def _calibrated(
    odds: NDArray[np.float64], guesses: Labels, is_correct: NDArray[np.bool_], classes: int
) -> tuple[float, NDArray[np.float64]]:
    """Return how the log-odds that a prediction is correct depend on those that the network gives.

    They are ``slope * odds + offset``, with the offset of the class, (classes,).
    """
    # Imported here because it takes a third of a second, for which neither the start nor training
    # must wait.
    from scipy.optimize import minimize  # noqa: PLC0415

    def penalized_loss(values: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        slope, offset, own = values[0], values[1], values[2:]
        score = slope * odds + offset + own[guesses]
        error = _probability(score) - is_correct
        loss = np.logaddexp(0, np.where(is_correct, -score, score)).sum()
        loss += _PRIOR / 2 * ((slope - 1) ** 2 + (own**2).sum())
        of_classes = np.bincount(guesses, error, classes) + _PRIOR * own
        of_slope = (error * odds).sum() + _PRIOR * (slope - 1)
        return float(loss), np.array([of_slope, error.sum(), *of_classes])

    begin = np.array([1.0, 0.0, *[0.0] * classes])
    bounds = [(0.1, 10.0), (-20.0, 20.0), *[(None, None)] * classes]
    slope, offset, *own = minimize(penalized_loss, begin, jac=True, bounds=bounds).x
    return float(slope), offset + np.array(own)


def _probability(odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the probabilities that have these log-odds."""
    probability: NDArray[np.float64] = 1 / (1 + np.exp(-odds))
    return probability


def _least_certain(score: Floats, is_correct: NDArray[np.bool_]) -> float:
    """Return the lowest score from which on at most 1 in 200 is wrong; infinity without one."""
    order = np.argsort(-score, kind="stable")
    score = score[order]
    wrong = np.cumsum(~is_correct[order])
    answered = np.arange(1, len(order) + 1)
    # From a score on means all images of equal score, so only the last of them counts.
    is_last = np.append(score[1:] < score[:-1], True)
    good = np.flatnonzero((wrong <= TOLERATED * answered) & is_last)
    return float(score[good[-1]]) if len(good) else np.inf
