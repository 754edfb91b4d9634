"""The window: three columns under a transport bar, wired to the session."""

from __future__ import annotations

from PySide6.QtCore import QSettings, Qt, QTimer, Slot
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QMainWindow,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from core.ink.drawing import Drawing
from core.my_digits.my_digits import MyDigits
from core.runs.run_library import IN_MEMORY, RunLibrary
from core.training.saved_run import SavedRun
from core.training.snapshot import Snapshot
from gui.curves.curves_view import CurvesView
from gui.files.autosave import Autosave
from gui.files.exporting import Exporting
from gui.files.mnist_folder import MnistFolder
from gui.files.recovered_runs import RecoveredRuns
from gui.files.run_files import RunFiles, dropped_run
from gui.lessons.lessons_panel import LessonsPanel
from gui.pad.my_digits_controller import MyDigitsController
from gui.pad.pad_panel import PadPanel
from gui.prediction.active_network import ActiveNetwork
from gui.prediction.edited_network import EditedNetwork
from gui.prediction.prediction_model import PredictionModel
from gui.runs.comparing import Comparing
from gui.settings.settings_panel import SettingsPanel
from gui.threads.closing import close_parts
from gui.threads.pool import app_pool
from gui.training.session import TRAINING, Session, State
from gui.widgets.actions import Actions
from gui.widgets.banner import Banner
from gui.widgets.labels import hairline, label
from gui.widgets.loading_bar import LoadingBar
from gui.widgets.theme import Theme, ThemeController
from gui.window.about import show_about
from gui.window.layout_memory import LayoutMemory
from gui.window.loading_messages import LoadingMessages
from gui.window.render_scheduler import RenderScheduler
from gui.window.run_messages import RunMessages
from gui.window.tab_table import TabParts
from gui.window.tabs import Tabs
from gui.window.transport_bar import TransportBar

_LEFT, _CENTER, _RIGHT = 290, 690, 300
_CURVES, _WEIGHTS = 300, 360
_STANDSTILL_MS = 120
"""When no step has come for so long, all views are drawn of the last one."""


