"""The built-in data set: handwritten-looking digits that are generated, not downloaded."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import core.ink.normalization
from core.arrays import DIGITS, PIXELS
from core.datasets import (
    dataset_file,
    glyphs,
    handwriting,
    pen_paths,
    random_waves,
    stroke_renderer,
    tracing,
)
from core.datasets.dataset import Dataset
from core.datasets.glyphs import GLYPH_TABLE, GLYPHS
from core.datasets.pen_paths import PenPath, pen_path
from core.errors import DigitscopeError
from core.files.atomic_file import sweep_partials
from core.files.locations import cache_folder
from core.progress import Progress, no_progress

CHUNK = 1_000
"""Images drawn at once; each chunk has its own seed, so chunks can be drawn in any order."""

DIGITS_A_WRITER = 40
"""Digits in a row that one writer has written."""

_FAITHFUL = 0.5
"""How often a writer writes their favorite glyph of a digit."""

_CHOICES = tuple(
    np.array([i for i, glyph in enumerate(GLYPHS) if glyph.digit == digit])
    for digit in range(len(DIGITS))
)
_LOG = logging.getLogger(__name__)


def make_strokes(
    train: int = 60_000,
    test: int = 10_000,
    seed: int = 0,
    progress: Progress = no_progress,
) -> Dataset:
    """Generate a data set; equal arguments give equal images.

    Parameters
    ----------
    train, test
        Number of images, at least 1 each, in random order. Digits are equally frequent, up to one.
        The two parts have different seeds.
    seed
        Another seed gives other images.
    progress
        Called with the number of images done and of all images.

    Raises
    ------
    Cancelled
        If `progress` raises it; all threads have ended by then.
    """
    seeds = np.random.SeedSequence(seed).spawn(2)
    parts = [_Part(n, part_seed) for n, part_seed in zip((train, test), seeds, strict=True)]
    drawn = 0
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        try:
            waiting = [pool.submit(part.draw, *chunk) for part in parts for chunk in part.chunks()]
            for done in as_completed(waiting):
                drawn += done.result()
                progress(drawn, train + test)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return Dataset("strokes", parts[0].images, parts[0].labels, parts[1].images, parts[1].labels)


def load_strokes(progress: Progress = no_progress) -> Dataset:
    """Return the built-in data set, generated the first time and read from the cache later.

    A damaged cache file is replaced. If the cache cannot be written, the images are generated again
    the next time.

    Raises
    ------
    Cancelled
        If `progress` raises it; the cache stays unchanged.
    """
    path = cache_folder() / f"strokes-{_generator_digest()}.npz"
    cached = dataset_file.read(path, "strokes")
    if cached is not None:
        return cached
    dataset = make_strokes(progress=progress)
    try:
        dataset_file.write(path, dataset)
    except DigitscopeError as error:
        _LOG.warning("The generated digits could not be cached for the next start: %s", error)
    else:
        _remove_outdated(path)
    return dataset


@cache
def _paths() -> tuple[PenPath, ...]:
    """Return the path of each glyph, computed on first use."""
    return tuple(pen_path(glyph) for glyph in GLYPHS)


class _Part:
    """The images and labels of one part, filled chunk by chunk."""

    def __init__(self, n: int, seed: np.random.SeedSequence) -> None:
        label_seed, self._seed = seed.spawn(2)
        digits = (np.arange(n) % len(DIGITS)).astype(np.uint8)
        self.labels = np.random.default_rng(label_seed).permutation(digits)
        self.images = np.empty((n, PIXELS), np.uint8)

    def chunks(self) -> Iterator[tuple[slice, np.random.SeedSequence]]:
        """Yield the images of each chunk, and its seed."""
        starts = range(0, len(self.labels), CHUNK)
        for start, seed in zip(starts, self._seed.spawn(len(starts)), strict=True):
            yield slice(start, start + CHUNK), seed

    def draw(self, where: slice, seed: np.random.SeedSequence) -> int:
        """Draw one chunk; return its number of images."""
        rng = np.random.default_rng(seed)
        labels = self.labels[where]
        writer = np.arange(len(labels)) // DIGITS_A_WRITER
        chosen = _choose_glyphs(labels, writer, rng)
        written = handwriting.write(_paths(), chosen, rng, writer=writer)
        images = stroke_renderer.render(*written)
        self.images[where] = images.reshape(-1, PIXELS)
        return len(images)


def _choose_glyphs(
    labels: NDArray[np.uint8], writer: NDArray[np.intp], rng: np.random.Generator
) -> NDArray[np.intp]:
    """Choose a glyph for each label, by the glyphs' weights; return indices into `GLYPHS`.

    A writer has a favorite glyph of each digit, and mostly writes that.
    """
    chosen = np.empty(len(labels), np.intp)
    for digit, choices in enumerate(_CHOICES):
        weights = np.array([GLYPHS[i].weight for i in choices])
        share = weights / weights.sum()
        mine = labels == digit
        favorite = rng.choice(choices, writer.max() + 1, p=share)[writer[mine]]
        other = rng.choice(choices, mine.sum(), p=share)
        chosen[mine] = np.where(rng.random(mine.sum()) < _FAITHFUL, favorite, other)
    return chosen


def _generator_digest() -> str:
    """Return a hash of all that determines the images: the table, and these modules' source."""
    modules = (
        glyphs,
        pen_paths,
        tracing,
        random_waves,
        handwriting,
        stroke_renderer,
        core.ink.normalization,
    )
    sources = [GLYPH_TABLE, Path(__file__), *(Path(str(module.__file__)) for module in modules)]
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:16]


def _remove_outdated(current: Path) -> None:
    """Delete files of other versions of the generator, and of killed processes, in the cache."""
    sweep_partials(current.parent)
    for path in current.parent.glob("*strokes-*.npz*"):
        if path != current:
            # Another process may have opened or already deleted the file.
            with suppress(OSError):
                path.unlink()
