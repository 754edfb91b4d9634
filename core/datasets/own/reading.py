"""Reads the user's own data, whatever format it has."""

from __future__ import annotations

import os
from pathlib import Path

from core.datasets.own.csv_file import read_csv
from core.datasets.own.idx_files import is_idx, pairs_in, read_idx_file, read_idx_files
from core.datasets.own.npz_file import read_npz
from core.datasets.own.own_images import OwnImages, quoted
from core.datasets.own.picture_folder import read_picture_folder, subfolders
from core.datasets.own.recognition import CSV
from core.errors import DataError
from core.progress import Progress, no_progress

FORMATS_IN_WORDS = (
    "a folder with a subfolder of pictures for each class, an .npz or a .csv with labels, or IDX "
    "files"
)


def read_own_images(path: Path | str, progress: Progress = no_progress) -> OwnImages:
    """Read a folder or a file, without deciding what has to be guessed.

    Parameters
    ----------
    progress
        Called while it is read; may raise Cancelled.

    Raises
    ------
    DataError
        If there is nothing at `path`, or nothing of a known format, or it is damaged.
    """
    place = Path(os.path.abspath(os.path.expanduser(path)))
    try:
        is_folder = place.is_dir()
        exists = is_folder or place.exists()
    except (OSError, ValueError):
        is_folder = exists = False
    if not exists:
        raise DataError(f"There is nothing at {quoted(place)}. Check the path.")
    return _read_folder(place, progress) if is_folder else _read_file(place, progress)


def _read_file(path: Path, progress: Progress) -> OwnImages:
    name = path.name.lower()
    if name.endswith(".npz"):
        return read_npz(path, progress)
    if name.endswith(CSV):
        return read_csv({"train": path}, progress)
    if is_idx(path):
        return read_idx_file(path, progress)
    advice = (
        "Unpack it, and choose what is in it."
        if name.endswith((".zip", ".tar", ".gz", ".tgz", ".rar", ".7z"))
        else f"Choose {FORMATS_IN_WORDS}."
    )
    raise DataError(f"{quoted(path)} is not a data set of a known format. {advice}")


def _read_folder(folder: Path, progress: Progress) -> OwnImages:
    try:
        files = sorted(
            path for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")
        )
        has_folders = bool(subfolders(folder))
    except OSError as error:
        raise DataError(
            f"The folder {quoted(folder)} cannot be opened: {error.strerror or error}. Check its "
            "permissions."
        ) from error
    if idx := pairs_in(files):
        return read_idx_files(folder, idx, progress)
    if has_folders:
        return read_picture_folder(folder, progress)
    archives = [path for path in files if path.suffix.lower() == ".npz"]
    if len(archives) == 1:
        return read_npz(archives[0], progress)
    tables = [path for path in files if path.name.lower().endswith(CSV)]
    if len(tables) == 1:
        return read_csv({"train": tables[0]}, progress)
    parts = {part: path for path in tables for part in ("train", "test") if part in path.name}
    if len(tables) == len(parts) == 2:
        return read_csv({part: parts[part] for part in ("train", "test")}, progress)
    several = "several data sets; choose one of its files" if archives or tables else "no data set"
    raise DataError(f"The folder {quoted(folder)} contains {several}. Choose {FORMATS_IN_WORDS}.")
