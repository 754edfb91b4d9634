"""The four pictures of a search, of which one is shown at a time."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QWidget

from core.colors import Theme
from core.search.plan import SearchPlan
from gui.search.dots_plot import DotsPlot
from gui.search.heat_map import HeatMap
from gui.search.importance_bars import ImportanceBars
from gui.search.parallel_plot import ParallelPlot
from gui.search.search_state import SearchState
from gui.widgets.dropdown import Dropdown
from gui.widgets.labels import empty_note, label
from gui.widgets.layouts import column, row
from gui.widgets.named import named
from gui.widgets.theme import SPACE

_DOTS, _HEAT, _PARALLEL, _IMPORTANCE = range(4)
PICTURES = (
    (_DOTS, "Settings", "Accuracy against each setting"),
    (_HEAT, "Heat map", "Accuracy over two settings"),
    (_PARALLEL, "Parallel", "All settings of each trial as a line; drag along an axis to select"),
    (_IMPORTANCE, "Importance", "How much each setting matters"),
)
"""Number, title and tool tip of each."""

_WAITING = "The first trial has not ended yet."
_ONE_SETTING = "A heat map needs two settings that vary."
_LONGEST_TITLE = 16
"""Letters of a setting's title for which there is room."""


class SearchPictures(QStackedWidget):
    """Shows one picture, or says why it cannot be shown."""

    def __init__(self, state: SearchState) -> None:
        super().__init__()
        self._state = state
        self.dots, self.heat = DotsPlot(state), HeatMap(state)
        self.parallel, self.importance = ParallelPlot(state), ImportanceBars(state)
        self.waiting = empty_note(_WAITING)
        area = named(QScrollArea(), "search_dots_scroll", "Accuracy against each setting")
        area.setWidget(self.dots)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        heat = self._make_heat_page()
        for page in (area, heat, self.parallel, self.importance, self.waiting):
            self.addWidget(page)
        self.setMinimumHeight(1)

    def _make_heat_page(self) -> QWidget:
        self.across, self.up = Dropdown("heat_x_combo"), Dropdown("heat_y_combo")
        for combo, name in (
            (self.up, "Setting from the bottom to the top"),
            (self.across, "Setting from left to right"),
        ):
            combo.setMinimumContentsLength(_LONGEST_TITLE)
            combo.setAccessibleName(name)
            combo.activated.connect(self._show_pair)
        line = row(self.up, label("↑ over", "hint"), self.across, label("→", "hint"))
        line.addStretch(1)
        page = QWidget()
        page.setLayout(column(line, self.heat, spacing=SPACE, high=self.heat))
        return page

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        for picture in (self.dots, self.heat, self.parallel, self.importance):
            picture.apply_theme(theme)

    def offer_pairs(self, plan: SearchPlan) -> None:
        """Offer the settings of the heat map; at first it has the first two."""
        for combo, first in ((self.across, 0), (self.up, 1)):
            combo.clear()
            for varied in plan.varied:
                combo.addItem(varied.setting.title)
            combo.setCurrentIndex(min(first, combo.count() - 1))
        self._show_pair()

    @Slot()
    def _show_pair(self) -> None:
        for combo in (self.across, self.up):
            combo.setToolTip(combo.currentText())
        self.heat.show_settings(self.across.currentIndex(), self.up.currentIndex())

    def show_picture(self, which: int) -> None:
        """Show the picture with this number."""
        has_two = self.across.count() > 1
        if not self._state.count or (which == _HEAT and not has_two):
            self.waiting.setText(_ONE_SETTING if self._state.count else _WAITING)
            self.setCurrentWidget(self.waiting)
        else:
            self.setCurrentIndex(which)
