"""The training images nearest to the drawing, and what they say it is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.arrays import Images, LabeledImages
from core.colors import Theme
from core.datasets.dataset import Dataset
from core.inspection.nearest import MOST, NearestImages, Neighbors
from core.inspection.prediction import Prediction
from core.wording import numeral, probability
from gui.data.image_tiles import ImageTile, ImageTiles
from gui.threads.latest_task import LatestTask
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.layouts import column
from gui.widgets.live_text import LiveText
from gui.widgets.named import named
from gui.widgets.theme import HINT_SIZE

_TOOL_TIP = (
    "The training images that differ least from your drawing, pixel by pixel, each with its class "
    "and its distance. Click one to find it among all images; double-click it to put it on the pad"
)
_BLANK = "Draw on the pad"
_WHAT_FOR = "The training images most like it appear here"
_SHORT = 3
"""Characters of a name that leave space for a distance in the same line."""
_Found = tuple[NearestImages, Neighbors]


class NearestPanel(QWidget):
    """Ten tiles, the vote of their labels, and below it what the network predicts.

    Signals
    -------
    image_chosen(int)
        The user has clicked an image: its index in the training set.
    image_opened(int)
        The user wants this image of the training set on the pad.

    Attributes
    ----------
    neighbors
        What is shown; None while the pad is blank.
    """

    image_chosen = Signal(int)
    image_opened = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.vote = named(ElidedLabel(None), "nearest_vote", "Vote of the nearest training images")
        left = Qt.AlignmentFlag.AlignLeft
        predicted = LiveText("The network predicts 0", HINT_SIZE, left, quiet=True)
        self.predicted = named(predicted, "nearest_network", "The network's prediction")
        self.predicted.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.tiles = ImageTiles(
            "nearest_images", "Nearest training images", _TOOL_TIP, MOST, lines=2, can_choose=True
        )
        self.tiles.chosen.connect(self._on_chosen)
        self.tiles.opened.connect(self._on_opened)
        self.tiles.hide()
        self.setLayout(column(self.vote, self.predicted, self.tiles, spacing=4))
        self._dataset: Dataset | None = None
        self._search: NearestImages | None = None
        self._are_short = True
        self._image: NDArray[np.uint8] | None = None
        self._prediction: Prediction | None = None
        self.neighbors: Neighbors | None = None
        self._task = LatestTask(self)
        self._task.done.connect(self._on_found)
        self._show(None)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self.tiles.apply_theme(theme)

    # --- what is asked ----------------------------------------------------------------------

    def show_dataset(self, dataset: Dataset) -> None:
        """Search in this data set from now on."""
        self._dataset, self._search = dataset, None
        self._are_short = all(len(name) <= _SHORT for name in dataset.classes)
        self.tiles.set_lines(1 if self._are_short else 2)
        self._task.forget()
        image, self._image = self._image, None
        self._show(None)
        self._ask(image)

    def show_prediction(self, prediction: Prediction | None) -> None:
        """Search for the image that the network has just predicted for; None: the pad is blank."""
        self._prediction = prediction
        self._say_prediction()
        self._ask(None if prediction is None else prediction.image)

    def showEvent(self, event: QShowEvent) -> None:
        """Search for what was drawn meanwhile."""
        super().showEvent(event)
        image, self._image = self._image, None
        self._ask(image)

    def _ask(self, image: Images | None) -> None:
        """Search for the image nearest to this one unless that was asked last."""
        if image is self._image:
            return
        self._image = image
        dataset, search = self._dataset, self._search
        if image is None:
            self._task.forget()
            self._show(None)
        elif dataset is not None and self.isVisible():
            training = LabeledImages(dataset.train_images, dataset.train_labels)

            def work() -> _Found:
                ready = search or NearestImages(training)
                return ready, ready.find(image)

            self._task.ask(work, at_once=True)

    @Slot(object)
    def _on_found(self, found: _Found) -> None:
        self._search, neighbors = found
        self._show(neighbors)

    # --- what is shown ----------------------------------------------------------------------

    def _show(self, neighbors: Neighbors | None) -> None:
        self.neighbors = neighbors
        if neighbors is not None:
            self.tiles.show()  # for good: what is below moves down once, and not at each drawing
        self.tiles.show_tiles([] if neighbors is None else self._tiles(neighbors))
        self.vote.show_text(_BLANK if neighbors is None else self._vote(neighbors))
        self._say_prediction()

    def _tiles(self, neighbors: Neighbors) -> list[ImageTile]:
        dataset = self._dataset
        assert dataset is not None
        tiles = []
        for index, label, distance in zip(
            neighbors.indices.tolist(),
            neighbors.labels.tolist(),
            neighbors.distances.tolist(),
            strict=True,
        ):
            name, far = dataset.classes[label], numeral(distance, ".2f")
            words = f"training image {numeral(index)}, labeled {name}: distance {far}"
            lines = (f"{name} · {far}",) if self._are_short else (name, far)
            tiles.append(ImageTile(dataset.train_images[index], lines, words))
        return tiles

    def _vote(self, neighbors: Neighbors) -> str:
        """Return what a vote of the neighbors answers."""
        assert self._dataset is not None
        count, most = len(neighbors.indices), neighbors.votes[0][1]
        winners = [self._dataset.classes[label] for label, n in neighbors.votes if n == most]
        if len(winners) > 1:
            return f"A tie among the {count} nearest: {' and '.join(winners)}, {most} each"
        if most == count:
            return f"All {count} nearest are labeled {winners[0]}"
        return f"Of the {count} nearest, {most} are labeled {winners[0]}"

    def _say_prediction(self) -> None:
        prediction = self._prediction
        if prediction is None:
            self.predicted.set_text(_WHAT_FOR)
        elif not prediction.is_finite:
            self.predicted.set_text("The network predicts nothing")
        else:
            name = prediction.network.classes[prediction.digit]
            share = probability(prediction.probability)
            self.predicted.set_text(f"The network predicts {name}, {share}")

    @Slot(int)
    def _on_chosen(self, tile: int) -> None:
        assert self.neighbors is not None
        self.image_chosen.emit(int(self.neighbors.indices[tile]))

    @Slot(int)
    def _on_opened(self, tile: int) -> None:
        assert self.neighbors is not None
        self.image_opened.emit(int(self.neighbors.indices[tile]))
