"""Reads images and labels from a CSV file, as Kaggle has them: a row for each image."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.datasets.own.compressed import opened
from core.datasets.own.fitting import FittedImages, image_shape
from core.datasets.own.levels import Levels
from core.datasets.own.own_images import (
    MOST_IMAGES,
    OwnImages,
    check_number,
    joined,
    quoted,
    with_classes,
)
from core.errors import DataError
from core.printable_text import printable
from core.progress import Progress
from core.wording import numeral

_MOST_BYTES = 2_000_000_000
_LONGEST_LINE = 4_000_000
"""Characters: a million pixels."""

_MOST_LINES = 2 * MOST_IMAGES
"""Blank ones included."""

_ROWS = 512
"""Rows that are parsed at once."""

_LARGEST = 32_767
_OF_FRACTIONS = ".eEnN"
"""Characters of numbers that are not whole, or too large, or none: 0.5, 1e-3, nan, inf."""

_LABEL_NAMES = ("label", "labels", "class")


class _Layout(NamedTuple):
    """How the rows are laid out."""

    delimiter: str
    columns: int
    label: int
    has_header: bool


def read_csv(paths: dict[str, Path], progress: Progress) -> OwnImages:
    """Read a data set: one file, "train", or also a "test", plain or gzipped.

    Raises
    ------
    DataError
        If a file is missing or damaged, has no labels, or a cell is not a number.
    """
    where = quoted(paths["train"] if len(paths) == 1 else paths["train"].parent)
    levels = Levels(where)
    images, labels = {}, {}
    fitted = 0
    for part, path in paths.items():
        images[part], labels[part], is_fitted = _read(path, levels, progress)
        fitted += len(labels[part]) if is_fitted else 0
    check_number(sum(map(len, labels.values())), where)
    classes, places = with_classes(labels, where)
    brightest = levels.stretch(*images.values())
    train, test, _ = joined(images, places)
    return OwnImages("a CSV file", classes, train, test, fitted, 0, brightest)


def _read(
    path: Path, levels: Levels, progress: Progress
) -> tuple[NDArray[np.uint8], NDArray[np.int64], bool]:
    """Return images, labels, and whether the images were fitted to 28×28."""
    where = quoted(path)
    with opened(path, _MOST_BYTES, progress) as (stream, report):
        return _read_rows(_lines(stream, where), where, levels, report)


def _lines(stream: IO[bytes], where: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not blank, with their numbers from 1."""
    number = total = 0
    while line := stream.readline(_LONGEST_LINE):
        number += 1
        total += len(line)
        if len(line) == _LONGEST_LINE or total > _MOST_BYTES or number > _MOST_LINES:
            raise DataError(
                f"{where} cannot be images: line {numeral(number)} does not end, or there are more "
                f"than {numeral(_MOST_BYTES // 10**9)} GB or {numeral(_MOST_LINES)} lines. Check "
                "that it is a CSV file with an image in each row."
            )
        if b"\0" in line:
            raise DataError(
                f"{where} is not plain text: line {numeral(number)} has a zero byte. It may be in "
                "UTF-16, or no table at all. Write it as CSV in UTF-8."
            )
        text = line.decode("utf-8", "replace").removeprefix("\ufeff").strip()
        if text:
            yield number, text


def _read_rows(
    lines: Iterator[tuple[int, str]], where: str, levels: Levels, report: Callable[[], None]
) -> tuple[NDArray[np.uint8], NDArray[np.int64], bool]:
    first = next(lines, None)
    if first is None:
        raise DataError(f"{where} has only blank lines. Check that it is the file you meant.")
    layout = _layout(first[1], where)
    size = image_shape((layout.columns - 1,), where)
    images, labels, n = FittedImages(size), [], 0
    waiting = iter(()) if layout.has_header else iter((first,))
    while chunk := [*waiting, *islice(lines, _ROWS)]:
        waiting = iter(())
        report()
        values = _numbers(chunk, layout, where)
        labels.append(_labels(values[:, layout.label], chunk, where))
        place = f"lines {numeral(chunk[0][0])} to {numeral(chunk[-1][0])}"
        images.add(levels.of(np.delete(values, layout.label, axis=1), place))
        n += len(chunk)
        if n > MOST_IMAGES:
            check_number(n, where)
    check_number(n, where)
    return images.all(), np.concatenate(labels), images.is_fitted


