"""A copied or dragged picture, from a file or from another program."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path

import numpy as np
from PySide6.QtCore import QByteArray, QMimeData, Qt
from PySide6.QtGui import QDropEvent, QImage

from core.errors import DataError
from core.pictures.picture_decoding import (
    FORMATS_IN_WORDS,
    LONGEST_SIDE,
    MOST_BYTES,
    DecodedPicture,
    decode,
)
from core.pictures.pictures import read_whole_picture

PictureReader = Callable[[], DecodedPicture]
"""May raise a DataError; for another thread, because a large picture takes seconds."""

_ENCODED = (
    *("image/png", "image/webp", "image/bmp", "image/x-bmp", "image/tiff", "image/gif"),
    *("image/jpeg", "image/jpg"),
)
"""The content types of the formats that are read, those first that lose nothing."""

_NAME = "The copied picture"


def local_files(data: QMimeData) -> list[Path]:
    """Return the files of this machine that are dragged or copied."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def may_be_picture(data: QMimeData) -> bool:
    """Whether what is dragged may be a picture; folders and files that the window opens are not."""
    files = local_files(data)
    if any(file.is_dir() or file.suffix.lower() in (".npz", ".toml") for file in files):
        return False
    return bool(files) or data.hasImage() or data.hasUrls()


def accept_copy(event: QDropEvent) -> None:
    """Accept a drop, but never as a move, after which the giver would delete the file."""
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()


def picture_name(data: QMimeData) -> str:
    """Return what the picture is called: its file, without the suffix."""
    files = local_files(data)
    return files[0].stem if files else "picture"


def picture_reader(data: QMimeData) -> PictureReader:
    """Return a function that reads the dragged or copied picture.

    What another program offers as a file's content is predicted as a file is. Qt is never asked to
    decode it: Qt would read formats that are not promised, as SVG, which may name other files.

    Raises
    ------
    DataError
        If there is none, or more than one.
    """
    files = local_files(data)
    if len(files) > 1:
        raise DataError(
            "Those are several files. Drop one picture at a time, or import a folder in My digits."
        )
    if files:
        return partial(read_whole_picture, files[0])
    for content_type in _ENCODED:
        if data.hasFormat(content_type):
            return _reader_of_content(data.data(content_type))
    if any(content_type.startswith("image/") for content_type in data.formats()):
        raise DataError(f"{_NAME} is of no known kind. Save it as {FORMATS_IN_WORDS} first.")
    # What claims to be a picture may be damaged, and is then null.
    image = QImage(data.imageData()) if data.hasImage() else QImage()
    if not image.isNull():
        return partial(_decoded, image)  # any thread may use a QImage, which is a value
    if data.hasUrls():
        raise DataError("That picture is not on this machine. Save it, then drop the file.")
    raise DataError(
        "The clipboard contains no image. Copy an image of a digit, or its file, first."
    )


def _reader_of_content(content: QByteArray) -> PictureReader:
    if content.size() > MOST_BYTES:
        raise DataError(f"{_NAME} is too large. Make it smaller.")
    stream = BytesIO(bytes(content.data()))
    return lambda: decode(stream, _NAME)


def _decoded(image: QImage) -> DecodedPicture:
    width, height = image.width(), image.height()
    if max(width, height) > LONGEST_SIDE:
        image = image.scaled(
            LONGEST_SIDE,
            LONGEST_SIDE,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    rgba = image.convertToFormat(QImage.Format.Format_RGBA8888)
    if rgba.isNull():  # for want of memory, or one of its sides became nothing
        raise DataError(f"{_NAME} is too large. Make it smaller.")
    pixels = np.frombuffer(rgba.constBits(), np.uint8).reshape(rgba.height(), rgba.width(), 4)
    channels = 4 if image.hasAlphaChannel() else 3
    return DecodedPicture(pixels[:, :, :channels].copy(), width, height)
