import time
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QRect, QSettings, Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QScrollArea

from core.colors import DARK, LIGHT
from core.lessons.lesson import Stop
from core.lessons.lesson_file import load_lesson
from core.lessons.lesson_run import LessonRun
from core.lessons.lessons import Lessons, find_lessons, own_lessons_folder
from core.toml_files.toml_reader import TomlFileError
from gui.lessons.lesson_runner import LessonRunner
from gui.lessons.lesson_thread import SECONDS_BETWEEN_STATES, LessonThread
from gui.lessons.lessons_panel import LessonsPanel
from gui.lessons.variant_row import VariantRow
from tests.core.digits import tiny_dataset
from tests.core.lessons.lesson_texts import TEXT, lesson_file

LONG = Stop(steps=1_000_000)


@pytest.fixture
def two_rates(tmp_path):
    return load_lesson(lesson_file(tmp_path))


@pytest.fixture
def show(qtbot):
    """Show a panel with these lessons, and end its threads."""
    panels = []

    def shown(*lessons, size=(300, 600), dataset=None, problems=(), settings=None):
        panel = LessonsPanel(lambda: Lessons(lessons, problems), settings=settings)
        panels.append(panel)
        qtbot.addWidget(panel)
        panel.resize(*size)
        panel.apply_theme(LIGHT)
        panel.set_dataset(dataset)
        panel.show()
        qtbot.waitExposed(panel)
        return panel

    yield shown
    for panel in panels:
        assert panel.close_threads(20_000)


class Heard:
    """The panel's signals."""

    def __init__(self, panel):
        self.log = []
        self.overlays = []
        panel.lesson_started.connect(lambda lesson: self.log.append(("started", lesson.title)))
        panel.axis_wanted.connect(lambda axis: self.log.append(("axis", axis)))
        panel.settings_wanted.connect(lambda config: self.log.append(("settings", config)))
        panel.tab_wanted.connect(lambda tab: self.log.append(("tab", tab)))
        panel.overlays_changed.connect(self.overlays.append)
        panel.cleared.connect(lambda: self.overlays.append([]))


def click_title(qtbot, panel, row):
    view = panel.list.list
    place = view.visualItemRect(view.item(row)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)


def button(panel, name):
    return panel.findChild(QAbstractButton, name)


def click(qtbot, panel, name):
    qtbot.mouseClick(button(panel, name), Qt.MouseButton.LeftButton)


def endless(lesson):
    return replace(lesson, variants=tuple(replace(v, stop=LONG) for v in lesson.variants))


def figures(panel):
    return [panel.findChild(QLabel, f"lesson_accuracy_{n}").text() for n in (0, 1)]


def test_two_clicks_run_a_lesson_whose_answer_waits_until_it_is_asked_for(qtbot, show, two_rates):
    panel = show(two_rates, dataset=tiny_dataset())
    heard = Heard(panel)
    click_title(qtbot, panel, 0)
    answer = panel.findChild(QLabel, "lesson_answer")
    assert not answer.isVisible()
    with qtbot.waitSignal(panel.runner.ended, timeout=20_000):
        click(qtbot, panel, "lesson_run_button")
        assert button(panel, "lesson_run_button").text() == "Stop"
    assert heard.log == [("started", "Two rates"), ("axis", "epoch")]
    assert not answer.isVisible()
    assert not button(panel, "lesson_answer_button").visibleRegion().isEmpty()
    click(qtbot, panel, "lesson_answer_button")
    assert answer.isVisible()
    assert answer.text() == "The second one."
    assert button(panel, "lesson_run_button").text() == "Run"

    (slow, slow_color, slow_curves), (quick, quick_color, quick_curves) = heard.overlays[-1]
    assert (slow, slow_color) == ("slow", LIGHT.overlays[0])
    assert (quick, quick_color) == ("quick", LIGHT.overlays[1])
    assert len(slow_curves.loss) == 4  # steps
    assert len(quick_curves.loss) == 10  # an epoch of 200 images in steps of 20
    whole = "100.00 %"
    figure = panel.findChild(QLabel, "lesson_accuracy_0")
    assert figure.fontMetrics().horizontalAdvance(whole) <= figure.width()
    assert figures(panel) == [
        f"{100 * curves.test_accuracy[-1]:.2f} %" for curves in (slow_curves, quick_curves)
    ]


def test_the_answer_can_be_shown_before(qtbot, show, two_rates):
    panel = show(two_rates)
    click_title(qtbot, panel, 0)
    click(qtbot, panel, "lesson_answer_button")
    assert panel.findChild(QLabel, "lesson_answer").isVisible()
    assert not button(panel, "lesson_answer_button").isVisible()


