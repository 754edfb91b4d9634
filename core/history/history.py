"""What a run has measured at a moment: at each step, each epoch's end, and each evaluation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from core.history.measurements import BUCKETS, Column, Layout, Measurements, Shapes
from core.history.spread import SMOOTHED_IMAGES, SMOOTHED_SHARE

KEPT_STEPS = 1 << 15
"""At least this many of the newest steps are kept one by one; at most twice as many."""

KEPT_EVALUATIONS = 1 << 12
"""Likewise of the newest evaluations and epochs: where a batch is all images, each step is one."""

_STEPS = (
    Column("batch_loss", np.float32, "spread"),
    Column("regularization_loss", np.float32, "spread"),
    Column("batch_accuracy", np.float32, "spread"),
    Column("batch_images", np.int32, "sum"),
)
_EPOCHS = (
    Column("epoch_end", np.int64, "last"),
    Column("epoch_data_loss", np.float32, "spread"),
    Column("epoch_regularization_loss", np.float32, "spread"),
    Column("epoch_accuracy", np.float32, "spread"),
)
_EVALUATIONS = (
    Column("evaluation_step", np.int64, "last"),
    Column("evaluation_seconds", np.float64, "last"),
    Column("test_loss", np.float32, "spread"),
    Column("test_accuracy", np.float32, "spread"),
    Column("validation_loss", np.float32, "spread"),
    Column("validation_accuracy", np.float32, "spread"),
)

_Value = TypeVar("_Value")

_SMOOTHED_STEPS = round(SMOOTHED_IMAGES / SMOOTHED_SHARE)
"""At least as many as can matter to the newest smoothed value, where a batch is one image."""

_SUMMED = ("batch_images", "batch_loss", "regularization_loss", "batch_accuracy")
_SECONDS = "evaluation_seconds"
_OF_VALIDATION = ("validation_loss", "validation_accuracy")


@dataclass(frozen=True, eq=False)
class History:
    """All metrics of a run up to a moment; nothing in it changes while the run continues.

    What is long ago is there as the least, the mean and the largest value of buckets (see
    core/history/measurements.py).

    Attributes
    ----------
    steps
        At each training step: ``batch_loss`` and ``regularization_loss``, the mean loss of the
        batch's data and the L2 penalty that is added to it; ``batch_accuracy``, the share of the
        batch that was classified correctly, 0…1; ``batch_images``, the batch's size, by which means
        over steps are weighted.
    epochs
        At the end of each epoch: ``epoch_end``, the number of steps made by then, and the exact
        means over the images of the epoch, as they were trained on: ``epoch_data_loss``,
        ``epoch_regularization_loss``, ``epoch_accuracy``.
    evaluations
        At each evaluation: ``evaluation_step``, the number of steps made before it;
        ``evaluation_seconds``, how long those took, tests and pauses excluded (it is no metric:
        each repetition of a run has its own); ``test_loss`` and ``test_accuracy`` on the whole test
        set; ``validation_loss`` and ``validation_accuracy``, left out in a run without a
        validation split.
    epoch_sums, summed
        Of the present epoch's first steps, up to the run's step number `summed`: float64, (4,), the
        images, and sums over the images of both losses and of correct answers.
    """

    steps: Measurements
    epochs: Measurements
    evaluations: Measurements
    epoch_sums: NDArray[np.float64]
    summed: int

    @classmethod
    def empty(cls) -> History:
        """Return the history of a run that has not begun."""
        steps, epochs, evaluations = (layout.nothing() for layout in layouts())
        return cls(steps, epochs, evaluations, np.zeros(4), 0)

    # --- the newest values, one by one -------------------------------------------------------

    @property
    def batch_loss(self) -> NDArray[np.float32]:
        """Of the newest steps."""
        return self.steps.newest("batch_loss")

    @property
    def evaluation_step(self) -> NDArray[np.int64]:
        """Of the newest evaluations."""
        return self.evaluations.newest("evaluation_step")

    @property
    def test_loss(self) -> NDArray[np.float32]:
        """Of the newest evaluations."""
        return self.evaluations.newest("test_loss")

    @property
    def test_accuracy(self) -> NDArray[np.float32]:
        """Of the newest evaluations."""
        return self.evaluations.newest("test_accuracy")

    @property
    def validation_loss(self) -> NDArray[np.float32]:
        """Of the newest evaluations; empty in a run without a validation split."""
        return self.evaluations.newest("validation_loss")

    @property
    def validation_accuracy(self) -> NDArray[np.float32]:
        """Of the newest evaluations; empty in a run without a validation split."""
        return self.evaluations.newest("validation_accuracy")

    # --- means -----------------------------------------------------------------------------

    @property
    def recent_loss(self) -> float:
        """Mean loss, L2 penalty included, of the newest images, as the curves smooth it.

        NaN before the first step.
        """
        if not self.steps.count:
            return float("nan")
        newest = slice(-_SMOOTHED_STEPS, None)
        parts = (self.steps.spread(name)[newest] for name in ("batch_loss", "regularization_loss"))
        return sum(float(part.smoothed(part[-1:])[0]) for part in parts)

    def recent_losses(self, count: int) -> NDArray[np.float64]:
        """Return the newest `count` losses, L2 penalty included, or as many as are not in buckets.

        One value a step.
        """
        losses: NDArray[np.float64] = self.batch_loss[-count:].astype(np.float64)
        losses += self.steps.newest("regularization_loss")[-count:]
        return losses

    @property
    def epoch_loss(self) -> float:
        """Mean loss, L2 penalty included, over the images of the last complete epoch."""
        return sum(self.epoch_loss_parts)

    @property
    def epoch_loss_parts(self) -> tuple[float, float]:
        """Mean loss of the data and mean L2 penalty over the images of the last complete epoch.

        NaN before an epoch is complete.
        """
        if not self.epochs.count:
            return float("nan"), float("nan")
        names = "epoch_data_loss", "epoch_regularization_loss"
        data, penalty = (self.epochs.newest(name)[-1] for name in names)
        return float(data), float(penalty)

    @property
    def epoch_accuracies(self) -> NDArray[np.float64]:
        """Mean accuracy over the images of each complete epoch, as they were trained on, (epochs,).

        Of epochs so long ago that they are in buckets, one value each: the best.
        """
        return self.epochs.spread("epoch_accuracy").high.astype(np.float64)

    @property
    def epoch_validation_accuracies(self) -> NDArray[np.float64]:
        """Accuracy on the validation split after each complete epoch; empty without a split.

        Likewise; buckets hold the evaluations within the first epoch, too.
        """
        evaluations = self.evaluations
        best = evaluations.spread("validation_accuracy").high
        if not len(best):
            return np.empty(0)
        is_counted = np.isin(evaluations.last("evaluation_step"), self.epochs.newest("epoch_end"))
        is_counted[: len(best) - evaluations.length] = True  # of buckets
        return np.asarray(best[is_counted], np.float64)

    # --- files -------------------------------------------------------------------------------

    def summed_up(self) -> NDArray[np.float64]:
        """Return `epoch_sums` of all steps of the present epoch so far."""
        fresh = slice(self.steps.length - (self.steps.count - self.summed), None)
        images, loss, penalty, accuracy = (
            self.steps.newest(name)[fresh].astype(np.float64) for name in _SUMMED
        )
        # A whole number of images, but where a batch of "one" stands for any.
        correct = np.where(images > 1, np.rint(images * accuracy), accuracy)
        rows = np.stack((images, images * loss, images * penalty, correct))
        # One after the other, so that no sum depends on where this began anew.
        sums: NDArray[np.float64] = np.cumsum(np.column_stack((self.epoch_sums, rows)), axis=1)
        return sums[:, -1]

    def values(self) -> dict[str, NDArray[Any]]:
        """Return all that repeats when the run does: every metric, by its name.

        The newest values have the name of the metric, (n,). Where there are buckets, theirs have
        the name with ``_buckets`` after it: (3, buckets), the least, mean and largest values, or
        (buckets,) where one value says all. ``counts`` says how many steps, epochs and evaluations
        those are of, and ``epoch_sums``, (4,), what there is of the epoch that is not complete.
        """
        tracks = self.steps, self.epochs, self.evaluations
        counts = np.array([track.count for track in tracks])
        values: dict[str, NDArray[Any]] = {"counts": counts, "epoch_sums": self.summed_up()}
        for track in tracks:
            values |= track.arrays()
        return _without_seconds(values)

    @staticmethod
    def shapes(counts: Sequence[int], is_validated: bool) -> Shapes:
        """Return shape and type of what :meth:`values` returns.

        Parameters
        ----------
        counts
            Of steps, epochs and evaluations.
        is_validated
            Whether there is a validation split.
        """
        shapes: Shapes = {
            "counts": ((3,), np.dtype(np.int64)),
            "epoch_sums": ((4,), np.dtype(np.float64)),
        }
        for layout, count in zip(layouts(), counts, strict=True):
            shapes |= layout.shapes(count, () if is_validated else _OF_VALIDATION)
        return _without_seconds(shapes)

    @classmethod
    def of(
        cls, values: Mapping[str, NDArray[Any]], evaluation_seconds: NDArray[np.float64]
    ) -> History:
        """Return the history whose :meth:`values` these are.

        Parameters
        ----------
        evaluation_seconds
            Of all evaluations, those in buckets first.
        """
        counts = values["counts"].tolist()
        buckets, _newest = layouts()[-1].lengths(counts[-1])
        values = {
            **values,
            _SECONDS: evaluation_seconds[buckets:],
            _SECONDS + BUCKETS: evaluation_seconds[:buckets],
        }
        steps, epochs, evaluations = (
            layout.measurements(count, values)
            for layout, count in zip(layouts(), counts, strict=True)
        )
        return cls(steps, epochs, evaluations, values["epoch_sums"], steps.count)


def layouts() -> tuple[Layout, Layout, Layout]:
    """Return how steps, epochs and evaluations are kept."""
    return (
        Layout(_STEPS, KEPT_STEPS),
        Layout(_EPOCHS, KEPT_EVALUATIONS),
        Layout(_EVALUATIONS, KEPT_EVALUATIONS),
    )


def _without_seconds(named: dict[str, _Value]) -> dict[str, _Value]:
    return {name: each for name, each in named.items() if not name.startswith(_SECONDS)}
