"""The user's own labeled drawings, stored as a folder of PNGs.

Each drawing is a lossless grayscale PNG of 280×280 in a subfolder named by its digit; its name is
the time of drawing, such as ``7/20261122-101530-123456.png``. The folder is therefore its own
export, which any other program can read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.arrays import DIGITS, PIXELS, LabeledImages
from core.errors import DataError, DigitscopeError
from core.files.locations import data_folder
from core.files.user_file import visible_files
from core.ink.ink_file import INK_SHAPE, fingerprint, read_ink, write_ink
from core.ink.normalization import normalize_drawing
from core.progress import Progress, no_progress


@dataclass(frozen=True, eq=False)
class MyDigit:
    """A saved drawing. Its ink stays on disk; it is a hundred times as large as the image.

    Attributes
    ----------
    digit
        The label, 0…9.
    name
        The file's name without its suffix; the names sort by time.
    image
        uint8, (28, 28), read-only: the input of the network.
    fingerprint
        Hash of the ink.
    """

    digit: int
    name: str
    image: NDArray[np.uint8]
    fingerprint: bytes


def my_digits_folder() -> Path:
    """Return the default folder of the user's drawings."""
    return data_folder() / "my-digits"


class MyDigits:
    """The drawings in a folder. Several running apps may use the same one.

    Parameters
    ----------
    folder
        The folder, created when the first drawing is added; by default the user's own.
    progress
        Called while existing drawings are read.

    Attributes
    ----------
    problems
        Messages about files that could not be read; they stay in the folder.
    """

    def __init__(self, folder: Path | None = None, progress: Progress = no_progress) -> None:
        self.folder = my_digits_folder() if folder is None else folder
        self.problems: tuple[str, ...] = ()
        self._items: dict[tuple[int, str], MyDigit] = {}
        self.reload(progress)

    def __len__(self) -> int:
        return len(self._items)

    @property
    def items(self) -> tuple[MyDigit, ...]:
        """The drawings, in the order in which they were drawn."""
        return tuple(sorted(self._items.values(), key=lambda item: (item.name, item.digit)))

    def labeled_images(self) -> LabeledImages:
        """Return the images and labels of all drawings, in the order of `items`."""
        items = self.items
        images = np.array([item.image for item in items], np.uint8).reshape(len(items), PIXELS)
        return LabeledImages(images, np.array([item.digit for item in items], np.uint8))

    # --- reading ----------------------------------------------------------------------------

    def path(self, item: MyDigit) -> Path:
        """Return the file of a drawing."""
        return self._path(item.digit, item.name)

    def ink(self, item: MyDigit) -> NDArray[np.uint8]:
        """Read a drawing's ink, uint8 (280, 280).

        Raises
        ------
        DataError
            If its file is missing or damaged.
        """
        return read_ink(self.path(item))

    def reload(self, progress: Progress = no_progress) -> None:
        """Read the folder again; files that were read before are not read again."""
        problems: list[str] = []
        found: dict[tuple[int, str], MyDigit] = {}
        paths = [
            (digit, path) for digit in range(len(DIGITS)) for path in self._list(digit, problems)
        ]
        for done, (digit, path) in enumerate(paths):
            progress(done, len(paths))
            key = digit, path.stem
            try:
                found[key] = self._items.get(key) or _make_item(*key, read_ink(path))
            except DataError as error:
                problems.append(str(error))
        progress(len(paths), len(paths))
        self._items, self.problems = found, tuple(problems)

    def _list(self, digit: int, problems: list[str]) -> list[Path]:
        """Return the PNGs of one digit; add to `problems` if the folder cannot be read."""
        folder = self.folder / str(digit)
        try:
            return visible_files(folder, ".png")
        except OSError as error:
            problems.append(f"'{folder}' cannot be read: {error.strerror}.")
            return []

    def _path(self, digit: int, name: str) -> Path:
        return self.folder / str(digit) / f"{name}.png"

    # --- changes ------------------------------------------------------------------------------

    def add(self, ink: NDArray[np.uint8], digit: int, name: str | None = None) -> MyDigit:
        """Save a drawing.

        Parameters
        ----------
        ink
            uint8, (280, 280): 0 is background, 255 is ink; not mutated.
        digit
            The label, 0…9.
        name
            Its name, if that is free; by default the time.

        Raises
        ------
        DataError
            If the drawing is blank.
        DigitscopeError
            If it cannot be written; no file is left behind.
        ValueError
            If `ink` or `digit` is not as above.
        """
        if ink.dtype != np.uint8 or ink.shape != INK_SHAPE:
            raise ValueError(f"ink must be uint8 {INK_SHAPE}, not {ink.dtype} {ink.shape}")
        if not ink.any():
            raise DataError("Nothing is drawn, so there is nothing to save. Draw a digit first.")
        for path in self._names(digit, name or f"{datetime.now():%Y%m%d-%H%M%S-%f}"):
            with suppress(FileExistsError):
                write_ink(path, ink)
                return self._remember(_make_item(digit, path.stem, ink))
        raise AssertionError("there is always another name")

    def remove(self, item: MyDigit) -> None:
        """Delete a drawing; another app may already have deleted it.

        Raises
        ------
        DigitscopeError
            If the file cannot be deleted.
        """
        path = self.path(item)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise DigitscopeError(
                f"'{path}' could not be deleted: {error.strerror}. Its folder may be read-only."
            ) from error
        self._items.pop((item.digit, item.name), None)

    def relabel(self, item: MyDigit, digit: int) -> MyDigit:
        """Change the label of a drawing; return the new item.

        Raises
        ------
        DigitscopeError
            If its file is missing or cannot be moved; it keeps its label.
        """
        if digit == item.digit:
            return item
        path = self.path(item)
        target = next(path for path in self._names(digit, item.name) if not path.exists())
        try:
            path.rename(target)
        except OSError as error:
            raise DigitscopeError(
                f"'{path}' could not be moved to folder {digit}: {error.strerror}. "
                "Check whether it still exists and its folder is writable."
            ) from error
        self._items.pop((item.digit, item.name), None)
        return self._remember(MyDigit(digit, target.stem, item.image, item.fingerprint))

    def _remember(self, item: MyDigit) -> MyDigit:
        self._items[item.digit, item.name] = item
        return item

    def _names(self, digit: int, name: str) -> Iterator[Path]:
        """Yield possible files for a drawing: its name, then names with a number.

        Raises DigitscopeError if the folder cannot be created.
        """
        if digit not in range(len(DIGITS)):
            raise ValueError(f"a digit is 0 to {len(DIGITS) - 1}, not {digit}")
        path = self._path(digit, name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DigitscopeError(
                f"'{path}' could not be written: {error.strerror}. "
                "The disk may be full or the folder read-only. Nothing was changed."
            ) from error
        yield path
        for number in count(2):
            yield self._path(digit, f"{name}-{number}")


def _make_item(digit: int, name: str, ink: NDArray[np.uint8]) -> MyDigit:
    image = normalize_drawing(ink)
    image.setflags(write=False)
    return MyDigit(digit, name, image, fingerprint(ink))