class MainWindow(QMainWindow):
    """Owns the widgets; every exchange between them and the session is in this file.

    Parameters
    ----------
    session
        What is shown and steered.
    themes
        Tells light from dark.
    my_digits
        The user's own.
    settings
        Where the layout is remembered; None to forget it.
    shipped
        A trained network that reads the pad until the run trains; None if there is none.
    library
        Where runs leave their records; None for one that is forgotten at the end.

    Attributes
    ----------
    asks_before_closing
        Whether a run with steps that are in no file is worth a question.
    unfinished
        What was still at work when the window was closed.
    """

    def __init__(
        self,
        session: Session,
        themes: ThemeController,
        my_digits: MyDigits,
        settings: QSettings | None = None,
        shipped: SavedRun | None = None,
        library: RunLibrary | None = None,
    ) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setAcceptDrops(True)
        self._session = session
        self._themes = themes
        self._settings = settings
        self._snapshot: Snapshot | None = None
        self.asks_before_closing = False
        self.unfinished: list[str] = []

        self.actions_ = Actions(self)
        self.transport = TransportBar(
            self.actions_.reset, self.actions_.play, self.actions_.step, self.actions_.epoch
        )
        self.settings_panel = SettingsPanel(session.config)
        self.lessons = LessonsPanel()
        self.curves = CurvesView(self.actions_.log_scale)
        library = library or RunLibrary(IN_MEMORY)
        self.tabs = Tabs()
        self.edited = EditedNetwork(self)
        self.active_network = ActiveNetwork(shipped, self.edited, self)
        self.prediction = PredictionModel(Drawing(), self.active_network, self)
        self.prediction.predicted.connect(self.tabs.show_prediction)
        self.pad_panel = PadPanel(self.actions_, self.prediction, self.active_network)
        self.banner = Banner()
        self.loading_bar = LoadingBar()
        self.hint = label("", "quiet")
        self._scheduler = RenderScheduler(
            self.curves.show_loss,
            self.curves.show_accuracy,
            self.tabs.show_snapshot,
            self._show_figures,
            self.active_network.note_learning,
        )

        self._standstill = QTimer(self, interval=_STANDSTILL_MS, singleShot=True)
        self._standstill.timeout.connect(self._show_all)

        self._lay_out()
        self._connect_actions()
        self._connect_session()
        self._connect_runs(library)
        self._connect_tabs(my_digits, library)
        self._connect_lessons()
        self._apply_theme(themes.theme)
        self._show_state(session.state)
        self.resize(1280, 800)
        self._default_layout()
        splitters = {"columns": self._columns, "plots": self._plots}
        self._layout_memory = LayoutMemory(settings, self, splitters, self.settings_panel)
        self._layout_memory.restore()
        self.pad_panel.pad.setFocus()

    # --- layout --------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._plots = QSplitter(Qt.Orientation.Vertical)
        self._plots.setObjectName("plots_splitter")
        self._plots.addWidget(self.curves)
        self._plots.addWidget(self.tabs)

        center = QWidget()
        center_layout = QVBoxLayout(center)
        center_layout.setContentsMargins(12, 12, 12, 12)
        center_layout.setSpacing(8)
        center_layout.addWidget(self.banner)
        center_layout.addWidget(self.loading_bar)
        center_layout.addWidget(self.hint)
        center_layout.addWidget(self._plots, 1)

        self.lessons.setContentsMargins(12, 12, 12, 12)
        self._left = QTabWidget()
        self._left.setObjectName("left_tabs")
        self._left.setDocumentMode(True)
        for panel, title, tool_tip in (
            (self.settings_panel, "Settings", "What the network is, and how it learns"),
            (self.lessons, "Lessons", "Experiments to try, each with a question"),
        ):
            self._left.setTabToolTip(self._left.addTab(panel, title), tool_tip)

        self._columns = QSplitter(Qt.Orientation.Horizontal)
        self._columns.setObjectName("columns_splitter")
        for column in (self._left, center, self.pad_panel):
            self._columns.addWidget(column)
        self._columns.setStretchFactor(1, 1)
        for splitter in (self._columns, self._plots):
            splitter.setChildrenCollapsible(False)
            splitter.setHandleWidth(1)

        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.transport)
        layout.addWidget(hairline())
        layout.addWidget(self._columns, 1)
        self.setCentralWidget(content)

    @Slot()
    def _default_layout(self) -> None:
        self._columns.setSizes([_LEFT, _CENTER, _RIGHT])
        self._plots.setSizes([_CURVES, _WEIGHTS])
        self.settings_panel.open_only(())

    # --- wiring --------------------------------------------------------------------------

    def _connect_actions(self) -> None:
        actions, session = self.actions_, self._session
        actions.play.triggered.connect(session.toggle_playing)
        actions.step.triggered.connect(session.step)
        actions.epoch.triggered.connect(session.train_epoch)
        actions.reset.triggered.connect(session.reset)
        actions.quit.triggered.connect(self.close)
        actions.about.triggered.connect(self._show_about)
        actions.use_mnist.triggered.connect(lambda: session.choose_dataset("mnist"))
        actions.use_strokes.triggered.connect(lambda: session.choose_dataset("strokes"))
        actions.use_mixture.triggered.connect(lambda: session.choose_dataset("mnist+strokes"))
        actions.start_fresh.triggered.connect(self._start_fresh)
        actions.reset_layout.triggered.connect(self._default_layout)
        actions.scheme.triggered.connect(self._choose_scheme)
        panel = self.settings_panel
        hyperparameters, layers = panel.hyperparameters, panel.layers
        actions.faster.triggered.connect(lambda: hyperparameters.learning_rate.nudge(1))
        actions.slower.triggered.connect(lambda: hyperparameters.learning_rate.nudge(-1))
        actions.add_layer.triggered.connect(layers.add_layer)
        actions.remove_layer.triggered.connect(layers.remove_layer)
        actions.new_seed.triggered.connect(panel.new_run.draw_seed)

    def _connect_session(self) -> None:
        session, panel = self._session, self.settings_panel
        panel.hyperparameters.hyperparameters_changed.connect(session.set_hyperparameters)
        panel.new_run.dataset_chosen.connect(session.choose_dataset)
        panel.new_run.preset_chosen.connect(session.choose_preset)
        panel.new_run.network_changed.connect(session.set_network)
        panel.layers.network_changed.connect(session.set_network)
        panel.layers.keeping_chosen.connect(self._choose_keeping)
        self.transport.speed_slider.speed_changed.connect(session.set_speed)
        panel.new_run.validation_changed.connect(session.set_validation)
        panel.new_run.seed_changed.connect(session.set_seed)

        session.config_changed.connect(panel.show_config)
        session.config_changed.connect(self.active_network.note_config)
        session.state_changed.connect(self._show_state)
        session.run_started.connect(self._clear_run)
        session.dataset_changed.connect(self.edited.show_dataset)
        session.dataset_changed.connect(self.tabs.show_dataset)
        session.snapshot_taken.connect(self._show_snapshot)
        self._themes.changed.connect(self._apply_theme)

    def _connect_runs(self, library: RunLibrary) -> None:
        """Keep runs in files and in the library, and say what becomes of them."""
        session, settings = self._session, self._settings
        self._comparing = Comparing(session, library, self.curves, self.banner, self)
        self.files = RunFiles(session, self.actions_, self, settings)
        self.files.file_known.connect(self._comparing.note_file)
        self.files.problem.connect(self.banner.show_message)
        session.run_opened.connect(lambda _message: self.active_network.follow_run())
        self.exporting = Exporting(session, self.actions_, self.curves, self)
        self.exporting.problem.connect(self.banner.show_message)
        self.exporting.done.connect(self.banner.show_message)
        self.exporting.settings_pasted.connect(session.use_config)
        self.autosave = Autosave(session, self.files, self.banner, parent=self)
        self.recovered_runs = RecoveredRuns(
            self.autosave.folder, self.files, self.banner, self.actions_.recovered_runs, self
        )
        self._mnist_folder = MnistFolder(session, self.actions_, self, settings)
        self._run_messages = RunMessages(session, self.banner, self)
        self._loading_messages = LoadingMessages(
            session, self.loading_bar, self.banner, self.actions_, self
        )

    def _connect_tabs(self, my_digits: MyDigits, library: RunLibrary) -> None:
        """Give the tabs what they are connected with when they are opened."""
        self.my_digits_controller = MyDigitsController(
            self._session,
            self.active_network,
            self.actions_,
            self.pad_panel,
            self.banner,
            my_digits,
            self,
        )
        self.tabs.connect_to(
            TabParts(
                self._session,
                self.edited,
                self.prediction,
                my_digits,
                self.my_digits_controller,
                library,
                self._comparing,
                self.files,
            )
        )

    def _connect_lessons(self) -> None:
        session, lessons = self._session, self.lessons
        session.dataset_changed.connect(lessons.set_dataset)
        session.run_started.connect(lambda: self.curves.show_live(True))
        lessons.lesson_started.connect(session.pause)
        lessons.lesson_started.connect(lambda: self.curves.show_live(False))
        lessons.overlays_changed.connect(self.curves.show_overlays)
        lessons.axis_wanted.connect(self.curves.set_axis)
        lessons.settings_wanted.connect(session.use_config)
        lessons.tab_wanted.connect(self.tabs.open)
        lessons.cleared.connect(self._draw_runs_again)
        self.actions_.lessons.triggered.connect(self._open_lessons)

    @Slot()
    def _open_lessons(self) -> None:
        self._left.setCurrentWidget(self.lessons)

    @Slot()
    def _draw_runs_again(self) -> None:
        """Draw the present run and the ticked ones, in whose place a lesson's curves were."""
        self._comparing.draw_ticked()
        self.curves.show_live(True)
        if self._snapshot is not None:
            self.curves.show_loss(self._snapshot)
            self.curves.show_accuracy(self._snapshot)

    @Slot(object)
    def _apply_theme(self, theme: Theme) -> None:
        self.curves.apply_theme(theme)
        self.tabs.apply_theme(theme)
        self.lessons.apply_theme(theme)
        self.pad_panel.apply_theme(theme)

    # --- what the session says -------------------------------------------------------------

    @Slot(object)
    def _show_state(self, state: State) -> None:
        running = state is State.RUNNING
        actions = self.actions_
        actions.play.setText("Pause" if running else "Play")
        actions.play.setToolTip("Pause training" if running else "Train until you pause")
        can_train = state in (State.PAUSED, State.RUNNING)
        needed = (actions.play, actions.step, actions.epoch, actions.reset)
        for action in (*needed, actions.save, actions.save_as):
            action.setEnabled(can_train)
        self.transport.show_state(state)
        self.settings_panel.new_run.set_loading(state is State.LOADING)
        if running:
            self.curves.show_live(True)
            self.banner.forget_run()
            self.active_network.follow_run()
        if state is State.PAUSED and self._snapshot is not None:
            self._show_snapshot(self._snapshot)  # all of it
        self._show_hint()

    def _show_hint(self) -> None:
        """Say what to do where it may not be plain."""
        state = self._session.state
        if state is State.NO_DATA:
            self.hint.setText("No data set is loaded: choose one on the left.")
        elif state is State.PAUSED and (self._snapshot is None or not self._snapshot.step):
            self.hint.setText("Press Space to start training.")
        else:
            self.hint.setText("")
        self.hint.setVisible(bool(self.hint.text()))

    @Slot()
    def _clear_run(self) -> None:
        self._snapshot = None
        self._standstill.stop()
        self.banner.forget_run()
        self.transport.clear()
        self.curves.clear()
        self.edited.clear()
        self.tabs.clear()
        self._show_hint()

    @Slot(object)
    def _show_snapshot(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.edited.note_snapshot(snapshot)
        if self.hint.text():
            self._show_hint()
        if self._session.state is State.RUNNING:
            self._scheduler.show_next(snapshot)
            self._standstill.start()
        else:
            self._standstill.stop()
            self._scheduler.show_all(snapshot)

    @Slot()
    def _show_all(self) -> None:
        """Draw all of the newest step, of which the views have each had a turn or not."""
        if self._snapshot is not None:
            self._scheduler.show_all(self._snapshot)

    def _show_figures(self, snapshot: Snapshot) -> None:
        self.transport.show_snapshot(snapshot)
        self.settings_panel.hyperparameters.show_snapshot(snapshot)

    # --- what the user wants ----------------------------------------------------------------

    @Slot()
    def _start_fresh(self) -> None:
        self._session.reset()
        self.active_network.follow_run()

    @Slot(object)
    def _choose_scheme(self, action: QAction) -> None:
        self._themes.choose(action.data())

    @Slot(bool)
    def _choose_keeping(self, keeps: bool) -> None:
        self._session.keeps_learned = keeps

    @Slot()
    def _show_about(self) -> None:
        show_about(self, self.actions_.all())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a file with a run; pictures are for the pad."""
        if dropped_run(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the run that was dropped."""
        path = dropped_run(event)
        if path is not None:
            event.acceptProposedAction()
            self.files.open_file(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask what becomes of an unsaved run, remember the layout and end all threads."""
        if self.asks_before_closing and not self.files.may_be_lost(self.close):
            event.ignore()
            return
        self._standstill.stop()
        self._layout_memory.remember()
        self._comparing.close()
        self.unfinished = close_parts(
            {
                "work in the background": app_pool().close,
                "the lesson": self.lessons.close_threads,
                **self._session.parts(),
            }
        )
        self._session.close()
        self.autosave.close()  # only now, because training may have been writing its copy
        event.accept()

    def leave(self) -> None:
        """Close without a question, because nobody is there to answer; a copy of the run stays."""
        self.asks_before_closing = False
        self.autosave.keep()
        self.close()

    @property
    def has_lost_work(self) -> bool:
        """Whether the window was closed before all was written that should have been."""
        return TRAINING in self.unfinished and (self.autosave.is_kept or self.files.is_saving)
