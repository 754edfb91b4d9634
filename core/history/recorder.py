"""Records what a run measures, in bounded memory."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.history.history import History, layouts
from core.history.track import Track


class HistoryRecorder:
    """Records the metrics of one run, in the thread that trains.

    Parameters
    ----------
    history
        To continue; None: an empty one.
    """

    def __init__(self, history: History | None = None) -> None:
        self.steps, self.epochs, self.evaluations = map(Track, layouts())
        self.restore(history or History.empty())

    @property
    def history(self) -> History:
        """All that was recorded so far, without copying it. Any thread may keep and read it."""
        tracks = self.steps.now, self.epochs.now, self.evaluations.now
        return History(*tracks, self._epoch_sums, self._summed)

    def restore(self, earlier: History) -> None:
        """Go back to an earlier history, and forget what came since.

        Buckets, too, are as they were then: nothing is in them that came later.
        """
        self.steps.restore(earlier.steps)
        self.epochs.restore(earlier.epochs)
        self.evaluations.restore(earlier.evaluations)
        self._epoch_sums, self._summed = earlier.epoch_sums, earlier.summed

    def record_step(
        self, loss: float, regularization_loss: float, accuracy: float, images: int = 1
    ) -> None:
        """Add one training step on a batch of this many images."""
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
        self._epoch_sums, self._summed = self.history.summed_up(), self.steps.count

    def record_epoch(self, step: int) -> None:
        """Note that an epoch was complete after `step` steps, the newest."""
        self._sum_epoch()
        images, *sums = self._epoch_sums
        with np.errstate(invalid="ignore"):  # an epoch without steps has no means
            is_full = self.epochs.append(step, *(np.array(sums) / images))
        self._epoch_sums = np.zeros(4)
        if is_full:
            self.epochs.fold()

    def record_evaluation(self, step: int, seconds: float, *test_and_validation: float) -> None:
        """Add an evaluation made after `step` steps, which took `seconds`.

        `test_and_validation` are loss and accuracy on the test set and, if there is a validation
        split, on that.
        """
        if self.evaluations.append(step, seconds, *test_and_validation):
            self.evaluations.fold()
