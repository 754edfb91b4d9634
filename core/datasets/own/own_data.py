"""Makes a data set of the user's own images: guesses what nobody said, and reports it."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.arrays import PIXELS, SIDE, LabeledImages
from core.datasets.dataset import Dataset
from core.datasets.own.own_images import OwnImages, quoted
from core.datasets.own.polarity import border_level
from core.datasets.own.reading import read_own_images
from core.datasets.own.splitting import ONE_IN, mixed_order, split
from core.errors import DataError
from core.progress import Progress, no_progress
from core.settings.data_source import OwnData
from core.wording import counted, numeral

_Places = NDArray[np.intp] | slice


@dataclass(frozen=True)
class OwnDataReport:
    """What was found, and what was guessed, for people.

    Attributes
    ----------
    format
        What the images were read from, in words, such as "a folder of pictures".
    classes, train_counts, test_counts
        Names of the classes, and how many training and test images each has.
    has_own_test_set
        False if the test set was taken out of the images.
    is_mixed
        Whether the training images came class by class, and were put in random order.
    fitted, passed_over, brightest, joined
        As in :class:`core.datasets.own.own_images.OwnImages`.
    border
        Median level of the border pixels as they are in the file, 0…255.
    is_inverted, is_inverted_guessed
        Whether light and dark are swapped, and whether nobody said so.
    is_transposed
        Whether rows and columns are swapped.
    """

    format: str
    classes: tuple[str, ...]
    train_counts: tuple[int, ...]
    test_counts: tuple[int, ...]
    has_own_test_set: bool
    is_mixed: bool
    fitted: int
    passed_over: int
    brightest: float | None
    joined: str | None
    border: float
    is_inverted: bool
    is_inverted_guessed: bool
    is_transposed: bool

    @property
    def lines(self) -> tuple[str, ...]:
        """All of it as sentences, what was found first."""
        train, test = sum(self.train_counts), sum(self.test_counts)
        lines = [
            f"Read from {self.format}: {len(self.classes)} classes ({', '.join(self.classes)}), "
            f"{counted(train, 'training image')}, {counted(test, 'test image')}."
        ]
        if not self.has_own_test_set:
            lines.append(
                f"It has no test set: one image in {ONE_IN} of each class is taken for it."
            )
        if self.joined is not None:
            lines.append(f"The images of '{self.joined}' are among the training images.")
        if self.is_mixed:
            lines.append("The training images came class by class, and are in random order now.")
        if self.fitted:
            lines.append(
                f"{counted(self.fitted, 'image')} of other sizes: fitted to {SIDE}×{SIDE}."
            )
        if self.brightest is not None:
            lines.append(
                f"The largest pixel value, {numeral(self.brightest, 'g')}, is stretched to 255."
            )
        if self.passed_over:
            lines.append(
                f"{counted(self.passed_over, 'other file')} passed over, such as hidden ones."
            )
        lines.append(self.polarity)
        if self.is_transposed:
            lines.append("Rows and columns are swapped.")
        return tuple(lines)

    @property
    def polarity(self) -> str:
        """What is done about light and dark, and why."""
        ground = f"the borders are {'light' if self.border > 127 else 'dark'}"
        done = "Light and dark are swapped" if self.is_inverted else "Light and dark stay"
        return f"{done}, because {ground}." if self.is_inverted_guessed else f"{done}, as chosen."


def read_own_data(own: OwnData, progress: Progress = no_progress) -> Dataset:
    """Read a data set; its name is `own` with everything decided.

    Raises
    ------
    DataError
        If it cannot be read, or has other classes than `own` names.
    """
    if own.classes and not os.path.exists(own.path):
        raise DataError(
            f"There is nothing at {quoted(own.path)} any more. If the data has moved, open it from "
            "its new place first, or name that with --dataset."
        )
    return own_dataset(read_own_images(own.path, progress), own)[0]


def own_dataset(images: OwnImages, own: OwnData) -> tuple[Dataset, OwnDataReport]:
    """Return a data set of `images`, which stay as they are, and the report on it.

    What `own` leaves open is decided: light and dark are swapped if the borders are light; rows and
    columns are not swapped, because :func:`core.inspection.orientation.orientation_of` can only
    notice that and say so. This takes less than a second, so that choices may be changed while
    someone looks.

    Raises
    ------
    DataError
        If the classes are not those that `own` names, or a test set has to be made and a class has
        a single image.
    """
    if own.classes and own.classes != images.classes:
        raise DataError(
            f"{quoted(own.path)} has the classes {', '.join(images.classes)}, and not "
            f"{', '.join(own.classes)} as before. Choose the data as they were, or begin a new run."
        )
    border = border_level(images.train.images)
    inverts = border > 127 if own.is_inverted is None else own.is_inverted
    transposes = bool(own.is_transposed)
    chosen, tested, is_mixed = _chosen(images, own)
    train = _turned(images.train, chosen, transposes, inverts)
    test = _turned(images.test or images.train, tested, transposes, inverts)
    report = OwnDataReport(
        format=images.format,
        classes=images.classes,
        train_counts=_counts(train, images.classes),
        test_counts=_counts(test, images.classes),
        has_own_test_set=images.test is not None,
        is_mixed=is_mixed,
        fitted=images.fitted,
        passed_over=images.passed_over,
        brightest=images.brightest,
        joined=images.joined,
        border=border,
        is_inverted=inverts,
        is_inverted_guessed=own.is_inverted is None,
        is_transposed=transposes,
    )
    name = replace(own, classes=images.classes, is_transposed=transposes, is_inverted=inverts)
    return Dataset(name, train.images, train.labels, test.images, test.labels), report


def _chosen(images: OwnImages, own: OwnData) -> tuple[_Places, _Places, bool]:
    """Return where training and test images are, and whether the former are put in another order.

    Without test images, those are among the training images.
    """
    chosen: _Places = slice(None)
    tested = chosen
    if images.test is None:
        chosen, tested = split(images.train, images.classes, own.split_seed, quoted(own.path))
    order = mixed_order(images.train.labels[chosen], own.split_seed)
    if order is not None:
        chosen = np.arange(len(images.train.labels))[chosen][order]
    return chosen, tested, order is not None


def _turned(part: LabeledImages, places: _Places, transposes: bool, inverts: bool) -> LabeledImages:
    """Return the images at these places; without a change of any, the same arrays."""
    images = part.images[places]
    if transposes:
        square = images.reshape(-1, SIDE, SIDE)
        images = np.ascontiguousarray(square.swapaxes(1, 2)).reshape(-1, PIXELS)
    if inverts:
        images = np.invert(images)
    return LabeledImages(images, part.labels[places])


def _counts(part: LabeledImages, classes: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(np.bincount(part.labels, minlength=len(classes)).tolist())
