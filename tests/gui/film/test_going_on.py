""" "Go on from here": a new run that begins at the shown moment of the present one."""

from dataclasses import replace

import pytest
from numpy.testing import assert_array_equal
from PySide6.QtCore import Qt

from core.saving.run_file import load_run
from gui.training.state import State
from tests.gui.driving import child, click


@pytest.fixture
def trained(qtbot, window, session):
    """The window with a run of three epochs with momentum, at rest."""
    session.set_hyperparameters(replace(session.config.hyperparameters, optimizer="momentum"))
    for epoch in (1, 2, 3):
        session.train_epoch()
        qtbot.waitUntil(lambda: session.state is State.PAUSED)
        qtbot.waitUntil(lambda epoch=epoch: window.display.snapshot.epoch == epoch)
    return window


def begun(qtbot, window):
    """Return the first snapshot of the branch."""
    qtbot.waitUntil(lambda: window.display.snapshot is not None)
    return window.display.snapshot


def test_it_goes_on_from_the_shown_moment_with_the_settings_on_the_left(
    qtbot, trained, session, tmp_path
):
    before, moments = session.run.id, trained.shown.moments
    trained.time_bar.slider.setValue(2)
    settings = replace(session.config.hyperparameters, learning_rate=0.003)
    session.set_hyperparameters(settings)
    tip = child(trained, "branch_button").toolTip()
    assert f"step {moments[2].step}, in full precision, with a new optimizer" in tip
    click(trained, "branch_button")
    first = begun(qtbot, trained)
    assert session.state is State.PAUSED
    assert (first.step, first.parent.id, first.parent.step) == (0, before, moments[2].step)
    assert not first.parent.is_rounded
    assert_array_equal(first.network.parameters, moments[2].parameters)
    assert first.config.hyperparameters == settings
    assert trained.shown.is_now
    session.step()
    qtbot.waitUntil(lambda: trained.display.snapshot.step == 1)
    with qtbot.waitSignal(session.run.saved):
        trained.files._save_to(tmp_path / "branch.npz")
    saved = load_run(tmp_path / "branch.npz")
    assert saved.start.parent.id == before
    assert_array_equal(saved.start.network.parameters, first.network.parameters)


def test_the_curves_of_a_branch_continue_those_of_its_parents(qtbot, trained, session):
    """Of a branch of a branch; the branch between them is overlaid from Runs."""
    begins = []
    for index in (2, 1):
        trained.time_bar.slider.setValue(index)
        begins.append(trained.shown.chosen.step)
        click(trained, "branch_button")
        qtbot.waitUntil(lambda: trained.display.snapshot is not None)
        for step in (1, 2):
            session.step()
            qtbot.waitUntil(lambda step=step: trained.display.snapshot.step == step)
            qtbot.waitUntil(lambda: session.state is State.PAUSED)  # or the branch goes on
    (first, second), chart = begins, trained.curves.loss.chart
    assert chart.lines[0].x.tolist() == [first + second + 1, first + second + 2]
    ends = [line.x[-1] for line in chart.before[::2]]
    assert ends == [first + second, first]
    assert chart.x_range[0] == 0
    assert list(chart.mark_labels) == ["branched"]
    trained.tabs.open("runs")
    runs = trained.tabs.view("runs").model
    (row,) = (row for row, each in enumerate(runs.rows.listed) if each.name == "Run 2")
    ticked = Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole
    assert runs.setData(runs.index(row, 0), *ticked)
    overlaid, _tests = trained.curves.loss.chart.others
    assert overlaid.x.tolist() == [first + 1, first + 2]
    click(trained, "reset_button")
    qtbot.waitUntil(lambda: len(trained.curves.loss.chart.before) == 4)


def test_runs_names_the_parent_which_can_be_opened_again(qtbot, trained, session):
    before = session.run.id
    trained.time_bar.slider.setValue(2)
    step = trained.shown.chosen.step
    click(trained, "branch_button")
    session.step()
    trained.tabs.open("runs")
    runs = trained.tabs.view("runs").model
    qtbot.waitUntil(lambda: runs.present_record is not None)
    record = runs.present_record
    assert (record.parent, record.parent_step) == (before, step)
    assert record.note == f"From Run 1, step {step}"
    qtbot.waitUntil(trained.actions_.previous_run.isEnabled)
    trained.actions_.previous_run.trigger()
    assert session.run.id == before


def test_now_goes_on_exactly_with_what_the_optimizer_remembers(qtbot, trained, session):
    newest, before = trained.display.snapshot, session.run.id
    assert (
        "in full precision, with what its optimizer remembers"
        in child(trained, "branch_button").toolTip()
    )
    with qtbot.waitSignal(session.run_started):
        click(trained, "branch_button")
        click(trained, "branch_button")  # twice is once
    first = begun(qtbot, trained)
    assert (first.parent.id, first.parent.step) == (before, newest.step)
    assert_array_equal(first.network.parameters, newest.network.parameters)
    assert first.start.memory.optimizer == "momentum"
    assert first.start.memory.state["v"].any()
    assert first.start.memory.steps == newest.step


def test_another_optimizer_on_the_left_begins_with_no_memory(qtbot, trained, session):
    session.set_hyperparameters(replace(session.config.hyperparameters, optimizer="adam"))
    with qtbot.waitSignal(session.run_started):
        click(trained, "branch_button")
    assert begun(qtbot, trained).start.memory is None


def test_a_run_that_trains_goes_on_training(qtbot, trained, session):
    session.play()
    trained.time_bar.slider.setValue(1)
    chosen, before = trained.shown.chosen, session.run
    click(trained, "branch_button")
    assert session.run is not before
    assert session.state is State.RUNNING
    qtbot.waitUntil(lambda: trained.display.snapshot is not None)
    qtbot.waitUntil(lambda: trained.display.snapshot.step > 1)
    session.pause()
    assert trained.display.snapshot.parent.step == chosen.step


def test_there_is_nothing_to_go_on_from_at_first(window):
    assert not child(window, "branch_button").isEnabled()
