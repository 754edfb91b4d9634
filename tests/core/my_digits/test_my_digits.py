import errno
import functools
import multiprocessing
import os
import re
import tracemalloc
import zipfile

import numpy as np
import pytest
from PIL import Image

from core.errors import Cancelled, DataError, DigitscopeError
from core.files.user_file import read_file
from core.ink import ink_file
from core.ink.drawing import Drawing
from core.ink.normalization import normalize_drawing
from core.my_digits.my_digits import MyDigits
from core.my_digits.my_digits_exchange import export_folder, export_npz, import_folder, import_npz


@functools.cache
def drawn(seed: int = 0) -> np.ndarray:
    """A line through random places, as ink; read-only, because all tests share it."""
    rng = np.random.default_rng(seed)
    drawing = Drawing()
    drawing.begin(*rng.integers(40, 240, 2))
    for _ in range(4):
        drawing.extend(*rng.integers(40, 240, 2))
    drawing.end()
    drawing.ink.flags.writeable = False
    return drawing.ink


@pytest.fixture
def mine(tmp_path):
    """Three drawings: a 7, a 0 and another 7."""
    mine = MyDigits(tmp_path / "mine")
    for seed, digit in enumerate((7, 0, 7)):
        mine.add(drawn(seed), digit)
    return mine


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def contents(folder):
    return {name: (folder / name).read_bytes() for name in files(folder)}


def kept(my_digits):
    """The relevant fields of each drawing, in order."""
    return [(item.digit, item.fingerprint) for item in my_digits.items]


# --- the store ------------------------------------------------------------------------------


def test_a_drawing_is_saved_bit_for_bit_as_a_png_named_by_its_time(mine):
    item = mine.items[0]
    assert re.fullmatch(r"\d{8}-\d{6}-\d{6}", item.name)
    path = mine.folder / "7" / f"{item.name}.png"
    with Image.open(path) as picture:
        assert (picture.format, picture.mode) == ("PNG", "L")
        np.testing.assert_array_equal(np.asarray(picture), drawn(0))


def test_another_start_finds_the_same_in_the_order_of_drawing(mine):
    again = MyDigits(mine.folder)
    assert [item.digit for item in again.items] == [7, 0, 7]
    assert kept(again) == kept(mine)
    assert again.problems == ()
    np.testing.assert_array_equal(again.ink(again.items[1]), drawn(1))


def test_the_network_gets_test_images_as_it_gets_drawings(mine):
    read = mine.labeled_images()
    assert (read.images.dtype, read.images.shape) == (np.uint8, (3, 784))
    assert (read.labels.dtype, read.labels.tolist()) == (np.uint8, [7, 0, 7])
    for seed in range(3):
        np.testing.assert_array_equal(
            read.images[seed], normalize_drawing(drawn(seed)).reshape(784)
        )


def test_a_missing_folder_is_an_empty_store(tmp_path):
    mine = MyDigits(tmp_path / "none")
    assert mine.items == ()
    assert mine.labeled_images().images.shape == (0, 784)
    assert not mine.folder.exists()


def test_unless_told_otherwise_they_are_among_the_users_data(tmp_path, monkeypatch):
    monkeypatch.setattr("core.my_digits.my_digits.data_folder", lambda: tmp_path / "data")
    MyDigits().add(drawn(), 3)
    assert files(tmp_path / "data")[0].startswith(os.path.join("my-digits", "3"))


def test_a_taken_name_is_not_overwritten(mine):
    item = mine.items[0]
    other = mine.add(drawn(9), item.digit, item.name)
    assert other.name == f"{item.name}-2"
    np.testing.assert_array_equal(mine.ink(item), drawn(0))
    np.testing.assert_array_equal(mine.ink(other), drawn(9))
    assert mine.add(drawn(8), item.digit, item.name).name == f"{item.name}-3"


def add_many(folder, seed):
    mine = MyDigits(folder)
    for number in range(8):
        mine.add(drawn(100 * seed + number), 5, f"name-{number}")


def test_two_apps_may_add_at_once_even_under_the_same_names(tmp_path):
    context = multiprocessing.get_context("spawn")
    apps = [context.Process(target=add_many, args=(tmp_path, seed)) for seed in range(2)]
    for app in apps:
        app.start()
    for app in apps:
        app.join()
        assert app.exitcode == 0
        app.close()
    found = MyDigits(tmp_path)
    assert found.problems == ()
    assert len({item.fingerprint for item in found.items}) == 16


