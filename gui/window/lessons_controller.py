"""What a lesson does to the rest of the window: its curves, its axis, its settings, its tab."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from gui.curves.curves_view import CurvesView
from gui.lessons.lessons_panel import LessonsPanel
from gui.runs.comparing import Comparing
from gui.training.session import Session
from gui.window.snapshot_display import SnapshotDisplay
from gui.window.tabs import Tabs


class LessonsController(QObject):
    """Pauses the run for a lesson, and draws the lesson's curves instead of the run's."""

    def __init__(
        self,
        session: Session,
        lessons: LessonsPanel,
        curves: CurvesView,
        tabs: Tabs,
        display: SnapshotDisplay,
        comparing: Comparing,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._curves = curves
        self._display = display
        self._comparing = comparing
        session.data.changed.connect(lessons.set_dataset)
        lessons.lesson_started.connect(self._make_way)
        lessons.overlays_changed.connect(curves.show_overlays)
        lessons.axis_wanted.connect(curves.set_axis)
        lessons.settings_wanted.connect(session.use_config)
        lessons.tab_wanted.connect(tabs.open)
        lessons.cleared.connect(self._draw_runs_again)

    @Slot()
    def _make_way(self) -> None:
        """Pause the run and hide its curves."""
        self._session.pause()
        self._curves.show_live(False)

    @Slot()
    def _draw_runs_again(self) -> None:
        """Draw the present run and the ticked ones again."""
        self._comparing.draw_ticked()
        self._display.show_run_curves()
