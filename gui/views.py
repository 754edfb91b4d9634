"""The tabs under the curves."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QScrollArea, QTabWidget, QVBoxLayout, QWidget

from core.datasets.dataset import Dataset
from core.my_digits import MyDigits
from core.runs.run_library import RunLibrary
from core.snapshot import Snapshot
from gui.flow.flow_view import FlowView
from gui.layers.layers_view import LayersView
from gui.maths.maths_view import MathsView
from gui.mistakes.mistakes_view import MistakesView
from gui.pad.activations_view import ActivationsView
from gui.pad.my_digits_panel import MyDigitsPanel
from gui.pad.reading import Reading
from gui.runs.runs_view import RunsView
from gui.theme import Theme
from gui.weights.weights_panel import WeightsPanel


class Views(QTabWidget):
    """Holds the views; each is drawn only while it can be seen."""

    def __init__(
        self, my_digits: MyDigits, library: RunLibrary, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("views_tabs")
        self.setDocumentMode(True)
        self.weights = WeightsPanel()
        self.flow = FlowView()
        self.layers = LayersView()
        self.mistakes = MistakesView()
        self.maths = MathsView()
        self.activations = ActivationsView()
        self.runs = RunsView(library)
        self.my_digits = MyDigitsPanel(my_digits)
        self._dataset: Dataset | None = None
        self._views = (
            self.weights,
            self.flow,
            self.layers,
            self.mistakes,
            self.maths,
            self.activations,
            self.runs,
            self.my_digits,
        )
        for view, title, tool_tip in (
            (self.weights, "Weights", "What each unit looks for"),
            (self.flow, "Flow", "The way of the drawing through the network"),
            (
                self.layers,
                "Layers",
                "How each layer fares: spreads, gradients, units that are stuck",
            ),
            (self.mistakes, "Mistakes", "Which digits are taken for which"),
            (self.maths, "Maths", "Every number of a step, forward, backward and the update"),
            (
                _scrolled(self.activations),
                "Activations",
                "What the drawing makes of each hidden unit",
            ),
            (self.runs, "Runs", "All runs, to be compared"),
            (self.my_digits, "My digits", "Drawings of yours, to be learned"),
        ):
            self._add(view, title, tool_tip)

    def _add(self, view: QWidget, title: str, tool_tip: str) -> None:
        page = QWidget()
        page.setObjectName(f"{title.lower().replace(' ', '_')}_tab")
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.addWidget(view)
        self.setTabToolTip(self.addTab(page, title), tool_tip)

    def open(self, name: str) -> None:
        """Show the tab whose objectName is `name` with ``_tab`` after it, if there is one."""
        page = self.findChild(QWidget, f"{name}_tab")
        if page is not None:
            self.setCurrentWidget(page)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        for view in self._views:
            view.apply_theme(theme)

    @Slot(object)
    def show_dataset(self, dataset: Dataset) -> None:
        """Take note of the images that the network learns from and is tested on."""
        self._dataset = dataset
        self.weights.show_dataset(dataset)

    @Slot()
    def clear(self) -> None:
        """Forget the run before."""
        self.weights.clear()
        self.layers.clear()
        self.mistakes.clear()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show how the run is now."""
        self.weights.show_snapshot(snapshot)
        self.layers.show_records(snapshot.layer_statistics.records, snapshot.hyperparameters)
        if self._dataset is not None:
            images, labels = self._dataset.test_images, self._dataset.test_labels
            self.mistakes.show_evaluation(snapshot.test, images, labels, snapshot.test_step)

    def wants_explanation(self) -> bool:
        """Say whether it is to be seen what the drawing makes of the hidden layers."""
        return self.activations.isVisible()

    @Slot(object)
    def show_reading(self, reading: Reading | None) -> None:
        """Show what becomes of the drawing in the network that reads it."""
        if reading is None:
            self.flow.show_input(None, None)
            self.weights.show_image(None)
            self.activations.show_activations(None)
            return
        self.flow.show_input(reading.network, reading.image)
        self.weights.show_image(reading.image)
        if reading.explanation is not None:
            activations = reading.explanation.activations
            self.activations.show_activations(activations, reading.network.activations)


def _scrolled(view: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidget(view)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area
