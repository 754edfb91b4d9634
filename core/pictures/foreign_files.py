"""Says what a file is that is no picture in a supported format, and what to do with it.

The content tells, by the marks that the formats begin with, and not the file's name.
"""

from __future__ import annotations

import re
import zlib
from typing import IO, NamedTuple

_HEAD = 65_536
"""Bytes of a file that are looked at: comments and definitions may come before a drawing."""

_PDF_WITHIN = 1_024
"""Readers of PDF look for its mark in this many bytes."""


class ForeignFile(NamedTuple):
    """What a file is, with its article; what to do with it; and whether it shows something."""

    kind: str
    advice: str
    shows: bool = True

    def __str__(self) -> str:
        """Say so, in words that follow the file's name."""
        picture = "a picture in a supported format"
        if not self.shows:
            return f"is not {picture}, but {self.kind}. {self.advice}"
        return f"is {self.kind}, which is not {picture}. {self.advice}"


_SAVE_AS = "Save it as PNG or JPEG, and choose that file."
_SAVE_PAGE = "Save the page as PNG or JPEG, and choose that file."
_SAVE_FRAME = "Save one of its frames as PNG or JPEG, and choose that file."
_UNPACK = "Unpack it, and choose a PNG or JPEG file that was in it."

_HEIC = ForeignFile("a HEIC photo", _SAVE_AS)
_AVIF = ForeignFile("an AVIF picture", _SAVE_AS)
_RAW = ForeignFile("a camera's raw photo", _SAVE_AS)
_JPEG_XL = ForeignFile("a JPEG XL picture", _SAVE_AS)
_JPEG_2000 = ForeignFile("a JPEG 2000 picture", _SAVE_AS)
_SVG = ForeignFile("an SVG drawing", _SAVE_AS)
_PDF = ForeignFile("a PDF document", _SAVE_PAGE)
_OFFICE = ForeignFile("an office document", _SAVE_PAGE)
_VIDEO = ForeignFile("a video", _SAVE_FRAME)
_ARCHIVE = ForeignFile("a compressed file", _UNPACK, shows=False)
_WEB_PAGE = ForeignFile("a web page", "Save the picture that is on it, and choose that file.")
_TEXT = ForeignFile("a text file", "Choose a PNG or JPEG file instead.", shows=False)

_MARKS = (
    (0, b"8BPS", ForeignFile("a Photoshop picture", _SAVE_AS)),
    (0, b"gimp xcf", ForeignFile("a GIMP picture", _SAVE_AS)),
    (0, b"%!PS", ForeignFile("a PostScript drawing", _SAVE_AS)),
    (0, b"\xc5\xd0\xd3\xc6", ForeignFile("a PostScript drawing", _SAVE_AS)),
    (0, b"\xd7\xcd\xc6\x9a", ForeignFile("a Windows metafile", _SAVE_AS)),
    (40, b" EMF", ForeignFile("a Windows metafile", _SAVE_AS)),
    (0, b"\0\0\1\0", ForeignFile("an icon", _SAVE_AS)),
    (0, b"icns", ForeignFile("an icon", _SAVE_AS)),
    (0, b"AT&TFORM", ForeignFile("a DjVu document", _SAVE_PAGE)),
    (0, b"v/1\1", ForeignFile("an OpenEXR picture", _SAVE_AS)),
    (0, b"#?RADIANCE", ForeignFile("a Radiance picture", _SAVE_AS)),
    (0, b"qoif", ForeignFile("a QOI picture", _SAVE_AS)),
    (128, b"DICM", ForeignFile("a DICOM image", _SAVE_AS)),
    (4, b"JXL \r\n\x87\n", _JPEG_XL),
    (0, b"\xff\x0a", _JPEG_XL),
    (4, b"jP  \r\n\x87\n", _JPEG_2000),
    (0, b"\xff\x4f\xff\x51", _JPEG_2000),
    *((0, mark, _RAW) for mark in (b"FUJIFILM", b"IIRO", b"IIRS", b"MMOR", b"IIU\0", b"FOVb")),
    (8, b"AVI ", _VIDEO),
    (0, b"\x1a\x45\xdf\xa3", _VIDEO),  # Matroska and WebM
    (0, b"\0\0\1\xba", _VIDEO),  # MPEG
    (0, b"FLV\1", _VIDEO),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _OFFICE),
    (0, b"PK\3\4", _ARCHIVE),
    (0, b"PK\5\6", _ARCHIVE),  # an empty one
    (0, b"\x1f\x8b", _ARCHIVE),
    (0, b"BZh", _ARCHIVE),
    (0, b"\xfd7zXZ", _ARCHIVE),
    (0, b"\x28\xb5\x2f\xfd", _ARCHIVE),
    (0, b"7z\xbc\xaf\x27\x1c", _ARCHIVE),
    (0, b"Rar!", _ARCHIVE),
    (257, b"ustar", _ARCHIVE),
)
"""Formats that begin with a mark: where it is, the mark, and what they are."""

