"""What every tab under the curves can be shown."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from core.colors import Theme
from core.datasets.dataset import Dataset
from core.inspection.prediction import Prediction
from core.training.snapshot import Snapshot


class TabView(QWidget):
    """A view in a tab. A subclass overrides what it shows; the rest does nothing.

    Each is called as soon as there is something new, whether the tab is open or not; a tab that is
    opened for the first time is shown the newest of all.

    Signals
    -------
    tab_wanted(name)
        What the user has asked for is in another tab.
    """

    tab_wanted = Signal(str)

    @Slot(object)
    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""

    def show_dataset(self, dataset: Dataset) -> None:
        """Use this data set."""

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the run's newest state."""

    def show_prediction(self, prediction: Prediction | None) -> None:
        """Show the prediction for the drawing; None while the pad is blank."""

    @Slot()
    def clear(self) -> None:
        """Forget the run."""

    def open_part(self, name: str) -> None:
        """Show the part of this name, in a view that has several."""

    def limit_to(self, settings: Collection[str]) -> None:
        """Offer only the settings with these names."""
