"""Finds MNIST on this machine, or downloads it."""

from __future__ import annotations

import logging
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from core.datasets.dataset import Dataset
from core.datasets.idx import IdxFile, describe, read_idx, verified_array
from core.errors import DataError
from core.files import locations
from core.files.user_file import open_file
from core.progress import Progress, no_progress

Files = tuple[IdxFile, IdxFile, IdxFile, IdxFile]
"""Training images, training labels, test images, test labels."""

MNIST_FILES: Files = (
    IdxFile(
        name="train-images-idx3-ubyte",
        shape=(60_000, 28, 28),
        sha256="ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        published_sha256="440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        published_size=9_912_422,
    ),
    IdxFile(
        name="train-labels-idx1-ubyte",
        shape=(60_000,),
        sha256="65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        published_sha256="3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        published_size=28_881,
    ),
    IdxFile(
        name="t10k-images-idx3-ubyte",
        shape=(10_000, 28, 28),
        sha256="0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        published_sha256="8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        published_size=1_648_877,
    ),
    IdxFile(
        name="t10k-labels-idx1-ubyte",
        shape=(10_000,),
        sha256="ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        published_sha256="f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        published_size=4_542,
    ),
)

MIRRORS = (
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
)
"""Where the files are published, in order of preference."""

_DATA_VARIABLE = "DIGITSCOPE_DATA"
"""An environment variable that may name the folder with MNIST."""

_SUBFOLDERS = ("", "MNIST/raw", "raw", "mnist")
_KERAS_FILE = "mnist.npz"
_KERAS_MEMBERS = ("x_train.npy", "y_train.npy", "x_test.npy", "y_test.npy")
_ARCHIVE_OVERHEAD = 1 << 16  # bytes; an archive of four arrays needs about a thousand

_log = logging.getLogger(__name__)


def load_mnist(
    data_dir: Path | None = None,
    progress: Progress = no_progress,
    files: Files = MNIST_FILES,
    mirrors: tuple[str, ...] = MIRRORS,
) -> Dataset:
    """Return MNIST from this machine; download it into the app's cache if necessary.

    Parameters
    ----------
    data_dir, files
        As in :func:`find_mnist`.
    progress
        Called with the bytes of a download, of all files; may raise
        :class:`core.errors.Cancelled`.
    mirrors
        Addresses ending in a slash, in order of preference.

    Raises
    ------
    DataError
        As :func:`find_mnist`, or if the download failed.
    """
    dataset = find_mnist(data_dir, files)
    if dataset is not None:
        return dataset
    # Imported on demand: requests is slow to import, and most starts find the files.
    from core.datasets.download import download_files  # noqa: PLC0415

    download_files(files, mirrors, download_folder(), progress)
    return _read_chosen_folder(download_folder(), files)


def find_mnist(data_dir: Path | None = None, files: Files = MNIST_FILES) -> Dataset | None:
    """Find MNIST on this machine and return it verified; None if it is not found.

    Looks in ``data_dir``, or in the folder named by DIGITSCOPE_DATA; if neither is given, in the
    app's cache, and then where torchvision and Keras keep their copies. A folder may hold the four
    IDX files (plain or ``.gz``) or Keras' ``mnist.npz``, also in its ``MNIST/raw``, ``raw`` or
    ``mnist``. A damaged copy in a folder that was not chosen is skipped with a warning.

    Parameters
    ----------
    data_dir
        The folder that the user chose.
    files
        The four files of the set, with images of 28×28.

    Raises
    ------
    DataError
        If the chosen folder does not contain MNIST, or only damaged copies.
    """
    if data_dir is not None:
        return _read_chosen_folder(data_dir, files)
    if named := os.environ.get(_DATA_VARIABLE):
        try:
            return _read_chosen_folder(Path(named), files)
        except DataError as error:
            raise DataError(
                f"{error} (This folder is set by the environment variable {_DATA_VARIABLE}; change "
                "or unset it to look elsewhere.)"
            ) from error
    for folder in _usual_folders():
        try:
            dataset = _read_folder(folder, files)
        except DataError as error:
            _log.warning("A damaged copy of MNIST was skipped. %s", error)
            continue
        if dataset is not None:
            return dataset
    return None


def download_folder() -> Path:
    """Return the folder for a downloaded MNIST."""
    return locations.cache_folder() / "mnist"


def _usual_folders() -> Iterator[Path]:
    """Yield the usual folders of MNIST."""
    yield download_folder()
    # os.path.expanduser and relative paths cannot fail, unlike Path.home() and Path.cwd().
    home = Path(os.path.expanduser("~"))
    for base in (Path(), home):
        yield from (base / "data", base / "datasets", base)
    yield home / ".pytorch" / "MNIST_data"
    if keras_home := os.environ.get("KERAS_HOME"):
        yield Path(keras_home) / "datasets"
    yield home / ".keras" / "datasets"


