"""A set of labeled digit images, split into a training and a test part."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.arrays import PIXELS, LabeledImages
from core.errors import ConfigError, DataError
from core.settings.data_source import DataSource, classes_of
from core.wording import numeral


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images and labels; the arrays are made read-only.

    Attributes
    ----------
    name
        Which data set this is; own data with everything decided that was open before reading.
    train_images, test_images
        uint8, (n, 784), a flattened 28×28 image per row; 0 is background, 255 is ink. Stay uint8,
        because a batch is scaled to 0…1 in the time it takes to gather it, at a quarter of the
        memory.
    train_labels, test_labels
        uint8, (n,), the place of each image's class in :attr:`classes`.

    Raises
    ------
    DataError
        If the type, shape or range of an array is wrong.
    """

    name: DataSource
    train_images: NDArray[np.uint8]
    train_labels: NDArray[np.uint8]
    test_images: NDArray[np.uint8]
    test_labels: NDArray[np.uint8]

    def __post_init__(self) -> None:
        """Check the arrays and make them read-only."""
        for part in ("train", "test"):
            images = getattr(self, f"{part}_images")
            labels = getattr(self, f"{part}_labels")
            if images.dtype != np.uint8 or images.ndim != 2 or images.shape[1] != PIXELS:
                raise DataError(
                    f"The {part} images of '{self.name}' are {images.dtype} {images.shape}, "
                    f"not uint8 (n, {PIXELS})."
                )
            if labels.dtype != np.uint8 or labels.shape != (len(images),):
                raise DataError(
                    f"The {part} labels of '{self.name}' are {labels.dtype} {labels.shape}, "
                    f"not uint8 ({len(images)},)."
                )
            if not len(labels) or labels.max() >= len(self.classes):
                raise DataError(
                    f"The {part} labels of '{self.name}' are empty, or not all 0 to "
                    f"{len(self.classes) - 1}."
                )
            images.setflags(write=False)
            labels.setflags(write=False)

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes."""
        return classes_of(self.name)

    @cached_property
    def checksum(self) -> str:
        """SHA-256 of all images and labels, which identifies the data set."""
        digest = hashlib.sha256()
        for part in (self.train_images, self.train_labels, self.test_images, self.test_labels):
            digest.update(np.ascontiguousarray(part).data)
        return digest.hexdigest()

    @property
    def test(self) -> LabeledImages:
        """The test set."""
        return LabeledImages(self.test_images, self.test_labels)

    def check_classes(self, classes: tuple[str, ...]) -> None:
        """Raise a ConfigError unless these are the classes, of a network for example."""
        if classes != self.classes:
            raise ConfigError(
                f"The network has the classes {', '.join(classes)}, but '{self.name}' has others: "
                f"{', '.join(self.classes)}."
            )

    def hold_out(self, validation: int) -> tuple[LabeledImages, LabeledImages]:
        """Return the training set without its last `validation` images, and those.

        Raises
        ------
        ConfigError
            If no training images would be left.
        """
        left = len(self.train_labels) - validation
        if left < 1:
            raise ConfigError(
                f"A validation split of {numeral(validation)} images leaves nothing to train on: "
                f"'{self.name}' has {numeral(len(self.train_labels))} training images."
            )
        return (
            LabeledImages(self.train_images[:left], self.train_labels[:left]),
            LabeledImages(self.train_images[left:], self.train_labels[left:]),
        )
