"""Takes screenshots of the window, and of each of its views, while a network trains."""

from __future__ import annotations

import argparse
import io
import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QObject, QPointF, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from core.errors import ConfigError, DigitscopeError
from core.files.atomic_file import check_writable, write_atomically
from core.ink.drawing import RASTER_SIDE
from core.printable_text import printable
from gui.pad.draw_pad import DrawPad
from gui.screenshot_views import VIEWS, Scene, Stage, show
from gui.training.session import Session
from gui.training.state import State
from gui.training.training_run import TrainingRun
from gui.widgets.pictures import png
from gui.window.main_window import MainWindow

_ALL = "all"
_COLORS = 256
_LIKE = 1.5
"""A picture of few colors is like the original if it differs by less than this, of 255, on the
average (root mean square)."""


def take_screenshot(
    app: QApplication, window: MainWindow, session: Session, arguments: argparse.Namespace
) -> int:
    """Train for ``arguments.seconds``, draw a digit, save pictures, and quit.

    The picture is ``arguments.screenshot``; if ``arguments.view`` names views, it is the folder of
    their pictures.

    Raises
    ------
    DigitscopeError
        If there is no such view, no data set could be loaded, training failed, or a picture cannot
        be written.
    """
    screenshot = _Screenshot(window, session, _files(arguments), arguments.seconds)
    screenshot.finished.connect(app.quit)
    window.resize(*arguments.size)
    window.show()
    QTimer.singleShot(0, session.data.load_first)
    app.exec()
    if screenshot.problem:
        raise DigitscopeError(screenshot.problem)
    return 0


def _files(arguments: argparse.Namespace) -> dict[str, Path]:
    """Return the file of each view's picture, or, under "", that of the whole window."""
    target: Path = arguments.screenshot
    if not arguments.view:
        check_writable(target)
        return {"": target}
    for name in arguments.view:
        if name not in (*VIEWS, _ALL):
            known = ", ".join((_ALL, *VIEWS))
            raise ConfigError(f"There is no view '{printable(name)}'; use one of {known}.")
    names = [name for name in VIEWS if name in arguments.view or _ALL in arguments.view]
    files = {name: target / f"{name}.png" for name in names}
    for file in files.values():
        check_writable(file)
    return files


class _Screenshot(QObject):
    """Begins with the first run, and saves pictures after some seconds of training.

    Attributes
    ----------
    problem
        Why a picture is missing; empty if none is.

    Signals
    -------
    finished
        The window is closed, with or without pictures.
    """

    finished = Signal()

    def __init__(
        self, window: MainWindow, session: Session, files: Mapping[str, Path], seconds: float
    ) -> None:
        super().__init__(window)
        self.problem = ""
        self._window = window
        self._session = session
        self._files = files
        self._seconds = seconds
        self._course = self._take_all()
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._go_on)
        session.run_started.connect(self._watch)
        session.run_started.connect(self._go_on, Qt.ConnectionType.SingleShotConnection)
        session.data.failed.connect(self._on_load_failed)
        # The offer to download MNIST must not cover the picture.
        session.data.mnist_offered.connect(window.messages.clear)

    @Slot(object)
    def _watch(self, run: TrainingRun) -> None:
        run.failed.connect(self._fail)

    @Slot(str)
    def _on_load_failed(self, message: str) -> None:
        # Later, because another data set may begin to load now.
        QTimer.singleShot(0, self, lambda: self._fail_without_data(message))

    def _fail_without_data(self, message: str) -> None:
        if self._session.state is State.NO_DATA:
            self._fail(message)

    @Slot()
    def _go_on(self) -> None:
        """Do the next part of the course, and wait as long as it says."""
        try:
            seconds = next(self._course)
        except StopIteration:
            self._finish()
        except Exception as error:
            self._fail(str(error) or repr(error))  # never wait forever
            if not isinstance(error, DigitscopeError):
                raise
        else:
            self._timer.start(round(1000 * seconds))

    def _take_all(self) -> Scene:
        _draw_three(self._window.pad_panel.pad)
        self._session.play()
        yield self._seconds
        if "" in self._files:
            self._save(self._files[""])
            return
        self._session.pause()
        dataset = self._session.data.dataset
        assert dataset is not None
        stage = Stage(self._window, self._session, dataset, self._seconds)
        for name, file in self._files.items():
            yield from show(name, stage)
            self._save(file)

    def _save(self, file: Path) -> None:
        content = _small_png(png(self._window.grab().toImage()))
        write_atomically(file, lambda stream: stream.write(content))

    @Slot(str)
    def _fail(self, message: str) -> None:
        self.problem = message
        self._finish()

    def _finish(self) -> None:
        self._timer.stop()
        self._window.close()
        self.finished.emit()


def _small_png(content: bytes) -> bytes:
    """Return a PNG in few bytes: with a palette if it looks the same."""
    picture = Image.open(io.BytesIO(content), formats=("PNG",)).convert("RGB")
    few = picture.quantize(_COLORS, dither=Image.Dither.NONE)
    difference = np.asarray(few.convert("RGB"), np.float32) - np.asarray(picture, np.float32)
    stream = io.BytesIO()
    best = few if math.sqrt(np.square(difference).mean()) < _LIKE else picture
    best.save(stream, "PNG", optimize=True)
    return stream.getvalue()


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