def test_reloading_finds_what_another_app_added_or_removed(mine):
    other = MyDigits(mine.folder)
    other.add(drawn(5), 2)
    other.remove(other.items[0])
    known = mine.items[1:]
    mine.reload()
    assert mine.items[:2] == known  # the same objects, which others may hold
    assert kept(mine) == kept(other)
    assert [item.digit for item in mine.items] == [0, 7, 2]


def test_removing_deletes_the_file_and_adding_restores_it_in_its_place(mine):
    item = mine.items[1]
    before, ink = contents(mine.folder), mine.ink(item)
    mine.remove(item)
    assert not mine.path(item).exists()
    assert [left.digit for left in mine.items] == [7, 7]
    mine.remove(item)  # as if another app had saved it first
    mine.add(ink, item.digit, item.name)
    assert contents(mine.folder) == before
    assert [left.digit for left in mine.items] == [7, 0, 7]


def test_relabeling_moves_the_file(mine):
    before = files(mine.folder)
    item = mine.relabel(mine.items[1], 6)
    assert (item.digit, item.name) == (6, mine.items[1].name)
    assert [left.digit for left in mine.items] == [7, 6, 7]
    assert files(mine.folder) != before
    assert kept(MyDigits(mine.folder)) == kept(mine)
    assert mine.relabel(item, 6) is item


def test_renaming_to_a_taken_name_loses_nothing(mine):
    item = mine.items[0]
    there = mine.add(drawn(7), 1, item.name)
    moved = mine.relabel(item, 1)
    assert moved.name == f"{item.name}-2"
    np.testing.assert_array_equal(mine.ink(there), drawn(7))
    np.testing.assert_array_equal(mine.ink(moved), drawn(0))


def test_a_deleted_drawing_cannot_be_relabeled(mine):
    item = mine.items[0]
    mine.path(item).unlink()
    with pytest.raises(DigitscopeError, match=item.name):
        mine.relabel(item, 1)
    assert files(mine.folder / "1") == []
    with pytest.raises(DataError, match=item.name):
        mine.ink(item)


@pytest.mark.parametrize("ink", [np.zeros((28, 28), np.uint8), np.zeros((280, 280), np.float32)])
def test_only_ink_of_the_pads_size_is_accepted(mine, ink):
    with pytest.raises(ValueError, match="ink must be uint8"):
        mine.add(ink, 1)
    with pytest.raises(ValueError, match="0 to 9"):
        mine.add(drawn(), 10)
    assert len(mine) == 3


def test_a_blank_drawing_is_not_saved(mine):
    with pytest.raises(DataError, match="Nothing is drawn"):
        mine.add(np.zeros((280, 280), np.uint8), 1)
    assert len(files(mine.folder)) == 3


def full_disk(*_):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_leaves_nothing_behind(mine, monkeypatch):
    before = contents(mine.folder)
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full_disk)
        with pytest.raises(DigitscopeError, match="No space left"):
            mine.add(drawn(5), 4)
    assert contents(mine.folder) == before
    assert len(mine) == 3


def test_a_folder_that_is_a_file_is_reported(tmp_path):
    (tmp_path / "mine").write_text("no folder")
    mine = MyDigits(tmp_path / "mine")
    assert len(mine.problems) == 10
    with pytest.raises(DigitscopeError, match="could not be written"):
        mine.add(drawn(), 4)


def test_a_drawing_that_cannot_be_deleted_stays(mine, monkeypatch):
    def forbid(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("pathlib.Path.unlink", forbid)
    with pytest.raises(DigitscopeError, match="read-only"):
        mine.remove(mine.items[0])
    assert len(mine) == 3


def color(path):
    Image.new("RGB", (280, 280)).save(path)


def small(path):
    Image.new("L", (28, 28)).save(path)


def blank(path):
    Image.new("L", (280, 280)).save(path)


@pytest.mark.parametrize(
    "make",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"not a picture"),
        lambda path: path.write_bytes(path.with_name("good.png").read_bytes()[:-400]),
        lambda path: path.mkdir(),
        color,
        small,
        blank,
    ],
)
def test_unreadable_files_are_named_and_left(tmp_path, make):
    MyDigits(tmp_path).add(drawn(), 2, "good")
    bad = tmp_path / "2" / "bad.png"
    make(bad)
    mine = MyDigits(tmp_path)
    assert [item.name for item in mine.items] == ["good"]
    assert len(mine.problems) == 1
    assert "bad.png" in mine.problems[0]
    assert bad.exists()


