"""Loads a data set by its name."""

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
        Folder to search for MNIST first; unused for ``"strokes"``.
    progress
        Called during a download or the generation of digits; may raise Cancelled.

    Raises
    ------
    DataError
        If MNIST is damaged, or neither found nor downloaded.
    """
    if name == "mnist":
        return load_mnist(data_dir, progress)
    if name == "strokes":
        return load_strokes(progress)
    return mix(load_mnist(data_dir, progress), load_strokes(progress))
