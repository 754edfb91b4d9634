"""A lesson with a search: predicted, begun from its card, and seen in the tab Search."""

import sys

import pytest
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QRadioButton

from core.lessons.lesson_file import load_lesson
from core.lessons.lessons import Lessons
from core.my_digits.my_digits import MyDigits
from core.runs.run_library import RunLibrary
from core.search.search_progress import SearchProgress
from gui.lessons import lesson_data
from gui.lessons.lessons_panel import LessonsPanel
from gui.search import search_panel
from gui.training.state import State
from gui.window.main_window import MainWindow
from tests.core.digits import tiny_dataset
from tests.core.lessons.lesson_texts import SEARCH, lesson_file
from tests.gui.driving import child, click
from tests.gui.search.test_search_process import LONG

HALF = SearchProgress(1, 2, 1, 0.5, 0, 60.0, "")
WHOLE = SearchProgress(2, 2, 0, 0.75, 1, 0.0, "")


@pytest.fixture
def lesson(tmp_path):
    return load_lesson(lesson_file(tmp_path, SEARCH))


@pytest.fixture
def extras(monkeypatch):
    """Searches can run, whatever is installed."""
    for module in (lesson_data, search_panel):
        monkeypatch.setattr(module, "missing_extras", lambda **_: "")


@pytest.fixture
def panel(qtbot, lesson):
    panel = LessonsPanel(lambda: Lessons((lesson,), ()))
    qtbot.addWidget(panel)
    panel.resize(300, 700)
    panel.set_dataset(tiny_dataset())
    panel.show()
    qtbot.waitExposed(panel)
    panel.open_lesson(0)
    return panel


class Asked:
    """What a panel asks of the window."""

    def __init__(self, panel):
        self.plans, self.cancelled = [], 0
        panel.searches.wanted.connect(lambda plan, name: self.plans.append((plan, name)))
        panel.searches.cancel_wanted.connect(self._count)

    def _count(self):
        self.cancelled += 1


def text(panel, name):
    return child(panel, name, QLabel).text()


def run_button(panel):
    return child(panel, "lesson_run_button", QPushButton)


@pytest.mark.usefixtures("extras")
def test_the_search_of_a_lesson_from_prediction_to_answer(panel, lesson):
    asked = Asked(panel)
    assert "0.01, 0.1" in text(panel, "lesson_search_plan")
    assert "2 trials of 1 epoch, 2 runs each" in text(panel, "lesson_search_plan")
    assert run_button(panel).text() == "Skip and run"
    child(panel, "lesson_predict_0", QRadioButton).click()
    click(panel, "lesson_run_button")
    assert asked.plans == [(lesson.search.plan("strokes", 200), "Which rate")]
    assert run_button(panel).text() == "Stop"
    assert not child(panel, "lesson_predict_1", QRadioButton).isEnabled()
    panel.searches.show_progress(HALF)
    bar = child(panel, "lesson_search_progress", QProgressBar)
    assert (bar.value(), bar.maximum()) == (1, 2)
    assert text(panel, "lesson_search_status").startswith("1 of 2 trials")
    panel.searches.show_progress(WHOLE)
    assert child(panel, "lesson_comparison", QLabel).isHidden()
    panel.searches.end("")
    assert run_button(panel).text() == "Run"
    assert text(panel, "lesson_comparison").startswith("You predicted “the smallest”. Look at the")
    click(panel, "lesson_answer_button")
    assert text(panel, "lesson_comparison") == "You predicted “the smallest”; it is “the largest”."
    assert lesson.title in panel._done
    assert asked.cancelled == 0


@pytest.mark.usefixtures("extras")
def test_a_search_that_is_stopped_is_not_done(panel, lesson):
    asked = Asked(panel)
    click(panel, "lesson_run_button")
    panel.searches.show_progress(HALF)
    click(panel, "lesson_run_button")
    assert asked.cancelled == 1
    assert run_button(panel).text().endswith("un")
    panel.searches.show_progress(WHOLE)  # of the process that is about to end
    panel.searches.end("")
    assert text(panel, "lesson_search_status").startswith("1 of 2 trials")
    assert lesson.title not in panel._done


@pytest.mark.usefixtures("extras")
def test_leaving_a_lesson_stops_its_search_and_opening_it_shows_how_far_it_was(panel):
    asked = Asked(panel)
    click(panel, "lesson_run_button")
    panel.searches.show_progress(HALF)
    click(panel, "lesson_back_button")
    assert asked.cancelled == 1
    panel.open_lesson(0)
    assert text(panel, "lesson_search_status").startswith("1 of 2 trials")
    panel.set_dataset(tiny_dataset(7))
    assert text(panel, "lesson_search_status") == "Not run yet"


@pytest.mark.usefixtures("extras")
def test_a_search_that_fails_says_why(panel, lesson):
    click(panel, "lesson_run_button")
    panel.searches.end("The disk is full.")
    assert text(panel, "lesson_hint") == "The disk is full."
    assert text(panel, "lesson_search_status") == "Not run yet"
    assert run_button(panel).text() == "Skip and run"
    assert lesson.title not in panel._done


def test_what_is_not_installed_is_said(panel, monkeypatch):
    monkeypatch.setattr(lesson_data, "missing_extras", lambda **_: "Searches need optuna.")
    panel.leave_lesson()
    panel.open_lesson(0)
    assert "Run 'make search'" in text(panel, "lesson_hint")
    assert not run_button(panel).isEnabled()


@pytest.fixture
def window(qtbot, themes, session, tmp_path, lesson, extras):
    """The window with this user's library and the lesson, which is open."""
    window = MainWindow(session, themes, MyDigits(tmp_path / "mine"), library=RunLibrary())
    window.search.process._command = (sys.executable, "-m", "tests.small_search")
    window.search.panel.form.jobs.set_value(1)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    session.data.use(tiny_dataset())
    with qtbot.waitSignal(session.run.snapshot_taken):
        pass
    window.lessons._find = lambda: Lessons((lesson,), ())
    window.layout_.show_lessons()
    window.lessons.open_lesson(0)
    return window


def test_a_lesson_searches_as_the_panel_of_searches_does(qtbot, window, session):
    process = window.search.process
    with qtbot.waitSignal(process.ended, timeout=LONG) as ended:
        session.play()
        click(window, "lesson_run_button")
        assert session.state is not State.RUNNING
        assert window.search.panel.cancel.isEnabled()
        window.tabs.open("runs")
    assert ended.args == [""]
    assert window.tabs.currentWidget().objectName() == "search_tab"
    (record,) = window.search._library.searches()
    assert (record.name, record.state, record.trials) == ("Which rate", "finished", 2)
    assert len(window.search._library.records_of_search(record.id)) == 4
    view = window.tabs.view("search")
    qtbot.waitUntil(lambda: view.state.count == 2)
    assert "Which rate" in window.lessons._done


def test_a_lesson_waits_for_another_search(qtbot, window, lesson):
    window.search.process.start(lesson.search.plan("strokes", 600), ["--jobs", "1"])
    click(window, "lesson_run_button")
    assert text(window, "lesson_hint").startswith("Another search is running")
    assert window.lessons.searches.running is None
    with qtbot.waitSignal(window.search.process.ended, timeout=LONG):
        pass
    assert "Which rate" not in window.lessons._done
