"""Takes a screenshot of the window while a network trains."""

from __future__ import annotations

import argparse
import math
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QObject, QPointF, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from core.errors import DigitscopeError
from core.files.atomic_file import check_writable, write_atomically
from core.ink.drawing import RASTER_SIDE
from gui.pad.draw_pad import DrawPad
from gui.training.session import Session
from gui.training.state import State
from gui.training.training_run import TrainingRun
from gui.window.main_window import MainWindow


def take_screenshot(
    app: QApplication, window: MainWindow, session: Session, arguments: argparse.Namespace
) -> int:
    """Train for ``arguments.seconds``, draw a digit, save the window as a PNG, and quit.

    Raises
    ------
    DigitscopeError
        If no data set could be loaded, training failed, or the picture cannot be written.
    """
    check_writable(arguments.screenshot)
    screenshot = _Screenshot(window, session, arguments.screenshot, arguments.seconds)
    screenshot.finished.connect(app.quit)
    window.resize(*arguments.size)
    window.show()
    QTimer.singleShot(0, session.data.load_first)
    app.exec()
    if screenshot.problem:
        raise DigitscopeError(screenshot.problem)
    return 0


class _Screenshot(QObject):
    """Begins with the first run, and saves a picture after some seconds of training.

    Attributes
    ----------
    problem
        Why there is no picture; empty if there is one.

    Signals
    -------
    finished
        The window is closed, with or without a picture.
    """

    finished = Signal()

    def __init__(self, window: MainWindow, session: Session, path: Path, seconds: float) -> None:
        super().__init__(window)
        self.problem = ""
        self._window = window
        self._session = session
        self._path = path
        self._timer = QTimer(self, interval=round(1000 * seconds), singleShot=True)
        self._timer.timeout.connect(self._save)
        session.run_started.connect(self._begin)
        session.data.failed.connect(self._on_load_failed)
        # The offer to download MNIST must not cover the picture.
        session.data.mnist_offered.connect(window.messages.clear)

    @Slot(object)
    def _begin(self, run: TrainingRun) -> None:
        run.failed.connect(self._fail)
        _draw_three(self._window.pad_panel.pad)
        self._timer.start()
        self._session.play()

    @Slot(str)
    def _on_load_failed(self, message: str) -> None:
        # Later, because another data set may begin to load now.
        QTimer.singleShot(0, self, lambda: self._fail_without_data(message))

    def _fail_without_data(self, message: str) -> None:
        if self._session.state is State.NO_DATA:
            self._fail(message)

    @Slot()
    def _save(self) -> None:
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        self._window.grab().save(buffer, "PNG")
        try:
            write_atomically(self._path, lambda stream: stream.write(buffer.data().data()))
        except DigitscopeError as error:
            self.problem = str(error)
        self._finish()

    @Slot(str)
    def _fail(self, message: str) -> None:
        self.problem = message
        self._finish()

    def _finish(self) -> None:
        self._timer.stop()
        self._window.close()
        self.finished.emit()


def _draw_three(pad: DrawPad) -> None:
    """Draw a 3 as two arcs."""
    middle, radius = RASTER_SIDE / 2, RASTER_SIDE / 6
    points = []
    for center_y, begin, end in ((middle - radius, -150, 80), (middle + radius, -80, 150)):
        for degrees in range(begin, end + 1, 5):
            angle = math.radians(degrees)
            points.append(
                QPointF(middle + radius * math.cos(angle), center_y + radius * math.sin(angle))
            )
    pad.begin_stroke(points[0])
    for point in points[1:]:
        pad.extend_stroke(point)
    pad.end_stroke()
