"""The Data tab: what the network learns from."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Signal

from core.colors import Theme
from core.datasets.dataset import Dataset
from core.inspection.prediction import Prediction
from gui.data.data_column import DataColumn
from gui.widgets.layouts import row
from gui.widgets.tab_view import TabView


class DataView(TabView):
    """The classes, the images nearest to the drawing, and what augmentation does.

    Signals
    -------
    image_opened(int)
        The user wants this image of the training set on the pad.
    """

    image_opened = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("data_view")
        self.column = DataColumn()
        self.column.image_chosen.connect(self.column.show_image)
        self.column.image_opened.connect(self.image_opened)
        self.setLayout(row(self.column, wide=self.column))

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self.column.apply_theme(theme)

    def limit_to(self, settings: Collection[str]) -> None:
        """Offer only the settings with these names."""
        self.column.limit_to(settings)

    def show_dataset(self, dataset: Dataset) -> None:
        """Show the images of this data set."""
        self.column.show_dataset(dataset)

    def show_prediction(self, prediction: Prediction | None) -> None:
        """Show the training images nearest to the drawing."""
        self.column.show_prediction(prediction)

    def open_part(self, name: str) -> None:
        """Open a section of the column."""
        self.column.open_section(name)
