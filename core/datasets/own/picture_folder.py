"""Reads a folder of pictures with a subfolder for each class, as torchvision's ImageFolder does."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.arrays import PIXELS, SIDE
from core.datasets.own.fitting import fit
from core.datasets.own.own_images import (
    OwnImages,
    check_number,
    class_names,
    joined,
    quoted,
)
from core.errors import DataError
from core.pictures.picture_decoding import FORMATS_IN_WORDS
from core.pictures.pictures import claims_to_be_picture, read_picture
from core.printable_text import printable
from core.progress import Progress
from core.wording import counted, numeral

_PARTS = {
    "train": "train",
    "training": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "test": "test",
    "testing": "test",
}
_MOST_ENTRIES = 1_000_000
"""Files and folders that are looked at."""


@dataclass
class _Found:
    """Pictures by part and class, and the number of files passed over."""

    pictures: dict[str, dict[str, list[Path]]] = field(default_factory=dict)
    passed_over: int = 0
    entries: int = 0


def subfolders(folder: Path) -> list[Path]:
    """Return the visible folders in a folder, sorted by name; may raise OSError."""
    return sorted(path for path in folder.iterdir() if path.is_dir() and not _is_hidden(path.name))


def read_picture_folder(folder: Path, progress: Progress) -> OwnImages:
    """Read the pictures of a folder.

    Classes are in the order of their names, or by number if all are whole numbers. The folder may
    have the subfolders ``train`` and ``test`` (or ``val``), each with the same classes.

    Raises
    ------
    DataError
        If there are too few or too many classes, one of them is empty, or a picture cannot be read.
    """
    where = quoted(folder)
    found = _Found()
    try:
        tops = subfolders(folder)
        known = [top for top in tops if top.name.lower() in _PARTS]
        parts = {_PARTS[top.name.lower()]: top for top in known}
        if len(parts) < len(known):
            raise DataError(
                f"{where} has two folders for one part: {', '.join(top.name for top in known)}. "
                "Put their images into one."
            )
        if "train" not in parts or not subfolders(parts["train"]):
            parts = {"train": folder}
        names = [path.name for path in subfolders(parts["train"])]
        if all(map(_is_number, names)):
            names.sort(key=int)
        classes = class_names(names, where)
        for part, top in parts.items():
            _find(top, part, found)
        if parts["train"] != folder:
            found.passed_over += len(list(folder.iterdir())) - len(parts)
    except OSError as error:
        raise DataError(
            f"The folder {quoted(error.filename or folder)} cannot be read: "
            f"{error.strerror or error}. Check its permissions."
        ) from error
    _check_found(found, names, where)
    images, labels, fitted = _read(found, names, where, progress)
    train, test, third = joined(images, labels)
    return OwnImages(
        "a folder of pictures", classes, train, test, fitted, found.passed_over, None, third
    )


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name == "__MACOSX"


def _is_number(name: str) -> bool:
    return re.fullmatch(r"\d{1,9}", name, re.ASCII) is not None


def _find(top: Path, part: str, found: _Found) -> None:
    """Find the pictures of each class of one part, also in folders inside that of the class."""
    classes = subfolders(top)
    found.passed_over += len(list(top.iterdir())) - len(classes)
    found.pictures[part] = {path.name: sorted(_pictures_below(path, found)) for path in classes}


def _pictures_below(top: Path, found: _Found) -> Iterator[Path]:
    """Yield the pictures in a folder and those inside it; links to folders are not followed."""

    def fail(error: OSError) -> None:
        raise error

    for folder, folders, files in os.walk(top, onerror=fail):
        hidden = [name for name in folders if _is_hidden(name)]
        found.passed_over += len(hidden)
        folders[:] = [name for name in folders if not _is_hidden(name)]
        found.entries += len(folders) + len(files)
        if found.entries > _MOST_ENTRIES:
            raise DataError(
                f"{quoted(top)} and the folders beside it have more than "
                f"{numeral(_MOST_ENTRIES)} files. Choose a smaller folder."
            )
        for name in files:
            path = Path(folder, name)
            if claims_to_be_picture(path):
                yield path
            else:
                found.passed_over += 1


def _check_found(found: _Found, names: list[str], where: str) -> None:
    """Raise a DataError if a part has other classes, a class is empty, or there is too much."""
    if not any(found.pictures["train"].values()):
        raise DataError(
            f"The folders in {where} contain no pictures. Choose a folder with a subfolder of "
            f"{FORMATS_IN_WORDS} files for each class."
        )
    for part, classes in found.pictures.items():
        if different := sorted(set(classes).symmetric_difference(names)):
            raise DataError(
                f"{where} does not have the class '{printable(different[0], 40)}' in each of its "
                "parts, training and test pictures. Add its folder, or delete it from the other."
            )
        for name, pictures in classes.items():
            if not pictures:
                kind = "pictures" if len(found.pictures) == 1 else f"pictures in '{part}'"
                raise DataError(
                    f"The class '{printable(name, 40)}' of {where} has no {kind}. Add some, or "
                    "move its folder elsewhere."
                )
    check_number(
        sum(len(paths) for part in found.pictures.values() for paths in part.values()), where
    )


def _read(
    found: _Found, names: list[str], where: str, progress: Progress
) -> tuple[dict[str, NDArray[np.uint8]], dict[str, NDArray[np.uint8]], int]:
    """Return images and labels by part, and how many pictures had another size than 28×28."""
    total = sum(len(paths) for part in found.pictures.values() for paths in part.values())
    done = fitted = 0
    images, labels, faults = {}, {}, []
    for part, classes in found.pictures.items():
        sizes = [len(classes[name]) for name in names]
        labels[part] = np.repeat(np.arange(len(names)), sizes).astype(np.uint8)
        images[part] = np.empty((sum(sizes), PIXELS), np.uint8)
        for i, path in enumerate(path for name in names for path in classes[name]):
            progress(done, total)
            done += 1
            try:
                pixels = read_picture(path)
            except DataError as error:
                faults.append(error)
                continue
            fitted += pixels.shape[:2] != (SIDE, SIDE)
            images[part][i] = fit(pixels)
    if faults:
        others = len(faults) - 1
        more = f" {counted(others, 'more picture')} cannot be read either." if others else ""
        raise DataError(f"{faults[0]} Or move it out of the folder.{more}") from faults[0]
    return images, labels, fitted
