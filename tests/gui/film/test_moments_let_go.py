"""Moments that go while the hand is on the slider."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from core.training.snapshot import take_snapshot
from gui.film.shown_moment import ShownMoment
from gui.film.time_bar import TimeBar
from tests.core.training.small_runs import make_trainer, run

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def trainer():
    return run(make_trainer(is_filmed=True), 6)


@pytest.fixture
def shown():
    return ShownMoment()


@pytest.fixture
def bar(qtbot, shown, trainer):
    bar = TimeBar(shown)
    qtbot.addWidget(bar)
    bar.resize(800, 24)
    bar.show()
    shown.note_snapshot(take_snapshot(trainer))
    return bar


def at(bar, index):
    return QPoint(round(bar.slider.place_of(index)), bar.slider.height() // 2)


def test_a_moment_that_the_film_let_go_of_can_still_be_chosen(bar, shown, trainer):
    """The slider keeps its places while the hand is on it."""
    QTest.mousePress(bar.slider, LEFT, pos=at(bar, 2))
    snapshot = take_snapshot(run(trainer, 1))
    film = tuple(each for each in snapshot.film if each.step != 5)
    shown.note_snapshot(replace(snapshot, film=film))
    QTest.mouseMove(bar.slider, at(bar, 5))
    assert shown.chosen.step == 5
    QTest.mouseRelease(bar.slider, LEFT, pos=at(bar, 5))
    assert shown.chosen.step == 5
    assert shown.chosen in shown.moments
    assert bar.slider.value() == shown.moments.index(shown.chosen)


@pytest.mark.parametrize("is_other", [True, False])
def test_the_slider_offers_no_moments_of_before(bar, shown, trainer, is_other):
    """Neither those of the run before, nor those from which the run has gone back."""
    checkpoint = trainer.checkpoint()
    shown.note_snapshot(take_snapshot(run(trainer, 5)))
    QTest.mousePress(bar.slider, LEFT, pos=at(bar, 2))
    if is_other:
        shown.clear()
        trainer = run(make_trainer(is_filmed=True), 4)
    else:
        trainer.restore(checkpoint)
    shown.note_snapshot(take_snapshot(trainer))
    shown.note_snapshot(take_snapshot(run(trainer, 8)))
    QTest.mouseMove(bar.slider, at(bar, 7))
    QTest.mouseRelease(bar.slider, LEFT, pos=at(bar, 7))
    assert bar.slider.maximum() == len(shown.moments) > 4
    QTest.mouseClick(bar.slider, LEFT, pos=at(bar, 7))
    assert shown.chosen is trainer.moments.film.moments[7]
