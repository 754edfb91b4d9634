"""Digits and their answers as one ``.npz`` that plain NumPy can read.

It holds `images`, uint8 (n, 28, 28), `labels`, uint8 (n,), and `ink`, uint8 (n, 280, 280). Reading
is strict: a file from elsewhere is checked before anything is allocated by what it claims. It may
lack `ink`, and its `images` may be (n, 784).
"""

from __future__ import annotations

import math
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from core.atomic_file import write_atomically
from core.datasets.dataset import CLASSES, PIXELS, SIDE, LabelledImages
from core.drawing import enlarged
from core.errors import DataError
from core.ink_file import INK_SHAPE
from core.npz import check_directory, read_header
from core.progress import Progress
from core.user_file import open_file

MOST_DIGITS = 10_000
"""How many a file may hold: so much ink is 784 MB."""

_MOST_BYTES = 1_000_000_000


def write_npz(
    path: Path,
    digits: LabelledImages,
    inks: Iterable[NDArray[np.uint8]],
    progress: Progress,
) -> None:
    """Write n digits, and as many inks, uint8 (280, 280), which are taken one by one.

    Raises
    ------
    DigitscopeError
        If the file cannot be written; what was at `path` before is as it was.
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
    """Read the right answers, uint8 (n,).

    Raises
    ------
    DataError
        If the file is missing, damaged, or has no answers of 0…9.
    """
    with _opened(path) as archive:
        return _read_labels(archive)


def read_npz_ink(path: Path, labels: NDArray[np.uint8]) -> Iterator[NDArray[np.uint8]]:
    """Read the ink of each of the digits with these `labels`, uint8 (280, 280), one by one.

    Where the file has none, each pixel of an image is a square of ink.

    Raises
    ------
    DataError
        If the file is damaged, which may only be found after the last, or does not fit `labels`.
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
    """Open the file, and turn what zipfile and NumPy raise for a bad one into a DataError."""
    try:
        with open_file(path, _MOST_BYTES) as stream:
            check_directory(stream)
            with zipfile.ZipFile(stream) as archive:
                yield archive
    except OSError as error:
        raise DataError(f"'{path}' could not be read: {error.strerror or error}.") from error
    except (
        ValueError,
        KeyError,
        EOFError,
        RuntimeError,
        zlib.error,
        zipfile.BadZipFile,
    ) as error:
        raise DataError(f"'{path}' is damaged or holds no digits: {error}.") from error


def _read_labels(archive: zipfile.ZipFile) -> NDArray[np.uint8]:
    with archive.open("labels.npy") as stream:
        shape = _read_header(stream, "labels")
        if len(shape) != 1 or not 1 <= shape[0] <= MOST_DIGITS:
            raise ValueError(f"its labels are {shape}, and should be 1 to {MOST_DIGITS:,} in a row")
        labels = np.frombuffer(_read_part(stream, "labels", shape), np.uint8)
        _check_end(stream, "labels")
    if labels.max() >= CLASSES:
        raise ValueError(f"it has a label {labels.max()}, and a digit is 0 to {CLASSES - 1}")
    return labels


def _read_parts(
    archive: zipfile.ZipFile, name: str, n: int, shape: tuple[int, ...]
) -> Iterator[NDArray[np.uint8]]:
    """Read n arrays of `shape` from one, so that there is never room for more than one of them."""
    with archive.open(f"{name}.npy") as stream:
        _read_header(stream, name)
        for _ in range(n):
            yield np.frombuffer(_read_part(stream, name, shape), np.uint8).reshape(shape)
        _check_end(stream, name)


def _check_shape(
    archive: zipfile.ZipFile, name: str, possible: tuple[tuple[int, ...], ...]
) -> None:
    with archive.open(f"{name}.npy") as stream:
        shape = _read_header(stream, name)
    if shape not in possible:
        wanted = " or ".join(str(shape) for shape in possible)
        raise ValueError(f"its {name} are {shape}, and should be {wanted}")


def _read_header(stream: IO[bytes], name: str) -> tuple[int, ...]:
    """Return the shape of an array of uint8."""
    shape, dtype = read_header(stream, name)
    if dtype != np.uint8:
        raise ValueError(f"{name} is {dtype}, and should be uint8")
    return shape


def _read_part(stream: IO[bytes], name: str, shape: tuple[int, ...]) -> bytes:
    """Read as many bytes as `shape` has, and no more, whatever the file would expand to."""
    content = stream.read(math.prod(shape))
    if len(content) < math.prod(shape):
        raise ValueError(f"its {name} were cut short")
    return content


def _check_end(stream: IO[bytes], name: str) -> None:
    if stream.read(1):  # at the end zipfile compares the checksum, too
        raise ValueError(f"its {name} are longer than they say")
