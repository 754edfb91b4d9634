"""A data set of the user's own with three classes, one of which has a long name."""

import numpy as np

from core.datasets.dataset import Dataset
from core.inspection.prediction import Prediction
from core.network.network import Network
from core.settings.config import NetworkConfig
from core.settings.data_source import OwnData

NAMES = ("circle", "<b>square</b>", "a name that is too long for its place")
COUNTS = (5, 3, 12)


def three_classes(counts=COUNTS, seed=0):
    """Return noise images, `counts` of each class for training, and one of each for testing."""
    labels = np.repeat(np.arange(3), counts).astype(np.uint8)
    rng = np.random.default_rng(seed)
    rng.shuffle(labels)
    images = rng.integers(0, 256, (len(labels) + 3, 784)).astype(np.uint8)
    test = np.arange(3, dtype=np.uint8)
    source = OwnData("/data/shapes", NAMES)
    return Dataset(source, images[:-3], labels, images[-3:], test)


def predicted(image, label=0, confidence=0.9):
    """Return a prediction for an image, (784,), by a network with these classes."""
    probabilities = np.full(3, (1 - confidence) / 2, np.float32)
    probabilities[label] = confidence
    network = Network.from_config(NetworkConfig(hidden=(), classes=NAMES))
    return Prediction(network, image.reshape(28, 28), probabilities, probabilities, 0.5)
