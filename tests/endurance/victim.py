"""The app that writes files endlessly until it is killed; see kill.py.

    python -m tests.endurance.victim HOME SEED

It trains, saves, autosaves, records its runs, draws, and saves, relabels, removes, exports and
imports digits. It prints what is on disk, and that it has started; then it waits for a line on
stdin.
"""

from __future__ import annotations

import os
import select
import sys
from pathlib import Path

from core.my_digits.my_digits_exchange import export_folder, import_folder
from gui.training.state import State
from gui.training.training_run import TrainingRun
from gui.widgets.digit_list import Role
from tests.endurance.complaints import Complaints
from tests.endurance.driver import Driver, wait_until
from tests.endurance.program import draw_few, live_in
from tests.endurance.watchdog import HANG_SECONDS
from tests.gui.driving import draw_stroke

_IMAGES = 600
_FOREVER = 1_000_000_000


class Victim(Driver):
    """Writes files endlessly; prints what is on disk."""

    def __init__(self, seed: int, folder: Path) -> None:
        super().__init__(_FOREVER, seed, folder)
        # Only of this process: an earlier one's file must stay as it was left.
        self._prefix = f"run-{os.getpid()}"
        self._parent = os.getppid()

    def begin(self) -> None:
        """Wait until the previous process's files have been checked."""
        print("started", flush=True)
        wait_until(lambda: bool(select.select([sys.stdin], [], [], 0)[0]), HANG_SECONDS)
        self._follow(self.session.run)
        self.session.run_started.connect(self._follow)
        self.session.play()

    def _follow(self, run: TrainingRun) -> None:
        run.saved.connect(self._say_saved)

    def act(self) -> None:
        """Do something that writes; end if nobody is left to send the signal."""
        if os.getppid() != self._parent:
            sys.exit("the program that started this one is gone")
        what = (self._save, self._autosave, self._autosave, self._record, self._draw)
        more = (self._keep, self._keep, self._relabel, self._remove, self._exchange)
        self.rng.choice((*what, *more))()
        if self.session.state is State.PAUSED:
            self.session.play()

    def _say_saved(self, path: Path, _step: int) -> None:
        if path.parent == self.folder:
            print(f"saved {path.name}", flush=True)

    def _save(self) -> None:
        files = self.window.files
        files.path = self.folder / f"{self._prefix}-{self.rng.randrange(3)}.npz"
        files.save()

    def _autosave(self) -> None:
        self.window.autosave.save()

    def _record(self) -> None:
        """A run's record is written when another run replaces it."""
        self.window.actions_.reset.trigger()

    def _draw(self) -> None:
        points = [(self.rng.random(), self.rng.random()) for _ in range(4)]
        draw_stroke(self.window.pad_panel.pad, points)

    def _keep(self) -> None:
        digits = self.window.tabs.view("my_digits").list.model()
        before = digits.rowCount()
        self.window.actions_.example.trigger()
        self.window.actions_.correct[self.rng.randrange(10)].trigger()
        if digits.rowCount() > before:
            print("kept", flush=True)

    def _relabel(self) -> None:
        panel = self.window.tabs.view("my_digits")
        digits = panel.list.model()
        if digits.rowCount():
            item = digits.index(self.rng.randrange(digits.rowCount()), 0).data(Role.ITEM)
            panel.relabel([item], self.rng.randrange(10))

    def _remove(self) -> None:
        """Remove the oldest digit, if there are many."""
        panel = self.window.tabs.view("my_digits")
        digits = panel.list.model()
        if digits.rowCount() > 30:
            print("removing", flush=True)
            panel.remove([digits.index(0, 0).data(Role.ITEM)])

    def _exchange(self) -> None:
        """Export all digits and import them; existing ones are not added again."""
        panel = self.window.tabs.view("my_digits")
        exported = self.folder / "exported"
        exported.mkdir(exist_ok=True)
        panel.exchange.run(export_folder, exported, "Export")
        panel.exchange.run(import_folder, exported, "Import")


def main() -> int:
    """Start the app in the given home, and work until the signal comes."""
    folder, seed = Path(sys.argv[1]), int(sys.argv[2])
    live_in(folder)
    draw_few(_IMAGES)
    Complaints()
    files = folder / "files"
    files.mkdir(exist_ok=True)
    return Victim(seed, files).drive()


if __name__ == "__main__":
    sys.exit(main())
