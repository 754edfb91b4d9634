"""A run in the window: its thread, what is asked of it, and who listens to it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal, Slot

from core.datasets.dataset import Dataset
from core.network.network import Network
from core.progress import Progress
from core.settings.config import RunConfig
from core.threads.workers import Workers
from core.training.divergence import TrainingDivergedError
from core.training.moments import ReplacedRuns
from core.training.saved_run import SavedRun
from core.training.trainer import Trainer
from gui.threads.replaceable_thread import StoppableThread
from gui.training import news
from gui.training.mailbox import Mailbox
from gui.training.news import News, Outbox
from gui.training.pace import FULL_SPEED
from gui.training.training_driver import TrainingDriver

FRAME_MS = 33


class TrainingRun(StoppableThread):
    """Trains one run in a thread of its own until it is stopped.

    The window posts into the mailbox. What is new is looked for at each frame, and all signals are
    sent then, in the window's thread, so that a run that was replaced has nothing more to say.

    Parameters
    ----------
    origin
        A network to begin with instead of fresh weights, or a run to resume.
    is_in_file
        Whether that run, as it is, is in a file that the user chose.

    Attributes
    ----------
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
    saved(path, step)
        The run is in this file as it was after this many steps.
    save_failed(path, message)
        It could not be written, and continues.
    """

    snapshot_taken = Signal(object)
    paused = Signal()
    stopped = Signal(str)
    diverged = Signal(object)
    failed = Signal(str)
    inspected = Signal(object)
    saved = Signal(object, int)
    save_failed = Signal(object, str)

    def __init__(
        self,
        config: RunConfig,
        dataset: Dataset,
        origin: Network | SavedRun | None = None,
        steps_per_second: float = FULL_SPEED,
        is_in_file: bool = False,
    ) -> None:
        super().__init__()
        self.setObjectName("training")
        self.has_failed = False
        self.divergence: TrainingDivergedError | None = None
        self.mailbox = Mailbox(steps_per_second)
        self._outbox = Outbox()
        make_trainer = partial(_make_trainer, config, dataset, origin)
        self._driver = TrainingDriver(make_trainer, self.mailbox, self._outbox, is_in_file)
        self._frames = QTimer(self, interval=FRAME_MS)
        self._frames.setTimerType(Qt.TimerType.PreciseTimer)
        self._frames.timeout.connect(self._deliver)
        self._frames.start()

    def run(self) -> None:
        """Train, in the run's thread."""
        self._driver.run()

    @Slot()
    def _deliver(self) -> None:
        """Send the signals of all that is new since the last frame."""
        snapshot, all_news = self._outbox.take()
        if snapshot is not None:
            self.snapshot_taken.emit(snapshot)
        for item in all_news:
            if self.mailbox.is_stopping:
                return  # a listener has replaced the run
            self._send(item)

    def _send(self, item: News) -> None:
        match item:
            case news.Paused(command):
                if command == self.mailbox.command_count:  # else another one was posted since
                    self.paused.emit()
            case news.Stopped(command, reason):
                if command == self.mailbox.command_count:
                    self.stopped.emit(reason)
            case news.Diverged(error):
                self.divergence = error
                self.diverged.emit(error)
            case news.Failed(message):
                self.has_failed = True
                self.failed.emit(message)
            case news.Inspected(state):
                self.inspected.emit(state)
            case news.Saved(path, step):
                self.saved.emit(path, step)
            case news.SaveFailed(path, message):
                self.save_failed.emit(path, message)

    def leave_to(self, replaced: ReplacedRuns) -> None:
        """Put the run there when it ends, if it has steps that are in no file of the user's."""
        self._driver.replaced = replaced

    def stop(self) -> None:
        """End the run at the next opportunity, without another signal; does not wait for it."""
        self._frames.stop()
        self.mailbox.stop()


def _make_trainer(
    config: RunConfig,
    dataset: Dataset,
    origin: Network | SavedRun | None,
    progress: Progress,
    workers: Workers,
) -> Trainer:
    if isinstance(origin, SavedRun):
        return Trainer.resume(origin, dataset, progress, workers)
    return Trainer(config, dataset, progress, workers, initial=origin)
