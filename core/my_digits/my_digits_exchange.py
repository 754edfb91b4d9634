"""A user's drawings to and from elsewhere: a folder of pictures, or one ``.npz``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.arrays import CLASSES
from core.errors import DataError, DigitscopeError
from core.ink.ink_file import fingerprint, read_ink
from core.my_digits.my_digits import MyDigit, MyDigits
from core.my_digits.my_digits_npz import MOST_DIGITS, read_npz_ink, read_npz_labels, write_npz
from core.pictures.picture_decoding import FORMATS_IN_WORDS, SUFFIXES, UnknownFormatError
from core.pictures.pictures import ink_from_picture, read_picture
from core.printable_text import printable
from core.progress import Progress, no_progress

_TIME = re.compile(r"\d{8}-\d{6}-\d{6}(-\d+)?")
"""Names that this app gave; only those are kept, for only they sort by time."""

_PROGRESS_EVERY = 0.02
"""Seconds."""

_PICTURES = frozenset(suffix for suffixes in SUFFIXES.values() for suffix in suffixes)


@dataclass(frozen=True)
class ExchangeReport:
    """What became of the digits that were to come or go.

    Attributes
    ----------
    added
        How many are new there.
    already_there
        How many were there before, with the same ink and the same answer.
    refused
        What is no digit, each with its name and, after a colon, the reason.
    left_out
        Likewise, what does not even claim to be a picture that could be read.
    """

    added: int
    already_there: int = 0
    refused: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class _Arrival:
    """A digit on its way.

    `source` is what the user knows it by, `ink` None if it has a `fault`, and `name` what to call
    it, if possible. `is_left_out` says whether it was never meant to arrive.
    """

    digit: int
    source: str
    ink: NDArray[np.uint8] | None = None
    fault: str = "it is blank"
    name: str | None = None
    is_left_out: bool = False


def export_folder(
    my_digits: MyDigits, path: Path, progress: Progress = no_progress
) -> ExchangeReport:
    """Write each digit as a PNG into one of the subfolders 0 to 9 of `path`.

    The folder and its subfolders are made where they are missing. Nothing that is there is changed
    or deleted: a digit that is there already is left out, and one whose name is taken by another
    drawing gets a number after its name.

    Raises
    ------
    DigitscopeError
        If a file cannot be read or written; those written before it are taken back.
    """
    my_digits.reload()
    departures = (
        _Arrival(item.digit, item.name, my_digits.ink(item), name=item.name)
        for item in _all_of(my_digits)
    )
    return _take_in(MyDigits(path), departures, len(my_digits), progress)


def import_folder(
    my_digits: MyDigits, path: Path, progress: Progress = no_progress
) -> ExchangeReport:
    """Add the pictures in the subfolders 0 to 9 of `path`, of any size and whatever their names.

    Ink of 280×280, light on black, is taken bit by bit; other pictures are cleaned and fitted. What
    is not hidden and cannot be read is named in the report.

    Raises
    ------
    DataError
        If there are none, or too many.
    DigitscopeError
        If one cannot be kept; those added before it are taken back.
    """
    try:
        files = [
            (digit, file)
            for digit in range(CLASSES)
            if (path / str(digit)).is_dir()
            for file in sorted((path / str(digit)).iterdir())
            if not file.name.startswith(".")
        ]
        beside = sorted(path.iterdir()) if files else []
    except OSError as error:
        raise DataError(f"'{path}' cannot be read: {error.strerror}.") from error
    if not files:
        raise DataError(
            f"'{path}' holds no digits. Choose a folder whose subfolders 0 to 9 hold pictures."
        )
    if len(files) > MOST_DIGITS:
        raise DataError(
            f"'{path}' holds {len(files):,} files, and at most {MOST_DIGITS:,} can come at once. "
            "Import it in parts."
        )
    arrivals = _read_files(files, progress)
    report = _take_in(my_digits, arrivals, len(files), progress)
    misplaced = tuple(
        f"{printable(file.name)}: it is in none of the subfolders 0 to 9"
        for file in beside
        if _claims_to_be_picture(file)
    ) + tuple(
        f"{printable(folder.name)}: the name of this folder is no digit from 0 to 9"
        for folder in beside
        if folder.is_dir() and not re.fullmatch(r"[0-9]|\..*", folder.name)
    )
    return replace(report, left_out=report.left_out + misplaced)


def export_npz(my_digits: MyDigits, path: Path, progress: Progress = no_progress) -> ExchangeReport:
    """Write all digits to one file, in the place of what is at `path`.

    Raises
    ------
    DigitscopeError
        If a drawing cannot be read or the file cannot be written; what was there is as it was.
    """
    my_digits.reload()
    items = _all_of(my_digits)
    inks = (my_digits.ink(item) for item in items)
    write_npz(path, my_digits.labeled_images(), inks, progress)
    return ExchangeReport(len(items))


def import_npz(my_digits: MyDigits, path: Path, progress: Progress = no_progress) -> ExchangeReport:
    """Add the digits of a file as :func:`export_npz` writes it, or of one without ink.

    Raises
    ------
    DataError
        If the file is missing, damaged, or not as above.
    DigitscopeError
        If a digit cannot be kept. In either case nothing is added.
    """
    labels = read_npz_labels(path)
    arrivals = (
        _Arrival(digit, f"number {number}", ink)
        for number, (digit, ink) in enumerate(
            zip(labels.tolist(), read_npz_ink(path, labels), strict=True), start=1
        )
    )
    return _take_in(my_digits, arrivals, len(labels), progress)


def _all_of(my_digits: MyDigits) -> tuple[MyDigit, ...]:
    if not len(my_digits):
        raise DataError("There are no digits of yours to export. Draw some and keep them first.")
    return my_digits.items


def _take_in(
    target: MyDigits, arrivals: Iterator[_Arrival], total: int, progress: Progress
) -> ExchangeReport:
    """Add what is new to `target`: all of it, or nothing if the work fails or is stopped."""
    known = {(item.digit, item.fingerprint) for item in target.items}
    added: list[MyDigit] = []
    already_there = 0
    refused: list[str] = []
    left_out: list[str] = []
    try:
        for done, arrival in enumerate(arrivals):
            progress(done, total)
            if arrival.ink is None or not arrival.ink.any():
                faults = left_out if arrival.is_left_out else refused
                faults.append(f"{arrival.source}: {arrival.fault}")
            elif (arrival.digit, fingerprint(arrival.ink)) in known:
                already_there += 1
            else:
                added.append(target.add(arrival.ink, arrival.digit, arrival.name))
                known.add((arrival.digit, added[-1].fingerprint))
        progress(total, total)
    except BaseException:
        for item in added:
            target.remove(item)
        raise
    return ExchangeReport(len(added), already_there, tuple(refused), tuple(left_out))


# --- a folder -------------------------------------------------------------------------------


def _read_files(files: list[tuple[int, Path]], progress: Progress) -> Iterator[_Arrival]:
    """Read pictures in another thread, so that `progress` is called while a large one is read."""
    with ThreadPoolExecutor(1) as reader:
        for done, (digit, file) in enumerate(files):
            arrival = reader.submit(_read_file, digit, file)
            while not wait((arrival,), _PROGRESS_EVERY).done:
                progress(done, len(files))
            yield arrival.result()


def _read_file(digit: int, file: Path) -> _Arrival:
    source = printable(f"{digit}/{file.name}")
    name = file.stem if _TIME.fullmatch(file.stem) else None
    try:
        return _Arrival(digit, source, _ink_of(file), name=name)
    except UnknownFormatError as error:
        if _claims_to_be_picture(file):
            return _Arrival(digit, source, fault=str(error))
        return _Arrival(digit, source, fault=f"it is no {FORMATS_IN_WORDS}", is_left_out=True)
    except DigitscopeError as error:
        return _Arrival(digit, source, fault=str(error), is_left_out=file.is_dir())


def _claims_to_be_picture(file: Path) -> bool:
    return file.suffix.lower() in _PICTURES and not file.name.startswith(".")


def _ink_of(file: Path) -> NDArray[np.uint8]:
    """Read a file of ink as it is, and the ink in any other picture."""
    try:
        ink = read_ink(file)
    except DataError:
        return ink_from_picture(read_picture(file))
    # A picture that happens to be of the size of ink has light background.
    return ink_from_picture(read_picture(file)) if np.median(ink) > 127 else ink
