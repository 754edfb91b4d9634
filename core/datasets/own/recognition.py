"""Whether a file or a folder is meant as data, before it is read."""

from __future__ import annotations

import os
from pathlib import Path

from core.datasets.own.idx_files import is_idx
from core.datasets.own.npz_file import has_images

CSV = (".csv", ".csv.gz")


def is_data(path: Path) -> bool:
    """Return whether a file is data by its name or, of an ``.npz``, by its arrays.

    A folder always is, because nothing else is opened as a folder.
    """
    if os.path.isdir(path):  # which never raises
        return True
    name = path.name.lower()
    return name.endswith(CSV) or is_idx(path) or (name.endswith(".npz") and has_images(path))
