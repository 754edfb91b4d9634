"""All training images, of one class or all, in several orders."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from core.arrays import LabeledImages
from core.colors import Theme
from core.datasets.dataset import Dataset
from core.inspection.image_order import NEED_SCORES, OrderName, order_images
from core.training.snapshot import Snapshot
from core.wording import numeral
from gui.data.wall_scores import WallScores
from gui.mistakes.digit_gallery import DigitGallery
from gui.widgets.buttons import button
from gui.widgets.check_box import CheckBox
from gui.widgets.choice import Choice
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.layouts import column, row
from gui.widgets.segmented_choice import SegmentedChoice
from gui.widgets.wrapping_row import WrappingRow

_ORDERS: tuple[tuple[OrderName, str, str], ...] = (
    ("file", "As in the set", "In the order of the file or folder"),
    ("class", "By class", "All images of a class together"),
    ("hardest", "Hardest first", "The highest loss of the network first"),
    ("mistakes", "Mistakes", "Only images that the network predicts wrongly, hardest first"),
    (
        "wrong-labels",
        "Wrong labels?",
        "Labels that the network contradicts with confidence. Those that it has memorized stay "
        "hidden",
    ),
    ("duplicates", "Duplicates", "Images that occur twice or more, or also in the test set"),
)
_ZOOMS = ((1, "S", "Small images"), (2, "M", "Images with predictions"), (3, "L", "Large images"))
_ALL = (None, "All classes", "Images of every class")
_STANDSTILL_MS = 400
"""A run that has taken no step for this long is paused."""

_UNTRAINED = "Sorted by the untrained network, which knows nothing: train, then sort again."
_WAITING = {"duplicates": "Looking for duplicates…"}


class Wall(QWidget):
    """The images, what they are sorted by, and a line on what was found.

    Nothing moves under the hand: an order stays as it is until the user asks to sort again.

    Signals
    -------
    image_chosen(int)
        The user wants this image on the pad: its index in the training set.
    class_shown(int or None)
        The user has chosen to see this class alone, or all.
    """

    image_chosen = Signal(int)
    class_shown = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._images: LabeledImages | None = None
        self._waits_for = ""
        self._sorted_at: int | None = None
        self.scores = WallScores(self)
        self.scores.scored.connect(self._on_scored)
        self.scores.duplicates_found.connect(self._on_compared)
        self.scores.failed.connect(self._on_failed)
        self._standstill = QTimer(self, interval=_STANDSTILL_MS, singleShot=True)
        self._standstill.timeout.connect(self._score_at_once)
        self.gallery = DigitGallery(
            "wall", "Training images", "Click an image to put it on the pad", "Training image"
        )
        self.gallery.digit_chosen.connect(self.image_chosen)
        self.class_ = Choice("wall_class_combo", [_ALL])
        self.class_.chosen.connect(self._on_class_chosen)
        self.order = Choice("wall_order_combo", _ORDERS)
        self.order.chosen.connect(self._sort)
        self.zoom = SegmentedChoice("wall_zoom_combo", _ZOOMS)
        self.zoom.set_value(2)
        self.zoom.chosen.connect(self.gallery.set_zoom)
        self.gallery.zoom_wanted.connect(self._zoom_by)
        self.finding = ElidedLabel()
        self.finding.setObjectName("wall_finding")
        self.again = button("sort_again_button", "Sort again", "Sort by the newest network")
        self.again.clicked.connect(self._sort)
        self.again.hide()
        self.details = CheckBox("Details")
        self.details.setObjectName("data_details_box")
        self.details.setChecked(True)
        selectors = WrappingRow(gap=8)
        for control, name, tool_tip in (
            (self.order, "Order", "What the images are sorted by"),
            (self.class_, "Class", "The class whose images are shown"),
            (self.zoom, "Size", "How large the images are (Ctrl+wheel)"),
            (self.details, "Details", "Show the classes, nearest images and augmentation"),
        ):
            control.setAccessibleName(name)
            control.setToolTip(tool_tip)
            selectors.addWidget(control)
        for combo, characters in ((self.order, 10), (self.class_, 8)):
            combo.setMinimumContentsLength(characters)
        found = row(self.finding, self.again, wide=self.finding)
        self.setLayout(column(selectors, found, self.gallery, spacing=6, high=self.gallery))

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self.gallery.apply_theme(theme)

    # --- what is shown --------------------------------------------------------------------

    def show_dataset(self, dataset: Dataset) -> None:
        """Show all images of this data set, in its own order."""
        self._images = LabeledImages(dataset.train_images, dataset.train_labels)
        self.scores.show_dataset(dataset)
        self.gallery.name_classes(dataset.classes)
        self.class_.set_options(
            [_ALL, *((k, name, f"Only {name}") for k, name in enumerate(dataset.classes))]
        )
        self.class_.set_value(None)
        self.order.set_value("file")
        self._sort()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Take the network of this moment for the predictions and the next order."""
        self.scores.show_snapshot(snapshot)
        if self.isVisible():
            self.scores.score(at_once=self._waits_for in NEED_SCORES)
            self._standstill.start()

    def clear(self) -> None:
        """Forget the run; the images stay."""
        self._standstill.stop()
        self.scores.clear()
        if self._images is not None:
            self._sort()

    def show_class(self, label: int | None) -> None:
        """Show one class, or all."""
        if label != self.class_.currentData():
            self.class_.set_value(label)
            self._sort()

    @Slot(int)
    def reveal(self, index: int) -> None:
        """Scroll to an image and mark it; if it is not shown now, then among all in their order."""
        if not self.gallery.reveal(index):
            self.class_.set_value(None)
            self.order.set_value("file")
            self._sort()
            self.class_shown.emit(None)
            self.gallery.reveal(index)

    def showEvent(self, event: QShowEvent) -> None:
        """Have the images scored that are in sight now."""
        super().showEvent(event)
        self.scores.score(at_once=True)

    @Slot(int)
    def _zoom_by(self, step: int) -> None:
        zoom = min(max(self.zoom.currentData() + step, 1), len(_ZOOMS))
        self.zoom.set_value(zoom)
        self.gallery.set_zoom(zoom)

    @Slot()
    def _score_at_once(self) -> None:
        """Show what the network says now that it no longer changes."""
        if self.isVisible():
            self.scores.score(at_once=True)

    # --- the order ------------------------------------------------------------------------

    @Slot(object)
    def _on_class_chosen(self, label: int | None) -> None:
        self._sort()
        self.class_shown.emit(label)

    @Slot()
    def _sort(self) -> None:
        """Show the images in the chosen order, as soon as what it needs is known."""
        name: OrderName = self.order.currentData()
        self._waits_for = ""
        self.again.hide()
        if self._images is None:
            return
        if name in NEED_SCORES and not self.scores.is_current:
            self.scores.score(at_once=True)
            self._wait(name)
        elif name == "duplicates" and self.scores.duplicates is None:
            self.scores.compare()
            self._wait(name)
        else:
            self._show(name)

    def _wait(self, name: OrderName) -> None:
        """Say what is being worked out; the images of before stay."""
        self._waits_for = name
        images = numeral(len(self._images.labels) if self._images is not None else 0)
        self.finding.show_text(_WAITING.get(name, f"Evaluating {images} training images…"))

    def _show(self, name: OrderName) -> None:
        assert self._images is not None
        scores, label = self.scores.scores, self.class_.currentData()
        order = order_images(
            name, self._images.labels, scores, self.scores.duplicates, of_class=label
        )
        self._sorted_at = self.scores.step if name in NEED_SCORES else None
        self.gallery.show_digits(order.indices, scores, self._images)
        at = "" if self._sorted_at is None else f" (step {numeral(self._sorted_at)})"
        is_blank = self._sorted_at == 0
        self.finding.show_text(_UNTRAINED if is_blank else f"{order.finding}{at}")

    @Slot()
    def _on_scored(self) -> None:
        if self._waits_for in NEED_SCORES:
            self._waits_for = ""
            self._show(self.order.currentData())
        elif self.scores.scores is not None:
            self.gallery.show_newer(self.gallery.digits, self.scores.scores)
            self.again.setVisible(self._sorted_at not in (None, self.scores.step))

    @Slot()
    def _on_compared(self) -> None:
        if self._waits_for == "duplicates":
            self._waits_for = ""
            self._show("duplicates")

    @Slot(str)
    def _on_failed(self, problem: str) -> None:
        if self._waits_for:
            self._waits_for = ""
            self.finding.show_text(problem)
