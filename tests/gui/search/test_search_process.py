"""The process of a search: a tiny one from its start to its end, or until it is stopped."""

import sys
from contextlib import closing

import pytest

from core.runs.run_library import RunLibrary
from core.search.plan import SearchPlan
from core.search.varied import parse_varied
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from gui.search.search_process import SearchProcess

COMMAND = (sys.executable, "-m", "tests.small_search")
CONFIG = RunConfig(
    dataset="strokes",
    network=NetworkConfig(hidden=(8,)),
    hyperparameters=Hyperparameters(batch_size=20),
    validation=100,
)
ONE = ["--jobs", "1"]
LONG = 60_000
"""Milliseconds: on a busy machine, a process takes some seconds to begin."""


@pytest.fixture
def process(qapp, monkeypatch):
    process = SearchProcess(COMMAND)
    yield process
    process.close(3_000)


def plan_of(trials=4, epochs=1):
    vary = (parse_varied("learning_rate=0.01..1:log"),)
    return SearchPlan(CONFIG, vary, trials=trials, epochs=epochs)


def searches():
    with closing(RunLibrary()) as library:
        return library.searches()


def test_a_search_from_its_start_to_its_end(qtbot, process):
    shown = []
    process.progressed.connect(shown.append)
    with qtbot.waitSignal(process.ended, timeout=LONG) as ended:
        process.start(plan_of(), ONE)
        assert process.is_running
    assert ended.args == [""]
    assert not process.is_running
    assert (shown[-1].done, shown[-1].total) == (4, 4)
    (record,) = searches()
    assert (record.id, record.state, record.recorded) == (process.search, "finished", 4)
    assert record.plan == plan_of().as_values()


def test_a_search_that_is_cancelled_is_continued(qtbot, process):
    with qtbot.waitSignal(process.progressed, timeout=LONG):
        process.start(plan_of(trials=6, epochs=60), ONE)
    with qtbot.waitSignal(process.ended, timeout=LONG) as ended:
        process.cancel()
    assert ended.args == [""]
    (record,) = searches()
    assert record.state == "stopped"
    assert record.recorded < 6
    with qtbot.waitSignal(process.ended, timeout=LONG) as ended:
        process.resume(record.id, ONE)
    assert ended.args == [""]
    (record,) = searches()
    assert (record.state, record.recorded) == ("finished", 6)


def test_closing_waits_for_the_end(qtbot, process):
    with qtbot.waitSignal(process.progressed, timeout=LONG):
        process.start(plan_of(trials=50, epochs=50), ONE)
    assert not process.close(0)
    assert process.close(3_000)
    assert not process.is_running


def test_what_the_command_says_is_handed_on(qtbot, process):
    with qtbot.waitSignal(process.ended, timeout=LONG) as ended:
        process.resume("f" * 32, ONE)
    assert ended.args[0].startswith("There is no search 'ffff")


def test_a_command_that_is_missing_is_said(qtbot):
    process = SearchProcess(("/nowhere/python",))
    with qtbot.waitSignal(process.ended, timeout=LONG) as ended:
        process.start(plan_of(), ONE)
    assert "could not be started" in ended.args[0]
    assert not process.is_running
