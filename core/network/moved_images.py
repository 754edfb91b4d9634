"""Predictions that are the mean of five: of an image, and of it moved by a pixel to each side.

A digit that is moved by a pixel is the same digit, yet a network of dense layers gives it other
scores. Their mean is right more often than one of them. That is test-time augmentation
(Krizhevsky, Sutskever and Hinton 2012, "ImageNet classification with deep convolutional neural
networks", section 4.1): of the 10,000 images of its validation split, the ready-made network
misreads 193 instead of 219.
"""

from __future__ import annotations

import numpy as np

from core.arrays import SIDE, Floats, Images
from core.network.losses import OUTPUTS
from core.network.network import Network

_MOVES = ((0, 0), (-1, 0), (1, 0), (0, -1), (0, 1))
"""Pixels to the right and down."""

_CHUNK = 200
"""Images per pass, each of them five times: as many rows as an evaluation takes at once."""


def predict_moved(network: Network, images: Images) -> Floats:
    """Return the probabilities of the classes, (n, classes), for uint8 images, (n, 784).

    They are not finite if training has diverged. Changes nothing.
    """
    probabilities = moved_scores(network, images)
    with np.errstate(over="ignore", invalid="ignore"):
        OUTPUTS[network.output].activate(probabilities)
    return probabilities


def moved_scores(network: Network, images: Images) -> Floats:
    """Return the means of the scores Z[L], (n, classes), from which these probabilities follow."""
    chunks = (images[start : start + _CHUNK] for start in range(0, len(images), _CHUNK))
    with np.errstate(over="ignore", invalid="ignore"):
        scores: Floats = np.concatenate([_of_chunk(network, chunk) for chunk in chunks])
    return scores


def _of_chunk(network: Network, images: Images) -> Floats:
    padded = np.pad(images.reshape(-1, SIDE, SIDE), ((0, 0), (1, 1), (1, 1)))
    moved = [padded[:, 1 - y : 1 - y + SIDE, 1 - x : 1 - x + SIDE] for x, y in _MOVES]
    scores = network.run(np.stack(moved).reshape(-1, images.shape[1])).A[-1]
    mean: Floats = scores.reshape(len(_MOVES), len(images), -1).mean(axis=0)
    return mean