def _read_chosen_folder(folder: Path, files: Files) -> Dataset:
    """Read MNIST from a chosen folder; raises DataError if it is not there."""
    folder = Path(os.path.expanduser(folder))
    advice = "Choose a folder that holds the four MNIST files."
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
    dataset = _read_folder(folder, files)
    if dataset is not None:
        return dataset
    places = [folder / subfolder for subfolder in _SUBFOLDERS]
    missing = [[file.name for file in files if not _copies(place, file)] for place in places]
    # The user probably meant the place where the fewest files are missing.
    names, place = min(zip(missing, places, strict=True), key=lambda pair: len(pair[0]))
    raise DataError(
        f"The folder {place} does not contain MNIST: {', '.join(names)} are missing (plain or as "
        f".gz), and so is {_KERAS_FILE}. {advice}"
    )


def _read_folder(folder: Path, files: Files) -> Dataset | None:
    """Return the first undamaged MNIST in a folder; None if there is no complete one.

    Raises the DataError of the first copy if all are damaged.
    """
    damage: DataError | None = None
    for place in (folder / subfolder for subfolder in _SUBFOLDERS):
        for read in (_read_idx_files, _read_keras_file):
            try:
                dataset = read(place, files)
            except DataError as error:
                damage = damage or error
                continue
            if dataset is not None:
                return dataset
    if damage is not None:
        raise damage
    return None


def _copies(place: Path, file: IdxFile) -> list[Path]:
    """Return the copies of a file in a folder, plain ones first, which are faster."""
    stems = (file.name, file.name.replace("-idx", ".idx"))
    paths = [place / f"{stem}{suffix}" for suffix in ("", ".gz") for stem in stems]
    # os.path.isfile counts inaccessible files as missing; Path.is_file may raise.
    return [path for path in paths if os.path.isfile(path)]


def _read_idx_files(place: Path, files: Files) -> Dataset | None:
    copies = [_copies(place, file) for file in files]
    if not all(copies):
        return None
    return _dataset([_read_any(c, file) for c, file in zip(copies, files, strict=True)])


def _read_any(copies: list[Path], file: IdxFile) -> NDArray[np.uint8]:
    """Read the first undamaged copy; raises the DataError of the last one if there is none."""
    *others, last = copies
    for path in others:
        try:
            return read_idx(path, file)
        except DataError:
            continue
    return read_idx(last, file)


def _read_keras_file(place: Path, files: Files) -> Dataset | None:
    path = place / _KERAS_FILE
    if not os.path.isfile(path):
        return None
    advice = "Replace it with a fresh copy, or delete it."
    try:
        # The list of members is read as a whole, so the size of the file is limited first.
        most = sum(file.values for file in files) + _ARCHIVE_OVERHEAD
        with open_file(path, most) as stream, zipfile.ZipFile(stream) as archive:
            return _dataset(
                [
                    _read_member(archive, member, path, file)
                    for member, file in zip(_KERAS_MEMBERS, files, strict=True)
                ]
            )
    except DataError:
        raise
    # zipfile, zlib and the parser of NumPy's headers raise a dozen types on damaged bytes.
    except Exception as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(
            f"{path} cannot be read: {reason}. It is probably damaged, or not the file from Keras. "
            f"{advice}"
        ) from error


def _read_member(
    archive: zipfile.ZipFile, member: str, path: Path, file: IdxFile
) -> NDArray[np.uint8]:
    """Read one array of an .npz file, with at most one value more than expected."""
    info = archive.getinfo(member)
    # Only for these two can zipfile limit how much it decompresses; NumPy writes no others.
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ValueError(f"{member} is compressed in a way that NumPy does not use")
    with archive.open(info) as stream:
        if npy.read_magic(stream) != (1, 0):
            raise ValueError(f"{member} is not an array of format 1.0")
        shape, column_major, dtype = npy.read_array_header_1_0(stream)
        if shape != file.shape or column_major or dtype != np.uint8:
            raise ValueError(f"{member} is {dtype} {shape}, not {describe(file.shape)} in uint8")
        return verified_array(f"{path} ({member})", stream.read(file.values + 1), file)


def _dataset(arrays: list[NDArray[np.uint8]]) -> Dataset:
    train_images, train_labels, test_images, test_labels = arrays
    return Dataset(
        name="mnist",
        train_images=train_images.reshape(len(train_images), -1),
        train_labels=train_labels,
        test_images=test_images.reshape(len(test_images), -1),
        test_labels=test_labels,
    )
