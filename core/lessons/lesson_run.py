"""Runs the variants of a lesson, step by step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.datasets.dataset import Dataset
from core.lessons.lesson import Lesson, Variant
from core.progress import Progress, no_progress
from core.runs.run_curves import RunCurves, course_of, curves_of
from core.threads.workers import Workers
from core.training.divergence import TrainingDivergedError
from core.training.evaluator import TestMetrics
from core.training.trainer import Trainer


@dataclass(frozen=True)
class VariantState:
    """The progress and results of a variant.

    Attributes
    ----------
    share
        Progress, 0…1; 1 also if it has diverged.
    test
        The newest metrics on the test set, and their step; None before the first.
    curves
        None before the first step.
    diverged_at
        The step that was not made because the run diverged; None otherwise.
    remark
        Why it did not reach its end; "" otherwise.
    """

    share: float = 0.0
    test: TestMetrics | None = None
    curves: RunCurves | None = None
    diverged_at: int | None = None
    remark: str = ""

    @property
    def accuracy(self) -> float | None:
        """The newest accuracy on the test set, 0…1; None before the first."""
        return None if self.test is None else self.test.accuracy


class VariantRun:
    """Trains one variant; it holds a trainer only from its first step to its last."""

    def __init__(
        self,
        variant: Variant,
        dataset: Dataset,
        progress: Progress,
        make_workers: Callable[[], Workers] | None,
    ) -> None:
        self.variant = variant
        self.share = 0.0
        self._dataset = dataset
        self._progress = progress
        self._make_workers = make_workers
        self._workers: Workers | None = None
        self._trainer: Trainer | None = None
        self._last_state = VariantState()

    @property
    def is_over(self) -> bool:
        """Whether the variant is done."""
        return self.share >= 1

    def step(self) -> None:
        """Train on the next mini-batch."""
        trainer = self._trainer
        if trainer is None:
            trainer = self._trainer = self._begin()
        try:
            trainer.step()
        except TrainingDivergedError as error:
            self._end(error)
            return
        if trainer.evaluator.is_due:
            trainer.read_test_set()
        self.share = self.variant.stop.share(trainer.step_count, _epochs(trainer))
        if trainer.stop_reason is not None:
            self.share = 1.0
        if self.is_over:
            self._end()

    def state(self) -> VariantState:
        """Return its progress and results."""
        trainer = self._trainer
        if trainer is None:
            return self._last_state
        history = trainer.history
        if not trainer.step_count:
            return VariantState(self.share, trainer.evaluator.metrics)
        course = course_of(history, trainer.step_count, _epochs(trainer), trainer.seconds)
        return VariantState(self.share, trainer.evaluator.metrics, curves_of(history, course))

    def close(self) -> None:
        """End the worker threads, if there are any."""
        if self._workers is not None:
            self._workers.close()
            self._workers = None

    def _begin(self) -> Trainer:
        # Own workers, because the best number of threads differs from network to network.
        self._workers = self._make_workers() if self._make_workers is not None else None
        config = self.variant.run_config(self._dataset.name)
        return Trainer(config, self._dataset, self._progress, self._workers)

    def _end(self, error: TrainingDivergedError | None = None) -> None:
        """Keep the results, and drop the trainer."""
        self.share = 1.0
        if error is None and self._trainer is not None and self._trainer.evaluator.is_old:
            self._trainer.read_test_set()  # so that the accuracy is that at the end of the curves
        state = self.state()
        if error is not None:
            state = VariantState(1.0, state.test, state.curves, error.step, str(error))
        self._last_state = state
        self._trainer = None
        self.close()


class LessonRun:
    """Runs all variants of a lesson on one data set.

    Use it in a ``with`` statement, which ends the worker threads.

    Parameters
    ----------
    progress
        Called during a long evaluation or a batch of many chunks; may raise Cancelled, after which
        this object must not be used.
    make_workers
        Makes the workers for a variant; None: the calling thread works alone.

    Attributes
    ----------
    variants
        In the order of the lesson.
    """

    def __init__(
        self,
        lesson: Lesson,
        dataset: Dataset,
        progress: Progress = no_progress,
        make_workers: Callable[[], Workers] | None = None,
    ) -> None:
        self.lesson = lesson
        self.variants = tuple(
            VariantRun(variant, dataset, progress, make_workers) for variant in lesson.variants
        )

    @property
    def is_over(self) -> bool:
        """Whether all variants are done."""
        return all(run.is_over for run in self.variants)

    def step(self) -> None:
        """Make a step of one variant: the least advanced, or the first that is not done.

        Advanced by share, not by steps, so that all finish together, though a full-batch step takes
        as long as hundreds of small ones.
        """
        waiting = [run for run in self.variants if not run.is_over]
        if self.lesson.together:
            min(waiting, key=lambda run: run.share).step()
        else:
            waiting[0].step()

    def states(self) -> tuple[VariantState, ...]:
        """Return the progress and results of each variant."""
        return tuple(run.state() for run in self.variants)

    def __enter__(self) -> LessonRun:
        return self

    def __exit__(self, *_error: object) -> None:
        for run in self.variants:
            run.close()


def _epochs(trainer: Trainer) -> float:
    return trainer.epoch + trainer.position / trainer.images_per_epoch
