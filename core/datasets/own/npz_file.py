"""Reads images and labels from an ``.npz``, as Keras and others write it.

Sizes are checked before memory is allocated for them, compressed arrays are read in chunks, and
pickled objects are never opened.
"""

from __future__ import annotations

import math
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from core.arrays import MAX_CLASSES
from core.datasets.own.fitting import FittedImages, image_shape
from core.datasets.own.levels import Levels
from core.datasets.own.own_images import (
    OwnImages,
    check_number,
    joined,
    quoted,
    with_classes,
)
from core.errors import DataError
from core.files.npz import DAMAGES, check_directory, read_layout
from core.files.user_file import open_file
from core.printable_text import printable
from core.progress import Progress
from core.wording import numeral

_MOST_BYTES = 2_000_000_000
"""Of the file, and of each of its arrays, decompressed."""

_LONGEST_REASON = 200
_CHUNK = 1 << 22
"""Bytes of images read at once."""

_NAMES = {
    "train": (("x_train", "y_train"), ("train_images", "train_labels")),
    "val": (("x_val", "y_val"), ("val_images", "val_labels")),
    "test": (("x_test", "y_test"), ("test_images", "test_labels")),
}
_WHOLE = (("images", "labels"), ("x", "y"), ("X", "y"))
_EXPECTED = "x_train, y_train, x_test and y_test, or images and labels"


def read_npz(path: Path, progress: Progress) -> OwnImages:
    """Read a data set.

    Raises
    ------
    DataError
        If the file is missing, damaged, or holds no images with labels.
    """
    where = quoted(path)
    try:
        with open_file(path, _MOST_BYTES) as stream:
            check_directory(stream)
            with zipfile.ZipFile(stream) as archive:
                return _read(archive, where, progress)
    except OSError as error:
        raise DataError(
            f"{where} cannot be read: {error.strerror or error}. Check the path, or write the file "
            "again."
        ) from error
    except DAMAGES as error:
        reason = printable(str(error).rstrip("."), _LONGEST_REASON)
        raise DataError(
            f"{where} is damaged, or not an .npz of plain arrays: {reason}. Write it again with "
            "numpy.savez; pickled objects are never opened."
        ) from error


def has_images(path: Path) -> bool:
    """Return whether an ``.npz`` has the arrays of a data set, by their names."""
    try:
        with open_file(path, _MOST_BYTES) as stream:
            check_directory(stream)
            with zipfile.ZipFile(stream) as archive:
                return bool(_pairs(archive, quoted(path)))
    except (DataError, OSError, *DAMAGES):
        return False


def _read(archive: zipfile.ZipFile, where: str, progress: Progress) -> OwnImages:
    pairs = _pairs(archive, where)
    labels = {
        part: _read_labels(archive, label_name, where) for part, (_, label_name) in pairs.items()
    }
    check_number(sum(map(len, labels.values())), where)
    classes, places = with_classes(labels, where)
    levels = Levels(where)
    total, done, fitted = sum(map(len, labels.values())), 0, 0
    images = {}
    for part, (name, label_name) in pairs.items():
        progress(done, total)
        n = len(labels[part])
        report = partial(_report, progress, done, total)
        images[part], is_fitted = _read_images(
            archive, name, (n, label_name), where, levels, report
        )
        fitted += n if is_fitted else 0
        done += n
    brightest = levels.stretch(*images.values())
    train, test, third = joined(images, places)
    return OwnImages("NumPy arrays", classes, train, test, fitted, 0, brightest, third)


def _report(progress: Progress, before: int, total: int, done: int) -> None:
    progress(before + done, total)


def _pairs(archive: zipfile.ZipFile, where: str) -> dict[str, tuple[str, str]]:
    """Return the names of images and labels of each part that the file has."""
    members = archive.infolist()
    if len({member.filename for member in members}) < len(members):
        raise ValueError("two of its arrays have the same name")
    names = {member.filename.removesuffix(".npy") for member in members}
    found = {
        part: pair for part, pairs in _NAMES.items() for pair in pairs if names.issuperset(pair)
    }
    if "train" in found:
        return found
    for pair in _WHOLE:
        if names.issuperset(pair):
            return {"train": pair}
    raise DataError(f"{where} has no arrays {_EXPECTED}. Name its arrays so, with numpy.savez.")


