"""A data set as one file that loads at the speed of the disk."""

from __future__ import annotations

import logging
from contextlib import suppress
from pathlib import Path

import numpy as np

from core.arrays import PIXELS
from core.datasets.dataset import Dataset
from core.files.atomic_file import write_atomically
from core.files.npz import open_stored, read_array
from core.settings.data_source import DataSource

_SHAPES: dict[str, tuple[int | None, ...]] = {
    "train_images": (None, PIXELS),
    "train_labels": (None,),
    "test_images": (None, PIXELS),
    "test_labels": (None,),
}
"""The arrays with their shapes; None: as many as there are images."""

_MOST_BYTES = 200_000_000
"""Several times the size of the largest data set."""

_LOG = logging.getLogger(__name__)


def read(path: Path, name: DataSource) -> Dataset | None:
    """Read the data set `name`; None if the file is missing or, with a warning, damaged.

    The file is an uncompressed .npz, whose checksums are compared. Sizes in it are checked before
    memory is allocated for them.
    """
    try:
        with open_stored(path, _MOST_BYTES) as (archive, size):
            return Dataset(
                name,
                *(
                    read_array(archive, array, shape, np.dtype(np.uint8), size)
                    for array, shape in _SHAPES.items()
                ),
            )
    except FileNotFoundError:
        return None
    except Exception as error:  # zipfile raises many kinds for damaged content
        reason = getattr(error, "strerror", None) or error
        _LOG.warning("'%s' cannot be used, so the digits are generated again: %s", path, reason)
        return None


def write(path: Path, dataset: Dataset) -> None:
    """Write a data set, creating the folder; the file appears complete or not at all.

    Raises
    ------
    DigitscopeError
        If it cannot be written; no file is left behind.
    """
    arrays = {array: getattr(dataset, array) for array in _SHAPES}
    with suppress(OSError):  # problems with the folder show when writing to it
        path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, lambda stream: np.savez(stream, allow_pickle=False, **arrays))
