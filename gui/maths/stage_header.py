"""The title of a stage, and the buttons that step through the stages."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.widgets.buttons import button
from gui.widgets.labels import label
from gui.widgets.layouts import column, row

_STEP_MS = 2_000


class StageHeader(QWidget):
    """Title, place, and the buttons Back, Auto-step and Forward.

    Attributes
    ----------
    player
        Times out when Auto-step moves on.
    """

    def __init__(self) -> None:
        super().__init__()
        self.title = label("", "title")
        self.place = label("", "hint")
        # A long text does not make the tab wider.
        self.place.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.back = button("maths_back", "Back", "The previous stage (←)")
        self.play = button("maths_play", "Auto-step", "Show the next stage every two seconds")
        self.play.setCheckable(True)
        self.forward = button("maths_forward", "Forward", "The next stage (→)")
        self.player = QTimer(self, interval=_STEP_MS)
        titles = column(self.title, self.place, spacing=0)
        layout = row(titles, self.back, self.play, self.forward, spacing=4, wide=titles)
        for control in (self.back, self.play, self.forward):
            layout.setAlignment(control, Qt.AlignmentFlag.AlignTop)
        self.setLayout(layout)

    def show_stage(self, title: str, place: str, index: int, count: int) -> None:
        """Show a stage's title and place, and enable the ways to its neighbors."""
        self.title.setText(title)
        self.place.setText(place)
        self.back.setEnabled(index > 0)
        self.forward.setEnabled(index < count - 1)
