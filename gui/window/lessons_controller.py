"""What a lesson does to the rest of the window: its curves, its axis, its settings, its tab."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from core.lessons.lesson import Lesson
from core.runs.run_curves import Axis
from gui.curves.curves_view import CurvesView
from gui.curves.shown import Ranges
from gui.lessons.lessons_panel import LessonsPanel
from gui.runs.comparing import Comparing
from gui.training.session import Session
from gui.training.state import State
from gui.window.snapshot_display import SnapshotDisplay
from gui.window.tabs import Tabs


class LessonsController(QObject):
    """Pauses the run for a lesson, and draws the lesson's curves instead of the run's.

    The lesson's scale and ranges hold until its curves are gone or the run continues.
    """

    def __init__(
        self,
        session: Session,
        lessons: LessonsPanel,
        curves: CurvesView,
        tabs: Tabs,
        display: SnapshotDisplay,
        comparing: Comparing,
        log_scale: QAction,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._curves = curves
        self._display = display
        self._comparing = comparing
        self._log_scale = log_scale
        self._users_log_scale: bool | None = None
        self._users_axis: Axis | None = None
        session.data.changed.connect(lessons.set_dataset)
        lessons.lesson_started.connect(self._make_way)
        lessons.overlays_changed.connect(curves.show_overlays)
        lessons.axis_wanted.connect(self._choose_axis)
        lessons.view_wanted.connect(self._show_as_wanted)
        session.state_changed.connect(self._on_state_changed)
        lessons.recorded.connect(comparing.record)
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
        self._show_as_before()
        self._comparing.draw_ticked()
        self._display.show_run_curves()

    @Slot(str)
    def _choose_axis(self, axis: Axis) -> None:
        """Choose the axis that suits the lesson, and remember the user's."""
        if self._users_axis is None:
            self._users_axis = self._curves.axis
        self._curves.set_axis(axis)

    @Slot(object)
    def _show_as_wanted(self, lesson: Lesson) -> None:
        """Choose the scale and the ranges in which the lesson's question can be answered."""
        if lesson.log_scale is not None:
            if self._users_log_scale is None:
                self._users_log_scale = self._log_scale.isChecked()
            self._log_scale.setChecked(lesson.log_scale)
        self._curves.set_ranges(Ranges(lesson.loss_range, lesson.accuracy_range))

    def _show_as_before(self) -> None:
        """Return to the user's scale and axis, and to ranges that follow the curves."""
        if self._users_log_scale is not None:
            self._log_scale.setChecked(self._users_log_scale)
            self._users_log_scale = None
        if self._users_axis is not None:
            self._curves.set_axis(self._users_axis)
            self._users_axis = None
        self._curves.set_ranges(Ranges())

    @Slot(object)
    def _on_state_changed(self, state: State) -> None:
        if state is State.RUNNING:
            self._show_as_before()
