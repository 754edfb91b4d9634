"""What a run measured: at each step, at each epoch's end, and at each evaluation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.history.spread import SMOOTHED_IMAGES, SMOOTHED_SHARE
from core.history.track import BUCKETS, Column, Items, Series, Track

KEPT_STEPS = 1 << 15
"""At least so many of the newest steps are there one by one; at most twice as many."""

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

_SMOOTHED_STEPS = round(SMOOTHED_IMAGES / SMOOTHED_SHARE)
"""At least as many as can matter to the newest smoothed value, where a batch is one image."""

_SUMMED = ("batch_images", "batch_loss", "regularization_loss", "batch_accuracy")
_SECONDS = "evaluation_seconds"
_OF_VALIDATION = ("validation_loss", "validation_accuracy")


@dataclass(frozen=True, eq=False)
class HistoryState:
    """A history at a moment, to go back to; nobody writes to it."""

    steps: Items
    epochs: Items
    evaluations: Items
    epoch_sums: NDArray[np.float64]
    summed: int


class History:
    """All metrics of a run.

    Memory is bounded however long the run is: what is long ago is there as the least, the mean and
    the largest value of buckets, as core/history/track.py tells. One thread writes, any may read.

    Attributes
    ----------
    steps
        At each training step: ``batch_loss`` and ``regularization_loss``, the mean loss of the
        batch's data and the L2 penalty that is added to it; ``batch_accuracy``, the share of the
        batch that was read rightly, 0…1; ``batch_images``, the batch's size, by which means over
        steps are weighed.
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
    """

    def __init__(self) -> None:
        self.steps = Track(_STEPS, KEPT_STEPS)
        self.epochs = Track(_EPOCHS, KEPT_EVALUATIONS)
        self.evaluations = Track(_EVALUATIONS, KEPT_EVALUATIONS)
        self._validation: tuple[float, ...] = ()
        # Of the present epoch's first `_summed - epoch_end` steps: images, and the sums over
        # images of the losses and of what was read rightly.
        self._epoch_sums = np.zeros(4)
        self._summed = 0

    @property
    def _tracks(self) -> tuple[Track, Track, Track]:
        return self.steps, self.epochs, self.evaluations

    # --- recording -------------------------------------------------------------------------

    def record_step(
        self, loss: float, regularization_loss: float, accuracy: float, images: int = 1
    ) -> None:
        """Add one training step on a batch of so many images."""
        if self.steps.append(loss, regularization_loss, accuracy, images):
            self._fold_steps()

    def record_steps(
        self,
        loss: NDArray[Any],
        regularization_loss: NDArray[Any],
        accuracy: NDArray[Any],
        images: NDArray[Any],
    ) -> None:
        """Add many training steps, (n,) each, as :meth:`record_step` would one after the other."""
        rows, begin = (loss, regularization_loss, accuracy, images), 0
        while begin < len(loss):
            end = begin + self.steps.free
            if self.steps.extend(*(values[begin:end] for values in rows)):
                self._fold_steps()
            begin = end

    def _fold_steps(self) -> None:
        self._sum_epoch()
        self.steps.fold()

    def _sum_epoch(self) -> None:
        """Bring the sums over the present epoch up to the newest step."""
        steps, count = self.steps.items(), self.steps.count
        fresh = slice(len(self.batch_loss) - (count - self._summed), None)
        images, loss, penalty, accuracy = (
            steps.newest(name)[fresh].astype(np.float64) for name in _SUMMED
        )
        # A whole number of images, but where a batch of "one" stands for any.
        correct = np.where(images > 1, np.rint(images * accuracy), accuracy)
        rows = np.stack((images, images * loss, images * penalty, correct))
        # One after the other, so that no sum depends on where this began anew.
        self._epoch_sums = np.cumsum(np.column_stack((self._epoch_sums, rows)), axis=1)[:, -1]
        self._summed = count

    def record_epoch(self, step: int) -> None:
        """Note that an epoch was complete after `step` steps, the newest."""
        self._sum_epoch()
        images, *sums = self._epoch_sums
        with np.errstate(invalid="ignore"):  # an epoch without steps has no means
            is_full = self.epochs.append(step, *(np.array(sums) / images))
        self._epoch_sums = np.zeros(4)
        if is_full:
            self.epochs.fold()

    def record_validation(self, loss: float, accuracy: float) -> None:
        """Tell what the validation split says; :meth:`record_evaluation` must follow."""
        self._validation = loss, accuracy

    def record_evaluation(self, step: int, seconds: float, loss: float, accuracy: float) -> None:
        """Add one evaluation on the test set, made after `step` steps, which took `seconds`."""
        if self.evaluations.append(step, seconds, loss, accuracy, *self._validation):
            self.evaluations.fold()
        self._validation = ()

    # --- the newest values, one by one -------------------------------------------------------

    @property
    def batch_loss(self) -> Series:
        """Of the newest steps."""
        return self.steps.newest("batch_loss")

    @property
    def regularization_loss(self) -> Series:
        """Of the newest steps."""
        return self.steps.newest("regularization_loss")

    @property
    def batch_accuracy(self) -> Series:
        """Of the newest steps."""
        return self.steps.newest("batch_accuracy")

    @property
    def epoch_end(self) -> Series:
        """Of the newest epochs."""
        return self.epochs.newest("epoch_end")

    @property
    def evaluation_step(self) -> Series:
        """Of the newest evaluations."""
        return self.evaluations.newest("evaluation_step")

    @property
    def evaluation_seconds(self) -> Series:
        """Of the newest evaluations."""
        return self.evaluations.newest("evaluation_seconds")

    @property
    def test_loss(self) -> Series:
        """Of the newest evaluations."""
        return self.evaluations.newest("test_loss")

    @property
    def test_accuracy(self) -> Series:
        """Of the newest evaluations."""
        return self.evaluations.newest("test_accuracy")

    @property
    def validation_loss(self) -> Series:
        """Of the newest evaluations; empty in a run without a validation split."""
        return self.evaluations.newest("validation_loss")

    @property
    def validation_accuracy(self) -> Series:
        """Of the newest evaluations; empty in a run without a validation split."""
        return self.evaluations.newest("validation_accuracy")

    # --- means -----------------------------------------------------------------------------

    @property
    def recent_loss(self) -> float:
        """Mean loss, L2 penalty included, of the newest images, as the curves smooth it.

        NaN before the first step.
        """
        steps, newest = self.steps.items(), slice(-_SMOOTHED_STEPS, None)
        if not steps.count:
            return float("nan")
        parts = (steps.spread(name)[newest] for name in ("batch_loss", "regularization_loss"))
        return sum(float(part.smoothed(part[-1:])[0]) for part in parts)

    def recent_losses(self, count: int) -> NDArray[np.float64]:
        """Return the newest `count` losses, L2 penalty included, or as many as are not in buckets.

        One value a step; to be called in the thread that writes.
        """
        losses: NDArray[np.float64] = self.batch_loss.values[-count:].astype(np.float64)
        losses += self.regularization_loss.values[-count:]
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
        data, penalty = (
            self.epochs.newest(name).values[-1]
            for name in ("epoch_data_loss", "epoch_regularization_loss")
        )
        return float(data), float(penalty)

    @property
    def epoch_accuracies(self) -> NDArray[np.float64]:
        """Mean accuracy over the images of each complete epoch, as they were trained on, (epochs,).

        Of epochs so long ago that they are in buckets, one value each: the best.
        """
        return self.epochs.items().spread("epoch_accuracy").high.astype(np.float64)

    @property
    def epoch_validation_accuracies(self) -> NDArray[np.float64]:
        """Accuracy on the validation split after each complete epoch; empty without a split.

        Likewise; buckets hold the evaluations within the first epoch, too.
        """
        evaluations = self.evaluations.items()
        best = evaluations.spread("validation_accuracy").high
        if not len(best):
            return np.empty(0)
        is_counted = np.isin(evaluations.last("evaluation_step"), self.epoch_end.values)
        is_counted[: len(best) - len(evaluations.newest("evaluation_step"))] = True  # of buckets
        accuracies: NDArray[np.float64] = best[is_counted].astype(np.float64)
        return accuracies

    # --- going back, and files ---------------------------------------------------------------

    def state(self) -> HistoryState:
        """Return all there is now, without copying it."""
        steps, epochs, evaluations = (track.items() for track in self._tracks)
        return HistoryState(steps, epochs, evaluations, self._epoch_sums, self._summed)

    def restore(self, state: HistoryState) -> None:
        """Become as it was when :meth:`state` was called, and forget what came since.

        Buckets, too, are as they were then: nothing is in them that came later.
        """
        saved = (state.steps, state.epochs, state.evaluations)
        for track, items in zip(self._tracks, saved, strict=True):
            track.restore(items)
        self._epoch_sums, self._summed = state.epoch_sums, state.summed
        self._validation = ()

    def values(self) -> dict[str, NDArray[Any]]:
        """Return all that repeats when the run does: every metric, by its name.

        The newest values have the name of the metric, (n,). Where there are buckets, theirs have
        the name with ``_buckets`` after it: (3, buckets), the least, mean and largest values, or
        (buckets,) where one value says all. ``counts`` says how many steps, epochs and evaluations
        those are of, and ``epoch_sums``, (4,), what there is of the epoch that is not complete:
        the images, and sums over them. To be called in the thread that writes.
        """
        self._sum_epoch()
        counts = np.array([track.count for track in self._tracks])
        values: dict[str, NDArray[Any]] = {"counts": counts, "epoch_sums": self._epoch_sums}
        for track in self._tracks:
            values |= track.items().arrays()
        del values[_SECONDS]
        values.pop(_SECONDS + BUCKETS, None)
        return values

    @staticmethod
    def shapes(
        counts: Sequence[int], is_validated: bool
    ) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
        """Return shape and type of what :meth:`values` returns.

        Parameters
        ----------
        counts
            Of steps, epochs and evaluations.
        is_validated
            Whether there is a validation split.
        """
        shapes: dict[str, tuple[tuple[int, ...], np.dtype[Any]]] = {
            "counts": ((3,), np.dtype(np.int64)),
            "epoch_sums": ((4,), np.dtype(np.float64)),
        }
        for track, count in zip(History()._tracks, counts, strict=True):
            shapes |= track.shapes(count, () if is_validated else _OF_VALIDATION)
        del shapes[_SECONDS]
        shapes.pop(_SECONDS + BUCKETS, None)
        return shapes

    @classmethod
    def of(
        cls, values: Mapping[str, NDArray[Any]], evaluation_seconds: NDArray[np.float64]
    ) -> History:
        """Return a history that begins with what :meth:`values` once returned.

        Parameters
        ----------
        evaluation_seconds
            Of all evaluations, those in buckets first.
        """
        history = cls()
        for track, count in zip(history._tracks, values["counts"].tolist(), strict=True):
            if track is history.evaluations:
                buckets, _newest = track.lengths(count)
                values = {
                    **values,
                    _SECONDS: evaluation_seconds[buckets:],
                    _SECONDS + BUCKETS: evaluation_seconds[:buckets],
                }
            track.fill(count, values)
        history._epoch_sums, history._summed = values["epoch_sums"], history.steps.count
        return history
