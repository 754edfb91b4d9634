"""One measured run of the real window, in a separate process; see bench_window.py."""

from __future__ import annotations

import argparse
import gc
import json
import math
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.my_digits.my_digits import MyDigits
from core.settings.config import Hyperparameters, NetworkConfig
from core.training.film import Film
from core.training.snapshot import Snapshot
from gui.pad.prediction_bars import PredictionBars
from gui.training.session import Session
from gui.widgets.theme_controller import ThemeController
from gui.window.main_window import MainWindow

SETTLING = 1.0
"""Seconds that do not count: threads are chosen, caches warm up."""

PEN_INTERVAL_MS = 16
POINTS_PER_DIGIT = 40
GOAL = 0.97


class LiveRun:
    """Trains in the window, later moves a pen on the pad, and records when events happen."""

    def __init__(
        self, dataset: str, hidden: tuple[int, ...], batch: int, seconds: float, tab: str
    ) -> None:
        self.app = QApplication([])
        self.session = Session()
        self.folder = TemporaryDirectory()
        self.window = MainWindow(
            self.session, ThemeController(self.app), MyDigits(Path(self.folder.name))
        )
        self.pad = self.window.pad_panel.pad
        self.seconds = seconds
        self.begun = self.pen_down = 0.0
        self.frames: list[float] = []
        self.images: list[tuple[float, int]] = []
        self.seconds_to_goal: float | None = None
        self.moves = 0
        self.waiting_since: float | None = None
        self.waits: list[float] = []
        self._watch_bars(self.window.pad_panel.answer.bars)

        self.session.set_network(NetworkConfig(hidden=hidden))
        self.session.set_hyperparameters(Hyperparameters(batch_size=batch))
        self.session.data.changed.connect(lambda _: QTimer.singleShot(500, self.begin))
        self.pen = QTimer(interval=PEN_INTERVAL_MS)
        self.pen.setTimerType(Qt.TimerType.PreciseTimer)
        self.pen.timeout.connect(self.move_pen)
        gc.freeze()  # as the app does
        self.window.show()
        for name in tab.split("+"):
            self.window.tabs.open(name)
        self.session.data.choose(dataset)

    def _watch_bars(self, bars: PredictionBars) -> None:
        """Record when the bars show a prediction newer than the pen's last move.

        That is when they are painted, or at once if the prediction looks like the last one.
        """
        paint, show = bars.paintEvent, bars.show_probabilities
        readings: list[float] = []

        def up_to_date() -> None:
            if self.waiting_since is not None and readings[-1] > self.waiting_since:
                self.waits.append(time.perf_counter() - self.waiting_since)
                self.waiting_since = None

        def shown(probabilities, *certainty) -> None:
            looks_as_before = not len(bars._rows_to_paint(probabilities))
            readings.append(time.perf_counter())
            show(probabilities, *certainty)
            if looks_as_before:
                up_to_date()

        def painted(event) -> None:
            paint(event)
            if readings:
                up_to_date()

        bars.show_probabilities = shown
        bars.paintEvent = painted

    def begin(self) -> None:
        """Press play."""
        self.session.run.snapshot_taken.connect(self.note_snapshot)
        self.window.my_digits_controller.place_test_image(0)  # for the tabs that show its effect
        self.begun = time.perf_counter()
        self.session.play()
        half = round(1000 * self.seconds / 2)
        QTimer.singleShot(half, self.put_pen_down)
        QTimer.singleShot(2 * half, self.window.close)

    def put_pen_down(self) -> None:
        """Begin the second half of the run."""
        self.pen_down = time.perf_counter()
        self.pen.start()

    def note_snapshot(self, snapshot: Snapshot) -> None:
        """Record a frame."""
        now = time.perf_counter()
        self.frames.append(now)
        self.images.append((snapshot.time, snapshot.images_seen))
        history = snapshot.history
        if self.seconds_to_goal is None and (history.test_accuracy[-1:] >= GOAL).any():
            self.seconds_to_goal = now - self.begun

    def move_pen(self) -> None:
        """Draw circles as a person's mouse would, each a stroke of many points."""
        angle = 2 * math.pi * self.moves / POINTS_PER_DIGIT
        place = QPoint(
            round(self.pad.width() * (0.5 + 0.3 * math.cos(angle))),
            round(self.pad.height() * (0.5 + 0.3 * math.sin(angle))),
        )
        if self.moves % POINTS_PER_DIGIT == 0:
            QTest.mouseRelease(self.pad, Qt.MouseButton.LeftButton)
            self.pad.clear()
            QTest.mousePress(self.pad, Qt.MouseButton.LeftButton, pos=place)
        self.moves += 1
        if self.waiting_since is None:
            self.waiting_since = time.perf_counter()
        QTest.mouseMove(self.pad, place)

    def images_per_second(self, begin: float, end: float) -> float:
        """Return the training speed between two times."""
        entries = [entry for entry in self.images if begin <= entry[0] < end]
        (first, images_before), (last, images_after) = entries[0], entries[-1]
        return (images_after - images_before) / (last - first)

    def figures(self) -> dict[str, float | None]:
        """Run until the window closes, and return the measurements."""
        self.app.exec()
        gaps = 1000 * np.diff([frame for frame in self.frames if frame > self.begun + SETTLING])
        waits = 1000 * np.array(self.waits)
        return {
            "live": self.images_per_second(self.begun + SETTLING, self.pen_down),
            "live_with_pen": self.images_per_second(self.pen_down, math.inf),
            "frame_mean": float(gaps.mean()),
            "frame_median": float(np.median(gaps)),
            "frame_p99": float(np.percentile(gaps, 99)),
            "pen_median": float(np.median(waits)),
            "pen_p95": float(np.percentile(waits, 95)),
            "readings": len(waits),
            "seconds_to_goal": self.seconds_to_goal,
        }


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dataset", required=True)
    parser.add_argument("--hidden", required=True)
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--tab", default="weights")
    parser.add_argument("--no-film", action="store_true")
    arguments = parser.parse_args()
    if arguments.no_film:
        Film.is_due = lambda _film, _step: False
    hidden = tuple(int(units) for units in arguments.hidden.split(","))
    run = LiveRun(arguments.dataset, hidden, arguments.batch, arguments.seconds, arguments.tab)
    print(json.dumps(run.figures()))


if __name__ == "__main__":
    main()
