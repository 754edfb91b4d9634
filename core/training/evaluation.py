"""How well a network classifies images that it is not trained on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.arrays import Floats, Images, Labels
from core.network.losses import OUTPUTS
from core.network.moved_images import moved_scores
from core.network.network import Network
from core.network.workspace import Workspace
from core.progress import Progress, no_progress
from core.threads.workers import Workers, run_tasks

CHUNK = 1_000
"""Images per pass: large enough for full speed, small enough to stop quickly and to fit a cache."""


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The results on a labeled set.

    Attributes
    ----------
    loss
        Mean loss of the images.
    accuracy
        Share of the images that are correct, 0…1.
    confusion
        int64, (classes, classes): ``confusion[i, j]`` images of class i were classified as j.
    guesses
        uint8, (n,), the predicted class of each image.
    confidence
        (n,), the largest probability that the network gave each image.
    is_correct
        bool, (n,), whether the prediction is correct.
    """

    loss: float
    accuracy: float
    confusion: NDArray[np.int64]
    guesses: Labels
    confidence: Floats
    is_correct: NDArray[np.bool_]

    @property
    def per_class(self) -> list[float | None]:
        """Accuracy on each class's images; None for a class without any."""
        counts = self.confusion.sum(axis=1)
        rights = self.confusion.diagonal()
        return [float(r / n) if n else None for r, n in zip(rights, counts, strict=True)]

    def worst_first(self, labels: Labels, cell: tuple[int, int] | None = None) -> NDArray[np.intp]:
        """Return the indices of the images with the worst predictions.

        Parameters
        ----------
        labels
            (n,), of the set.
        cell
            (i, j) for the images of class i classified as j; None for all mistakes.

        Returns
        -------
        ndarray
            intp: mistakes by decreasing confidence, correct images by increasing confidence; equal
            ones in the order of the set. NaN is last.
        """
        if cell is None:
            chosen = ~self.is_correct
        else:
            label, guess = cell
            chosen = (labels == label) & (self.guesses == guess)
        indices = np.flatnonzero(chosen)
        confidence = self.confidence[indices]
        is_diagonal = cell is not None and cell[0] == cell[1]
        return indices[np.argsort(confidence if is_diagonal else -confidence, kind="stable")]


def evaluate(
    network: Network,
    images: Images,
    labels: Labels,
    progress: Progress = no_progress,
    workers: Workers | None = None,
    chunk_size: int = CHUNK,
) -> Evaluation:
    """Classify all `images`, (n, 784), and compare with `labels`, (n,). Changes nothing.

    `progress` is called with the images done whenever every thread has processed a chunk of
    `chunk_size`, and may raise Cancelled. The size may change the last bits of loss and confidence.
    """
    n = len(images)
    threads = workers.threads if workers else 1
    works = [
        Workspace.allocate(network.sizes, min(chunk_size, n), network.parameters.dtype)
        for _ in range(threads)
    ]

    guesses: Labels = np.empty(n, np.uint8)
    confidence: Floats = np.empty(n, network.parameters.dtype)

    def evaluate_chunk(start: int) -> float:
        whole = works.pop()
        these = slice(start, min(start + chunk_size, n))
        work = whole.rows(0, these.stop - start)
        work.load(images[these])
        # In each thread of its own: networks that diverged overflow, and some imported ones.
        with np.errstate(over="ignore", invalid="ignore"):
            guesses[these] = network.forward(work).argmax(axis=1)
            loss = float(network.loss(work, labels[these]).sum())  # turns scores into probabilities
        work.A[-1].max(axis=1, out=confidence[these])
        works.append(whole)
        return loss

    loss = 0.0
    starts = range(0, n, chunk_size)
    # A thread that is held up delays the others only where somebody wants to hear of progress.
    at_once = len(starts) if progress is no_progress else threads
    for i in range(0, len(starts), at_once):
        progress(starts[i], n)
        loss += sum(run_tasks(workers, evaluate_chunk, starts[i : i + at_once]))
    progress(n, n)
    return _evaluation(loss / n, labels, guesses, confidence, network.sizes[-1])


def evaluate_moved(network: Network, images: Images, labels: Labels) -> Evaluation:
    """Do the same as :func:`evaluate`, with predictions as they are made for drawings and pictures.

    Each is the mean of five (see core/network/moved_images.py).
    """
    scores = moved_scores(network, images)
    guesses: Labels = scores.argmax(axis=1).astype(np.uint8)
    Y = np.eye(network.sizes[-1], dtype=scores.dtype)[labels]
    with np.errstate(over="ignore", invalid="ignore"):
        loss = OUTPUTS[network.output].loss(scores, Y)  # turns scores into probabilities
    return _evaluation(float(loss.mean()), labels, guesses, scores.max(axis=1), network.sizes[-1])


def _evaluation(
    loss: float, labels: Labels, guesses: Labels, confidence: Floats, classes: int
) -> Evaluation:
    is_correct = guesses == labels
    arrays = _confusion(labels, guesses, classes), guesses, confidence, is_correct
    for array in arrays:
        array.setflags(write=False)  # other threads read them
    return Evaluation(loss, float(is_correct.mean()), *arrays)


def _confusion(labels: Labels, guesses: Labels, classes: int) -> NDArray[np.int64]:
    """Count the images of each class (rows) by what is predicted for them (columns)."""
    confusion = np.zeros((classes, classes), np.int64)
    np.add.at(confusion, (labels, guesses), 1)
    return confusion
