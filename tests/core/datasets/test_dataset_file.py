import os
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from core.datasets import dataset_file
from core.errors import DigitscopeError
from tests.core.digits import tiny_dataset

ARRAYS = ("train_images", "train_labels", "test_images", "test_labels")


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "new" / "folder" / "digits.npz"


@pytest.fixture
def written(path) -> Path:
    dataset_file.write(path, tiny_dataset())
    return path


def test_written_records_are_read(written):
    dataset = dataset_file.read(written, "strokes")
    assert dataset is not None
    assert dataset.name == "strokes"
    for array in ARRAYS:
        np.testing.assert_array_equal(getattr(dataset, array), getattr(tiny_dataset(), array))


def test_a_missing_file_means_none(path):
    assert dataset_file.read(path, "strokes") is None


def test_a_truncated_file_is_ignored(written):
    content = written.read_bytes()
    for length in (0, 10, len(content) // 2, len(content) - 1):
        written.write_bytes(content[:length])
        assert dataset_file.read(written, "strokes") is None


def test_a_file_with_a_changed_pixel_is_ignored(written):
    content = bytearray(written.read_bytes())
    content[len(content) // 2] ^= 1
    written.write_bytes(content)
    assert dataset_file.read(written, "strokes") is None


@pytest.mark.parametrize("left_out", ARRAYS)
def test_an_array_that_is_missing_or_of_another_type_is_ignored(path, left_out):
    path.parent.mkdir(parents=True)
    arrays = {array: getattr(tiny_dataset(), array) for array in ARRAYS}
    np.savez(path, **{**arrays, left_out: arrays[left_out].astype(float)})
    assert dataset_file.read(path, "strokes") is None
    del arrays[left_out]
    np.savez(path, **arrays)
    assert dataset_file.read(path, "strokes") is None


def test_a_file_that_would_run_code_when_loaded_is_refused(path):
    path.parent.mkdir(parents=True)
    np.savez(path, **dict.fromkeys(ARRAYS, np.array([print])))
    assert dataset_file.read(path, "strokes") is None


@pytest.mark.parametrize("shape", ["(10000000000, 784)", "(999999999999999999, 784)"])
def test_an_array_that_claims_to_be_huge_is_refused_before_it_is_made(path, shape, caplog):
    path.parent.mkdir(parents=True)
    header = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    with zipfile.ZipFile(path, "w") as archive:
        for array in ARRAYS:
            archive.writestr(f"{array}.npy", b"\x93NUMPY\x01\x00\x76\x00" + header.encode())
    assert dataset_file.read(path, "strokes") is None
    assert "claims to be larger than the file" in caplog.text


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")
def test_pipes_and_folders_are_not_waited_for(path):
    path.mkdir(parents=True)
    assert dataset_file.read(path, "strokes") is None
    path.rmdir()
    os.mkfifo(path)
    assert dataset_file.read(path, "strokes") is None


def test_writing_replaces_the_file(written):
    dataset_file.write(written, tiny_dataset(train=20, seed=1))
    dataset = dataset_file.read(written, "strokes")
    assert dataset is not None
    assert len(dataset.train_labels) == 20
    assert list(written.parent.iterdir()) == [written]


def test_a_full_disk_leaves_the_file_as_it_was(written, monkeypatch):
    before = written.read_bytes()

    def no_space(file, **arrays):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", no_space)
    with pytest.raises(DigitscopeError, match="No space left"):
        dataset_file.write(written, tiny_dataset(seed=1))
    assert list(written.parent.iterdir()) == [written]
    assert written.read_bytes() == before


def test_a_folder_that_cannot_be_created_is_reported(tmp_path):
    (tmp_path / "file").write_text("not a folder", "utf-8")
    with pytest.raises(DigitscopeError, match=os.fspath(tmp_path / "file")):
        dataset_file.write(tmp_path / "file" / "digits.npz", tiny_dataset())
