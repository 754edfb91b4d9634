"""Picture files are either decoded within bounds, or refused; they can do nothing else."""

import functools
import io
import os
import resource
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import EpsImagePlugin, Image, PngImagePlugin

from core.errors import DataError
from core.pictures.digits_in_picture import ink_from_picture
from core.pictures.picture_decoding import SUFFIXES, UnknownFormatError, decode_picture
from core.pictures.pictures import read_picture

ROOT = Path(__file__).parents[3]


def saved(image: Image.Image, kind: str, **options) -> io.BytesIO:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    stream.seek(0)
    return stream


def decoded(image: Image.Image, kind: str = "PNG", **options) -> np.ndarray:
    return decode_picture(saved(image, kind, **options), "it")


def bar(height=120, width=80) -> Image.Image:
    """A dark bar on white, with a different shade in each row."""
    pixels = np.full((height, width), 255, np.uint8)
    pixels[height // 5 : -height // 5, width // 2 - 4 : width // 2 + 4] = 20
    return Image.fromarray(pixels)


# --- no program is started ----------------------------------------------------------------------

EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\nshowpage\n%%EOF\n"
DOCUMENTS = {
    "eps": EPS,
    "eps with a preview": struct.pack("<7I", 0xC6D3D0C5, 32, len(EPS), 0, 0, 0, 0)
    + b"\0" * 4
    + EPS,
    "pdf": b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><image href='/etc/hostname'/></svg>",
    "ico": saved(bar().convert("RGBA"), "ICO").getvalue(),
    "ppm": saved(bar(), "PPM").getvalue(),
    "tga": saved(bar(), "TGA").getvalue(),
    "jpeg 2000": b"\0\0\0\x0cjP  \r\n\x87\n",
    "script": b"#!/bin/sh\ntouch /tmp/x\n",
}


@pytest.fixture
def ghostscript(tmp_path, monkeypatch):
    """A program that Pillow takes for Ghostscript, and that leaves a trace when started."""
    trace = tmp_path / "started"
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "gs").write_text(f"#!/bin/sh\ntouch '{trace}'\n")
    (folder / "gs").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    monkeypatch.setattr(EpsImagePlugin, "gs_binary", None)
    return trace


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize("suffix", [".png", ".jpg", ".eps", ""])
def test_other_file_types_are_refused_whatever_their_names(tmp_path, ghostscript, document, suffix):
    path = tmp_path / f"seven{suffix}"
    path.write_bytes(DOCUMENTS[document])
    with pytest.raises(UnknownFormatError, match=r"seven.*not a picture in a supported format"):
        read_picture(path)
    assert not ghostscript.exists()


def test_no_format_starts_a_program(monkeypatch):
    """Each is decoded in a process that cannot start others."""

    def refuse(*_, **__):
        raise AssertionError("a program was started")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    monkeypatch.setattr(os, "system", refuse)
    for kind in SUFFIXES:
        assert decoded(bar().convert("RGB"), kind).shape == (120, 80, 3)


@pytest.mark.parametrize("kind", SUFFIXES)
def test_the_content_counts_and_not_the_name(tmp_path, kind):
    (tmp_path / "seven.eps").write_bytes(saved(bar(), kind).getvalue())
    assert ink_from_picture(read_picture(tmp_path / "seven.eps")).any()


def test_a_pipe_or_folder_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    for path, kind in ((tmp_path / "pipe.png", "a pipe"), (tmp_path, "a folder")):
        with pytest.raises(DataError, match=kind):
            read_picture(path)


# --- bounds ---------------------------------------------------------------------------------------