def comparison(panel):
    shown = panel.findChild(QLabel, "lesson_comparison")
    return shown.text() if shown.isVisible() else ""


def test_a_lesson_that_asks_for_no_prediction_offers_none(qtbot, show, two_rates):
    panel = show(two_rates, dataset=tiny_dataset())
    click_title(qtbot, panel, 0)
    assert not panel.findChild(QLabel, "lesson_predict").isVisible()
    assert not button(panel, "lesson_predict_0").isVisible()
    assert button(panel, "lesson_run_button").text() == "Run"


@pytest.mark.parametrize(
    ("choice", "verdict"),
    [(1, "Your prediction, “quick”, is correct."), (0, "You predicted “slow”; it is “quick”.")],
)
def test_first_predict_then_run_then_compare_then_see_the_answer(
    qtbot, show, two_rates, choice, verdict
):
    lesson = replace(two_rates, predict="Which?", correct="quick", answer="Long. " * 99)
    panel = show(lesson, size=(300, 300), dataset=tiny_dataset())
    click_title(qtbot, panel, 0)
    assert panel.findChild(QLabel, "lesson_predict").text() == "Predict first: Which?"
    assert button(panel, "lesson_run_button").text() == "Skip and run"
    width = button(panel, "lesson_run_button").sizeHint().width()
    click(qtbot, panel, f"lesson_predict_{choice}")
    assert button(panel, "lesson_run_button").text() == "Run"
    assert button(panel, "lesson_run_button").minimumWidth() >= width  # it stays under the mouse
    assert comparison(panel) == ""
    with qtbot.waitSignal(panel.runner.ended, timeout=20_000):
        click(qtbot, panel, "lesson_run_button")
        assert not button(panel, "lesson_predict_0").isEnabled()
    name = two_rates.variants[choice].name
    assert f"You predicted “{name}”. Compare its curves" in comparison(panel)
    assert not button(panel, "lesson_predict_0").isEnabled()  # results are no predictions
    asking = button(panel, "lesson_answer_button")
    qtbot.waitUntil(lambda: asking.visibleRegion().boundingRect().height() == asking.height())
    click(qtbot, panel, "lesson_answer_button")
    assert comparison(panel) == verdict
    answer = panel.findChild(QLabel, "lesson_answer")
    least = 2 * answer.fontMetrics().height()
    qtbot.waitUntil(lambda: answer.visibleRegion().boundingRect().height() > least)


def test_the_focus_goes_from_the_button_to_the_answer_and_a_click_leaves_it(qtbot, show, two_rates):
    panel = show(two_rates)
    click_title(qtbot, panel, 0)
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    panel.findChild(QAbstractButton, "lesson_back_button").setFocus()
    before = QApplication.focusWidget()
    click(qtbot, panel, "lesson_answer_button")
    assert QApplication.focusWidget() is before
    panel._card.show_answer(False)
    button(panel, "lesson_answer_button").setFocus()
    QTest.keyClick(button(panel, "lesson_answer_button"), Qt.Key.Key_Space)
    assert QApplication.focusWidget() is panel.findChild(QLabel, "lesson_answer")


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_a_selected_lesson_can_be_read(qtbot, show, two_rates, theme):
    panel = show(two_rates)
    panel.apply_theme(theme)
    panel.list.list.setStyleSheet(f"selection-background-color: {theme.accent}")
    panel.list.list.setCurrentRow(0)
    panel.list.show_done(two_rates, 0)
    place = panel.list.list.visualItemRect(panel.list.list.item(0))
    picture = panel.list.list.viewport().grab(place).toImage()
    colors = {
        picture.pixelColor(x, y).name()
        for x in range(picture.width())
        for y in range(picture.height())
    }
    assert theme.on_accent.lower() in colors
    assert not colors & {theme.text.lower(), theme.quiet.lower()}


def test_a_prediction_can_be_skipped_and_is_still_there_on_return(qtbot, show, two_rates):
    panel = show(replace(two_rates, predict="Which?"), dataset=tiny_dataset())
    click_title(qtbot, panel, 0)
    click(qtbot, panel, "lesson_predict_1")
    click(qtbot, panel, "lesson_back_button")
    click_title(qtbot, panel, 0)
    assert button(panel, "lesson_predict_1").isChecked()
    assert button(panel, "lesson_run_button").text() == "Run"
    panel.leave_lesson()
    panel._predictions.clear()
    click_title(qtbot, panel, 0)
    with qtbot.waitSignal(panel.runner.ended, timeout=20_000):
        click(qtbot, panel, "lesson_run_button")
    assert comparison(panel) == "Compare the curves before you show the answer."
    assert button(panel, "lesson_run_button").text() == "Run"