def test_damage_anywhere_is_found_or_harmless(tmp_path):
    path = MyDigits(tmp_path).path(MyDigits(tmp_path).add(drawn(), 2))
    good = path.read_bytes()
    rng = np.random.default_rng(0)
    found = 0
    for place in rng.integers(0, len(good), 100):
        damaged = bytearray(good)
        damaged[place] ^= 1 << int(rng.integers(0, 8))
        path.write_bytes(damaged)
        mine = MyDigits(tmp_path)
        if mine.problems:
            found += 1
        else:
            np.testing.assert_array_equal(mine.ink(mine.items[0]), drawn())
    assert found > 75


def test_each_file_is_read_once(tmp_path, monkeypatch):
    """What 2,000 of them take is measured by tests/bench/bench_my_digits.py."""
    first = MyDigits(tmp_path).add(drawn(), 3)
    content = (tmp_path / "3" / f"{first.name}.png").read_bytes()
    paths = {tmp_path / "3" / f"{name}.png" for name in (first.name, *range(19))}
    for path in paths:
        path.write_bytes(content)
    read = []

    def counted(path, most):
        read.append(path)
        return read_file(path, most)

    monkeypatch.setattr(ink_file, "read_file", counted)
    mine = MyDigits(tmp_path)
    assert mine.labeled_images().images.shape == (20, 784)
    assert sorted(read) == sorted(paths)
    mine.reload()
    assert len(read) == 20


# --- folders --------------------------------------------------------------------------------


def test_exported_digits_can_be_imported_elsewhere(mine, tmp_path):
    report = export_folder(mine, tmp_path / "out")
    assert (report.added, report.already_there, report.refused) == (3, 0, ())
    assert contents(tmp_path / "out") == contents(mine.folder)
    other = MyDigits(tmp_path / "other")
    assert import_folder(other, tmp_path / "out").added == 3
    assert contents(other.folder) == contents(mine.folder)


def test_exporting_again_adds_only_what_is_new(mine, tmp_path):
    export_folder(mine, tmp_path / "out")
    mine.add(drawn(9), 4)
    report = export_folder(mine, tmp_path / "out")
    assert (report.added, report.already_there) == (1, 3)


def test_exporting_changes_no_file_that_is_there(mine, tmp_path):
    out = tmp_path / "out"
    taken = out / "7" / f"{mine.items[0].name}.png"
    taken.parent.mkdir(parents=True)
    taken.write_bytes(b"somebody else's")
    (out / "notes.txt").write_text("mine")
    assert export_folder(mine, out).added == 3
    assert taken.read_bytes() == b"somebody else's"
    assert (out / "notes.txt").read_text() == "mine"
    assert kept(MyDigits(out)) == kept(mine)


def test_importing_twice_adds_nothing(mine, tmp_path):
    export_folder(mine, tmp_path / "out")
    report = import_folder(mine, tmp_path / "out")
    assert (report.added, report.already_there) == (0, 3)
    assert len(mine) == 3


def test_duplicates_are_added_once(mine, tmp_path):
    twice = MyDigits(tmp_path / "in")
    for _ in range(2):
        twice.add(drawn(5), 4)
    report = import_folder(mine, tmp_path / "in")
    assert (report.added, report.already_there) == (1, 1)


def test_the_same_ink_with_another_label_is_another_digit(mine, tmp_path):
    MyDigits(tmp_path / "in").add(drawn(0), 1)
    assert import_folder(mine, tmp_path / "in").added == 1


