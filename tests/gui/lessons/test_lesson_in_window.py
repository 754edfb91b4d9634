"""A lesson beside the window's own run."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from core.lessons.lesson import Stop
from core.lessons.lesson_file import load_lesson
from core.lessons.lessons import Lessons
from gui.training.state import State
from tests.core.digits import tiny_dataset
from tests.core.lessons.lesson_texts import TEXT, lesson_file
from tests.gui.driving import child, click


@pytest.fixture
def trained(qtbot, window, session, tmp_path):
    """The window after an epoch of 4 steps, with a lesson open."""
    click(window, "epoch_button")
    qtbot.waitUntil(lambda: window.transport.epoch_count.text() == "1")
    qtbot.waitUntil(lambda: session.state is State.PAUSED)
    lesson = load_lesson(lesson_file(tmp_path / "lessons", TEXT.replace("quick", "<i>quick</i>")))
    window.lessons._find = lambda: Lessons((lesson,), ())
    window.layout_.show_lessons()
    window.lessons.open_lesson(0)
    return window


@pytest.fixture
def endless(trained):
    """The same, with a lesson about layers whose runs do not end."""
    (lesson,) = trained.lessons._lessons
    stop = Stop(steps=1_000_000)
    variants = tuple(replace(variant, stop=stop) for variant in lesson.variants)
    lesson = replace(lesson, variants=variants, axis="time", tab="layers")
    trained.lessons._find = lambda: Lessons((lesson,), ())
    trained.lessons.leave_lesson()
    trained.lessons.reload()
    trained.lessons.open_lesson(0)
    return trained


def run_lesson(qtbot, window):
    with qtbot.waitSignal(window.lessons.runner.ended, timeout=20_000):
        click(window, "lesson_run_button")


def drawn_steps(window):
    return len(window.curves.loss.chart.line("smoothed").x), len(
        window.curves.accuracy.chart.line("train").x
    )


def overlaid(window):
    return [title for title, *_ in window.curves._other_runs]


def test_the_run_is_hidden_during_a_lesson_and_drawn_again_after_it(qtbot, trained):
    assert drawn_steps(trained) == (4, 4)
    run_lesson(qtbot, trained)
    assert drawn_steps(trained) == (0, 0)
    assert overlaid(trained) == ["slow", "<i>quick</i>"]
    click(trained, "lesson_back_button")
    assert drawn_steps(trained) == (4, 4)
    assert overlaid(trained) == []


def test_ticked_runs_are_hidden_during_a_lesson_and_drawn_again(qtbot, trained, session):
    session.restart()
    trained.tabs.open("runs")
    model = trained.tabs.view("runs").model
    index = model.index(0, 0)
    assert model.setData(index, Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole)
    ticked = overlaid(trained)
    assert len(ticked) == 1
    run_lesson(qtbot, trained)
    assert len(overlaid(trained)) == 2
    click(trained, "lesson_back_button")
    assert overlaid(trained) == ticked
    trained.lessons.open_lesson(0)
    assert len(overlaid(trained)) == 2
    session.data.use(tiny_dataset(seed=1))
    assert overlaid(trained) == ticked


def test_a_run_pauses_for_a_lesson_whose_axis_is_chosen(endless, session):
    click(endless, "play_button")
    assert session.state is State.RUNNING
    click(endless, "lesson_run_button")
    assert session.state is State.PAUSED
    assert endless.curves.axis == "time"


def test_play_is_the_only_button_in_the_accents_color(trained):
    buttons = [b for b in trained.findChildren(QPushButton) if b.property("role") == "primary"]
    assert child(trained, "lesson_run_button").isVisible()
    assert [b.objectName() for b in buttons] == ["play_button"]


def test_a_variant_becomes_the_windows_run(endless, session):
    click(endless, "lesson_run_button")
    variant = endless.lessons._lessons[0].variants[1]
    click(endless, "lesson_open_1")
    assert session.config == variant.run_config("strokes")
    assert endless.tabs.view("layers").isVisible()


def test_closing_ends_a_lesson(endless):
    click(endless, "lesson_run_button")
    thread = endless.lessons.runner._threads.present
    endless.close()
    assert thread.isFinished()


def test_names_are_shown_as_they_are_written(trained):
    names = [label for label in trained.lessons.findChildren(QLabel) if "quick" in label.text()]
    assert [name.textFormat() for name in names] == [Qt.TextFormat.PlainText]


@pytest.fixture
def ranged(trained):
    """The window with a lesson that chooses the scale and the ranges of the curves."""
    (lesson,) = trained.lessons._lessons
    ranges = {"loss_range": (0.01, 10.0), "accuracy_range": (20.0, 60.0)}
    lesson = replace(lesson, log_scale=True, **ranges)
    trained.lessons._find = lambda: Lessons((lesson,), ())
    trained.lessons.leave_lesson()
    trained.lessons.reload()
    trained.lessons.open_lesson(0)
    return trained


def ranges(window):
    return window.curves.loss.chart.y_range, window.curves.accuracy.chart.y_range


def test_a_lesson_chooses_scale_and_ranges_until_one_leaves_it(qtbot, ranged):
    before = ranges(ranged)
    run_lesson(qtbot, ranged)
    assert ranged.actions_.log_scale.isChecked()
    assert ranges(ranged) == (pytest.approx((-2, 1)), (20, 60))
    click(ranged, "lesson_back_button")
    assert not ranged.actions_.log_scale.isChecked()
    assert ranges(ranged) == before
    ranged.lessons.open_lesson(0)  # its curves are drawn again, and so is its view
    assert ranges(ranged) == (pytest.approx((-2, 1)), (20, 60))


def test_show_all_leaves_the_ranges_of_a_lesson(qtbot, ranged):
    run_lesson(qtbot, ranged)
    click(ranged, "show_all_button")
    assert ranges(ranged)[1] != (20, 60)
    assert ranged.actions_.log_scale.isChecked()


def test_the_run_that_continues_has_the_users_scale(qtbot, ranged, session):
    run_lesson(qtbot, ranged)
    click(ranged, "play_button")
    assert session.state is State.RUNNING
    assert not ranged.actions_.log_scale.isChecked()
    assert ranges(ranged)[1] != (20, 60)


def test_the_scale_of_a_lesson_is_not_remembered_as_the_users(qtbot, ranged):
    run_lesson(qtbot, ranged)
    settings = ranged._settings
    ranged.close()
    assert settings.value("log_scale", True, bool) is False


def test_the_runs_of_a_lesson_are_in_runs(qtbot, trained):
    trained.tabs.open("runs")
    model = trained.tabs.view("runs").model
    assert model.rowCount() == 1
    run_lesson(qtbot, trained)
    assert model.rowCount() == 3
    click(trained, "lesson_back_button")  # they are recorded once
    library = trained._comparing._library
    names = {record.name: record for record in library.records()}
    slow, quick = names["Two rates: slow"], names["Two rates: <i>quick</i>"]
    assert (slow.steps, quick.steps, quick.epochs) == (4, 10, 1)
    assert slow.config.hyperparameters.learning_rate == 0.01
    assert quick.test_accuracy == pytest.approx(library.curves(quick.id).test_accuracy[-1])
    assert len(quick.thumbnail) == 64
    assert len(names) == model.rowCount() == 3


def test_a_lesson_that_is_stopped_leaves_its_runs_in_runs(qtbot, endless):
    click(endless, "lesson_run_button")
    qtbot.waitUntil(lambda: len(overlaid(endless)) == 2)
    click(endless, "lesson_run_button")
    names = {record.name for record in endless._comparing._library.records()}
    assert {"Two rates: slow", "Two rates: <i>quick</i>"} < names


def test_the_users_axis_comes_back_after_the_lesson(endless):
    endless.curves.set_axis("step")
    click(endless, "lesson_run_button")
    assert endless.curves.axis == "time"
    click(endless, "lesson_run_button")
    click(endless, "lesson_run_button")
    click(endless, "lesson_back_button")
    assert endless.curves.axis == "step"
