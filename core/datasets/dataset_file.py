"""A data set as one file that loads at the speed of the disk."""

from __future__ import annotations

import zipfile
import zlib
from contextlib import suppress
from pathlib import Path

import numpy as np

from core.atomic_file import write_atomically
from core.datasets.dataset import Dataset, DatasetName
from core.errors import DataError

_ARRAYS = ("train_images", "train_labels", "test_images", "test_labels")


def read(path: Path, name: DatasetName) -> Dataset | None:
    """Read the data set `name`; None if the file is missing or damaged.

    The file is an uncompressed .npz, whose checksums are compared in reading.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return Dataset(name, *(arrays[array] for array in _ARRAYS))
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile, zlib.error, DataError):
        return None


def write(path: Path, dataset: Dataset) -> None:
    """Write a data set, creating the folder; the file appears complete or not at all.

    Raises
    ------
    DigitscopeError
        If it cannot be written; nothing is left behind.
    """
    arrays = {array: getattr(dataset, array) for array in _ARRAYS}
    with suppress(OSError):  # what is wrong with the folder shows in writing to it
        path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, lambda stream: np.savez(stream, allow_pickle=False, **arrays))
