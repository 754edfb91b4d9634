"""Fashion-MNIST and Kuzushiji-MNIST are found and downloaded as MNIST is, and never mixed up."""

import gzip
import hashlib
import os
from dataclasses import replace

import numpy as np
import pytest

from core.datasets import published
from core.datasets.npz_array import NpzArray
from core.datasets.published import find_published, load_published
from core.datasets.published_sets import FASHION_MNIST, KUZUSHIJI_MNIST, MNIST, PUBLISHED_SETS
from core.errors import Cancelled, DataError
from core.files.locations import cache_folder
from core.settings.data_source import READY_CLASSES, READY_SETS
from tests.core.datasets.test_download import CutOff, Mirror, running
from tests.core.datasets.test_idx import FILE_NAMES, identity, idx_bytes, small_arrays
from tests.core.datasets.test_published import write_idx

pytestmark = pytest.mark.usefixtures("machine")

NPZ_PARTS = ("train-imgs", "train-labels", "test-imgs", "test-labels")


class Made:
    """A small set that is described as a real one is."""

    def __init__(self, real, seed):
        self.arrays = small_arrays(seed=seed)
        self.contents = [idx_bytes(array) for array in self.arrays]
        files = [identity(*pair) for pair in zip(FILE_NAMES, self.contents, strict=True)]
        if len(real.files[0].checksum) == 32:
            files = [
                replace(file, checksum=hashlib.md5(content).hexdigest())
                for file, content in zip(files, self.contents, strict=True)
            ]
        self.published = replace(real, files=tuple(files), mirrors=())
        self.served = {
            f"{name}.gz": gzip.compress(content, mtime=0)
            for name, content in zip(FILE_NAMES, self.contents, strict=True)
        }

    def write(self, place, suffix=""):
        write_idx(place, suffix=suffix, contents=self.contents)

    def is_in(self, dataset):
        found = (
            dataset.train_images,
            dataset.train_labels,
            dataset.test_images,
            dataset.test_labels,
        )
        return dataset.name == self.published.name and all(
            np.array_equal(array.reshape(written.shape), written)
            for array, written in zip(found, self.arrays, strict=True)
        )


SETS = {
    real.name: Made(real, seed) for seed, real in enumerate((MNIST, FASHION_MNIST, KUZUSHIJI_MNIST))
}
NEW = ("fashion-mnist", "kuzushiji-mnist")
PAIRS = [(wanted, other) for wanted in SETS for other in SETS if wanted != other]


@pytest.fixture(autouse=True)
def _small_sets(monkeypatch):
    small = {name: made.published for name, made in SETS.items()}
    monkeypatch.setattr(published, "PUBLISHED_SETS", small)


def find(name, data_dir=None):
    return find_published(SETS[name].published, data_dir)


def error_of(name, data_dir=None):
    with pytest.raises(DataError) as caught:
        find(name, data_dir)
    return str(caught.value)


