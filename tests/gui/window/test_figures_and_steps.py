"""Every value in the window belongs to the step shown, or names its own step."""

from dataclasses import replace

import pytest

from core.inspection.network_edits import Edit
from core.lessons.lesson_file import load_lesson
from core.lessons.lesson_run import VariantState
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.training.snapshot import take_snapshot
from core.training.trainer import Trainer
from core.wording import percent
from gui.lessons.variant_row import VariantRow
from gui.prediction.active_network import ActiveNetwork
from gui.prediction.edited_network import EditedNetwork
from gui.runs.run_recorder import RunRecorder
from gui.training.state import State
from gui.weights.edits_bar import EditsBar
from tests.core.digits import tiny_dataset
from tests.core.lessons.lesson_texts import lesson_file
from tests.core.training.small_runs import make_trainer, run
from tests.gui.driving import child, click, message, messages


def steps(qtbot, window, session, number):
    """Make this many single steps; return once the test set has been evaluated after the last."""
    for _ in range(number):
        session.step()
    qtbot.waitUntil(lambda: is_new(window, number), timeout=10_000)
    qtbot.waitUntil(lambda: session.state is State.PAUSED)


def is_new(window, step):
    snapshot = window.display.snapshot
    return snapshot is not None and snapshot.step == step and not snapshot.test_metrics.is_old


def test_after_a_pause_the_test_accuracy_is_that_of_the_network(qtbot, window, session):
    steps(qtbot, window, session, 3)
    transport = window.transport
    assert transport.accuracy_title.text() == "Test accuracy"
    assert not transport.accuracy.is_quiet
    assert transport.accuracy.text() == percent(window.display.snapshot.test_metrics.accuracy)


def test_an_older_test_accuracy_names_its_step(qtbot, window):
    trainer = run(make_trainer(), 4)
    run(trainer, 3)
    window.transport.show_snapshot(take_snapshot(trainer))
    assert window.transport.accuracy_title.text() == "Test accuracy at step 4"
    assert window.transport.accuracy.is_quiet
    trainer.read_test_set()
    window.transport.show_snapshot(take_snapshot(trainer))
    assert window.transport.accuracy_title.text() == "Test accuracy"
    assert not window.transport.accuracy.is_quiet


def test_mistakes_of_an_older_network_say_so(qtbot, window, session):
    window.tabs.open("mistakes")
    steps(qtbot, window, session, 3)
    header = window.tabs.view("mistakes").header
    qtbot.waitUntil(lambda: "after step 3;" in header.text())
    qtbot.waitUntil(lambda: "changed since" not in header.text())
    snapshot = window.display.snapshot
    old = replace(snapshot, step=9, test_metrics=replace(snapshot.test_metrics, is_old=True))
    window.tabs.show_snapshot(old)
    assert "after step 3;" in header.text()
    assert "outdated" in header.text()
    assert header.is_quiet


def test_the_accuracy_of_edits_names_its_step_once_the_network_learned_further(qtbot):
    data = tiny_dataset()
    trainer = run(Trainer(RunConfig(network=NetworkConfig(hidden=(6,))), data), 2)
    edited, bar = EditedNetwork(), EditsBar()
    qtbot.addWidget(bar)
    edited.show_dataset(data)
    edited.note_snapshot(take_snapshot(trainer))
    edited.add(Edit(1, 2, None, 1.0))
    with qtbot.waitSignal(edited.accuracy_changed):
        edited.measure(at_once=True)
    bar.show_edits(edited, False)
    assert "at step" not in bar.text.text()
    edited.note_snapshot(take_snapshot(trainer))  # of the same state
    bar.show_edits(edited, False)
    assert "at step" not in bar.text.text()
    edited.note_snapshot(take_snapshot(run(trainer, 1)))
    bar.show_edits(edited, False)
    assert "Test accuracy at step 2 " in bar.text.text()
    assert bar.text.is_quiet
    qtbot.waitUntil(lambda: not edited._measuring._rest.isActive())


