"""Exports and imports a user's drawings: a folder of pictures, or one ``.npz``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.arrays import DIGITS
from core.errors import DataError, DigitscopeError
from core.ink.ink_file import read_ink
from core.my_digits.incoming import ExchangeReport, Incoming, add_new
from core.my_digits.my_digits import MyDigit, MyDigits
from core.my_digits.my_digits_npz import MOST_DIGITS, read_npz_ink, read_npz_labels, write_npz
from core.pictures.digits_in_picture import ink_from_picture
from core.pictures.picture_decoding import FORMATS_IN_WORDS, UnknownFormatError
from core.pictures.pictures import claims_to_be_picture, read_picture
from core.printable_text import printable
from core.progress import Progress, no_progress
from core.wording import numeral

_TIME = re.compile(r"\d{8}-\d{6}-\d{6}(-\d+)?")
"""Names given by this app; others are replaced, because only these sort by time."""

_PROGRESS_EVERY = 0.02
"""Seconds."""


def export_folder(
    my_digits: MyDigits, path: Path, progress: Progress = no_progress
) -> ExchangeReport:
    """Write each digit as a PNG into one of the subfolders 0 to 9 of `path`.

    Missing folders are created. Existing files are neither changed nor deleted: a digit that is
    already there is skipped, and one whose name is taken gets a number after its name.

    Raises
    ------
    DigitscopeError
        If a file cannot be read or written; those written before it are deleted.
    """
    my_digits.reload()
    outgoing = (
        Incoming(item.digit, item.name, my_digits.ink(item), name=item.name)
        for item in _all_of(my_digits)
    )
    return add_new(MyDigits(path), outgoing, len(my_digits), progress)


def import_folder(
    my_digits: MyDigits, path: Path, progress: Progress = no_progress
) -> ExchangeReport:
    """Add the pictures in the subfolders 0 to 9 of `path`, of any size and name.

    Ink of 280×280, light on black, is copied exactly; other pictures are cleaned and fitted. The
    report names the files that cannot be read, unless they are hidden.

    Raises
    ------
    DataError
        If there are no pictures, or too many.
    DigitscopeError
        If one cannot be saved; those added before it are deleted.
    """
    try:
        files = [
            (digit, file)
            for digit in range(len(DIGITS))
            if (path / str(digit)).is_dir()
            for file in sorted((path / str(digit)).iterdir())
            if not file.name.startswith(".")
        ]
        beside = sorted(path.iterdir()) if files else []
    except OSError as error:
        raise DataError(f"'{path}' cannot be read: {error.strerror}.") from error
    if not files:
        raise DataError(
            f"'{path}' contains no digits. Choose a folder with pictures in subfolders 0 to 9."
        )
    if len(files) > MOST_DIGITS:
        raise DataError(
            f"'{path}' contains {numeral(len(files))} files, but at most {numeral(MOST_DIGITS)} "
            "can be "
            "imported at once. Import it in parts."
        )
    incoming = _read_files(files, progress)
    report = add_new(my_digits, incoming, len(files), progress)
    return replace(report, left_out=report.left_out + _misplaced(beside))


def _misplaced(beside: Iterable[Path]) -> tuple[str, ...]:
    """Say what an import leaves out of the files and folders beside the subfolders 0 to 9."""
    return tuple(
        f"{printable(file.name)}: not in a subfolder 0 to 9"
        for file in beside
        if claims_to_be_picture(file)
    ) + tuple(
        f"{printable(folder.name)}: this folder is not named 0 to 9"
        for folder in beside
        if folder.is_dir() and not re.fullmatch(r"[0-9]|\..*", folder.name)
    )


def export_npz(my_digits: MyDigits, path: Path, progress: Progress = no_progress) -> ExchangeReport:
    """Write all digits to one file, which replaces an existing one.

    Raises
    ------
    DigitscopeError
        If a drawing cannot be read or the file cannot be written; an existing file stays unchanged.
    """
    my_digits.reload()
    items = _all_of(my_digits)
    inks = (my_digits.ink(item) for item in items)
    write_npz(path, my_digits.labeled_images(), inks, progress)
    return ExchangeReport(len(items))


def import_npz(my_digits: MyDigits, path: Path, progress: Progress = no_progress) -> ExchangeReport:
    """Add the digits of a file from :func:`export_npz`, or from elsewhere without ink.

    Raises
    ------
    DataError
        If the file is missing, damaged, or of another kind.
    DigitscopeError
        If a digit cannot be saved. In either case nothing is added.
    """
    labels = read_npz_labels(path)
    incoming = (
        Incoming(digit, f"number {number}", ink)
        for number, (digit, ink) in enumerate(
            zip(labels.tolist(), read_npz_ink(path, labels), strict=True), start=1
        )
    )
    return add_new(my_digits, incoming, len(labels), progress)


def _all_of(my_digits: MyDigits) -> tuple[MyDigit, ...]:
    if not len(my_digits):
        raise DataError("You have no digits to export. Draw and save some first.")
    return my_digits.items


# --- a folder -------------------------------------------------------------------------------


def _read_files(files: list[tuple[int, Path]], progress: Progress) -> Iterator[Incoming]:
    """Read pictures in another thread, so that `progress` is also called during a large one."""
    with ThreadPoolExecutor(1) as reader:
        for done, (digit, file) in enumerate(files):
            digit_to_add = reader.submit(_read_file, digit, file)
            while not wait((digit_to_add,), _PROGRESS_EVERY).done:
                progress(done, len(files))
            yield digit_to_add.result()


def _read_file(digit: int, file: Path) -> Incoming:
    source = printable(f"{digit}/{file.name}")
    name = file.stem if _TIME.fullmatch(file.stem) else None
    try:
        return Incoming(digit, source, _ink_of(file), name=name)
    except UnknownFormatError as error:
        if claims_to_be_picture(file):
            return Incoming(digit, source, fault=str(error))
        return Incoming(
            digit, source, fault=f"not a picture ({FORMATS_IN_WORDS})", is_left_out=True
        )
    except DigitscopeError as error:
        return Incoming(digit, source, fault=str(error), is_left_out=file.is_dir())


def _ink_of(file: Path) -> NDArray[np.uint8]:
    """Read a file of ink unchanged, or find the ink in any other picture."""
    try:
        ink = read_ink(file)
    except DataError:
        return ink_from_picture(read_picture(file))
    # A picture that happens to have the size of ink has paper, light or dim, where ink has nothing.
    return ink_from_picture(read_picture(file)) if np.median(ink) > 0 else ink
