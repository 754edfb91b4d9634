"""The thread that owns a run's trainer."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import deque
from pathlib import Path

from PySide6.QtCore import Signal

from core.datasets.dataset import Dataset
from core.errors import Cancelled, DigitscopeError
from core.network.network import Network
from core.saving.run_file import save_run
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.threads.workers import Workers
from core.training.divergence import TrainingDivergedError
from core.training.evaluation import Evaluation
from core.training.moments import ReplacedRuns
from core.training.saved_run import SavedRun
from core.training.snapshot import Snapshot, take_snapshot, take_step_state
from core.training.trainer import Trainer
from gui.threads.replaceable_thread import StoppableThread
from gui.training.commands import PAUSED, Goal, Orders, Request, new_goal

_SNAPSHOT_SHARE = 0.1
"""At most this share of the thread's time goes into snapshots, however large the network is."""


FULL_SPEED = math.inf
"""Steps per second."""

_CATCH_UP = 0.05
"""Seconds by which steps may be late and still be made up for."""


class _BrokenOff(Exception):
    """Something else is to be done before the test set is read on."""


class TrainingThread(StoppableThread):
    """Builds a trainer and drives it until told to stop.

    The window never touches the trainer. It posts requests, and takes the newest snapshot when it
    wants to draw; a snapshot is only made after one was taken, so nothing can pile up.

    Parameters
    ----------
    origin
        A network to begin with instead of fresh weights, or a run to go on with.
    is_in_file
        Whether that run is in a file of the user's as it is.

    Attributes
    ----------
    run_id
        Comes with every signal, because one may arrive after the next run has begun.
    request_count
        How many requests were posted.

    Signals
    -------
    paused(run_id, request_number)
        The goal of that request was reached (1 is the first).
    stopped(run_id, request_number, reason)
        The same, but because the run has reached what its hyperparameters ask for.
    diverged(run_id, error)
        Training stopped by itself; `error` is a TrainingDivergedError.
    failed(run_id, message)
        The thread has ended because of an error.
    inspected(run_id, StepState)
        What was asked for by :meth:`inspect`.
    saved(run_id, path, step)
        The run is in this file, as it was after so many steps.
    save_failed(run_id, path, message)
        It could not be written; the run goes on.
    """

    paused = Signal(int, int)
    stopped = Signal(int, int, str)
    diverged = Signal(int, object)
    failed = Signal(int, str)
    inspected = Signal(int, object)
    saved = Signal(int, object, int)
    save_failed = Signal(int, object, str)

    def __init__(
        self,
        run_id: int,
        config: RunConfig,
        dataset: Dataset,
        origin: Network | SavedRun | None = None,
        steps_per_second: float = FULL_SPEED,
        is_in_file: bool = False,
    ) -> None:
        super().__init__()
        self.setObjectName(f"training-{run_id}")
        self.run_id = run_id
        self._config = config
        self._dataset = dataset
        self._origin = origin
        self._condition = threading.Condition()
        self._orders = Orders()
        # Until the next step, so that a slider moved in a pause makes one change.
        self._waiting: Hyperparameters | None = None
        self.request_count = 0
        self._steps_per_second = steps_per_second
        self._next_step = 0.0
        self._handled = 0
        self._stopping = False
        self._trainer: Trainer | None = None
        self._snapshots: deque[Snapshot] = deque(maxlen=1)
        self._next_snapshot = 0.0
        self._published: tuple[int, int, Evaluation | None] | None = None
        self._is_in_file = is_in_file
        self._replaced: ReplacedRuns | None = None
        self._step_in_file = 0

    # --- called by the window -----------------------------------------------------------

    def request(self, request: Request) -> None:
        """Ask for something; it begins between two steps."""
        with self._condition:
            self._orders.requests.append(request)
            self.request_count += 1
            self._condition.notify()

    def set_hyperparameters(self, hyperparameters: Hyperparameters) -> None:
        """Train with these settings from the next step on; the newest of several counts."""
        with self._condition:
            self._orders.hyperparameters = hyperparameters

    def set_network(self, network: NetworkConfig) -> None:
        """Have the network become this one between two steps; the newest of several counts."""
        with self._condition:
            self._orders.network = network
            self._condition.notify()

    def set_speed(self, steps_per_second: float) -> None:
        """Make no more steps a second than these, from the next one on."""
        with self._condition:
            self._steps_per_second = steps_per_second
            self._next_step = 0.0
            self._condition.notify()

    def save(self, path: Path, is_copy: bool = False) -> None:
        """Write the run to `path` between two steps; `is_copy`: which is no file of the user's."""
        with self._condition:
            self._orders.save_to.append((path, is_copy))
            self._condition.notify()

    def inspect(self) -> None:
        """Have a copy made, between two steps, of all that decides the next one."""
        with self._condition:
            self._orders.is_inspected = True
            self._condition.notify()

    def take_snapshot(self) -> Snapshot | None:
        """Return the newest snapshot if there is one that was not yet taken, and order another."""
        try:
            return self._snapshots.pop()
        except IndexError:
            return None

    def leave_to(self, replaced: ReplacedRuns) -> None:
        """Have the run put there when the thread ends, if it has steps in no file of the user's."""
        self._replaced = replaced

    def stop(self) -> None:
        """Have the thread end at the next opportunity; does not wait for it."""
        with self._condition:
            self._stopping = True
            self._condition.notify()

    # --- the thread itself --------------------------------------------------------------

    def run(self) -> None:
        """Train until :meth:`stop`."""
        try:
            with Workers(is_alone=False) as workers:
                self._trainer = trainer = self._make_trainer(workers)
                self._step_in_file = trainer.step_count if self._is_in_file else 0
                try:
                    self._train(trainer)
                except Cancelled:
                    self._keep_replaced(trainer)
        except Cancelled:
            pass
        except DigitscopeError as error:
            self.failed.emit(self.run_id, str(error))
        except MemoryError:
            self.failed.emit(
                self.run_id,
                "There is not enough memory for this network. Choose smaller layers or a smaller "
                "batch size.",
            )
        except Exception as error:
            logging.getLogger(__name__).exception("Training failed")
            self.failed.emit(
                self.run_id,
                f"Training stopped because of an error in the program: {error!r}. Press Reset to "
                "begin again.",
            )
        finally:
            # The trainer holds on to this thread by its progress callback: without this, both
            # would stay in memory until the garbage collector finds the cycle.
            self._trainer = None

    def _make_trainer(self, workers: Workers) -> Trainer:
        origin = self._origin
        if isinstance(origin, SavedRun):
            return Trainer.resume(origin, self._dataset, self._on_progress, workers)
        return Trainer(self._config, self._dataset, self._on_progress, workers, initial=origin)

    def _keep_replaced(self, trainer: Trainer) -> None:
        """Keep what the run was, unless that is in a file, or too large to be worth a copy."""
        replaced = self._replaced
        if (
            replaced is not None
            and trainer.step_count != self._step_in_file
            and replaced.has_room_for(trainer.saved_bytes)
        ):
            self._make_changes(trainer)
            replaced.put(trainer.saved())

    def _on_progress(self, _done: int, _total: int) -> None:
        """Stop or publish in the middle of a long step, too."""
        if not self._orders.save_to:  # else the step is finished first, and the run written
            self._stop_if_asked()
        if self._trainer is not None:
            self._publish_if_wanted(self._trainer)

    def _stop_if_asked(self) -> None:
        if self._stopping:
            raise Cancelled

    def _train(self, trainer: Trainer) -> None:
        goal = PAUSED
        was_paused = True
        while True:
            goal = self._handle_orders(trainer, goal)
            if goal.is_reached(trainer):
                self._publish_news(trainer)
                if not was_paused:
                    self.paused.emit(self.run_id, self._handled)
                was_paused = True
                if (
                    trainer.step_count
                    and trainer.evaluator.is_old
                    and not self._read_test_set(trainer)
                ):
                    continue
                self._publish_news(trainer)
                self._wait_for_request()
                continue
            was_paused = False
            if trainer.step_count and trainer.evaluator.is_due and not self._read_test_set(trainer):
                continue
            if math.isinf(goal.step) and not self._is_time(trainer):
                continue
            self._make_changes(trainer)
            try:
                trainer.step()
            except TrainingDivergedError as error:
                goal = PAUSED
                self._publish(trainer)
                # The traceback's frames hold the trainer; who hears of this must not.
                self.diverged.emit(self.run_id, error.with_traceback(None))
                was_paused = True
            else:
                if trainer.stop_reason is not None:
                    goal = PAUSED
                    self._publish(trainer)
                    self.stopped.emit(self.run_id, self._handled, trainer.stop_reason)
                    was_paused = True
            self._publish_if_wanted(trainer)

    def _read_test_set(self, trainer: Trainer) -> bool:
        """Read the test set as the network is now; return whether nothing else came first."""

        def go_on(done: int, total: int) -> None:
            self._on_progress(done, total)
            if self._orders.cannot_wait:
                raise _BrokenOff

        try:
            trainer.read_test_set(go_on)
        except _BrokenOff:
            return False
        return True

    def _handle_orders(self, trainer: Trainer, goal: Goal) -> Goal:
        """Do what was asked for since the last step; return the new goal."""
        with self._condition:
            orders, self._orders = self._orders, Orders()
            self._handled = self.request_count
        if self._stopping:
            for path, is_copy in orders.save_to:  # was asked for before the end was
                self._save(trainer, path, is_copy)
        self._stop_if_asked()
        for request in orders.requests:
            goal = new_goal(request, trainer, goal)
        if Request.GO_BACK in orders.requests:
            self._waiting = None  # it was for steps that are undone
        self._waiting = orders.hyperparameters or self._waiting
        if orders.network is not None:  # now, so that it is seen while training pauses, too
            self._make_changes(trainer, orders.network)
        for path, is_copy in orders.save_to:
            self._save(trainer, path, is_copy)
        if orders.is_inspected:
            hyperparameters = self._waiting or trainer.hyperparameters
            self.inspected.emit(self.run_id, take_step_state(trainer, hyperparameters))
        return goal

    def _make_changes(self, trainer: Trainer, network: NetworkConfig | None = None) -> None:
        """Put the newest hyperparameters into force, and another network if there is one."""
        trainer.change(self._waiting, network)
        self._waiting = None

    def _save(self, trainer: Trainer, path: Path, is_copy: bool) -> None:
        self._make_changes(trainer)
        try:
            save_run(path, trainer.saved())
        except DigitscopeError as error:
            self.save_failed.emit(self.run_id, path, str(error))
        else:
            if not is_copy:
                self._step_in_file = trainer.step_count
            self.saved.emit(self.run_id, path, trainer.step_count)

    def _wait_for_request(self) -> None:
        with self._condition:
            self._condition.wait_for(self._is_wanted)

    def _is_wanted(self) -> bool:
        return self._stopping or self._orders.cannot_wait

    def _is_time(self, trainer: Trainer) -> bool:
        """Wait until the speed allows the next step; return False if something else comes first."""
        now = time.perf_counter()
        until = self._next_step
        if until > now and self._published != _state_of(trainer):
            # In the place of an earlier step's that nobody has taken yet.
            if now >= self._next_snapshot:
                self._publish(trainer)
            else:
                until = min(until, self._next_snapshot)
        with self._condition:
            self._condition.wait_for(
                lambda: self._is_wanted() or self._next_step <= time.perf_counter(),
                max(until - now, 0),
            )
            now = time.perf_counter()
            if self._next_step > now:
                return False
            self._next_step = max(self._next_step, now - _CATCH_UP) + 1 / self._steps_per_second
        return True

    def _publish_if_wanted(self, trainer: Trainer) -> None:
        if not self._snapshots and time.perf_counter() >= self._next_snapshot:
            self._publish(trainer)

    def _publish_news(self, trainer: Trainer) -> None:
        """Publish unless the newest snapshot shows all of it; it may be one that was taken."""
        if self._published != _state_of(trainer):
            self._publish(trainer)

    def _publish(self, trainer: Trainer) -> None:
        snapshot = take_snapshot(trainer)
        self._published = _state_of(trainer)
        now = time.perf_counter()
        self._next_snapshot = now + (now - snapshot.time) / _SNAPSHOT_SHARE
        self._snapshots.append(snapshot)


def _state_of(trainer: Trainer) -> tuple[int, int, Evaluation | None]:
    """Return what is another one in each snapshot that shows something new."""
    return trainer.step_count, len(trainer.changes), trainer.evaluator.newest
