"""Pictures on their way to the pad: read in another thread, the newest only."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from core.pictures.pictures import ink_from_picture
from gui.pad.pad_panel import PadPanel
from gui.pad.picture_data import PictureReader
from gui.threads.latest_task import LatestTask
from gui.widgets.messages import Messages

_TOPIC = "picture"


class PictureReading(QObject):
    """Puts the digits of the pictures that come to the pad on it, or says why there is none.

    Of several pictures the last counts, and none once the user has drawn something else.
    """

    def __init__(
        self, pad_panel: PadPanel, messages: Messages, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._pad_panel = pad_panel
        self._messages = messages
        self._job = LatestTask(self)
        self._job.done.connect(pad_panel.pad.place)
        self._job.failed.connect(self._explain)
        pad_panel.pad.picture_dropped.connect(self._read)
        pad_panel.pad.picture_refused.connect(self._explain)
        pad_panel.pad.drawing_changed.connect(self._forget)

    @Slot()
    def _forget(self) -> None:
        self._job.forget()
        self._messages.dismiss(_TOPIC)

    @Slot(object)
    def _read(self, read: PictureReader) -> None:
        self._forget()
        self._job.ask(lambda: ink_from_picture(read()), at_once=True)
        self._pad_panel.say("Reading the picture…")

    @Slot(str)
    def _explain(self, problem: str) -> None:
        self._pad_panel.say("")
        self._messages.fault(problem, topic=_TOPIC)
