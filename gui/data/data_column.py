"""What stands beside the wall of images: the classes, nearest images, and augmentation."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QScrollArea, QWidget

from core.colors import Theme
from core.datasets.dataset import Dataset
from core.inspection.class_summary import ClassSummary, summarize_classes
from core.inspection.prediction import Prediction
from core.settings.augmentation import Augmentation
from gui.data.augmentation_panel import AugmentationPanel
from gui.data.class_bars import ClassBars
from gui.data.image_tiles import width_for
from gui.data.nearest_panel import NearestPanel
from gui.threads.latest_task import LatestTask
from gui.widgets.layouts import column
from gui.widgets.named import named
from gui.widgets.section import Section

_MARGIN = 8
_SIZES = ((5, 3), (5, 2), (4, 2))
"""Images in a row, and how large they are: the first that leaves most of the space to the wall."""
_MOST = 0.4
"""Share of the space that the column may take."""


_CLOSED = ("augmentation_in_data",)
"""At first, so that the classes are in sight; its heading says what is in force."""


class DataColumn(QScrollArea):
    """Three sections, each of which can be closed.

    Signals
    -------
    class_chosen(int or None)
        The user wants to see the images of this class only, or of all.
    image_chosen(int)
        The user wants to see this image among all: its index in the training set.
    image_opened(int)
        The user wants this image of the training set on the pad.
    augmentation_changed(Augmentation)
        By the user's hand.
    """

    class_chosen = Signal(object)
    image_chosen = Signal(int)
    image_opened = Signal(int)
    augmentation_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        named(self, "data_column", "About the data")
        self.nearest = NearestPanel()
        self.bars = ClassBars()
        self.augmentation = AugmentationPanel()
        self.nearest.image_chosen.connect(self.image_chosen)
        self.nearest.image_opened.connect(self.image_opened)
        self.bars.class_chosen.connect(self.class_chosen)
        self.augmentation.augmentation_changed.connect(self.augmentation_changed)
        self._counting = LatestTask(self)
        self._counting.done.connect(self._show_summary)
        self._lay_out()

    def _lay_out(self) -> None:
        bars = QWidget()
        bars.setLayout(column(self.bars))
        self.sections = (
            Section(
                "Nearest images",
                "nearest_in_data",
                "The training images most like your drawing",
                self.nearest,
            ),
            Section(
                "Data augmentation",
                "augmentation_in_data",
                "What training makes of one image",
                self.augmentation,
            ),
            Section("Classes", "classes_in_data", "How many images there are of each", bars),
        )
        layout = column(*self.sections, spacing=4)
        layout.addStretch(1)
        layout.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        content = QWidget()
        content.setLayout(layout)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for section in self.sections:
            section.header.clicked.connect(partial(self._reveal, section))
            section.set_open(section.name not in _CLOSED)

    def open_section(self, name: str) -> None:
        """Open the section of this name, nearest, augmentation or classes, and scroll to it."""
        for section in self.sections:
            if section.name == f"{name}_in_data":
                section.set_open(True)
                self._reveal(section)

    def _reveal(self, section: Section) -> None:
        """Scroll to a section that has just been opened, once it is laid out."""
        if section.is_open:
            QTimer.singleShot(0, self, partial(self._scroll_to, section))

    def _scroll_to(self, section: Section) -> None:
        """Bring as much of a section into sight as there is space for, from its heading on."""
        for part in (section, section.header):
            self.ensureWidgetVisible(part, 0, 0)

    def fit(self, room: int) -> None:
        """Take the width that goes with the space for the column and the wall together."""
        beside = 2 * _MARGIN + self.verticalScrollBar().sizeHint().width()
        widths = [width_for(*size) + beside for size in _SIZES]
        self.setFixedWidth(next((w for w in widths if w <= _MOST * room), widths[-1]))

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        for part in (self.nearest, self.bars, self.augmentation):
            part.apply_theme(theme)

    # --- what is shown ----------------------------------------------------------------------

    def show_dataset(self, dataset: Dataset) -> None:
        """Show another data set; its classes are counted in another thread."""
        self.nearest.show_dataset(dataset)
        self.augmentation.show_dataset(dataset)
        self.bars.show_summary(None)
        self._counting.forget()
        self._counting.ask(lambda: summarize_classes(dataset), at_once=True)

    @Slot(object)
    def _show_summary(self, summary: ClassSummary) -> None:
        self.bars.show_summary(summary)
        self.sections[-1].header.show_summary(f"{len(summary.classes)} classes")

    def show_prediction(self, prediction: Prediction | None) -> None:
        """Show the training images nearest to what was predicted for; None: the pad is blank."""
        self.nearest.show_prediction(prediction)

    def show_image(self, index: int) -> None:
        """Augment this training image, which the user has chosen."""
        self.augmentation.show_image(index)

    def show_class(self, label: int | None) -> None:
        """Mark the class whose images are shown; None: those of all."""
        self.bars.select(label)

    @Slot(object)
    def show_augmentation(self, augmentation: Augmentation) -> None:
        """Show the augmentation in force."""
        self.augmentation.show_augmentation(augmentation)
        self.sections[1].header.show_summary(self.augmentation.settings.summary)

    def limit_to(self, settings: Collection[str]) -> None:
        """Offer only the settings with these names."""
        self.augmentation.offer_settings("augmentation" in settings)
