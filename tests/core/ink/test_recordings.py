"""Reading recordings that these tests write themselves."""

import gzip
import re
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Cancelled, DataError
from core.ink import recordings as module
from core.ink.drawing import BRUSH, Drawing
from core.ink.recordings import Recording, draw_recording, read_images, read_recordings

TEXT = """.VERSION 1.0
.COMMENT written by nobody
.HIERARCHY DIGIT
.COORD X Y
7 7
.SEGMENT DIGIT 0 ? "7"
.COMMENT 1 2 3
.PEN_DOWN
 100  400
 180  400
.UNHEARD_OF 12 34
 180.5  380
 120 2e2  0.7 55
.PEN_UP
.DT 80
 1 1
.PEN_DOWN
110 300
170 300
.PEN_UP

.SEGMENT DIGIT 1-2 OK "0"
.PEN_DOWN
-5 12
.PEN_UP
.PEN_DOWN
.PEN_UP
"""

SEVEN = [[(100, 400), (180, 400), (180.5, 380), (120, 200)], [(110, 300), (170, 300)]]
BEGIN = '.SEGMENT DIGIT 0 ? "3"\n.PEN_DOWN\n'


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a file of recordings, text or bytes, and returns its path."""

    def write(content, name="pen.unipen"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def assert_error(path, *says):
    """Assert that reading is refused in one printable line that names the file."""
    with pytest.raises(DataError) as error:
        read_recordings(path)
    message = str(error.value)
    assert message.isprintable()
    assert message.endswith(".")
    for words in (str(path), *says):
        assert words in message


# --- reading ------------------------------------------------------------------------------


def test_digits_strokes_and_points(write):
    seven, nought = read_recordings(write(TEXT))
    assert (seven.digit, seven.strokes) == (7, SEVEN)
    assert (nought.digit, nought.strokes) == (0, [[(-5, 12)]])


@pytest.mark.parametrize(
    "content",
    [
        gzip.compress(TEXT.encode(), mtime=0),
        gzip.compress(TEXT[:200].encode(), mtime=0) + gzip.compress(TEXT[200:].encode(), mtime=0),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
        TEXT.rstrip().encode(),
        TEXT.replace(" ", "\t").encode(),
        TEXT.replace("nobody", "Zoë").encode("latin-1"),
    ],
    ids=["gzip", "two gzips", "CRLF", "CR", "no last newline", "tabs", "latin-1"],
)
def test_other_ways_to_write_the_same_settings(write, content):
    assert read_recordings(write(content)) == read_recordings(write(TEXT, "plain.unipen"))


def test_a_mark_of_the_byte_order_is_no_part_of_the_first_line(write):
    content = f"{BEGIN}1 2\n".encode("utf-8-sig")
    assert read_recordings(write(content)) == [Recording(3, [[(1, 2)]])]


def test_compression_is_detected_from_the_content(write):
    expected = read_recordings(write(TEXT))
    assert read_recordings(write(TEXT, "plain.unipen.gz")) == expected
    assert read_recordings(write(gzip.compress(TEXT.encode()), "packed.unipen")) == expected


def test_a_new_digit_ends_the_stroke(write):
    """There is no .PEN_UP, and the numbers after .SEGMENT are not points."""
    path = write(BEGIN + '1 2\n.SEGMENT DIGIT 1 ? "4"\n5 5\n.PEN_DOWN\n3 4\n')
    three, four = read_recordings(path)
    assert three.strokes == [[(1, 2)]]
    assert four.strokes == [[(3, 4)]]


@pytest.mark.parametrize("digit", range(10))
def test_every_digit(write, digit):
    path = write(BEGIN.replace("3", str(digit)) + "1 2\n")
    assert [recording.digit for recording in read_recordings(path)] == [digit]


# --- drawing ------------------------------------------------------------------------------


def test_a_recording_is_drawn_upright_in_the_middle_200_units_large():
    """The seven is 200 high, from y = 400 to 200, and 80.5 wide, from x = 100 to 180.5."""
    drawing = draw_recording(Recording(7, SEVEN))
    seen = [[(p.x, p.y) for p in stroke.points] for stroke in drawing.items]
    left = 140 - 80.5 / 2
    expected = [
        [(left, 40), (left + 80, 40), (left + 80.5, 60), (left + 20, 240)],
        [(left + 10, 140), (left + 70, 140)],
    ]
    assert len(seen) == len(expected)
    for stroke, points in zip(seen, expected, strict=True):
        np.testing.assert_allclose(stroke, points, atol=1 / 128)


@pytest.mark.parametrize(("scale", "shift"), [(0.001, 0), (0.37, -4000), (64, 1e6), (1e5, 0)])
def test_it_does_not_matter_what_the_tablet_measures_in(scale, shift):
    moved = [[(x * scale + shift, y * scale + shift) for x, y in stroke] for stroke in SEVEN]
    np.testing.assert_array_equal(
        draw_recording(Recording(7, moved)).ink, draw_recording(Recording(7, SEVEN)).ink
    )


def test_a_wide_recording_fills_the_width():
    drawing = draw_recording(Recording(1, [[(0, 0), (10, 0)]]))
    assert [(p.x, p.y) for p in drawing.items[0].points] == [(40, 140), (240, 140)]


@pytest.mark.parametrize("at", [(0, 0), (-5, 12), (1e9, -1e9), (0.1, 0.2)])
def test_a_single_dot_is_a_dot_in_the_middle(at):
    dot = Drawing()
    dot.begin(140, 140)
    dot.end()
    drawing = draw_recording(Recording(0, [[at]]))
    np.testing.assert_array_equal(drawing.ink, dot.ink)
    assert drawing.image().any()


def test_recordings_are_drawn_as_a_hand_draws_on_the_pad():
    """Each stroke is drawn completely, with the requested pen."""
    points = [[(60, 240), (160, 140), (220, 40)], [(80, 60), (200, 60)]]
    for brush in (BRUSH, 9.0):
        by_hand = Drawing()
        for stroke in points:
            by_hand.begin(*stroke[0], brush)
            for x, y in stroke[1:]:
                by_hand.extend(x, y, brush)
            by_hand.end()
        recording = Recording(4, [[(x, -y) for x, y in stroke] for stroke in points])
        np.testing.assert_array_equal(draw_recording(recording, brush).ink, by_hand.ink)


def test_images_are_what_the_network_sees(write):
    path = write(TEXT)
    labeled = read_images(path)
    assert labeled.images.dtype == labeled.labels.dtype == np.uint8
    assert labeled.labels.tolist() == [7, 0]
    expected = [draw_recording(r).image().reshape(-1) for r in read_recordings(path)]
    np.testing.assert_array_equal(labeled.images, expected)


def test_progress_counts_the_digits_and_can_stop_the_work(write):
    path = write((BEGIN + "1 2\n") * 250)
    reported = []
    read_images(path, lambda done, total: reported.append((done, total)))
    assert reported[0] == (0, 250)
    assert reported[-1] == (250, 250)
    assert reported == sorted(reported)

    def stop(done, total):
        raise Cancelled

    with pytest.raises(Cancelled):
        read_images(path, stop)


# --- refusals -----------------------------------------------------------------------------


def test_a_missing_file(tmp_path):
    assert_error(tmp_path / "nothing.unipen", "No such file")


def test_a_folder(tmp_path):
    assert_error(tmp_path, "a folder, not a file")


@pytest.mark.parametrize(
    "content",
    [
        b"\n\n\n",
        b"1 2\n3 4\n",
        b".PEN_DOWN\n1 2\n.PEN_UP\n",
        gzip.compress(b"", mtime=0),
        bytes(range(256)) * 40,
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        TEXT.encode("utf-16"),
    ],
    ids=["blank", "numbers", "no segment", "empty gzip", "bytes", "PNG", "UTF-16"],
)
def test_a_file_without_a_digit(write, content):
    assert_error(write(content), "no digit", ".SEGMENT DIGIT")


def test_an_empty_file(write):
    assert_error(write(b""), "it is empty")


PACKED = gzip.compress(TEXT.encode(), mtime=0)


@pytest.mark.parametrize(
    "content",
    [
        PACKED[:-1],
        PACKED[:-9],
        PACKED[: len(PACKED) // 2],
        PACKED[:12],
        PACKED[:2],
        PACKED[:20] + b"\xff" * 10 + PACKED[30:],
        PACKED[:-8] + b"\0" * 8,
        PACKED[:2] + b"\xff" + PACKED[3:],
        PACKED + b"and so on",
    ],
)
def test_a_damaged_gzip_file(write, content):
    assert_error(write(content, "pen.unipen.gz"), "cannot be read")


@pytest.mark.parametrize(
    "segment",
    [
        ".SEGMENT",
        ".SEGMENT DIGIT",
        ".SEGMENT DIGIT 0 ?",
        ".SEGMENT DIGIT 0 ? 8",
        '.SEGMENT DIGIT 0 ? ""',
        '.SEGMENT DIGIT 0 ? "10"',
        '.SEGMENT DIGIT 0 ? "-1"',
        '.SEGMENT DIGIT 0 ? "a"',
        '.SEGMENT DIGIT 0 ? "８"',
        '.SEGMENT DIGIT 0 ? "8',
        '.SEGMENT DIGIT 0 ? "8" and so on',
        '.SEGMENT WORD 0 ? "8"',
        '.SEGMENT DIGITS 0 ? "8"',
        '.SEGMENT DIGIT 0 ? "\x1b[2J\u2028\0"',
    ],
)
def test_a_label_that_is_not_a_digit(write, segment):
    assert_error(write(f"{BEGIN}1 2\n{segment}\n.PEN_DOWN\n1 2\n"), "Line 4 ", segment[:8])


@pytest.mark.parametrize(
    "point",
    [
        *("1", "one two", "1 two", "1,2", "1; 2", '"1" 2', "0x10 3"),
        *("nan 1", "1 nan", "inf 1", "1 -inf", "1e999 1", "1 -2e9", "1e300 1", "\x1b[2J 1"),
    ],
)
def test_a_malformed_point(write, point):
    assert_error(write(f"{BEGIN}1 2\n{point}\n.PEN_UP\n"), "Line 4 ", "not a point", point[2:])


def test_a_long_line_is_quoted_partially(write):
    path = write(BEGIN + "x" * 100_000)
    with pytest.raises(DataError) as error:
        read_recordings(path)
    assert 60 < len(str(error.value)) - len(str(path)) < 150


@pytest.mark.parametrize("rest", ["", ".PEN_UP\n", ".PEN_UP\n.PEN_DOWN\n", ".COMMENT 1 2\n"])
def test_a_digit_without_points(write, rest):
    assert_error(write(f"{BEGIN}1 2\n{BEGIN}{rest}"), "line 4 ", "no points")
    assert_error(write(f"{BEGIN}{rest}{BEGIN}1 2\n"), "line 1 ", "no points")


@pytest.mark.timeout(10)
def test_a_line_of_nothing_but_quotes_is_refused_at_once(write):
    """A pattern that tries every pair of them would take hours."""
    assert_error(write(".SEGMENT DIGIT " + '"' * 300_000 + "x\n"), "Line 1 ")


# --- size ---------------------------------------------------------------------------------


def test_a_small_file_that_unpacks_to_a_huge_one_is_not_unpacked(write):
    """1 GB in 1 MB, of which little more than the limit may be in memory."""
    path = write(gzip.compress(b"\n" * 10_000_000, mtime=0) * 100)
    assert path.stat().st_size < 2_000_000
    tracemalloc.start()
    try:
        assert_error(path, "more than 20 MB", "Split them")
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 100_000_000


def test_the_limit_is_of_what_is_unpacked(write, monkeypatch):
    monkeypatch.setattr(module, "_LARGEST", len(TEXT))
    assert len(read_recordings(write(TEXT))) == 2
    assert len(read_recordings(write(PACKED))) == 2
    for content in (TEXT + "\n", gzip.compress(f"{TEXT}\n".encode())):
        assert_error(write(content), "more than")


# --- any input ----------------------------------------------------------------------------

ODD = ["nan 1", ".SEGMENT", "1", "\x0c", "1e9 -1e9", "1e-300 0", '"', "\0"]


@settings(deadline=None, max_examples=100)
@given(st.lists(st.sampled_from([*TEXT.splitlines(), *ODD]) | st.text(max_size=8), max_size=25))
def test_lines_in_any_order_are_drawn_or_refused(tmp_path_factory, lines):
    path = tmp_path_factory.getbasetemp() / "any.unipen"
    path.write_bytes("\n".join(lines).encode("utf-8", "replace"))
    outcome = images_or_message(path)
    if isinstance(outcome, str):
        assert str(path) in outcome
        assert outcome.isprintable()
    else:
        names = re.findall(r'^\s*\.SEGMENT DIGIT.*"(.)"', "\n".join(lines), re.M)
        assert outcome.labels.tolist() == [int(name) for name in names]
        assert outcome.images.any(axis=1).all()


def images_or_message(path):
    try:
        return read_images(path)
    except DataError as error:
        return str(error)
