"""How long the search for the nearest training images takes, and how much memory it needs.

    python -m tests.bench.bench_nearest [--queries 50] [--data-dir DIR]

Searches the 60,000 training images of MNIST, or as many of noise where it is not found, in one
thread, as the window does for the drawing on the pad.
"""

from __future__ import annotations

import argparse
import time
import tracemalloc
from pathlib import Path

import numpy as np

from core.arrays import PIXELS, Images, LabeledImages
from core.datasets.published import load_published
from core.datasets.published_sets import MNIST
from core.errors import DataError
from core.inspection.nearest import NearestImages
from tests.bench.figures import Figure, Target, row

QUERY, MEMORY = Target(100, aim=33, at_most=True), Target(50, aim=10, at_most=True)
"""Milliseconds and MB. Within a frame's time, the images keep up with the pen."""


def images_to_search(folder: Path | None) -> tuple[LabeledImages, Images]:
    """Return the training images, and others to search for."""
    try:
        mnist = load_published(MNIST, folder)
    except DataError:
        rng = np.random.default_rng(0)
        noise = rng.integers(0, 256, (70_000, PIXELS), np.uint8)
        return LabeledImages(noise[:60_000], np.zeros(60_000, np.uint8)), noise[60_000:]
    return LabeledImages(mnist.train_images, mnist.train_labels), mnist.test_images


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=int, default=50)
    parser.add_argument("--data-dir", type=Path, metavar="DIR", help="a folder that holds MNIST")
    arguments = parser.parse_args()
    images, queries = images_to_search(arguments.data_dir)
    begun = time.perf_counter()
    search = NearestImages(images)
    first = 1000 * (time.perf_counter() - begun)
    times = []
    for query in queries[: arguments.queries]:
        begun = time.perf_counter()
        search.find(query)
        times.append(1000 * (time.perf_counter() - begun))
    tracemalloc.start()
    search.find(queries[0])
    memory = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    print(row(["search of 60,000 images", "median", "range", "target", ""]))
    print(row(["---"] * 5))
    print(Figure("once for each data set, ms", [first]).row())
    print(Figure("for each drawing, ms", times, QUERY).row())
    print(Figure("memory for each drawing, MB", [memory], MEMORY).row())


if __name__ == "__main__":
    main()
