"""Chooses the network of one side: where it comes from, and which moment of its run."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFileDialog, QSizePolicy, QWidget

from core.colors import Theme
from core.training.film import FilmMoment
from core.wording import capitalized, numeral
from gui.compare.side import Side
from gui.compare.sources import THIS_RUN, NetworkSources, Source
from gui.film.moment_slider import MomentSlider
from gui.widgets.dropdown import Dropdown
from gui.widgets.layouts import row
from gui.widgets.literal_text import literal
from gui.widgets.named import named

_FILE = "Choose a run…"
_FILE_TIP = "Compare with a run that was saved to a file"
_FILTER = "Runs (*.npz)"
_LEAST_LETTERS = 8


class SideChooser(QWidget):
    """A drop-down of sources, and a slider where the source has moments.

    Parameters
    ----------
    side
        What it shows and changes.
    sources
        What can be chosen.
    name
        "left" or "right".
    """

    def __init__(self, side: Side, sources: NetworkSources, name: str) -> None:
        super().__init__()
        self._side = side
        self._sources = sources
        self._offered: list[Source] = []
        self._places: tuple[FilmMoment, ...] = ()
        title = capitalized(name)
        self.combo = named(Dropdown(f"compare_{name}"), f"compare_{name}", f"{title} network")
        self.combo.setMinimumContentsLength(_LEAST_LETTERS)
        self.combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.combo.activated.connect(self._on_activated)
        slider = MomentSlider(f"compare_{name}_moment")
        tip = "Which moment of the run to compare; the right end is the newest"
        self.slider = named(slider, slider.objectName(), f"{title} moment", tip)
        self.slider.hide()  # there is nothing to choose from yet
        self.slider.valueChanged.connect(self._on_slid)
        self.setLayout(row(self.combo, self.slider))
        sources.changed.connect(self._list_sources)
        side.changed.connect(self._show_side)
        sources.shown.moments_changed.connect(self._show_side)
        self.slider.sliderReleased.connect(self._show_side)
        self._list_sources()
        self._show_side()

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self.slider.apply_theme(theme)

    def choose_file(self) -> None:
        """Ask for the file of a saved run, and compare with that."""
        file, _ = QFileDialog.getOpenFileName(self.window(), "Choose a run", filter=_FILTER)
        if file:
            self._side.choose(self._sources.add_file(Path(file)))

    # --- what is shown ----------------------------------------------------------------------

    @Slot()
    def _list_sources(self) -> None:
        """Offer what there is now, and what is chosen even if it is there no more."""
        self._offered = self._sources.all
        if self._side.source not in self._offered:
            self._offered.append(self._side.source)
        self.combo.clear()
        for index, source in enumerate(self._offered):
            self.combo.addItem(self._sources.title(source))
            tip = self._sources.tool_tip(source)
            self.combo.setItemData(index, tip, Qt.ItemDataRole.ToolTipRole)
        self.combo.addItem(_FILE)
        self.combo.setItemData(len(self._offered), _FILE_TIP, Qt.ItemDataRole.ToolTipRole)
        self._show_source()

    def _show_source(self) -> None:
        source = self._side.source
        if source not in self._offered:
            self._list_sources()
            return
        self.combo.setCurrentIndex(self._offered.index(source))
        title, tip = self._sources.title(source), self._sources.tool_tip(source)
        self.combo.setToolTip(literal(f"{title}: {tip}"))

    @Slot()
    def _show_side(self) -> None:
        """Show source and moment; a slider that is dragged keeps its places."""
        self._show_source()
        side = self._side
        if self.slider.isSliderDown():
            return
        moments = side.moments
        index = len(moments) if side.moment is None else moments.index(side.moment)
        if moments == self._places and index == self.slider.value():
            self._say_step(index)  # of now, it is another at each frame
            return
        self.slider.setVisible(bool(moments))
        best = self._sources.shown.best if side.source == THIS_RUN else None
        self._places = moments
        self.slider.set_moments(moments, best, side.newest_step, index)
        self._say_step(index)

    def _say_step(self, index: int) -> None:
        numbers = [*(moment.step for moment in self._places), self._side.newest_step]
        self.slider.numbers = numbers
        self.slider.number = numbers[index]
        self.slider.words = f"Step {numeral(numbers[index])}"

    # --- what the user does -----------------------------------------------------------------

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        if index < len(self._offered):
            self._side.choose(self._offered[index])
        else:
            self._show_source()
            self.choose_file()

    @Slot(int)
    def _on_slid(self, index: int) -> None:
        places = self._places
        self._side.choose_moment(places[index] if index < len(places) else None)
        step = self.slider.numbers[index]
        self.slider.say(step, f"Step {numeral(step)}")
