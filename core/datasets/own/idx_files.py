"""Reads images and labels from IDX files, the format of MNIST and EMNIST, plain or gzipped.

Images and labels are a pair if their names differ only in "images" and "labels", and in the number
of dimensions: ``train-images-idx3-ubyte`` and ``train-labels-idx1-ubyte``.
"""

from __future__ import annotations

import math
import os
import re
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from core.datasets.own.compressed import opened
from core.datasets.own.fitting import FittedImages, image_shape
from core.datasets.own.levels import Levels
from core.datasets.own.own_images import (
    OwnImages,
    check_number,
    joined,
    quoted,
    with_classes,
)
from core.errors import DataError
from core.printable_text import printable
from core.progress import Progress, no_progress
from core.wording import numeral

_MOST_BYTES = 1_000_000_000
_CHUNK = 1 << 22
_UINT8 = 8

_IMAGES = re.compile(
    r"(?P<set>.*?)(?P<part>train|test|t10k|val|valid)?(?P<mark>[-_.]?)images(?P<rest>[-_.]idx\d.*|)",
    re.ASCII | re.IGNORECASE,
)
_PARTS = {"t10k": "test", "valid": "val"}


class IdxPair:
    """The files of one part."""

    def __init__(self, images: Path, match: re.Match[str]) -> None:
        self.images = images
        self.set = match["set"].rstrip("-_.")
        part = (match["part"] or "train").lower()
        self.part = _PARTS.get(part, part)


def pairs_in(names: Iterable[Path]) -> list[IdxPair]:
    """Return the files of images among these, by their names; of a plain and a gzipped one, one."""
    found: dict[str, IdxPair] = {}
    for path in sorted(names, key=lambda path: path.name):
        match = _IMAGES.fullmatch(path.name.removesuffix(".gz"))
        if match is not None:
            found.setdefault(path.name.removesuffix(".gz"), IdxPair(path, match))
    return list(found.values())


def read_idx_files(folder: Path, pairs: list[IdxPair], progress: Progress) -> OwnImages:
    """Read the pairs of one data set in a folder.

    Raises
    ------
    DataError
        If they are of several data sets, a file is missing or damaged, or images and labels differ
        in number.
    """
    where = quoted(folder)
    sets = sorted({pair.set for pair in pairs})
    parts = {pair.part: pair for pair in pairs}
    if len(sets) > 1 or len(parts) < len(pairs):
        files = ", ".join(printable(pair.images.name, 60) for pair in pairs)
        raise DataError(
            f"{where} contains several data sets. Instead of the folder, choose the training "
            f"images of one of them: {files}."
        )
    if "train" not in parts:
        if len(pairs) > 1:
            files = ", ".join(printable(pair.images.name, 60) for pair in pairs)
            raise DataError(
                f"{where} contains no training images, only {files}. Put the files of the "
                "training images there, or choose one of these instead of the folder."
            )
        parts = {"train": pairs[0]}
    levels, images, labels, fitted = Levels(where), {}, {}, 0
    for part, pair in parts.items():
        labels[part] = _read_labels(_labels_of(pair.images))
        images[part], is_fitted = _read_images(pair.images, len(labels[part]), levels, progress)
        fitted += len(labels[part]) if is_fitted else 0
    check_number(sum(map(len, labels.values())), where)
    classes, places = with_classes(labels, where)
    brightest = levels.stretch(*images.values())
    train, test, third = joined(images, places)
    return OwnImages("IDX files", classes, train, test, fitted, 0, brightest, third)


def is_idx(path: Path) -> bool:
    """Return whether a file is named like the images of a set in IDX files."""
    return bool(pairs_in([path]))


def read_idx_file(path: Path, progress: Progress) -> OwnImages:
    """Read the data set that a file of images belongs to, with its other part in that folder."""
    (chosen,) = pairs_in([path])
    try:
        others = pairs_in(other for other in path.parent.iterdir() if other.is_file())
    except OSError as error:
        raise DataError(f"{quoted(path.parent)} cannot be read: {error.strerror}.") from error
    pairs = [pair for pair in others if pair.set == chosen.set] or [chosen]
    return read_idx_files(path.parent, pairs, progress)


def _labels_of(images: Path) -> Path:
    """Return the file of labels that belongs to one of images, plain or gzipped."""
    stem = images.name.removesuffix(".gz")
    at = stem.lower().rindex("images")
    rest = stem[at + 6 :].replace("idx3", "idx1").replace("IDX3", "IDX1")
    name = f"{stem[:at]}{'LABELS' if stem[at].isupper() else 'labels'}{rest}"
    for path in (images.with_name(name), images.with_name(f"{name}.gz")):
        if os.path.isfile(path):
            return path
    raise DataError(
        f"{quoted(images)} has no labels: there is no {printable(name)} (or .gz) beside it. Put "
        "the file there."
    )


def _read_labels(path: Path) -> NDArray[np.int64]:
    where = quoted(path)
    with opened(path, _MOST_BYTES, no_progress) as (stream, _):
        (n,) = _header(stream, 1, where)
        check_number(n, where)
        labels = np.frombuffer(_exactly(stream, n, where), np.uint8)
        _check_end(stream, where)
    return labels.astype(np.int64)


def _read_images(
    path: Path, n: int, levels: Levels, progress: Progress
) -> tuple[NDArray[np.uint8], bool]:
    """Return n images, (n, 784), and whether they were fitted to 28×28."""
    where = quoted(path)
    with opened(path, _MOST_BYTES, progress) as (stream, report):
        announced, *size = _header(stream, 3, where)
        if announced != n:
            raise DataError(
                f"{where} has {numeral(announced)} images, but there are {numeral(n)} labels. They "
                "probably belong to different sets; get both again."
            )
        shape = image_shape(tuple(size), where)
        images, length = FittedImages(shape), math.prod(shape)
        step = max(1, _CHUNK // length)
        for start in range(0, n, step):
            report()
            content = _exactly(stream, min(step, n - start) * length, where)
            images.add(
                levels.of(np.frombuffer(content, np.uint8), f"image {numeral(start)} and on")
            )
        _check_end(stream, where)
        return images.all(), images.is_fitted


def _header(stream: IO[bytes], dimensions: int, where: str) -> tuple[int, ...]:
    """Return the dimensions of an IDX file of bytes."""
    what = "images" if dimensions == 3 else "labels"
    start = stream.read(4)
    if start != bytes((0, 0, _UINT8, dimensions)):
        raise DataError(
            f"{where} is not an IDX file of {what} in bytes: it begins with "
            f"{start.hex(' ') or 'nothing'} instead of 00 00 08 {dimensions:02x}. Get it again, or "
            "choose another one."
        )
    return struct.unpack(f">{dimensions}I", _exactly(stream, 4 * dimensions, where))


def _exactly(stream: IO[bytes], length: int, where: str) -> bytes:
    content = stream.read(length)
    if len(content) < length:
        raise DataError(
            f"{where} is cut off: it ends before all that its header announces. A download or copy "
            "probably broke off; get it again."
        )
    return content


def _check_end(stream: IO[bytes], where: str) -> None:
    if stream.read(1):
        raise DataError(
            f"{where} is longer than its header announces. Something was appended to it; get it "
            "again."
        )
