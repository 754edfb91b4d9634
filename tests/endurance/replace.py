"""Replaces runs of the largest networks repeatedly, and counts what stays in memory.

    python -m tests.endurance.replace [--count 30] [--seed 1]

Restarts the preset "best" this many times while it trains, then the network 4096-4096 with Adam 8
times for each 30 (at least once). After each it prints the resident memory and how many trainers
and training threads are alive. The collector does not help: replaced runs must be freed by
reference counting. Passes if one trainer is alive after each.
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path

from core.settings.config import Hyperparameters, NetworkConfig
from core.settings.presets import Preset, preset_named
from core.training.snapshot import Snapshot
from core.training.trainer import Trainer
from gui.training.state import State
from gui.training.training_run import TrainingRun
from tests.endurance.alive import Alive, resident_mb
from tests.endurance.complaints import Complaints
from tests.endurance.driver import Driver, wait_until
from tests.endurance.program import home, parse, verdict

_WIDE = Preset(
    name="4096-4096",
    title="",
    remark="",
    network=NetworkConfig(hidden=(4096, 4096)),
    hyperparameters=Hyperparameters(learning_rate=0.001, batch_size=128, optimizer="adam"),
    epochs=1,
)
_WIDE_SHARE = 8 / 30
_NEVER = 1_000_000_000
_STEPS = 3
"""Steps of each run before the next replaces it: by then it has all its buffers."""
_PATIENCE = 3.0
"""Seconds within which a stopped thread ends, and what it held is freed."""
_MOST_THREADS = 2
"""The current run's, and the previous one until the runner notices that it has ended."""


class Replace(Driver):
    """Starts one run after another."""

    def __init__(self, count: int, seed: int, folder: Path) -> None:
        self._wide = max(round(_WIDE_SHARE * count), 1)
        super().__init__(count + self._wide, seed, folder)
        self.trainers, self.threads = Alive(Trainer), Alive(TrainingRun)
        self.most_trainers = self.most_threads = 0
        self._step = 0

    def begin(self) -> None:
        """Record how far each run is."""
        gc.set_threshold(_NEVER)
        self.session.run_started.connect(self._follow)

    def _follow(self, run: TrainingRun) -> None:
        self._step = 0
        run.snapshot_taken.connect(self._note_step)

    def _note_step(self, snapshot: Snapshot) -> None:
        self._step = snapshot.step

    def act(self) -> None:
        """Replace the run, and count what is alive once the new one trains."""
        preset = preset_named("best") if self.done <= self.count - self._wide else _WIDE
        if self.session.config.network != preset.network:
            self.session.choose_preset(preset)
        else:
            self.session.restart()
        self.session.play()
        wait_until(lambda: self._step >= _STEPS, 60)
        wait_until(lambda: len(self.trainers) <= 1, _PATIENCE)
        self.most_trainers = max(self.most_trainers, len(self.trainers))
        self.most_threads = max(self.most_threads, len(self.threads))
        print(
            f"{self.done:3d} {preset.name:10s} {resident_mb():7,.0f} MB  "
            f"{len(self.trainers)} trainers, {len(self.threads)} training threads alive",
            flush=True,
        )

    def finish(self) -> None:
        """The last step of the largest network may take long."""
        if self.session.state is State.RUNNING:
            self.session.pause()


def main() -> int:
    """Replace runs, and print the verdict."""
    arguments = parse(__doc__ or "", 30, "restarts of the preset best")
    with home(2_000) as folder:
        complaints = Complaints()
        replace = Replace(arguments.count, arguments.seed, folder)
        before = resident_mb()
        status = replace.drive()
    faults = []
    if replace.most_trainers > 1:
        faults.append("replaced trainers stay alive")
    if replace.most_threads > _MOST_THREADS:
        faults.append("replaced threads stay alive")
    return verdict(
        f"replace: {replace.done} restarts, at most {replace.most_trainers} trainers and "
        f"{replace.most_threads} training threads alive, {before:,.0f} MB before and "
        f"{resident_mb():,.0f} MB after",
        faults,
        complaints.texts,
        status,
    )


if __name__ == "__main__":
    sys.exit(main())
