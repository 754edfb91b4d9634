"""The two networks that are compared, and who may choose them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Slot

from core.runs.run_library import RunLibrary
from core.runs.run_record import RunRecord
from core.training.saved_run import SavedRun
from gui.compare.side import Side
from gui.compare.sources import SHOWN, THIS_RUN, NetworkSources
from gui.film.shown_moment import ShownMoment
from gui.training.session import Session
from gui.training.training_run import TrainingRun


class SideBySide(QObject):
    """At first an early moment of the run, and now; the left follows the time slider.

    Create it after the object that shows the run's snapshots to `shown`.

    Attributes
    ----------
    sources
        What can be compared.
    left, right
        The two sides.
    """

    def __init__(
        self,
        session: Session,
        shown: ShownMoment,
        library: RunLibrary,
        shipped: SavedRun | None,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._shown = shown
        self._is_watched = False
        self.sources = NetworkSources(session, shown, library, shipped, self)
        self.left = Side(self.sources, is_early=True, parent=self)
        self.right = Side(self.sources, is_early=False, parent=self)
        shown.changed.connect(self._on_moment_shown)
        shown.moments_changed.connect(self._follow)
        session.run_started.connect(self._on_run_started)

    def watch(self, is_watched: bool) -> None:
        """Follow the run from now on because somebody looks, or do so no longer."""
        self._is_watched = is_watched
        self._follow()

    def why_not(self, records: Sequence[RunRecord]) -> str:
        """Return why the networks of these two runs cannot be compared; empty if they can."""
        for record in records:
            if not self.sources.has(record):
                return f"Only the curves and settings of {record.name} are kept, not its network"
        return ""

    def compare(self, records: Sequence[RunRecord]) -> None:
        """Compare the networks of two recorded runs."""
        for side, record in zip((self.left, self.right), records, strict=True):
            side.choose(self.sources.of_record(record))

    @Slot()
    def _follow(self) -> None:
        if self._is_watched:
            self.left.update()
            self.right.update()

    @Slot()
    def _on_moment_shown(self) -> None:
        self.left.suggest(THIS_RUN if self._shown.is_now else SHOWN)
        self._follow()

    @Slot(object)
    def _on_run_started(self, run: TrainingRun) -> None:
        run.snapshot_taken.connect(self._follow)
        self.left.note_run_started()
        self.right.note_run_started()
