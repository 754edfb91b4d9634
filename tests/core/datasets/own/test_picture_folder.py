import os
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from core.datasets.own.fitting import fit
from core.datasets.own.reading import read_own_images
from core.errors import Cancelled, DataError
from tests.core.datasets.own.small_sets import images, write_pictures


def test_a_subfolder_for_each_class(tmp_path):
    shown = {}

    def make(name, number):
        shown[name, number] = images(1)[0]
        return shown[name, number]

    write_pictures(tmp_path, make=make)
    read = read_own_images(tmp_path)
    assert read.classes == ("apple", "fig", "pear")
    assert read.test is None
    assert (read.fitted, read.passed_over) == (0, 0)
    np.testing.assert_array_equal(read.train.labels, np.repeat([0, 1, 2], 7))
    for i, image in enumerate(read.train.images):  # 28×28 pixels stay to the bit
        expected = shown[read.classes[i // 7], i % 7]
        np.testing.assert_array_equal(image.reshape(28, 28), expected)


def test_numbers_are_in_their_order(tmp_path):
    write_pictures(tmp_path, ("10", "9", "1"))
    assert read_own_images(tmp_path).classes == ("1", "9", "10")


def test_parts(tmp_path):
    write_pictures(tmp_path / "train")
    write_pictures(tmp_path / "valid", each=2)
    (tmp_path / "README.md").write_text("")
    read = read_own_images(tmp_path)
    assert (len(read.train.labels), len(read.test.labels)) == (21, 6)
    assert (read.joined, read.passed_over) == (None, 1)
    write_pictures(tmp_path / "test", each=1)
    read = read_own_images(tmp_path)
    assert (len(read.train.labels), len(read.test.labels)) == (27, 3)
    assert read.joined == "val"
    np.testing.assert_array_equal(read.test.labels, [0, 1, 2])


def test_other_and_hidden_files_are_passed_over_and_counted(tmp_path):
    write_pictures(tmp_path)
    (tmp_path / "notes.txt").write_text("")
    (tmp_path / ".git").mkdir()
    (tmp_path / "__MACOSX").mkdir()
    (tmp_path / "fig" / "thumbs.db").write_text("")
    (tmp_path / "fig" / "._0.png").write_text("")
    (tmp_path / "fig" / ".ipynb_checkpoints").mkdir()
    write_pictures(tmp_path / "pear", ("ripe",))
    read = read_own_images(tmp_path)
    assert read.passed_over == 6
    np.testing.assert_array_equal(np.bincount(read.train.labels), [7, 7, 14])


def test_empty_class(tmp_path):
    write_pictures(tmp_path)
    (tmp_path / "plum").mkdir()
    with pytest.raises(DataError, match=r"class 'plum' of .* has no pictures"):
        read_own_images(tmp_path)


def test_empty_class_of_a_part(tmp_path):
    write_pictures(tmp_path / "train")
    write_pictures(tmp_path / "test", ("apple", "fig"))
    (tmp_path / "test" / "pear").mkdir()
    with pytest.raises(DataError, match=r"class 'pear' of .* has no pictures in 'test'"):
        read_own_images(tmp_path)


def test_folders_without_any_pictures(tmp_path):
    for name in ("notes", "letters"):
        (tmp_path / name).mkdir()
    with pytest.raises(
        DataError, match=r"contain no pictures\. Choose a folder with a subfolder of PNG"
    ):
        read_own_images(tmp_path)


def test_parts_with_other_classes(tmp_path):
    write_pictures(tmp_path / "train")
    write_pictures(tmp_path / "test", ("apple", "fig", "plum"))
    with pytest.raises(DataError, match="does not have the class 'pear' in each of its parts"):
        read_own_images(tmp_path)


@pytest.mark.parametrize(("classes", "says"), [(1, "1 class "), (11, "11 classes .*Leave out")])
def test_number_of_classes(tmp_path, classes, says):
    write_pictures(tmp_path, [f"class {i}" for i in range(classes)], each=1)
    with pytest.raises(DataError, match=f"has {says}"):
        read_own_images(tmp_path)


def test_names_that_look_the_same(tmp_path):
    write_pictures(tmp_path, ["x" * 50 + end for end in "ab"], each=1)
    with pytest.raises(DataError, match=r"need other names\. Two classes have the same"):
        read_own_images(tmp_path)


def test_pictures_that_cannot_be_read_are_named(tmp_path):
    write_pictures(tmp_path)
    (tmp_path / "fig" / "3.png").write_bytes(b"nothing")
    with pytest.raises(DataError, match=r"fig.3\.png' is not a picture.* out of the folder\.$"):
        read_own_images(tmp_path)
    os.truncate(tmp_path / "pear" / "5.png", 60)
    with pytest.raises(
        DataError, match=r"fig.3\.png' is not .* 1 more picture cannot be read either\.$"
    ):
        read_own_images(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes")
def test_a_pipe_does_not_block(tmp_path):
    write_pictures(tmp_path)
    os.mkfifo(tmp_path / "fig" / "pipe.png")
    with pytest.raises(DataError, match="it is a pipe, not a file"):
        read_own_images(tmp_path)


def test_a_bomb_is_refused(tmp_path):
    def chunk(kind, content):
        return (
            struct.pack(">I", len(content))
            + kind
            + content
            + struct.pack(">I", zlib.crc32(kind + content))
        )

    write_pictures(tmp_path)
    header = chunk(b"IHDR", struct.pack(">2I5B", 60_000, 60_000, 8, 2, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(bytes(1_000_000))) + chunk(b"IEND", b"")
    (tmp_path / "fig" / "bomb.png").write_bytes(b"\x89PNG\r\n\x1a\n" + header + body)
    with pytest.raises(DataError, match=r"bomb\.png' has too many pixels to open safely"):
        read_own_images(tmp_path)


def test_can_be_cancelled(tmp_path):
    def cancel(done, total):
        assert total == 21
        if done == 10:
            raise Cancelled

    write_pictures(tmp_path)
    with pytest.raises(Cancelled):
        read_own_images(tmp_path, cancel)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: None, "There is nothing at"),
        (lambda path: path.mkdir(), "contains no data set.*Choose a folder with a subfolder"),
        (lambda path: path.write_text("x"), "not a data set of a known format"),
    ],
    ids=["nothing", "empty folder", "another file"],
)
def test_places_without_a_data_set(tmp_path, make, says):
    make(tmp_path / "here")
    with pytest.raises(DataError, match=says):
        read_own_images(tmp_path / "here")


def test_an_archive_is_to_be_unpacked(tmp_path):
    (tmp_path / "set.zip").write_bytes(b"PK")
    with pytest.raises(DataError, match="Unpack it"):
        read_own_images(tmp_path / "set.zip")


class TestFitting:
    def test_keeps_proportions_in_the_middle_of_the_background(self):
        pixels = np.full((100, 200), 240, np.uint8)
        pixels[25:75, 50:150] = 10
        image = fit(pixels).reshape(28, 28)
        assert (image[:7] == 240).all()
        assert (image[21:] == 240).all()
        assert (image[11:17, 8:20] == 10).all()
        assert image.min() == 10
        assert image.max() == 240

    def test_enlarges(self):
        pixels = np.zeros((7, 7), np.uint8)
        pixels[3, 3] = 255
        image = fit(pixels).reshape(28, 28)
        assert np.unravel_index(image.argmax(), (28, 28)) in [
            (13, 13),
            (13, 14),
            (14, 13),
            (14, 14),
        ]
        np.testing.assert_array_equal(image, image[::-1, ::-1])

    @pytest.mark.parametrize("shape", [(1, 1), (1, 500), (500, 1), (28, 1), (2999, 3)])
    def test_extreme_shapes(self, shape):
        assert (fit(np.full(shape, 7, np.uint8)) == 7).all()

    def test_colors_become_their_brightness(self):
        image = fit(np.full((50, 50, 3), (255, 0, 0), np.uint8))
        assert (image == 76).all()  # 0.299 of red

    @pytest.mark.parametrize(("ink", "behind"), [(0, 255), (255, 0)])
    def test_transparent_parts_are_white_or_behind_white_ink_black(self, ink, behind):
        pixels = np.zeros((28, 28, 4), np.uint8)
        pixels[10:18, 10:18] = (ink, ink, ink, 255)
        image = fit(pixels).reshape(28, 28)
        assert image[0, 0] == behind
        assert image[14, 14] == ink

    def test_a_picture_turned_by_its_exif_data_is_upright(self, tmp_path):
        pixels = images(1)[0]
        exif = Image.Exif()
        exif[274] = 6

        write_pictures(tmp_path)
        Image.fromarray(pixels).save(tmp_path / "apple" / "0.png", exif=exif)
        read = read_own_images(tmp_path).train.images[0].reshape(28, 28)
        np.testing.assert_array_equal(read, np.rot90(pixels, -1))