def png(width: int, height: int, *chunks: tuple[bytes, bytes]) -> io.BytesIO:
    """A gray PNG that claims a size, with chunks before its missing pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    content = b"\x89PNG\r\n\x1a\n"
    for kind, data in ((b"IHDR", header), *chunks, (b"IDAT", zlib.compress(b"\0")), (b"IEND", b"")):
        content += struct.pack(">I", len(data)) + kind + data
        content += struct.pack(">I", zlib.crc32(kind + data))
    return io.BytesIO(content)


@functools.cache
def nothing() -> bytes:
    return zlib.compress(bytes(60_000_000), 1)


def bomb(kind: str) -> io.BytesIO:
    if kind == "png":
        return png(30_000, 30_000)
    if kind == "long png":
        return png(2**31 - 1, 1)
    if kind == "text":
        return png(9, 9, (b"zTXt", b"a\0\0" + nothing()))
    if kind == "profile":
        return png(9, 9, (b"iCCP", b"a\0\0" + nothing()))
    if kind == "gif":
        header = b"GIF89a" + struct.pack("<HHBBB", 65_535, 65_535, 0, 0, 0)
        return io.BytesIO(header + b"," + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\2\1D\0;")
    if kind == "bmp":
        sizes = struct.pack("<IiiHHIIiiII", 40, 60_000, 60_000, 1, 24, 0, 0, 1, 1, 0, 0)
        return io.BytesIO(b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + sizes)
    # A JPEG's size is in its header, too: a real JPEG with its size overwritten.
    stream = saved(bar(), "JPEG", progressive=kind == "progressive")
    content = bytearray(stream.getvalue())
    frame = content.index(b"\xff\xc2" if kind == "progressive" else b"\xff\xc0")
    side = 9_000 if kind == "progressive" else 60_000
    content[frame + 5 : frame + 9] = struct.pack(">HH", side, side)
    return io.BytesIO(content)


BOMBS = ["png", "long png", "text", "profile", "gif", "bmp", "jpeg", "progressive"]


@pytest.mark.parametrize("kind", BOMBS)
def test_a_bomb_takes_no_memory(kind):
    stream = bomb(kind)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(DataError, match=r"^it (has too many pixels|cannot be read)"):
        decode_picture(stream, "it")
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown < 50  # MB; the smallest of them would have 60


@pytest.mark.parametrize(
    ("kind", "side"), [("PNG", 7_200), ("GIF", 7_200), ("TIFF", 7_200), ("WEBP", 4_400)]
)
def test_the_limit_is_by_what_decoding_takes(kind, side, monkeypatch):
    """Of blank pictures, which are small as files."""
    monkeypatch.setattr(Image.Image, "load", lambda _: pytest.fail("it was decoded"))
    if kind == "WEBP":  # its header alone: 14 bits for each side, less one
        bits = (side - 1) | (side - 1) << 14
        chunk = b"VP8L" + struct.pack("<I", 8) + b"\x2f" + struct.pack("<I", bits) + b"\0\0\0"
        stream = io.BytesIO(b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk)
    else:
        monkeypatch.undo()
        stream = saved(Image.new("1" if kind == "TIFF" else "L", (side, side)), kind)
        monkeypatch.setattr(Image.Image, "load", lambda _: pytest.fail("it was decoded"))
    with pytest.raises(DataError):
        decode_picture(stream, "it")


def test_a_large_file_is_refused_before_it_is_read(tmp_path):
    with (tmp_path / "large.png").open("wb") as file:
        file.truncate(2**40)  # none of it on disk
    with pytest.raises(DataError, match=r"large\.png' cannot be read: it has 1,100 GB"):
        read_picture(tmp_path / "large.png")


_MEASURE = """
import resource, sys
from pathlib import Path
from core.pictures.digits_in_picture import ink_from_picture
from core.pictures.pictures import read_picture
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
pixels = read_picture(Path(sys.argv[1]))
assert ink_from_picture(pixels).any()
print(max(pixels.shape), (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_a_photo_of_48_megapixels_takes_little_memory(tmp_path):
    """In a separate process, because a process only reports its peak."""
    image = Image.new("RGB", (8_000, 6_000), (230, 225, 220))
    image.paste((30, 30, 40), (3_800, 1_500, 4_200, 4_500))
    image.save(tmp_path / "photo.jpg", quality=50)
    result = subprocess.run(
        [sys.executable, "-c", _MEASURE, str(tmp_path / "photo.jpg")],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    side, megabytes = map(int, result.stdout.split())
    assert side == 3_000
    assert megabytes < 250  # half of it a decoded half-size photo and its copy


# --- every kind of pixel --------------------------------------------------------------------------

GRAY = np.linspace(0, 255, 256).astype(np.uint8).reshape(16, 16)


@pytest.mark.parametrize(
    ("pixels", "kind"),
    [
        (GRAY.astype(np.uint16) * 257, "PNG"),
        (GRAY.astype(np.uint16) * 257, "TIFF"),
        (GRAY.astype(">u2") * 257, "TIFF"),
        (GRAY.astype(np.int32) * 257, "TIFF"),
        (GRAY.astype(np.int32), "TIFF"),
        (np.rint(GRAY / 255 * 1_023).astype(np.uint16), "PNG"),
        (np.rint(GRAY / 255 * 4_095).astype(np.uint16), "PNG"),
        (np.rint(GRAY / 255 * 16_383).astype(np.uint16), "TIFF"),
        (GRAY.astype(np.uint16), "PNG"),
        ((GRAY / 255).astype(np.float32), "TIFF"),
        (GRAY.astype(np.float32), "TIFF"),
        ((GRAY / 255 * 65_535).astype(np.float32), "TIFF"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{value.dtype}-to-{value.max():g}",
)
def test_deep_grays_are_scaled_by_what_their_bits_can_hold(pixels, kind):
    np.testing.assert_array_equal(decoded(Image.fromarray(pixels), kind), GRAY)


@pytest.mark.parametrize("offset", [900, 40_000])
def test_deep_grays_of_a_small_range_are_stretched(offset):
    pixels = (offset + 256 + GRAY.astype(np.uint16)).astype(np.uint16)
    np.testing.assert_array_equal(decoded(Image.fromarray(pixels)), GRAY)


def test_a_sensor_s_hot_and_dead_pixels_do_not_set_the_range():
    pixels = (1_000 + 8 * np.asarray(bar()).astype(np.uint16)).astype(np.uint16)
    plain = decoded(Image.fromarray(pixels))
    for at in ((0, 0), (3, 5), (119, 40)):
        pixels[at] = 65_535
    pixels[7, 9] = 0
    stray = decoded(Image.fromarray(pixels))
    assert np.abs(stray.astype(int) - plain).max() <= 1


def test_floats_that_are_no_numbers_are_black():
    pixels = np.array([[0, 1, np.nan], [np.inf, -np.inf, 0.2]], np.float32)
    assert decoded(Image.fromarray(pixels), "TIFF").tolist() == [[0, 255, 0], [0, 0, 51]]


@pytest.mark.parametrize(
    ("mode", "kind", "expected"),
    [
        ("1", "PNG", "L"),
        ("1", "TIFF", "L"),
        ("1", "BMP", "L"),
        ("L", "JPEG", "L"),
        ("LA", "PNG", "RGBA"),
        ("P", "PNG", "RGB"),
        ("P", "GIF", "RGB"),
        ("P", "BMP", "RGB"),
        ("RGBA", "PNG", "RGBA"),
        ("RGBA", "WEBP", "RGBA"),
        ("RGBA", "TIFF", "RGBA"),
        ("CMYK", "JPEG", "RGB"),
        ("CMYK", "TIFF", "RGB"),
        ("YCbCr", "JPEG", "RGB"),
    ],
)
def test_pixels_of_every_kind_show_the_same(mode, kind, expected):
    if mode in {"LA", "RGBA"}:
        image = bar().convert(mode)
        image.putpixel((1, 1), (255,) * (len(mode) - 1) + (0,))
    else:
        image = bar().convert("RGB")
        image = image.quantize(8) if mode == "P" else image.convert(mode)
    pixels = decoded(image, kind)
    assert pixels.shape == (120, 80, *{"L": (), "RGB": (3,), "RGBA": (4,)}[expected])
    colors = pixels.reshape(120, 80, -1)[..., :3].astype(int)
    lossy = 16 if kind in {"JPEG", "WEBP"} else 1
    assert np.abs(colors[60, 40] - (0 if mode == "1" else 20)).max() <= lossy
    assert np.abs(colors[5, 5] - 255).max() <= lossy
    if expected == "RGBA":
        assert (pixels[1, 1, 3], pixels[5, 5, 3]) == (0, 255)


@pytest.mark.parametrize(("paper", "ink"), [(255, 20), (0, 235)])
@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_paper_that_is_declared_transparent_is_paper_where_ink_fades_into_it(kind, paper, ink):
    """Else the palest edge of the ink would be ink."""
    shape = np.full((40, 30), paper, np.uint8)
    shape[10:30, 10:20] = (3 * paper + ink) // 4
    shape[11:29, 11:19] = (paper + ink) // 2
    shape[12:28, 12:18] = ink
    pixels = decoded(Image.fromarray(shape), kind, transparency=paper)
    np.testing.assert_array_equal(pixels, np.repeat(shape[..., None], 3, axis=2))


def test_a_hidden_color_is_no_paper_beside_a_card():
    card = np.zeros((40, 30, 4), np.uint8)
    card[2:-2, 2:-2] = 255
    card[10:30, 12:18, :3] = 20
    np.testing.assert_array_equal(decoded(Image.fromarray(card)), card)


# --- frames and orientation -----------------------------------------------------------------------


def test_the_first_frame_of_an_animation_that_is_not_blank_is_used():
    blank, seven = Image.new("L", (80, 120), 255), bar()
    for kind in ("GIF", "WEBP", "PNG", "TIFF"):
        options = {"lossless": True} if kind == "WEBP" else {}
        pixels = decoded(blank, kind, save_all=True, append_images=[blank, seven, blank], **options)
        assert pixels.reshape(120, 80, -1)[60, 40, 0] == 20, kind
        assert pixels.reshape(120, 80, -1)[5, 5, 0] == 255, kind


def test_a_frame_with_nothing_but_noise_and_specks_is_blank():
    noise = 245 + np.random.default_rng(1).normal(0, 2, (120, 80))
    speck = np.full((120, 80), 255)
    speck[5, 5] = 0
    for blank in (noise, speck):
        first = Image.fromarray(np.rint(blank).astype(np.uint8))
        pixels = decoded(first, "TIFF", save_all=True, append_images=[bar()])
        np.testing.assert_array_equal(pixels, bar())


@pytest.mark.parametrize("ink", [0, 128])
def test_faint_ink_on_a_transparent_frame_is_not_blank(ink):
    first = np.full((120, 80, 4), ink, np.uint8)
    first[..., 3] = (255 - np.asarray(bar())) // 3
    blank = Image.new("RGBA", (80, 120), (0, 0, 0, 0))
    frames = [Image.fromarray(first), bar().convert("RGBA")]
    pixels = decoded(blank, "PNG", save_all=True, append_images=frames)
    assert 70 < pixels[60, 40, 3] < 90


def test_an_endless_animation_is_not_read_to_its_end():
    frames = [Image.new("L", (40, 40), 255 - k % 2) for k in range(300)]
    stream = saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=9)
    seen = []

    class Counted(io.BytesIO):
        def read(self, *size):
            seen.append(self.tell())
            return super().read(*size)

    assert decode_picture(Counted(stream.getvalue()), "it").shape[:2] == (40, 40)
    assert max(seen) < len(stream.getvalue()) / 2


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_photo_is_turned_as_its_camera_says(kind, orientation):
    """A mark in the upper left corner of the upright picture."""
    upright = np.full((64, 96), 230, np.uint8)
    upright[:16, :24] = 20
    stored = {
        1: upright,
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: upright.T,
        6: upright.T[::-1],
        7: upright.T[::-1, ::-1],
        8: upright.T[:, ::-1],
    }[orientation]
    exif = Image.Exif()
    exif[274] = orientation
    options = {"exif": exif} | ({"lossless": True} if kind == "WEBP" else {})
    pixels = decoded(Image.fromarray(np.ascontiguousarray(stored)), kind, **options)
    assert pixels.shape[:2] == upright.shape
    difference = np.abs(pixels.reshape(64, 96, -1)[..., 0].astype(int) - upright)
    assert difference.max() <= (40 if kind == "JPEG" else 0)


def test_a_large_picture_is_reduced_and_upright():
    pixels = np.full((400, 6_000), 255, np.uint8)
    pixels[:, :3_000] = 0
    exif = Image.Exif()
    exif[274] = 6
    for kind in ("JPEG", "PNG"):
        seen = decoded(Image.fromarray(pixels), kind, exif=exif)
        assert seen.shape == (3_000, 200)
        assert seen[:1_480].max() < 10
        assert seen[1_520:].min() > 245


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")  # as the product does
@pytest.mark.parametrize("kind", ["PNG", "BMP", "GIF", "TIFF"])
def test_a_file_that_ends_after_its_first_bytes_is_called_damaged(kind):
    content = saved(bar(), kind).getvalue()
    with pytest.raises(
        DataError, match=rf"^it cannot be read: it begins as a {kind} file"
    ) as error:
        decode_picture(io.BytesIO(content[:10]), "it")
    assert not isinstance(error.value, UnknownFormatError)


def test_an_empty_stream_is_called_empty():
    with pytest.raises(DataError, match=r"^it is empty\. Choose a PNG"):
        decode_picture(io.BytesIO(), "it")


def test_damage_beside_the_picture_warns_nobody(tmp_path):
    path = tmp_path / "cut.tif"
    path.write_bytes(saved(bar(), "TIFF").getvalue()[:100])
    command = [sys.executable, ROOT / "main.py", "predict", path]
    outcome = subprocess.run(command, capture_output=True, text=True, check=False)
    assert outcome.returncode == 2
    assert len(outcome.stderr.splitlines()) == 1


def test_a_truncated_file_is_damaged():
    for kind in SUFFIXES:
        noise = np.random.default_rng(0).integers(0, 256, (90, 90, 3), np.uint8)
        content = saved(Image.fromarray(noise), kind).getvalue()
        with pytest.raises(DataError):
            decode_picture(io.BytesIO(content[: len(content) // 2]), "it")


def test_a_message_of_a_file_shows_no_control_characters(tmp_path):
    path = tmp_path / "a\x1b[2J.png"
    path.write_bytes(b"no picture")
    with pytest.raises(DataError) as refusal:
        read_picture(path)
    assert "\x1b" not in str(refusal.value)


def test_text_in_a_picture_does_no_harm():
    information = PngImagePlugin.PngInfo()
    information.add_text("Comment", "seven" * 100, zip=True)
    assert decoded(bar(), "PNG", pnginfo=information).shape == (120, 80)


def test_an_unused_alpha_of_a_bmp_hides_nothing():
    """Version 5, with a mask for alpha, which is 0 everywhere."""
    pixels = np.zeros((120, 80, 4), np.uint8)
    pixels[..., :3] = np.asarray(bar().convert("RGB"))
    data = pixels[::-1].tobytes()
    masks = (0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    info = struct.pack("<IiiHHIIiiII4I", 124, 80, 120, 1, 32, 3, len(data), 0, 0, 0, 0, *masks)
    head = b"BM" + struct.pack("<IHHI", 138 + len(data), 0, 0, 138)
    stream = io.BytesIO(head + info.ljust(124, b"\0") + data)
    np.testing.assert_array_equal(decode_picture(stream, "it"), pixels[..., :3])


def test_a_tiff_of_a_rare_kind_may_be_unsupported():
    stream = saved(bar().convert("F"), "TIFF")
    content = bytearray(stream.getvalue())
    tag = struct.pack("<HHI", 258, 3, 1)  # bits of a pixel
    at = content.index(tag) + len(tag)
    content[at : at + 2] = struct.pack("<H", 64)
    with pytest.raises(DataError, match="not supported"):
        decode_picture(io.BytesIO(bytes(content)), "it")
