"""Accuracy on pictures of digits, and on recordings of a pen, as the app reads them.

    python -m tests.bench.bench_pictures [--images N] [--kinds NAME …] [--data-dir DIR]
    python -m tests.bench.bench_pictures --forms FILE.zip
    python -m tests.bench.bench_pictures --pen FILE.unipen

Without a file, MNIST's test images become pictures of each kind of picture_kinds.py; every picture
is decoded, its digits are found, and the network reads them (--network: another than the ready-made
one). FILE.zip holds pictures of one digit each, LABEL/name.png. A picture in which not exactly one
digit is found counts as misread.
"""

from __future__ import annotations

import argparse
import io
import time
import zipfile
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.arrays import DIGITS, PIXELS, SIDE
from core.datasets.published import load_published
from core.datasets.published_sets import MNIST
from core.errors import DataError
from core.ink.digits_in_drawing import DigitsInDrawing
from core.ink.recordings import Recording, draw_recording, read_recordings
from core.inspection.prediction import predict_all
from core.network.moved_images import predict_moved
from core.pictures.picture_decoding import decode
from core.pictures.sheet import read_sheet
from core.saving.run_file import load_run
from core.saving.shipped import SHIPPED_NETWORK
from core.training.saved_run import SavedRun
from core.wording import percent
from tests.bench.figures import Target, row
from tests.bench.picture_kinds import KINDS

PROCESSES = 2
CHUNK = 100
"""Pictures that a process takes at a time."""

TARGETS = {"scaled-0.5": 1.5}
"""Points that a kind may lose against the plain pictures; of the others `MOST_LOST`."""

MOST_LOST = 0.5

NO_TARGET = ("16x16-stretched",)
"""Distorted: another digit, to a person too."""


class Found(NamedTuple):
    """What was found in a picture or recording: an image of 784 pixels for each digit.

    `is_doubted` says that it does not look like a digit, and `seconds` how long it took.
    """

    images: list[NDArray[np.uint8]]
    is_doubted: bool
    seconds: float


def find_in_picture(content: bytes) -> Found:
    """Return the digits of a picture file."""
    begun = time.perf_counter()
    try:
        sheet = read_sheet(decode(io.BytesIO(content), "The picture"), "")
    except DataError:
        return Found([], False, time.perf_counter() - begun)
    images = [image.reshape(PIXELS) for image in sheet.images]
    return Found(images, False, time.perf_counter() - begun)


def find_in_kind(image: NDArray[np.uint8], kind: str) -> Found:
    """Make a picture of an image, (784,), and return its digits."""
    return find_in_picture(KINDS[kind](image.reshape(28, 28)))


def find_in_recording(recording: Recording) -> Found:
    """Return what the pad hands to the network for a recording."""
    begun = time.perf_counter()
    digits = DigitsInDrawing(draw_recording(recording)).update()
    doubted = any(digit.is_scribble for digit in digits)
    images = [digit.image.reshape(PIXELS) for digit in digits]
    return Found(images, doubted, time.perf_counter() - begun)


class Results(NamedTuple):
    """What the network made of pictures, one value each.

    Attributes
    ----------
    is_correct
        Whether one digit was found, and read correctly.
    is_certain
        Whether all that was found reached the thresholds of the network.
    is_single
        Whether exactly one digit was found.
    labels
        The correct digits.
    milliseconds
        Mean time for a picture, without the network.
    """

    is_correct: NDArray[np.bool_]
    is_certain: NDArray[np.bool_]
    is_single: NDArray[np.bool_]
    labels: NDArray[np.uint8]
    milliseconds: float


def read_all(
    run: SavedRun,
    find: Callable[[Any], Found],
    items: Sequence[Any],
    labels: NDArray[np.uint8],
    pool: ProcessPoolExecutor,
) -> Results:
    """Find the digits in all items, and predict."""
    found = list(pool.map(find, items, chunksize=CHUNK))
    correct, certain = np.zeros((2, len(items)), np.bool_)
    single = np.array([len(one.images) == 1 for one in found])
    for i, one in enumerate(found):
        if not one.images:
            continue
        images = [image.reshape(SIDE, SIDE) for image in one.images]
        predictions = predict_all(run.network, images, run.thresholds)
        correct[i] = single[i] and predictions[0].digit == labels[i]
        certain[i] = all(each.is_certain for each in predictions) and not one.is_doubted
    milliseconds = 1000 * float(np.mean([one.seconds for one in found]))
    return Results(correct, certain, single, labels, milliseconds)


