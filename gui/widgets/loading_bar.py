"""Progress of loading a data set: a bar, numbers, the time left, and Cancel."""

from __future__ import annotations

import time

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QProgressBar, QPushButton

from core.wording import numeral, percent
from gui.widgets.floating import CARD_WIDTH, Floating
from gui.widgets.labels import label
from gui.widgets.live_text import LiveText
from gui.widgets.theme import SPACE, TEXT_SIZE

_SECONDS_BEFORE_ESTIMATE = 1.0


class LoadingBar(Floating):
    """Shown while something takes long, as to find, download or generate a data set.

    Parameters
    ----------
    name, cancel_name
        objectName of the card and of its button.
    cancel_tip
        What the button does.

    Signals
    -------
    cancelled
        By the user's hand.
    """

    cancelled = Signal()

    def __init__(
        self,
        name: str = "loading_bar",
        cancel_name: str = "cancel_loading_button",
        cancel_tip: str = "Stop loading this data set",
    ) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setObjectName(name)
        self._start = 0.0
        self._title = label("")
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName("Progress")
        self._numbers = LiveText("100 %, 0,000 s left", TEXT_SIZE, quiet=True)
        cancel = QPushButton("Cancel")
        cancel.setObjectName(cancel_name)
        cancel.setToolTip(cancel_tip)
        cancel.clicked.connect(self.cancelled)
        layout = QGridLayout(self)
        layout.setContentsMargins(3 * SPACE, 3 * SPACE, 3 * SPACE, 3 * SPACE)
        layout.setSpacing(2 * SPACE)
        layout.setColumnStretch(0, 1)
        layout.addWidget(self._title, 0, 0)
        layout.addWidget(self._numbers, 0, 1)
        layout.addWidget(self._bar, 1, 0, 1, 2)
        layout.addWidget(cancel, 0, 2, 2, 1)
        self.hide()

    def fit(self, space: QSize) -> None:
        """Be of one size, whatever is loaded."""
        self.resize(min(space.width(), CARD_WIDTH), self.sizeHint().height())

    def begin(self, title: str) -> None:
        """Begin with an indefinite bar."""
        self._start = time.perf_counter()
        self._title.setText(title)
        self._bar.setRange(0, 0)
        self._numbers.set_text("")

    @Slot(object, object)
    def show_progress(self, done: int, total: int) -> None:
        """Show that `done` of `total` is loaded."""
        if not total:
            return
        share = done / total
        self._bar.setRange(0, 1000)
        self._bar.setValue(round(1000 * share))
        seconds = time.perf_counter() - self._start
        text = percent(share, 0)
        if share and seconds > _SECONDS_BEFORE_ESTIMATE:
            text += f", {numeral(seconds * (1 - share) / share, ',.0f')} s left"
        self._numbers.set_text(text)
