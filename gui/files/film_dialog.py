"""A run's film, shown as it will be written, with its looks, and written into a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QProgressBar, QWidget

from core.errors import Cancelled
from core.films.film_writer import check_film, write_film
from core.films.frames import Draw, Look, drawing_frames, weights_frames
from core.films.scenes import Scene
from gui.threads.latest_task import LatestTask
from gui.widgets.choice import Choice
from gui.widgets.form import Form
from gui.widgets.labels import label
from gui.widgets.layouts import column
from gui.widgets.literal_text import literal

_MARGIN = 16
_PREVIEW_WIDTH = 480
_SUBJECTS = (
    ("weights", "The weights", "The incoming weights of 24 units in the first layer"),
    ("drawing", "Your drawing", "How my network reads the digit on the pad"),
)
_THEMES = (("light", "Light", "For paper and slides"), ("dark", "Dark", "For a dark page"))
_WIDTHS = (480, 720, 960, 1280, 1920)
_SPEEDS = (2.0, 4.0, 8.0, 16.0, 25.0)
_DEFAULT_WIDTH, _DEFAULT_SPEED = 720, 8.0
_POLL_MS = 50
_HOW = "Saved as GIF, WebP or MP4; as PNG, a strip of eight moments."
_BLANK = "To show how a drawing is read, draw a digit on the pad first."


class FilmDialog(QDialog):
    """Plays the film, and writes it in a thread of the pool.

    Parameters
    ----------
    scenes
        The moments to show, at least one.
    image
        The network's input of the digit on the pad, (28, 28); None while the pad is blank.
    ask
        Returns the file to write, or None.

    Signals
    -------
    written(path)
        The film is in this file.
    """

    written = Signal(object)

    def __init__(
        self,
        scenes: list[Scene],
        image: NDArray[np.uint8] | None,
        ask: Callable[[], Path | None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("film_dialog")
        self.setWindowTitle("Export film")
        self._scenes = scenes
        self._image = image
        self._ask = ask
        self._place = 0
        self._is_cancelled = False
        self._progress = 0
        self._writing = LatestTask(self)
        self._writing.done.connect(self._on_written)
        self._writing.failed.connect(self._on_failed)
        self._make_controls()
        self._lay_out()
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._show_next)
        self._poll = QTimer(self, interval=_POLL_MS)
        self._poll.timeout.connect(self._show_progress)
        self._follow_choices()

    def _make_controls(self) -> None:
        self.subject = Choice("film_subject_combo", _SUBJECTS)
        self.subject.setEnabled(self._image is not None)
        self.theme = Choice("film_theme_combo", _THEMES)
        widths = ((width, f"{width} × {Look(width).size[1]}", "In pixels") for width in _WIDTHS)
        self.width_ = Choice("film_width_combo", widths)
        self.width_.set_value(_DEFAULT_WIDTH)
        speeds = ((speed, f"{speed:g} moments per second", "") for speed in _SPEEDS)
        self.speed = Choice("film_speed_combo", speeds)
        self.speed.set_value(_DEFAULT_SPEED)
        for choice in (self.subject, self.theme, self.width_, self.speed):
            choice.chosen.connect(self._follow_choices)
        self.preview = label("")
        self.preview.setObjectName("film_preview")
        self.preview.setAccessibleName("The film")
        self.preview.setFixedSize(_PREVIEW_WIDTH, Look(_PREVIEW_WIDTH).size[1])
        self.bar = QProgressBar()
        self.bar.setObjectName("film_progress")
        self.bar.setAccessibleName("Frames that are drawn")
        self.bar.setRange(0, len(self._scenes))
        self.bar.setTextVisible(False)
        policy = self.bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(policy)
        self.bar.hide()

    def _lay_out(self) -> None:
        form = Form()
        form.add("Show", self.subject, "What the film shows")
        form.add("Speed", self.speed, "How many moments of the run are shown per second")
        form.add("Size", self.width_, "Width and height of a frame, in pixels")
        form.add("Colors", self.theme, "Light or dark")
        standard = QDialogButtonBox.StandardButton
        self._buttons = QDialogButtonBox(standard.Save | standard.Cancel)
        self.save = self._buttons.button(standard.Save)
        self.save.setText("Save…")
        self.save.setObjectName("film_save_button")
        for button in self._buttons.buttons():
            button.setIcon(QIcon())
        self._buttons.accepted.connect(self._save)
        self._buttons.rejected.connect(self.reject)
        self._note = label(_HOW if self._image is not None else f"{_HOW}\n{_BLANK}", "hint")
        self._note.setWordWrap(True)
        layout = column(self.preview, form, self._note, self.bar, self._buttons, spacing=12)
        layout.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        layout.setAlignment(self.preview, Qt.AlignmentFlag.AlignHCenter)
        self.setLayout(layout)
        self._fit()

    def _fit(self) -> None:
        """Be as large as the content, which may be a long message."""
        self.setFixedWidth(_PREVIEW_WIDTH + 2 * _MARGIN)
        layout = self.layout()
        assert layout is not None
        self.setFixedHeight(layout.heightForWidth(self.width()))

    # --- the preview --------------------------------------------------------------------------

    def _draw(self, width: int) -> tuple[Draw, Look]:
        """Return what draws the frames as they are chosen now, and their look."""
        look = Look(width, self.theme.currentData())
        if self.subject.currentData() == "drawing" and self._image is not None:
            return drawing_frames(self._image, look), look
        return weights_frames(self._scenes, look), look

    @Slot()
    def _follow_choices(self) -> None:
        self._shown, _ = self._draw(_PREVIEW_WIDTH)
        self._clock.start(round(1000 / self.speed.currentData()))
        self._show_next()

    @Slot()
    def _show_next(self) -> None:
        scene = self._scenes[self._place % len(self._scenes)]
        self._place += 1
        self.preview.setPixmap(QPixmap.fromImage(_as_qt(self._shown(scene))))

    # --- the file -----------------------------------------------------------------------------

    @Slot()
    def _save(self) -> None:
        path = self._ask()
        if path is None:
            return
        draw, look = self._draw(self.width_.currentData())
        scenes, speed = self._scenes, self.speed.currentData()
        self._progress, self._is_cancelled = 0, False
        self._enable(False)

        def write() -> Path:
            check_film(path)
            write_film(path, scenes, draw, look, speed, self._on_progress)
            return path

        self._writing.ask(write, at_once=True)

    def _on_progress(self, done: int, _total: int) -> None:
        """Take note of it, in the thread that writes."""
        if self._is_cancelled:
            raise Cancelled
        self._progress = done

    @Slot()
    def _show_progress(self) -> None:
        self.bar.setValue(self._progress)

    def _enable(self, is_enabled: bool) -> None:
        """Enable the controls, or show how far the writing is instead."""
        self.save.setEnabled(is_enabled)
        for choice in (self.theme, self.width_, self.speed):
            choice.setEnabled(is_enabled)
        self.subject.setEnabled(is_enabled and self._image is not None)
        self.bar.setVisible(not is_enabled)
        self._poll.stop() if is_enabled else self._poll.start()

    @Slot(object)
    def _on_written(self, path: Path) -> None:
        self.written.emit(path)
        self.accept()

    @Slot(str)
    def _on_failed(self, message: str) -> None:
        self._enable(True)
        self._note.setText(literal(message))
        self._fit()

    def reject(self) -> None:
        """Stop writing, and close; the file stays as it was."""
        self._is_cancelled = True
        self._writing.forget()
        super().reject()


def _as_qt(frame: Image.Image) -> QImage:
    """Return a frame, RGB, as a picture of Qt's with memory of its own."""
    content = frame.tobytes()
    width, height = frame.size
    return QImage(content, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
