"""The tabs under the curves."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QTabWidget, QVBoxLayout, QWidget

from core.my_digits import MyDigits
from core.run_library import RunLibrary
from gui.activations_view import ActivationsView
from gui.my_digits_panel import MyDigitsPanel
from gui.runs_view import RunsView
from gui.theme import Theme
from gui.weights_view import WeightsView


class Views(QTabWidget):
    """Holds the views; each is drawn only while it can be seen."""

    def __init__(
        self, my_digits: MyDigits, library: RunLibrary, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("views_tabs")
        self.setDocumentMode(True)
        self.weights = WeightsView()
        self.activations = ActivationsView()
        self.runs = RunsView(library)
        self.my_digits = MyDigitsPanel(my_digits)
        self._add(self.weights, "Weights", "What each unit of the first layer looks for")
        self._add(
            _scrolled(self.activations), "Activations", "What the drawing makes of each hidden unit"
        )
        self._add(self.runs, "Runs", "All runs, to be compared")
        self._add(self.my_digits, "My digits", "Drawings of yours, to be learned")

    def _add(self, view: QWidget, title: str, tool_tip: str) -> None:
        page = QWidget()
        page.setObjectName(f"{title.lower().replace(' ', '_')}_tab")
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.addWidget(view)
        self.setTabToolTip(self.addTab(page, title), tool_tip)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        for view in (self.weights, self.activations, self.runs, self.my_digits):
            view.apply_theme(theme)


def _scrolled(view: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidget(view)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area