def test_pictures_of_other_kinds_are_fitted(mine, tmp_path):
    """Dark on light, in color and in another size; also in the exact size of ink."""
    folder = tmp_path / "in" / "7"
    folder.mkdir(parents=True)
    background = 255 - drawn(5)
    Image.fromarray(background).resize((400, 400)).convert("RGB").save(folder / "large.PNG")
    Image.fromarray(background).save(folder / "same-size.png")
    Image.fromarray(background // 3 + 20).save(folder / "same-size-dim.png")
    (folder / "notes.txt").write_text("no digit")
    report = import_folder(mine, tmp_path / "in")
    assert (report.added, report.refused) == (3, ())
    assert [fault.split(":")[0] for fault in report.left_out] == ["7/notes.txt"]
    for item in mine.items[-3:]:
        assert item.digit == 7
        assert re.fullmatch(r"\d{8}-\d{6}-\d{6}", item.name)
        expected = normalize_drawing(drawn(5)).astype(float).ravel()
        assert np.corrcoef(item.image.ravel(), expected)[0, 1] > 0.9


def test_files_that_are_not_pictures_are_refused_by_name_and_the_rest_is_added(mine, tmp_path):
    export_folder(mine, tmp_path / "in")
    (tmp_path / "in" / "4").mkdir()
    (tmp_path / "in" / "4" / "broken.png").write_bytes(b"broken")
    Image.new("L", (280, 280)).save(tmp_path / "in" / "0" / "blank.png")
    other = MyDigits(tmp_path / "other")
    report = import_folder(other, tmp_path / "in")
    assert report.added == 3
    assert [refused.split(":")[0] for refused in report.refused] == ["0/blank.png", "4/broken.png"]


@pytest.mark.parametrize(
    "name",
    ["a.jpg", "a.JPG", "a.jpeg", "a.bmp", "a.gif", "a.tif", "a.webp", "a.PNG", "photo", "a.txt"],
)
def test_pictures_of_every_format_are_imported_whatever_their_names(mine, tmp_path, name):
    folder = tmp_path / "in" / "7"
    folder.mkdir(parents=True)
    formats = {".jpg": "JPEG", ".jpeg": "JPEG", ".bmp": "BMP", ".gif": "GIF", ".tif": "TIFF"}
    suffix = (folder / name).suffix.lower()
    kind = formats.get(suffix, "WEBP" if suffix == ".webp" else "PNG")
    Image.fromarray(255 - drawn(5)).resize((400, 400)).save(folder / name, kind)
    report = import_folder(mine, tmp_path / "in")
    assert (report.added, report.refused, report.left_out) == (1, (), ())
    expected = normalize_drawing(drawn(5)).astype(float).ravel()
    assert np.corrcoef(mine.items[-1].image.ravel(), expected)[0, 1] > 0.9


def test_nothing_in_a_folder_is_skipped_silently(mine, tmp_path):
    folder = tmp_path / "in" / "7"
    (folder / "more").mkdir(parents=True)
    for name in ("a.jpg", "b.heic", "c.svg", "notes.txt", ".DS_Store"):
        (folder / name).write_bytes(b"ftypheic")
    os.mkfifo(folder / "pipe.png")
    Image.fromarray(drawn(5)).save(tmp_path / "in" / "seven.jpg")
    (tmp_path / "in" / "readme.txt").write_text("hello")
    for name in ("07", "eight", ".git"):
        (tmp_path / "in" / name).mkdir()
    report = import_folder(mine, tmp_path / "in")
    assert report.added == 0
    refused, left_out = (
        [fault.split(":")[0] for fault in faults] for faults in (report.refused, report.left_out)
    )
    assert refused == ["7/a.jpg", "7/pipe.png"]
    assert "pipe, not a file" in report.refused[1]
    assert left_out == ["7/b.heic", "7/c.svg", "7/more", "7/notes.txt", "seven.jpg", "07", "eight"]


def test_a_folder_without_digits_says_what_is_expected(mine, tmp_path):
    with pytest.raises(DataError, match="subfolders"):
        import_folder(mine, tmp_path / "nowhere")


def test_with_nothing_to_export_no_file_is_created(tmp_path):
    empty = MyDigits(tmp_path / "none")
    for export, path in ((export_folder, tmp_path / "out"), (export_npz, tmp_path / "out.npz")):
        with pytest.raises(DataError, match="no digits"):
            export(empty, path)
        assert not path.exists()


@pytest.mark.parametrize("exchange", [export_folder, import_folder, import_npz, export_npz])
def test_stopped_or_failing_work_leaves_everything_as_it_was(mine, tmp_path, exchange, monkeypatch):
    other = MyDigits(tmp_path / "other")
    source, target = (mine, tmp_path / "out") if "export" in exchange.__name__ else (other, None)
    if target is None:
        target = tmp_path / "in"
        {import_folder: export_folder, import_npz: export_npz}[exchange](mine, target)
    before = contents(tmp_path)

    def stop(done, total):
        assert total == 3
        if done == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        exchange(source, target, stop)
    assert contents(tmp_path) == before
    assert other.items == ()

    def fill_up(done, total):
        if done == 2:
            monkeypatch.setattr("os.fsync", full_disk)

    with pytest.raises(DigitscopeError, match="No space left"):
        exchange(source, target, fill_up)
    assert contents(tmp_path) == before
    assert other.items == ()


# --- npz ------------------------------------------------------------------------------------


def test_a_file_holds_everything_and_loads_again(mine, tmp_path):
    path = tmp_path / "mine.npz"
    assert export_npz(mine, path).added == 3
    with np.load(path, allow_pickle=False) as file:
        assert sorted(file.files) == ["images", "ink", "labels"]
        assert {file[name].dtype for name in file.files} == {np.dtype(np.uint8)}
        read = mine.labeled_images()
        np.testing.assert_array_equal(file["images"].reshape(3, 784), read.images)
        np.testing.assert_array_equal(file["labels"], read.labels)
        np.testing.assert_array_equal(file["ink"], [drawn(0), drawn(1), drawn(2)])
    assert path.stat().st_size < 20_000
    other = MyDigits(tmp_path / "other")
    assert import_npz(other, path).added == 3
    assert kept(other) == kept(mine)
    assert import_npz(other, path).already_there == 3


@pytest.mark.parametrize("shape", [(784,), (28, 28)])
def test_images_alone_are_enough(mine, tmp_path, shape):
    read = mine.labeled_images()
    path = tmp_path / "images.npz"
    np.savez_compressed(path, images=read.images.reshape(3, *shape), labels=read.labels)
    other = MyDigits(tmp_path / "other")
    assert import_npz(other, path).added == 3
    again = other.labeled_images()
    np.testing.assert_array_equal(again.labels, read.labels)
    np.testing.assert_array_equal(again.images, read.images)
    assert import_npz(other, path).already_there == 3


LABEL_TYPES = ["u1", "i1", "i2", "i4", "i8", ">i8", "u8", "f4", "f8", "one-hot", "one-hot of bool"]


@pytest.mark.parametrize("kind", LABEL_TYPES)
def test_labels_may_have_any_type_that_can_hold_them(mine, tmp_path, kind):
    labels = np.array([0, 9, 7])
    one_hot = labels[:, None] == np.arange(10)
    stored = {"one-hot": one_hot.astype(np.float32), "one-hot of bool": one_hot}
    np.savez(
        tmp_path / "labels.npz",
        images=mine.labeled_images().images,
        labels=stored[kind] if kind in stored else labels.astype(kind),
    )
    other = MyDigits(tmp_path / "other")
    assert import_npz(other, tmp_path / "labels.npz").added == 3
    assert sorted(item.digit for item in other.items) == [0, 7, 9]


@pytest.mark.parametrize("shape", [(784,), (28, 28)])
@pytest.mark.parametrize(
    "kind", ["f2", "f4", "f8", ">f4", "i2", "i8", "u2"], ids=lambda kind: kind.replace(">", "big-")
)
def test_images_may_be_integers_or_floats_of_0_to_1(mine, tmp_path, kind, shape):
    read = mine.labeled_images()
    images = read.images / (255 if "f" in kind else 1)
    np.savez(
        tmp_path / "images.npz", images=images.astype(kind).reshape(3, *shape), labels=read.labels
    )
    other = MyDigits(tmp_path / "other")
    assert import_npz(other, tmp_path / "images.npz").added == 3
    np.testing.assert_array_equal(other.labeled_images().images, read.images)


def test_a_blank_digit_is_refused_and_named_by_its_number(mine, tmp_path):
    images = np.zeros((2, 784), np.uint8)
    images[0, 400] = 255
    np.savez(tmp_path / "images.npz", images=images, labels=np.array([1, 2], np.uint8))
    report = import_npz(mine, tmp_path / "images.npz")
    assert report.added == 1
    assert report.refused == ("number 2: it is blank",)


IMAGES, LABELS = np.full((3, 28, 28), 9, np.uint8), np.array([1, 2, 3], np.uint8)
INK = np.full((3, 280, 280), 9, np.uint8)
UNFIT = {
    "no labels": {"images": IMAGES},
    "no images": {"labels": LABELS},
    "no images, but ink": {"labels": LABELS, "ink": INK},
    "too few images": {"images": IMAGES[:2], "labels": LABELS},
    "too few inks": {"images": IMAGES, "labels": LABELS, "ink": INK[:2]},
    "small ink": {"images": IMAGES, "labels": LABELS, "ink": IMAGES},
    "floats above 1": {"images": IMAGES.astype(np.float32), "labels": LABELS},
    "no number": {"images": np.full((3, 784), np.nan), "labels": LABELS},
    "integers above 255": {"images": IMAGES * np.int32(30), "labels": LABELS},
    "negative integers": {"images": -IMAGES.astype(np.int16), "labels": LABELS},
    "text for images": {"images": np.full((3, 784), "9"), "labels": LABELS},
    "text for labels": {"images": IMAGES, "labels": LABELS.astype(str)},
    "half a label": {"images": IMAGES, "labels": np.array([1, 2, 2.5])},
    "label nan": {"images": IMAGES, "labels": np.array([1, 2, np.nan])},
    "negative label": {"images": IMAGES, "labels": np.array([1, 2, -1])},
    "label 256, which is 0 in a byte": {"images": IMAGES, "labels": np.array([1, 2, 256])},
    "two hot": {"images": IMAGES, "labels": np.eye(10)[:3] + np.eye(10)[1:4]},
    "none hot": {"images": IMAGES, "labels": np.zeros((3, 10))},
    "lukewarm": {"images": IMAGES, "labels": np.full((3, 10), 0.1)},
    "one-hot of five": {"images": IMAGES, "labels": np.eye(5)[:3]},
    "labels in columns": {"images": IMAGES, "labels": LABELS[:, None]},
    "column order": {"images": np.asfortranarray(IMAGES), "labels": LABELS},
    "label 10": {"images": IMAGES, "labels": np.array([1, 2, 10], np.uint8)},
    "nothing": {"images": IMAGES[:0], "labels": LABELS[:0]},
    "pickled": {"images": IMAGES, "labels": np.array([{}, {}, {}], object)},
    "too many": {"images": np.ones((10_001, 1), np.uint8), "labels": np.ones(10_001, np.uint8)},
}


def refuse(mine, path):
    before = contents(mine.folder)
    with pytest.raises(DataError) as error:
        import_npz(mine, path)
    assert contents(mine.folder) == before
    message = str(error.value)
    assert path.name in message
    assert "\n" not in message
    return message


@pytest.mark.parametrize("case", UNFIT)
def test_a_file_of_other_arrays_is_refused(mine, tmp_path, case):
    np.savez(tmp_path / "other.npz", **UNFIT[case])
    refuse(mine, tmp_path / "other.npz")


def test_a_file_of_another_kind_is_refused(mine, tmp_path):
    path = tmp_path / "other.npz"
    refuse(mine, path)
    path.write_bytes(b"no zip")
    refuse(mine, path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    refuse(mine, path)


@pytest.mark.parametrize("keep", [0, 1, 50, 1000, -1, -200])
def test_a_truncated_file_is_refused(mine, tmp_path, keep):
    path = tmp_path / "mine.npz"
    export_npz(mine, path)
    path.write_bytes(path.read_bytes()[:keep])
    refuse(mine, path)


def test_a_damaged_file_adds_nothing_or_exactly_its_digits(mine, tmp_path):
    path = tmp_path / "mine.npz"
    export_npz(mine, path)
    good = path.read_bytes()
    rng = np.random.default_rng(0)
    refused = 0
    for number, place in enumerate(rng.integers(0, len(good), 30)):
        damaged = bytearray(good)
        damaged[place] ^= 1 << int(rng.integers(0, 8))
        path.write_bytes(damaged)
        other = MyDigits(tmp_path / "other" / str(number))
        try:
            import_npz(other, path)
        except DataError:
            refused += 1
            assert other.items == ()
        else:
            # Its digits, or their images if the damage hides that there is ink.
            np.testing.assert_array_equal(other.labeled_images().labels, [7, 0, 7])
            np.testing.assert_array_equal(
                other.labeled_images().images, mine.labeled_images().images
            )
    assert refused > 20


def write_member(path, shape, content):
    """Write a file whose ink claims `shape` and is `content`."""
    np.savez(path, images=IMAGES, labels=LABELS)
    header = {"descr": "|u1", "fortran_order": False, "shape": shape}
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("ink.npy", "w", force_zip64=True) as member,
    ):
        np.lib.format.write_array_header_1_0(member, header)
        for part in content:
            member.write(part)


def test_a_zip_bomb_is_not_unpacked(mine, tmp_path):
    """20 MB that compress to 20 kB, with a small and with a huge claimed shape."""
    path = tmp_path / "bomb.npz"
    ones = bytes([1]) * 1_000_000
    for shape, fault in (
        ((3, 280, 280), "longer than they say"),
        ((255, 280, 280), r"should be (3, 280, 280)"),
    ):
        write_member(path, shape, [ones] * 20)
        assert path.stat().st_size < 50_000
        tracemalloc.start()
        assert fault in refuse(mine, path)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 10_000_000
