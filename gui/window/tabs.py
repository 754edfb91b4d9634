"""The tabs under the curves."""

from __future__ import annotations

from collections.abc import Collection
from itertools import accumulate

from PySide6.QtCore import QSize, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from core.classroom.classroom import SETTINGS
from core.colors import LIGHT, Theme
from core.datasets.dataset import Dataset
from core.inspection.prediction import Prediction
from core.training.snapshot import Snapshot
from gui.widgets.tab_view import TabView
from gui.window.grouped_tab_bar import GroupedTabBar
from gui.window.tab_table import GROUPS, PART_OF, TABS, Tab, TabParts

_LEAST_HEIGHT = 244
"""What each view makes do with, and the tabs above it: so low that the curves keep their share."""


class Tabs(QTabWidget):
    """Shows each view what is new; makes a view when its tab is first opened."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("views_tabs")
        first_tabs = list(accumulate(len(group) for group in GROUPS))[:-1]
        self._bar = GroupedTabBar(first_tabs)
        self.setTabBar(self._bar)
        self.setDocumentMode(True)
        self.setAccessibleName("Views")
        self.tabBar().setAccessibleName("Views")
        self._parts: TabParts | None = None
        self._pages: dict[str, QWidget] = {}
        self._names: Collection[str] = [tab.name for tab in TABS]
        self._settings: Collection[str] = SETTINGS
        self._views: dict[str, TabView] = {}
        self._theme = LIGHT
        self._dataset: Dataset | None = None
        self._snapshot: Snapshot | None = None
        self._prediction: Prediction | None = None
        for tab in TABS:
            page = self._pages[tab.name] = QWidget()
            page.setObjectName(f"{tab.name}_tab")
            QVBoxLayout(page).setContentsMargins(0, 8, 0, 0)
            self.setTabToolTip(self.addTab(page, tab.title), tab.tool_tip)

    def connect_to(self, parts: TabParts) -> None:
        """Make views with these parts from now on, and show what the session has."""
        self._parts = parts
        parts.session.data.changed.connect(self.show_dataset)
        parts.prediction.predicted.connect(self.show_prediction)
        self.currentChanged.connect(self._make_current)
        self._make_current()

    def minimumSizeHint(self) -> QSize:
        """Leave the size to the window: no tab sets its minimum."""
        return QSize(0, _LEAST_HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep all titles in sight."""
        super().resizeEvent(event)
        self._bar.fit(self.width())

    # --- the views ---------------------------------------------------------------------------

    def open(self, name: str) -> None:
        """Show a tab, or a part of one, by its name; does nothing if no such tab is shown."""
        tab = PART_OF.get(name, name)
        if self.is_shown(tab):
            self.setCurrentWidget(self._pages[tab])
            if tab in self._views:
                self._views[tab].open_part(name)

    def is_made(self, name: str) -> bool:
        """Whether the view of this name was made."""
        return name in self._views

    def view(self, name: str) -> TabView:
        """Return the view of this name; makes it if its tab was never opened."""
        name = PART_OF.get(name, name)
        if name not in self._views:
            assert self._parts is not None
            tab = next(tab for tab in TABS if tab.name == name)
            self._put(tab, tab.make(self._parts))
        return self._views[name]

    def limit_to(self, names: Collection[str], settings: Collection[str]) -> None:
        """Show only the tabs with these names, and in them only the settings with these names."""
        self._names, self._settings = names, settings
        for view in self._views.values():
            view.limit_to(settings)
        shown = [tab.name for tab in TABS if tab.name in names]
        if not shown:
            return  # nobody sees them
        if TABS[self.currentIndex()].name not in shown:
            self.setCurrentWidget(self._pages[shown[0]])  # so that Qt opens no other on its way
        for index, tab in enumerate(TABS):
            self.setTabVisible(index, tab.name in shown)
        self._bar.fit(self.width())

    def is_shown(self, name: str) -> bool:
        """Whether there is a tab of this name that can be opened."""
        return name in self._names

    @Slot()
    def _make_current(self) -> None:
        self.view(TABS[self.currentIndex()].name)

    def _put(self, tab: Tab, view: TabView) -> None:
        """Put a new view on its page, and show it the newest of all."""
        self._views[tab.name] = view
        view.apply_theme(self._theme)
        view.limit_to(self._settings)
        view.tab_wanted.connect(self.open)
        if self._dataset is not None:
            view.show_dataset(self._dataset)
        layout = self._pages[tab.name].layout()
        assert layout is not None
        layout.addWidget(view)
        view.show()
        if self._snapshot is not None:
            view.show_snapshot(self._snapshot)
        view.show_prediction(self._prediction)

    # --- what they show ----------------------------------------------------------------------

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self._theme = theme
        for view in self._views.values():
            view.apply_theme(theme)

    @Slot(object)
    def show_dataset(self, dataset: Dataset) -> None:
        """Use the images that the network learns from and is tested on."""
        self._dataset = dataset
        for view in self._views.values():
            view.show_dataset(dataset)

    @Slot()
    def clear(self) -> None:
        """Forget the run."""
        self._snapshot = None
        for view in self._views.values():
            view.clear()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the run's newest state."""
        self._snapshot = snapshot
        for view in self._views.values():
            view.show_snapshot(snapshot)

    @Slot(object)
    def show_prediction(self, prediction: Prediction | None) -> None:
        """Show the prediction for the drawing."""
        self._prediction = prediction
        for view in self._views.values():
            view.show_prediction(prediction)
