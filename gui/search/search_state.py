"""What the views of a search share: its trials, the chosen one, and which are brushed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from core.search.results import SearchResults
from core.wording import percent
from gui.search.trial_axis import TrialAxis, accuracy_axis, setting_axis, value_text


class SearchState(QObject):
    """The trials of one search.

    Attributes
    ----------
    results
        None before a search is shown.
    axes
        Of each setting that varies, and last that of the accuracy.
    importance
        Of each setting by name, 0…1; empty as long as it is not known.
    brushes
        By the index of an axis, the part of it, 0…1, that is selected.
    mask
        bool, (n,): which trials lie within all brushes.
    chosen
        The place of the trial that is looked at, or None.

    Signals
    -------
    changed()
        There are other results.
    brushed()
        `mask` is another.
    chosen_changed()
        See `chosen`.
    """

    changed = Signal()
    brushed = Signal()
    chosen_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.results: SearchResults | None = None
        self.axes: tuple[TrialAxis, ...] = ()
        self.importance: Mapping[str, float] = {}
        self.brushes: dict[int, tuple[float, float]] = {}
        self.mask: NDArray[np.bool_] = np.empty(0, bool)
        self.chosen: int | None = None

    def show(
        self, results: SearchResults | None, importance: Mapping[str, float], is_same: bool
    ) -> None:
        """Show other results; brushes and the chosen trial stay if the search `is_same`."""
        run = self.chosen_run if is_same else None
        self.results, self.importance = results, importance
        if not is_same:
            self.brushes = {}
        if results is None:
            self.axes = ()
        else:
            settings = [setting_axis(results, i) for i in range(len(results.varied))]
            self.axes = (*settings, accuracy_axis(results.accuracy))
        self.chosen = None
        if run is not None and results is not None:
            runs = [record.id for record in results.records]
            self.chosen = runs.index(run) if run in runs else None
        self._mask()
        self.changed.emit()
        self.chosen_changed.emit()

    @property
    def count(self) -> int:
        """How many trials there are."""
        return 0 if self.results is None else len(self.results)

    @property
    def chosen_run(self) -> str | None:
        """The id of the first run of the chosen trial."""
        if self.results is None or self.chosen is None:
            return None
        return self.results.records[self.chosen].id

    # --- choosing -----------------------------------------------------------------------------

    def choose(self, place: int | None) -> None:
        """Look at a trial; None: at none."""
        if place != self.chosen:
            self.chosen = place
            self.chosen_changed.emit()

    def step(self, by: int) -> None:
        """Choose a better (negative) or a worse trial among those that are brushed."""
        if self.results is None or not self.mask.any():
            return
        ranked = [int(place) for place in self.results.ranked() if self.mask[place]]
        at = ranked.index(self.chosen) + by if self.chosen in ranked else 0
        self.choose(ranked[min(max(at, 0), len(ranked) - 1)])

    def text(self, place: int) -> str:
        """Return what a trial is, in one line."""
        results = self.results
        assert results is not None
        values = ", ".join(
            f"{varied.setting.title} {value_text(results.value(place, setting), '.4g')}"
            for setting, varied in enumerate(results.varied)
        )
        state = results.states[place]
        ended = "" if state == "complete" else f" ({state})"
        accuracy = percent(float(results.accuracy[place]))
        return f"Trial {results.trials[place]}: {accuracy}{ended}, {values}"

    # --- brushing -----------------------------------------------------------------------------

    def brush(self, axis: int, ends: tuple[float, float] | None) -> None:
        """Select a part of an axis; None: all of it."""
        if ends is None:
            self.brushes.pop(axis, None)
        else:
            self.brushes[axis] = min(ends), max(ends)
        self._mask()
        self.brushed.emit()

    def clear_brushes(self) -> None:
        """Select all trials again."""
        self.brushes = {}
        self._mask()
        self.brushed.emit()

    def _mask(self) -> None:
        mask = np.ones(self.count, bool)
        for axis, (low, high) in self.brushes.items():
            places = self.axes[axis].places
            mask &= (places >= low) & (places <= high)
        self.mask = mask
