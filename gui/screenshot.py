"""Takes a screenshot of the window while a network trains."""

from __future__ import annotations

import argparse
import math

from PySide6.QtCore import QBuffer, QElapsedTimer, QIODevice, QPointF, QTimer
from PySide6.QtWidgets import QApplication

from core.errors import DigitscopeError
from core.files.atomic_file import check_writable, write_atomically
from core.ink.drawing import RASTER_SIDE
from gui.pad.draw_pad import DrawPad
from gui.training.session import Session
from gui.training.training_run import TrainingRun
from gui.window.main_window import MainWindow

_CHECK_MS = 20


def take_screenshot(
    app: QApplication, window: MainWindow, session: Session, arguments: argparse.Namespace
) -> int:
    """Train for ``arguments.seconds``, draw a digit, save the window as a PNG, and quit.

    Raises
    ------
    DigitscopeError
        If no data set could be loaded, or the picture cannot be written.
    """
    path = arguments.screenshot
    check_writable(path)
    failures: list[str] = []
    elapsed = QElapsedTimer()

    def begin(run: TrainingRun) -> None:
        run.failed.connect(fail)
        _draw_three(window.pad_panel.pad)
        elapsed.start()
        session.play()

    def check() -> None:
        if elapsed.isValid() and elapsed.elapsed() >= 1000 * arguments.seconds:
            elapsed.invalidate()
            finish()

    def finish() -> None:
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        window.grab().save(buffer, "PNG")
        try:
            write_atomically(path, lambda stream: stream.write(buffer.data().data()))
        except DigitscopeError as error:
            failures.append(str(error))
        window.close()
        app.quit()

    def fail(message: str) -> None:
        failures.append(message)
        window.close()
        app.quit()

    session.run_started.connect(begin)
    # The offer to download MNIST must not cover the picture.
    session.data.mnist_offered.connect(window.banner.hide)
    timer = QTimer(app, interval=_CHECK_MS)
    timer.timeout.connect(check)
    timer.start()
    window.resize(*arguments.size)
    window.show()
    QTimer.singleShot(0, session.data.load_first)
    app.exec()
    if failures:
        raise DigitscopeError(failures[0])
    return 0


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
