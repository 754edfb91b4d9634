"""Training makes no step while an earlier moment is drawn, or the user waits for its test."""

import threading
import time

import pytest

from core.training.evaluation import evaluate
from gui.mistakes import moment_evaluation
from gui.training import mailbox
from gui.training.state import State


@pytest.fixture
def training(qtbot, window, session):
    """The window while its run trains without end, with some moments to go back to."""
    session.play()
    qtbot.waitUntil(lambda: len(window.shown.moments) > 5)
    return window


@pytest.fixture
def at_length(monkeypatch):
    """Evaluations last until this is set, and training gives way as long as it is asked to."""
    may_end = threading.Event()

    def evaluate_at_length(*arguments, **keywords):
        assert may_end.wait(30)
        return evaluate(*arguments, **keywords)

    monkeypatch.setattr(moment_evaluation, "evaluate", evaluate_at_length)
    monkeypatch.setattr(mailbox, "_LONGEST_WAY", 3600.0)
    yield may_end
    may_end.set()


def next_steps(qtbot, session, count=5):
    """Return after how many steps the training thread did each of `count` things asked of it."""
    steps = []
    for _ in range(count):
        with qtbot.waitSignal(session.run.inspected) as inspected:
            session.run.mailbox.inspect()
        steps.append(inspected.args[0].snapshot.step)
    return steps


def is_resting(qtbot, session):
    return len(set(next_steps(qtbot, session)[1:])) == 1  # the first may end a step under way


def test_training_gives_way_while_a_moment_is_drawn(qtbot, training, session, at_length):
    run, steps = session.run, []
    run.inspected.connect(lambda state: steps.append(state.snapshot.step))
    training.time_bar.slider.setValue(2)
    for _ in range(4):
        run.mailbox.inspect()
        while run.mailbox.is_waiting:  # nothing is painted meanwhile
            time.sleep(0)
    qtbot.waitUntil(lambda: len(steps) == 4)
    assert len(set(steps[1:])) == 1  # the first may end a step under way
    qtbot.waitUntil(lambda: not is_resting(qtbot, session))


@pytest.mark.parametrize("tab", ["mistakes", "compare"])
def test_training_gives_way_until_the_moment_is_tested(qtbot, training, session, at_length, tab):
    training.tabs.open(tab)
    view = training.tabs.view(tab)
    if tab == "compare":
        view.parts.setCurrentIndex(1)
        view.parts.activated.emit(1)
        view.choosers[0].slider.setValue(2)
    else:
        training.time_bar.slider.setValue(2)
    qtbot.waitUntil(lambda: is_resting(qtbot, session))
    assert session.state is State.RUNNING
    at_length.set()
    qtbot.waitUntil(lambda: not is_resting(qtbot, session))


def test_training_goes_on_when_nobody_waits_any_longer(qtbot, training, session, at_length):
    training.tabs.open("mistakes")
    training.time_bar.slider.setValue(2)
    qtbot.waitUntil(lambda: is_resting(qtbot, session))
    training.shown.show_now()
    assert not is_resting(qtbot, session)
    at_length.set()  # before the window closes, which waits for it


def test_training_gives_way_until_the_last_thing_has_ended(qtbot, training, session, at_length):
    way = training.display.way
    way.note(True)
    way.note(True)
    way.note(False)
    assert is_resting(qtbot, session)
    way.note(False)
    assert not is_resting(qtbot, session)


def test_training_goes_on_after_an_evaluation_that_fails(qtbot, training, session, monkeypatch):
    def fail(*_arguments, **_keywords):
        raise MemoryError

    monkeypatch.setattr(moment_evaluation, "evaluate", fail)
    monkeypatch.setattr(mailbox, "_LONGEST_WAY", 3600.0)
    training.tabs.open("mistakes")
    with qtbot.waitSignals([training.tabs.view("mistakes").user_waits] * 2):
        training.time_bar.slider.setValue(2)
    assert not is_resting(qtbot, session)


def test_training_gives_way_for_a_moment_only(qtbot, training, session, monkeypatch):
    monkeypatch.setattr(mailbox, "_LONGEST_WAY", 0.01)
    training.display.way.note(True)
    qtbot.waitUntil(lambda: not is_resting(qtbot, session))
    training.display.way.note(False)


def test_each_step_gives_way_once(qtbot, training, session, at_length):
    """Under a slider that never rests, training goes on."""
    training.display.way.note(True)
    *_, before = next_steps(qtbot, session)
    training.display.way.note(False)
    training.display.way.note(True)
    qtbot.waitUntil(lambda: next_steps(qtbot, session)[-1] > before)
    assert is_resting(qtbot, session)


def test_commands_are_obeyed_while_training_gives_way(qtbot, training, session, at_length):
    training.display.way.note(True)
    assert is_resting(qtbot, session)
    with qtbot.waitSignal(session.run.paused):
        session.pause()
    training.display.way.note(False)
    assert is_resting(qtbot, session)
