"""Keeps a record of every run in the library, saved or not."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core.errors import DigitscopeError
from core.runs.run_curves import course_of, curves_of
from core.runs.run_library import RunLibrary
from core.runs.run_record import RunRecord, thumbnail_of
from core.training.snapshot import Snapshot
from core.training.starting_state import StartingState, begin_of
from core.wording import numeral
from gui.training.session import Session
from gui.training.state import State
from gui.training.training_run import TrainingRun

INTERVAL_MS = 30_000
"""How much of a run's record can be lost if the app is killed."""

_SETTLING_MS = 200
"""A pause brings a last snapshot, and saving a path; waiting writes both at once."""

_SHOWN_EVERY = 0.5
"""Seconds between two reports while a run trains."""


class RunRecorder(QObject):
    """Writes the present run's record when it pauses or ends, and every half minute.

    A run without a step of its own leaves no record: one that was only opened, or restarted at
    once. A run that was opened again, and is recorded already, continues that record. Writing takes
    about 3 ms of the window's thread, however long the run is.

    Signals
    -------
    recorded(RunRecord)
        The present run's record was written.
    progressed(RunRecord)
        The present run has advanced; emitted twice a second, and not written yet.
    ended
        Another run has replaced the recorded one.
    failed(message)
        A record could not be written; emitted once, though writing is tried again.
    """

    recorded = Signal(object)
    progressed = Signal(object)
    ended = Signal()
    failed = Signal(str)

    def __init__(
        self, session: Session, library: RunLibrary, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._library = library
        self._has_failed = False
        self._forget()
        session.run_started.connect(self._on_run_started)
        session.state_changed.connect(self._on_state_changed)
        self._regular = QTimer(self, interval=INTERVAL_MS)
        self._regular.timeout.connect(self.keep)
        self._regular.start()
        self._settling = QTimer(self, interval=_SETTLING_MS, singleShot=True)
        self._settling.timeout.connect(self.keep)

    def _forget(self) -> None:
        self._snapshot: Snapshot | None = None
        self._path: Path | None = None
        self._first_step: int | None = None
        self._has_run = self._session.state is State.RUNNING
        self._record: RunRecord | None = None
        self._id = ""
        self._is_kept = True
        self._has_stepped = False
        self._next_report = 0.0

    @property
    def present(self) -> RunRecord | None:
        """The present run's last written record; None before its first step."""
        return self._record

    @Slot()
    def keep(self) -> None:
        """Write the record now, unless the library has it already."""
        self._settling.stop()
        if self._record is None or self._snapshot is None or self._is_kept:
            return
        record, history = self._updated(self._record, self._snapshot), self._snapshot.history
        course = course_of(history, record.steps, record.epochs, record.seconds)
        try:
            curves = curves_of(history, course).after(*begin_of(self._snapshot.start))
            self._record = self._library.put(record, curves)
        except DigitscopeError as error:
            if not self._has_failed:
                self._has_failed = True
                self.failed.emit(str(error))
            return
        self._is_kept = True
        self.recorded.emit(self._record)

    @Slot(object)
    def note_file(self, path: Path) -> None:
        """Note that the present run was saved to a file; autosaved copies do not count."""
        self._path = path
        if self._record is None or self._record.path != path:
            self._is_kept = False
            self._settling.start()

    def close(self) -> None:
        """Write what is not written yet; call it before the library is closed."""
        self._regular.stop()
        self.keep()

    # --- the session ------------------------------------------------------------------------

    @Slot(object)
    def _on_run_started(self, run: TrainingRun) -> None:
        run.snapshot_taken.connect(self._on_snapshot)
        self.keep()
        self._forget()
        self._id = run.id
        self.ended.emit()
        self._continue_record()

    def _continue_record(self) -> None:
        """Find the record of a run that was opened again."""
        with suppress(DigitscopeError):  # it is reported when it is written
            self._record = self._library.record(self._id)
        if self._record is not None:
            self._path = self._record.path
            self.recorded.emit(self._record)

    @Slot(object)
    def _on_state_changed(self, state: State) -> None:
        if state is State.RUNNING:
            self._has_run = True
        else:
            self._settling.start()

    @Slot(object)
    def _on_snapshot(self, snapshot: Snapshot) -> None:
        if self._first_step is None:
            # A run that started before its first snapshot may already have made steps.
            self._first_step = 0 if self._has_run else snapshot.step
        self._snapshot = snapshot
        if snapshot.step <= self._first_step and not self._has_stepped:
            return
        self._has_stepped = True
        if self._record is None:
            self._begin(snapshot)
            return
        self._is_kept = False
        if self._session.state is not State.RUNNING:
            self._settling.start()
        elif time.monotonic() >= self._next_report:
            self._next_report = time.monotonic() + _SHOWN_EVERY
            self.progressed.emit(self._updated(self._record, snapshot))

    def _begin(self, snapshot: Snapshot) -> None:
        """Create the record of a run that has just made its first step here."""
        note = self._first_note(snapshot.start)
        self._record = RunRecord(
            id=self._id, name="", note=note, began=time.time(), **self._figures(snapshot)
        )
        self._is_kept = False
        with suppress(DigitscopeError):
            self._library.restore([self._id])  # opened again after its record was deleted
        self.keep()

    def _first_note(self, start: StartingState | None) -> str:
        """Return what a run began with, in words; a branch with its parent's name in the list."""
        if start is None:
            return ""
        parent = start.parent
        with suppress(DigitscopeError):
            known = None if parent is None or parent.id is None else self._library.record(parent.id)
            if known is not None and parent is not None:
                return f"From {known.name}, step {numeral(parent.step)}"
        return f"Started from {start.source}"

    def _updated(self, record: RunRecord, snapshot: Snapshot) -> RunRecord:
        """Return the record as the run is now."""
        return replace(record, **self._figures(snapshot))

    def _figures(self, snapshot: Snapshot) -> dict[str, Any]:
        """Return the fields of a record that change while the run trains."""
        metrics, validation = snapshot.test_metrics, snapshot.history.validation_accuracy
        parent = snapshot.parent
        return {
            "config": snapshot.config,
            "steps": snapshot.step,
            "epochs": snapshot.epoch + snapshot.epoch_progress,
            "seconds": snapshot.seconds,
            "test_loss": None if metrics is None else metrics.loss,
            "test_accuracy": None if metrics is None else metrics.accuracy,
            "live_changes": len(snapshot.changes) - 1,
            "path": self._path,
            "thumbnail": thumbnail_of(snapshot.history),
            "validation_accuracy": float(validation[-1]) if len(validation) else None,
            "parent": None if parent is None else parent.id,
            "parent_step": None if parent is None else parent.step,
        }
