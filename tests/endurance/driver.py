"""Performs one action after another in the real app, from inside its event loop.

The app is started as ``main.py`` starts it, so its own handling of threads and memory is tested.
An event is posted to the driver before the app exists; the app's loop delivers it.
"""

from __future__ import annotations

import faulthandler
import random
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QDialog

import main
from gui.training.session import Session
from gui.training.state import State
from gui.window.main_window import MainWindow
from tests.endurance.dialogs import answer_dialog
from tests.endurance.watchdog import watch

_WAITING_MS = 20
_PULSE_MS = 1_000
_SIZE = 1440, 900
"""Of the window, in pixels."""


class Driver(QObject):
    """Calls :meth:`act` repeatedly once the window waits for a first step, then closes it.

    Parameters
    ----------
    count
        How many actions.
    seed
        Of all that is chosen at random.
    folder
        Where files may be written; it exists.
    pause_ms
        Milliseconds between two actions.

    Attributes
    ----------
    window, session
        The app's own.
    done
        Number of actions started.
    """

    window: MainWindow
    session: Session

    def __init__(self, count: int, seed: int, folder: Path, pause_ms: int = 0) -> None:
        super().__init__()
        self.count = count
        self.rng = random.Random(seed)
        self._seed = seed
        self._began_at: float | None = None
        self.folder = folder
        self.done = 0
        self._pause_ms = pause_ms
        self._is_closing = False
        self._next = QTimer(self, singleShot=True)
        self._next.timeout.connect(self._tick)
        # A tick gets lost where Qt calls it while an exception of the app is on its way up.
        self._pulse = QTimer(self, interval=_PULSE_MS)
        self._pulse.timeout.connect(self._go_on)
        random.seed(seed)  # the app draws from it, too

    def drive(self, *arguments: str) -> int:
        """Start the app and perform all actions; return the app's exit status."""
        faulthandler.enable()  # a crash shows its stacks, too
        watch()
        QCoreApplication.postEvent(self, QEvent(QEvent.Type.User))
        status = main.main(arguments)
        watch()  # leaving the interpreter may hang as well
        return status

    def event(self, event: QEvent) -> bool:
        """Receive the event that :meth:`drive` has posted."""
        if event.type() == QEvent.Type.User:
            # No randomly pressed button may start another program.
            for scheme in ("file", "http", "https"):
                QDesktopServices.setUrlHandler(scheme, self, "ignore_url")
            self._begin_when_ready()
            return True
        return super().event(event)

    @Slot("QUrl")
    def ignore_url(self, _url: object) -> None:
        """Open nothing."""

    # --- what a program does --------------------------------------------------------------

    def begin(self) -> None:
        """Prepare, once the window is there."""

    def act(self) -> None:
        """Do one thing; if it opens a dialog, answering that is the next one."""
        raise NotImplementedError

    def answer(self) -> bool:
        """Answer any popup or dialog; return whether there was one."""
        return answer_dialog(self.rng, self.folder)

    def is_over(self) -> bool:
        """Return whether all is done."""
        return self.done >= self.count

    def may_nest(self, _seconds: float) -> bool:
        """Return whether to continue inside an action that has handled events for this long."""
        return bool(QApplication.activePopupWidget() or QApplication.activeModalWidget())

    def finish(self) -> None:
        """Check what is left before the window closes."""

    # --- the loop -------------------------------------------------------------------------

    @Slot()
    def _begin_when_ready(self) -> None:
        windows = [w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow)]
        # The app's session has no parent and its window no public way to it.
        if windows and windows[0].isVisible() and windows[0]._session.state is State.PAUSED:
            self.window, self.session = windows[0], windows[0]._session
            # The screenless platform's screen is smaller than the window.
            self.window.showNormal()
            self.window.resize(*_SIZE)
            self.window.activateWindow()
            self.begin()
            self._pulse.start()
            self._tick()
        else:
            QTimer.singleShot(_WAITING_MS, self._begin_when_ready)

    @Slot()
    def _tick(self) -> None:
        if not self.window.isVisible():  # a signal has closed it
            self._pulse.stop()
            return
        began_at = self._began_at
        if began_at is not None and not self.may_nest(time.monotonic() - began_at):
            self._next.start(_WAITING_MS)
            return
        if self.is_over():
            self._pulse.stop()
            self._close()
            return
        # Before acting: an action that opens a modal dialog returns only after that is answered.
        self._next.start(self._pause_ms)
        watch()
        self._began_at = time.monotonic()
        self.done += 1
        # Separate for each action, so the same seed does the same however the app's threads run.
        self.rng = random.Random(f"{self._seed} {self.done}")
        try:
            if not self.answer():
                self.act()
        finally:
            self._began_at = began_at

    @Slot()
    def _go_on(self) -> None:
        if not self._next.isActive():
            self._next.start(self._pause_ms)

    @Slot()
    def _close(self) -> None:
        """Close the window once no dialog waits for an answer."""
        over = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if over is not None:
            if isinstance(over, QDialog):
                over.reject()
            else:
                over.close()
            QTimer.singleShot(_WAITING_MS, self._close)
        elif not self._is_closing:
            self._is_closing = True
            self.finish()
            self.window.shutdown.asks = False
            self.window.close()


def wait_until(condition: Callable[[], bool], seconds: float = 20.0) -> bool:
    """Let the app run until `condition` holds; return whether it does."""
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        QApplication.processEvents()
        time.sleep(0.005)
    return condition()
