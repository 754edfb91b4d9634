from dataclasses import replace
from itertools import pairwise

import pytest

from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.training.snapshot import take_snapshot
from core.training.trainer import Trainer
from gui.window.render_scheduler import RenderScheduler
from tests.core.digits import tiny_dataset

NAMES = ("loss", "accuracy", "tab", "figures", "prediction")


@pytest.fixture
def snapshot():
    config = RunConfig(
        network=NetworkConfig(hidden=(4,)), hyperparameters=Hyperparameters(batch_size=10)
    )
    return take_snapshot(Trainer(config, tiny_dataset()))


@pytest.fixture
def clock(monkeypatch):
    """A clock that advances only when the test says so."""
    now = [100.0]
    monkeypatch.setattr("gui.window.render_scheduler.time.perf_counter", lambda: now[0])
    return now


class Drawn:
    """Records what was drawn at each frame; drawing the tab takes this many seconds."""

    def __init__(self, clock, tab_seconds=0.0):
        self.clock, self.tab_seconds = clock, tab_seconds
        self.names = []
        self.scheduler = RenderScheduler(*(self.drawer(name) for name in NAMES))

    def drawer(self, name):
        def draw(_snapshot):
            self.names.append(name)
            self.clock[0] += self.tab_seconds * (name == "tab")

        return draw

    def frame(self, snapshot, seconds=1 / 30):
        self.names = []
        self.clock[0] += seconds
        self.scheduler.show_next(snapshot)
        return self.names


def test_each_view_has_its_turn_and_predictions_come_every_other_frame(clock, snapshot):
    drawn = Drawn(clock)
    frames = [drawn.frame(snapshot) for _ in range(12)]
    for view in ("loss", "accuracy", "tab"):
        assert [view in names for names in frames].count(True) == 4
    assert all(("prediction" in one) != ("prediction" in other) for one, other in pairwise(frames))
    assert all(len(names) <= 3 for names in frames)


def test_everything_is_drawn_at_a_pause_however_long_it_takes(clock, snapshot):
    drawn = Drawn(clock, tab_seconds=2.0)
    for _ in range(2):
        drawn.names = []
        drawn.scheduler.show_all(snapshot)
        assert drawn.names == list(NAMES)


def times_of_tab(drawn, snapshot, frames=300):
    return sum("tab" in drawn.frame(snapshot) for _ in range(frames))


def test_a_slow_tab_is_drawn_less_often_while_the_counters_go_on(clock, snapshot):
    quick, slow = Drawn(clock, tab_seconds=0.001), Drawn(clock, tab_seconds=0.008)
    assert times_of_tab(quick, snapshot) == 100  # whenever it has its turn
    assert times_of_tab(slow, snapshot) <= 40
    assert sum("figures" in slow.frame(snapshot) for _ in range(30)) == 10


def test_even_the_slowest_tab_rests_half_a_second_and_no_longer(clock, snapshot):
    drawn = Drawn(clock, tab_seconds=0.4)
    assert 16 <= times_of_tab(drawn, snapshot) <= 20  # in ten seconds


def test_other_layers_are_drawn_at_once(clock, snapshot):
    drawn = Drawn(clock, tab_seconds=1.0)
    drawn.scheduler.show_all(snapshot)
    other = replace(snapshot, config=replace(snapshot.config, network=NetworkConfig(hidden=(5,))))
    frames = [drawn.frame(other, seconds=0.001) for _ in range(6)]
    assert ["tab" in names for names in frames].count(True) == 1


# --- slow steps ---------------------------------------------------------------------------------


class Shown:
    """Records which step each view shows."""

    def __init__(self):
        self.steps = dict.fromkeys(NAMES)
        self.drawn = 0
        self.scheduler = RenderScheduler(*(self.drawer(name) for name in NAMES))

    def drawer(self, name):
        def draw(snapshot):
            self.steps[name] = snapshot.step
            self.drawn += 1

        return draw


def snapshots(snapshot, steps_per_second, count, jitter=0.0):
    """One for each step, some of them later by `jitter` seconds."""
    for step in range(1, count + 1):
        yield replace(
            snapshot, step=step, time=snapshot.time + step / steps_per_second + jitter * (step % 2)
        )


@pytest.mark.parametrize("steps_per_second", [0.3, 1, 5, 9.9])
def test_below_ten_steps_a_second_all_views_show_every_step(snapshot, steps_per_second):
    shown = Shown()
    shown.scheduler.show_all(snapshot)
    for each in snapshots(snapshot, steps_per_second, 12, jitter=0.03):
        shown.scheduler.show_next(each)
        assert set(shown.steps.values()) == {each.step}


def test_views_take_turns_at_full_speed(snapshot):
    shown = Shown()
    shown.scheduler.show_all(snapshot)
    for each in snapshots(snapshot, 1_000, 30):
        shown.scheduler.show_next(each)
    assert len(set(shown.steps.values())) > 1
    assert shown.drawn < 30 * len(NAMES) / 2


def test_a_slow_step_is_drawn_once(snapshot):
    """During it, snapshots of the previous one still arrive, thirty per second."""
    shown = Shown()
    shown.scheduler.show_all(snapshot)
    (each,) = snapshots(snapshot, 1, 1)
    shown.scheduler.show_next(each)
    drawn = shown.drawn
    for frame in range(1, 20):
        shown.scheduler.show_next(replace(each, time=each.time + frame / 30))
    assert shown.drawn == drawn
    shown.scheduler.show_next(replace(each, test=object()))
    assert shown.drawn > drawn
