"""What is dropped on the window, and pictures from the menu: where their digits go."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from core.pictures.picture_decoding import SUFFIXES
from core.pictures.pictures import read_whole_picture
from core.wording import numeral
from gui.files.opening import Opening, dropped_file
from gui.pad.pad_panel import PadPanel
from gui.pad.picture_data import accept_copy, may_be_picture
from gui.pad.picture_reading import PictureReading
from gui.prediction.active_network import ActiveNetwork
from gui.sheet.sheet_predictions import SheetPredictions
from gui.widgets.actions import Actions
from gui.widgets.floating import FloatingCards
from gui.widgets.messages import Messages
from gui.window.tabs import Tabs

if TYPE_CHECKING:
    from core.pictures.sheet import Sheet
    from gui.sheet.sheet_view import SheetView

_FILTER = "Pictures (" + " ".join(f"*{s}" for suffixes in SUFFIXES.values() for s in suffixes) + ")"


class PictureController(QObject):
    """Takes pictures from the menu, from the pad and from what is dropped anywhere on the window.

    A single digit goes on the pad; several are a sheet, whose tab opens. Other files are opened.
    """

    def __init__(
        self,
        actions: Actions,
        pad_panel: PadPanel,
        active_network: ActiveNetwork,
        tabs: Tabs,
        messages: Messages,
        cards: FloatingCards,
        opening: Opening,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._pad_panel = pad_panel
        self._tabs = tabs
        self._opening = opening
        self._folder = ""
        self._view: SheetView | None = None
        self._reading = PictureReading(pad_panel, messages, cards, self)
        self._reading.sheet_found.connect(self.show_sheet)
        self._predictions = SheetPredictions(active_network, self)
        actions.read_picture.triggered.connect(self.ask)

    def show_in(self, view: SheetView) -> None:
        """Show sheets in this view, and put the digits that are chosen there on the pad."""
        self._view = view
        view.picture_wanted.connect(self.ask)
        view.chosen.connect(self._place)
        view.sheet_shown.connect(self._predictions.show_sheet)
        view.seen.connect(self._predictions.set_seen)
        self._predictions.predicted.connect(view.show_predictions)

    @Slot()
    def ask(self) -> None:
        """Let the user choose a picture, and read it."""
        file, _ = QFileDialog.getOpenFileName(
            self._window, "A picture of digits", self._folder, _FILTER
        )
        if file:
            path = Path(file)
            self._folder = str(path.parent)
            self._reading.read(partial(read_whole_picture, path), path.stem)

    def drag(self, event: QDropEvent) -> None:
        """Accept what is dragged over the window, if it may be a file or a picture."""
        if dropped_file(event.mimeData()) is not None or may_be_picture(event.mimeData()):
            accept_copy(event)

    def drop(self, event: QDropEvent) -> None:
        """Open the file that was dropped on the window, or read the picture."""
        accept_copy(event)
        file = dropped_file(event.mimeData())
        if file is not None:
            self._opening.open_file(file)
        else:
            self._pad_panel.pad.take_picture(event.mimeData())

    @Slot(object)
    def show_sheet(self, sheet: Sheet) -> None:
        """Open the tab with the digits of a picture."""
        if not self._tabs.is_shown("sheet"):
            self._pad_panel.say("Show one digit at a time: there is no room here for several.")
            return
        self._tabs.open("sheet")
        assert self._view is not None
        self._view.show_sheet(sheet)

    @Slot(object, int)
    def _place(self, ink: NDArray[np.uint8], number: int) -> None:
        self._pad_panel.pad.place(ink)
        self._pad_panel.say(f"Digit {numeral(number)} of the picture")
