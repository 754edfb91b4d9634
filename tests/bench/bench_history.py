"""Memory of a very long run's history, and how long saving holds up the training thread.

    python -m tests.bench.bench_history [--steps 100000000] [--rounds 9]

The history is filled in bulk, which gives the same as recording step by step (a test compares
them): once with epochs of 60,000 batches of one image, and once, as the worst case, with an epoch
and an evaluation at every step. Run it with nothing else running.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from core.datasets.dataset import Dataset
from core.history.history import History
from core.history.recorder import HistoryRecorder
from core.history.spread import Spread
from core.history.track import Track
from core.saving.run_file import save_run
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.training.trainer import Trainer
from tests.bench.figures import Figure, Target, row
from tests.core.digits import tiny_dataset

IMAGES = 60_000
MEGABYTES = Target(50, at_most=True)
SAVE = Target(20, at_most=True)
AUTOSAVE = Target(150, at_most=True)


def milliseconds(call: Callable[[], object], rounds: int) -> list[float]:
    """Return the duration of each of several calls."""
    taken = []
    for _ in range(rounds):
        begun = time.perf_counter()
        call()
        taken.append(1_000 * (time.perf_counter() - begun))
    return taken


def record_steps(recorder: HistoryRecorder, steps: int) -> None:
    """Record steps on one image each, with an epoch's end every 60,000 steps."""
    losses = np.random.default_rng(0).random(IMAGES).astype(np.float32)
    nothing, ones = np.zeros(IMAGES), np.ones(IMAGES)
    while recorder.steps.count < steps:
        n = min(IMAGES, steps - recorder.steps.count)
        recorder.record_steps(losses[:n], nothing[:n], losses[:n], ones[:n])
        if n == IMAGES:
            recorder.record_epoch(recorder.steps.count)


def fill(track: Track, count: int) -> None:
    """Record this many epochs or evaluations."""
    values = np.random.default_rng(0).random(track.layout.kept * 2).astype(np.float32)
    while track.count < count:
        n = min(track.free, count - track.count)
        steps = track.count + 1 + np.arange(n)
        rows = [steps if column.kind == "last" else values[:n] for column in track.layout.columns]
        if track.extend(*rows):
            track.fold()


def size(recorder: HistoryRecorder) -> float:
    """Return the megabytes of the recorded arrays, including spare capacity."""
    nows = [track.now for track in (recorder.steps, recorder.epochs, recorder.evaluations)]
    return (
        sum(array.nbytes for now in nows for array in (*now.columns, *now.buckets.values())) / 1e6
    )


def saving(recorder: HistoryRecorder, folder: Path, rounds: int) -> tuple[float, list[float]]:
    """Return the megabytes that the history adds to a file, and the milliseconds to a save."""
    trainer = Trainer(RunConfig(network=NetworkConfig(hidden=(16,))), _dataset())
    path = folder / "run.npz"

    def save() -> None:
        save_run(path, trainer.saved())

    save()
    empty = path.stat().st_size
    without = statistics.median(milliseconds(save, rounds))
    trainer.recorder = recorder
    save()
    return (path.stat().st_size - empty) / 1e6, [
        taken - without for taken in milliseconds(save, rounds)
    ]


def autosave(folder: Path, rounds: int) -> list[float]:
    """Return the milliseconds of an autosave of 784-1024-10 with Adam after many steps."""
    settings = Hyperparameters(optimizer="adam", learning_rate=0.001, batch_size=16)
    config = RunConfig(network=NetworkConfig(hidden=(1024,)), hyperparameters=settings)
    trainer = Trainer(config, _dataset())
    record_steps(trainer.recorder, 1_200_000)
    for _ in range(3):
        trainer.step()
    return milliseconds(lambda: save_run(folder / "run.npz", trainer.saved()), rounds)


def _dataset() -> Dataset:
    few = tiny_dataset()
    times = IMAGES // len(few.train_labels)
    images, labels = np.repeat(few.train_images, times, axis=0), np.repeat(few.train_labels, times)
    return Dataset("strokes", images, labels, few.test_images, few.test_labels)


def curve(history: History) -> Spread:
    """Return the smoothed loss that a frame draws."""
    losses = history.steps.spread("batch_loss")
    drawn = losses.thin(0, history.steps.count, 800)
    losses.smoothed(drawn)
    return drawn


def recording(steps: int = 200_000) -> float:
    """Return the microseconds that it takes to record a step."""
    recorder = HistoryRecorder()
    begun = time.perf_counter()
    for _ in range(steps):
        recorder.record_step(0.5, 0.0, 0.9, 16)
    return 1e6 * (time.perf_counter() - begun) / steps


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--steps", type=int, default=100_000_000)
    parser.add_argument("--rounds", type=int, default=9)
    arguments = parser.parse_args()
    figures = [Figure("recording a step, µs", [recording() for _ in range(3)])]
    recorder = HistoryRecorder()
    for title in ("batches of 1", "each step an epoch and an evaluation"):
        if recorder.steps.count == 0:
            record_steps(recorder, arguments.steps)
        else:
            fill(recorder.epochs, arguments.steps)
            fill(recorder.evaluations, arguments.steps)
        label = f"{arguments.steps:,} steps, {title}"
        with tempfile.TemporaryDirectory() as folder:
            megabytes, taken = saving(recorder, Path(folder), arguments.rounds)
        figures += [
            Figure(f"{label}: memory, MB", [size(recorder)], MEGABYTES),
            Figure(f"{label}: in the file, MB", [megabytes], MEGABYTES),
            Figure(f"{label}: its part of a save, ms", taken, SAVE),
        ]
    figures.append(
        Figure(
            "to draw its loss, ms", milliseconds(lambda: curve(recorder.history), arguments.rounds)
        )
    )
    with tempfile.TemporaryDirectory() as folder:
        taken = autosave(Path(folder), arguments.rounds)
    figures.append(Figure("autosave of 784-1024-10, Adam, 1.2 million steps, ms", taken, AUTOSAVE))
    print(row(("", "median", "range", "target", "")))
    print(row(("---", "---", "---", "---", "---")))
    for figure in figures:
        print(figure.row())


if __name__ == "__main__":
    main()
