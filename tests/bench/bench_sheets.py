"""How well pages with many digits are cut into their digits, and how the digits are read.

    python -m tests.bench.bench_sheets [--digits N] [--kinds NAME …] [--seed SEED] [--data-dir DIR]

Pages are made of MNIST's test images and of generated digits (tests/pages.py): of each kind at
least N digits, 10 to 150 to a page. A digit is found if its box overlaps by 0.7, intersection over
union. "to alone" compares the accuracy on the found digits with that on pictures of each alone.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.arrays import PIXELS, LabeledImages
from core.datasets.published import load_published
from core.datasets.published_sets import MNIST
from core.datasets.strokes import make_strokes
from core.errors import DataError
from core.ink.normalization import normalize_drawing
from core.network.network import Network
from core.pictures.digits_in_picture import PictureDigit, digits_in, ink_from_picture
from core.saving.shipped import load_shipped_network
from core.wording import percent
from tests.bench.figures import row
from tests.pages import KINDS, Page, make_page, matches, score


def pages(digits: LabeledImages, kind: str, least: int, seed: int) -> Iterator[Page]:
    """Yield pages until they hold at least this many digits."""
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    made = 0
    while made < least:
        n = int(rng.integers(10, 151))
        chosen = rng.choice(len(digits.labels), n, replace=False)
        yield make_page(
            digits.images[chosen], digits.labels[chosen], kind, int(rng.integers(2**31))
        )
        made += n


def found_in(page: Page) -> list[PictureDigit]:
    """Return the digits; none instead of an error."""
    try:
        return digits_in(page.pixels)
    except DataError:
        return []


def answers(network: Network, inks: list[NDArray[np.uint8]]) -> NDArray[np.intp]:
    """Read digits: (n,)."""
    images = [normalize_drawing(ink).reshape(PIXELS) for ink in inks]
    return network.predict(np.stack(images)).argmax(axis=1)


def print_kind(
    name: str, network: Network, digits: LabeledImages, kind: str, arguments: argparse.Namespace
) -> None:
    """Print a row of the table."""
    totals, count, seconds = np.zeros(3, int), 0, 0.0
    correct, alone = [], []
    for page in pages(digits, kind, arguments.digits, arguments.seed):
        begun = time.perf_counter()
        found = found_in(page)
        seconds += time.perf_counter() - begun
        boxes = [digit.box for digit in found]
        totals += score(page, boxes)
        count += len(page.boxes)
        pairs = [
            (d.ink, k) for d, k in zip(found, matches(page, boxes), strict=True) if k is not None
        ]
        if pairs:
            labels = page.labels[[k for _, k in pairs]]
            correct.extend(answers(network, [ink for ink, _ in pairs]) == labels)
            inks = [ink_from_picture(page.alone[k]) for _, k in pairs]
            alone.extend(answers(network, inks) == labels)
    accuracy, accuracy_alone = float(np.mean(correct)), float(np.mean(alone))
    cells = (
        f"{name}, {kind}",
        str(count),
        percent(totals[0] / count),
        percent(totals[1] / max(1, totals[:2].sum())),
        str(totals[2]),
        percent(accuracy),
        f"{100 * (accuracy - accuracy_alone):+.2f}",
        f"{1000 * seconds / count:.1f}",
    )
    print(row(cells), flush=True)


def print_time(digits: LabeledImages) -> None:
    """Print how long 500 digits take."""
    for kind in ("plain", "grid"):
        page = make_page(digits.images[:500], digits.labels[:500], kind, 1, side=62)
        begun = time.perf_counter()
        found = found_in(page)
        print(
            f"{len(found)} of 500 digits, {kind}, {max(page.pixels.shape)} pixels: "
            f"{time.perf_counter() - begun:.2f} s"
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--digits", type=int, default=2000, metavar="N")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS), metavar="NAME")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data-dir", type=Path, metavar="DIR", help="a folder that holds MNIST")
    arguments = parser.parse_args()
    network = load_shipped_network().network
    sources = {
        "MNIST": load_published(MNIST, arguments.data_dir).test,
        "strokes": make_strokes(10, 10_000, seed=arguments.seed + 100).test,
    }
    titles = (
        "page",
        "digits",
        "found",
        "false",
        "order errors",
        "accuracy",
        "to alone",
        "ms a digit",
    )
    print(row(titles))
    print(row(("---",) * len(titles)))
    for name, digits in sources.items():
        for kind in arguments.kinds:
            print_kind(name, network, digits, kind, arguments)
    print_time(sources["MNIST"])


if __name__ == "__main__":
    main()
