"""Messages about a run that stopped by itself, with buttons for what to do next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Slot

from core.settings.config import Hyperparameters
from core.training.divergence import GoodState, TrainingDivergedError
from core.training.schedules import after_the_end
from core.training.snapshot import Snapshot
from core.wording import counted, numeral
from gui.settings.schedule_settings import EPOCHS_OF_A_SCHEDULE
from gui.training.session import Session
from gui.training.state import State
from gui.training.training_run import TrainingRun
from gui.widgets.messages import Messages

_TOPIC = "the run has stopped"
_WAY_BACK = "run replaced"


class RunMessages(QObject):
    """Explains why a run stopped, and offers ways to continue."""

    def __init__(self, session: Session, messages: Messages, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._messages = messages
        self._epoch = 0
        self._has_used_best = False
        self._is_opened = False
        self._shown_past_end: Hyperparameters | None = None
        session.state_changed.connect(self._on_state_changed)
        session.run_started.connect(self._on_run_started)
        session.run_opened.connect(self._note_opened)
        session.run_replaced.connect(self._offer_way_back)

    @Slot(object)
    def _on_run_started(self, run: TrainingRun) -> None:
        run.snapshot_taken.connect(self._note)
        run.stopped.connect(self._show_stop)
        run.diverged.connect(self._show_divergence)
        run.failed.connect(self._show_failure)
        self._epoch, self._is_opened, self._shown_past_end = 0, False, None
        self._messages.dismiss(_TOPIC)

    @Slot(object)
    def _on_state_changed(self, state: State) -> None:
        if state is State.RUNNING:
            self._messages.dismiss(_TOPIC)

    @Slot(object)
    def _offer_way_back(self, replaced: TrainingRun) -> None:
        run_id, run = replaced.id, self._session.run
        step = 0 if run is None else run.moment[0]
        start = None if run is None else run.began_with
        text = f"Run opened at step {numeral(step)}." if step else "New run started."
        if start is not None and start.parent is not None and not step:
            text = f"New run started with the weights of {start}."
        self._messages.done(
            text,
            [("Go back", lambda: self._session.reopening.reopen(run_id))],
            _WAY_BACK,
        )

    @Slot(str)
    def _note_opened(self, message: str) -> None:
        self._is_opened = not message

    @Slot(object)
    def _note(self, snapshot: Snapshot) -> None:
        self._epoch = snapshot.epoch
        self._has_used_best = snapshot.used_best is not None
        if self._is_opened:
            self._is_opened = False
            self._show_best(snapshot)
        if self._session.state is State.RUNNING:
            self._show_whether_past_end(snapshot)

    def _show_best(self, snapshot: Snapshot) -> None:
        """Say that an opened run predicts with its best network, if that is not its last one."""
        best = snapshot.used_best
        if best is not None:
            self._messages.offer(
                f"Early stopping ended this run, so the pad uses its best network ({best}). "
                "Press Play to continue from the last network.",
                topic=_TOPIC,
            )

    def _show_whether_past_end(self, snapshot: Snapshot) -> None:
        """Say once that training continues after the end of the schedule, and what to do."""
        hyperparameters = snapshot.config.hyperparameters
        effect, epochs = after_the_end(hyperparameters), hyperparameters.epochs
        if effect is None or epochs is None or snapshot.epoch < epochs:
            self._shown_past_end = None
        # Right after the schedule's last step, training stops by itself.
        elif snapshot.epoch_progress > 0 and self._shown_past_end != hyperparameters:
            self._shown_past_end = hyperparameters
            self._messages.offer(
                f"The schedule ended after {counted(epochs, 'epoch')}: {effect}. Extend it, or use "
                "a constant learning rate.",
                [self._longer_schedule(), self._constant_rate()],
                _TOPIC,
            )

    def _longer_schedule(self) -> tuple[str, Callable[[], object]]:
        """Return a button's text and action: continue with a schedule that ends later."""
        hyperparameters = self._session.config.hyperparameters
        epochs = max(self._epoch, hyperparameters.epochs or 0) + EPOCHS_OF_A_SCHEDULE
        longer = replace(hyperparameters, epochs=epochs)
        return f"Extend to {numeral(epochs)} epochs", lambda: self._play_with(longer)

    def _constant_rate(self) -> tuple[str, Callable[[], object]]:
        """Return a button's text and action: continue at the highest learning rate."""
        hyperparameters = self._session.config.hyperparameters
        constant = replace(hyperparameters, schedule="constant", epochs=None)
        return f"Constant at {numeral(constant.learning_rate, 'g')}", lambda: self._play_with(
            constant
        )

    @Slot(str)
    def _show_stop(self, reason: str) -> None:
        hyperparameters = self._session.config.hyperparameters
        effect, epochs = after_the_end(hyperparameters), hyperparameters.epochs
        if effect is None or epochs is None or self._epoch < epochs:
            self._messages.offer(
                f"{reason} Press Play to continue{self._from_where()}.", topic=_TOPIC
            )
        else:
            self._messages.offer(
                f"{reason} This is the end of the schedule: if you press Play, {effect}. Extend it "
                "to train further.",
                [self._longer_schedule()],
                _TOPIC,
            )

    def _from_where(self) -> str:
        """Name the network that training continues from, if the pad uses another one."""
        return " from the last network" if self._has_used_best else ""

    def _play_with(self, hyperparameters: Hyperparameters) -> None:
        self._session.set_hyperparameters(hyperparameters)
        self._session.play()

    @Slot(object)
    def _show_divergence(self, error: TrainingDivergedError) -> None:
        good = error.good
        rate = good.hyperparameters.learning_rate
        lower = float(f"{self._session.config.hyperparameters.learning_rate / 10:.2g}")
        where = f"step {numeral(good.step)} ({_loss(good)})"
        self._messages.fault(
            str(error),
            [
                (
                    f"Go back to {where}, learning rate {numeral(lower, 'g')}",
                    lambda: self._session.go_back(lower),
                ),
                (f"Go back, keep {numeral(rate, 'g')}", self._session.go_back),
            ],
            _TOPIC,
        )

    @Slot(str)
    def _show_failure(self, message: str) -> None:
        self._messages.fault(message, topic=_TOPIC)


def _loss(good: GoodState) -> str:
    return "untrained" if good.loss is None else f"loss {numeral(good.loss, '.3g')}"