def spoken(panel, row):
    return panel.list.list.item(row).data(Qt.ItemDataRole.AccessibleTextRole)


def test_the_list_says_what_one_will_know_and_how_long_it_takes(qtbot, show, two_rates):
    story = replace(two_rates, title="Other", promise="How rates differ " * 5, minutes=2)
    panel = show(two_rates, story, size=(900, 600))
    assert spoken(panel, 0) == "Two rates"
    assert spoken(panel, 1) == f"Other, 2 min · {story.promise}"
    view = panel.list.list
    plain, promising = (view.visualItemRect(view.item(row)).height() for row in (0, 1))
    assert promising > plain
    panel.resize(300, 600)  # the promise needs more lines
    qtbot.waitUntil(lambda: view.visualItemRect(view.item(1)).height() > promising)


def test_a_lesson_whose_runs_have_ended_is_ticked_at_the_next_start_too(
    qtbot, show, two_rates, tmp_path
):
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    other = replace(two_rates, title="Other")
    panel = show(other, two_rates, dataset=tiny_dataset(), settings=settings)
    view = panel.list.list
    before = view.viewport().grab(view.visualItemRect(view.item(1))).toImage()
    click_title(qtbot, panel, 1)
    with qtbot.waitSignal(panel.runner.ended, timeout=20_000):
        click(qtbot, panel, "lesson_run_button")
    click(qtbot, panel, "lesson_back_button")
    assert (spoken(panel, 0), spoken(panel, 1)) == ("Other", "Two rates, done")
    assert view.viewport().grab(view.visualItemRect(view.item(1))).toImage() != before
    settings.sync()
    again = QSettings(settings.fileName(), QSettings.Format.IniFormat)
    assert spoken(show(other, two_rates, settings=again), 1) == "Two rates, done"


def test_a_lesson_that_is_stopped_is_not_ticked(qtbot, show, two_rates):
    panel = show(endless(two_rates), dataset=tiny_dataset())
    click_title(qtbot, panel, 0)
    click(qtbot, panel, "lesson_run_button")
    qtbot.waitUntil(lambda: figures(panel)[0] != "")
    click(qtbot, panel, "lesson_run_button")
    assert spoken(panel, 0) == "Two rates"


def test_trying_settings_says_that_a_new_run_begins(qtbot, show, two_rates):
    panel = show(two_rates, dataset=tiny_dataset())
    click_title(qtbot, panel, 0)
    tip = button(panel, "lesson_open_0").toolTip()
    assert "new run" in tip
    assert "Go back" in tip


def test_curves_grow_while_a_lesson_runs_and_stay_when_it_is_stopped(qtbot, show, two_rates):
    panel = show(endless(two_rates), dataset=tiny_dataset())
    heard = Heard(panel)
    click_title(qtbot, panel, 0)
    click(qtbot, panel, "lesson_run_button")
    qtbot.waitUntil(lambda: len(heard.overlays) >= 3 and len(heard.overlays[-1]) == 2)
    click(qtbot, panel, "lesson_run_button")
    assert not panel.runner._threads.present
    assert panel.close_threads(20_000)
    sent = len(heard.overlays)
    assert heard.overlays[-1]
    assert button(panel, "lesson_run_button").text() == "Run"
    assert not panel.findChild(QLabel, "lesson_answer").isVisible()
    qtbot.wait(1)  # what is still in the queue
    assert len(heard.overlays) == sent


def test_leaving_a_lesson_stops_it_and_coming_back_shows_its_curves(qtbot, show, two_rates):
    panel = show(endless(two_rates), replace(two_rates, title="Other"), dataset=tiny_dataset())
    heard = Heard(panel)
    click_title(qtbot, panel, 0)
    click(qtbot, panel, "lesson_run_button")
    qtbot.waitUntil(lambda: len(heard.overlays[-1]) == 2)
    click(qtbot, panel, "lesson_back_button")
    assert not panel.runner._threads.present
    assert heard.overlays[-1] == []
    sent = len(heard.overlays)
    click_title(qtbot, panel, 1)
    assert len(heard.overlays) == sent
    click(qtbot, panel, "lesson_back_button")
    click_title(qtbot, panel, 0)
    assert [title for title, *_ in heard.overlays[-1]] == ["slow", "quick"]
    assert "%" in figures(panel)[0]


