"""A drawing's ink as a grayscale PNG: lossless, and readable by any program."""

from __future__ import annotations

import hashlib
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.errors import DataError
from core.files.atomic_file import write_new
from core.files.user_file import read_file
from core.ink.drawing import RASTER_SIDE

INK_SHAPE = (RASTER_SIDE, RASTER_SIDE)

_MOST_BYTES = 1_000_000
"""A larger file is not ink, which takes 78 kB uncompressed."""


def write_ink(path: Path, ink: NDArray[np.uint8]) -> None:
    """Write ink, uint8 (280, 280), to a new file.

    Raises
    ------
    FileExistsError
        If `path` exists.
    DigitscopeError
        If it cannot be written.
    """
    write_new(path, lambda stream: Image.fromarray(ink).save(stream, "PNG"))


def read_ink(path: Path) -> NDArray[np.uint8]:
    """Read a PNG of ink, uint8 (280, 280).

    Raises
    ------
    DataError
        If the file is missing, damaged, of another kind or size, or blank.
    """
    try:
        content = read_file(path, _MOST_BYTES)
    except OSError as error:
        raise DataError(f"'{path}' cannot be read: {error.strerror or error}.") from error
    try:
        _check_sums(content)
        with Image.open(BytesIO(content), formats=("PNG",)) as picture:
            fits = picture.mode == "L" and picture.size == INK_SHAPE
            if fits:  # otherwise it may be far too large to read
                ink: NDArray[np.uint8] = np.array(picture)
    except Exception as error:  # Pillow raises many kinds for damaged content
        raise DataError(f"'{path}' cannot be read as a picture; it may be damaged.") from error
    if not fits:
        raise DataError(
            f"'{path}' is not a grayscale PNG of {RASTER_SIDE}×{RASTER_SIDE}. "
            "Import it from another folder to have it fitted."
        )
    if not ink.any():
        raise DataError(f"'{path}' is blank.")
    return ink


def _check_sums(content: bytes) -> None:
    """Compare the checksums of a PNG's chunks; Pillow does not check those of the pixels.

    After a signature of 8 bytes, each chunk consists of length, type, content, and their CRC-32
    (W3C, "Portable Network Graphics", section 5.3).
    """
    begin = 8
    while begin < len(content):
        end = begin + 8 + int.from_bytes(content[begin : begin + 4])
        if zlib.crc32(content[begin + 4 : end]) != int.from_bytes(content[end : end + 4]):
            raise ValueError("a checksum is wrong")
        begin = end + 4


def fingerprint(ink: NDArray[np.uint8]) -> bytes:
    """Return a SHA-256 hash of the ink."""
    return hashlib.sha256(np.ascontiguousarray(ink).data).digest()