def _layout(line: str, where: str) -> _Layout:
    """Return the layout from the first line, which may be a header; otherwise labels come first."""
    delimiter = max(",;\t", key=line.count)
    cells = [cell.strip().strip('"').lower() for cell in line.split(delimiter)]
    label, has_header = 0, any(map(_is_name, cells))
    if has_header:
        named = [i for i, cell in enumerate(cells) if cell in _LABEL_NAMES]
        if not named:
            raise DataError(
                f"{where} has no column 'label', so nobody knows what its images show. (Kaggle's "
                "test.csv is so.) Choose the file with labels, such as train.csv."
            )
        label = named[0]
    elif len(cells) == 784:
        raise DataError(
            f"{where} has 784 columns, which leaves none for labels. Put the label before the "
            "pixels of each row."
        )
    return _Layout(delimiter, len(cells), label, has_header)


def _is_name(cell: str) -> bool:
    return re.fullmatch(r"[-+]?[\d.]+(e[-+]?\d+)?|nan|", cell, re.ASCII) is None


def _numbers(chunk: list[tuple[int, str]], layout: _Layout, where: str) -> NDArray[Any]:
    """Parse some rows; a DataError names the line and the column of a fault."""
    rows = [text for _, text in chunk]
    has_fractions = any(mark in row for row in rows for mark in _OF_FRACTIONS)
    try:
        values = np.loadtxt(
            rows,
            np.float64 if has_fractions else np.int16,  # which is read seven times as fast
            comments=None,
            delimiter=layout.delimiter,
            quotechar='"',
            ndmin=2,
        )
    except (ValueError, OverflowError):
        raise _fault(chunk, layout, where) from None
    if values.shape == (len(rows), layout.columns):
        return values
    raise _fault(chunk, layout, where)


def _fault(chunk: list[tuple[int, str]], layout: _Layout, where: str) -> DataError:
    """Return what is wrong with the first bad row."""
    for number, text in chunk:
        cells = text.split(layout.delimiter)
        if len(cells) != layout.columns:
            return DataError(
                f"Line {numeral(number)} of {where} has {numeral(len(cells))} columns, but the "
                f"first has {numeral(layout.columns)}. Correct or delete the line."
            )
        for column, cell in enumerate(cells, 1):
            reason = _fault_of(cell)
            if reason is not None:
                return DataError(
                    f"Line {numeral(number)} of {where} has '{printable(cell.strip(), 20)}' in "
                    f"column {numeral(column)}, {reason}. Correct or delete the line."
                )
    return DataError(
        f"{where} cannot be read around line {numeral(chunk[0][0])}: a quotation mark is probably "
        "left open. Correct the line."
    )


def _fault_of(cell: str) -> str | None:
    """Return what is wrong with a cell, or None."""
    try:
        value = float(cell.strip().strip('"'))
    except ValueError:
        return "which is not a number"
    if abs(value) > _LARGEST:
        return "but pixels are 0 to 255, and labels small whole numbers"
    return None


def _labels(values: NDArray[Any], chunk: list[tuple[int, str]], where: str) -> NDArray[np.int64]:
    with np.errstate(invalid="ignore"):
        labels = values.astype(np.int64)
    if (wrong := np.flatnonzero(labels != values)).size:
        raise DataError(
            f"Line {numeral(chunk[wrong[0]][0])} of {where} has the label {values[wrong[0]]}, but "
            "labels are whole numbers. Correct the line."
        )
    return labels
