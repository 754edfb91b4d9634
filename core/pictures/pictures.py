"""Picture files: which there are, and their pixels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.errors import DataError
from core.files.user_file import open_file
from core.pictures.picture_decoding import MOST_BYTES, SUFFIXES, DecodedPicture, decode
from core.printable_text import printable

_SUFFIXES = frozenset(suffix for suffixes in SUFFIXES.values() for suffix in suffixes)


def claims_to_be_picture(path: Path) -> bool:
    """Return whether a visible file has the suffix of a supported format."""
    return path.suffix.lower() in _SUFFIXES and not path.name.startswith(".")


def pictures_in(folder: Path) -> list[Path]:
    """Return the files of a folder that claim to be pictures, sorted; may raise OSError."""
    return sorted(filter(claims_to_be_picture, folder.iterdir()))


def read_picture(path: Path) -> NDArray[np.uint8]:
    """Return the pixels of a picture file; see :func:`read_whole_picture`."""
    return read_whole_picture(path).pixels


def read_whole_picture(path: Path) -> DecodedPicture:
    """Read a picture file, upright; of several frames the first that is not blank.

    Raises DataError if it cannot be read, and otherwise returns and raises the same as
    :func:`core.pictures.picture_decoding.decode`.
    """
    name = f"'{printable(str(path))}'"
    try:
        stream = open_file(path, MOST_BYTES)
    except OSError as error:
        raise DataError(
            f"{name} cannot be read: {error.strerror or error}. Choose another file."
        ) from error
    with stream:
        return decode(stream, name)
