"""Removes the partial files that killed processes left behind."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from core.arrays import DIGITS
from core.datasets.published import download_folder
from core.datasets.published_sets import PUBLISHED_SETS
from core.files.atomic_file import sweep_partials
from core.files.locations import cache_folder, data_folder
from core.my_digits.my_digits import my_digits_folder


def sweep_leftovers(folders: Iterable[Path] = ()) -> None:
    """Delete files that a killed process did not finish writing, and no others.

    Parameters
    ----------
    folders
        Where runs are saved, in addition to the app's own folders.
    """
    digits = [my_digits_folder() / str(digit) for digit in range(len(DIGITS))]
    downloads = map(download_folder, PUBLISHED_SETS.values())
    for folder in (data_folder(), cache_folder(), *downloads, *digits, *folders):
        sweep_partials(folder)
    for folder in digits:
        _sweep_empty(folder)


def _sweep_empty(folder: Path) -> None:
    """Delete the empty files with which earlier versions reserved a drawing's name."""
    with suppress(OSError):
        for path in folder.glob("*.png"):
            with suppress(OSError):
                if path.is_file() and not path.is_symlink() and not path.stat().st_size:
                    path.unlink()
