"""Draws a run's snapshots: in turns while it trains fast, and all at once when it rests.

While an earlier moment is shown, the views show that, and only the curves and the transport bar
follow the run.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Slot

from core.training.snapshot import Snapshot
from gui.curves.curves_view import CurvesView
from gui.film.shown_moment import ShownMoment
from gui.film.time_bar import TimeBar
from gui.prediction.active_network import ActiveNetwork, Source
from gui.prediction.edited_network import EditedNetwork
from gui.settings.hyperparameter_settings import HyperparameterSettings
from gui.training.giving_way import GivingWay
from gui.training.session import Session
from gui.training.state import State
from gui.training.training_run import TrainingRun
from gui.window.render_scheduler import RenderScheduler
from gui.window.tabs import Tabs
from gui.window.transport_bar import TransportBar

_STANDSTILL_MS = 120
"""When no step has come for this long, all views draw the last one."""


class SnapshotDisplay(QObject):
    """Shows the present run in every view.

    Attributes
    ----------
    snapshot
        The newest of the present run; None before its first.
    way
        Has training wait while an earlier moment is drawn.
    """

    def __init__(
        self,
        session: Session,
        curves: CurvesView,
        tabs: Tabs,
        transport: TransportBar,
        hyperparameters: HyperparameterSettings,
        edited: EditedNetwork,
        active_network: ActiveNetwork,
        shown: ShownMoment,
        time_bar: TimeBar,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.snapshot: Snapshot | None = None
        self.way = GivingWay(session, self)
        self._session = session
        self._curves = curves
        self._tabs = tabs
        self._transport = transport
        self._hyperparameters = hyperparameters
        self._edited = edited
        self._active_network = active_network
        self._shown = shown
        self._time_bar = time_bar
        self._scheduler = RenderScheduler(
            curves.show_loss,
            curves.show_accuracy,
            self._show_in_tabs,
            self._show_figures,
            self._predict,
        )
        self._standstill = QTimer(self, interval=_STANDSTILL_MS, singleShot=True)
        self._standstill.timeout.connect(self._show_all)
        session.state_changed.connect(self._on_state_changed)
        session.run_started.connect(self._on_run_started)
        shown.changed.connect(self._show_moment)
        edited.edits_changed.connect(shown.show_now)

    def show_run_curves(self) -> None:
        """Draw the run's curves again, after others were drawn instead."""
        self._curves.show_live(True)
        if self.snapshot is not None:
            self._curves.show_loss(self.snapshot)
            self._curves.show_accuracy(self.snapshot)

    def stop(self) -> None:
        """Draw nothing more by itself; the window is closing."""
        self._standstill.stop()
        self.way.stop()

    @Slot(object)
    def _on_state_changed(self, state: State) -> None:
        self._transport.show_state(state)
        if state is State.RUNNING:
            self._curves.show_live(True)
        elif state is State.PAUSED and self.snapshot is not None:
            self._on_snapshot(self.snapshot)  # all of it

    @Slot(object)
    def _on_run_started(self, run: TrainingRun) -> None:
        run.snapshot_taken.connect(self._on_snapshot)
        self.snapshot = None
        self._standstill.stop()
        self._transport.clear()
        self._curves.clear()
        self._curves.show_moment(None)  # which was one of the run before
        self._curves.show_live(True)
        self._edited.clear()
        self._tabs.clear()
        self._shown.clear()

    @Slot(object)
    def _on_snapshot(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._edited.note_snapshot(snapshot)
        self._shown.note_snapshot(snapshot)
        if self._session.state is State.RUNNING:
            self._scheduler.show_next(snapshot)
            self._standstill.start()
        else:
            self._standstill.stop()
            self._scheduler.show_all(snapshot)

    @Slot()
    def _show_all(self) -> None:
        """Draw the newest step in the views whose turn has not come since."""
        if self.snapshot is not None:
            self._scheduler.show_all(self.snapshot)

    @Slot()
    def _show_moment(self) -> None:
        """Show the chosen moment in all views, or the run again, before training goes on."""
        self.way.until_painted()
        past = None if self._shown.is_now else self._shown.snapshot
        self._edited.show_past(past)
        self._curves.show_moment(None if past is None else past.step)
        shown = past or self.snapshot
        if past is not None:
            self._active_network.use(Source.RUN)
        if shown is not None:
            self._tabs.show_snapshot(shown)
            self._active_network.note_learning()

    def _show_in_tabs(self, snapshot: Snapshot) -> None:
        if self._shown.is_now:
            self._tabs.show_snapshot(snapshot)

    def _predict(self, snapshot: Snapshot) -> None:
        if self._shown.is_now:
            self._active_network.note_learning(snapshot)

    def _show_figures(self, snapshot: Snapshot) -> None:
        self._time_bar.show_newest()
        self._transport.show_snapshot(snapshot)
        self._hyperparameters.show_snapshot(snapshot)
