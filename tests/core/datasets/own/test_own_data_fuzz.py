"""Damaged and hostile files of own data: each is refused in one clear line, or is a valid data set.

The environment variable DIGITSCOPE_FUZZ=20 multiplies their number by 20.
"""

import gzip
import io
import random
import struct
import zipfile

import numpy as np
import pytest

from core.datasets.own.own_data import read_own_data
from core.errors import DataError
from core.settings.data_source import OwnData
from tests.core.damaged_files import TIMES, DamagedFileReader
from tests.core.datasets.own.small_sets import IMAGES, LABELS, csv_rows, idx, images
from tests.core.saving.damaged_runs import DAMAGES, npy, packed, parts_of

EACH = 25
"""Files for each kind of damage."""

CELLS = (
    "",
    "x",
    "-1",
    "256",
    "1e400",
    "nan",
    "inf",
    "0x10",
    '"',
    "1;2",
    "9" * 400,
    "\0",
    "é",
    "0.5",
)
N = 30


def read(path):
    return read_own_data(OwnData(str(path)))


def assert_good(dataset, _):
    assert 2 <= len(dataset.classes) <= 10
    assert dataset.train_images.shape == (len(dataset.train_labels), 784)
    assert dataset.test_images.shape == (len(dataset.test_labels), 784)
    assert dataset.name.is_inverted in (True, False)


OF_BYTES = [damage for damage in DAMAGES if damage.__name__ in ("flip", "truncate", "splice")]


@pytest.fixture
def make_reader(tmp_path):
    made = []

    def make(name):
        made.append(DamagedFileReader(tmp_path / name, read, DataError, assert_good))
        return made[-1]

    yield make
    for reader in made:
        reader.report()


def saved(save=np.savez, **arrays):
    stream = io.BytesIO()
    save(stream, **arrays)
    return stream.getvalue()


def archives():
    x, y = IMAGES[:N], LABELS[:N]
    return [
        saved(x_train=x, y_train=y, x_test=x[:6], y_test=y[:6]),
        saved(np.savez_compressed, images=x, labels=y),
        saved(images=(images(N, 8) / 255).astype(np.float16), labels=np.eye(3)[y]),
    ]


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_archives(make_reader, damage):
    reader, rng, originals = make_reader("set.npz"), random.Random(damage.__name__), archives()
    assert all(reader.read(content, "sound") for content in originals)
    for number in range(EACH * TIMES):
        content = rng.choice(originals)
        reader.read(damage(rng, content, parts_of(content)), f"{damage.__name__} {number}")
    assert reader.refused > EACH * TIMES / 8


@pytest.mark.parametrize("damage", OF_BYTES)
@pytest.mark.parametrize("name", ["train-images-idx3-ubyte", "train-images-idx3-ubyte.gz"])
def test_damaged_idx_files(make_reader, tmp_path, damage, name):
    reader, rng = make_reader(name), random.Random(damage.__name__)
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(idx(LABELS[:N]))
    sound = idx(IMAGES[:N])
    sound = gzip.compress(sound) if name.endswith(".gz") else sound
    assert reader.read(sound, "sound")
    for number in range(EACH * TIMES):
        content = damage(rng, sound, [])
        reader.read(content, f"{damage.__name__} {number}")
    for numbers in ((N, 2**32 - 1, 2**32 - 1), (N, 0, 784), (N, 784, 1), (2**31, 28, 28)):
        reader.read(struct.pack(">4B3I", 0, 0, 8, 3, *numbers) + bytes(100), str(numbers))
    assert reader.refused >= 4


@pytest.mark.parametrize("name", ["set.csv", "set.csv.gz"])
def test_damaged_tables(make_reader, name):
    reader, rng = make_reader(name), random.Random(0)
    rows = csv_rows(images(N, 8), LABELS[:N])
    header = ",".join(["label", *(f"p{i}" for i in range(64))])
    for number in range(3 * EACH * TIMES):
        lines = [header, *rows] if number % 2 else list(rows)
        for _ in range(rng.choice((1, 1, 3))):
            cells = lines[at := rng.randrange(len(lines))].split(",")
            what = rng.randrange(4)
            if what == 0:
                del cells[rng.randrange(len(cells))]
            elif what == 1:
                cells.insert(rng.randrange(len(cells)), rng.choice(CELLS))
            else:
                cells[rng.randrange(len(cells))] = rng.choice(CELLS)
            lines[at] = ",".join(cells)
        content = "\n".join(lines).encode()
        content = gzip.compress(content) if name.endswith(".gz") else content
        if rng.random() < 0.3:
            content = rng.choice(OF_BYTES)(rng, content, [])
        reader.read(content, f"table {number}")
    assert reader.refused > EACH * TIMES


def test_bombs(make_reader):
    """Small files that would take much memory or time."""
    labels = (
        "labels.npy",
        npy("{'descr': '|u1', 'fortran_order': False, 'shape': (9,), }", bytes(9)),
    )
    for shape in ("(9, 9999, 9999)", "(9, 1000, 1000, 3)", "(999999999, 28, 28)"):
        claim = npy(
            f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}", bytes(1 << 20)
        )
        reader = make_reader("set.npz")
        reader.read(packed([("images.npy", claim), labels], zipfile.ZIP_DEFLATED), shape)
        assert reader.refused
    for content in (b"1," * 8_000_000, b"\n" * 8_000_000, b"0" * 8_000_000):
        reader = make_reader("set.csv.gz")
        reader.read(gzip.compress(content, 1), "endless lines")
        assert reader.refused
