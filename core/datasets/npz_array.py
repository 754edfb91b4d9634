"""Reads arrays of known size from .npz files, strictly and in little memory."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from core.datasets.idx import IdxFile, describe, sized_array, verified_array
from core.errors import DataError
from core.files.user_file import open_file

_OVERHEAD = 1 << 16  # bytes; an archive of four arrays needs about a thousand


@dataclass(frozen=True)
class NpzArray:
    """Says where an array is.

    Attributes
    ----------
    file, member
        The .npz file, and the array's name in it.
    md5
        Hexadecimal MD5 of the whole file as it is published. If empty, the array is verified by
        its own checksum, because the file may have been written again.
    """

    file: str
    member: str
    md5: str = ""


def read_npz_array(
    path: Path, place: NpzArray, expected: IdxFile, most_values: int
) -> NDArray[np.uint8]:
    """Read and verify one array; return its values, read-only.

    Parameters
    ----------
    path
        The file; `place` says where the array is in it.
    expected
        Identifies the array.
    most_values
        Values of all arrays in the file; a larger file is not read.

    Raises
    ------
    DataError
        If the file cannot be read, or its content is not the expected one.
    """
    try:
        # The list of members is read as a whole, so the size of the file is limited first.
        with open_file(path, most_values + _OVERHEAD) as stream:
            _check_md5(stream, path, place)
            with zipfile.ZipFile(stream) as archive:
                return _read_member(archive, path, place, expected)
    except DataError:
        raise
    # zipfile, zlib and the parser of NumPy's headers raise a dozen types on damaged bytes.
    except Exception as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(
            f"{path} cannot be read: {reason}. It is probably damaged, or another file of this "
            "name. Replace it with a fresh copy, or delete it."
        ) from error


def _check_md5(stream: BufferedReader, path: Path, place: NpzArray) -> None:
    if not place.md5:
        return
    found = hashlib.file_digest(stream, _md5).hexdigest()
    stream.seek(0)
    if found != place.md5:
        raise DataError(
            f"{path} is not the file that was published: its MD5 is {found}, not {place.md5}. It "
            "was altered, or is another file of this name. Replace it with a fresh copy, or delete "
            "it."
        )


def _md5() -> hashlib._Hash:
    return hashlib.md5(usedforsecurity=False)


def _read_member(
    archive: zipfile.ZipFile, path: Path, place: NpzArray, expected: IdxFile
) -> NDArray[np.uint8]:
    """Read one array of an .npz file, with at most one value more than expected."""
    member = f"{place.member}.npy"
    info = archive.getinfo(member)
    # Only for these two can zipfile limit how much it decompresses; NumPy writes no others.
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ValueError(f"{member} is compressed in a way that NumPy does not use")
    with archive.open(info) as stream:
        if npy.read_magic(stream) != (1, 0):
            raise ValueError(f"{member} is not an array of format 1.0")
        shape, column_major, dtype = npy.read_array_header_1_0(stream)
        if shape != expected.shape or column_major or dtype != np.uint8:
            raise ValueError(
                f"{member} is {dtype} {shape}, not {describe(expected.shape)} in uint8"
            )
        array_of = sized_array if place.md5 else verified_array
        return array_of(f"{path} ({member})", stream.read(expected.values + 1), expected)
