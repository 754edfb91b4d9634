"""An earlier moment of a run: chosen in the time bar, and shown by every view."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from gui.training.state import State
from tests.gui.driving import click


@pytest.fixture
def trained(qtbot, window, session):
    """The window with a run of some 20 steps, at rest, and a drawing on the pad."""
    for _ in range(5):
        session.train_epoch()
        qtbot.waitUntil(lambda: session.state is State.PAUSED)
    window.my_digits_controller.place_test_image(0)
    qtbot.waitUntil(lambda: window.prediction.prediction is not None)
    assert len(window.shown.moments) > 5
    return window


def choose(window, index):
    window.time_bar.slider.setValue(index)
    return window.shown.moments[index]


def test_bar_waits_for_two_moments(window):
    bar = window.time_bar
    assert bar.isVisible()
    assert not bar.slider.isEnabled()
    assert not bar.play.isEnabled()
    assert not bar.now.isEnabled()


def test_all_views_show_the_moment(trained, session):
    now = trained.display.snapshot
    moment = choose(trained, 2)
    network = trained.shown.snapshot.network
    assert trained.shown.snapshot.step == moment.step < now.step
    np.testing.assert_array_equal(network.parameters, moment.parameters.astype(np.float32))
    weights = trained.tabs.view("weights")
    assert weights._network is network
    assert trained.prediction.prediction.network is network
    trained.tabs.open("flow")
    assert trained.tabs.view("flow").view.flow.network is network
    assert f"step {moment.step} predicts" in trained.pad_panel.pad.caption.text()
    assert trained.time_bar.step.text() == f"Step {moment.step} of {now.step}"
    assert str(moment.step) in weights.bar.text.text()
    assert f"step {moment.step}" in trained.curves.loss.canvas._readout.moment


def test_now_brings_the_newest_network_back(trained):
    choose(trained, 2)
    click(trained, "film_now_button")
    assert trained.shown.is_now
    assert trained.prediction.prediction.network is trained.display.snapshot.network
    assert trained.curves.loss.canvas._cursor is None
    assert "predicts" in trained.pad_panel.pad.caption.text()
    assert "step" not in trained.pad_panel.pad.caption.text()


def test_escape_is_now(trained):
    choose(trained, 1)
    trained.pad_panel.pad.setFocus()
    QTest.keyClick(trained.pad_panel.pad, Qt.Key.Key_Escape)
    assert trained.shown.is_now


def test_keys_go_through_the_moments_and_space_trains(qtbot, trained, session):
    slider = trained.time_bar.slider
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Home)
    assert trained.shown.chosen is trained.shown.moments[0]
    QTest.keyClick(slider, Qt.Key.Key_Right)
    assert trained.shown.chosen is trained.shown.moments[1]
    assert slider.words == trained.time_bar.step.text()
    QTest.keyClick(slider, Qt.Key.Key_End)
    assert trained.shown.is_now
    QTest.keyClick(slider, Qt.Key.Key_Space)
    assert session.state is State.RUNNING
    session.pause()
    qtbot.waitUntil(lambda: session.state is State.PAUSED)


def test_training_goes_on_and_the_moment_stays(qtbot, trained, session):
    moment = choose(trained, 3)
    before = trained.display.snapshot.step
    session.train_epoch()
    qtbot.waitUntil(lambda: session.state is State.PAUSED)
    now = trained.display.snapshot.step
    assert now > before
    assert trained.shown.chosen is moment
    assert trained.tabs.view("weights")._network is trained.shown.snapshot.network
    assert trained.time_bar.step.text() == f"Step {moment.step} of {now}"
    assert trained.curves._run.steps == now
    assert trained.time_bar.slider.value() == trained.shown.moments.index(moment)


def test_mouse_brings_the_handle(trained):
    slider = trained.time_bar.slider
    place = QPoint(round(slider.place_of(4)), slider.height() // 2)
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=place)
    assert trained.shown.chosen is trained.shown.moments[4]


def test_film_plays_to_now(qtbot, trained):
    seen = []
    trained.shown.changed.connect(lambda: seen.append(trained.shown.snapshot.step))
    trained.time_bar.player.set_speed(100)
    click(trained, "film_play_button")
    assert trained.time_bar.player.is_playing
    qtbot.waitUntil(lambda: not trained.time_bar.player.is_playing)
    assert trained.shown.is_now
    assert seen == sorted(seen)
    assert len(seen) == len(trained.shown.moments) + 1


def test_new_run_goes_to_now(qtbot, trained, session):
    choose(trained, 2)
    session.restart()
    qtbot.waitUntil(lambda: trained.display.snapshot is not None)
    assert trained.shown.is_now
    assert not trained.time_bar.slider.isEnabled()
    assert trained.edited.past is None
    session.train_epoch()
    qtbot.waitUntil(lambda: session.state is State.PAUSED and trained.display.snapshot.step > 0)
    assert trained.curves.loss.canvas._cursor is None


def test_the_cursor_stays_at_the_moment_when_the_curves_are_shown_again(trained):
    """After only other runs were drawn."""
    choose(trained, 2)
    canvas = trained.curves.loss.canvas
    before = canvas._cursor
    assert before is not None
    trained.curves.show_live(False)
    trained.display.show_run_curves()
    assert canvas._cursor == before


def test_edit_is_made_to_the_newest_network(trained):
    trained.edited.set_silent(1, 0, True)
    assert trained.edited.network.layers[0].W is not None
    edited = trained.edited.network
    choose(trained, 2)
    assert trained.edited.network is trained.shown.snapshot.network
    trained.edited.set_silent(1, 1, True)
    assert trained.shown.is_now
    assert len(trained.edited.edits.edits) == 2
    assert trained.edited.network is not edited


def test_mistakes_are_those_of_the_moment(qtbot, trained, session):
    trained.tabs.open("mistakes")
    view = trained.tabs.view("mistakes")
    moment = choose(trained, 2)
    assert view.header.text().startswith(f"Evaluating step {moment.step}…")
    qtbot.waitUntil(lambda: f"after step {moment.step};" in view.header.text())
    test = session.data.dataset.test
    network = trained.shown.snapshot.network
    guesses = network.predict(test.images).argmax(axis=1)
    np.testing.assert_array_equal(view._drawn.evaluation.guesses, guesses)
    trained.shown.show_now()
    assert f"after step {trained.display.snapshot.test_step};" in view.header.text()


def test_maths_works_through_the_moment(qtbot, trained, session):
    trained.tabs.open("maths")
    view = trained.tabs.view("maths")
    qtbot.waitUntil(lambda: len(view.stages) > 0)
    moment = choose(trained, 2)
    qtbot.waitUntil(lambda: f"after {moment.step} steps" in view.header.place.text())
    assert view._state.snapshot.network is trained.shown.snapshot.network
    trained.shown.show_now()
    now = trained.display.snapshot.step
    qtbot.waitUntil(lambda: view._state.snapshot.step == now)


def test_curves_show_where_the_moments_are(trained):
    trained.grab()
    steps = [moment.step for moment in trained.display.snapshot.film]
    np.testing.assert_array_equal(trained.curves.loss.chart.moments, np.unique(steps))
