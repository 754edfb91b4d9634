"""The main window: makes its parts and connects them with the session."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSettings, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QMainWindow

from core.ink.drawing import Drawing
from core.my_digits.my_digits import MyDigits
from core.runs.run_database import IN_MEMORY
from core.runs.run_library import RunLibrary
from core.training.saved_run import SavedRun
from core.wording import write_with
from gui.compare.side_by_side import SideBySide
from gui.curves.curves_view import CurvesView
from gui.files.autosave import Autosave
from gui.files.data_folder import DataFolder
from gui.files.exporting import Exporting
from gui.files.film_export import FilmExport
from gui.files.network_import import NetworkImport
from gui.files.opening import Opening
from gui.files.recovered_runs import RecoveredRuns
from gui.files.run_files import RunFiles
from gui.files.view_pictures import ViewPictures
from gui.film.shown_moment import ShownMoment
from gui.film.time_bar import TimeBar
from gui.lessons.lessons_panel import LessonsPanel
from gui.own_data.own_data_opening import OwnDataOpening
from gui.pad.my_digits_controller import MyDigitsController
from gui.pad.pad_panel import PadPanel
from gui.prediction.active_network import ActiveNetwork
from gui.prediction.edited_network import EditedNetwork
from gui.prediction.prediction_model import PredictionModel
from gui.rate_test.rate_test import RateTest
from gui.runs.comparing import Comparing
from gui.settings.settings_panel import SettingsPanel
from gui.training.session import Session
from gui.widgets.actions import Actions
from gui.widgets.floating import FloatingCards
from gui.widgets.locale import locale_marks
from gui.widgets.messages import Messages
from gui.widgets.theme_controller import ThemeController
from gui.window.about import show_about
from gui.window.classroom_controller import ClassroomController
from gui.window.file_messages import show_file_messages
from gui.window.first_run import FirstRun
from gui.window.keyboard import Keyboard
from gui.window.lessons_controller import LessonsController
from gui.window.loading_messages import LoadingMessages
from gui.window.picture_controller import PictureController
from gui.window.remembered_choices import RememberedChoices
from gui.window.run_controls import RunControls
from gui.window.run_messages import RunMessages
from gui.window.scheme_choice import SchemeChoice
from gui.window.search_controller import SearchController
from gui.window.settings_controller import SettingsController
from gui.window.shutdown import Shutdown
from gui.window.snapshot_display import SnapshotDisplay
from gui.window.tab_table import TabParts
from gui.window.tabs import Tabs
from gui.window.transport_bar import TransportBar
from gui.window.view_modes import ViewModes
from gui.window.window_layout import LEAST, WindowLayout
from gui.window.zoom import Zoom
from gui.window.zoomed_area import ZoomedArea


class MainWindow(QMainWindow):
    """Makes the parts of the window and connects them with the session.

    Parameters
    ----------
    session
        The data set, the settings and the run that the window shows.
    themes
        Light or dark colors.
    my_digits
        The user's own digits.
    settings
        Where the layout and the last files are remembered; None to forget them.
    shipped
        The ready-made network, which predicts until the run trains; None if there is none.
    library
        Where runs leave their records; None to keep them in memory only.

    Attributes
    ----------
    shutdown
        What happens when the window closes.
    library
        The records of all runs.
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
        write_with(locale_marks)
        self.setObjectName("main_window")
        self.setAcceptDrops(True)
        self._session, self._settings = session, settings
        self.library = library = library or RunLibrary(IN_MEMORY)
        self.actions_ = Actions(self)
        SchemeChoice(themes, self.actions_.scheme, settings, self)
        self._make_widgets(shipped, library)
        self._control_session()
        self._keep_runs(library)
        self._fill_tabs(my_digits, library, themes)
        self._connect_window(themes)
        workers = self.lessons, self.rate_test, self.search
        self.shutdown = Shutdown(session, *workers, self._comparing, self.files, self.autosave)
        self._make_view_modes()
        self.layout_.restore(self, settings)
        self._choices = RememberedChoices(self, self.actions_.log_scale, settings)
        self._keyboard = Keyboard(self, self.actions_.correct, self.layout_.parts, self.shown)
        self.tabs.currentChanged.connect(self._keyboard.prepare)
        self.pad_panel.pad.setFocus()

    def _make_widgets(self, shipped: SavedRun | None, library: RunLibrary) -> None:
        actions = self.actions_
        self.transport = TransportBar(actions.reset, actions.play, actions.step, actions.epoch)
        self.settings_panel = SettingsPanel(self._session.config)
        self.lessons = LessonsPanel(settings=self._settings)
        self.curves = CurvesView(actions.log_scale)
        self.shown = ShownMoment(self)
        self.time_bar = TimeBar(self.shown)
        self.tabs = Tabs()
        self.search = SearchController(self._session, library, self.lessons, self.tabs, self)
        self.edited = EditedNetwork(self)
        self.active_network = ActiveNetwork(shipped, self.edited, self)
        self.prediction = PredictionModel(Drawing(), self.active_network, self)
        self.pad_panel = PadPanel(actions, self.prediction, self.active_network)
        self.setCentralWidget(area := ZoomedArea())
        self.layout_ = WindowLayout(
            self.transport,
            self.settings_panel,
            self.lessons,
            self.search.panel,
            self.curves,
            self.tabs,
            self.pad_panel,
            actions.settings_shown,
            actions.leave_classroom,
            self.time_bar,
            area,
        )
        self.cards = FloatingCards(self, self.layout_.plots)
        self.messages = Messages(self, self.cards)

    def _control_session(self) -> None:
        """Let the user train and change settings, and show what the session does."""
        session, actions = self._session, self.actions_
        SettingsController(session, self.settings_panel, actions, self)
        self.rate_test = RateTest(session, self.settings_panel, self.messages, self)
        session.data.changed.connect(self.edited.show_dataset)
        curves, tabs, network = self.curves, self.tabs, self.active_network
        bar, live = self.transport, self.settings_panel.hyperparameters
        self.display = SnapshotDisplay(
            session, curves, tabs, bar, live, self.edited, network, self.shown, self.time_bar, self
        )
        RunControls(session, actions, bar.speed_slider, network, self.time_bar, self)
        FirstRun(session, self.prediction, curves, self)
        RunMessages(session, self.messages, self)
        LoadingMessages(session, self.cards, self.messages, actions, self._settings, self)

    def _keep_runs(self, library: RunLibrary) -> None:
        """Keep runs in files and in the library, and report problems."""
        session, actions, messages = self._session, self.actions_, self.messages
        # Made before the files, so that it knows of a new run before its file is known.
        self._comparing = Comparing(session, library, self.curves, messages, self)
        self.files = RunFiles(session, actions, self, self._settings, self._comparing.identify)
        self.files.file_known.connect(self._comparing.note_file)
        self.opening = Opening(self.files, actions, self)
        self.opening.settings_opened.connect(session.use_config)
        self.imports = NetworkImport(session, actions, self.active_network, messages, self)
        self.opening.network_found.connect(self.imports.read)
        self.exporting = Exporting(session, actions, self.curves, self)
        self.exporting.settings_pasted.connect(session.use_config)
        FilmExport(session, actions, self.prediction, messages, self)
        pictures = ViewPictures(actions, self.curves, self.tabs, self.tabs.view, self)
        show_file_messages(messages, self.files, self.opening, self.exporting, pictures)
        self.autosave = Autosave(session, self.files, messages, parent=self)
        self.recovered_runs = RecoveredRuns(
            self.autosave.folder, self.files, messages, actions.recovered_runs, self
        )
        DataFolder(session, actions, self, self._settings)

    def _fill_tabs(self, digits: MyDigits, library: RunLibrary, themes: ThemeController) -> None:
        """Give the tabs what their views show, and the lessons the run of the curves."""
        session, actions, messages = self._session, self.actions_, self.messages
        pad, network, cards, tabs = self.pad_panel, self.active_network, self.cards, self.tabs
        self.my_digits_controller = MyDigitsController(
            session, network, actions, pad, messages, cards, digits, self
        )
        self.pictures = PictureController(
            actions, pad, network, tabs, messages, cards, self.opening, self
        )
        OwnDataOpening(session, actions, self.opening, network, themes, messages, cards, self)
        tabs.connect_to(
            TabParts(
                session,
                self.shown,
                self.display.way,
                self.edited,
                self.prediction,
                digits,
                self.my_digits_controller,
                library,
                self._comparing,
                SideBySide(session, self.shown, library, network.shipped, self),
                self.files,
                self.search,
                self.pictures,
            )
        )
        lessons, curves, display, log = self.lessons, self.curves, self.display, actions.log_scale
        LessonsController(session, lessons, curves, tabs, display, self._comparing, log, self)
        layout, panel, bar = self.layout_, self.settings_panel, self.transport
        self.classroom = ClassroomController(
            session, layout, panel, bar, tabs, pad, lessons, actions, self.opening, messages, self
        )

    def _connect_window(self, themes: ThemeController) -> None:
        actions = self.actions_
        actions.quit.triggered.connect(self.close)
        # Refers to the window for as long as Qt has the action, and so the window. Otherwise the
        # garbage collector could take a closed window apart before Qt deletes it.
        actions.about.triggered.connect(lambda: show_about(self, actions.all()))
        actions.reset_layout.triggered.connect(self.layout_.reset)
        actions.lessons.triggered.connect(self.layout_.show_lessons)
        card, bar = self.rate_test.card, self.time_bar
        for part in (self.curves, bar, self.tabs, self.lessons, self.pad_panel, card):
            themes.changed.connect(part.apply_theme)
            part.apply_theme(themes.theme)

    def _make_view_modes(self) -> None:
        """Let a view fill the window, and the interface become larger and smaller."""
        self.zoom = Zoom(self.actions_, self._settings, self)
        self.zoom.changing.connect(self._on_zoomed)
        self.zoom.changed.connect(self._on_zoomed)
        ViewModes(self, self.layout_, self.curves, self.tabs, self.actions_, self.zoom)
        self._on_zoomed(self.zoom.factor)

    @Slot(float)
    def _on_zoomed(self, factor: float) -> None:
        """Keep the window's minimum on the screen; what then has no room can be scrolled to."""
        self.setMinimumSize(LEAST / max(factor, 1))

    def focusNextPrevChild(self, next_: bool) -> bool:
        """Go to the next control as the eye does, also among those that are new."""
        self._keyboard.prepare()
        return super().focusNextPrevChild(next_)

    def event(self, event: QEvent) -> bool:
        """Let the focused control keep a key that is a shortcut elsewhere."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            event.setAccepted(self._keyboard.keeps(event))
            return event.isAccepted()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what no control had a use for."""
        if not self._keyboard.press(event):
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a file that can be opened, or a picture."""
        self.pictures.drag(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the file, or read the picture."""
        self.pictures.drop(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about an unsaved run, remember the layout, and end all threads."""
        if not self.shutdown.may_begin(self.close):
            event.ignore()
            return
        self.classroom.leave()  # so that the user's own layout is remembered
        self.lessons.leave_lesson()  # its scale is not the user's choice
        self.display.stop()
        self.layout_.remember(self, self._settings)
        self._choices.remember()
        self.shutdown.run()
        event.accept()

    def leave(self) -> None:
        """Close without a question, because nobody is there to answer; a copy of the run stays."""
        self.shutdown.keep_copy()
        self.close()
