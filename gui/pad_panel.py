"""The right column: draw a digit, see what the network sees, and what it makes of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from core.datasets.dataset import SIDE
from core.network import Network
from core.normalization import normalize_drawing
from core.snapshot import Snapshot
from gui.draw_pad import DrawPad
from gui.labels import label
from gui.live_text import LiveText
from gui.network_input_view import NetworkInputView
from gui.prediction_bars import PredictionBars
from gui.theme import DIGIT_SIZE, HINT_SIZE, Theme

_RUNNERS_UP = 2


class PadPanel(QWidget):
    """Reads the drawing with the newest network, while one draws and while it trains."""

    def __init__(self, undo: QAction, clear: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._network: Network | None = None
        self.pad = DrawPad()
        self.input_view = NetworkInputView()
        self.bars = PredictionBars()
        centre = Qt.AlignmentFlag.AlignHCenter
        self.digit = LiveText("00", DIGIT_SIZE, centre)
        self.digit.setAccessibleName("The digit that the network reads")
        self.runners_up = LiveText("or 0 (100 %), 0 (100 %)", HINT_SIZE, centre, quiet=True)
        self.runners_up.setAccessibleName("The next guesses")

        # However many points a quick pen brings in one turn of the event loop, one reading
        # follows them.
        self._reading = QTimer(self, interval=0, singleShot=True)
        self._reading.timeout.connect(self._read_drawing)
        self.pad.drawing_changed.connect(self._reading.start)

        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for action, name in ((undo, "undo_button"), (clear, "clear_button")):
            button = QPushButton(action.text())
            button.setObjectName(name)
            button.setToolTip(f"{action.toolTip()} ({action.shortcut().toString()})")
            button.clicked.connect(action.trigger)
            buttons.addWidget(button)
        undo.triggered.connect(self.pad.undo)
        clear.triggered.connect(self.pad.clear)
        self._lay_out(buttons)
        self._show_answer(None)

    def _lay_out(self, buttons: QHBoxLayout) -> None:
        answer = QVBoxLayout()
        answer.setSpacing(0)
        answer.addStretch(1)
        answer.addWidget(self.digit, alignment=Qt.AlignmentFlag.AlignHCenter)
        answer.addWidget(self.runners_up, alignment=Qt.AlignmentFlag.AlignHCenter)
        answer.addStretch(1)
        sight = QVBoxLayout()
        sight.setSpacing(4)
        sight.addWidget(self.input_view)
        sight.addWidget(label("what the network sees", "hint"))
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addLayout(sight)
        row.addLayout(answer, 1)

        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        layout.addWidget(self.pad)
        layout.addLayout(buttons)
        layout.addLayout(row)
        layout.addWidget(self.bars)
        layout.addStretch(1)

    @Slot(object)
    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        for widget in (self.pad, self.input_view, self.bars):
            widget.apply_theme(theme)

    @Slot(object)
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Read the drawing again with the network as it is now."""
        self._network = snapshot.network
        if not self.pad.is_blank:
            self._predict()

    @Slot()
    def _read_drawing(self) -> None:
        if self.pad.is_blank:
            self.input_view.show_image(np.zeros((SIDE, SIDE), np.uint8))
            self._show_answer(None)
        else:
            self.input_view.show_image(normalize_drawing(self.pad.ink))
            self._predict()

    def _predict(self) -> None:
        if self._network is None:
            return
        with np.errstate(over="ignore", invalid="ignore"):
            probabilities = self._network.predict(self.input_view.image.reshape(1, -1))[0]
        # A network whose training has diverged has no answer.
        self._show_answer(probabilities if np.isfinite(probabilities).all() else None)

    def _show_answer(self, probabilities: NDArray[np.floating] | None) -> None:
        self.bars.show_probabilities(probabilities)
        if probabilities is None:
            self.digit.set_text("")
            self.runners_up.set_text("")
            return
        best, *others = np.argsort(-probabilities)[: 1 + _RUNNERS_UP]
        self.digit.set_text(str(best))
        self.runners_up.set_text(
            "or " + ", ".join(f"{digit} ({100 * probabilities[digit]:.0f} %)" for digit in others)
        )
