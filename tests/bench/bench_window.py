"""What the open window costs: throughput against headless, frame gaps, pen to bars.

    python -m tests.bench.bench_window [--seconds 10] [--rounds 3] [--hidden 128,64] [--batch 64]

Headless and live take turns. Live is the real window (on the display, else offscreen) on MNIST or
else `strokes`, training while a pen draws on the pad 60 times a second. Run it with nothing else
running.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Print the table, or, as a child process, the figures of one live run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--hidden", default="128,64")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--dataset", default="mnist")
    parser.add_argument("--live", action="store_true", help="(used by the benchmark itself)")
    arguments = parser.parse_args()
    if arguments.live:
        print(json.dumps(live(arguments)))
        return
    rows = []
    for _ in range(arguments.rounds):
        headless_rate, threads = headless(arguments)
        figures = child(arguments)
        rows.append({"headless": headless_rate, "threads": threads, **figures})
        print(json.dumps(rows[-1]))
    ratio = statistics.median(row["live"] / row["headless"] for row in rows)
    print(f"\n784-{arguments.hidden.replace(',', '-')}-10, batch {arguments.batch}")
    for name, text, unit in (
        ("headless", "headless", "images/s"),
        ("live", "with the window", "images/s"),
        ("frame_median", "gap between frames, median", "ms"),
        ("frame_p99", "gap between frames, 99th percentile", "ms"),
        ("pen_p50", "pen movement to updated bars, median", "ms"),
        ("pen_p95", "pen movement to updated bars, 95th percentile", "ms"),
        ("accuracy_60s", "seconds to 97 % on the test set", "s"),
    ):
        values = [row[name] for row in rows if row.get(name) is not None]
        if values:
            print(f"{text:50s} {statistics.median(values):12,.1f} {unit}")
    print(f"{'with the window ÷ headless':50s} {ratio:12.0%}")


def headless(arguments: argparse.Namespace) -> tuple[float, int]:
    """Return images per second and BLAS threads of the command line's training."""
    epochs = 4
    while True:
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "report.json"
            subprocess.run(
                [
                    *(sys.executable, "main.py", "train", "--dataset", arguments.dataset),
                    *("--hidden", arguments.hidden, "--batch", str(arguments.batch)),
                    *("--epochs", str(epochs), "--report", str(report)),
                ],
                cwd=ROOT,
                check=True,
                capture_output=True,
            )
            figures = json.loads(report.read_text())
        if figures["seconds"] >= arguments.seconds / 2:
            return figures["samples_per_second"], figures["blas_threads"]
        epochs = int(epochs * arguments.seconds / figures["seconds"]) + 1


def child(arguments: argparse.Namespace) -> dict[str, float]:
    """Return the figures of a live run in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.bench_window", "--live"]
    for name in ("seconds", "hidden", "batch", "dataset"):
        command += [f"--{name}", str(getattr(arguments, name))]
    run = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return dict(json.loads(run.stdout.splitlines()[-1]))


def live(arguments: argparse.Namespace) -> dict[str, float | None]:
    """Train in the real window while drawing, and return what was measured."""
    from PySide6.QtCore import QPoint, QTimer
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from core.config import Hyperparameters, NetworkConfig
    from gui.main_window import MainWindow
    from gui.prediction_bars import PredictionBars
    from gui.session import Session
    from gui.theme import ThemeController

    app = QApplication([])
    session = Session()
    window = MainWindow(session, ThemeController(app))
    window.show()
    hidden = tuple(int(units) for units in arguments.hidden.split(","))
    session.set_network(NetworkConfig(hidden=hidden))
    session.set_hyperparameters(Hyperparameters(batch_size=arguments.batch))
    pad, bars = window.pad_panel.pad, window.pad_panel.bars

    frames: list[float] = []
    snapshots = []
    delays: list[float] = []
    moved: list[float] = []
    shown: list[object] = [None]
    reached: list[float] = []
    begun: list[float] = []

    def on_snapshot(snapshot) -> None:
        frames.append(time.perf_counter())
        snapshots.append((snapshot.time, snapshot.images_seen))
        history = snapshot.history
        if not reached and history.evaluation_step and history.test_accuracy.values[-1] >= 0.97:
            reached.append(time.perf_counter() - begun[0])

    # A painted frame of the bars ends the wait of every pen movement before it.
    paint = PredictionBars.paintEvent

    def painted(self, event) -> None:
        paint(self, event)
        if moved and self.probabilities is not shown[0]:
            shown[0] = self.probabilities
            delays.append(time.perf_counter() - moved[0])
            moved.clear()

    PredictionBars.paintEvent = painted

    angle = [0.0]

    def pen() -> None:
        angle[0] += 0.15
        place = QPoint(
            int(pad.width() * (0.5 + 0.3 * np.cos(angle[0]))),
            int(pad.height() * (0.5 + 0.3 * np.sin(angle[0]))),
        )
        if angle[0] % 6 < 0.15:
            pad.clear()
            QTest.mousePress(pad, pad_button, pos=place)
        if not moved:
            moved.append(time.perf_counter())
        QTest.mouseMove(pad, place)

    from PySide6.QtCore import Qt

    pad_button = Qt.MouseButton.LeftButton
    timer = QTimer(interval=16)
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(pen)

    def begin() -> None:
        session.snapshot_taken.connect(on_snapshot)
        session.play()
        begun.append(time.perf_counter())
        QTest.mousePress(pad, pad_button, pos=pad.rect().center())
        timer.start()
        QTimer.singleShot(int(1000 * arguments.seconds), window.close)

    session.dataset_changed.connect(lambda _: QTimer.singleShot(500, begin))
    session.choose_dataset(arguments.dataset)
    app.exec()

    # The first second is spent on choosing threads and on warming up.
    settled = [entry for entry in snapshots if entry[0] > snapshots[0][0] + 1]
    gaps = 1000 * np.diff([frame for frame in frames if frame > frames[0] + 1])
    waits = 1000 * np.array(delays[10:])
    return {
        "live": (settled[-1][1] - settled[0][1]) / (settled[-1][0] - settled[0][0]),
        "frame_median": float(np.median(gaps)),
        "frame_p99": float(np.percentile(gaps, 99)),
        "pen_p50": float(np.median(waits)),
        "pen_p95": float(np.percentile(waits, 95)),
        "accuracy_60s": reached[0] if reached else None,
        "readings": len(delays),
    }


if __name__ == "__main__":
    main()
