"""A test set, and a made-up evaluation of it."""

import numpy as np

from core.arrays import MAX_CLASSES, LabeledImages
from core.training.evaluation import Evaluation


def make_evaluation(labels, guesses, confidence):
    """Return an evaluation with these labels, predictions and probabilities."""
    labels, guesses = np.array(labels, np.uint8), np.array(guesses, np.uint8)
    confusion = np.zeros((MAX_CLASSES, MAX_CLASSES), np.int64)
    np.add.at(confusion, (labels, guesses), 1)
    is_correct = labels == guesses
    confidence = np.array(confidence, np.float32)
    return Evaluation(0.1, float(is_correct.mean()), confusion, guesses, confidence, is_correct)


def make_set(labels):
    """Return noise images with these labels."""
    labels = np.array(labels, np.uint8)
    images = np.random.default_rng(0).integers(0, 256, (len(labels), 784)).astype(np.uint8)
    return LabeledImages(images, labels)


def of_counts(counts):
    """Return an evaluation with this table of counts, (10, 10)."""
    labels, guesses = (
        np.repeat(of_cell.ravel(), np.ravel(counts))
        for of_cell in np.indices((MAX_CLASSES, MAX_CLASSES))
    )
    return make_evaluation(labels, guesses, np.full(len(labels), 0.5))
