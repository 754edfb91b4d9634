"""Drives a run's trainer, in a thread of its own."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from core.errors import Cancelled, DigitscopeError
from core.inspection.update import step_and_compare
from core.progress import Progress
from core.saving.replaced_runs import KeptRun, Moment, ReplacedRuns
from core.saving.run_file import save_run
from core.settings.config import NetworkConfig
from core.threads.workers import Workers
from core.training.divergence import TrainingDivergedError
from core.training.snapshot import take_step_state
from core.training.trainer import Trainer
from gui.training import news
from gui.training.commands import PAUSED, Goal, new_goal
from gui.training.fine_tuner import fine_tune_run
from gui.training.mailbox import FineTuning, Mailbox
from gui.training.news import Outbox


class _Interrupted(Exception):
    """Something has to be done before the test set is evaluated further."""


class TrainingDriver:
    """Trains as the mailbox asks, and puts snapshots and news into the outbox.

    Parameters
    ----------
    make_trainer
        Returns the run's trainer, which this driver alone touches.
    file, in_file
        The user's file of the run, and what of the run is in it; None if there is none.

    Attributes
    ----------
    replaced
        Where the run goes in the end, if it has made a step; None to drop it.
    """

    def __init__(
        self,
        make_trainer: Callable[[Progress, Workers], Trainer],
        mailbox: Mailbox,
        outbox: Outbox,
        file: Path | None,
        in_file: Moment | None,
    ) -> None:
        self._make_trainer: Callable[[Progress, Workers], Trainer] | None = make_trainer
        self._mailbox = mailbox
        self._outbox = outbox
        self._file = file
        self._in_file = in_file
        self.replaced: ReplacedRuns | None = None
        self._trainer: Trainer | None = None
        self._handled = 0
        self._workers: Workers | None = None

    def run(self) -> None:
        """Train until the mailbox says stop."""
        kept = self._train_until_stopped()
        if kept is not None and self.replaced is not None:
            self.replaced.put(kept)  # may take a while, for which the trainer need not wait

    def _train_until_stopped(self) -> KeptRun | None:
        """Return what the run was, if it was replaced and is worth keeping."""
        try:
            with Workers(is_alone=False) as workers:
                return self._drive(workers)
        except Cancelled:
            pass
        except DigitscopeError as error:
            self._outbox.put(news.Failed(str(error)))
        except MemoryError:
            self._outbox.put(
                news.Failed(
                    "There is not enough memory for this network. Choose smaller layers or a "
                    "smaller batch size."
                )
            )
        except Exception as error:
            logging.getLogger(__name__).exception("Training failed")
            self._outbox.put(
                news.Failed(
                    f"Training stopped because of an error in the program: {error!r}. Press "
                    "Restart to begin again."
                )
            )
        finally:
            # The trainer refers to this driver by its progress callback: without this, both would
            # stay in memory until the garbage collector finds the cycle.
            self._trainer = self._workers = None
        return None

    def _drive(self, workers: Workers) -> KeptRun | None:
        self._workers = workers
        self._trainer = trainer = self._begin(workers)
        try:
            self._train(trainer)
        except Cancelled:
            return self._kept(trainer)
        return None

    def _begin(self, workers: Workers) -> Trainer:
        """Make the trainer, and let go of what it begins with."""
        make, self._make_trainer = self._make_trainer, None
        assert make is not None
        return make(self._on_progress, workers)

    def _train(self, trainer: Trainer) -> None:
        goal, was_paused = PAUSED, True
        while True:
            goal = self._do_commands(trainer, goal)
            if goal.is_reached(trainer):
                self._pause(trainer, was_paused)
                was_paused = True
            elif self._may_step(trainer, goal):
                was_paused = not self._step(trainer, math.isfinite(goal.step))
                goal = PAUSED if was_paused else goal
            else:
                was_paused = False

    def _pause(self, trainer: Trainer, was_paused: bool) -> None:
        """Show the newest state, evaluate the test set if that is old, and wait."""
        self._outbox.publish_changes(trainer)
        if not was_paused:
            self._outbox.put(news.Paused(self._handled))
        has_learned = trainer.step_count or trainer.start is not None
        due = has_learned and trainer.evaluator.should_read
        if due and not self._evaluate_test_set(trainer):
            return
        self._outbox.publish_changes(trainer)
        self._mailbox.wait()

    def _may_step(self, trainer: Trainer, goal: Goal) -> bool:
        """Return whether the next step is due; False if something else comes first."""
        if not self._mailbox.wait_for_way():
            return False
        if trainer.step_count and trainer.evaluator.is_due and not self._evaluate_test_set(trainer):
            return False
        return math.isfinite(goal.step) or self._is_time(trainer)

    def _step(self, trainer: Trainer, is_single: bool) -> bool:
        """Train on one mini-batch; return whether training may continue."""
        outbox = self._outbox
        self._make_changes(trainer)
        try:
            if is_single and self._mailbox.compares_steps:
                outbox.put(news.Updated(step_and_compare(trainer, self._on_progress)))
            else:
                trainer.step()
        except TrainingDivergedError as error:
            outbox.publish(trainer)
            # The traceback's frames refer to the trainer, which must not outlive its run.
            outbox.put(news.Diverged(error.with_traceback(None)))
            return False
        if trainer.stop_reason is not None:
            outbox.publish(trainer)
            outbox.put(news.Stopped(self._handled, trainer.stop_reason))
            return False
        outbox.publish_if_wanted(trainer)
        return True

    def _is_time(self, trainer: Trainer) -> bool:
        """Wait until the speed allows the next step; return False if something else comes first."""
        outbox, until, now = self._outbox, math.inf, time.perf_counter()
        if self._mailbox.pace.next_step > now and not outbox.shows(trainer):
            if now >= outbox.next_snapshot:
                outbox.publish(trainer)  # although nobody took the one before
            else:
                until = outbox.next_snapshot
        return self._mailbox.wait_for_step(until)

    def _evaluate_test_set(self, trainer: Trainer) -> bool:
        """Evaluate the network as it is now; return whether nothing else came first."""

        def on_progress(done: int, total: int) -> None:
            self._on_progress(done, total)
            if self._mailbox.is_waiting:
                raise _Interrupted

        try:
            trainer.read_test_set(on_progress)
        except _Interrupted:
            return False
        return True

    def _on_progress(self, _done: int, _total: int) -> None:
        """Stop or show the newest state in the middle of a long step, too."""
        if not self._mailbox.will_save:  # else the step is finished first, and the run written
            self._stop_if_asked()
        if self._trainer is not None:
            self._outbox.publish_if_wanted(self._trainer)

    def _stop_if_asked(self) -> None:
        if self._mailbox.is_stopping:
            raise Cancelled

    # --- commands -------------------------------------------------------------------------

    def _do_commands(self, trainer: Trainer, goal: Goal) -> Goal:
        """Do what was asked since the last step; return the new goal."""
        pending, self._handled = self._mailbox.take()
        if self._mailbox.is_stopping:
            for path, is_copy in pending.save_to:  # was asked before the end was
                self._save(trainer, path, is_copy)
        self._stop_if_asked()
        for command in pending.commands:
            goal = new_goal(command, trainer, goal)
        if pending.network is not None:  # now, so that it is seen while training pauses, too
            self._make_changes(trainer, pending.network)
        for path, is_copy in pending.save_to:
            self._save(trainer, path, is_copy)
        if pending.is_inspected:
            hyperparameters = self._mailbox.hyperparameters or trainer.hyperparameters
            self._outbox.put(news.Inspected(take_step_state(trainer, hyperparameters)))
        if pending.wants_checkpoint:
            self._outbox.put(self._copy(trainer))
        if pending.fine_tuning is not None:
            self._fine_tune(trainer, pending.fine_tuning)
        return goal

    def _copy(self, trainer: Trainer) -> news.Copied:
        """Return a copy of the run; its arrays are the caller's."""
        checkpoint = replace(trainer.checkpoint(), history=None)
        hyperparameters = self._mailbox.hyperparameters or trainer.hyperparameters
        return news.Copied(trainer.config, trainer.dataset, checkpoint, hyperparameters)

    def _fine_tune(self, trainer: Trainer, fine_tuning: FineTuning) -> None:
        self._make_changes(trainer)
        kept = KeptRun(trainer.saved(), self._file, self._in_file)
        fine_tune_run(trainer, fine_tuning, kept, self._mailbox, self._outbox, self._workers)

    def _make_changes(self, trainer: Trainer, network: NetworkConfig | None = None) -> None:
        """Apply the newest hyperparameters, and another network if there is one."""
        trainer.change(self._mailbox.take_hyperparameters(), network)

    def _save(self, trainer: Trainer, path: Path, is_copy: bool) -> None:
        self._make_changes(trainer)
        run = trainer.saved()
        if is_copy:  # written every half minute: a film would make it many times as large
            run = replace(run, film=())
        try:
            save_run(path, run)
        except DigitscopeError as error:
            self._outbox.put(news.SaveFailed(path, str(error)))
        else:
            moment = trainer.step_count, len(trainer.changes)
            if not is_copy:
                self._file, self._in_file = path, moment
            self._outbox.put(news.Saved(path, moment, is_copy))

    def _kept(self, trainer: Trainer) -> KeptRun | None:
        """Return what the run was, if it was replaced after a step or after fine-tuning."""
        has_work = trainer.step_count or len(trainer.changes) > 1
        if self.replaced is None or not has_work:
            return None
        self._make_changes(trainer)
        return KeptRun(trainer.saved(), self._file, self._in_file)
