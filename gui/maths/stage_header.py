"""The title of a stage, and the buttons that step through the stages."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gui.widgets.labels import label

_STEP_MS = 2_000


class StageHeader(QWidget):
    """Title, place, and the buttons Back, Auto-step and Forward.

    Signals
    -------
    back_wanted(), forward_wanted()
        By the user.
    playing_began()
        The user has started Auto-step.
    ticked()
        Auto-step moves on.
    """

    back_wanted = Signal()
    forward_wanted = Signal()
    playing_began = Signal()
    ticked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = label("", "title")
        self.place = label("", "hint")
        # A long text does not make the tab wider.
        self.place.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.back = _button("maths_back", "Back", "The previous stage (←)")
        self.play = _button("maths_play", "Auto-step", "Show the next stage every two seconds")
        self.play.setCheckable(True)
        self.forward = _button("maths_forward", "Forward", "The next stage (→)")
        self.player = QTimer(self, interval=_STEP_MS)
        self.back.clicked.connect(self.back_wanted)
        self.forward.clicked.connect(self.forward_wanted)
        self.play.toggled.connect(self._on_play_toggled)
        self.player.timeout.connect(self.ticked)
        titles = QVBoxLayout()
        titles.setSpacing(0)
        titles.addWidget(self.title)
        titles.addWidget(self.place)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(titles, 1)
        for button in (self.back, self.play, self.forward):
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)

    def show_stage(self, title: str, place: str, index: int, count: int) -> None:
        """Show a stage's title and place, and enable the ways to its neighbors."""
        self.title.setText(title)
        self.place.setText(place)
        self.back.setEnabled(index > 0)
        self.forward.setEnabled(index < count - 1)

    @Slot()
    def stop(self) -> None:
        """Stop Auto-step."""
        self.play.setChecked(False)

    @Slot(bool)
    def _on_play_toggled(self, is_playing: bool) -> None:
        if is_playing:
            self.playing_began.emit()
            self.player.start()
        else:
            self.player.stop()


def _button(name: str, text: str, tool_tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(text)
    button.setToolTip(tool_tip)
    return button
