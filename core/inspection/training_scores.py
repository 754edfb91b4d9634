"""How a network does on each image of a set: its probabilities, and the loss."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.arrays import Floats, LabeledImages, Labels
from core.network.network import Network
from core.network.workspace import Workspace
from core.progress import Progress, no_progress
from core.training.evaluation import CHUNK


@dataclass(frozen=True, eq=False)
class TrainingScores:
    """The scores of n images.

    Attributes
    ----------
    probabilities
        float32, (n, classes): what the network says of each.
    losses
        float32, (n,): of each image, without L2 penalty; NaN or infinite where a network diverged.
    """

    probabilities: Floats
    losses: Floats

    @cached_property
    def guesses(self) -> Labels:
        """uint8, (n,), the predicted class of each image."""
        guesses: Labels = self.probabilities.argmax(axis=1).astype(np.uint8)
        return guesses

    @cached_property
    def confidence(self) -> Floats:
        """float32, (n,), the largest probability of each image."""
        largest: Floats = self.probabilities.max(axis=1)
        return largest

    @cached_property
    def is_finite(self) -> bool:
        """False for a network that diverged, whose scores mean nothing."""
        return bool(np.isfinite(self.probabilities).all())


def score_images(
    network: Network, images: LabeledImages, progress: Progress = no_progress
) -> TrainingScores:
    """Return the scores of all images; changes nothing.

    `progress` is called with the images done, and may raise Cancelled.
    """
    n = len(images.labels)
    probabilities = np.empty((n, network.sizes[-1]), np.float32)
    losses = np.empty(n, np.float32)
    work = Workspace.allocate(network.sizes, min(CHUNK, n), network.parameters.dtype)
    for start in range(0, n, CHUNK):
        progress(start, n)
        these = slice(start, min(start + CHUNK, n))
        rows = work.rows(0, these.stop - start)
        rows.load(images.images[these])
        with np.errstate(over="ignore", invalid="ignore"):  # networks that diverged overflow
            network.forward(rows)
            losses[these] = network.loss(rows, images.labels[these])  # scores → probabilities
        probabilities[these] = rows.A[-1]
    progress(n, n)
    return TrainingScores(probabilities, losses)
