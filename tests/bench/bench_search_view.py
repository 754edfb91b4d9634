"""The cost of a large search in the Search tab: opening it, and brushing.

    python -m tests.bench.bench_search_view [--trials 2000] [--rounds 5]

Each round is a separate process, on the display or else offscreen. Opening is timed from creating
the view until it is painted; a frame of brushing, from a movement of the mouse until the picture
is painted. Run it with nothing else running.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from core.runs.run_library import RunLibrary
from tests.bench.figures import Target, measure_in_rounds, print_table
from tests.gui.search.filled import IMPORTANCE, put_search

SIZE = (1100, 480)
"""In a window of 1920×1080."""
MOVES = 60
TITLES = (
    ("open", "opening the view, ms", Target(300, at_most=True)),
    ("parallel", "brushing parallel coordinates, frames/s", Target(30)),
    ("slowest", "the slowest of those frames, ms", None),
    ("dots", "the dots after a brush, ms", None),
    ("heat", "the heat map after a brush, ms", None),
    ("again", "reading it again with a new trial, ms", None),
)


def main() -> None:
    """Measure and print the table, or with --file one round as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.file is not None:
        print(json.dumps(measure(arguments.file)))
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "runs.sqlite"
        with closing(RunLibrary(file)) as library:
            put_search(library, arguments.trials, importance=IMPORTANCE)
        command = [sys.executable, "-m", "tests.bench.bench_search_view", "--file", str(file)]
        rounds = measure_in_rounds(command, arguments.rounds)
    print_table(f"{arguments.trials} trials", TITLES, rounds)


def measure(file: Path) -> dict[str, float]:
    """Return all figures of one round."""
    from PySide6.QtCore import QPoint, Qt  # noqa: PLC0415 - the parent process needs no Qt
    from PySide6.QtTest import QTest  # noqa: PLC0415
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    from gui.search.search_view import SearchView  # noqa: PLC0415
    from gui.widgets.theme_controller import ThemeController  # noqa: PLC0415

    app = QApplication([])
    theme = ThemeController(app).theme
    library = RunLibrary(file)
    result = {}

    begun = time.perf_counter()
    view = SearchView(library)
    view.apply_theme(theme)
    view.resize(*SIZE)
    view.show()
    while not view.windowHandle().isExposed():
        app.processEvents()
    view.repaint()
    result["open"] = 1e3 * (time.perf_counter() - begun)

    view.picture.setCurrentIndex(2)
    app.processEvents()
    plot = view.pictures.parallel
    plot.repaint()
    x, area = round(float(plot._x()[0])), plot._plot()
    frames = []
    QTest.mousePress(plot, Qt.MouseButton.LeftButton, pos=QPoint(x, round(area.top())))
    for move in range(1, MOVES + 1):
        at = QPoint(x, round(area.top() + move / MOVES * area.height()))
        begun = time.perf_counter()
        QTest.mouseMove(plot, at)
        plot.repaint()
        frames.append(time.perf_counter() - begun)
    QTest.mouseRelease(plot, Qt.MouseButton.LeftButton, pos=at)
    result["parallel"] = 1 / statistics.median(frames)
    result["slowest"] = 1e3 * max(frames)

    for name, index, picture in (("dots", 0, view.pictures.dots), ("heat", 1, view.pictures.heat)):
        view.picture.setCurrentIndex(index)
        app.processEvents()
        begun = time.perf_counter()
        view.state.brush(0, (0.1, 0.9))
        picture.repaint()
        result[name] = 1e3 * (time.perf_counter() - begun)
    begun = time.perf_counter()
    view.read()
    view.repaint()
    result["again"] = 1e3 * (time.perf_counter() - begun)
    library.close()
    return result


if __name__ == "__main__":
    main()
