"""Any data set by its name."""

from __future__ import annotations

from pathlib import Path

from core.datasets.dataset import Dataset
from core.datasets.mixing import mix
from core.datasets.mnist import load_mnist
from core.datasets.strokes import load_strokes
from core.progress import Progress, no_progress
from core.settings.config import DatasetName


def load_dataset(
    name: DatasetName, data_dir: Path | None = None, progress: Progress = no_progress
) -> Dataset:
    """Find, download or generate a data set.

    Parameters
    ----------
    data_dir
        Where to look for MNIST first; ``"strokes"`` needs none.
    progress
        Told how far a download or the generator is; may raise Cancelled.

    Raises
    ------
    DataError
        If MNIST is neither on this machine nor within reach, or damaged.
    """
    if name == "mnist":
        return load_mnist(data_dir, progress)
    if name == "strokes":
        return load_strokes(progress)
    return mix(load_mnist(data_dir, progress), load_strokes(progress))
