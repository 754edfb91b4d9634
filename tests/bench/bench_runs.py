"""The cost of a library of many runs: opening the Runs view, and writing a run's record.

    python -m tests.bench.bench_runs [--runs 500] [--rounds 5]

No two runs have the same settings. Each opening is in a separate process, on the display or else
offscreen, and is timed from creating the view until it is painted. Run it with nothing else
running.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from core.history.history import History
from core.history.recorder import HistoryRecorder
from core.runs.run_curves import RunCurves, course_of, curves_of
from core.runs.run_library import RunLibrary
from core.runs.run_record import RunRecord, thumbnail_of
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from tests.bench.figures import Target, measure_in_rounds, print_table

EPOCH = 938
LONG = 100_000
OFTEN = 9
"""How many times an action that the app repeats is timed, for the median."""
TITLES = (
    ("open", "opening the view, ms", Target(300, at_most=True)),
    ("filter", "a letter in the filter, ms", None),
    ("sort", "sorting by another column, ms", None),
    ("overlay", "ticking a run, ms", None),
    ("present", "showing the current run's progress, ms", None),
    ("put", f"keeping a run of {LONG:,} steps, ms", Target(10, at_most=True)),
)


def main() -> None:
    """Measure and print the table, or with --file one opening as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.file is not None:
        print(json.dumps(measure(arguments.file)))
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "runs.sqlite"
        fill(file, arguments.runs)
        command = [sys.executable, "-m", "tests.bench.bench_runs", "--file", str(file)]
        rounds = measure_in_rounds(command, arguments.rounds)
    print_table(f"{arguments.runs} runs", TITLES, rounds)


def measure(file: Path) -> dict[str, float]:
    """Return all times in milliseconds, for a view that is opened for the first time."""
    from PySide6.QtCore import Qt  # noqa: PLC0415 - the parent process needs no Qt
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    from gui.runs.run_columns import BEGAN, CURVE  # noqa: PLC0415
    from gui.runs.runs_view import RunsView  # noqa: PLC0415
    from gui.widgets.theme_controller import ThemeController  # noqa: PLC0415

    app = QApplication([])
    theme = ThemeController(app).theme
    library = RunLibrary(file)
    result = {}
    views = []

    def open_view() -> None:
        view = RunsView(library)
        view.apply_theme(theme)
        view.resize(690, 330)
        view.show()
        while not view.windowHandle().isExposed():
            app.processEvents()
        views.append(view)

    def timed(name: str, act: Callable[[], object], times: int = 1) -> None:
        taken = []
        for _ in range(times):
            begun = time.perf_counter()
            act()
            app.processEvents()
            taken.append(1e3 * (time.perf_counter() - begun))
        result[name] = statistics.median(taken)

    timed("open", open_view)
    (view,) = views
    record = view.model.record(view.model.index(0, 0))
    timed("filter", lambda: view.filter.setText("a"))
    view.filter.clear()
    timed("sort", lambda: view.table.sortByColumn(CURVE, Qt.SortOrder.DescendingOrder))
    view.table.sortByColumn(BEGAN, Qt.SortOrder.DescendingOrder)
    view.table.selectRow(3)
    timed("overlay", view.table.toggle_ticks)
    timed("present", lambda: view.show_present(record), OFTEN)
    history = history_of(LONG, np.random.default_rng(0))
    timed("put", lambda: library.put(record, thinned(history)), OFTEN)
    return result


def fill(file: Path, runs: int) -> None:
    """Write a library with the records of this many runs of 12 epochs."""
    library = RunLibrary(file)
    rng = np.random.default_rng(0)
    for number in range(runs):
        history = history_of(12 * EPOCH, rng)
        config = RunConfig(
            network=NetworkConfig(hidden=[(128, 64), (1024,), (32, 16)][number % 3]),
            hyperparameters=Hyperparameters(learning_rate=0.001 * (number + 1)),
            seed=number,
        )
        record = RunRecord(
            id=f"{number:032x}",
            name="",
            note="",
            began=1.7e9 + 3600 * number,
            config=config,
            steps=12 * EPOCH,
            epochs=12.0,
            seconds=5.0,
            test_loss=float(history.test_loss[-1]),
            test_accuracy=float(history.test_accuracy[-1]),
            live_changes=number % 4,
            path=None,
            thumbnail=thumbnail_of(history),
        )
        library.put(record, thinned(history))
    library.close()


def history_of(steps: int, rng: np.random.Generator) -> History:
    """Return the history of a run that learns and levels off."""
    recorder = HistoryRecorder()
    step = np.arange(1, steps + 1)
    accuracy = (0.98 - 0.88 * np.exp(-step / rng.uniform(100, 1000))).astype(np.float32)
    noisy = np.clip(accuracy + rng.normal(0, 0.03, steps), 0, 1)
    nothing, images = np.zeros(steps), np.full(steps, 64)
    ends = range(EPOCH, steps + 1, EPOCH)
    for begin in range(0, steps, EPOCH):
        epoch = slice(begin, begin + EPOCH)
        recorder.record_steps(2.5 * (1 - noisy[epoch]), nothing[epoch], noisy[epoch], images[epoch])
        if begin + EPOCH in ends:
            recorder.record_epoch(begin + EPOCH)
    for tested in (*(2**n for n in range(10)), *ends):
        share = float(accuracy[tested - 1])
        recorder.record_evaluation(tested, 4e-4 * tested, 2.5 * (1 - share), share)
    return recorder.history


def thinned(history: History) -> RunCurves:
    """Return the stored curves of a run."""
    steps = history.steps.count
    return curves_of(history, course_of(history, steps, steps / EPOCH, 4e-4 * steps))


if __name__ == "__main__":
    main()
