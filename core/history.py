"""What a run measured, step by step and at each evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

_FIRST_CAPACITY = 1024


class Series:
    """An array that grows at its end, written by one thread and read by any.

    Reading is free of locks and copies: the length is raised only after a value is in place, and
    growing moves the values to a new array while readers keep the old one.
    """

    def __init__(self, dtype: DTypeLike) -> None:
        self._values: NDArray[Any] = np.empty(_FIRST_CAPACITY, dtype)
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def append(self, value: float) -> None:
        """Add one value at the end."""
        if self._length == len(self._values):
            self._grow(1)
        self._values[self._length] = value
        self._length += 1

    def extend(self, values: NDArray[Any]) -> None:
        """Add all of `values`, (n,), at the end."""
        end = self._length + len(values)
        if end > len(self._values):
            self._grow(len(values))
        self._values[self._length : end] = values
        self._length = end

    def _grow(self, least: int) -> None:
        capacity = max(2 * self._length, self._length + least)
        grown = np.empty(capacity, self._values.dtype)
        grown[: self._length] = self._values[: self._length]
        self._values = grown

    def truncate(self, length: int) -> None:
        """Drop all values from index `length` on.

        The rest moves to a new array, so what readers hold keeps its values.
        """
        self._values = self._values[:length].copy() if length else self._values[:1].copy()
        self._length = length

    @property
    def values(self) -> NDArray[Any]:
        """A read-only view of the values so far; what is appended later is not in it."""
        # Order matters to a reader in another thread: length first, because an array that has
        # been grown since then still begins with those values.
        length = self._length
        view = self._values[:length]
        view.setflags(write=False)
        return view


class History:
    """All metrics of a run.

    Attributes
    ----------
    batch_loss, regularization_loss, batch_accuracy
        One value a step: the mean loss of the batch's data (float32), the L2 penalty that is
        added to it (float32), and the share of the batch that was read rightly (float32, 0…1).
    epoch_end
        One value an epoch: the number of steps made when it was complete (int64).
    evaluation_step, test_loss, test_accuracy
        One value an evaluation: the number of steps made before it (int64), and the mean
        loss and the share read rightly on the whole test set (float32).
    validation_loss, validation_accuracy
        The same on the validation split; empty in a run that has none.
    evaluation_seconds
        One value an evaluation: how long the steps before it took, tests and pauses excluded
        (float64). It is no metric: each repetition of a run has its own.
    """

    def __init__(self) -> None:
        self.batch_loss = Series(np.float32)
        self.regularization_loss = Series(np.float32)
        self.batch_accuracy = Series(np.float32)
        self.epoch_end = Series(np.int64)
        self.evaluation_step = Series(np.int64)
        self.test_loss = Series(np.float32)
        self.test_accuracy = Series(np.float32)
        self.validation_loss = Series(np.float32)
        self.validation_accuracy = Series(np.float32)
        self._metrics = dict(vars(self))
        self.evaluation_seconds = Series(np.float64)

    def values(self) -> dict[str, NDArray[Any]]:
        """Return the values of every metric so far, by its name; see :attr:`Series.values`."""
        return {name: series.values for name, series in self._metrics.items()}

    @classmethod
    def of(
        cls, values: Mapping[str, NDArray[Any]], evaluation_seconds: NDArray[np.float64]
    ) -> History:
        """Return a history that begins with what :meth:`values` once returned."""
        history = cls()
        for name, series in history._metrics.items():
            series.extend(values[name])
        history.evaluation_seconds.extend(evaluation_seconds)
        return history

    @staticmethod
    def lengths(steps: int, epochs: int, evaluations: int, validations: int) -> tuple[int, ...]:
        """Return how long each series is after so much, in the order of :meth:`values`."""
        return (*[steps] * 3, epochs, *[evaluations] * 3, *[validations] * 2)

    def record_step(self, loss: float, regularization_loss: float, accuracy: float) -> None:
        """Add one training step."""
        self.batch_loss.append(loss)
        self.regularization_loss.append(regularization_loss)
        self.batch_accuracy.append(accuracy)

    def record_epoch(self, step: int) -> None:
        """Note that an epoch was complete after `step` steps."""
        self.epoch_end.append(step)

    def record_validation(self, loss: float, accuracy: float) -> None:
        """Add what the validation split says, to be followed by :meth:`record_evaluation`."""
        self.validation_loss.append(loss)
        self.validation_accuracy.append(accuracy)

    def record_evaluation(self, step: int, seconds: float, loss: float, accuracy: float) -> None:
        """Add one evaluation on the test set, made after `step` steps, which took `seconds`."""
        self.evaluation_seconds.append(seconds)
        self.test_loss.append(loss)
        self.test_accuracy.append(accuracy)
        # Last, because readers take the number of evaluations from it.
        self.evaluation_step.append(step)

    def recent_losses(self, count: int) -> NDArray[np.float64]:
        """Return the newest `count` losses, L2 penalty included, or as many as there are."""
        losses = self.batch_loss.values[-count:].astype(np.float64)
        losses += self.regularization_loss.values[-count:]
        return losses

    @property
    def epoch_loss(self) -> float:
        """Mean loss, L2 penalty included, of the last complete epoch's batches."""
        return sum(self.epoch_loss_parts)

    @property
    def epoch_loss_parts(self) -> tuple[float, float]:
        """Mean loss of the data and mean L2 penalty of the last complete epoch's batches.

        A shorter last batch counts as much as the others. NaN before an epoch is complete.
        """
        ends = self.epoch_end.values
        if not len(ends):
            return float("nan"), float("nan")
        batches = slice(ends[-2] if len(ends) > 1 else 0, ends[-1])
        return (
            float(self.batch_loss.values[batches].mean()),
            float(self.regularization_loss.values[batches].mean()),
        )

    @property
    def epoch_accuracies(self) -> NDArray[np.float64]:
        """Mean accuracy of each complete epoch's batches, (epochs,), as they were trained on."""
        ends = self.epoch_end.values
        if not len(ends):
            return np.empty(0)
        starts = np.concatenate(([0], ends[:-1]))
        accuracies = self.batch_accuracy.values[: ends[-1]]
        sums = np.add.reduceat(accuracies, starts, dtype=np.float64)
        means: NDArray[np.float64] = sums / (ends - starts)
        return means

    @property
    def epoch_validation_accuracies(self) -> NDArray[np.float64]:
        """Accuracy on the validation split after each complete epoch; empty without a split."""
        if not len(self.validation_accuracy):
            return np.empty(0)
        at_end = np.isin(self.evaluation_step.values, self.epoch_end.values)
        return self.validation_accuracy.values[: len(at_end)][at_end].astype(np.float64)

    def truncate(self, steps: int) -> None:
        """Forget everything that was measured after the first `steps` steps."""
        for series in (self.batch_loss, self.regularization_loss, self.batch_accuracy):
            series.truncate(steps)
        self.epoch_end.truncate(_count_up_to(self.epoch_end, steps))
        evaluations = _count_up_to(self.evaluation_step, steps)
        for series in (
            self.evaluation_step,
            self.evaluation_seconds,
            self.test_loss,
            self.test_accuracy,
        ):
            series.truncate(evaluations)
        for series in (self.validation_loss, self.validation_accuracy):
            series.truncate(min(len(series), evaluations))


def _count_up_to(steps: Series, last: int) -> int:
    """Return how many of the ascending `steps` are at most `last`."""
    return int(np.searchsorted(steps.values, last, side="right"))
