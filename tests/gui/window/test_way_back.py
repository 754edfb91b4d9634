"""Whatever replaces a run can be undone, to the bit, and asks nothing."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox

from core.saving.run_file import save_run
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.settings.presets import PRESETS
from core.settings.settings_text import settings_text
from core.training.trainer import Trainer
from gui.training.state import State
from tests.core.digits import tiny_dataset
from tests.core.training.small_runs import make_trainer, run
from tests.gui.driving import click, message, message_buttons, messages

ADAM = Hyperparameters(learning_rate=0.01, batch_size=40, optimizer="adam", dropout=0.2)


@pytest.fixture(autouse=True)
def _nothing_is_asked(monkeypatch):
    def fail(*_):
        raise AssertionError("it asks")

    monkeypatch.setattr(QMessageBox, "question", fail)


def steps(qtbot, session, count):
    for _ in range(count):
        before = session.run.moment[0]
        session.step()
        qtbot.waitUntil(lambda before=before: session.run.moment[0] == before + 1)
    qtbot.waitUntil(lambda: session.state is State.PAUSED)


def parameters(window):
    return window.display.snapshot.network.parameters.copy()


def go_back(qtbot, window, session):
    left = session.run.id
    message_buttons(window)["Go back"].click()
    qtbot.waitUntil(lambda: session.run.id != left and window.display.snapshot is not None)
    qtbot.waitUntil(lambda: window.display.snapshot.step == session.run.moment[0])


def _paste(window, session):
    other = replace(session.config, network=NetworkConfig(hidden=(7,)))
    QGuiApplication.clipboard().setText(settings_text(other))
    window.actions_.paste_settings.trigger()


def _open_file(window, session, tmp_path):
    save_run(tmp_path / "other.npz", run(make_trainer(), 2).saved())
    window.files.open_file(tmp_path / "other.npz")


REPLACING = {
    "restart": lambda window, session, _: window.actions_.reset.trigger(),
    "restart and use": lambda window, session, _: window.actions_.start_fresh.trigger(),
    "new seed": lambda window, session, _: window.actions_.new_seed.trigger(),
    "validation split": lambda window, session, _: session.set_validation(50),
    "data set": lambda window, session, _: session.data.use(tiny_dataset()),
    "preset": lambda window, session, _: session.choose_preset(PRESETS[0]),
    "settings": lambda window, session, _: _paste(window, session),
    "lesson": lambda window, session, _: window.lessons.settings_wanted.emit(
        RunConfig(network=NetworkConfig(hidden=(5,)))
    ),
    "file": _open_file,
}


@pytest.mark.parametrize("what", REPLACING)
def test_what_replaces_a_run_offers_the_way_back_to_the_bit(qtbot, window, session, tmp_path, what):
    session.set_hyperparameters(ADAM)
    steps(qtbot, session, 7)
    config, run_id, before = session.config, session.run.id, parameters(window)
    with qtbot.waitSignal(session.run_started):
        REPLACING[what](window, session, tmp_path)
    assert session.run.id != run_id
    assert message(window) == ("Run opened at step 2." if what == "file" else "New run started.")
    go_back(qtbot, window, session)
    assert session.run.id == run_id
    assert session.config == config
    np.testing.assert_array_equal(parameters(window), before)
    assert session.state is State.PAUSED
    steps(qtbot, session, 6)
    alone = Trainer(replace(config, hyperparameters=Hyperparameters()), tiny_dataset())
    alone.change(ADAM)
    run(alone, 13)
    np.testing.assert_array_equal(parameters(window), alone.network.parameters)
    np.testing.assert_array_equal(
        window.display.snapshot.history.values()["batch_loss"], alone.history.values()["batch_loss"]
    )


def test_one_can_go_there_and_back_again(qtbot, window, session):
    steps(qtbot, session, 3)
    first = session.run.id
    click(window, "reset_button")
    steps(qtbot, session, 5)
    second = session.run.id
    session.reopening.reopen(first)
    assert message(window) == "Run opened at step 3."
    go_back(qtbot, window, session)
    assert (session.run.id, session.run.moment[0]) == (second, 5)
    window.actions_.previous_run.trigger()
    qtbot.waitUntil(lambda: session.run.id == first)


def test_the_way_back_waits_for_a_run_that_is_only_ending(qtbot, window, session):
    steps(qtbot, session, 3)
    first = session.run.id
    click(window, "reset_button")
    steps(qtbot, session, 2)
    click(window, "reset_button")
    steps(qtbot, session, 1)
    second = session.run.id
    reopening = session.reopening
    reopening.reopen(first)  # the one of one step is ending now, and not yet kept
    window.actions_.previous_run.trigger()
    qtbot.waitUntil(lambda: session.run.id == second)


def test_the_way_back_stays_open_when_another_run_has_ended_first(qtbot, window, session):
    """The run that is replaced has not ended, and is not kept, when word of another's end comes."""
    steps(qtbot, session, 3)
    session.reopening.keep(session.run)
    assert not session.reopening.replaced.runs
    session.reopening._on_ended()
    assert window.actions_.previous_run.isEnabled()


