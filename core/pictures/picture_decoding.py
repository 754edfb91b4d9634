"""Picture files as arrays: of a few formats, within bounds, and not larger than a digit needs.

Pillow guesses a file's format by its content, whatever its name, and for some formats it starts
another program. It is therefore asked for the formats here and no other; none of these does.
"""

from __future__ import annotations

import math
from typing import IO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from core.errors import DataError
from core.printable_text import printable

SUFFIXES = {
    "PNG": (".png",),
    "JPEG": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "WEBP": (".webp",),
    "BMP": (".bmp", ".dib"),
    "GIF": (".gif",),
    "TIFF": (".tif", ".tiff"),
}
"""The formats that are read, as Pillow calls them, and how the names of such files end."""

FORMATS_IN_WORDS = "PNG, JPEG, WebP, BMP, GIF or TIFF"

MOST_BYTES = 300_000_000
"""What a picture's file, and what it is decoded into, may have."""

LONGEST_SIDE = 3_000
"""Pixels. Larger pictures are reduced to it: of a digit with a thirtieth of the picture's side it
leaves 100, where an image that the network reads has 28."""

_BYTES_A_PIXEL = 6
"""That decoding takes: four for the colors, and two for what they are made from."""

_BYTES_A_PIXEL_OF_FRAMES = 16
"""Where frames are laid over each other, as in all of WebP: several canvases at a time."""

_MOST_FRAMES, _MOST_PIXELS_OF_FRAMES = 30, 100_000_000
"""So many are looked at, at most, for one that is not blank."""

_WHITES = (1, *(2**bits - 1 for bits in (8, 10, 12, 14, 16, 32)))
"""What may stand for white in pictures of deep pixels: the first that none exceeds. Cameras and
scanners write what they measure in 10, 12 or 14 bits into files of 16, which do not say so."""

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""How to turn a picture with this orientation in its Exif data (tag 274) upright."""
_ORIENTATION = 274


class UnknownFormatError(DataError):
    """A file is no picture of a format that is read."""


def decode_picture(stream: IO[bytes], name: str) -> NDArray[np.uint8]:
    """Decode a picture, upright; of several frames the first that is not blank.

    Parameters
    ----------
    stream
        The file's content.
    name
        What messages call it; they begin with it.

    Returns
    -------
    NDArray[np.uint8]
        (h, w) if it is gray, (h, w, 3) for RGB, (h, w, 4) for RGBA; no side is longer than 3,000.

    Raises
    ------
    UnknownFormatError
        If it is of none of the formats that are read.
    DataError
        If it is damaged, or would take more than `MOST_BYTES` to decode.
    """
    try:
        with Image.open(stream, formats=tuple(SUFFIXES)) as image:
            return _decoded(image)
    except (_TooLargeError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise DataError(
            f"{name} has too many pixels to be opened safely. Make it smaller."
        ) from error
    except UnidentifiedImageError as error:
        raise UnknownFormatError(
            f"{name} is no picture of a known kind. Choose a {FORMATS_IN_WORDS} file."
        ) from error
    except Exception as error:  # Pillow raises many kinds for damaged content
        reason = printable(str(getattr(error, "strerror", None) or error), 200)
        raise DataError(
            f"{name} cannot be read: {reason}. It may be damaged or gone; "
            "choose another file, or save the picture anew."
        ) from error


class _TooLargeError(Exception):
    """A picture would take too much memory."""


def _decoded(image: Image.Image) -> NDArray[np.uint8]:
    if image.format in {"JPEG", "MPO"}:
        _reduce_jpeg(image)
    _check_size(image, _BYTES_A_PIXEL_OF_FRAMES if image.format == "WEBP" else _BYTES_A_PIXEL)
    first = _pixels(image)
    pixels, frame = first, 0
    most = min(_MOST_FRAMES, _MOST_PIXELS_OF_FRAMES // (image.width * image.height))
    while _is_blank(pixels) and frame < most:
        frame += 1
        try:
            _check_size(image, _BYTES_A_PIXEL_OF_FRAMES)
            image.seek(frame)
            _check_size(image, _BYTES_A_PIXEL_OF_FRAMES)  # that of a TIFF's may be another
        except (EOFError, _TooLargeError):
            return first
        pixels = _pixels(image)
    return first if _is_blank(pixels) else pixels


def _reduce_jpeg(image: Image.Image) -> None:
    """Have a JPEG decoded at a half, a quarter or an eighth of its size where that is enough."""
    if image.info.get("progressive"):
        _check_size(image, _BYTES_A_PIXEL)  # its coefficients are kept in full
    scale = LONGEST_SIDE / max(image.size)
    if scale < 1:
        width, height = image.size
        image.draft(None, (math.ceil(width * scale), math.ceil(height * scale)))


def _check_size(image: Image.Image, bytes_a_pixel: int) -> None:
    most = min(MOST_BYTES / bytes_a_pixel, Image.MAX_IMAGE_PIXELS or math.inf)
    if image.width * image.height > most:
        raise _TooLargeError


def _pixels(image: Image.Image) -> NDArray[np.uint8]:
    """Return a frame reduced, in eight bits, and upright."""
    image.load()
    orientation = image.getexif().get(_ORIENTATION)
    reduced = _reduced(_with_plain_pixels(image))
    if reduced.mode in {"I", "F"}:
        reduced = _in_eight_bits(reduced)
    if orientation in _UPRIGHT:
        reduced = reduced.transpose(_UPRIGHT[orientation])
    return np.array(reduced)


def _with_plain_pixels(image: Image.Image) -> Image.Image:
    """Return it in a mode whose pixels can be averaged: L, RGB, RGBA, or I or F."""
    if image.mode in {"I", "F"}:
        return image
    if image.mode.startswith("I;16"):
        return image.convert("I")
    mode = "L" if image.mode in {"1", "L"} else "RGB"
    if image.has_transparency_data:
        mode = "RGBA"
    return image if image.mode == mode else image.convert(mode)  # which would copy it


def _reduced(image: Image.Image) -> Image.Image:
    scale = LONGEST_SIDE / max(image.size)
    if scale >= 1:
        return image
    width, height = (max(1, round(length * scale)) for length in image.size)
    return image.resize((width, height), Image.Resampling.BOX, reducing_gap=2)


def _in_eight_bits(image: Image.Image) -> Image.Image:
    values = np.nan_to_num(np.asarray(image, np.float64), posinf=0, neginf=0)
    values = values - min(0.0, float(values.min()))
    high = float(values.max())
    white = next((white for white in _WHITES if high <= white), high)
    return Image.fromarray(np.rint(values * (255 / white)).astype(np.uint8))


def _is_blank(pixels: NDArray[np.uint8]) -> bool:
    """Whether all pixels are the same, or none is visible."""
    hidden = pixels.shape[2:] == (4,) and not pixels[..., 3].any()
    return hidden or bool((pixels == pixels[0, 0]).all())
