import gzip
import io
import logging
import os
import pickle
import subprocess
import sys
import tracemalloc
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.datasets.published import find_published, load_published
from core.datasets.published_sets import MNIST
from core.errors import Cancelled, DataError
from core.files.locations import cache_folder
from tests.core.datasets.test_download import PUBLISHED, Mirror, running
from tests.core.datasets.test_idx import ARRAYS, CONTENTS, FILE_NAMES, SMALL, SMALL_FILES
from tests.real_mnist import FOLDER, needs_mnist

pytestmark = pytest.mark.usefixtures("machine")

ROOT = Path(__file__).parents[3]
KERAS_NAMES = ("x_train", "y_train", "x_test", "y_test")
DOTTED_NAMES = tuple(name.replace("-idx", ".idx") for name in FILE_NAMES)
SMALL_MNIST = replace(MNIST, files=SMALL_FILES)


def write_idx(folder, names=FILE_NAMES, suffix="", contents=CONTENTS):
    folder.mkdir(parents=True, exist_ok=True)
    pack = gzip.compress if suffix else bytes
    for name, content in zip(names, contents, strict=True):
        (folder / f"{name}{suffix}").write_bytes(pack(content))


def write_damaged_idx(folder):
    write_idx(folder, contents=[content[:-1] for content in CONTENTS])


def write_npz(folder, arrays=ARRAYS, **replaced):
    folder.mkdir(parents=True, exist_ok=True)
    members = dict(zip(KERAS_NAMES, arrays, strict=True)) | replaced
    np.savez_compressed(folder / "mnist.npz", **members)
    return folder / "mnist.npz"


def find(data_dir=None):
    return find_published(SMALL_MNIST, data_dir)


def is_the_small_set(dataset):
    found = (
        dataset.train_images,
        dataset.train_labels,
        dataset.test_images,
        dataset.test_labels,
    )
    for array, written in zip(found, ARRAYS, strict=True):
        np.testing.assert_array_equal(array, written.reshape(array.shape))
    return dataset.name == "mnist"


def error_of(data_dir):
    with pytest.raises(DataError) as caught:
        find(data_dir)
    return str(caught.value)


class TestAChosenFolder:
    @pytest.mark.parametrize("subfolder", ["", "MNIST/raw", "raw", "mnist"])
    @pytest.mark.parametrize("suffix", ["", ".gz"])
    @pytest.mark.parametrize("names", [FILE_NAMES, DOTTED_NAMES], ids=["hyphen", "dot"])
    def test_may_hold_idx_files(self, folder, names, suffix, subfolder):
        write_idx(folder / subfolder, names, suffix)
        assert is_the_small_set(find(folder))

    @pytest.mark.parametrize("subfolder", ["", "MNIST/raw", "raw", "mnist"])
    def test_may_hold_the_archive_of_keras(self, folder, subfolder):
        write_npz(folder / subfolder)
        assert is_the_small_set(find(folder))

    def test_may_mix_names_and_packing(self, folder):
        write_idx(folder, DOTTED_NAMES[:2], ".gz", CONTENTS[:2])
        write_idx(folder, FILE_NAMES[2:], "", CONTENTS[2:])
        assert is_the_small_set(find(folder))

    def test_may_hold_a_sound_copy_besides_a_damaged_one(self, folder):
        write_damaged_idx(folder)
        write_idx(folder, suffix=".gz")
        assert is_the_small_set(find(folder))

    def test_may_hold_a_sound_archive_besides_damaged_files(self, folder):
        write_damaged_idx(folder)
        write_npz(folder)
        assert is_the_small_set(find(folder))

    def test_may_begin_with_a_tilde(self):
        write_idx(Path(os.environ["HOME"]) / "digits")
        assert is_the_small_set(find(Path("~/digits")))

    def test_is_told_what_it_lacks_where_it_lacks_least(self, folder):
        write_idx(folder / "MNIST" / "raw")
        (folder / "MNIST" / "raw" / FILE_NAMES[3]).unlink()
        message = error_of(folder)
        assert str(folder / "MNIST" / "raw") in message
        assert FILE_NAMES[3] in message
        assert FILE_NAMES[0] not in message

    def test_that_is_empty_is_told_all_four(self, folder):
        message = error_of(folder)
        assert all(name in message for name in (str(folder), "mnist.npz", *FILE_NAMES))

    def test_that_is_missing(self, folder):
        assert "There is no folder" in error_of(folder / "nowhere")

    def test_that_is_a_file(self, folder):
        (folder / "mnist.npz").write_bytes(b"")
        assert "is a file, not a folder" in error_of(folder / "mnist.npz")

    def test_that_cannot_be_opened(self, folder):
        (folder / "loop").symlink_to(folder / "loop")
        assert "cannot be opened" in error_of(folder / "loop")
        assert "cannot be opened" in error_of(Path("a\0b"))

    def test_with_swapped_files_names_the_file_and_what_it_holds(self, folder):
        write_idx(folder, contents=[CONTENTS[i] for i in (1, 0, 2, 3)])
        message = error_of(folder)
        assert str(folder / FILE_NAMES[0]) in message
        assert "contains labels" in message

    def test_is_not_made_up_for_by_other_places(self, folder):
        write_idx(cache_folder() / "mnist")
        assert "does not contain MNIST" in error_of(folder)


