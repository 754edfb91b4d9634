"""What is no picture is named by its content, with what to do about it."""

import gzip
import io
import zipfile

import numpy as np
import pytest
from PIL import Image

from core.errors import DataError
from core.pictures.foreign_files import foreign_file
from core.pictures.picture_decoding import SUFFIXES, UnknownFormatError
from core.pictures.pictures import read_picture

SVG = "<svg xmlns='http://www.w3.org/2000/svg'><rect width='9' height='9'/></svg>"


def branded(major: bytes, *compatible: bytes) -> bytes:
    """The beginning of a file in the ISO base media format."""
    brands = major + b"\0\0\0\0" + b"".join(compatible)
    return (8 + len(brands)).to_bytes(4, "big") + b"ftyp" + brands + b"\0\0\0\x08mdat"


def pillow(kind: str) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (9, 9)).save(stream, kind)
    return stream.getvalue()


def zipped(name: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, "seven")
    return stream.getvalue()


def array() -> bytes:
    stream = io.BytesIO()
    np.savez(stream, digits=np.zeros((2, 28, 28)))
    return stream.getvalue()


FILES = {
    "a HEIC photo": [
        *(branded(b) for b in (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx")),
        branded(b"mif1", b"mif1", b"heic"),
        branded(b"msf1"),
    ],
    "an AVIF picture": [branded(b"avif"), branded(b"avis"), branded(b"mif1", b"avif", b"miaf")],
    "a camera's raw photo": [branded(b"crx ", b"isom"), b"FUJIFILMCCD-RAW 0201"],
    "a video": [branded(b"isom", b"mp42"), branded(b"qt  "), b"\x1a\x45\xdf\xa3\x01\0\0\0"],
    "a PDF document": [b"%PDF-1.4\n", b"\n\r\n%PDF-1.7\n", b"\xef\xbb\xbf%PDF-1.4\n"],
    "a PostScript drawing": [b"%!PS-Adobe-3.0 EPSF-3.0\n", pillow("EPS")],
    "an SVG drawing": [
        SVG.encode(),
        f"\ufeff{SVG}".encode(),
        f"\n  {SVG}".encode(),
        f"\ufeff{SVG}".encode("utf-16"),
        f"<?xml version='1.0' encoding='UTF-8'?>\n<!-- <a>n</a> f\u00fcr -->\n{SVG}".encode(),
        f"<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'http://www.w3.org/x.dtd'>{SVG}".encode(),
        SVG.replace("svg", "svg:svg", 1).encode(),
        gzip.compress(SVG.encode()),
    ],
    "a web page": [b"<!doctype html>\n<title>7</title>", b"<html><body>7", b"<HTML>"],
    "a text file": [b"seven\n", b"<?xml version='1.0'?><digits/>", "\u4e03".encode(), b"{}"],
    "a compressed file": [zipped("7.png"), gzip.compress(b"seven"), array()],
    "an office document": [zipped("[Content_Types].xml"), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"],
    "a JPEG XL picture": [b"\xff\x0a\xfa\x7f", b"\0\0\0\x0cJXL \r\n\x87\n"],
    "a JPEG 2000 picture": [b"\0\0\0\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51\0\x2f"],
    "a Photoshop picture": [b"8BPS\0\1\0\0"],
    "a GIMP picture": [b"gimp xcf v011\0"],
    "a DjVu document": [b"AT&TFORM\0\0\0\x20DJVU"],
    "a Netpbm picture": [pillow("PPM"), b"P5\n# seven\n2 2\n255\n...."],
    "an icon": [pillow("ICO")],
}


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        pytest.param(kind, content, id=f"{kind}-{number}")
        for kind, contents in FILES.items()
        for number, content in enumerate(contents)
    ],
)
def test_other_files_are_named_by_their_content(tmp_path, kind, content):
    (tmp_path / "seven.png").write_bytes(content)
    expected = (
        rf"seven\.png' is ({kind}, which is not a picture in a supported format"
        rf"|not a picture in a supported format, but {kind})\. [A-Z]"
    )
    with pytest.raises(UnknownFormatError, match=expected) as error:
        read_picture(tmp_path / "seven.png")
    assert len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize("kind", SUFFIXES)
def test_no_picture_is_taken_for_another_file(kind):
    assert foreign_file(io.BytesIO(pillow(kind))) is None


@pytest.mark.parametrize("seed", range(5))
def test_what_is_not_known_is_not_guessed(tmp_path, seed):
    noise = np.random.default_rng(seed).integers(0, 256, 5_000, np.uint8).tobytes()
    (tmp_path / "seven.png").write_bytes(noise)
    with pytest.raises(DataError, match=r"is not a picture in a supported format\. Choose a PNG"):
        read_picture(tmp_path / "seven.png")


def test_a_drawing_that_unpacks_without_end_takes_no_memory():
    bomb = gzip.compress(SVG.encode() + b" " * 100_000_000)
    assert foreign_file(io.BytesIO(bomb)).kind == "an SVG drawing"
