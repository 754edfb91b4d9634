"""Has the single steps of the run compared while the flow tab can be seen."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from gui.flow.flow_panel import FlowPanel
from gui.training.session import Session
from gui.training.training_run import TrainingRun


class FlowFeed(QObject):
    """Connects the tab with the present run."""

    def __init__(self, session: Session, panel: FlowPanel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._panel = panel
        panel.visibility_changed.connect(self._compare)
        session.run_started.connect(self._follow)
        if session.run is not None:
            self._follow(session.run)

    @Slot(object)
    def _follow(self, run: TrainingRun) -> None:
        run.updated.connect(self._panel.show_update)
        run.mailbox.compares_steps = self._panel.isVisible()

    @Slot(bool)
    def _compare(self, is_visible: bool) -> None:
        if self._session.run is not None:
            self._session.run.mailbox.compares_steps = is_visible
