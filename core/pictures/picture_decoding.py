"""Decodes picture files of a few formats, within limits of memory and size.

Pillow guesses the format from the content, and starts another program for some formats. It is
therefore limited to the formats here, for which it does not.
"""

from __future__ import annotations

import math
import re
import warnings
from typing import IO, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, UnidentifiedImageError

from core.errors import DataError
from core.pictures.foreign_files import foreign_file
from core.pictures.plain_pixels import in_eight_bits, with_plain_pixels
from core.printable_text import printable

SUFFIXES = {
    "PNG": (".png",),
    "JPEG": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "WEBP": (".webp",),
    "BMP": (".bmp", ".dib"),
    "GIF": (".gif",),
    "TIFF": (".tif", ".tiff"),
}
"""The supported formats, by their names in Pillow, with their suffixes."""

FORMATS_IN_WORDS = "PNG, JPEG, WebP, BMP, GIF or TIFF"

_BEGIN = {
    "PNG": rb"\x89PNG",
    "JPEG": rb"\xff\xd8\xff",
    "WebP": rb"RIFF....WEBP",
    "BMP": rb"BM....\0\0\0\0",
    "GIF": rb"GIF8[79]a",
    "TIFF": rb"II\*\0|MM\0\*",
}
"""What their files begin with: one that cannot be opened all the same is damaged, or of a rare
kind, as a TIFF with 64 bits."""

# Pillow warns of damaged metadata, which the user cannot repair and the picture does not need.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")

MOST_BYTES = 300_000_000
"""Most bytes of a picture's file, and of its decoded content."""

LONGEST_SIDE = 3_000
"""Pixels; larger pictures are reduced to it. A digit of a thirtieth of the picture's side still has
100 pixels then, while the network's input has 28."""

_BYTES_A_PIXEL = 6
"""Needed for decoding: four for the colors, and two for the data they are decoded from."""

_BYTES_A_PIXEL_OF_FRAMES = 16
"""Needed where frames are composed, as always in WebP: several canvases at a time."""

_MOST_FRAMES, _MOST_PIXELS_OF_FRAMES = 30, 100_000_000
"""Limits of the search for a frame that is not blank."""

_BLANK_SIDE, _BLANK_RANGE = 1_000, 16
"""A frame of whose pixels, with their longer side reduced to the first, the smoothed gray levels
have less than the second between them is blank."""

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

_SIDEWAYS = (5, 6, 7, 8)
"""Orientations of a picture whose width and height are swapped."""


class UnknownFormatError(DataError):
    """A file is not a picture of a supported format."""


class DecodedPicture(NamedTuple):
    """An upright picture.

    Attributes
    ----------
    pixels
        uint8, (h, w) if it is gray, (h, w, 3) for RGB, (h, w, 4) for RGBA; no side is longer than
        3,000.
    width, height
        Its size in the file, upright: larger than that of `pixels` if it was reduced.
    """

    pixels: NDArray[np.uint8]
    width: int
    height: int


def decode_picture(stream: IO[bytes], name: str) -> NDArray[np.uint8]:
    """Return the pixels of a picture; see :func:`decode`."""
    return decode(stream, name).pixels


