"""The Data tab: what the network learns from."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent

from core.colors import Theme
from core.datasets.dataset import Dataset
from core.inspection.prediction import Prediction
from core.training.snapshot import Snapshot
from gui.data.data_column import DataColumn
from gui.data.wall import Wall
from gui.widgets.layouts import row
from gui.widgets.tab_view import TabView


class DataView(TabView):
    """All images on a wall; beside it the classes, nearest images, and what augmentation does.

    Signals
    -------
    image_opened(int)
        The user wants this image of the training set on the pad.
    """

    image_opened = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("data_view")
        self.wall = Wall()
        self.column = DataColumn()
        self.wall.image_chosen.connect(self.column.show_image)
        self.wall.image_chosen.connect(self.image_opened)
        self.wall.class_shown.connect(self.column.show_class)
        self.column.class_chosen.connect(self.wall.show_class)
        self.column.image_chosen.connect(self.column.show_image)
        self.column.image_chosen.connect(self.wall.reveal)
        self.column.image_opened.connect(self.image_opened)
        self.wall.details.toggled.connect(self.column.setVisible)
        self.setLayout(row(self.wall, self.column, spacing=12, wide=self.wall))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave most of the width to the wall."""
        super().resizeEvent(event)
        self.column.fit(self.width())

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self.wall.apply_theme(theme)
        self.column.apply_theme(theme)

    def limit_to(self, settings: Collection[str]) -> None:
        """Offer only the settings with these names."""
        self.column.limit_to(settings)

    def show_dataset(self, dataset: Dataset) -> None:
        """Show the images of this data set."""
        self.wall.show_dataset(dataset)
        self.column.show_dataset(dataset)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Sort by this network from now on."""
        self.wall.show_snapshot(snapshot)

    def clear(self) -> None:
        """Forget the run; the images stay."""
        self.wall.clear()

    def show_prediction(self, prediction: Prediction | None) -> None:
        """Show the training images nearest to the drawing."""
        self.column.show_prediction(prediction)

    def open_part(self, name: str) -> None:
        """Open a section of the column."""
        self.column.open_section(name)
