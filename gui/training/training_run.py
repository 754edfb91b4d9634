"""A run in the window: its thread, what is asked of it, and who listens to it."""

from __future__ import annotations

from functools import partial
from uuid import uuid4

from PySide6.QtCore import Qt, QTimer, Signal, Slot

from core.datasets.dataset import Dataset
from core.progress import Progress
from core.saving.replaced_runs import KeptRun, Moment, ReplacedRuns
from core.settings.config import NetworkConfig, RunConfig
from core.threads.workers import Workers
from core.training.divergence import TrainingDivergedError
from core.training.starting_state import StartingState
from core.training.trainer import Trainer
from gui.threads.replaceable_thread import StoppableThread
from gui.training import news
from gui.training.mailbox import Mailbox
from gui.training.news import News, Outbox
from gui.training.pace import FULL_SPEED
from gui.training.training_driver import TrainingDriver

FRAME_MS = 33

Origin = StartingState | KeptRun | None
"""What a run begins with: given weights, a run to resume, or random weights."""


class TrainingRun(StoppableThread):
    """Trains one run in a thread of its own until it is stopped.

    The window posts into the mailbox. What is new is looked for at each frame, and all signals are
    sent then, in the window's thread, so that a run that was replaced has nothing more to say.

    Parameters
    ----------
    origin
        What to begin with.

    Attributes
    ----------
    id
        By which the run is recognized when it is resumed.
    moment
        How far it is, as far as the window knows.
    file, in_file
        The user's file of the run, and what of the run is in it; None if there is none.
    began_with
        Given weights, if it began with some; of a run to resume it is known from the first snapshot
        on, if not before.
    mailbox
        Where the window posts what it asks for.
    has_failed
        Whether it has ended because of an error, and is of no more use.
    divergence
        Why it waits, until it trains again, if the loss was no longer a sensible number; else None.

    Signals
    -------
    snapshot_taken(Snapshot)
        At most once a frame.
    paused
        What was asked last is done.
    stopped(reason)
        The run has reached what its hyperparameters ask for, and waits.
    diverged(TrainingDivergedError)
        The loss is no longer a sensible number; the run waits.
    failed(message)
        It has ended because of an error.
    inspected(StepState)
        What ``mailbox.inspect`` asked for.
    copied(Copied)
        What ``mailbox.ask_for_checkpoint`` asked for.
    updated(Update)
        What a single step has changed, if ``mailbox.compares_steps``.
    saved(path, step)
        The run is in this file as it was after this many steps.
    save_failed(path, message)
        It could not be written, and continues.
    fine_tuning(FineTuneProgress), fine_tuned(FineTuned)
        How fine-tuning proceeds, and what came of it.
    """

    snapshot_taken = Signal(object)
    paused = Signal()
    stopped = Signal(str)
    diverged = Signal(object)
    failed = Signal(str)
    inspected = Signal(object)
    copied = Signal(object)
    updated = Signal(object)
    saved = Signal(object, int)
    save_failed = Signal(object, str)
    fine_tuning = Signal(object)
    fine_tuned = Signal(object)

    def __init__(
        self,
        config: RunConfig,
        dataset: Dataset,
        origin: Origin = None,
        steps_per_second: float = FULL_SPEED,
    ) -> None:
        super().__init__()
        self.setObjectName("training")
        kept = origin if isinstance(origin, KeptRun) else None
        self.id = uuid4().hex if kept is None else kept.id
        self.moment: Moment = (0, 1) if kept is None else kept.moment
        self.file = None if kept is None else kept.file
        self.in_file = None if kept is None else kept.in_file
        self.began_with = origin.start if isinstance(origin, KeptRun) else origin
        self.has_failed = False
        self.divergence: TrainingDivergedError | None = None
        self.mailbox = Mailbox(steps_per_second)
        self._outbox = Outbox()
        make_trainer = partial(_make_trainer, self.id, config, dataset, origin)
        self._driver = TrainingDriver(
            make_trainer, self.mailbox, self._outbox, self.file, self.in_file
        )
        self._frames = QTimer(self, interval=FRAME_MS)
        self._frames.setTimerType(Qt.TimerType.PreciseTimer)
        self._frames.timeout.connect(self._deliver)
        self._frames.start()

    @property
    def has_work(self) -> bool:
        """Whether there is something that could be lost."""
        return self.moment > (0, 1)

    @property
    def is_modified(self) -> bool:
        """Whether there is something that is not in the user's file."""
        return self.has_work and self.moment != self.in_file

    def run(self) -> None:
        """Train, in the run's thread."""
        self._driver.run()

    @Slot()
    def _deliver(self) -> None:
        """Send the signals of all that is new since the last frame."""
        snapshot, all_news = self._outbox.take()
        if snapshot is not None:
            self.moment = snapshot.step, len(snapshot.changes)
            self.began_with = snapshot.start
            self.snapshot_taken.emit(snapshot)
        for item in all_news:
            if self.mailbox.is_stopping:
                return  # a listener has replaced the run
            if not self._is_outdated(item):
                self._send(item)

    def _is_outdated(self, item: News) -> bool:
        """Return whether another command was posted since the one that this answers."""
        if isinstance(item, news.Paused | news.Stopped):
            return item.command != self.mailbox.command_count
        return False

    def _send(self, item: News) -> None:
        match item:
            case news.Paused():
                self.paused.emit()
            case news.Stopped(_, reason):
                self.stopped.emit(reason)
            case news.Diverged(error):
                self.divergence = error
                self.diverged.emit(error)
            case news.Failed(message):
                self.has_failed = True
                self.failed.emit(message)
            case _:
                self._send_answer(item)

    def _send_answer(self, item: News) -> None:
        """Send what was asked for beside training."""
        match item:
            case news.Inspected(state):
                self.inspected.emit(state)
            case news.Copied():
                self.copied.emit(item)
            case news.Updated(update):
                self.updated.emit(update)
            case news.Saved():
                self._note_saved(item)
            case news.SaveFailed(path, message):
                self.save_failed.emit(path, message)
            case news.FineTuneProgress():
                self.fine_tuning.emit(item)
            case news.FineTuned():
                self.fine_tuned.emit(item)

    def _note_saved(self, saved: news.Saved) -> None:
        self.moment = max(self.moment, saved.moment)
        if not saved.is_copy:
            self.file, self.in_file = saved.path, saved.moment
        self.saved.emit(saved.path, saved.moment[0])

    def start_for(self, network: NetworkConfig) -> StartingState | None:
        """Return what the run began with, if a run of `network` can begin with it, too."""
        start = self.began_with
        return start if start is not None and start.fits(network) else None

    def leave_to(self, replaced: ReplacedRuns) -> None:
        """Put the run there when it ends, if it has made a step."""
        self._driver.replaced = replaced

    def stop(self) -> None:
        """End the run at the next opportunity, without another signal; does not wait for it."""
        self._frames.stop()
        self.mailbox.stop()


def _make_trainer(
    run_id: str,
    config: RunConfig,
    dataset: Dataset,
    origin: Origin,
    progress: Progress,
    workers: Workers,
) -> Trainer:
    if isinstance(origin, KeptRun):
        return Trainer.resume(origin.load(), dataset, progress, workers, is_filmed=True)
    trainer = Trainer(config, dataset, progress, workers, start=origin, is_filmed=True)
    trainer.id = run_id
    return trainer