class TestTheEnvironmentVariable:
    def test_names_a_folder(self, folder, monkeypatch):
        write_idx(folder)
        monkeypatch.setenv("DIGITSCOPE_DATA", str(folder))
        assert is_the_small_set(find())

    def test_is_named_by_the_error(self, folder, monkeypatch):
        write_idx(cache_folder() / "mnist")
        monkeypatch.setenv("DIGITSCOPE_DATA", str(folder))
        message = error_of(None)
        assert "DIGITSCOPE_DATA" in message
        assert f"The folder {folder} does not contain MNIST" in message

    def test_yields_to_a_chosen_folder(self, folder, monkeypatch):
        write_idx(folder)
        monkeypatch.setenv("DIGITSCOPE_DATA", str(folder / "nowhere"))
        assert is_the_small_set(find(folder))

    def test_counts_as_unset_when_empty(self, monkeypatch):
        monkeypatch.setenv("DIGITSCOPE_DATA", "")
        assert find() is None


USUAL_FOLDERS = (
    "home/.cache/digitscope/mnist",
    "work/data/MNIST/raw",
    "work/MNIST/raw",
    "home/data/MNIST/raw",
    "home/.pytorch/MNIST_data/MNIST/raw",
    "keras/datasets",
    "home/.keras/datasets",
)


class TestTheUsualFolders:
    @pytest.fixture(autouse=True)
    def _keras_home(self, machine, monkeypatch):
        monkeypatch.setenv("KERAS_HOME", str(machine / "keras"))

    def test_may_hold_nothing(self):
        assert find() is None

    @pytest.mark.parametrize("place", USUAL_FOLDERS)
    @pytest.mark.parametrize("write", [write_idx, write_npz])
    def test_are_searched(self, machine, place, write, caplog):
        if "digitscope" in place:
            assert cache_folder() / "mnist" == machine / place
        write(machine / place)
        assert is_the_small_set(find())
        assert caplog.records == []

    @pytest.mark.parametrize("i", range(1, len(USUAL_FOLDERS)))
    def test_are_searched_in_order_past_damaged_copies_with_a_warning(self, machine, i, caplog):
        for place in USUAL_FOLDERS[:i]:
            write_damaged_idx(machine / place)
        write_idx(machine / USUAL_FOLDERS[i])
        for place in USUAL_FOLDERS[i + 1 :]:
            write_damaged_idx(machine / place)
        assert is_the_small_set(find())
        assert {record.levelno for record in caplog.records} == {logging.WARNING}
        warnings = [record.getMessage() for record in caplog.records]
        for place, warning in zip(USUAL_FOLDERS[:i], warnings, strict=True):
            assert "cut off" in warning
            # Paths below the current folder are relative.
            assert str(Path(place.removeprefix("work/"), FILE_NAMES[0])) in warning

    def test_with_only_some_files_are_passed_over_in_silence(self, machine, caplog):
        write_idx(machine / USUAL_FOLDERS[0], FILE_NAMES[:2], "", CONTENTS[:2])
        assert find() is None
        assert caplog.records == []

    def test_with_damaged_copies_only_are_no_mnist(self, machine, caplog):
        write_damaged_idx(machine / USUAL_FOLDERS[0])
        assert find() is None
        assert len(caplog.records) == 1


