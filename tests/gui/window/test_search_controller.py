"""A search in the window: started in the panel, seen in its tab, stopped when the window closes."""

import sys

import pytest
from PySide6.QtWidgets import QMessageBox

from core.lessons.lessons import own_lessons_folder
from core.my_digits.my_digits import MyDigits
from core.runs.run_library import RunLibrary
from gui.lessons import lesson_data
from gui.search import search_panel
from gui.training.state import State
from gui.window.main_window import MainWindow
from tests.core.digits import tiny_dataset
from tests.gui.search.filled import put_search, values_of
from tests.gui.search.test_search_process import LONG, ONE, plan_of


@pytest.fixture
def searching(qtbot, themes, session, tmp_path, monkeypatch):
    """The window with this user's library, so that it sees what the search's process records."""
    monkeypatch.setattr(search_panel, "missing_extras", lambda **_: "")
    window = MainWindow(session, themes, MyDigits(tmp_path / "mine"), library=RunLibrary())
    window.search.process._command = (sys.executable, "-m", "tests.small_search")
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    session.data.use(tiny_dataset())
    return window


def test_a_search_is_seen_while_it_runs_and_at_its_end(qtbot, searching, session):
    search, panel = searching.search, searching.search.panel
    assert panel.start.isEnabled()
    panel.start_wanted.emit(plan_of(trials=4), ONE)
    assert searching.tabs.currentWidget().objectName() == "search_tab"
    assert not panel.start.isEnabled()
    with qtbot.waitSignal(search.process.ended, timeout=LONG):
        pass
    view = searching.tabs.view("search")
    qtbot.waitUntil(lambda: view.state.count == 4)
    assert panel.status.text().startswith("Finished: 4 of 4 trials")
    assert not panel.resume.isEnabled()


def test_the_settings_of_a_trial_begin_a_run_that_can_be_gone_back_from(qtbot, searching, session):
    put_search(searching.search._library)
    searching.tabs.open("search")
    view = searching.tabs.view("search")
    view.state.choose(2)
    session.train_epoch()
    qtbot.waitUntil(lambda: session.state is State.PAUSED)
    before = session.run
    with qtbot.waitSignal(session.run_replaced):
        view.use.click()
    assert session.run is not before
    rate = values_of(2)["learning_rate"]
    assert session.config.hyperparameters.learning_rate == rate
    kept = session.reopening.replaced
    qtbot.waitUntil(lambda: [run.id for run in kept.runs] == [before.id])


def test_curves_of_a_chosen_trial_are_drawn(searching):
    put_search(searching.search._library)
    searching.tabs.open("search")
    searching.tabs.view("search").state.choose(2)
    chart = searching.curves.charts(searching.curves._theme, 100)[0]
    assert {line.name for line in chart.others} == {"Trial 2"}


def test_closing_asks_and_stops_the_search(qtbot, searching, session, monkeypatch):
    searching.shutdown.asks = True
    process = searching.search.process
    with qtbot.waitSignal(process.progressed, timeout=LONG):
        searching.search.panel.start_wanted.emit(plan_of(trials=50, epochs=50), ONE)
    asked = []
    answers = [QMessageBox.StandardButton.Cancel, QMessageBox.StandardButton.Yes]

    def question(*arguments):
        asked.append(arguments[2])
        return answers.pop(0)

    monkeypatch.setattr(QMessageBox, "question", question)
    assert not searching.close()
    assert process.is_running
    assert searching.close()
    assert not process.is_running
    assert all("search is running" in text for text in asked)
    assert session.state is not State.RUNNING


def test_a_search_of_an_earlier_start_can_be_continued(searching):
    library = searching.search._library
    put_search(library, trials=2, state="running", name="killed")
    put_search(library, trials=2, state="finished", search="6" * 32, name="whole")
    searching.search._show_stopped()
    assert [record.name for record in searching.search.panel._stopped] == ["killed"]


def test_the_settings_of_the_panel_are_those_of_the_moment(searching, session):
    session.set_seed(7)
    made = searching.search.panel.form.plan(searching.search.panel._config, 200)
    assert made.config.seed == 7
    assert made.config.validation == 33


LESSON = """
title = "Rates"
text = "Text."
question = "Question?"
answer = "Answer."

[search]
vary = ["learning_rate=0.01,0.1"]
trials = 2
network = { hidden = [8] }
"""


def test_a_lesson_runs_a_search(qtbot, searching, monkeypatch):
    monkeypatch.setattr(lesson_data, "missing_extras", lambda: "")
    folder = own_lessons_folder()
    folder.mkdir(parents=True)
    (folder / "rates.toml").write_text(LESSON)
    lessons, process = searching.lessons, searching.search.process
    lessons.reload()
    lessons.open_lesson(len(lessons._lessons) - 1)
    searching.search.panel.form.jobs.set_value(1)
    with qtbot.waitSignal(process.ended, timeout=LONG) as ended:
        lessons.run()
        assert process.is_running
    assert ended.args == [""]
    view = searching.tabs.view("search")
    assert searching.tabs.currentWidget().objectName() == "search_tab"
    qtbot.waitUntil(lambda: view.state.count == 2)
    assert lessons._card._is_done
    assert not lessons._card._is_running
    rows = searching.search.panel.form.rows
    assert [str(row.varied()) for row in rows] == ["learning_rate=0.01,0.1"]


def test_a_lesson_that_is_left_stops_its_search(qtbot, searching, monkeypatch):
    monkeypatch.setattr(lesson_data, "missing_extras", lambda: "")
    folder = own_lessons_folder()
    folder.mkdir(parents=True)
    (folder / "rates.toml").write_text(LESSON.replace("[search]", "[search]\nepochs = 1000"))
    lessons, process = searching.lessons, searching.search.process
    lessons.reload()
    lessons.open_lesson(len(lessons._lessons) - 1)
    searching.search.panel.form.jobs.set_value(1)
    with qtbot.waitSignal(process.progressed, timeout=LONG):
        lessons.run()
    with qtbot.waitSignal(process.ended, timeout=LONG):
        lessons.leave_lesson()
    assert searching.search.panel.resume.isEnabled()