def _open(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    info = archive.getinfo(f"{name}.npy")
    # Only for these can zipfile limit how much it decompresses; NumPy writes no others.
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ValueError(f"{name} is compressed in a way that NumPy does not use")
    return archive.open(info)


def _read_labels(archive: zipfile.ZipFile, name: str, where: str) -> NDArray[np.int64]:
    """Return labels as whole numbers, (n,); they may be (n, 1), or one-hot, (n, classes)."""
    with _open(archive, name) as stream:
        shape, dtype = _read_header(stream, name, where)
        if dtype.kind not in "buif" or len(shape) not in (1, 2):
            raise DataError(
                f"The array {name} of {where} is {dtype} {shape}, but labels are one whole number "
                "for each image, (n,). Write it so."
            )
        n, columns = (*shape, 1)[:2]
        if not columns:
            raise ValueError(f"{name} has no columns")
        check_number(n, where)
        if columns > MAX_CLASSES:
            raise DataError(
                f"The array {name} of {where} has {numeral(columns)} columns, one for each class, "
                f"but at most {MAX_CLASSES} classes can be learned. Leave out some."
            )
        values = np.frombuffer(_exactly(stream, n * columns * dtype.itemsize, name), dtype)
        _check_end(stream, name)
    values = values.reshape(n, columns)
    if columns > 1:
        if not ((values == 0) | (values == 1)).all() or not (values.sum(axis=1) == 1).all():
            raise DataError(
                f"The array {name} of {where} has {columns} columns, but not a single 1 in each "
                "row. Write one label for each image."
            )
        one_hot: NDArray[np.int64] = values.argmax(axis=1).astype(np.int64)
        return one_hot
    whole = values[:, 0]
    with np.errstate(invalid="ignore"):
        numbers: NDArray[np.int64] = whole.astype(np.int64)
    if (wrong := np.flatnonzero(numbers != whole)).size:
        raise DataError(
            f"The array {name} of {where} has the label {whole[wrong[0]]} at {wrong[0]}, but "
            "labels are whole numbers. Write it again."
        )
    return numbers


def _read_images(
    archive: zipfile.ZipFile,
    name: str,
    labels: tuple[int, str],
    where: str,
    levels: Levels,
    report: Callable[[int], None],
) -> tuple[NDArray[np.uint8], bool]:
    """Read images of any size in chunks; return them as (n, 784), and whether they were fitted."""
    with _open(archive, name) as stream:
        shape, dtype = _read_header(stream, name, where)
        n, label_name = labels
        if dtype.kind not in "buif" or not shape or shape[0] != n:
            raise DataError(
                f"The array {name} of {where} is {dtype} {shape}, which does not fit the "
                f"{numeral(n)} labels in {label_name}. Write one image for each label."
            )
        size = image_shape(shape[1:], f"The array {name} of {where}")
        length = math.prod(size) * dtype.itemsize
        if n * length > _MOST_BYTES:
            raise DataError(
                f"The array {name} of {where} is too large to be read. Make the images smaller."
            )
        images = FittedImages(size)
        step = max(1, _CHUNK // length)
        for start in range(0, n, step):
            report(start)
            m = min(step, n - start)
            values = np.frombuffer(_exactly(stream, m * length, name), dtype)
            place = f"{name}, images {numeral(start)} to {numeral(start + m - 1)}"
            images.add(levels.of(values, place))
        _check_end(stream, name)
    return images.all(), images.is_fitted


def _read_header(stream: IO[bytes], name: str, where: str) -> tuple[tuple[int, ...], np.dtype[Any]]:
    shape, dtype, is_by_column = read_layout(stream, name)
    if is_by_column and len(shape) > 1:
        raise DataError(
            f"The array {name} of {where} is stored in column order. Write it again after "
            "numpy.ascontiguousarray."
        )
    return shape, dtype


def _exactly(stream: IO[bytes], length: int, name: str) -> bytes:
    content = stream.read(length)
    if len(content) < length:
        raise ValueError(f"{name} is cut short")
    return content


def _check_end(stream: IO[bytes], name: str) -> None:
    if stream.read(1):  # at the end, zipfile also compares the checksum
        raise ValueError(f"{name} is longer than it says")