class Trap:
    """Leaves a file behind when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (Path.touch, (self.path,))


class TestADamagedArchive:
    def test_without_a_member(self, folder):
        write_npz(folder)
        with zipfile.ZipFile(folder / "mnist.npz", "w") as archive:
            archive.writestr("x_train.npy", b"")
        assert str(folder / "mnist.npz") in error_of(folder)

    @pytest.mark.parametrize(
        ("name", "array"),
        [
            ("x_train", ARRAYS[0].astype(np.float32)),
            ("x_train", ARRAYS[2]),
            ("x_train", np.asfortranarray(ARRAYS[0])),
            ("y_train", ARRAYS[1].astype(np.int64)),
            ("y_test", ARRAYS[0]),
        ],
    )
    def test_with_another_array(self, folder, name, array):
        write_npz(folder, **{name: array})
        assert f"{name}.npy is" in error_of(folder)

    def test_with_an_altered_image(self, folder):
        altered = ARRAYS[2].copy()
        altered[3, 14, 14] ^= 1
        write_npz(folder, x_test=altered)
        message = error_of(folder)
        assert "SHA-256" in message
        assert "mnist.npz (x_test.npy)" in message

    def test_is_never_unpickled(self, folder, machine):
        trap = machine / "sprung"
        array = np.empty(len(ARRAYS[1]), object)
        array[:] = Trap(trap)
        write_npz(folder, y_train=array)
        assert "y_train.npy is object" in error_of(folder)
        assert not trap.exists()
        pickle.loads(pickle.dumps(Trap(trap)))
        assert trap.exists()

    def test_that_is_cut_off(self, folder):
        path = write_npz(folder)
        path.write_bytes(path.read_bytes()[:-100])
        assert "cannot be read" in error_of(folder)

    def test_that_is_too_large(self, folder):
        path = write_npz(folder)
        with path.open("r+b") as file:
            file.truncate(1 << 20)
        assert "but such a file has at most" in error_of(folder)

    @pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
    def test_that_is_a_bomb_is_not_decompressed(self, folder, packing):
        header = io.BytesIO()
        np.lib.format.write_array_header_1_0(
            header, np.lib.format.header_data_from_array_1_0(ARRAYS[0])
        )
        with zipfile.ZipFile(folder / "mnist.npz", "w", packing) as archive:
            archive.writestr("x_train.npy", header.getvalue() + bytes(1 << 25))
        tracemalloc.start()
        try:
            error_of(folder)
            assert tracemalloc.get_traced_memory()[1] < SMALL
        finally:
            tracemalloc.stop()

    def test_gives_the_right_content_or_a_data_error(self, folder):
        path = write_npz(folder)
        sound = path.read_bytes()
        # The images are most of the file; its structure is around the ends and the labels.
        rng = np.random.default_rng(5)
        refused = 0
        for _ in range(200):
            damaged = bytearray(sound)
            at = rng.integers(200) - 100 if rng.integers(2) else -rng.integers(1, 1000)
            damaged[at] ^= 1 << rng.integers(8)
            path.write_bytes(damaged)
            try:
                assert is_the_small_set(find(folder))
            except DataError:
                refused += 1
        assert refused > 50


class TestLoading:
    @pytest.fixture
    def mirror(self):
        with running(Mirror(PUBLISHED)) as mirror:
            yield mirror

    def load(self, mirror, *args, **options):
        return load_published(replace(SMALL_MNIST, mirrors=(mirror.url,)), *args, **options)

    def test_downloads_into_the_cache_once(self, mirror):
        assert is_the_small_set(self.load(mirror))
        assert mirror.asked == list(PUBLISHED)
        assert sorted(os.listdir(cache_folder() / "mnist")) == sorted(PUBLISHED)
        assert is_the_small_set(self.load(mirror))
        assert mirror.asked == list(PUBLISHED)

    def test_reports_the_download(self, mirror):
        reports = []
        self.load(mirror, progress=lambda *report: reports.append(report))
        total = sum(map(len, PUBLISHED.values()))
        assert reports[-1] == (total, total)

    def test_takes_what_the_machine_has(self, mirror):
        write_npz(Path(os.environ["HOME"], ".keras", "datasets"))
        assert is_the_small_set(self.load(mirror))
        assert mirror.asked == []

    def test_nothing_is_downloaded_instead_of_a_chosen_folder(self, mirror, folder):
        with pytest.raises(DataError, match="does not contain MNIST"):
            self.load(mirror, folder)
        assert mirror.asked == []

    def test_heals_a_damaged_cache(self, mirror, caplog):
        write_damaged_idx(cache_folder() / "mnist")
        assert is_the_small_set(self.load(mirror))
        assert "was skipped" in caplog.text
        caplog.clear()
        assert is_the_small_set(find())
        assert caplog.records == []

    def test_can_be_cancelled(self, mirror):
        def cancel(done, total):
            raise Cancelled

        with pytest.raises(Cancelled):
            self.load(mirror, progress=cancel)
        assert find() is None


def test_importing_stays_cheap():
    code = "import sys, core.datasets.published; print({'requests'} & set(sys.modules))"
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "set()"


@needs_mnist
def test_the_real_mnist():
    dataset = find_published(MNIST, FOLDER)
    assert dataset.train_images.shape == (60_000, 784)
    assert dataset.test_images.shape == (10_000, 784)
    # The class sizes that the literature gives for the training set.
    counts = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert np.bincount(dataset.train_labels).tolist() == counts
