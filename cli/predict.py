"""``main.py predict``."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from cli.output import complain, say
from cli.targets import check_target, write_report
from cli.which_network import chosen_network
from core.errors import DataError, RunFileError
from core.ink.boxes import Box
from core.inspection.prediction import Prediction, predict_all
from core.network.network import Network
from core.pictures.picture_decoding import FORMATS_IN_WORDS, MOST_BYTES, DecodedPicture, decode
from core.pictures.pictures import pictures_in, read_whole_picture
from core.pictures.sheet import read_sheet
from core.program import program_name
from core.saving.run_file import load_run
from core.saving.shipped import SHIPPED_NETWORK, load_shipped_network, thresholds_in_force
from core.training.confidence import Thresholds
from core.training.saved_run import SavedRun
from core.wording import are_digits, counted, probability

_STDIN = Path("-")


class _Digit(NamedTuple):
    """A digit of a picture: its box in the pixels of the file, upright, and its row, from 0."""

    prediction: Prediction
    box: Box
    row: int

    def __str__(self) -> str:
        return f"{self.prediction.name}{'' if self.prediction.is_certain else '?'}"

    def values(self) -> dict[str, Any]:
        """Return its part of the report."""
        return {
            "digit": self.prediction.digit,
            "class": self.prediction.name,
            "confidence": self.prediction.confidence,
            "sure": self.prediction.is_certain,
            "box": {side: getattr(self.box, side) for side in ("left", "top", "right", "bottom")},
        }


def predict(arguments: argparse.Namespace) -> int:
    """Read the digits of all pictures, print them, and return the exit status."""
    run, which = chosen_network(load_run(arguments.network or SHIPPED_NETWORK), arguments)
    thresholds = _thresholds(run)
    check_target(arguments.report, (*arguments.pictures, arguments.network))
    files = [file for path in arguments.pictures for file in _files_of(path)]
    pictures = [_predict_file(file, run.network, thresholds) for file in files]
    if arguments.report is not None:
        write_report(
            arguments.report,
            pictures=pictures,
            threshold=max(thresholds),
            thresholds=dict(zip(run.network.classes, thresholds, strict=True)),
            network=str(run.network_config),
            which_network=which,
        )
    return 2 if any("error" in picture for picture in pictures) else 0


def _thresholds(run: SavedRun) -> Thresholds:
    """Return for each class from which probability on a prediction of it is certain."""
    shipped = None
    if run.thresholds is None:
        with suppress(RunFileError):
            shipped = load_shipped_network()
    return thresholds_in_force(run.thresholds, shipped, run.network.classes)


def _files_of(path: Path) -> Sequence[Path]:
    """Return the pictures that an argument stands for: of a folder those in it."""
    with suppress(OSError):
        return pictures_in(path) or [path]
    return [path]


def _predict_file(path: Path, network: Network, thresholds: Thresholds) -> dict[str, Any]:
    """Print what a picture shows, or why it cannot be read; return its part of the report."""
    report: dict[str, Any] = {"file": str(path)}
    try:
        picture = _picture_of(path)
        report |= {"width": picture.width, "height": picture.height}
        digits = _digits_of(picture, str(path), network, thresholds)
    except DataError as error:
        complain(f"{program_name()}: {error}")
        return report | {"digits": [], "error": str(error)}
    for line in _lines(str(path), digits):
        say(line)
    return report | {"digits": [digit.values() for digit in digits]}


def _picture_of(path: Path) -> DecodedPicture:
    if os.path.isdir(path):  # unlike Path.is_dir, never an error
        raise DataError(
            f"The folder '{path}' contains no pictures. Choose one with {FORMATS_IN_WORDS} files."
        )
    if path != _STDIN:
        return read_whole_picture(path)
    content = b"" if sys.stdin is None else sys.stdin.buffer.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise DataError("The standard input is too large for a picture. Make the picture smaller.")
    return decode(io.BytesIO(content), "The standard input")


def _digits_of(
    picture: DecodedPicture, name: str, network: Network, thresholds: Thresholds
) -> list[_Digit]:
    try:
        sheet = read_sheet(picture, name, as_one=not are_digits(network.classes))
    except DataError as error:
        raise DataError(f"'{name}': {error}") from error
    predictions = predict_all(network, sheet.images, thresholds)
    if not all(prediction.is_finite for prediction in predictions):
        raise DataError(
            f"'{name}': the network gives no answer, because its weights are too large. "
            "Choose another network."
        )
    return [
        _Digit(prediction, digit.box, digit.row)
        for prediction, digit in zip(predictions, sheet.digits, strict=True)
    ]


# --- what is printed ------------------------------------------------------------------------


def _lines(name: str, digits: Sequence[_Digit]) -> Iterator[str]:
    """Return the lines about a picture; a digit that is not certain has a question mark."""
    unsure = sum(not digit.prediction.is_certain for digit in digits)
    least = probability(min(digit.prediction.confidence for digit in digits))
    if len(digits) == 1:
        yield f"{name}: {digits[0]} ({least}{', not sure' if unsure else ''})"
        return
    facts = (
        f"{counted(len(digits), 'digit')}, the least certain {least}, {unsure or 'none'} not sure"
    )
    rows = [" ".join(map(str, row)) for _, row in groupby(digits, lambda digit: digit.row)]
    if len(rows) == 1:
        yield f"{name}: {rows[0]} ({facts})"
        return
    yield f"{name}: {facts}"
    yield from (f"  {row}" for row in rows)
