"""Pictures on their way to the pad or to a sheet: read in another thread, the newest only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core.progress import Progress
from core.wording import are_digits, counted
from gui.pad.pad_panel import PadPanel
from gui.pad.picture_data import PictureReader
from gui.threads.latest_task import LatestTask
from gui.widgets.floating import FloatingCards
from gui.widgets.loading_bar import LoadingBar
from gui.widgets.messages import Messages

if TYPE_CHECKING:
    from core.pictures.sheet import Sheet

_TOPIC = "picture"
_READING = "Reading the picture…"
_PATIENCE_MS = 500
"""A picture that takes longer can be cancelled."""


class PictureReading(QObject):
    """Puts a picture's digit on the pad, signals a sheet of several, or says why there is none.

    Of several pictures the last counts. One with a single digit does not count once the user has
    drawn something else.

    Signals
    -------
    sheet_found(Sheet)
        A picture has several digits.
    """

    sheet_found = Signal(object)

    def __init__(
        self,
        pad_panel: PadPanel,
        messages: Messages,
        cards: FloatingCards,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._pad_panel = pad_panel
        self._messages = messages
        self._cards = cards
        self._pad_is_free = True
        self._bar = LoadingBar("picture_bar", "cancel_picture_button", "Stop reading this picture")
        self._bar.cancelled.connect(self._cancel)
        self._patience = QTimer(self, interval=_PATIENCE_MS, singleShot=True)
        self._patience.timeout.connect(self._show_bar)
        self._job = LatestTask(self)
        self._job.done.connect(self._show)
        self._job.failed.connect(self.explain)
        pad_panel.pad.picture_dropped.connect(self.read)
        pad_panel.pad.picture_refused.connect(self.explain)
        pad_panel.pad.drawing_changed.connect(self._note_drawing)

    @Slot()
    def _note_drawing(self) -> None:
        self._pad_is_free = False
        self._messages.dismiss(_TOPIC)

    @Slot(object, str)
    def read(self, read: PictureReader, name: str) -> None:
        """Read a picture; `name` is what its sheet is called."""
        self._stop()
        self._messages.dismiss(_TOPIC)
        self._pad_is_free = True
        as_one = not are_digits(self._pad_panel.model.classes)

        def work(progress: Progress) -> Sheet:
            from core.pictures.sheet import read_sheet

            return read_sheet(read(), name, progress, as_one)

        self._job.ask_long(work, at_once=True)
        self._pad_panel.say(_READING)
        self._patience.start()

    @Slot()
    def _show_bar(self) -> None:
        self._bar.begin(_READING)
        self._cards.show(self._bar)

    def _stop(self) -> None:
        """Want no result of the picture that is being read."""
        self._job.forget()
        self._patience.stop()
        self._cards.hide(self._bar)

    @Slot()
    def _cancel(self) -> None:
        self._stop()
        self._pad_panel.say("")

    @Slot(object)
    def _show(self, sheet: Sheet) -> None:
        self._stop()
        if len(sheet) > 1:
            self._pad_panel.say(f"{counted(len(sheet), 'digit')} in this picture")
            self.sheet_found.emit(sheet)
        elif self._pad_is_free:
            self._pad_panel.pad.place(sheet.digits[0].ink)

    @Slot(str)
    def explain(self, problem: str) -> None:
        """Say why there is nothing to read."""
        self._stop()
        self._pad_panel.say("")
        self._messages.fault(problem, topic=_TOPIC)
