"""Reads arrays from an ``.npz`` file that is not trusted."""

from __future__ import annotations

import math
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from core.files.user_file import open_file

_MAX_DIRECTORY = 100_000
"""Most bytes of a zip's table of contents: enough for a thousand arrays. Python reads it before it
can be checked, and needs a dozen times as much memory."""

DAMAGES = (ValueError, KeyError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error)
"""What reading a damaged archive may raise, other than OSError."""

_CHUNK = 1 << 18
"""Bytes read at once: few enough to stay in the processor's cache."""

_END = 22
_END_64 = 56
_LOCATOR_64 = 20

_HEADER = re.compile(
    r"\{'descr': '(?P<dtype>[<>|](?:b1|[iu][1248]|f[248]|[SU]\d{1,8}))', "
    r"'fortran_order': (?P<fortran_order>True|False), "
    r"'shape': \((?P<shape>(?:\d{1,18}, ?){0,8}\d{0,18})\),? ?\} *\n",
    re.ASCII,
)
"""A header as NumPy writes it. NumPy parses others as Python code, which may warn."""


@contextmanager
def open_stored(path: Path, most: int) -> Iterator[tuple[zipfile.ZipFile, int]]:
    """Yield an archive that `numpy.savez` wrote, uncompressed, and the size of the file.

    Raises
    ------
    OSError
        If it cannot be opened, or has more than `most` bytes.
    ValueError, zipfile.BadZipFile
        If it is not a zip, or has too many members, two of one name, a compressed one, or one that
        claims to be larger than the file.
    """
    with open_file(path, most) as stream:
        size = check_directory(stream)
        with zipfile.ZipFile(stream) as archive:
            _check_members(archive.infolist(), size)
            yield archive, size


def check_directory(stream: IO[bytes]) -> int:
    """Check the length of the table of contents; return the size of the file.

    The records at the end of a zip are described in PKWARE's APPNOTE.TXT, 4.3.14 to 4.3.16.

    Raises
    ------
    ValueError
        If they are missing, or the table is too long.
    """
    size = stream.seek(0, os.SEEK_END)
    stream.seek(-min(size, _END + _LOCATOR_64 + _END_64), os.SEEK_END)
    tail = stream.read()
    end, locator = tail[-_END:], tail[-_END - _LOCATOR_64 : -_END]
    if len(end) < _END or not end.startswith(b"PK\x05\x06"):
        raise ValueError("it does not end like a zip file; it may be cut short")
    length: int = struct.unpack_from("<L", end, 12)[0]
    if locator.startswith(b"PK\x06\x07"):  # a file of more than 2 GB
        length = max(length, struct.unpack_from("<Q", tail, 40)[0]) if len(tail) == 98 else length
    if length > _MAX_DIRECTORY:
        raise ValueError("its table of contents is too long")
    return size


def _check_members(members: list[zipfile.ZipInfo], size: int) -> None:
    if len({member.filename for member in members}) != len(members):
        raise ValueError("two of its arrays have the same name")
    if any(
        member.compress_type != zipfile.ZIP_STORED or member.compress_size != member.file_size
        for member in members
    ):
        raise ValueError("its arrays are compressed")
    if sum(member.file_size for member in members) > size:
        raise ValueError("its arrays claim to be larger than the file")


def read_header(stream: IO[bytes], name: str) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """Return the shape and type of an array from its header, before its content is read.

    Raises
    ------
    ValueError
        If it is in column order, or in a format that `numpy.savez` does not write.
    """
    shape, dtype, is_by_column = read_layout(stream, name)
    if is_by_column and len(shape) > 1:
        raise ValueError(f"{name} is stored in column order")
    return shape, dtype


def read_layout(stream: IO[bytes], name: str) -> tuple[tuple[int, ...], np.dtype[Any], bool]:
    """Return what :func:`read_header` does, and whether the array is in column order."""
    start = stream.read(10)
    if len(start) < 10 or not start.startswith(b"\x93NUMPY\x01\x00"):
        raise ValueError(f"{name} has an unknown format")
    header = stream.read(struct.unpack_from("<H", start, 8)[0]).decode("latin-1")
    match = _HEADER.fullmatch(header)
    if match is None:
        raise ValueError(f"{name} has an unknown header")
    shape = tuple(int(length) for length in match["shape"].split(",") if length.strip())
    return shape, np.dtype(match["dtype"]), match["fortran_order"] == "True"


def read_array(
    archive: zipfile.ZipFile,
    name: str,
    shape: tuple[int | None, ...],
    dtype: np.dtype[Any],
    limit: int,
) -> NDArray[Any]:
    """Read an array of this type and shape, of at most `limit` bytes; None is any length."""
    with archive.open(f"{name}.npy") as stream:
        found, found_dtype = read_header(stream, name)
        fits = len(found) == len(shape) and all(
            length in (actual, None) for actual, length in zip(found, shape, strict=True)
        )
        if not fits or found_dtype != dtype:
            wanted = str(shape).replace("None", "n")
            raise ValueError(f"{name} is {found_dtype} {found}, and should be {dtype} {wanted}.")
        if (length := dtype.itemsize * math.prod(found)) > limit:
            raise ValueError(f"{name} claims to be larger than the file.")
        values = np.frombuffer(rest(stream, length, name), dtype).reshape(found)
    values.setflags(write=False)
    return values


def rest(stream: IO[bytes], length: int, name: str) -> bytearray:
    """Read the remaining `length` bytes; zipfile compares the checksum at the end."""
    content, done = bytearray(length), 0
    while part := stream.read(min(_CHUNK, length - done)):
        content[done : done + len(part)] = part
        done += len(part)
    if done < length or stream.read(1):
        raise ValueError(f"{name} is shorter or longer than it says.")
    return content