def decode(stream: IO[bytes], name: str) -> DecodedPicture:
    """Decode a picture, upright; of several frames the first that is not blank.

    Parameters
    ----------
    stream
        Content of the file.
    name
        Its name at the start of messages.

    Raises
    ------
    UnknownFormatError
        If its format is not supported.
    DataError
        If it is damaged, or decoding needs more than `MOST_BYTES`.
    """
    if not stream.read(1):
        raise DataError(f"{name} is empty. Choose a {FORMATS_IN_WORDS} file.")
    try:
        with Image.open(stream, formats=tuple(SUFFIXES)) as image:
            return _decoded(image)
    except (_TooLargeError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise DataError(f"{name} has too many pixels to open safely. Make it smaller.") from error
    except UnidentifiedImageError as error:
        if begun := _begun_format(stream):
            raise DataError(
                f"{name} cannot be read: it begins as a {begun} file, but the rest is damaged, "
                "missing, or of a kind that is not supported. Choose another file, or save the "
                "picture again as PNG or JPEG."
            ) from error
        found = foreign_file(stream)
        raise UnknownFormatError(
            f"{name} {found}"
            if found
            else f"{name} is not a picture in a supported format. Choose a {FORMATS_IN_WORDS} file."
        ) from error
    except Exception as error:  # Pillow raises many kinds for damaged content
        reason = printable(str(getattr(error, "strerror", None) or error), 200)
        raise DataError(
            f"{name} cannot be read: {reason}. It may be damaged or deleted. "
            "Choose another file, or save the picture again."
        ) from error


def _begun_format(stream: IO[bytes]) -> str | None:
    """Return the supported format that a file begins with; None if with no such."""
    stream.seek(0)
    head = stream.read(16)
    return next((name for name, mark in _BEGIN.items() if re.match(mark, head, re.DOTALL)), None)


class _TooLargeError(Exception):
    """A picture would take too much memory."""


def _decoded(image: Image.Image) -> DecodedPicture:
    size = image.size
    if image.format in {"JPEG", "MPO"}:
        _reduce_jpeg(image)
    _check_size(image, _BYTES_A_PIXEL_OF_FRAMES if image.format == "WEBP" else _BYTES_A_PIXEL)
    first = _upright(image, size)
    picture, frame = first, 0
    most = min(_MOST_FRAMES, _MOST_PIXELS_OF_FRAMES // (image.width * image.height))
    while _is_blank(picture.pixels) and frame < most:
        frame += 1
        try:
            _check_size(image, _BYTES_A_PIXEL_OF_FRAMES)
            image.seek(frame)
            _check_size(image, _BYTES_A_PIXEL_OF_FRAMES)  # frames of a TIFF may differ in size
        except (EOFError, _TooLargeError):
            return first
        picture = _upright(image, image.size)
    return first if _is_blank(picture.pixels) else picture


def _reduce_jpeg(image: Image.Image) -> None:
    """Decode a JPEG at a half, a quarter or an eighth of its size where that is enough."""
    if image.info.get("progressive"):
        _check_size(image, _BYTES_A_PIXEL)  # all of its coefficients are kept in memory
    scale = LONGEST_SIDE / max(image.size)
    if scale < 1:
        width, height = image.size
        image.draft(None, (math.ceil(width * scale), math.ceil(height * scale)))


def _check_size(image: Image.Image, bytes_a_pixel: int) -> None:
    most = min(MOST_BYTES / bytes_a_pixel, Image.MAX_IMAGE_PIXELS or math.inf)
    if image.width * image.height > most:
        raise _TooLargeError


def _upright(image: Image.Image, size: tuple[int, int]) -> DecodedPicture:
    """Return a frame of this size in the file reduced, in eight bits, and upright."""
    image.load()
    orientation = image.getexif().get(_ORIENTATION)
    frame = reduced(with_plain_pixels(image), LONGEST_SIDE)
    if frame.mode in {"I", "F"}:
        frame = in_eight_bits(frame)
    if orientation in _UPRIGHT:
        frame = frame.transpose(_UPRIGHT[orientation])
    width, height = reversed(size) if orientation in _SIDEWAYS else size
    return DecodedPicture(np.array(frame), width, height)


def reduced(image: Image.Image, longest: int) -> Image.Image:
    """Return a picture whose longer side has at most `longest` pixels."""
    scale = longest / max(image.size)
    if scale >= 1:
        return image
    width, height = (max(1, round(length * scale)) for length in image.size)
    return image.resize((width, height), Image.Resampling.BOX, reducing_gap=2)


def _is_blank(pixels: NDArray[np.uint8]) -> bool:
    """Whether nothing is visible but noise and specks."""
    image = reduced(Image.fromarray(pixels), _BLANK_SIDE)
    planes = (image.convert("RGBa") if image.mode == "RGBA" else image).split()
    smooth = (np.asarray(plane.filter(ImageFilter.MedianFilter(3))) for plane in planes)
    return all(np.ptp(values) < _BLANK_RANGE for values in smooth)