def test_a_variant_opens_as_a_run_with_its_tab(qtbot, show, two_rates):
    lesson = replace(endless(two_rates), tab="layers")
    panel = show(lesson, size=(300, 300), dataset=tiny_dataset())
    heard = Heard(panel)
    click_title(qtbot, panel, 0)
    click(qtbot, panel, "lesson_run_button")
    heard.log.clear()
    click(qtbot, panel, "lesson_open_1")
    assert heard.log == [
        ("settings", lesson.variants[1].run_config("strokes")),
        ("tab", "layers"),
    ]
    assert not panel.runner._threads.present


def test_a_variant_that_diverges_says_so(qtbot, show, two_rates):
    wild = replace(two_rates.variants[0].hyperparameters, learning_rate=1000.0)
    variants = replace(two_rates.variants[0], hyperparameters=wild), two_rates.variants[1]
    panel = show(replace(two_rates, variants=variants), dataset=tiny_dataset())
    click_title(qtbot, panel, 0)
    with qtbot.waitSignal(panel.runner.ended, timeout=20_000):
        click(qtbot, panel, "lesson_run_button")
    assert figures(panel)[0] == "diverged"
    assert "learning rate" in panel.findChild(QLabel, "lesson_accuracy_0").toolTip()
    assert figures(panel)[1].endswith(" %")


@pytest.mark.parametrize(
    ("about", "dataset", "says"),
    [
        ("any", None, "Choose a data set"),
        ("mnist", tiny_dataset(), "needs the data set MNIST"),
        ("strokes", tiny_dataset(), ""),
    ],
)
def test_what_prevents_a_lesson_from_running_is_reported(
    qtbot, show, two_rates, about, dataset, says
):
    panel = show(replace(two_rates, dataset=about), dataset=dataset)
    click_title(qtbot, panel, 0)
    hint = panel.findChild(QLabel, "lesson_hint")
    assert hint.isVisible() == bool(says)
    assert says in hint.text()
    assert button(panel, "lesson_run_button").isEnabled() == (not says)


def test_other_data_end_a_run_and_its_curves(qtbot, show, two_rates):
    panel = show(endless(two_rates), dataset=tiny_dataset())
    heard = Heard(panel)
    click_title(qtbot, panel, 0)
    click(qtbot, panel, "lesson_run_button")
    qtbot.waitUntil(lambda: bool(heard.overlays and heard.overlays[-1]))
    panel.set_dataset(tiny_dataset(seed=1))
    assert not panel.runner._threads.present
    assert heard.overlays[-1] == []
    assert figures(panel) == ["", ""]
    assert button(panel, "lesson_run_button").text() == "Run"


def test_an_error_of_the_engine_is_shown(qtbot, show, two_rates, monkeypatch):
    def fail(_self):
        raise MemoryError

    monkeypatch.setattr("core.lessons.lesson_run.LessonRun.step", fail)
    panel = show(two_rates, dataset=tiny_dataset())
    click_title(qtbot, panel, 0)
    with qtbot.waitSignal(panel.runner.failed, timeout=20_000):
        click(qtbot, panel, "lesson_run_button")
    assert "not enough memory" in panel.findChild(QLabel, "lesson_hint").text()
    assert button(panel, "lesson_run_button").text() == "Run"


def test_the_colors_are_those_of_the_theme(qtbot, show, two_rates):
    panel = show(two_rates, dataset=tiny_dataset())
    heard = Heard(panel)
    click_title(qtbot, panel, 0)
    with qtbot.waitSignal(panel.runner.ended, timeout=20_000):
        click(qtbot, panel, "lesson_run_button")
    panel.apply_theme(DARK)
    assert [color for _, color, _ in heard.overlays[-1]] == list(DARK.overlays[:2])
    bar = panel.findChild(VariantRow, "lesson_variant_1").bar
    left = bar.grab().toImage().pixelColor(bar.height(), bar.height() // 2)
    assert left.name().upper() == DARK.overlays[1]


def test_a_broken_file_is_reported_below_the_lessons(show, two_rates, tmp_path):
    path = lesson_file(
        tmp_path, TEXT.replace("learning_rate = 0.01", "learning_rate = -1"), "x.toml"
    )
    with pytest.raises(TomlFileError) as caught:
        load_lesson(path)
    panel = show(two_rates, problems=(caught.value,))
    problems = panel.findChild(QLabel, "lesson_problems")
    assert problems.isVisible()
    assert f"<b>x.toml, line {caught.value.line}</b>: The learning rate -1" in problems.text()
    assert str(path) in problems.toolTip()
    assert panel.list.list.count() == 1


def test_reloading_finds_what_was_written_since(qtbot, tmp_path):
    panel = LessonsPanel(lambda: find_lessons([tmp_path]))
    qtbot.addWidget(panel)
    panel.show()
    assert panel.list.empty.isVisible()
    lesson_file(tmp_path)
    click(qtbot, panel, "lesson_reload_button")
    assert panel.list.list.item(0).text().endswith("Two rates")
    assert not panel.list.empty.isVisible()


def test_the_users_folder_is_created_and_shown(qtbot, show, two_rates, monkeypatch):
    shown = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: shown.append(url.toLocalFile()))
    click(qtbot, show(two_rates), "lesson_folder_button")
    assert shown == [str(own_lessons_folder())]
    assert own_lessons_folder().is_dir()