_NETPBM = re.compile(rb"P[1-7F]\s")

_HEIF_BRANDS = tuple(b"heic heix heim heis hevc hevx hevm hevs mif1 msf1".split())
_AVIF_BRANDS = (b"avif", b"avis")

_IN_OFFICE = (b"[Content_Types].xml", b"mimetypeapplication/vnd.oasis")
"""A ZIP archive with these among its first entries is a document."""

_COMMENT = re.compile(r"<!--.*?(-->|\Z)", re.DOTALL)
_FIRST_TAG = re.compile(r"<(?:[\w.-]+:)?(\w+|!doctype html)", re.IGNORECASE)
_CONTROL = re.compile(r"[\0-\x08\x0e-\x1f]")


def foreign_file(stream: IO[bytes]) -> ForeignFile | None:
    """Return what a file is; None if it begins like none of the known formats.

    `stream` is read from its beginning, and need not be there.
    """
    stream.seek(0)
    head = stream.read(_HEAD)
    if head[4:8] == b"ftyp":
        return _by_brand(head)
    if head.startswith(b"\x1f\x8b"):
        head = _unpacked(head) or head  # .svgz
    if head.startswith(b"PK\3\4") and any(entry in head for entry in _IN_OFFICE):
        return _OFFICE
    if b"%PDF-" in head[:_PDF_WITHIN]:
        return _PDF
    if _NETPBM.match(head):
        return ForeignFile("a Netpbm picture", _SAVE_AS)
    marked = (what for at, mark, what in _MARKS if head[at:].startswith(mark))
    return next(marked, None) or _as_text(head)


def _by_brand(head: bytes) -> ForeignFile:
    """Return what a file in the ISO base media format is, by the brands that it names."""
    end = int.from_bytes(head[:4], "big")
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, min(end, len(head)), 4))]
    if b"crx " in brands:
        return _RAW
    if any(brand in _AVIF_BRANDS for brand in brands):
        return _AVIF
    return _HEIC if any(brand in _HEIF_BRANDS for brand in brands) else _VIDEO


def _unpacked(head: bytes) -> bytes | None:
    """Return the beginning of what a gzip file has, if that is a drawing."""
    try:
        content = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, _HEAD)
    except zlib.error:
        return None
    return content if _as_text(content) == _SVG else None


def _as_text(head: bytes) -> ForeignFile | None:
    """Return what a text is: a drawing, a web page, or neither; None if it is no text."""
    is_utf_16 = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    # Latin 1 has a character for every byte, and the same as UTF-8 for those of a tag.
    text = head.decode("utf-16" if is_utf_16 else "latin-1", "replace").lstrip("ï»¿\ufeff \t\r\n")
    if _CONTROL.search(text):
        return None
    tag = _FIRST_TAG.search(_COMMENT.sub("", text)) if text.startswith("<") else None
    kinds = {"svg": _SVG, "html": _WEB_PAGE, "!doctype html": _WEB_PAGE}
    return kinds.get(tag.group(1).lower(), _TEXT) if tag else _TEXT
