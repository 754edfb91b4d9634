"""Finds a published data set, such as MNIST, on this machine, or downloads it."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.datasets.dataset import Dataset
from core.datasets.idx import IdxFile, read_idx
from core.datasets.npz_array import read_npz_array
from core.datasets.published_sets import PUBLISHED_SETS, PublishedSet
from core.errors import DataError
from core.files import locations
from core.progress import Progress, no_progress

DATA_VARIABLE = "DIGITSCOPE_DATA"
"""An environment variable that may name the folder with the data set."""

_log = logging.getLogger(__name__)


class AnotherSetError(DataError):
    """A folder holds another published data set: `found`, whose files have the same names."""

    def __init__(self, message: str, found: PublishedSet) -> None:
        super().__init__(message)
        self.found = found


def load_published(
    published: PublishedSet, data_dir: Path | None = None, progress: Progress = no_progress
) -> Dataset:
    """Return a data set from this machine; download it into the app's cache if necessary.

    Parameters
    ----------
    published, data_dir
        As in :func:`find_published`.
    progress
        Called with the bytes of a download, of all files; may raise
        :class:`core.errors.Cancelled`.

    Raises
    ------
    DataError
        As :func:`find_published`, or if the download failed.
    """
    dataset = find_published(published, data_dir)
    if dataset is not None:
        return dataset
    # Imported on demand: requests is slow to import, and most starts find the files.
    from core.datasets.download import download_set  # noqa: PLC0415

    folder = download_folder(published)
    download_set(published, folder, progress)
    return _read_chosen_folder(folder, published)


def find_published(published: PublishedSet, data_dir: Path | None = None) -> Dataset | None:
    """Find a data set on this machine and return it verified; None if it is not found.

    Looks in ``data_dir``, or in the folder named by DIGITSCOPE_DATA; if neither is given, in the
    app's cache, and then where torchvision and Keras keep their copies. A folder may hold the four
    IDX files (plain or ``.gz``) or the same as ``.npz``, also in the usual subfolders. A damaged
    copy in a folder that was not chosen is skipped with a warning.

    Parameters
    ----------
    published
        Which one.
    data_dir
        The folder that the user chose.

    Raises
    ------
    DataError
        If the chosen folder does not contain the data set, or only damaged copies;
        :class:`AnotherSetError` if it contains another one. If DIGITSCOPE_DATA names a folder of
        another one, the usual places are searched instead.
    """
    if data_dir is not None:
        return _read_chosen_folder(data_dir, published)
    if named := os.environ.get(DATA_VARIABLE):
        try:
            return _read_chosen_folder(Path(named), published)
        except AnotherSetError:
            pass  # it is where the other one is
        except DataError as error:
            raise DataError(
                f"{error} (This folder is set by the environment variable {DATA_VARIABLE}; change "
                "or unset it to look elsewhere.)"
            ) from error
    for folder in _usual_folders(published):
        try:
            dataset = _read_folder(folder, published)
        except AnotherSetError:
            continue
        except DataError as error:
            _log.warning("A damaged copy of %s was skipped. %s", published.title, error)
            continue
        if dataset is not None:
            return dataset
    return None


def download_folder(published: PublishedSet) -> Path:
    """Return the folder for a downloaded data set."""
    return locations.cache_folder() / published.name


def _usual_folders(published: PublishedSet) -> Iterator[Path]:
    """Yield the usual folders of data sets."""
    yield download_folder(published)
    # os.path.expanduser and relative paths cannot fail, unlike Path.home() and Path.cwd().
    home = Path(os.path.expanduser("~"))
    for base in (Path(), home):
        yield from (base / "data", base / "datasets", base)
    yield home / ".pytorch" / f"{published.title}_data"
    if keras_home := os.environ.get("KERAS_HOME"):
        yield Path(keras_home) / "datasets"
    yield home / ".keras" / "datasets"


def _read_chosen_folder(folder: Path, published: PublishedSet) -> Dataset:
    """Read a data set from a chosen folder; raises DataError if it is not there."""
    folder = Path(os.path.expanduser(folder))
    advice = f"Choose a folder that holds the four files of {published.title}."
    try:
        with os.scandir(folder):
            pass
    except FileNotFoundError as error:
        raise DataError(f"There is no folder {folder}. {advice}") from error
    except NotADirectoryError as error:
        raise DataError(f"{folder} is a file, not a folder. {advice}") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(f"The folder {folder} cannot be opened: {reason}. {advice}") from error
    dataset = _read_folder(folder, published)
    if dataset is not None:
        return dataset
    if (other := _another_in(folder, published)) is not None:
        raise _is_another(folder, other, published)
    places = [folder / subfolder for subfolder in published.subfolders]
    missing = [
        [file.name for file in published.files if not _copies(place, file)] for place in places
    ]
    # The user probably meant the place where the fewest files are missing.
    names, place = min(zip(missing, places, strict=True), key=lambda pair: len(pair[0]))
    npz = f", and so is {published.arrays[0].file}" if published.arrays is not None else ""
    raise DataError(
        f"The folder {place} does not contain {published.title}: {', '.join(names)} are missing "
        f"(plain or as .gz){npz}. {advice}"
    )


def _read_folder(folder: Path, published: PublishedSet) -> Dataset | None:
    """Return the first undamaged copy in a folder; None if there is no complete one.

    Raises the DataError of the first copy if all are damaged, or if they are another data set.
    """
    damage: DataError | None = None
    for place in (folder / subfolder for subfolder in published.subfolders):
        try:
            dataset = _read_place(place, published)
        except DataError as error:
            other = _another_in(place, published)
            damage = damage or (_is_another(place, other, published) if other else error)
            continue
        if dataset is not None:
            return dataset
    if damage is not None:
        raise damage
    return None


def _read_place(place: Path, published: PublishedSet) -> Dataset | None:
    """Return an undamaged copy; None if there is no complete one.

    Raises the DataError of the first copy if all are damaged.
    """
    damage: DataError | None = None
    for read in (_read_idx_files, _read_npz_files):
        try:
            dataset = read(place, published)
        except DataError as error:
            damage = damage or error
            continue
        if dataset is not None:
            return dataset
    if damage is not None:
        raise damage
    return None


def _another_in(folder: Path, published: PublishedSet) -> PublishedSet | None:
    """Return another data set that a folder holds, undamaged; None if there is none."""
    for other in PUBLISHED_SETS.values():
        if other.name == published.name:
            continue
        for subfolder in other.subfolders:
            with suppress(DataError):
                if _read_place(folder / subfolder, other) is not None:
                    return other
    return None


def _is_another(place: Path, other: PublishedSet, wanted: PublishedSet) -> AnotherSetError:
    return AnotherSetError(
        f"The folder {place} holds {other.title}, not {wanted.title}, whose files have the same "
        f"names. Choose {other.title} as the data set, or a folder that holds {wanted.title}.",
        other,
    )


def _copies(place: Path, file: IdxFile) -> list[Path]:
    """Return the copies of a file in a folder, plain ones first, which are faster."""
    stems = (file.name, file.name.replace("-idx", ".idx"))
    paths = [place / f"{stem}{suffix}" for suffix in ("", ".gz") for stem in stems]
    # os.path.isfile counts inaccessible files as missing; Path.is_file may raise.
    return [path for path in paths if os.path.isfile(path)]


def _read_idx_files(place: Path, published: PublishedSet) -> Dataset | None:
    copies = [_copies(place, file) for file in published.files]
    if not all(copies):
        return None
    arrays = [_read_any(c, file) for c, file in zip(copies, published.files, strict=True)]
    return _dataset(published, arrays)


def _read_any(copies: list[Path], file: IdxFile) -> NDArray[np.uint8]:
    """Read the first undamaged copy; raises the DataError of the last one if there is none."""
    *others, last = copies
    for path in others:
        try:
            return read_idx(path, file)
        except DataError:
            continue
    return read_idx(last, file)


def _read_npz_files(place: Path, published: PublishedSet) -> Dataset | None:
    if published.arrays is None:
        return None
    paths = [place / array.file for array in published.arrays]
    if not all(map(os.path.isfile, paths)):
        return None
    most = sum(file.values for file in published.files)
    wanted = zip(paths, published.arrays, published.files, strict=True)
    return _dataset(published, [read_npz_array(*which, most) for which in wanted])


def _dataset(published: PublishedSet, arrays: list[NDArray[np.uint8]]) -> Dataset:
    train_images, train_labels, test_images, test_labels = arrays
    return Dataset(
        name=published.name,
        train_images=train_images.reshape(len(train_images), -1),
        train_labels=train_labels,
        test_images=test_images.reshape(len(test_images), -1),
        test_labels=test_labels,
    )