def test_the_accuracy_of_a_variant_names_its_step_while_it_runs(qtbot, tmp_path):
    row = VariantRow(load_lesson(lesson_file(tmp_path)).variants[0], 0)
    qtbot.addWidget(row)
    trainer = run(make_trainer(), 7)
    row.show_state(VariantState(0.5, trainer.evaluator.metrics))
    assert "at step 4" in row.figure.toolTip()
    assert not row.figure.isEnabled()
    trainer.read_test_set()
    row.show_state(VariantState(1.0, trainer.evaluator.metrics))
    assert "at step" not in row.figure.toolTip()
    assert row.figure.isEnabled()


def test_a_record_has_the_figures_of_the_last_step(qtbot, window, session):
    steps(qtbot, window, session, 3)
    recorder = window.findChild(RunRecorder)
    qtbot.waitUntil(
        lambda: (
            recorder.present.steps == 3
            and recorder.present.test_accuracy == window.display.snapshot.test_metrics.accuracy
        )
    )


# --- the best network ---------------------------------------------------------------------------


@pytest.fixture
def impatient(qtbot, window, session):
    """The window after patience ended a run that learned nothing."""
    session.set_validation(50)
    session.set_hyperparameters(Hyperparameters(learning_rate=1e-9, batch_size=50, patience=2))
    session.play()
    with qtbot.waitSignal(session.run.stopped):
        pass
    return window


def test_the_pad_predicts_with_the_best_network_and_says_so(impatient):
    best = impatient.display.snapshot.used_best
    assert best.epoch == 1
    assert impatient.active_network.network is best.network
    assert impatient.active_network.thresholds == best.thresholds
    assert "best (epoch 1)" in child(impatient, "reader_combo").currentText()
    text = message(impatient)
    assert "best after epoch 1" in text
    assert "continue from the last network" in text


def test_training_on_starts_from_the_last_network(qtbot, impatient, session):
    last = impatient.display.snapshot
    session.step()
    qtbot.waitUntil(lambda: impatient.display.snapshot.step == last.step + 1)
    assert impatient.display.snapshot.used_best is None
    qtbot.waitUntil(lambda: impatient.active_network.network is impatient.display.snapshot.network)
    assert child(impatient, "reader_combo").currentText() == "My network"


def test_edits_are_of_the_last_network(impatient):
    impatient.edited.add(Edit(1, 2, None, 1.0))
    assert impatient.active_network.best is None


def test_a_best_network_of_other_layers_is_active():
    trainer = make_trainer(validation=50, batch_size=50)
    run(trainer, 3)
    trainer.change(network=NetworkConfig(hidden=(5,)))
    run(trainer, 1)
    snapshot = replace(take_snapshot(trainer), ended_by_patience=True)
    edited = EditedNetwork()
    active_network = ActiveNetwork(None, edited)
    edited.note_snapshot(snapshot)
    assert active_network.network.sizes == active_network.start.network.sizes == (784, 16, 10)
    assert snapshot.network.sizes == (784, 5, 10)


# --- after the end of a schedule ----------------------------------------------------------------


def test_playing_past_the_end_of_a_schedule_is_reported(qtbot, window, session):
    settings = Hyperparameters(batch_size=20, schedule="cosine", epochs=1, learning_rate=0.02)
    session.set_hyperparameters(settings)
    with qtbot.waitSignal(session.run.stopped):
        session.play()
    assert "the end of the schedule" in message(window)
    click(window, "play_button")
    qtbot.waitUntil(lambda: "nothing more is learned" in message(window))
    qtbot.waitUntil(lambda: bool(messages(window)))
    window.messages.clear()
    epoch = window.display.snapshot.epoch
    qtbot.waitUntil(lambda: window.display.snapshot.epoch > epoch + 1)
    assert not messages(window)  # it is told once
    assert session.state is State.RUNNING


# --- replaced runs ------------------------------------------------------------------------------


def test_a_run_replaced_by_restart_is_kept(qtbot, window, session):
    steps(qtbot, window, session, 3)
    click(window, "reset_button")
    qtbot.waitUntil(lambda: bool(session.reopening.replaced.runs))
    (kept,) = session.reopening.replaced.runs
    assert kept.moment[0] == 3
    click(window, "reset_button")
    assert len(session.reopening.replaced.runs) == 1
