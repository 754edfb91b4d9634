"""Digits of a picture: kept among the user's own, or exported as a folder with labels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import NamedTuple

from core.files.atomic_file import write_new
from core.files.user_file import read_file
from core.ink.ink_file import fingerprint
from core.my_digits.incoming import ExchangeReport, Incoming, add_new
from core.my_digits.my_digits import MyDigits
from core.pictures.digits_in_picture import PictureDigit
from core.progress import Progress, no_progress

_LONGEST_NAME = 40

COLUMNS = ("file", "digit", "predicted", "confidence", "sure", "left", "top", "right", "bottom")


class LabeledDigit(NamedTuple):
    """A digit of a picture, and what it is.

    Attributes
    ----------
    number
        Its place in reading order, from 1.
    found
        Its ink and its box.
    label, predicted
        0…9: what it is, and what the network predicts.
    confidence
        The probability of that prediction, 0…1.
    is_certain
        Whether the network is sure.
    """

    number: int
    found: PictureDigit
    label: int
    predicted: int
    confidence: float
    is_certain: bool


def keep_digits(
    my_digits: MyDigits, digits: Sequence[LabeledDigit], progress: Progress = no_progress
) -> ExchangeReport:
    """Add digits to the user's own, but for those that are there under the same label.

    Raises
    ------
    DigitscopeError
        If one cannot be saved; those added before it are deleted.
    """
    incoming = (
        Incoming(digit.label, f"number {digit.number}", digit.found.ink) for digit in digits
    )
    return add_new(my_digits, incoming, len(digits), progress)


def export_digits(
    digits: Sequence[LabeledDigit], path: Path, name: str, progress: Progress = no_progress
) -> ExchangeReport:
    """Write each digit as a PNG into one of the subfolders 0 to 9 of `path`, and a table of all.

    The files are called `name` with the number after it, so that they sort in reading order. The
    table is ``labels.csv``, with a row for each digit under a row with the names in COLUMNS;
    ``digit`` is the label, and the box is in pixels of the picture. Existing files are neither
    changed nor deleted: a digit that is already there is skipped, and a name that is taken gets a
    number after it.

    Raises
    ------
    DigitscopeError
        If a file cannot be written; those written before it are deleted.
    """
    target = MyDigits(path)
    stem = re.sub(r"[^\w-]+", "-", name)[:_LONGEST_NAME]
    outgoing = (
        Incoming(digit.label, file, digit.found.ink, name=file)
        for digit in digits
        for file in (f"{stem}-{digit.number:04}",)
    )
    return add_new(target, outgoing, len(digits), progress, lambda: _write_table(digits, target))


def _write_table(digits: Sequence[LabeledDigit], target: MyDigits) -> None:
    """Write the table, unless the same one is there."""
    files = {(item.digit, item.fingerprint): target.path(item) for item in target.items}
    lines = [",".join(COLUMNS)]
    for digit in digits:
        file = files[digit.label, fingerprint(digit.found.ink)].relative_to(target.folder)
        sure, box = str(digit.is_certain).lower(), digit.found.box
        place = box.left, box.top, box.right, box.bottom
        values = (digit.label, digit.predicted, f"{digit.confidence:.6f}", sure, *place)
        lines.append(",".join(map(str, (file.as_posix(), *values))))
    content = ("\n".join(lines) + "\n").encode()
    for number in count(1):
        path = target.folder / (f"labels-{number}.csv" if number > 1 else "labels.csv")
        with suppress(FileExistsError):
            write_new(path, lambda stream: stream.write(content))
            return
        with suppress(OSError):  # what has this name may not even be a file
            if read_file(path, len(content)) == content:
                return
