import threading
from dataclasses import fields
from inspect import signature
from pathlib import Path

import numpy as np
import pytest

from core.arrays import SIDE
from core.datasets import dataset_file, glyphs, stroke_renderer, strokes
from core.datasets.dataset import Dataset
from core.datasets.glyphs import GLYPHS
from core.datasets.handwriting import Hand, write
from core.datasets.pen_paths import pen_path
from core.datasets.strokes import load_strokes, make_strokes
from core.errors import Cancelled

ARRAYS = ("train_images", "train_labels", "test_images", "test_labels")


def assert_same(a: Dataset, b: Dataset) -> None:
    for array in ARRAYS:
        np.testing.assert_array_equal(getattr(a, array), getattr(b, array))


@pytest.fixture(scope="module")
def drawn() -> Dataset:
    return make_strokes(train=2_303, test=505, seed=3)


def test_the_parts_have_the_sizes_asked_for(drawn):
    assert drawn.name == "strokes"
    assert drawn.train_images.shape == (2_303, SIDE * SIDE)
    assert drawn.test_images.shape == (505, SIDE * SIDE)


def test_each_digit_is_drawn_equally_often_and_in_random_order(drawn):
    for labels in (drawn.train_labels, drawn.test_labels):
        counts = np.bincount(labels, minlength=10)
        assert counts.max() - counts.min() <= 1
        assert (np.diff(labels.astype(int)) % 10 == 1).mean() < 0.2


def test_no_image_is_drawn_twice(drawn):
    images = np.concatenate([drawn.train_images, drawn.test_images])
    assert len(np.unique(images, axis=0)) == len(images)


def test_every_image_is_sized_and_centered_like_mnist(drawn):
    images = drawn.train_images.reshape(-1, SIDE, SIDE)
    rows, columns = images.sum(axis=2, dtype=int), images.sum(axis=1, dtype=int)
    assert (images.max(axis=(1, 2)) == 255).all()
    longest = np.maximum((rows > 0).sum(axis=1), (columns > 0).sum(axis=1))
    assert longest.max() == 20
    assert (longest == 20).mean() > 0.9
    for profile in (rows, columns):
        middle = profile @ np.arange(SIDE) / profile.sum(axis=1)
        centered = (middle >= 13.5) & (middle < 14.5)
        at_an_edge = (profile[:, 0] > 0) | (profile[:, -1] > 0)
        assert (centered | at_an_edge).all()
        assert centered.mean() > 0.9


def test_images_show_the_digit_of_their_label(drawn):
    paths = [pen_path(glyph) for glyph in GLYPHS]
    still = Hand(**{field.name: 0.0 for field in fields(Hand)} | {"radius": Hand().radius})
    written = write(paths, np.arange(len(paths)), np.random.default_rng(0), still)
    glyphs_drawn = stroke_renderer.render(*written).reshape(len(paths), -1) / 255
    likeness = drawn.test_images @ (glyphs_drawn / np.linalg.norm(glyphs_drawn, axis=1)[:, None]).T
    nearest = np.array([glyph.digit for glyph in GLYPHS])[likeness.argmax(axis=1)]
    # Such a crude classifier errs, but for each digit its most frequent answer is correct.
    for digit in range(10):
        assert np.bincount(nearest[drawn.test_labels == digit]).argmax() == digit


@pytest.mark.parametrize("cores", [1, 7, None])
def test_the_number_of_threads_does_not_matter(drawn, cores, monkeypatch):
    monkeypatch.setattr(strokes.os, "cpu_count", lambda: cores)
    assert_same(make_strokes(train=2_303, test=505, seed=3), drawn)


def test_every_chunk_of_either_part_has_its_own_seed(monkeypatch):
    begun = set()

    def seen_write(paths, chosen, rng, **writer):
        begun.add(rng.integers(2**63))
        return write(paths, chosen, rng, **writer)

    monkeypatch.setattr(strokes.handwriting, "write", seen_write)
    make_strokes(2_100, 100, seed=1)
    make_strokes(2_100, 100, seed=2)
    assert len(begun) == 8


