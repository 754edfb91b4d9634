"""How long the wall of training images takes to draw a frame while it is scrolled.

    python -m tests.bench.bench_wall [--images 60000] [--frames 300]

Draws offscreen, in the sizes S, M and L; the median and the 95th percentile of a frame, from the
move of the scroll bar to the last pixel.
"""

from __future__ import annotations

import argparse
import os
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtWidgets import QApplication

from core.arrays import DIGITS, PIXELS
from core.datasets.dataset import Dataset
from core.inspection.training_scores import TrainingScores
from gui.data.wall import Wall
from tests.bench.figures import row

_SIZE = 900, 600


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--images", type=int, default=60_000)
    parser.add_argument("--frames", type=int, default=300)
    arguments = parser.parse_args()
    app = QApplication([])
    wall = Wall()
    wall.resize(*_SIZE)
    wall.show()
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (arguments.images, PIXELS), np.uint8)
    labels = rng.integers(0, len(DIGITS), arguments.images).astype(np.uint8)
    wall.show_dataset(Dataset("mnist", images, labels, images[:10].copy(), labels[:10].copy()))
    probabilities = rng.dirichlet(np.ones(len(DIGITS)), arguments.images).astype(np.float32)
    scores = TrainingScores(probabilities, probabilities[:, 0])
    wall.gallery.show_newer(wall.gallery.digits, scores)
    print(row(("size", "images in sight", "median", "95 %")))
    print(row(("---",) * 4))
    for zoom, name in ((1, "S"), (2, "M"), (3, "L")):
        wall.gallery.set_zoom(zoom)
        milliseconds = _scroll(app, wall, arguments.frames)
        tiles, height = wall.gallery.tiles, wall.gallery.viewport().height()
        middle, high = np.percentile(milliseconds, [50, 95])
        seen = len(tiles.in_sight(0, height))
        print(row((name, str(seen), f"{middle:.1f} ms", f"{high:.1f} ms")))


def _scroll(app: QApplication, wall: Wall, frames: int) -> list[float]:
    bar = wall.gallery.verticalScrollBar()
    milliseconds = []
    for place in np.linspace(0, bar.maximum(), frames).astype(int).tolist():
        begun = time.perf_counter()
        bar.setValue(place)
        app.processEvents()
        milliseconds.append(1000 * (time.perf_counter() - begun))
    return milliseconds


if __name__ == "__main__":
    main()
