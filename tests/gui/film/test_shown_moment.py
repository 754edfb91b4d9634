"""Which moments can be chosen, and what becomes of the chosen one while the run goes on."""

from dataclasses import replace

import numpy as np
import pytest

from core.settings.config import NetworkConfig
from core.training.film import FilmMoment
from core.training.saved_run import BestNetwork
from gui.film.shown_moment import ShownMoment
from tests.gui.snapshots import snapshot

CONFIG = NetworkConfig(hidden=(32,))


def moment(step, changes=1):
    size = 784 * 32 + 32 + 32 * 10 + 10
    parameters = np.full(size, step, np.float16)
    return FilmMoment(step, changes, step / 100, step / 50, CONFIG, parameters, False)


def at(step, *moments):
    return replace(snapshot(step), film=moments)


@pytest.fixture
def shown(qapp):
    return ShownMoment()


def test_newest_moment_of_the_film_is_now_until_the_run_goes_on(shown):
    film = moment(0), moment(10)
    shown.note_snapshot(at(10, *film))
    assert shown.moments == film[:1]
    later = replace(at(11), film=film)
    shown.note_snapshot(replace(at(10), film=film))
    shown.note_snapshot(later)
    assert shown.moments == film


def test_chosen_moment_stays_when_the_film_lets_go_of_it(shown):
    first, second, third = moment(0), moment(10), moment(20)
    shown.note_snapshot(at(30, first, second, third))
    shown.choose(second)
    shown.note_snapshot(at(40, first, third))
    assert shown.moments == (first, second, third)
    assert shown.snapshot.step == 10
    assert shown.next is third


def test_run_that_goes_back_before_the_moment_shows_now(shown):
    first, second = moment(0), moment(20)
    shown.note_snapshot(at(30, first, second))
    shown.choose(second)
    shown.note_snapshot(at(15, first))
    assert shown.is_now
    assert shown.moments == (first,)


def test_best_is_a_moment_and_exact(shown):
    first = moment(0)
    network = moment(12).make_network()
    best = BestNetwork(network, CONFIG, 12, 1, 0.9, None)
    shown.note_snapshot(replace(at(30, first, moment(12)), best=best))
    assert [each.step for each in shown.moments] == [0, 12]
    assert shown.moments[1] is shown.best
    assert shown.best.parameters.dtype == np.float32
    shown.choose(shown.best)
    shown.note_snapshot(replace(at(31, first, moment(12), moment(30)), best=best))
    assert [each.step for each in shown.moments] == [0, 12, 30]
    assert shown.moments[1] is shown.chosen


def test_a_moment_before_a_change_has_the_settings_of_then(shown):
    run = snapshot(30, hidden=((0, (32,)), (20, (16,))))
    before = moment(20, changes=1)
    shown.note_snapshot(replace(run, film=(before,)))
    shown.choose(before)
    assert shown.snapshot.config.network == CONFIG
    assert len(shown.snapshot.changes) == 1
    assert shown.snapshot.is_past
