"""Reads IDX files, the format of MNIST, and verifies their checksums.

An IDX file is a header and then the values in C order. The header is two zero bytes, a byte for
the type of the values (8: uint8), a byte for the number of dimensions, and each dimension as a
big-endian uint32.
"""

from __future__ import annotations

import gzip
import hashlib
import math
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from core.errors import DataError
from core.files.user_file import open_file
from core.wording import numeral

_UINT8 = 8
_GZIP_MAGIC = b"\x1f\x8b"
_MD5_DIGITS = 32


@dataclass(frozen=True)
class IdxFile:
    """Identifies an IDX file of uint8 values.

    Attributes
    ----------
    name
        Name of the published file without ``.gz``.
    shape
        ``(n, height, width)`` for images, ``(n,)`` for labels.
    checksum
        Hexadecimal SHA-256 of the uncompressed file, header included; or its MD5, which is shorter,
        if no more is known.
    published_sha256, published_size
        SHA-256 of the ``.gz`` file on the mirrors, and its size in bytes. Copies elsewhere were
        often compressed again, so only downloads are compared with these.
    """

    name: str
    shape: tuple[int, ...]
    checksum: str
    published_sha256: str
    published_size: int

    @property
    def header(self) -> bytes:
        """The header of the file."""
        return struct.pack(f">4B{len(self.shape)}I", 0, 0, _UINT8, len(self.shape), *self.shape)

    @property
    def values(self) -> int:
        """Number of values, of one byte each."""
        return math.prod(self.shape)

    @property
    def most_bytes(self) -> int:
        """Larger files are not read."""
        return 2 * self.values + 1_000_000


def read_idx(path: Path, expected: IdxFile) -> NDArray[np.uint8]:
    """Read and verify an IDX file, plain or gzipped; return its values, read-only.

    The first bytes decide which, because browsers may decompress a download and leave ``.gz`` in
    its name. Reads at most one value more than expected, whatever the file claims.

    Raises
    ------
    DataError
        If the file cannot be read, or is not the expected one.
    """
    try:
        with open_file(path, expected.most_bytes) as raw:
            if raw.peek(2)[:2] != _GZIP_MAGIC:
                return _read_stream(raw, path, expected)
            with gzip.GzipFile(fileobj=raw) as stream:
                return _read_stream(stream, path, expected)
    except EOFError as error:
        raise _cut_off(path, expected) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise DataError(
            f"{path} cannot be decompressed: {error}. It was probably damaged by a broken "
            f"download or copy. {_remedy(expected)}"
        ) from error
    except OSError as error:
        raise DataError(
            f"{path} cannot be read: {error.strerror or error}. {_remedy(expected)}"
        ) from error


def verified_array(source: str, body: bytes, expected: IdxFile) -> NDArray[np.uint8]:
    """Verify the values of an IDX file and return them as an array, without a copy.

    Parameters
    ----------
    source, body, expected
        As in :func:`sized_array`.

    Raises
    ------
    DataError
        If there are too few or too many values, or their checksum is wrong.
    """
    array = sized_array(source, body, expected)
    kind = "MD5" if len(expected.checksum) == _MD5_DIGITS else "SHA-256"
    digest = hashlib.new(kind.replace("-", "").lower(), expected.header, usedforsecurity=False)
    digest.update(body)
    if digest.hexdigest() != expected.checksum:
        raise DataError(
            f"{source} has the right size, but its content is not that of {expected.name}: its "
            f"{kind} is {digest.hexdigest()}, not {expected.checksum}. It was altered, or belongs "
            f"to another data set with the same file names. {_remedy(expected)}"
        )
    return array


def sized_array(source: str, body: bytes, expected: IdxFile) -> NDArray[np.uint8]:
    """Return the values of an IDX file as an array, without a copy; checks only how many they are.

    Parameters
    ----------
    source
        Where the values come from, at the start of messages.
    body
        What follows the header; one byte too many is enough to detect a longer file.

    Raises
    ------
    DataError
        If there are too few or too many values.
    """
    if len(body) < expected.values:
        raise _cut_off(source, expected)
    if len(body) > expected.values:
        raise DataError(
            f"{source} is longer than the {numeral(expected.values)} values that its header "
            "announces. "
            f"Something was probably appended to it. {_remedy(expected)}"
        )
    return np.frombuffer(body, np.uint8).reshape(expected.shape)


def describe(shape: tuple[int, ...]) -> str:
    """Return a shape as text: ``60,000 labels``, ``60,000 images of 28×28``."""
    if len(shape) == 1:
        return f"{numeral(shape[0])} labels"
    return f"{numeral(shape[0])} images of {'×'.join(map(str, shape[1:]))}"


def _read_stream(
    stream: BinaryIO | gzip.GzipFile, path: Path, expected: IdxFile
) -> NDArray[np.uint8]:
    """Check the header, then read and verify the values."""
    _check_header(stream.read(len(expected.header)), path, expected)
    return verified_array(str(path), stream.read(expected.values + 1), expected)


def _check_header(header: bytes, path: Path, expected: IdxFile) -> None:
    """Check the header; the DataError says whether the file is another one, foreign, or cut off."""
    if header == expected.header:
        return
    magic, whole = expected.header[:4], len(header) == len(expected.header)
    if len(header) < 4 or (header[:4] == magic and not whole):
        raise _cut_off(path, expected)
    if header[:4] == magic:
        found = describe(struct.unpack(f">{len(expected.shape)}I", header[4:]))
    elif header[:3] == magic[:3] and header[3] in (1, 3):
        found = "labels" if header[3] == 1 else "images"
    else:
        raise DataError(
            f"{path} is not an IDX file of bytes: it begins with {header[:4].hex(' ')} instead of "
            f"{magic.hex(' ')}. It is probably a web page or another format saved under this "
            f"name. {_remedy(expected)}"
        )
    raise DataError(
        f"{path} contains {found} instead of {describe(expected.shape)}. It was probably mixed "
        f"up with another file of the set. {_remedy(expected)}"
    )


def _cut_off(source: Path | str, expected: IdxFile) -> DataError:
    return DataError(
        f"{source} is cut off: it ends before {describe(expected.shape)} are complete. "
        f"A download or copy probably broke off. {_remedy(expected)}"
    )


def _remedy(expected: IdxFile) -> str:
    return f"Replace it with a fresh copy of {expected.name} or {expected.name}.gz."
