"""A newcomer's first steps, instead of empty curves."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from core.settings.config import Hyperparameters, RunConfig
from gui.curves.first_steps import FirstStep
from gui.training.state import State
from tests.gui.driving import child, click, draw_stroke, type_into

SEVEN = [(0.3, 0.2), (0.7, 0.2), (0.45, 0.8)]


@pytest.fixture
def steps(window):
    return window.curves.first_steps


def ticked(steps):
    return {step for step in FirstStep if steps.is_ticked(step)}


def test_they_cover_both_charts_and_nothing_else(window, steps):
    assert steps.isVisible()
    assert not ticked(steps)
    place = steps.geometry()
    for plot in (window.curves.loss, window.curves.accuracy):
        canvas = plot.canvas
        corner = canvas.mapTo(window.curves, QPoint())
        assert place.contains(corner)
        assert place.contains(corner + QPoint(canvas.width() - 1, canvas.height() - 1))
    for name in ("log_scale_button", "play_button", "draw_pad", "learning_rate_slider"):
        control = child(window, name)
        assert window.childAt(control.mapTo(window, control.rect().center())) is not steps


def test_they_follow_the_charts_as_the_window_is_resized(qtbot, window, steps):
    for size in ((960, 530), (1600, 900)):
        window.resize(*size)
        qtbot.waitUntil(
            lambda: (
                steps.geometry().right()
                == window.curves.accuracy.canvas.mapTo(window.curves, QPoint()).x()
                + window.curves.accuracy.canvas.width()
                - 1
            )
        )


def test_each_is_ticked_when_it_is_done(qtbot, window, steps):
    draw_stroke(window.pad_panel.pad, SEVEN)
    qtbot.waitUntil(lambda: ticked(steps) == {FirstStep.DRAW})
    type_into(window, "learning_rate_slider_field", "0.2")
    assert ticked(steps) == {FirstStep.DRAW, FirstStep.DRAG}
    click(window, "step_button")
    assert ticked(steps) == set(FirstStep)


def test_settings_that_arrive_together_are_nobodys_drag(session, steps):
    session.use_config(RunConfig(seed=7, hyperparameters=Hyperparameters(learning_rate=0.02)))
    assert session.config.hyperparameters.learning_rate == 0.02
    assert FirstStep.DRAG not in ticked(steps)


def test_they_turn_into_the_curves_as_soon_as_training_begins(qtbot, window, session, steps):
    click(window, "play_button")
    assert not steps.isVisible()
    qtbot.waitUntil(lambda: not window.curves.is_empty)
    click(window, "play_button")
    qtbot.waitUntil(lambda: session.state is State.PAUSED)
    assert not steps.isVisible()


def test_a_run_that_begins_anew_waits_for_play_again(qtbot, window, session, steps):
    click(window, "step_button")
    qtbot.waitUntil(lambda: session.state is State.PAUSED and not window.curves.is_empty)
    click(window, "reset_button")
    qtbot.waitUntil(steps.isVisible)
    assert not steps.is_ticked(FirstStep.PLAY)


def test_the_curves_of_other_runs_are_not_covered(window, steps, qtbot):
    window.curves.show_live(False)  # as a lesson does
    assert not steps.isVisible()
    window.curves.show_live(True)
    assert steps.isVisible()


def test_a_screen_reader_hears_what_is_done(qtbot, window, steps):
    names = [view.accessibleName() for view in steps._steps.values()]
    assert names == [
        "Step 1: Draw a digit",
        "Step 2: Press Play",
        "Step 3: Drag the learning rate",
    ]
    draw_stroke(window.pad_panel.pad, SEVEN)
    qtbot.waitUntil(lambda: bool(ticked(steps)))
    assert steps._steps[FirstStep.DRAW].accessibleName().endswith(", done")


def test_the_pad_predicts_before_any_of_them(qtbot, window):
    QTest.mouseClick(window.pad_panel.pad, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.pad_panel.answer.digit.text() != "")
