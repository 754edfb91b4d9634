"""The flow tab: the diagram, and above it what the last step changed, before and after it.

The diagram is drawn with its edges, or, as the activations, with its units alone. Each of the two
is a view of its own, of which the one that is seen traces.
"""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from core.colors import Theme
from core.inspection.prediction import Prediction
from core.inspection.update import Update
from core.training.snapshot import Snapshot
from gui.flow.elided_lines import ElidedLines
from gui.flow.flow_key import FlowKey
from gui.flow.flow_trace import Look, Side
from gui.flow.flow_view import FlowView
from gui.flow.update_words import NO_STEP, OTHER_NETWORK, update_words
from gui.widgets.layouts import column, row
from gui.widgets.segmented_choice import SegmentedChoice
from gui.widgets.tab_view import TabView

_LOOKS = (
    (Look.EDGES, "Edges", "The units and the strongest edges between them"),
    (Look.ACTIVATIONS, "Activations", "The units alone, and larger, so that each can be seen"),
)
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
        self.view = FlowView()
        self.activations = FlowView("activations_view", has_edges=False)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.view)
        page = QWidget()
        page.setObjectName("activations_tab")  # as the tab that it once was
        page.setLayout(column(self.activations))
        self._pages.addWidget(page)
        self._key = FlowKey()
        for view in self._views:
            view.shown.connect(self._say)
        self._look = SegmentedChoice("flow_look_combo", _LOOKS)
        self._look.setAccessibleName("With edges, or the activations alone")
        self._look.chosen.connect(self._show_look)
        self._side = SegmentedChoice("flow_side_combo", _SIDES)
        what = "Before or after the last step, or what it changed"
        self._side.setAccessibleName(what)
        self._side.setAccessibleDescription(what)  # on Linux the value is read for the name
        self._side.set_value(self.view.side)
        for view in self._views:
            self._side.chosen.connect(view.show_side)
        self._words = ElidedLines()
        self._words.setObjectName("flow_update_words")
        self._words.setAccessibleName("What the last step changed")
        choices = row(self._look, self._side, self._key, spacing=12, wide=self._key)
        parts = (choices, self._words, self._pages)
        self.setLayout(column(*parts, spacing=2, high=self._pages))
        self._say()

    @property
    def _views(self) -> tuple[FlowView, FlowView]:
        return self.view, self.activations

    @property
    def _seen(self) -> FlowView:
        return self._views[self._pages.currentIndex()]

    def open_part(self, name: str) -> None:
        """Show the activations, or the diagram with its edges."""
        look = Look.ACTIVATIONS if name == "activations" else Look.EDGES
        self._look.set_value(look)
        self._show_look(look)

    @Slot(object)
    def _show_look(self, look: Look) -> None:
        self._pages.setCurrentIndex(list(Look).index(look))
        self.setTabOrder(self._side, self._seen)
        self._say()

    # --- what is shown --------------------------------------------------------------------

    def show_prediction(self, prediction: Prediction | None) -> None:
        """Show how the image flows through the network; None shows a hint."""
        for view in self._views:
            view.show_prediction(prediction)

    @Slot(object)
    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        for part in (*self._views, self._key):
            part.apply_theme(theme)

    @Slot(object)
    def show_update(self, update: Update | None) -> None:
        """Show what a single step has changed; None where nothing can be said of that."""
        if update is not self.update_shown:
            self.update_shown = update
            for view in self._views:
                view.show_update(update)
            self._say()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Forget the step if the run has trained on, or gone back."""
        if self.update_shown is not None and snapshot.step != self.update_shown.step:
            self.show_update(None)

    @Slot()
    def clear(self) -> None:
        """Forget the run."""
        self.show_update(None)

    @Slot()
    def _say(self) -> None:
        trace = self._seen.trace
        self._key.explain(trace, self._seen.flow, self._seen.has_edges)
        if self.update_shown is None:
            self._words.show_sentences(NO_STEP)
        elif trace is None or trace.change is not None:
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
