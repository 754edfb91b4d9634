"""The picture that is copied or dragged: its pixels, from a file or from another program."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

from core.errors import DataError
from core.pictures import read_picture


def local_files(data: QMimeData) -> list[Path]:
    """Return the files of this machine that are dragged or copied."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def picture_pixels(data: QMimeData) -> NDArray[np.uint8]:
    """Return the one picture that is dragged or copied.

    Returns
    -------
    NDArray[np.uint8]
        (h, w) grey, (h, w, 3) RGB, or (h, w, 4) RGBA where the picture may be transparent.

    Raises
    ------
    DataError
        If there is none, or more than one, or it cannot be read.
    """
    files = local_files(data)
    if len(files) > 1:
        raise DataError("Those are several files. The pad takes one picture at a time.")
    if files:
        return read_picture(files[0])
    # What claims to be a picture may be damaged, and is then null.
    image = QImage(data.imageData()) if data.hasImage() else QImage()
    if not image.isNull():
        return _image_pixels(image)
    if data.hasUrls():
        raise DataError("That picture is not on this machine. Save it, then drop the file.")
    raise DataError("That is no picture. Copy a picture of a digit, or a file of one, first.")


def _image_pixels(image: QImage) -> NDArray[np.uint8]:
    rgba = image.convertToFormat(QImage.Format.Format_RGBA8888)
    pixels = np.frombuffer(rgba.constBits(), np.uint8).reshape(rgba.height(), rgba.width(), 4)
    return pixels[:, :, : 4 if image.hasAlphaChannel() else 3].copy()
