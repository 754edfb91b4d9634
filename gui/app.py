"""Opens the main window."""

from __future__ import annotations

import argparse
import gc
import logging
import os
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from core.errors import DigitscopeError
from core.files.atomic_file import sweep_partials
from core.files.user_file import check_place
from core.runs.run_library import RunLibrary
from core.saving.shipped import load_shipped_network
from core.training.saved_run import SavedRun
from gui.display import display_problem
from gui.files.leftovers import sweep_leftovers

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QApplication

    from gui.training.session import Session
    from gui.window.main_window import MainWindow


def run_app(arguments: argparse.Namespace) -> int:
    """Show the window until it is closed; return the exit status.

    Raises
    ------
    DigitscopeError
        If there is no display.
    """
    if arguments.screenshot is not None and display_problem() is not None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    if (problem := display_problem()) is not None:
        raise DigitscopeError(problem)

    gc.disable()  # until there is a collector that runs only in the window's thread
    # Imported here, because this fails where system libraries are missing.
    from gui.threads.closing import end_process
    from gui.threads.garbage_collector import GarbageCollector
    from gui.widgets.app_icon import app_icon
    from gui.widgets.tool_tips import App

    app = App([sys.argv[0]])
    app.setApplicationName("Digitscope")
    app.setDesktopFileName("digitscope")  # so that Wayland finds the icon in digitscope.desktop
    app.setWindowIcon(app_icon())
    collector = GarbageCollector(app)
    temporary = ExitStack()
    window, session = _make_window(app, arguments, temporary)
    # What exists now lives as long as the app. Frozen, it is skipped by full collections, each of
    # which would otherwise stop drawing and training for about 50 ms.
    gc.freeze()
    if arguments.screenshot is not None:
        from gui.screenshot import take_screenshot

        with temporary:
            status = take_screenshot(app, window, session, arguments)
    else:
        status = _show_until_closed(app, window, session, arguments.file)
    if window.shutdown.unfinished:
        end_process(1 if window.shutdown.has_lost_work else status)
    collector.stop()
    return status


def _make_window(
    app: QApplication, arguments: argparse.Namespace, temporary: ExitStack
) -> tuple[MainWindow, Session]:
    """Create the window, with the user's files and settings unless it is for a screenshot.

    Then My digits is a folder that exists until `temporary` ends.
    """
    from PySide6.QtCore import Qt

    from core.datasets.published_sets import PUBLISHED_SETS
    from core.my_digits.my_digits import MyDigits
    from gui.files.autosave import autosave_folder, sweep_deleted, sweep_locks
    from gui.files.data_folder import remembered_folders
    from gui.training.session import Session
    from gui.widgets.theme_controller import ThemeController
    from gui.window.main_window import MainWindow

    themes = ThemeController(app)
    if arguments.theme is not None:
        dark = arguments.theme == "dark"
        themes.choose(Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light)
    settings = library = None
    problem = ""
    if arguments.screenshot is not None:
        my_digits = MyDigits(Path(temporary.enter_context(TemporaryDirectory())))
    else:
        my_digits = MyDigits()
        settings, settings_problem = _settings()
        sweep_leftovers([autosave_folder()])
        sweep_locks(autosave_folder())
        sweep_deleted(autosave_folder())
        library, library_problem = _run_library()
        problem = f"{settings_problem} {library_problem}".strip()
    folders = remembered_folders(settings)
    if arguments.data_dir is not None:
        folders = dict.fromkeys(map(str, PUBLISHED_SETS), arguments.data_dir)
    session = Session(folders)
    window = MainWindow(session, themes, my_digits, settings, _shipped_network(), library)
    if problem:
        window.messages.fault(problem)
    return window, session


def _show_until_closed(
    app: QApplication, window: MainWindow, session: Session, file: Path | None
) -> int:
    from PySide6.QtCore import QTimer

    from gui.threads.closing import leave_on_signals
    from gui.threads.pool import app_pool
    from gui.window.showing import show_on_screen

    window.shutdown.asks = True
    leave_on_signals(app, window.leave)
    show_on_screen(window)
    # In the background, because a folder may be on a disk that does not respond.
    saved_to = window.files.folders
    app_pool().start(lambda: [sweep_partials(folder) for folder in saved_to])
    # After the first paint, so that the window responds before data is loaded.
    QTimer.singleShot(0, lambda: _begin(window, session, file))
    return app.exec()


def _begin(window: MainWindow, session: Session, file: Path | None) -> None:
    """Open `file`; load a data set if there is no file, or it cannot be opened."""
    from gui.training.state import State

    window.recovered_runs.offer()
    if file is not None:
        window.opening.open_file(file)
    if session.state is State.NO_DATA:
        session.data.load_first()


def _shipped_network() -> SavedRun | None:
    """Return the ready-made network; without it the pad waits for training."""
    try:
        return load_shipped_network()
    except DigitscopeError as error:
        logging.getLogger(__name__).warning("%s", error)
        return None


def _settings() -> tuple[QSettings | None, str]:
    """Return the window's settings; None and the reason if they cannot be read."""
    from PySide6.QtCore import QLockFile, QSettings, QStandardPaths

    kind = QStandardPaths.StandardLocation.GenericConfigLocation
    folder = Path(QStandardPaths.writableLocation(kind))
    for name in ("Digitscope/Digitscope.conf", "Digitscope.conf"):  # where Qt keeps them in a file
        try:
            check_place(folder / name)
        except OSError as error:
            return None, (
                f"'{folder / name}' cannot be read: {error.strerror}. Move it away and "
                "restart Digitscope; until then, layout and recent files are not remembered."
            )
    settings = QSettings("Digitscope", "Digitscope")
    # An app that was killed while Qt wrote them left its lock. One of a living app stays.
    QLockFile(f"{settings.fileName()}.lock").removeStaleLockFile()
    return settings, ""


def _run_library() -> tuple[RunLibrary | None, str]:
    """Return the records of all runs; None and the reason if they cannot be read."""
    try:
        return RunLibrary(), ""
    except DigitscopeError as error:
        return None, str(error)
