"""The tabs under the curves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QScrollArea, QTabWidget, QVBoxLayout, QWidget

from core.datasets.dataset import Dataset
from core.my_digits.my_digits import MyDigits
from core.runs.run_library import RunLibrary
from core.training.snapshot import Snapshot
from gui.pad.activations_view import ActivationsView
from gui.pad.my_digits_panel import MyDigitsPanel
from gui.pad.prediction import Prediction
from gui.weights.weights_panel import WeightsPanel
from gui.widgets.theme import LIGHT, Theme

if TYPE_CHECKING:
    from gui.flow.flow_view import FlowView
    from gui.layers.layers_view import LayersView
    from gui.maths.maths_view import MathsView
    from gui.mistakes.mistakes_view import MistakesView
    from gui.runs.runs_view import RunsView


class Tabs(QTabWidget):
    """Holds the views; each is drawn only while it can be seen.

    Most are made when their tab is first opened, or when they are first asked for: all of them
    together take as long to import and to build as the rest of the window.

    Signals
    -------
    made(name)
        A view was made; it is yet to be connected.
    """

    made = Signal(str)

    def __init__(
        self, my_digits: MyDigits, library: RunLibrary, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("views_tabs")
        self.setDocumentMode(True)
        self.weights = WeightsPanel()
        self.activations = ActivationsView()
        self.my_digits = MyDigitsPanel(my_digits)
        self._library = library
        self._late: dict[str, Any] = {}
        self._pages: dict[str, QVBoxLayout] = {}
        self._dataset: Dataset | None = None
        self._snapshot: Snapshot | None = None
        self._prediction: Prediction | None = None
        self._theme = LIGHT
        for view, title, tool_tip in (
            (self.weights, "Weights", "What each unit looks for"),
            (None, "Flow", "The way of the drawing through the network"),
            (None, "Layers", "How each layer fares: spreads, gradients, units that are stuck"),
            (None, "Mistakes", "Which digits are taken for which"),
            (None, "Maths", "Every number of a step, forward, backward and the update"),
            (
                _scrolled(self.activations),
                "Activations",
                "What the drawing makes of each hidden unit",
            ),
            (None, "Runs", "All runs, to be compared"),
            (self.my_digits, "My digits", "Drawings of yours, to be learned"),
        ):
            self._add(view, title, tool_tip)
        self.currentChanged.connect(self._make_current)

    # --- the views that are made late --------------------------------------------------------

    @property
    def flow(self) -> FlowView:
        """The way of the drawing through the network."""
        if not self.is_made("flow"):
            from gui.flow.flow_view import FlowView

            self._put("flow", FlowView())
        view: FlowView = self._late["flow"]
        return view

    @property
    def layers(self) -> LayersView:
        """How each layer fares."""
        if not self.is_made("layers"):
            from gui.layers.layers_view import LayersView

            self._put("layers", LayersView())
        view: LayersView = self._late["layers"]
        return view

    @property
    def mistakes(self) -> MistakesView:
        """Which digits are taken for which."""
        if not self.is_made("mistakes"):
            from gui.mistakes.mistakes_view import MistakesView

            self._put("mistakes", MistakesView())
        view: MistakesView = self._late["mistakes"]
        return view

    @property
    def maths(self) -> MathsView:
        """Every number of a step."""
        if not self.is_made("maths"):
            from gui.maths.maths_view import MathsView

            self._put("maths", MathsView())
        view: MathsView = self._late["maths"]
        return view

    @property
    def runs(self) -> RunsView:
        """All runs."""
        if not self.is_made("runs"):
            from gui.runs.runs_view import RunsView

            self._put("runs", RunsView(self._library))
        view: RunsView = self._late["runs"]
        return view

    def is_made(self, name: str) -> bool:
        """Say whether the view of this name is there already."""
        return name in self._late

    def _put(self, name: str, view: Any) -> None:
        """Put a new view on its page, and show it what there is."""
        self._late[name] = view
        view.apply_theme(self._theme)
        self.made.emit(name)  # before it can be seen, which some tell
        self._pages[name].addWidget(view)
        view.show()
        if self._snapshot is not None:
            self.show_snapshot(self._snapshot)
        self.show_prediction(self._prediction)

    @Slot()
    def _make_current(self) -> None:
        getattr(self, self.currentWidget().objectName().removesuffix("_tab"))

    # --- what they show ----------------------------------------------------------------------

    def _add(self, view: QWidget | None, title: str, tool_tip: str) -> None:
        page = QWidget()
        name = title.lower().replace(" ", "_")
        page.setObjectName(f"{name}_tab")
        layout = self._pages[name] = QVBoxLayout(page)
        layout.setContentsMargins(0, 8, 0, 0)
        if view is not None:
            layout.addWidget(view)
        self.setTabToolTip(self.addTab(page, title), tool_tip)

    def open(self, name: str) -> None:
        """Show the tab whose objectName is `name` with ``_tab`` after it, if there is one."""
        page = self.findChild(QWidget, f"{name}_tab")
        if page is not None:
            self.setCurrentWidget(page)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self._theme = theme
        for view in (self.weights, self.activations, self.my_digits, *self._late.values()):
            view.apply_theme(theme)

    @Slot(object)
    def show_dataset(self, dataset: Dataset) -> None:
        """Take note of the images that the network learns from and is tested on."""
        self._dataset = dataset
        self.weights.show_dataset(dataset)

    @Slot()
    def clear(self) -> None:
        """Forget the run before."""
        self._snapshot = None
        self.weights.clear()
        for name in ("layers", "mistakes"):
            if self.is_made(name):
                self._late[name].clear()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show how the run is now."""
        self._snapshot = snapshot
        self.weights.show_snapshot(snapshot)
        if self.is_made("layers"):
            self.layers.show_records(
                snapshot.layer_statistics.records, snapshot.hyperparameters, snapshot.history
            )
        if self._dataset is not None and self.is_made("mistakes"):
            images, labels = self._dataset.test_images, self._dataset.test_labels
            figures = snapshot.test_metrics
            self.mistakes.show_evaluation(
                snapshot.test,
                images,
                labels,
                snapshot.test_step,
                is_old=figures is not None and figures.is_old,
            )

    def wants_explanation(self) -> bool:
        """Say whether it is to be seen what the drawing makes of the hidden layers."""
        return self.activations.isVisible()

    @Slot(object)
    def show_prediction(self, prediction: Prediction | None) -> None:
        """Show what becomes of the drawing in the network that reads it."""
        self._prediction = prediction
        if self.is_made("flow"):
            self.flow.show_input(
                *((prediction.network, prediction.image) if prediction else (None, None))
            )
        if prediction is None:
            self.weights.show_image(None)
            self.activations.show_activations(None)
            return
        self.weights.show_image(prediction.image)
        if prediction.explanation is not None:
            activations = prediction.explanation.activations
            self.activations.show_activations(activations, prediction.network.activations)
        elif self.activations.activations is not None:
            self.activations.show_activations(None)


def _scrolled(view: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidget(view)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area
