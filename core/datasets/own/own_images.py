"""What was read from the user's own data, before anything is guessed about it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.arrays import MAX_CLASSES, MIN_CLASSES, LabeledImages
from core.errors import ConfigError, DataError
from core.printable_text import printable
from core.settings.data_source import MAX_CLASS_NAME, check_classes
from core.wording import counted, numeral

MOST_IMAGES = 300_000
"""Most images of a data set: 235 MB. EMNIST's digits, the largest known set of ten classes, are
280,000."""

_MOST_NAMED = 12


@dataclass(frozen=True, eq=False)
class OwnImages:
    """Images and labels as they were found; light or dark ink, upright or not.

    Attributes
    ----------
    format
        What they were read from, in words, such as "a folder of pictures".
    classes
        Names of the classes; labels are places in it.
    train
        Training images, or all if there are no test images.
    test
        None if there are none.
    fitted
        How many images had another size than 28×28.
    passed_over
        How many files were neither pictures nor in a class, or hidden.
    brightest
        The largest pixel value in the files if that was stretched to 255, otherwise None.
    joined
        What a third part is called whose images were added to the training images, or None.
    """

    format: str
    classes: tuple[str, ...]
    train: LabeledImages
    test: LabeledImages | None
    fitted: int = 0
    passed_over: int = 0
    brightest: float | None = None
    joined: str | None = None


def quoted(path: Path | str) -> str:
    """Return a path as it is shown in messages."""
    return f"'{printable(str(path))}'"


def check_number(images: int, where: str) -> None:
    """Raise a DataError if there are no images, or more than fit."""
    if not images:
        raise DataError(f"{where} contains no images. Choose data with images of each class.")
    if images > MOST_IMAGES:
        raise DataError(
            f"{where} has {numeral(images)} images. At most {numeral(MOST_IMAGES)} are used "
            "at a time; leave some out."
        )


def class_names(names: Sequence[str], where: str) -> tuple[str, ...]:
    """Return the names of 2 to 10 classes as they are shown; otherwise raise a DataError."""
    shown = tuple(printable(" ".join(name.split()), MAX_CLASS_NAME - 1) for name in names)
    if not MIN_CLASSES <= len(names) <= MAX_CLASSES:
        listed = ", ".join(shown[:_MOST_NAMED]) + (", …" if len(names) > _MOST_NAMED else "")
        classes = counted(len(names), "class", "classes")
        raise DataError(
            f"{where} has {classes} ({listed}), but {MIN_CLASSES} to {MAX_CLASSES} can be "
            f"learned. {'Add' if len(names) < MIN_CLASSES else 'Leave out'} some."
        )
    try:
        check_classes(shown)
    except ConfigError as error:
        raise DataError(f"The classes of {where} need other names. {error}") from error
    return shown


def _test_part(parts: Collection[str]) -> str | None:
    """Return which of the parts is the test set: without "test" it is "val", if not alone."""
    if "test" in parts:
        return "test"
    return "val" if "val" in parts and "train" in parts else None


def with_classes(
    labels: dict[str, NDArray[np.int64]], where: str
) -> tuple[tuple[str, ...], dict[str, NDArray[np.uint8]]]:
    """Name the classes after their numbers, in order; return the names and the places of labels.

    Parameters
    ----------
    labels
        For each part, such as "train", its labels, (n,): any whole numbers.

    Raises
    ------
    DataError
        If there are too few or too many classes, or the test images have one of their own.
    """
    test = _test_part(labels)
    numbers = np.unique(np.concatenate([labels[part] for part in labels if part != test]))
    if test is not None:
        foreign = np.setdiff1d(labels[test], numbers)
        if foreign.size:
            raise DataError(
                f"{where} has test images with the label {foreign[0]}, but no training images with "
                "it. Add some, or leave these test images out."
            )
    names = class_names([str(number) for number in numbers], where)
    return names, {
        part: np.searchsorted(numbers, own).astype(np.uint8) for part, own in labels.items()
    }


def joined(
    images: dict[str, NDArray[np.uint8]], labels: dict[str, NDArray[np.uint8]]
) -> tuple[LabeledImages, LabeledImages | None, str | None]:
    """Return training and test images, and what a third part was called.

    The parts are "train", "val" and "test", of which one or two may be missing. Without "test",
    "val" is the test set; otherwise its images are added to the training images, because a
    validation split is held out of them.
    """
    parts = {
        part: LabeledImages(images[part], labels[part])
        for part in ("train", "val", "test")
        if part in images
    }
    if _test_part(parts) == "val":
        parts["test"] = parts.pop("val")
    if len(parts) == 1:
        return next(iter(parts.values())), None, None
    train, name = parts["train"], None
    if "val" in parts:
        name = "val"
        train = LabeledImages(
            np.concatenate([train.images, parts["val"].images]),
            np.concatenate([train.labels, parts["val"].labels]),
        )
    return train, parts["test"], name
