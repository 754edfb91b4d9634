import gzip
import hashlib
import struct
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from core.datasets.idx import IdxFile, read_idx
from core.errors import DataError

FILE_NAMES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)


def idx_bytes(array):
    """Write an array as an IDX file by the definition of the format."""
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()


def identity(name, content):
    """Return what identifies a file with this content, published as gzip writes it."""
    published = gzip.compress(content, mtime=0)
    dimensions = content[3]
    return IdxFile(
        name=name,
        shape=struct.unpack_from(f">{dimensions}I", content, 4),
        checksum=hashlib.sha256(content).hexdigest(),
        published_sha256=hashlib.sha256(published).hexdigest(),
        published_size=len(published),
    )


def small_arrays(train=60, test=30, seed=7):
    """Return noise images and labels in MNIST's format: like MNIST, but too few."""
    rng = np.random.default_rng(seed)
    shapes = ((train, 28, 28), (train,), (test, 28, 28), (test,))
    return [
        rng.integers(0, 256 if len(shape) == 3 else 10, shape, dtype=np.uint8) for shape in shapes
    ]


ARRAYS = small_arrays()
CONTENTS = [idx_bytes(array) for array in ARRAYS]
SMALL_FILES = tuple(
    identity(name, content) for name, content in zip(FILE_NAMES, CONTENTS, strict=True)
)
IMAGES, LABELS, TEST_IMAGES, _ = CONTENTS
IMAGES_FILE, LABELS_FILE = SMALL_FILES[:2]


def error_of(path, expected=IMAGES_FILE):
    """Return the message of the DataError that reading raises, which must name the file."""
    with pytest.raises(DataError) as caught:
        read_idx(path, expected)
    assert str(path) in str(caught.value)
    return str(caught.value)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "train-images-idx3-ubyte"


def test_header_is_that_of_the_format():
    file = IdxFile("x", (60_000, 28, 28), "", "", 0)
    assert file.header.hex(" ", 4) == "00000803 0000ea60 0000001c 0000001c"
    assert file.values == 60_000 * 784


@pytest.mark.parametrize("name", ["as-named", "as-named.gz"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
@pytest.mark.parametrize("i", range(4), ids=FILE_NAMES)
def test_reads_plain_and_gzip_whatever_the_name_says(tmp_path, name, pack, i):
    path = tmp_path / name
    path.write_bytes(pack(CONTENTS[i]))
    array = read_idx(path, SMALL_FILES[i])
    np.testing.assert_array_equal(array, ARRAYS[i])
    assert array.dtype == np.uint8
    assert not array.flags.writeable


@pytest.mark.parametrize("length", [3, 4, 10, 16, 1000, len(IMAGES) - 1])
def test_a_cut_off_plain_file(path, length):
    path.write_bytes(IMAGES[:length])
    assert "cut off" in error_of(path)


def test_an_empty_file(path):
    path.touch()
    assert "it is empty" in error_of(path)


@pytest.mark.parametrize("part", [0.001, 0.01, 0.5, 0.9999])
def test_a_cut_off_gzip_file(path, part):
    packed = gzip.compress(IMAGES)
    path.write_bytes(packed[: int(len(packed) * part)])
    assert "cut off" in error_of(path)


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
@pytest.mark.parametrize(
    ("content", "expected", "message"),
    [
        (LABELS, IMAGES_FILE, "contains labels instead of 60 images of 28×28"),
        (IMAGES, LABELS_FILE, "contains images instead of 60 labels"),
        (TEST_IMAGES, IMAGES_FILE, "contains 30 images of 28×28 instead of 60 images of 28×28"),
        (b"<!DOCTYPE html><html></html>", IMAGES_FILE, "not an IDX file"),
        # 0x0D is the format's byte for float32
        (b"\0\0\x0d\x03" + IMAGES[4:], IMAGES_FILE, "not an IDX file"),
        (IMAGES + b"\0", IMAGES_FILE, "longer"),
        (IMAGES[:-1] + bytes([IMAGES[-1] ^ 1]), IMAGES_FILE, "SHA-256"),
    ],
)
def test_a_file_that_is_not_the_one_expected(path, pack, content, expected, message):
    path.write_bytes(pack(content))
    error = error_of(path, expected)
    assert message in error
    assert f"fresh copy of {expected.name}" in error


def test_gzip_with_a_wrong_checksum(path):
    packed = bytearray(gzip.compress(IMAGES))
    packed[-8] ^= 1  # the CRC-32 is in the eight bytes at the end, before the length
    path.write_bytes(packed)
    assert "cannot be decompressed" in error_of(path)


def test_a_file_that_is_not_there(path):
    assert "cannot be read" in error_of(path)


def test_a_folder_instead_of_a_file(path):
    path.mkdir()
    assert "cannot be read" in error_of(path)


def test_damaged_gzip_gives_the_right_content_or_a_data_error(path):
    packed = gzip.compress(LABELS)
    rng = np.random.default_rng(3)
    refused = 0
    for _ in range(300):
        damaged = bytearray(packed)
        damaged[rng.integers(len(packed))] ^= 1 << rng.integers(8)
        path.write_bytes(damaged)
        try:
            np.testing.assert_array_equal(read_idx(path, LABELS_FILE), ARRAYS[1])
        except DataError as error:
            assert str(path) in str(error)  # noqa: PT017 - a few bits, such as the time, are free
            refused += 1
    assert refused > 200


# Bytes: far less than the bombs hold, yet enough for a table of the interpreter's own, such as that
# of its interned strings (2 MB), to grow in the meantime.
SMALL = 1 << 23


def peak_memory_of_refusing(path):
    tracemalloc.start()
    try:
        with pytest.raises(DataError):
            read_idx(path, IMAGES_FILE)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_gzip_bomb_is_not_decompressed(path):
    with gzip.open(path, "wb") as file:
        file.write(IMAGES_FILE.header + bytes(1 << 26))
    assert peak_memory_of_refusing(path) < SMALL


def test_an_endless_plain_file_is_not_read(path):
    path.write_bytes(IMAGES)
    with path.open("r+b") as file:
        file.truncate(1 << 28)
    assert peak_memory_of_refusing(path) < SMALL


def test_a_header_that_claims_too_much_memory_allocates_nothing(path):
    path.write_bytes(bytes([0, 0, 8, 3]) + b"\xff" * 12 + IMAGES[16:])
    assert "4,294,967,295 images" in error_of(Path(path))
    assert peak_memory_of_refusing(path) < SMALL