def print_kinds(run: SavedRun, arguments: argparse.Namespace, pool: ProcessPoolExecutor) -> None:
    """Print a row for each kind of picture."""
    test = load_published(MNIST, arguments.data_dir).test
    images, labels = test.images[: arguments.images], test.labels[: arguments.images]
    of_arrays = float((predict_moved(run.network, images).argmax(axis=1) == labels).mean())
    print(f"{len(labels)} images of MNIST's test set; the arrays themselves {percent(of_arrays)}\n")
    titles = ("kind", "accuracy", "to arrays", "to plain", "not one digit", "certain", "ms", "")
    print(row(titles))
    print(row(("---",) * len(titles)))
    of_plain = 0.0
    for kind in dict.fromkeys(["plain", *arguments.kinds]):
        result = read_all(run, partial(find_in_kind, kind=kind), images, labels, pool)
        accuracy = float(result.is_correct.mean())
        if kind == "plain":
            of_plain, lost, target = accuracy, of_arrays - accuracy, Target(0.3, at_most=True)
        else:
            lost = of_plain - accuracy
            target = Target(TARGETS.get(kind, MOST_LOST), at_most=True)
        cells = (
            kind,
            percent(accuracy),
            f"{100 * (accuracy - of_arrays):+.2f}",
            f"{100 * (accuracy - of_plain):+.2f}",
            str(np.count_nonzero(~result.is_single)),
            percent(result.is_certain.mean()),
            f"{result.milliseconds:.1f}",
            "" if kind in NO_TARGET else target.verdict(round(100 * lost, 6)),
        )
        print(row(cells), flush=True)


def print_per_digit(title: str, run: SavedRun, result: Results) -> None:
    """Print accuracy and coverage, of each digit and of all."""
    thresholds = ", ".join(map(percent, run.thresholds or ()))
    print(f"{len(result.labels)} {title}, {result.milliseconds:.1f} ms each")
    print(f"thresholds {thresholds}\n")
    titles = ("digit", "of", "accuracy", "certain", "correct of the certain ones", "not one digit")
    print(row(titles))
    print(row(("---",) * len(titles)))
    for digit in [*range(len(DIGITS)), None]:
        these = np.ones_like(result.is_correct) if digit is None else result.labels == digit
        count, certain = np.count_nonzero(these), these & result.is_certain
        if not count:
            continue
        cells = (
            "all" if digit is None else str(digit),
            str(count),
            percent(result.is_correct[these].mean()),
            percent(certain.sum() / count),
            percent(result.is_correct[certain].mean() if certain.any() else None),
            str(np.count_nonzero(these & ~result.is_single)),
        )
        print(row(cells))


def labeled_pictures(path: Path) -> tuple[list[bytes], NDArray[np.uint8]]:
    """Return the content of the files LABEL/name of a zip, and their labels."""
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        labels = [int(Path(name).parent.name) for name in names]
        return [archive.read(name) for name in names], np.array(labels, np.uint8)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, metavar="N", help="only the first N images of MNIST")
    parser.add_argument(
        "--kinds",
        nargs="+",
        choices=KINDS,
        default=list(KINDS),
        metavar="NAME",
        help=", ".join(KINDS),
    )
    parser.add_argument("--data-dir", type=Path, metavar="DIR", help="a folder that holds MNIST")
    parser.add_argument("--forms", type=Path, metavar="FILE.zip", help="pictures LABEL/name.png")
    parser.add_argument("--pen", type=Path, metavar="FILE.unipen", help="recordings of a pen")
    parser.add_argument("--network", type=Path, default=SHIPPED_NETWORK, metavar="FILE.npz")
    arguments = parser.parse_args()
    run = load_run(arguments.network)
    with ProcessPoolExecutor(PROCESSES) as pool:
        if arguments.forms is not None:
            pictures, labels = labeled_pictures(arguments.forms)
            result = read_all(run, find_in_picture, pictures, labels, pool)
            print_per_digit(f"pictures of {arguments.forms.name}", run, result)
        if arguments.pen is not None:
            recordings = read_recordings(arguments.pen)
            labels = np.array([recording.digit for recording in recordings], np.uint8)
            result = read_all(run, find_in_recording, recordings, labels, pool)
            print_per_digit(f"recordings of {arguments.pen.name}", run, result)
        if arguments.forms is None and arguments.pen is None:
            print_kinds(run, arguments, pool)


if __name__ == "__main__":
    main()
