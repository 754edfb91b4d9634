"""What the window says when a run stops by itself."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.settings.config import Hyperparameters
from gui.training.state import State
from tests.gui.driving import child, click, message, message_buttons, messages, type_into


def train_to_the_stop(qtbot, window, session):
    stops = []
    session.run.stopped.connect(stops.append)
    session.run_started.connect(lambda run: run.stopped.connect(stops.append))
    click(window, "play_button")
    qtbot.waitUntil(lambda: bool(stops))


def test_a_stop_is_reported_and_play_continues(qtbot, window, session):
    type_into(window, "epochs_field", "2")
    train_to_the_stop(qtbot, window, session)
    assert child(window, "play_button").text() == "Play"
    assert window.transport.epoch_count.text() == "2"
    assert messages(window)
    assert message(window) == "2 epochs are done. Press Play to continue."
    assert list(message_buttons(window)) == ["Dismiss"]
    click(window, "play_button")
    assert not messages(window)
    qtbot.waitUntil(lambda: int(window.transport.epoch_count.text()) > 3)
    assert session.state is State.RUNNING


def test_the_accuracy_to_stop_at(qtbot, window, session):
    session.set_validation(50)
    type_into(window, "target_accuracy_field", "50")
    train_to_the_stop(qtbot, window, session)
    assert "The accuracy of 50.00 % is reached" in message(window)
    epochs = window.display.snapshot.epoch
    assert window.display.snapshot.history.epoch_validation_accuracies[epochs - 1] >= 0.5


def test_patience(qtbot, window, session):
    session.set_hyperparameters(Hyperparameters(learning_rate=1e-9, patience=2))
    train_to_the_stop(qtbot, window, session)
    assert "not improved for 2 epochs" in message(window)


def test_a_schedule_that_has_ended_can_be_made_longer(qtbot, window, session):
    schedule = Hyperparameters(schedule="cosine", epochs=2)
    session.set_hyperparameters(schedule)
    train_to_the_stop(qtbot, window, session)
    QTest.mouseClick(message_buttons(window)["Extend to 22 epochs"], Qt.MouseButton.LeftButton)
    assert session.config.hyperparameters == replace(schedule, epochs=22)
    assert not messages(window)
    qtbot.waitUntil(lambda: int(window.transport.epoch_count.text()) > 3)


def test_a_schedule_that_has_not_ended_is_left_alone(qtbot, window, session):
    session.set_hyperparameters(
        Hyperparameters(learning_rate=1e-9, schedule="cosine", epochs=50, patience=1)
    )
    train_to_the_stop(qtbot, window, session)
    assert list(message_buttons(window)) == ["Dismiss"]
