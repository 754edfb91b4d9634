"""Decodes picture files of a few formats, within limits of memory and size.

Pillow guesses the format from the content, and starts another program for some formats. It is
therefore limited to the formats here, for which it does not.
"""

from __future__ import annotations

import math
from typing import IO, NamedTuple

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
"""The supported formats, by their names in Pillow, with their suffixes."""

FORMATS_IN_WORDS = "PNG, JPEG, WebP, BMP, GIF or TIFF"

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

_WHITES = (1, *(2**bits - 1 for bits in (8, 10, 12, 14, 16, 32)))
"""Possible values of white in pictures with deep pixels; the first that no pixel exceeds is used.
Cameras and scanners store 10, 12 or 14 bits in files of 16, without saying so."""

_LEAST_RANGE = 32
"""Deep pixels that fill fewer of 255 levels are stretched to all of them."""

_FOREIGN = (
    (4, (b"ftypheic", b"ftypheix", b"ftyphevc", b"ftypmif1", b"ftypmsf1"), "a HEIC photo"),
    (4, (b"ftypavif", b"ftypavis"), "an AVIF picture"),
    (0, (b"%PDF",), "a PDF document"),
    (0, (b"<svg", b"<?xml"), "an SVG drawing"),
    (4, (b"ftypcrx",), "a camera's raw photo"),
    (0, (b"FUJIFILM", b"IIRO", b"IIU\0"), "a camera's raw photo"),
)
"""Other formats: where their content begins with what, and what they are."""

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
    try:
        with Image.open(stream, formats=tuple(SUFFIXES)) as image:
            return _decoded(image)
    except (_TooLargeError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise DataError(f"{name} has too many pixels to open safely. Make it smaller.") from error
    except UnidentifiedImageError as error:
        kind = _foreign_kind(stream)
        what = f"is {kind}, which is not a picture in a supported format"
        raise UnknownFormatError(
            f"{name} {what}. Save it as PNG or JPEG, and choose that file."
            if kind
            else f"{name} is not a picture in a supported format. Choose a {FORMATS_IN_WORDS} file."
        ) from error
    except Exception as error:  # Pillow raises many kinds for damaged content
        reason = printable(str(getattr(error, "strerror", None) or error), 200)
        raise DataError(
            f"{name} cannot be read: {reason}. It may be damaged or deleted. "
            "Choose another file, or save the picture again."
        ) from error


def _foreign_kind(stream: IO[bytes]) -> str | None:
    """Return what a file of another format is, by its content."""
    stream.seek(0)
    head = stream.read(64)
    return next((kind for at, marks, kind in _FOREIGN if head[at:].startswith(marks)), None)


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
    frame = reduced(_with_plain_pixels(image), LONGEST_SIDE)
    if frame.mode in {"I", "F"}:
        frame = _in_eight_bits(frame)
    if orientation in _UPRIGHT:
        frame = frame.transpose(_UPRIGHT[orientation])
    width, height = reversed(size) if orientation in _SIDEWAYS else size
    return DecodedPicture(np.array(frame), width, height)


def _with_plain_pixels(image: Image.Image) -> Image.Image:
    """Return it in a mode whose pixels can be averaged: L, RGB, RGBA, or I or F."""
    if image.mode in {"I", "F"}:
        return image
    if image.mode.startswith("I;16"):
        return image.convert("I")
    mode = "L" if image.mode in {"1", "L"} else "RGB"
    if image.has_transparency_data:
        mode = "RGBA"
    return image if image.mode == mode else image.convert(mode)  # converting would copy it


def reduced(image: Image.Image, longest: int) -> Image.Image:
    """Return a picture whose longer side has at most `longest` pixels."""
    scale = longest / max(image.size)
    if scale >= 1:
        return image
    width, height = (max(1, round(length * scale)) for length in image.size)
    return image.resize((width, height), Image.Resampling.BOX, reducing_gap=2)


def _in_eight_bits(image: Image.Image) -> Image.Image:
    values = np.nan_to_num(np.asarray(image, np.float64), posinf=0, neginf=0)
    values = values - min(0.0, float(values.min()))
    high = float(values.max())
    white = next((white for white in _WHITES if high <= white), high)
    low = float(values.min())
    if high > low and (high - low) * 255 < _LEAST_RANGE * white:  # it fills a part of the range
        values, white = values - low, high - low
    return Image.fromarray(np.rint(values * (255 / white)).astype(np.uint8))


def _is_blank(pixels: NDArray[np.uint8]) -> bool:
    """Whether all pixels are the same, or none is visible."""
    hidden = pixels.shape[2:] == (4,) and not pixels[..., 3].any()
    return hidden or bool((pixels == pixels[0, 0]).all())
