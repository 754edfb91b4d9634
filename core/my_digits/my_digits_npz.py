"""Labeled digits as one ``.npz`` that plain NumPy can read.

It holds `images`, uint8 (n, 28, 28), `labels`, uint8 (n,), and `ink`, uint8 (n, 280, 280). Reading
is strict: sizes in the file are checked before memory is allocated for them. Files from elsewhere
may lack `ink`; their `images` may be (n, 784), and floats of 0 to 1, integers or booleans; their
`labels` may be whole numbers of any type, or (n, 10) with a single 1 in each row (one-hot).
"""

from __future__ import annotations

import math
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from core.arrays import DIGITS, PIXELS, SIDE, LabeledImages
from core.errors import DataError
from core.files.atomic_file import write_atomically
from core.files.npz import DAMAGES, check_directory, read_header
from core.files.user_file import open_file
from core.ink.drawing import enlarged
from core.ink.ink_file import INK_SHAPE
from core.progress import Progress
from core.wording import numeral

MOST_DIGITS = 10_000
"""Most digits in a file: their ink takes 784 MB."""

_MOST_BYTES = 1_000_000_000


def write_npz(
    path: Path,
    digits: LabeledImages,
    inks: Iterable[NDArray[np.uint8]],
    progress: Progress,
) -> None:
    """Write n digits, and the ink of each, uint8 (280, 280), which is read one by one.

    Raises
    ------
    DigitscopeError
        If the file cannot be written; an existing file stays unchanged.
    """
    n = len(digits.labels)

    def write(stream: IO[bytes]) -> None:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            with archive.open("images.npy", "w") as member:
                npy.write_array(member, digits.images.reshape(n, SIDE, SIDE), allow_pickle=False)
            with archive.open("labels.npy", "w") as member:
                npy.write_array(member, digits.labels, allow_pickle=False)
            with archive.open("ink.npy", "w", force_zip64=True) as member:
                header = {"descr": "|u1", "fortran_order": False, "shape": (n, *INK_SHAPE)}
                npy.write_array_header_1_0(member, header)
                for done, ink in enumerate(inks):
                    progress(done, n)
                    member.write(ink.tobytes())

    write_atomically(path, write)
    progress(n, n)


def read_npz_labels(path: Path) -> NDArray[np.uint8]:
    """Read the labels, uint8 (n,).

    Raises
    ------
    DataError
        If the file is missing or damaged, or its labels are not 0…9.
    """
    with _opened(path) as archive:
        return _read_labels(archive)


def read_npz_ink(path: Path, labels: NDArray[np.uint8]) -> Iterator[NDArray[np.uint8]]:
    """Yield the ink of each digit, uint8 (280, 280).

    If the file has no ink, each pixel of an image becomes a square of ink.

    Raises
    ------
    DataError
        If the file does not fit `labels` or is damaged, which may only show after the last one.
    """
    n = len(labels)
    with _opened(path) as archive:
        _check_shape(archive, "images", ((n, SIDE, SIDE), (n, PIXELS)))
        if "ink.npy" in archive.namelist():
            _check_shape(archive, "ink", ((n, *INK_SHAPE),))
            yield from _read_parts(archive, "ink", n, INK_SHAPE)
        else:
            yield from map(enlarged, _read_parts(archive, "images", n, (SIDE, SIDE)))


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open the file; turn errors of zipfile and NumPy into DataError."""
    try:
        with open_file(path, _MOST_BYTES) as stream:
            check_directory(stream)
            with zipfile.ZipFile(stream) as archive:
                yield archive
    except OSError as error:
        raise DataError(f"'{path}' could not be read: {error.strerror or error}.") from error
    except DAMAGES as error:
        raise DataError(f"'{path}' is damaged or contains no digits: {error}.") from error


def _read_labels(archive: zipfile.ZipFile) -> NDArray[np.uint8]:
    with archive.open("labels.npy") as stream:
        shape, dtype = _read_header(stream, "labels")
        fits = shape in {shape[:1], (*shape[:1], len(DIGITS))}
        if not fits or not shape or not 1 <= shape[0] <= MOST_DIGITS:
            raise ValueError(
                f"its labels are {shape}, but should be 1 to {numeral(MOST_DIGITS)} in a row"
            )
        labels = _read_part(stream, "labels", shape, dtype)
        _check_end(stream, "labels")
    if labels.ndim == 2:
        if not ((labels == 0) | (labels == 1)).all() or not (labels.sum(axis=1) == 1).all():
            raise ValueError("its labels have 10 columns, but not a single 1 in each row")
        labels = labels.argmax(axis=1)
    wrong = labels[~np.isin(labels, range(len(DIGITS)))]
    if wrong.size:
        raise ValueError(f"it has the label {wrong[0]}, but digits are 0 to {len(DIGITS) - 1}")
    return labels.astype(np.uint8)


def _read_parts(
    archive: zipfile.ZipFile, name: str, n: int, shape: tuple[int, ...]
) -> Iterator[NDArray[np.uint8]]:
    """Yield the n parts of an array, each of `shape`, with only one in memory at a time."""
    with archive.open(f"{name}.npy") as stream:
        _, dtype = _read_header(stream, name)
        for _ in range(n):
            yield _levels(_read_part(stream, name, shape, dtype), name)
        _check_end(stream, name)


def _levels(values: NDArray[Any], name: str) -> NDArray[np.uint8]:
    """Return levels of 0 to 255; 255 stands for a float of 1 or True."""
    white = 1 if values.dtype.kind in "fb" else 255
    if not ((values >= 0) & (values <= white)).all():  # also false for NaN
        raise ValueError(
            f"its {name} have values of {numeral(values.min(), 'g')} to "
            f"{numeral(values.max(), 'g')}, but "
            f"{values.dtype} should be 0 to {white}"
        )
    if white == 255:
        return values.astype(np.uint8)
    return np.asarray(np.rint(values * np.float64(255)), np.uint8)


def _check_shape(
    archive: zipfile.ZipFile, name: str, possible: tuple[tuple[int, ...], ...]
) -> None:
    with archive.open(f"{name}.npy") as stream:
        shape, _ = _read_header(stream, name)
    if shape not in possible:
        wanted = " or ".join(str(shape) for shape in possible)
        raise ValueError(f"its {name} are {shape}, but should be {wanted}")


def _read_header(stream: IO[bytes], name: str) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """Return the shape and type of an array of numbers."""
    shape, dtype = read_header(stream, name)
    if dtype.kind not in "buif":
        raise ValueError(f"{name} is {dtype}, but should be numbers")
    return shape, dtype


def _read_part(
    stream: IO[bytes], name: str, shape: tuple[int, ...], dtype: np.dtype[Any]
) -> NDArray[Any]:
    """Read exactly the bytes of `shape`, however large the file would expand to."""
    size = math.prod(shape) * dtype.itemsize
    content = stream.read(size)
    if len(content) < size:
        raise ValueError(f"its {name} were cut short")
    return np.frombuffer(content, dtype).reshape(shape)


def _check_end(stream: IO[bytes], name: str) -> None:
    if stream.read(1):  # at the end, zipfile also compares the checksum
        raise ValueError(f"its {name} are longer than they say")
