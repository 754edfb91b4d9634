"""Queries that take too long for a frame: orders, backprojected weights, top images."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Slot

from core.arrays import PIXELS, LabeledImages
from core.datasets.dataset import Dataset
from core.inspection.unit_views import UnitOrder, backprojected_weights, top_activating, unit_order
from core.network.layers import Parameters
from core.network.network import Network
from gui.threads.latest_task import LatestTask
from gui.weights.top_images import MOST, TopActivations

_SAMPLE = 1_000
"""Test images on which a unit's usage is measured."""


_STEADY = 2.0
"""Seconds that an order stays at least: units that move while they learn are hard to follow."""

Picture = tuple[int, Parameters]
"""A layer's number, from 1, and its backprojected W, (784, units), with its b."""

Order = tuple[int, NDArray[np.intp] | None]
"""A layer's number, from 1, and its units in their order, (units,); None is that by number."""


class UnitQueries(QObject):
    """Works in the thread pool; each task signals its answers by `done`.

    Attributes
    ----------
    picturing
        Answers with a Picture: what the units of a deeper layer look for.
    ordering
        Answers with an Order in which to show the units.
    finding
        Answers with the TopActivations of the unit that was asked about last.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._test: LabeledImages | None = None
        self._asked: tuple[int, int] | None = None
        self.picturing = LatestTask(self)
        self.ordering = LatestTask(self, _STEADY)
        self.finding = LatestTask(self)

    @property
    def is_idle(self) -> bool:
        """Whether no answer is pending."""
        return all(job.is_idle for job in (self.picturing, self.ordering, self.finding))

    @Slot(object)
    def show_dataset(self, dataset: Dataset | None) -> None:
        """Search the test set of this data set."""
        self._test = None if dataset is None else dataset.test
        self.finding.forget()

    def forget(self) -> None:
        """Drop all pending queries."""
        for job in (self.picturing, self.ordering, self.finding):
            job.forget()
        self._asked = None

    def ask_picture(self, network: Network, layer: int, at_once: bool) -> None:
        """Ask what the units of a layer look for; at once if the user waits for it."""

        def carry() -> Picture:
            weights = backprojected_weights(network, layer)
            return layer, Parameters(weights, network.layers[layer - 1].b)

        self.picturing.ask(carry, at_once)

    def ask_order(self, network: Network, layer: int, order: UnitOrder, at_once: bool) -> None:
        """Ask for the order of a layer's units; the order by number is signaled now."""
        if order == "index":
            self.ordering.forget()
            self.ordering.done.emit((layer, None))
            return
        images = np.zeros((1, PIXELS), np.uint8)
        if self._test is not None:
            images = self._test.images[:_SAMPLE]
        self.ordering.ask(lambda: (layer, unit_order(network, layer, order, images)), at_once)

    def ask_top_images(self, network: Network, layer: int, unit: int, at_once: bool) -> None:
        """Ask for the top images of a unit."""
        test = self._test
        if test is None:
            return

        def look() -> TopActivations:
            indices, responses = top_activating(network, layer, unit, test.images, MOST)
            return TopActivations(
                indices, test.images[indices], test.labels[indices], responses, network.classes
            )

        if (layer, unit) != self._asked:
            self.finding.forget()  # an answer about another unit
            self._asked = (layer, unit)
        self.finding.ask(look, at_once)
