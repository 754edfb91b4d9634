"""What leaves the training thread: a frozen picture of a run."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from core.arrays import Floats
from core.history.history import History
from core.network.network import Network
from core.settings.config import Hyperparameters, RunConfig
from core.training.checkpoint import Change
from core.training.confidence import Thresholds
from core.training.evaluation import Evaluation
from core.training.evaluator import TestMetrics
from core.training.film import FilmMoment, moments_before
from core.training.layer_statistics import LayerRecord
from core.training.saved_run import BestNetwork
from core.training.schedules import learning_rate_at
from core.training.starting_state import Parent, StartingState
from core.training.trainer import Trainer


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A trainer's state at one moment. It says all there is to say of it, and never changes.

    Attributes
    ----------
    config
        The run's, with the network and the hyperparameters that are in force.
    step, epoch, epoch_progress
        Steps made, epochs completed, and the share of the present epoch that is done, 0…1.
    images_seen
        Images trained on since the run began.
    seconds
        How long its steps took, tests and pauses excluded.
    network
        A read-only copy.
    changes, layer_records
        Oldest first; the first change is how the run began.
    test, test_step
        The newest evaluation on the test set, None before the first; and after how many steps.
    learning_rate
        Of the next step with these hyperparameters, as the schedule has it.
    thresholds, test_metrics
        As :class:`core.training.evaluator.Evaluator` has them.
    time
        Seconds, of ``time.perf_counter``.
    best, ended_by_patience, film, start
        As :class:`core.training.saved_run.SavedRun` has them.
    reads_test_set
        Whether the run evaluates itself on the test set.
    is_past
        Whether it is of an earlier moment of the run (see :meth:`at`).
    """

    config: RunConfig
    step: int
    epoch: int
    epoch_progress: float
    images_seen: int
    seconds: float
    network: Network
    changes: tuple[Change, ...]
    history: History
    layer_records: tuple[LayerRecord, ...]
    test: Evaluation | None
    test_step: int
    learning_rate: float
    threads: int
    thresholds: Thresholds | None
    time: float
    test_metrics: TestMetrics | None = None
    best: BestNetwork | None = None
    ended_by_patience: bool = False
    film: tuple[FilmMoment, ...] = ()
    start: StartingState | None = None
    reads_test_set: bool = True
    is_past: bool = False

    @property
    def place(self) -> tuple[int, int]:
        """By which moments of one run are ordered (see :class:`core.training.film.FilmMoment`)."""
        return self.step, len(self.changes)

    @property
    def moments(self) -> tuple[FilmMoment, ...]:
        """All earlier moments that are kept, in order: those of the film, and the best, exactly."""
        return moments_before(self.place, self.film, self.best_moment)

    @property
    def best_moment(self) -> FilmMoment | None:
        """The moment of the best network, in full precision; None where there is none."""
        if self.best is None:
            return None
        best, film = self.best, self.film
        seconds = self.seconds
        if film:
            steps = [moment.step for moment in film] + [self.step]
            known = [moment.seconds for moment in film] + [self.seconds]
            seconds = float(np.interp(best.step, steps, known))
        changes = sum(change.step < best.step for change in self.changes)
        return FilmMoment(
            best.step, changes, best.epoch, seconds, best.config, best.network.parameters, False
        )

    @property
    def parent(self) -> Parent | None:
        """Where the run branched off; None if it is no branch."""
        return None if self.start is None else self.start.parent

    @property
    def used_best(self) -> BestNetwork | None:
        """The best network where it is to be used instead of the last: patience ended the run."""
        return self.best if self.ended_by_patience else None

    def at(self, moment: FilmMoment) -> Snapshot:
        """Return what was true at an earlier moment of this run.

        The history is that of now; the test set was not evaluated with this network.
        """
        changes = self.changes[: moment.changes]
        hyperparameters = changes[-1].hyperparameters
        epoch, progress = divmod(moment.epochs, 1)
        made = self.epoch + self.epoch_progress
        return replace(
            self,
            config=replace(self.config, network=moment.network, hyperparameters=hyperparameters),
            step=moment.step,
            epoch=int(epoch),
            epoch_progress=progress,
            images_seen=round(self.images_seen * moment.epochs / made) if made else 0,
            seconds=moment.seconds,
            network=moment.make_network(),
            changes=changes,
            layer_records=tuple(
                record for record in self.layer_records if record.step <= moment.step
            ),
            test=None,
            test_step=moment.step,
            learning_rate=learning_rate_at(moment.epochs, hyperparameters),
            test_metrics=None,
            best=None,
            ended_by_patience=False,
            is_past=True,
        )

    def without_memory(self) -> StepState:
        """Return what decides the next step, except what the optimizer would remember."""
        return StepState(self, self.config.hyperparameters, self.learning_rate, None, 0)


@dataclass(frozen=True, eq=False)
class StepState:
    """A snapshot with what the optimizer remembers: all that decides the next step.

    Attributes
    ----------
    hyperparameters, learning_rate
        Of the next step.
    optimizer_state
        The optimizer's, (P,) each, by name (see :class:`core.training.optimizers.Optimizer`); none
        where another optimizer makes the next step. None where it is not known.
    optimizer_steps
        Steps that it has made.
    """

    snapshot: Snapshot
    hyperparameters: Hyperparameters
    learning_rate: float
    optimizer_state: Mapping[str, Floats] | None
    optimizer_steps: int


def take_step_state(trainer: Trainer, hyperparameters: Hyperparameters) -> StepState:
    """Copy all that decides the next step, with these hyperparameters.

    Call it in the thread that drives the trainer.
    """
    state: dict[str, Floats] = {}
    steps, optimizer = 0, trainer.optimizer
    if hyperparameters.optimizer == trainer.hyperparameters.optimizer:  # else a new one begins
        state = {name: array.copy() for name, array in optimizer.state.items()}
        steps = optimizer.steps
    rate = trainer.learning_rate_with(hyperparameters)
    return StepState(take_snapshot(trainer), hyperparameters, rate, state, steps)


def take_snapshot(trainer: Trainer) -> Snapshot:
    """Copy what a display needs. Call it in the thread that drives the trainer."""
    images = trainer.images_per_epoch
    return Snapshot(
        config=trainer.present_config,
        step=trainer.step_count,
        epoch=trainer.epoch,
        epoch_progress=trainer.position / images,
        images_seen=trainer.epoch * images + trainer.position,
        seconds=trainer.seconds,
        network=trainer.network.frozen_copy(),
        changes=tuple(trainer.changes),
        history=trainer.history,
        layer_records=trainer.layer_statistics.records,
        test=trainer.evaluator.newest,
        test_step=trainer.evaluator.step,
        learning_rate=trainer.learning_rate,
        threads=trainer.threads,
        thresholds=trainer.evaluator.thresholds,
        test_metrics=trainer.evaluator.metrics,
        best=trainer.moments.best,
        ended_by_patience=trainer.ended_by_patience,
        film=() if trainer.moments.film is None else trainer.moments.film.moments,
        start=trainer.start,
        reads_test_set=trainer.evaluator.reads_test_set,
        time=time.perf_counter(),
    )
