"""Connects the pad with the user's own digits: test images, corrections, fine-tuning."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Slot

from core.arrays import SIDE
from core.datasets.dataset import Dataset
from core.my_digits.my_digits import MyDigits
from core.runs.run_comparison import NAMES
from core.training.fine_tuning import FineTuneResult, fine_tuning, images_per_epoch
from core.wording import are_digits, counted, numeral, percent
from gui.pad.correction import Correction
from gui.pad.fine_tune_run import FineTuneRun
from gui.pad.pad_panel import PadPanel
from gui.prediction.active_network import ActiveNetwork
from gui.training.session import Session
from gui.training.state import State
from gui.widgets.actions import Actions
from gui.widgets.floating import FloatingCards
from gui.widgets.loading_bar import LoadingBar
from gui.widgets.messages import Messages

if TYPE_CHECKING:
    from gui.pad.my_digits_panel import MyDigitsPanel


_TOPIC = "my digits"


class MyDigitsController(QObject):
    """Puts test images on the pad, and trains on the drawings that were corrected."""

    def __init__(
        self,
        session: Session,
        active_network: ActiveNetwork,
        actions: Actions,
        pad_panel: PadPanel,
        messages: Messages,
        cards: FloatingCards,
        my_digits: MyDigits,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._active_network = active_network
        self._pad_panel = pad_panel
        self._digits_panel: MyDigitsPanel | None = None
        self._messages = messages
        self._my_digits = my_digits
        self._examples = np.random.default_rng()
        self._cards = cards
        self._bar = LoadingBar(
            "fine_tune_bar", "cancel_fine_tune_button", "Stop fine-tuning. Nothing changes"
        )
        self.fine_tune_run = FineTuneRun(session, active_network, self)

        actions.example.triggered.connect(self._place_example)
        correction = Correction(actions, pad_panel, messages, my_digits, self)
        correction.changed.connect(self.show_predictions)
        actions.learn_mine.triggered.connect(self._learn)
        self._bar.cancelled.connect(self.fine_tune_run.cancel)
        self.fine_tune_run.progressed.connect(self._bar.show_progress)
        self.fine_tune_run.ended.connect(self._hide_progress)
        self.fine_tune_run.failed.connect(self._show_failure)
        self.fine_tune_run.finished.connect(self._show_result)
        session.state_changed.connect(self._show_state)
        session.run_started.connect(self._forget)
        session.data.changed.connect(lambda _dataset: pad_panel.say(""))  # of an image of the old

    def show_in(self, panel: MyDigitsPanel) -> None:
        """Show the user's digits in this panel, and train when it asks for it."""
        self._digits_panel = panel
        panel.learn_requested.connect(self._learn)
        panel.changed.connect(self.show_predictions)
        panel.shown.connect(self.show_predictions)
        self._show_state(self._session.state)
        self.show_predictions()

    @Slot(object)
    def _show_state(self, state: State) -> None:
        if self._digits_panel is not None:
            self._digits_panel.set_can_learn(state in (State.PAUSED, State.RUNNING))
        if state is State.RUNNING:
            self._forget()

    @Slot()
    def _forget(self) -> None:
        self._messages.dismiss(_TOPIC)

    @Slot()
    def _place_example(self) -> None:
        dataset = self._session.data.dataset
        if dataset is None:
            return
        self.place_test_image(int(self._examples.integers(len(dataset.test_labels))))

    @Slot(int)
    def place_test_image(self, index: int) -> None:
        """Put this image of the test set on the pad."""
        dataset = self._session.data.dataset
        if dataset is not None:
            image, label = dataset.test_images[index], dataset.test_labels[index]
            self._place(image, f"Test image {numeral(index)}: {dataset.classes[label]}")

    @Slot(int)
    def place_training_image(self, index: int) -> None:
        """Put this image of the training set on the pad."""
        dataset = self._session.data.dataset
        if dataset is not None:
            image, label = dataset.train_images[index], dataset.train_labels[index]
            self._place(image, f"Training image {numeral(index)}: {dataset.classes[label]}")

    def _place(self, image: NDArray[np.uint8], remark: str) -> None:
        self._pad_panel.pad.place_example(image.reshape(SIDE, SIDE))
        self._pad_panel.say(remark)

    @Slot()
    def _learn(self) -> None:
        """Say what fine-tuning will do, and offer it."""
        dataset = self._session.data.dataset
        if not len(self._my_digits):
            self._messages.offer(
                "You have no digits yet. Draw one, then press the key of its digit.", topic=_TOPIC
            )
        elif dataset is None or self._active_network.start is None:
            self._messages.offer(
                "There is no network yet. Wait until the data set is loaded.", topic=_TOPIC
            )
        elif not self._is_for_digits:
            self._messages.offer(
                "My digits can train a network that reads digits. Choose MNIST or strokes as the "
                "data, and a network trained on them.",
                topic=_TOPIC,
            )
        else:
            self._messages.offer(self._plan(dataset), [("Train", self._begin)], _TOPIC)

    @property
    def _is_for_digits(self) -> bool:
        """Whether the active network and the training images are about digits."""
        network, dataset = self._active_network.network, self._session.data.dataset
        return (
            network is not None
            and dataset is not None
            and are_digits(network.classes)
            and are_digits(dataset.classes)
        )

    def _plan(self, dataset: Dataset) -> str:
        own = len(self._my_digits)
        settings = fine_tuning(self._session.config).hyperparameters
        training = len(dataset.train_labels) - self._session.config.validation
        images = images_per_epoch(training, own)
        return (
            f"Fine-tune for {counted(settings.epochs or 1, 'epoch')} on {numeral(images)} images: "
            f"{numeral(training)} training images, and your {counted(own, 'digit')}, repeated and "
            f"varied. Learning rate {numeral(settings.learning_rate, 'g')}, mini-batches of "
            f"{numeral(settings.batch_size)}, {NAMES[settings.optimizer]}. The run keeps its own "
            f"settings.{self._which()}"
        )

    def _which(self) -> str:
        """Say which network is trained, where the views show another."""
        past = self._active_network.past
        if past is None:
            return ""
        return f" The newest network is trained, not that at step {numeral(past.step)}."

    @Slot()
    def _begin(self) -> None:
        self.fine_tune_run.begin(self._my_digits.labeled_images())
        if self.fine_tune_run.is_at_work:
            self._cards.show(self._bar)
            self._bar.begin("Training on your digits…")

    @Slot()
    def _hide_progress(self) -> None:
        self._cards.hide(self._bar)

    @Slot(str)
    def _show_failure(self, message: str) -> None:
        self._messages.fault(f"Nothing was changed. {message}", topic=_TOPIC)

    @Slot()
    def show_predictions(self) -> None:
        """Show the user's digits, and which of them the network gets wrong."""
        if self._digits_panel is None:
            return
        network = self._active_network.network
        predictions = None
        if network is not None and are_digits(network.classes) and len(self._my_digits):
            images = self._my_digits.labeled_images().images
            with np.errstate(over="ignore", invalid="ignore"):
                predictions = network.predict(images).argmax(axis=1).tolist()
        self._digits_panel.show_predictions(predictions)

    @Slot(object)
    def _show_result(self, result: FineTuneResult) -> None:
        self.show_predictions()
        if self._digits_panel is not None:
            self._digits_panel.show_accuracy(
                result.own_before, result.own_after, result.test_before, result.test_after
            )
        self._messages.offer(
            f"Your digits: {percent(result.own_before, 0)} → {percent(result.own_after, 0)} "
            f"correct. Test set: {percent(result.test_before)} → {percent(result.test_after)}.",
            [("Undo", self.fine_tune_run.undo)],
            _TOPIC,
        )
