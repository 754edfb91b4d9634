"""Evaluations of a run: the newest of the test set, how old it is, and when another is due."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from core.arrays import LabeledImages
from core.history.recorder import HistoryRecorder
from core.network.network import Network
from core.progress import Progress
from core.threads.workers import Workers
from core.training.confidence import Thresholds, confidence_threshold, confidence_thresholds
from core.training.evaluation import CHUNK, Evaluation, evaluate, evaluate_moved

_EVERY = 3.0
"""Seconds of training between two evaluations."""

_SHARE = 0.05
"""Largest share of the time for evaluations, however large the network."""

_CHUNK_WORK = 200_000_000
"""Multiplications per thread between two calls of `progress`: some hundredths of a second."""


@dataclass(frozen=True)
class TestMetrics:
    """Loss and accuracy on the test set after `step` steps; `is_old` if the network has changed."""

    loss: float
    accuracy: float
    step: int
    is_old: bool


class Evaluator:
    """Evaluates a run's network on the test set and on the validation split.

    Parameters
    ----------
    test, validation
        The images; those of the validation split may be none.
    recorder
        Of evaluations with a place in the history.
    progress, reads_test_set
        As :class:`core.training.trainer.Trainer` has them.

    Attributes
    ----------
    reads_test_set
        Whether anything but :meth:`read_test_set` evaluates the test set.
    newest, step
        The newest evaluation on the test set, None before the first; and after how many steps.
    is_old
        Whether the network has changed since, or there is none.
    thresholds
        Of certain predictions (see core/training/confidence.py), by the newest evaluation on the
        validation split: one for all classes, of single predictions, until
        :meth:`choose_thresholds`. None without a split.
    """

    def __init__(
        self,
        test: LabeledImages,
        validation: LabeledImages,
        recorder: HistoryRecorder,
        progress: Progress,
        workers: Workers | None,
        reads_test_set: bool = True,
    ) -> None:
        self.reads_test_set = reads_test_set
        self.newest: Evaluation | None = None
        self.step = 0
        self.is_old = True
        self.thresholds: Thresholds | None = None
        self._test = test
        self._validation = validation
        self._recorder = recorder
        self._progress = progress
        self._workers = workers
        self._due = -math.inf

    @property
    def is_due(self) -> bool:
        """Whether another evaluation is worth its time while training continues.

        It is due after some seconds, and at once after the layers have changed; never in a run
        that does not read the test set.
        """
        return self.should_read and time.perf_counter() >= self._due

    @property
    def should_read(self) -> bool:
        """Whether the newest evaluation is old, and the run reads the test set."""
        return self.is_old and self.reads_test_set

    @property
    def metrics(self) -> TestMetrics | None:
        """The newest results on the test set, of this network or an earlier one of the run.

        None before the first, and in a run that does not read the test set, unless it was asked to.
        """
        if self.newest is not None:
            return TestMetrics(self.newest.loss, self.newest.accuracy, self.step, self.is_old)
        history = self._recorder.history
        if not history.evaluations.count or not self.reads_test_set:
            return None
        loss, accuracy = history.test_loss[-1], history.test_accuracy[-1]
        return TestMetrics(float(loss), float(accuracy), int(history.evaluation_step[-1]), True)

    def note_other_network(self) -> None:
        """Make another evaluation due, because the network was replaced."""
        self.is_old = True
        self._due = -math.inf

    def forget(self) -> None:
        """Forget the newest evaluation, because its steps are undone."""
        self.newest = None
        self.note_other_network()

    def is_recorded(self, step: int) -> bool:
        """Return whether the evaluation after this many steps is in the history."""
        steps = self._recorder.history.evaluation_step
        return len(steps) > 0 and bool(steps[-1] == step)

    def evaluate(self, network: Network, step: int, seconds: float) -> float | None:
        """Evaluate `network` on both sets, and record it, after this many steps and seconds.

        Returns the accuracy on the validation split, or None without one. If the run does not read
        the test set, NaN is recorded for it. If `progress` raises an error, nothing has changed.
        """
        validation = None
        if len(self._validation.labels):
            images = self._validation
            validation = evaluate(
                network, images.images, images.labels, self._progress, self._workers
            )
        tested = (math.nan, math.nan)
        if self.reads_test_set:
            test = self._read(network, step, self._progress, CHUNK)
            tested = (test.loss, test.accuracy)
        if validation is None:
            self._recorder.record_evaluation(step, seconds, *tested)
            return None
        threshold = confidence_threshold(validation.confidence, validation.is_correct)
        self.thresholds = (threshold,) * network.sizes[-1]
        self._recorder.record_evaluation(
            step, seconds, *tested, validation.loss, validation.accuracy
        )
        return float(self._recorder.history.validation_accuracy[-1])

    def choose_thresholds(self, network: Network) -> None:
        """Choose a threshold for each class, of predictions as drawings and pictures get them.

        Each of those is the mean of five, so this takes more than five times as long as an
        evaluation: it is for the end of training. Without a validation split, there are none.
        """
        images = self._validation
        if len(images.labels):
            result = evaluate_moved(network, images.images, images.labels)
            self.thresholds = confidence_thresholds(
                result.confidence, result.guesses, result.is_correct, network.sizes[-1]
            )

    def read_test_set(self, network: Network, step: int, progress: Progress | None) -> Evaluation:
        """Evaluate `network`, which has made `step` steps, without a place in the history.

        `progress` is called every few hundredths of a second, however large the network; None:
        the one of the run. The result may differ in its last bits from that of :meth:`evaluate`.
        """
        chunk = min(max(_CHUNK_WORK // network.parameters.size, 16), CHUNK)
        return self._read(network, step, progress or self._progress, chunk)

    def _read(self, network: Network, step: int, progress: Progress, chunk: int) -> Evaluation:
        begun = time.perf_counter()
        images = self._test
        try:
            result = evaluate(network, images.images, images.labels, progress, self._workers, chunk)
        finally:
            now = time.perf_counter()
            self._due = now + max(_EVERY, (now - begun) * (1 / _SHARE - 1))
        self.newest, self.step, self.is_old = result, step, False
        return result