@pytest.mark.parametrize("size", [(300, 600), (690, 330)])
@pytest.mark.parametrize("number", range(len(find_lessons().lessons)))
def test_each_lesson_of_the_app_fits(qtbot, show, size, number):
    """Nothing is clipped at the sides, and Run is reachable without scrolling."""
    lessons = find_lessons().lessons
    panel = show(*lessons, size=size, dataset=tiny_dataset())
    panel.open_lesson(number)
    qtbot.waitUntil(lambda: button(panel, "lesson_predict_0").isVisible())
    assert (panel.width(), panel.height()) == size
    area = panel.findChild(QScrollArea, "lesson_scroll")
    card = area.widget()
    qtbot.waitUntil(lambda: card.width() == area.viewport().width())
    run = button(panel, "lesson_run_button")
    place = QRect(run.mapTo(area.viewport(), run.rect().topLeft()), run.size())
    assert area.viewport().rect().contains(place)
    for text in card.findChildren(QLabel):
        if text.isVisible():
            right = text.mapTo(card, text.rect().bottomRight()).x()
            assert right < card.width()
            assert text.height() >= text.heightForWidth(text.width())


def test_every_button_can_be_found_and_explains_itself(qtbot, show, two_rates):
    panel = show(two_rates)
    click_title(qtbot, panel, 0)
    buttons = panel.findChildren(QAbstractButton)
    names = [each.objectName() for each in buttons]
    assert {"lesson_run_button", "lesson_back_button", "lesson_open_0"} <= set(names)
    assert len(set(names)) == len(names)
    assert all(each.accessibleName() and each.toolTip() for each in buttons)
    assert panel.objectName() == "lessons_panel"


def test_the_published_curves_do_not_change_afterwards(qtbot, show, two_rates):
    panel = show(endless(two_rates), dataset=tiny_dataset())
    heard = Heard(panel)
    click_title(qtbot, panel, 0)
    click(qtbot, panel, "lesson_run_button")
    qtbot.waitUntil(lambda: bool(heard.overlays and heard.overlays[-1]))
    loss = heard.overlays[-1][0][2].loss
    copy = loss.copy()
    sent = len(heard.overlays)
    qtbot.waitUntil(lambda: len(heard.overlays) > sent)
    np.testing.assert_array_equal(loss, copy)


def test_curves_are_thinned_out_at_most_five_times_a_second(qapp, two_rates, monkeypatch):
    made = []
    states = LessonRun.states

    def count(run):
        made.append(run)
        return states(run)

    monkeypatch.setattr(LessonRun, "states", count)
    variants = [replace(each, stop=Stop(steps=300)) for each in two_rates.variants]
    thread = LessonThread(1, replace(two_rates, variants=tuple(variants)), tiny_dataset())
    begun = time.perf_counter()
    thread.run()  # in this thread
    seconds = time.perf_counter() - begun
    assert 2 <= len(made) <= 2 + seconds / SECONDS_BETWEEN_STATES
    assert [state.share for state in thread.take_states()] == [1, 1]


def test_the_end_of_the_previous_lesson_does_not_end_the_current_one(qtbot, two_rates):
    runner = LessonRunner()
    ended = []
    runner.ended.connect(lambda: ended.append(True))
    runner.start(two_rates, tiny_dataset())
    assert runner._threads.present.wait(20_000)  # its signal is still on its way
    runner.start(endless(two_rates), tiny_dataset())
    with qtbot.waitSignal(runner.states_changed):
        pass
    assert runner._threads.present
    assert not ended
    assert runner.close(20_000)


def test_the_same_data_again_change_nothing(qtbot, show, two_rates):
    dataset = tiny_dataset()
    panel = show(endless(two_rates), dataset=dataset)
    click_title(qtbot, panel, 0)
    click(qtbot, panel, "lesson_run_button")
    panel.set_dataset(dataset)
    assert panel.runner._threads.present