class TestOnThisMachine:
    @pytest.mark.parametrize("suffix", ["", ".gz"])
    @pytest.mark.parametrize(
        ("name", "place"),
        [
            ("fashion-mnist", "home/.cache/digitscope/fashion-mnist"),
            ("fashion-mnist", "work/data/FashionMNIST/raw"),
            ("fashion-mnist", "work/data/fashion"),
            ("fashion-mnist", "home/.keras/datasets/fashion-mnist"),
            ("kuzushiji-mnist", "home/.cache/digitscope/kuzushiji-mnist"),
            ("kuzushiji-mnist", "home/data/KMNIST/raw"),
            ("kuzushiji-mnist", "work/datasets/kmnist"),
        ],
    )
    def test_a_set_is_found_where_others_leave_it(self, machine, name, place, suffix):
        SETS[name].write(machine / place, suffix)
        assert SETS[name].is_in(find(name))
        assert [other for other in SETS if find(other) is not None] == [name]

    @pytest.mark.parametrize(("wanted", "other"), PAIRS)
    def test_one_set_is_never_taken_for_another(self, machine, wanted, other, caplog):
        SETS[other].write(machine / "work" / "data")
        assert find(wanted) is None
        assert caplog.records == []
        SETS[wanted].write(machine / "home" / "data")
        assert SETS[wanted].is_in(find(wanted))

    def test_the_folder_of_torchvision_holds_all_of_them(self, folder):
        for made in SETS.values():
            made.write(folder / made.published.subfolders[1])
        assert all(made.is_in(find(name, folder)) for name, made in SETS.items())

    @pytest.mark.parametrize(("wanted", "other"), PAIRS)
    @pytest.mark.parametrize("deep", [0, 1])
    def test_a_chosen_folder_of_another_set_is_named(self, folder, wanted, other, deep):
        made = SETS[other]
        made.write(folder / made.published.subfolders[deep])
        message = error_of(wanted, folder)
        assert f"holds {made.published.title}, not {SETS[wanted].published.title}" in message
        assert f"Choose {made.published.title} as the data set" in message

    @pytest.mark.parametrize("name", NEW)
    def test_mixed_up_files_are_refused(self, folder, name):
        write_idx(folder, contents=[*SETS["mnist"].contents[:2], *SETS[name].contents[2:]])
        message = error_of(name, folder)
        assert "belongs to another data set with the same file names" in message
        assert str(folder / FILE_NAMES[0]) in message

    @pytest.mark.parametrize("name", NEW)
    def test_an_altered_image_is_noticed(self, folder, name):
        images, *others = SETS[name].contents
        write_idx(folder, contents=[images[:-1] + bytes([images[-1] ^ 1]), *others])
        kind = {"fashion-mnist": "SHA-256", "kuzushiji-mnist": "MD5"}[name]
        assert f"its {kind} is" in error_of(name, folder)

    @pytest.mark.parametrize("name", NEW)
    def test_what_is_missing_is_named(self, folder, name):
        SETS[name].write(folder)
        (folder / FILE_NAMES[2]).unlink()
        message = error_of(name, folder)
        assert f"does not contain {SETS[name].published.title}: {FILE_NAMES[2]} are" in message

    def test_the_environment_may_name_the_folder_of_another_set(self, machine, folder, monkeypatch):
        SETS["mnist"].write(folder)
        monkeypatch.setenv("DIGITSCOPE_DATA", str(folder))
        assert find("fashion-mnist") is None
        SETS["fashion-mnist"].write(machine / "home" / ".keras" / "datasets" / "fashion-mnist")
        assert SETS["fashion-mnist"].is_in(find("fashion-mnist"))
        assert SETS["mnist"].is_in(find("mnist"))


class TestTheArchivesOfKuzushiji:
    @pytest.fixture
    def write(self, folder, monkeypatch):
        """Write the four files, and describe them as they are first written."""
        made = SETS["kuzushiji-mnist"]

        def write(**replaced):
            for part, array in zip(NPZ_PARTS, made.arrays, strict=True):
                path = folder / f"kmnist-{part}.npz"
                np.savez_compressed(path, replaced.get(part.replace("-", "_"), array))
            return folder

        write()
        arrays = tuple(
            NpzArray(place.file, place.member, hashlib.md5(content).hexdigest())
            for place in KUZUSHIJI_MNIST.arrays
            for content in [(folder / place.file).read_bytes()]
        )
        described = replace(made.published, arrays=arrays)
        monkeypatch.setitem(published.PUBLISHED_SETS, described.name, described)
        return write

    def find(self, folder):
        return find_published(published.PUBLISHED_SETS["kuzushiji-mnist"], folder)

    def test_are_read(self, write):
        assert SETS["kuzushiji-mnist"].is_in(self.find(write()))

    def test_are_noticed_where_mnist_is_looked_for(self, write):
        assert "holds Kuzushiji-MNIST, not MNIST" in error_of("mnist", write())

    def test_another_file_of_that_name_is_refused(self, write):
        with pytest.raises(DataError, match=r"train-imgs\.npz is not the file that was published"):
            self.find(write(train_imgs=SETS["mnist"].arrays[0]))

    def test_one_that_is_missing(self, write):
        place = write()
        (place / "kmnist-test-labels.npz").unlink()
        with pytest.raises(DataError, match="does not contain Kuzushiji-MNIST"):
            self.find(place)