def test_another_seed_shuffles_differently():
    one, other = make_strokes(100, 100, seed=1), make_strokes(100, 100, seed=2)
    assert (one.train_labels != other.train_labels).any()
    assert (one.train_labels != one.test_labels).any()


def test_progress_ends_at_the_total():
    seen = []
    make_strokes(2_500, 100, progress=lambda done, total: seen.append((done, total)))
    assert [total for _, total in seen] == [2_600] * 4
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})
    assert seen[-1] == (2_600, 2_600)


def test_cancelling_stops_all_threads_at_once(monkeypatch):
    chunks = []
    render = stroke_renderer.render

    def counted_render(*paths):
        chunks.append(len(paths[0]))
        return render(*paths)

    def cancel(done: int, total: int) -> None:
        raise Cancelled

    monkeypatch.setattr(stroke_renderer, "render", counted_render)
    monkeypatch.setattr(strokes.os, "cpu_count", lambda: 2)
    before = threading.active_count()
    with pytest.raises(Cancelled):
        make_strokes(progress=cancel)
    assert threading.active_count() == before
    # One chunk is done, and each thread may have started one or two more by then.
    assert len(chunks) <= 5


class Cache:
    """A test's cache folder, and how often images were drawn for it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.drawn = 0

    def draw(self, progress=strokes.no_progress) -> Dataset:
        self.drawn += 1
        return make_strokes(60, 20, progress=progress)

    def files(self) -> list[Path]:
        return sorted(self.folder.iterdir()) if self.folder.is_dir() else []


@pytest.fixture
def cache(tmp_path, monkeypatch) -> Cache:
    cache = Cache(tmp_path / "cache")
    monkeypatch.setattr(strokes, "cache_folder", lambda: cache.folder)
    monkeypatch.setattr(strokes, "make_strokes", cache.draw)
    return cache


def test_the_default_is_of_mnist_s_size():
    defaults = {name: p.default for name, p in signature(make_strokes).parameters.items()}
    assert (defaults["train"], defaults["test"], defaults["seed"]) == (60_000, 10_000, 0)


def test_images_are_drawn_once(cache):
    first = load_strokes()
    assert len(cache.files()) == 1
    assert_same(load_strokes(), first)
    assert cache.drawn == 1


@pytest.mark.parametrize("damage", [lambda content: content[:-500], lambda content: b"nothing"])
def test_a_damaged_cache_is_drawn_again(cache, damage):
    first = load_strokes()
    (file,) = cache.files()
    content = file.read_bytes()
    file.write_bytes(damage(content))
    assert_same(load_strokes(), first)
    assert cache.drawn == 2
    assert dataset_file.read(file, "strokes") is not None


def test_a_changed_generator_draws_new_images_and_removes_the_old_ones(
    cache, tmp_path, monkeypatch
):
    load_strokes()
    (old,) = cache.files()
    others = [cache.folder / "mnist.npz", cache.folder / "strokes.txt"]
    for other in others:
        other.write_bytes(b"kept")
    changed = tmp_path / "glyphs.py"
    changed.write_bytes(Path(glyphs.__file__).read_bytes() + b"\n")
    monkeypatch.setattr(glyphs, "__file__", str(changed))
    load_strokes()
    assert cache.drawn == 2
    assert not old.exists()
    assert set(others) < set(cache.files())
    assert len(cache.files()) == 3
    table = tmp_path / "glyphs.txt"
    table.write_bytes(glyphs.GLYPH_TABLE.read_bytes() + b"\n")
    monkeypatch.setattr("core.datasets.strokes.GLYPH_TABLE", table)
    load_strokes()
    assert cache.drawn == 3


def test_without_a_cache_folder_the_images_are_still_drawn(cache, caplog):
    cache.folder.write_text("a file where the folder should be", "utf-8")
    assert_same(load_strokes(), make_strokes(60, 20))
    assert "could not be cached" in caplog.text


def test_cancelling_leaves_no_file(cache):
    def cancel(done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        load_strokes(cancel)
    assert cache.files() == []
