"""Trains at full speed with each tab open in turn, and watches resident memory.

    python -m tests.endurance.soak [--minutes 20] [--seed 1]

A drawing is on the pad and a unit is selected, so every tab has something to show. Prints the
resident memory each minute; passes if it stays within 1.05 of its value after a quarter of the
time. A soak shorter than 8 minutes has not settled by then, and is not judged by this.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTabWidget

from core.training.snapshot import Snapshot
from gui.training.state import State
from gui.weights.weights_view import WeightsView
from tests.endurance.alive import resident_mb
from tests.endurance.complaints import Complaints
from tests.endurance.driver import Driver
from tests.endurance.program import home, verdict
from tests.gui.driving import child

_LARGEST_RATIO = 1.05
_LEAST_MINUTES = 8
_SAMPLES = 20
_TAB_MS = 2_000
_FEW_IMAGES = 600
"""For a soak that is too short to wait until all are drawn."""


class Soak(Driver):
    """Opens one tab after another while the default network trains."""

    def __init__(self, minutes: float, seed: int, folder: Path) -> None:
        super().__init__(0, seed, folder, round(min(_TAB_MS, 60_000 * minutes / _SAMPLES)))
        self.sampled: list[float] = []
        self.steps = 0
        self._every = 60 * minutes / _SAMPLES
        self._next_sample = 0.0

    def begin(self) -> None:
        """Give every tab something to show, and play."""
        self.window.my_digits_controller.place_test_image(0)
        self.session.run.snapshot_taken.connect(self._note)
        self.session.play()
        self._next_sample = time.monotonic() + self._every

    def _note(self, snapshot: Snapshot) -> None:
        self.steps = snapshot.step

    def is_over(self) -> bool:
        """Return whether the last sample was taken."""
        return len(self.sampled) == _SAMPLES

    def act(self) -> None:
        """Open the next tab, and take a sample when one is due."""
        tabs = child(self.window, "views_tabs", QTabWidget)
        tabs.setCurrentIndex(self.done % tabs.count())
        view = child(self.window, "weights_view", WeightsView)
        if view.isVisible() and view.units:
            place = view.tile_rect(self.rng.randrange(view.units)).center().toPoint()
            QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=place)
        if self.session.state is State.PAUSED:
            self.session.play()
        if time.monotonic() >= self._next_sample:
            self._next_sample += self._every
            self.sampled.append(resident_mb())
            minutes = len(self.sampled) * self._every / 60
            print(f"minute {minutes:5.2f}: {self.sampled[-1]:7,.1f} MB, step {self.steps:,}")
            sys.stdout.flush()


def main() -> int:
    """Soak, and print the verdict."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    is_judged = arguments.minutes >= _LEAST_MINUTES
    with home(None if is_judged else _FEW_IMAGES) as folder:
        complaints = Complaints()
        soak = Soak(arguments.minutes, arguments.seed, folder)
        status = soak.drive()
    ratio = soak.sampled[-1] / soak.sampled[_SAMPLES // 4 - 1]
    faults = []
    if is_judged and ratio > _LARGEST_RATIO:
        faults.append(f"memory has grown by more than {_LARGEST_RATIO:.2f}")
    return verdict(
        f"soak: {arguments.minutes:g} minutes, {soak.steps:,} steps, resident memory at the end "
        f"{ratio:.3f} of what it was after a fourth of the time",
        faults,
        complaints.texts,
        status,
    )


if __name__ == "__main__":
    sys.exit(main())
