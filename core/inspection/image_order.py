"""Orders in which to look at the images of a set, and what each of them shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from core.arrays import Labels
from core.inspection.duplicates import Duplicates
from core.inspection.label_quality import likely_wrong
from core.inspection.training_scores import TrainingScores
from core.wording import counted, numeral

OrderName = Literal["file", "class", "hardest", "mistakes", "wrong-labels", "duplicates"]
ORDERS: tuple[OrderName, ...] = get_args(OrderName)
NEED_SCORES: frozenset[OrderName] = frozenset(("hardest", "mistakes", "wrong-labels"))
"""The orders that depend on a network."""

_DIVERGED = "This network has diverged: its scores mean nothing."


@dataclass(frozen=True, eq=False)
class ImageOrder:
    """Images to look at.

    Attributes
    ----------
    indices
        Their places in the set, in order.
    finding
        What they are, for people.
    """

    indices: NDArray[np.intp]
    finding: str


def order_images(
    name: OrderName,
    labels: Labels,
    scores: TrainingScores | None,
    duplicates: Duplicates | None,
    of_class: int | None = None,
) -> ImageOrder:
    """Return the images of a set in an order.

    Parameters
    ----------
    labels
        uint8, (n,), of the set.
    scores
        Of a network; needed by the orders in :data:`NEED_SCORES`.
    duplicates
        Needed by "duplicates".
    of_class
        The class whose images are wanted; None for all.
    """
    wanted = np.ones(len(labels), bool) if of_class is None else labels == of_class
    total = int(wanted.sum())
    everything = np.arange(len(labels))
    if name == "duplicates":
        assert duplicates is not None
        return _duplicates(duplicates, wanted)
    if name in NEED_SCORES:
        assert scores is not None
        if not scores.is_finite:
            return ImageOrder(everything[wanted], _DIVERGED)
        return _by_scores(name, labels, scores, wanted)
    if name == "class":
        everything = np.argsort(labels, kind="stable")
    return ImageOrder(everything[wanted[everything]], counted(total, "training image"))


def _by_scores(
    name: OrderName, labels: Labels, scores: TrainingScores, wanted: NDArray[np.bool_]
) -> ImageOrder:
    total = numeral(int(wanted.sum()))
    if name == "wrong-labels":
        found = likely_wrong(labels, scores.probabilities)
        found = found[wanted[found]]
        finding = f"{numeral(len(found))} of {total} labels likely wrong"
        return ImageOrder(found, f"{finding}; memorized ones stay hidden")
    hardest = np.argsort(-scores.losses, kind="stable")
    hardest = hardest[wanted[hardest]]
    wrong = hardest[scores.guesses[hardest] != labels[hardest]]
    if name == "mistakes":
        return ImageOrder(
            wrong, f"{numeral(len(wrong))} of {total} predicted wrongly, hardest first"
        )
    return ImageOrder(hardest, f"{total} images, hardest first")


def _duplicates(duplicates: Duplicates, wanted: NDArray[np.bool_]) -> ImageOrder:
    groups = [group for group in duplicates.groups if wanted[group].any()]
    in_test = duplicates.in_test[wanted[duplicates.in_test]]
    inside = np.concatenate(groups) if groups else np.empty(0, np.intp)
    alone = np.setdiff1d(in_test, inside)  # not twice here, but in the test set
    finding = f"{counted(len(groups), 'group')} of duplicates"
    if len(in_test):
        finding += f"; {counted(len(in_test), 'image')} also in the test set"
    return ImageOrder(np.concatenate([inside, alone]), finding)