class TestDownloading:
    def load(self, name, *mirrors, **options):
        described = replace(SETS[name].published, mirrors=tuple(mirror.url for mirror in mirrors))
        return load_published(described, **options)

    @pytest.mark.parametrize("name", NEW)
    def test_a_set_is_downloaded_once_into_a_folder_of_its_own(self, name):
        made = SETS[name]
        with running(Mirror(made.served)) as mirror:
            assert made.is_in(self.load(name, mirror))
            assert made.is_in(self.load(name, mirror))
            assert mirror.asked == list(made.served)
        assert sorted(os.listdir(cache_folder())) == [name]

    @pytest.mark.parametrize("name", NEW)
    def test_a_mirror_that_serves_mnist_is_passed_over(self, name):
        made = SETS[name]
        with running(Mirror(SETS["mnist"].served)) as other, running(Mirror(made.served)) as good:
            assert made.is_in(self.load(name, other, good))
            assert other.asked == good.asked == list(made.served)

    @pytest.mark.parametrize("name", NEW)
    @pytest.mark.parametrize(
        ("make", "reason"),
        [
            (lambda served: Mirror({}), "HTTP status 404"),
            (lambda served: Mirror(dict.fromkeys(served, b"<html>")), "sent another file"),
            (CutOff, "broke off"),
        ],
    )
    def test_without_a_good_mirror_the_set_is_named(self, name, make, reason):
        with running(make(SETS[name].served)) as bad, pytest.raises(DataError) as caught:
            self.load(name, bad)
        assert f"{SETS[name].published.title} could not be downloaded" in str(caught.value)
        assert reason in str(caught.value)
        assert " MNIST" not in str(caught.value)
        assert find(name) is None

    def test_a_cancelled_download_leaves_no_set(self):
        def cancel(done, total):
            raise Cancelled

        with running(Mirror(SETS["fashion-mnist"].served)) as mirror:
            with pytest.raises(Cancelled):
                self.load("fashion-mnist", mirror, progress=cancel)
            assert mirror.asked == []
        assert find("fashion-mnist") is None

    def test_a_folder_of_another_set_is_left_as_it_is(self, folder):
        SETS["mnist"].write(folder)
        before = sorted(os.listdir(folder))
        with running(Mirror(SETS["fashion-mnist"].served)) as mirror:
            with pytest.raises(DataError, match="holds MNIST"):
                self.load("fashion-mnist", mirror, data_dir=folder)
            assert mirror.asked == []
        assert sorted(os.listdir(folder)) == before


class TestTheDescriptions:
    @pytest.fixture(params=[MNIST, FASHION_MNIST, KUZUSHIJI_MNIST], ids=lambda real: real.name)
    def real(self, request):
        return request.param

    def test_all_are_ready_sets(self, real):
        assert real.name in READY_SETS
        assert PUBLISHED_SETS[real.name] is real
        assert len(READY_CLASSES[real.name]) == 10

    def test_checksums_are_whole_and_all_different(self, real):
        checksums = [c for file in real.files for c in (file.checksum, file.published_sha256)]
        assert {len(c) for c in checksums[1::2]} == {64}
        assert len({len(c) for c in checksums[::2]}) == 1
        assert len(checksums[0]) in (32, 64)
        assert all(set(c) <= set("0123456789abcdef") for c in checksums)
        others = [
            c
            for other in PUBLISHED_SETS.values()
            for file in other.files
            for c in (file.checksum, file.published_sha256)
        ]
        assert len(set(others)) == len(others) == 24

    def test_files_are_packed_but_not_to_nothing(self, real):
        for file in real.files:
            assert file.values / 20 < file.published_size < file.values

    def test_addresses_are_folders(self, real):
        assert real.mirrors
        assert all(mirror.startswith("http") and mirror.endswith("/") for mirror in real.mirrors)
