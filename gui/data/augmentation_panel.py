"""What data augmentation makes of one training image, beside its settings."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from core.colors import Theme
from core.datasets.dataset import Dataset
from core.inspection.augmented_versions import augmented_versions
from core.settings.augmentation import NO_AUGMENTATION, Augmentation
from core.wording import numeral
from gui.data.image_tiles import ImageTile, ImageTiles, width_for
from gui.settings.augmentation_settings import AugmentationSettings
from gui.widgets.buttons import button
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.labels import label
from gui.widgets.layouts import column, row
from gui.widgets.named import named

_COUNT = 10
"""At most; as many are shown as there is space for."""
_NEW = "Draw other random numbers, as the next epochs of training do"
_OFF = "Off: every epoch sees the image as it is"
_OFFER = "Off: choose Default or Custom below"
_ON = "Every epoch sees another version"
_NO_DATA = "No data yet"


class AugmentationPanel(QWidget):
    """An image, versions of it that follow the settings at once, and these settings.

    The random numbers stay until the user wants others, so that a slider shows its own effect.

    Signals
    -------
    augmentation_changed(Augmentation)
        By the user's hand.

    Attributes
    ----------
    settings
        The same as in the left column.
    """

    augmentation_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.original = ImageTiles(
            "augmented_original", "Training image", "The chosen training image", most=1
        )
        self.original.setFixedWidth(width_for(1, 2))
        self.title = named(ElidedLabel(), "augmented_title", "Chosen training image")
        self.state = named(label("", "hint"), "augmentation_state")
        self.state.setWordWrap(True)
        self.again = button("new_samples_button", "New samples", _NEW)
        self.again.clicked.connect(self._draw_again)
        self.versions = ImageTiles(
            "augmented_images",
            "Augmented versions",
            "The image as training would see it, at the settings below",
        )
        self.settings = AugmentationSettings("data_")
        self.settings.augmentation_changed.connect(self.augmentation_changed)
        facts = column(self.state, self.again, spacing=4)
        facts.setAlignment(self.again, Qt.AlignmentFlag.AlignLeft)
        facts.addStretch(1)
        top = row(self.original, facts, spacing=0, wide=facts)
        self.setLayout(column(self.title, top, self.versions, self.settings, spacing=4))
        self._augmentation = NO_AUGMENTATION
        self._dataset: Dataset | None = None
        self._index = 0
        self._seed = 0
        self._show()

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self.original.apply_theme(theme)
        self.versions.apply_theme(theme)

    def show_dataset(self, dataset: Dataset) -> None:
        """Augment the first training image of another data set."""
        self._dataset, self._index = dataset, 0
        self._show()

    def show_image(self, index: int) -> None:
        """Augment this image of the training set."""
        self._index = index
        self._show()

    def show_augmentation(self, augmentation: Augmentation) -> None:
        """Augment with these strengths, which are in force."""
        self.settings.show_augmentation(augmentation)
        if augmentation != self._augmentation:
            self._augmentation = augmentation
            self._show()

    def offer_settings(self, is_offered: bool) -> None:
        """Show the settings, or only what they do."""
        self.settings.setVisible(is_offered)
        self._show()

    @Slot()
    def _draw_again(self) -> None:
        self._seed += 1
        self._show()

    def _show(self) -> None:
        dataset, augmentation = self._dataset, self._augmentation
        self.again.setEnabled(augmentation.is_on)
        off = _OFF if self.settings.isHidden() else _OFFER
        self.state.setText(_ON if augmentation.is_on else off)
        if dataset is None:
            self.title.show_text(_NO_DATA)
            return
        image = dataset.train_images[self._index]
        name = dataset.classes[dataset.train_labels[self._index]]
        title = f"Training image {numeral(self._index)}: {name}"
        self.title.show_text(title)
        self.original.show_tiles([ImageTile(image, (), title)])
        versions = augmented_versions(image, augmentation, _COUNT, self._seed)
        shades = np.rint(255 * versions).astype(np.uint8)
        words = f"a version of training image {numeral(self._index)}"
        self.versions.show_tiles([ImageTile(pixels, (), words) for pixels in shades])
