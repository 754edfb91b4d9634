"""The flow tab: the diagram, and above it what the last step changed, before and after it."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.inspection.prediction import Prediction
from core.inspection.update import Update
from core.training.snapshot import Snapshot
from gui.flow.elided_lines import ElidedLines
from gui.flow.flow_trace import Side
from gui.flow.flow_view import FlowView
from gui.flow.update_words import NO_STEP, OTHER_NETWORK, update_words
from gui.widgets.segmented_choice import SegmentedChoice
from gui.widgets.tab_view import TabView
from gui.widgets.theme import Theme

_SIDES = (
    (Side.BEFORE, "Before", "The network before the last step"),
    (Side.AFTER, "After", "The network as it is now, after the last step"),
    (
        Side.CHANGE,
        "Change",
        "What the last step changed: the edges whose weights moved most, and what it added to each "
        "unit, orange where it rose and blue where it fell; of the outputs, in percentage points. "
        "Below a layer: the largest change of a unit, and how many rose and fell",
    ),
)


class FlowPanel(TabView):
    """The diagram of the flow, and a choice between before, after and the change of one step.

    Signals
    -------
    visibility_changed(bool)
        Whether it can be seen, and single steps should be compared.

    Attributes
    ----------
    update_shown
        What the last step changed; None where the run is no longer at the end of a single step.
    """

    visibility_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("flow_panel")
        self.update_shown: Update | None = None
        self._is_compared = True
        self.view = FlowView()
        self.view.compared.connect(self._on_compared)
        self._side = SegmentedChoice("flow_side_combo", _SIDES)
        self._side.setAccessibleName("Before or after the last step, or what it changed")
        self._side.set_value(self.view.side)
        self._side.chosen.connect(self.view.show_side)
        self._words = ElidedLines()
        self._words.setObjectName("flow_update_words")
        self._words.setAccessibleName("What the last step changed")
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._side)
        row.addWidget(self._words, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(row)
        layout.addWidget(self.view, 1)
        self._say()

    # --- what is shown --------------------------------------------------------------------

    def show_prediction(self, prediction: Prediction | None) -> None:
        """Show how the image flows through the network; None shows a hint."""
        self.view.show_prediction(prediction)

    @Slot(object)
    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self.view.apply_theme(theme)

    @Slot(object)
    def show_update(self, update: Update | None) -> None:
        """Show what a single step has changed; None where nothing can be said of that."""
        if update is not self.update_shown:
            self.update_shown = update
            self.view.show_update(update)
            self._say()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Forget the step if the run has trained on, or gone back."""
        if self.update_shown is not None and snapshot.step != self.update_shown.step:
            self.show_update(None)

    @Slot()
    def clear(self) -> None:
        """Forget the run."""
        self.show_update(None)

    @Slot(bool)
    def _on_compared(self, is_compared: bool) -> None:
        self._is_compared = is_compared
        self._say()

    def _say(self) -> None:
        if self.update_shown is None:
            self._words.show_sentences(NO_STEP)
        elif self._is_compared:
            self._words.show_sentences(update_words(self.update_shown))
        else:
            self._words.show_sentences((*update_words(self.update_shown)[:2], OTHER_NETWORK))

    def showEvent(self, event: QShowEvent) -> None:
        """Have single steps compared."""
        super().showEvent(event)
        self.visibility_changed.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Have no more steps compared."""
        super().hideEvent(event)
        self.visibility_changed.emit(False)
