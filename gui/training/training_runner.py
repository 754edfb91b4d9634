"""Runs without blocking the window, one at a time."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from core.datasets.dataset import Dataset
from core.network.network import Network
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.training.divergence import TrainingDivergedError
from core.training.moments import ReplacedRuns
from core.training.saved_run import SavedRun
from core.training.snapshot import Snapshot, StepState
from gui.threads.replaceable_thread import ReplaceableThread
from gui.training.commands import Request
from gui.training.training_thread import FULL_SPEED, TrainingThread


class TrainingRunner(QObject):
    """Runs a :class:`gui.training.training_thread.TrainingThread`, which a newer one may replace.

    Attributes
    ----------
    has_failed
        Whether the present run has ended by an error, and is of no more use.
    replaced
        The runs that were replaced with steps in no file. Each arrives once its thread has ended.

    Signals
    -------
    paused
        The present run waits, because what was asked for last is done.
    stopped(reason)
        The same, because it has reached what its hyperparameters ask for.
    diverged(TrainingDivergedError)
        It waits, because its loss is no longer a sensible number.
    failed(message)
        It has ended because of an error.
    inspected(StepState)
        What was asked for by :meth:`inspect`.
    saved(path, step)
        It is in this file, as it was after so many steps.
    save_failed(path, message)
        It could not be written, and goes on.
    """

    paused = Signal()
    stopped = Signal(str)
    diverged = Signal(object)
    failed = Signal(str)
    inspected = Signal(object)
    saved = Signal(object, int)
    save_failed = Signal(object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.has_failed = False
        self.replaced = ReplacedRuns()
        self._last_id = 0
        self._steps_per_second = FULL_SPEED
        self._threads = ReplaceableThread[TrainingThread](self)

    @property
    def _present(self) -> TrainingThread | None:
        return self._threads.present

    @property
    def has_run(self) -> bool:
        """Whether there is a run, which may have failed."""
        return self._present is not None

    def start(
        self,
        config: RunConfig,
        dataset: Dataset,
        origin: Network | SavedRun | None = None,
        is_in_file: bool = False,
    ) -> None:
        """Begin a run, which waits for a request; an earlier one ends.

        `origin` is a network to begin with instead of fresh weights, or a run to go on with, and
        `is_in_file` says whether that is in a file of the user's.
        """
        self._last_id += 1
        self.has_failed = False
        if self._present is not None:
            self._present.leave_to(self.replaced)
        thread = TrainingThread(
            self._last_id, config, dataset, origin, self._steps_per_second, is_in_file
        )
        thread.paused.connect(self._on_paused)
        thread.stopped.connect(self._on_stopped)
        thread.diverged.connect(self._on_diverged)
        thread.failed.connect(self._on_failed)
        thread.inspected.connect(self._on_inspected)
        thread.saved.connect(self._on_saved)
        thread.save_failed.connect(self._on_save_failed)
        self._threads.start(thread)

    def request(self, request: Request) -> None:
        """Ask the present run for something, if there is one."""
        if self._present is not None:
            self._present.request(request)

    def set_hyperparameters(self, hyperparameters: Hyperparameters) -> None:
        """Have the present run train with these from the next step on."""
        if self._present is not None:
            self._present.set_hyperparameters(hyperparameters)

    def set_network(self, network: NetworkConfig) -> None:
        """Have the present run's network become this one."""
        if self._present is not None:
            self._present.set_network(network)

    def set_speed(self, steps_per_second: float) -> None:
        """Have the present run, and those to come, make no more steps a second than these."""
        self._steps_per_second = steps_per_second
        if self._present is not None:
            self._present.set_speed(steps_per_second)

    def save(self, path: Path, is_copy: bool = False) -> bool:
        """Have the present run written to `path`; return whether there is one that can be.

        `is_copy`: which is no file of the user's.
        """
        if self._present is None or self.has_failed:
            return False
        self._present.save(path, is_copy)
        return True

    def inspect(self) -> None:
        """Have a copy made of all that decides the present run's next step."""
        if self._present is not None:
            self._present.inspect()

    def take_snapshot(self) -> Snapshot | None:
        """Return the present run's newest snapshot, unless it was already taken."""
        return None if self._present is None else self._present.take_snapshot()

    def close(self, timeout_ms: int) -> bool:
        """Stop all threads and wait for them; return whether all have ended."""
        return self._threads.close(timeout_ms)

    def _is_up_to_date(self, run_id: int, request_number: int | None = None) -> bool:
        """Say whether a signal is of the present run, and newer than all requests."""
        present = self._present
        if present is None or run_id != present.run_id:
            return False
        return request_number is None or request_number == present.request_count

    @Slot(int, int)
    def _on_paused(self, run_id: int, request_number: int) -> None:
        if self._is_up_to_date(run_id, request_number):
            self.paused.emit()

    @Slot(int, int, str)
    def _on_stopped(self, run_id: int, request_number: int, reason: str) -> None:
        if self._is_up_to_date(run_id, request_number):
            self.stopped.emit(reason)

    @Slot(int, object)
    def _on_diverged(self, run_id: int, error: TrainingDivergedError) -> None:
        if self._is_up_to_date(run_id):
            self.diverged.emit(error)

    @Slot(int, str)
    def _on_failed(self, run_id: int, message: str) -> None:
        if self._is_up_to_date(run_id):
            self.has_failed = True
            self.failed.emit(message)

    @Slot(int, object)
    def _on_inspected(self, run_id: int, inspection: StepState) -> None:
        if self._is_up_to_date(run_id):
            self.inspected.emit(inspection)

    @Slot(int, object, int)
    def _on_saved(self, run_id: int, path: Path, step: int) -> None:
        if self._is_up_to_date(run_id):
            self.saved.emit(path, step)

    @Slot(int, object, str)
    def _on_save_failed(self, run_id: int, path: Path, message: str) -> None:
        if self._is_up_to_date(run_id):
            self.save_failed.emit(path, message)