def test_a_run_without_a_step_is_replaced_without_a_word(window, session):
    click(window, "reset_button")
    assert not messages(window)
    assert not window.actions_.previous_run.isEnabled()


def test_going_back_keeps_the_file_and_what_is_not_in_it(qtbot, window, session, tmp_path):
    steps(qtbot, session, 3)
    with qtbot.waitSignal(session.run.saved):
        window.files._save_to(tmp_path / "mine.npz")
    steps(qtbot, session, 1)
    assert window.files.is_modified
    click(window, "reset_button")
    assert window.files.path is None
    assert not window.files.is_modified
    go_back(qtbot, window, session)
    assert window.files.path == tmp_path / "mine.npz"
    assert window.files.is_modified
    with qtbot.waitSignal(session.run.saved):
        window.actions_.save.trigger()
    assert not window.isWindowModified()


def test_closing_still_asks_about_unsaved_steps(qtbot, window, session, monkeypatch):
    questions = []

    def answer(*args):
        questions.append(args)
        return QMessageBox.StandardButton.Cancel

    monkeypatch.setattr(QMessageBox, "question", answer)
    window.shutdown.asks = True
    steps(qtbot, session, 1)
    click(window, "reset_button")
    go_back(qtbot, window, session)
    assert not window.close()
    assert questions
    window.shutdown.asks = False


# --- the list of runs ---------------------------------------------------------------------------


def runs_view(qtbot, window):
    window.tabs.open("runs")
    view = window.tabs.view("runs")
    qtbot.waitUntil(lambda: view.model.rowCount() > 0)
    return view


def select(view, row):
    view.table.selectRow(row)


def test_a_reopened_run_is_marked_and_is_no_duplicate(qtbot, window, session, tmp_path):
    steps(qtbot, session, 3)
    view = runs_view(qtbot, window)
    record = view.model.present
    with qtbot.waitSignal(session.run.saved):
        window.files._save_to(tmp_path / "mine.npz")
    click(window, "reset_button")
    assert view.model.present is None
    window.files.open_file(tmp_path / "mine.npz")
    assert view.model.present == record
    steps(qtbot, session, 2)
    qtbot.waitUntil(lambda: view.model.present_record.steps == 5)
    assert view.model.rowCount() == 1


def test_a_run_that_is_in_no_file_is_opened_from_the_list(qtbot, window, session):
    steps(qtbot, session, 3)
    first = session.run.id
    view = runs_view(qtbot, window)
    assert not view.open.isEnabled()
    click(window, "reset_button")
    steps(qtbot, session, 2)
    qtbot.waitUntil(lambda: view.model.rowCount() == 2)
    qtbot.waitUntil(lambda: first in view.model.kept)
    for row in range(2):
        select(view, row)
        is_first = view.table.selected()[0].id == first
        assert view.open.isEnabled() == is_first
        if is_first:
            view.open.click()
    assert session.run.id == first
    assert view.model.present == first
    assert not view.open.isEnabled()


def test_a_file_without_an_id_is_recognized_by_its_name_and_steps(qtbot, window, session, tmp_path):
    steps(qtbot, session, 3)
    view = runs_view(qtbot, window)
    with qtbot.waitSignal(session.run.saved):
        window.files._save_to(tmp_path / "mine.npz")
    record = view.model.present
    qtbot.waitUntil(lambda: view.model.present_record.path is not None)
    click(window, "reset_button")
    trainer = run(Trainer(session.config, tiny_dataset()), 3)
    save_run(tmp_path / "mine.npz", trainer.saved())
    window.files.open_file(tmp_path / "mine.npz")
    assert view.model.present == record


def test_opening_alone_does_not_shorten_a_record(qtbot, window, session, tmp_path):
    steps(qtbot, session, 2)
    with qtbot.waitSignal(session.run.saved):
        window.files._save_to(tmp_path / "mine.npz")
    steps(qtbot, session, 4)
    view = runs_view(qtbot, window)
    qtbot.waitUntil(lambda: view.model.present_record.steps == 6)
    click(window, "reset_button")
    window.files.open_file(tmp_path / "mine.npz")
    qtbot.waitUntil(lambda: window.display.snapshot is not None)
    assert window.display.snapshot.step == 2
    window._comparing._recorder.keep()
    assert view.model.present_record.steps == 6
