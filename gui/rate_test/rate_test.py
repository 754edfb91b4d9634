"""Tests learning rates on a copy of the present run, which stays as it is."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from core.runs.run_comparison import NAMES
from core.training.learning_rate_test import LARGEST_BATCH
from core.wording import counted, numeral
from gui.rate_test.rate_test_card import RateTestCard
from gui.rate_test.rate_test_thread import RateTestThread
from gui.settings.settings_panel import SettingsPanel
from gui.threads.replaceable_thread import ReplaceableThread
from gui.training.news import Copied
from gui.training.session import Session
from gui.training.training_run import FRAME_MS, TrainingRun
from gui.widgets.announcing import announce
from gui.widgets.messages import Messages
from gui.widgets.pictures import picture_of

_TOPIC = "learning-rate test"


class RateTest(QObject):
    """Asks the run for a copy, tests that in a thread of its own, and shows how it goes.

    Parameters
    ----------
    panel
        Has the button that begins a test, and the learning rate; the card is beside it.

    Attributes
    ----------
    card
        Shows the test.
    """

    def __init__(
        self,
        session: Session,
        panel: SettingsPanel,
        messages: Messages,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session = session
        self._settings = panel.hyperparameters
        self._messages = messages
        self._is_waiting = False
        self._copied: Copied | None = None
        self._run: TrainingRun | None = None
        self._threads = ReplaceableThread[RateTestThread](self)
        self._frames = QTimer(self, interval=FRAME_MS)
        self._frames.timeout.connect(self._show_newest)
        self.card = RateTestCard(panel, window)
        self.card.again_wanted.connect(self.begin)
        self.card.closed.connect(self.cancel)
        self.card.rate_chosen.connect(self._use)
        self.card.copy_picture.triggered.connect(self._copy_picture)
        self._settings.rate_test.clicked.connect(self.begin)
        session.run_started.connect(self._follow)
        session.config_changed.connect(self._show_subject)

    @Slot()
    def begin(self) -> None:
        """Begin a test of the present network, or say why there can be none."""
        reason = self._reason_against()
        if reason:
            self._messages.offer(reason, topic=_TOPIC)
            return
        assert self._session.run is not None
        self._stop()
        self._messages.dismiss(_TOPIC)
        self.card.begin()
        self._is_waiting = True
        self._session.run.mailbox.ask_for_checkpoint()

    def _reason_against(self) -> str:
        run = self._session.run
        if run is None:
            return "There is no network to test yet. Wait until the data set is loaded."
        if run.has_failed:
            return "This run has ended because of an error. Press Restart, then test again."
        if run.divergence is not None:
            return "The loss of this run has exploded. Go back or press Restart, then test again."
        return ""

    @Slot()
    def cancel(self) -> None:
        """End the test, if one runs, and show no more of it."""
        self._stop()
        self.card.end()

    def close(self, timeout_ms: int) -> bool:
        """End the test and wait; return whether its thread has ended."""
        self._stop()
        return self._threads.close(timeout_ms)

    def _stop(self) -> None:
        self._frames.stop()
        self._threads.retire()
        self._is_waiting = False
        self._copied = None

    # --- the run ----------------------------------------------------------------------------

    @Slot(object)
    def _follow(self, run: TrainingRun) -> None:
        run.copied.connect(self._test)
        run.failed.connect(self._give_up)
        if self._is_waiting:
            run.mailbox.ask_for_checkpoint()  # the run before may have ended without an answer
        self._show_subject()

    @Slot()
    def _give_up(self) -> None:
        if self._is_waiting:
            self.cancel()

    @Slot(object)
    def _test(self, copied: Copied) -> None:
        if not self._is_waiting:
            return  # cancelled meanwhile
        self._is_waiting = False
        self._copied, self._run = copied, self._session.run
        self._show_subject()
        self._threads.start(RateTestThread(copied))
        self._frames.start()

    # --- what is shown ----------------------------------------------------------------------

    @Slot()
    def _show_subject(self) -> None:
        """Say what is tested, and whether that has changed meanwhile."""
        copied = self._copied
        if copied is None:
            return
        tested, settings = copied.checkpoint, copied.hyperparameters
        changed = " The network or its settings have changed since." if self._is_outdated else ""
        self.card.show_subject(
            f"A copy of {tested.network} after {counted(tested.step, 'step')}: "
            f"{NAMES[settings.optimizer]}, {_batches(copied)}. "
            f"The run is not changed; its schedule is ignored.{changed}"
        )

    @property
    def _is_outdated(self) -> bool:
        """Whether the run is another now, or its network or another setting than the rate."""
        copied = self._copied
        assert copied is not None
        present = self._session.config
        hyperparameters = replace(
            present.hyperparameters, learning_rate=copied.hyperparameters.learning_rate
        )
        return self._run is not self._session.run or (present.network, hyperparameters) != (
            copied.checkpoint.network,
            copied.hyperparameters,
        )

    @Slot()
    def _show_newest(self) -> None:
        thread = self._threads.present
        if thread is None:
            return
        if thread.problem:
            self.cancel()
            self._messages.fault(thread.problem, topic=_TOPIC)
            return
        result = thread.newest
        if result is None:
            return
        self.card.show_result(result, thread.steps)
        if result.is_over:
            self._frames.stop()
            self._threads.retire()
            announce(self.card, result.findings)

    # --- what is done with it ---------------------------------------------------------------

    @Slot(float)
    def _use(self, rate: float) -> None:
        self.cancel()
        self._settings.learning_rate.enter(rate)

    @Slot()
    def _copy_picture(self) -> None:
        QGuiApplication.clipboard().setImage(picture_of(self.card.chart))
        self._messages.done("Picture of the learning-rate test copied to the clipboard.")


def _batches(copied: Copied) -> str:
    """Return how large the batches of a test are, and those of the run if they are larger."""
    images = len(copied.dataset.train_labels) - copied.config.validation
    batch = min(copied.hyperparameters.batch_size, images)
    if batch <= LARGEST_BATCH:
        return f"batches of {numeral(batch)}"
    return f"batches of {numeral(LARGEST_BATCH)} instead of {numeral(batch)}, to take seconds"
