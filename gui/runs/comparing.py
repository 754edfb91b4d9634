"""Records every run, and draws the ticked ones over the present run's curves."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, SignalInstance, Slot

from core.errors import DigitscopeError
from core.runs.run_curves import RunCurves
from core.runs.run_library import RunLibrary
from core.runs.run_record import RunRecord
from core.training.snapshot import Snapshot
from core.training.starting_state import Parent
from gui.curves.curves_view import CurvesView
from gui.runs.run_recorder import RunRecorder
from gui.training.session import Session
from gui.training.training_run import TrainingRun
from gui.widgets.messages import Messages

if TYPE_CHECKING:
    from gui.runs.runs_view import RunsView


_TOPIC = "records of runs"

_MOST_ANCESTORS = 16
"""Of a branch of branches; each takes a few milliseconds to read."""


class Comparing(QObject):
    """Connects the run library with the session, the list of runs, and the curves.

    Create it before the object that calls :meth:`note_file`, so that it learns of a new run first.

    Signals
    -------
    added(RunRecord)
        A run that is not the session's was recorded.
    """

    added = Signal(object)

    def __init__(
        self,
        session: Session,
        library: RunLibrary,
        curves: CurvesView,
        messages: Messages,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._messages = messages
        self._recorder = RunRecorder(session, library, self)
        self._recorder.failed.connect(lambda text: messages.fault(text, topic=_TOPIC))
        self._recorder.recorded.connect(lambda _record: messages.dismiss(_TOPIC))
        self._curves = curves
        self._ticked: Sequence[tuple[str, str, RunCurves]] = ()
        self._parent: Parent | None = None
        session.run_started.connect(self._on_run_started)

    def show_in(self, runs: RunsView) -> None:
        """Show the present run in this list, and draw the ticked ones."""
        self._recorder.recorded.connect(runs.show_present)
        self._recorder.progressed.connect(runs.show_present)
        self._recorder.ended.connect(runs.end_present)
        self.added.connect(runs.add)
        runs.overlays_changed.connect(self._on_ticked)
        if self._recorder.present is not None:
            runs.show_present(self._recorder.present)

    def overlay_from(self, overlays_changed: SignalInstance) -> None:
        """Draw the runs of another list, too: those that were chosen last, here or there."""
        overlays_changed.connect(self._on_ticked)

    @Slot(object)
    def _on_ticked(self, overlays: Sequence[tuple[str, str, RunCurves]]) -> None:
        self._ticked = overlays
        self.draw_ticked()

    def draw_ticked(self) -> None:
        """Draw the ticked runs, instead of a lesson's curves if those were drawn."""
        self._curves.show_overlays(self._ticked)

    @Slot(object)
    def _on_run_started(self, run: TrainingRun) -> None:
        run.snapshot_taken.connect(self._on_snapshot)
        self._parent = None
        self._curves.show_ancestors(())

    @Slot(object)
    def _on_snapshot(self, snapshot: Snapshot) -> None:
        """Draw what the present run continues, once it is known."""
        if snapshot.parent is not self._parent:
            self._parent = snapshot.parent
            self._curves.show_ancestors(ancestors(self._library, snapshot.parent))

    @Slot(object)
    def note_file(self, path: Path) -> None:
        """Record which file the present run was saved to."""
        self._recorder.note_file(path)

    def record(self, runs: Sequence[tuple[RunRecord, RunCurves]]) -> None:
        """Record runs that were trained elsewhere, such as those of a lesson."""
        try:
            for record, curves in runs:
                self.added.emit(self._library.put(record, curves))
        except DigitscopeError as error:
            self._messages.fault(str(error), topic=_TOPIC)

    def identify(self, path: Path, steps: int) -> str | None:
        """Return the id of the recorded run that is in this file; None if none is."""
        try:
            return self._library.id_of(path, steps)
        except DigitscopeError:
            return None

    def close(self) -> None:
        """Write the present run's record, and close the library."""
        self._recorder.close()
        self._library.close()


def ancestors(library: RunLibrary, parent: Parent | None) -> list[RunCurves]:
    """Return the curves that a branch continues: its parent's until there, and so on.

    Runs that are not in the library, or no longer, are left out, and so are theirs.
    """
    found: list[RunCurves] = []
    if parent is None:
        return found
    run, until = parent.id, float(parent.total.steps)
    with suppress(DigitscopeError):
        while run is not None and until > 0 and len(found) < _MOST_ANCESTORS:
            record = library.record(run)
            if record is None:
                break
            found.append(library.curves(run).until(until))
            run, until = record.parent, float(found[-1].course.step[0])
    return found
