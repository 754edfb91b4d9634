"""No control moves because something is said, or because the network trains."""

from dataclasses import replace
from itertools import product

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QLineEdit,
    QTabBar,
    QWidget,
)

from core.lessons.lesson import Stop
from core.lessons.lesson_file import load_lesson
from core.lessons.lessons import Lessons
from gui.training import dataset_choice
from gui.training.state import State
from gui.widgets.floating import Floating
from gui.widgets.painted_widget import PaintedWidget
from tests.core.lessons.lesson_texts import lesson_file
from tests.core.pictures.sheets import sheet_of
from tests.gui.driving import child, choose, click, draw_stroke, type_into

CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QComboBox,
    QLineEdit,
    QTabBar,
    PaintedWidget,
)
SIZES = ((1280, 720), (960, 530))


def floats(widget):
    while widget is not None and not isinstance(widget, Floating):
        widget = widget.parentWidget()
    return widget is not None


def places(window):
    """Return where the visible controls are that the mouse could be on."""
    for _ in range(3):
        QApplication.processEvents()
    return {
        widget: widget.mapTo(window, QPoint())
        for widget in window.findChildren(QWidget)
        if isinstance(widget, CONTROLS)
        and widget.window() is window
        and not widget.visibleRegion().isEmpty()
        and not floats(widget)
    }


class Stillness:
    """Fails where a control is at another place after the block than before."""

    def __init__(self, window):
        self._window = window

    def __enter__(self):
        self._before = places(self._window)

    def __exit__(self, *_error):
        after = places(self._window)
        moved = {
            f"{type(widget).__name__} {widget.objectName()}": (place, after[widget])
            for widget, place in self._before.items()
            if widget in after and after[widget] != place
        }
        assert moved == {}


@pytest.fixture(params=SIZES, ids=lambda size: "{}x{}".format(*size))
def sized(request, window):
    window.resize(*request.param)
    assert len(places(window)) > 15
    return window


def until_paused(qtbot, session):
    qtbot.waitUntil(lambda: session.state is State.PAUSED)


def test_play_pause_and_restart(qtbot, sized, session):
    for tab in [
        "weights",
        "flow",
        "layers",
        "mistakes",
        "activations",
        "runs",
        "data",
        "my_digits",
        "sheet",
    ]:
        sized.tabs.open(tab)
        click(sized, "step_button")
        until_paused(qtbot, session)
        with Stillness(sized):
            click(sized, "play_button")
            qtbot.waitUntil(lambda: session.state is State.RUNNING)
        with Stillness(sized):
            click(sized, "play_button")
            until_paused(qtbot, session)
        with Stillness(sized):
            click(sized, "reset_button")
            until_paused(qtbot, session)


def test_a_divergence_and_what_it_means_for_the_layers(qtbot, sized, session):
    sized.tabs.open("layers")
    click(sized, "step_button")
    until_paused(qtbot, session)
    rate = replace(session.config.hyperparameters, learning_rate=10.0)
    with Stillness(sized):
        session.set_hyperparameters(rate)
        with qtbot.waitSignal(session.run.diverged):
            click(sized, "play_button")
        qtbot.waitUntil(lambda: child(sized, "remarks_box").isVisible())
    with Stillness(sized):
        click(sized, "reset_button")
        until_paused(qtbot, session)


def test_the_numbers_of_maths(qtbot, sized, session):
    """From numbers without a digit before the point to larger ones, which need more room."""
    sized.tabs.open("maths")
    draw_stroke(sized.pad_panel.pad, [(0.5, 0.1), (0.5, 0.9)])
    page = sized.tabs.view("maths").page
    qtbot.waitUntil(lambda: len(page.ledger.rows) > 0)
    stage, check = page._shown

    def show(factor):
        rows = [
            replace(row, cells=tuple(c and c * factor for c in row.cells)) for row in stage.rows
        ]
        page.show_stage(replace(stage, rows=tuple(rows)), check)

    show(1e-2)
    with Stillness(sized):
        show(-10.0)
    show(1e7)
    with Stillness(sized):  # narrower again
        show(1)


def test_a_refused_number_advice_and_a_new_rate(qtbot, sized, session):
    sized.layout_._left.open(sized.settings_panel)
    with Stillness(sized):
        type_into(sized, "learning_rate_slider_field", "abc")
    with Stillness(sized):
        QTest.keyClick(child(sized, "learning_rate_slider_field"), Qt.Key.Key_Escape)
    slider = child(sized, "learning_rate_slider")
    with Stillness(sized):
        slider.setValue(slider.maximum())
    assert "usual" in sized.settings_panel.hyperparameters.rate_now.text()


def test_loading_another_data_set(qtbot, sized, monkeypatch):
    def endless(name, data_dir, progress):
        while True:
            progress(30, 100)

    monkeypatch.setattr(dataset_choice, "load_dataset", endless)
    sized.layout_._left.open(sized.settings_panel)
    with Stillness(sized):
        choose(sized, "dataset_combo", "mnist+strokes")
        qtbot.waitUntil(child(sized, "loading_bar").isVisible)
    with Stillness(sized):
        click(sized, "cancel_loading_button")
        qtbot.waitUntil(lambda: not child(sized, "loading_bar").isVisible())


def test_a_correction_and_its_undo(qtbot, sized):
    sized.tabs.open("my_digits")
    draw_stroke(sized.pad_panel.pad, [(0.5, 0.1), (0.5, 0.9)])
    for key in (Qt.Key.Key_3, Qt.Key.Key_1):
        with Stillness(sized):
            QTest.keyClick(sized.pad_panel.pad, key)
            qtbot.waitUntil(child(sized, "undo_correction_button").isVisible)
    with Stillness(sized):
        click(sized, "undo_correction_button")
    sized.pictures.show_sheet(sheet_of(9, 12))
    sheet = sized.tabs.view("sheet")
    with Stillness(sized):
        qtbot.waitUntil(sheet.exchange.copy.isEnabled)  # it is predicted
    for key in (Qt.Key.Key_Right, Qt.Key.Key_7, Qt.Key.Key_Delete, Qt.Key.Key_Return):
        with Stillness(sized):
            QTest.keyClick(sheet.list, key)
    with Stillness(sized):
        sized.pictures.show_sheet(sheet_of(9, 12))


def test_a_number_grows_and_another_of_its_digits_is_selected(qtbot, sized):
    pad, model = sized.pad_panel.pad, sized.prediction
    number = sized.pad_panel.answer.digit
    for count in (1, 2, 3):
        with Stillness(sized):
            draw_stroke(pad, [(0.25 * count, 0.2), (0.25 * count, 0.8)])
            qtbot.waitUntil(lambda count=count: len(model.predictions) == count)
    with Stillness(sized):
        QTest.mouseClick(number, Qt.MouseButton.LeftButton, pos=number.cell(0).center().toPoint())
    assert model.selected == 0


@pytest.fixture
def lesson_open(sized, tmp_path):
    """The window with a short lesson that asks for a prediction."""
    lesson = load_lesson(lesson_file(tmp_path / "lessons"))
    variants = tuple(replace(variant, stop=Stop(steps=4)) for variant in lesson.variants)
    lesson = replace(lesson, variants=variants, predict="Which?", correct="quick")
    sized.lessons._find = lambda: Lessons((lesson,), ())
    sized.layout_.show_lessons()
    sized.lessons.open_lesson(0)
    return sized


def test_a_lesson_that_is_predicted_run_and_compared(qtbot, lesson_open):
    with Stillness(lesson_open):
        click(lesson_open, "lesson_predict_0")
    with Stillness(lesson_open), qtbot.waitSignal(lesson_open.lessons.runner.ended):
        click(lesson_open, "lesson_run_button")
    assert child(lesson_open, "lesson_comparison").isVisible()


def test_what_prevents_a_lesson_from_running(qtbot, lesson_open, monkeypatch):
    def fail(_self):
        raise MemoryError

    monkeypatch.setattr("core.lessons.lesson_run.LessonRun.step", fail)
    with Stillness(lesson_open), qtbot.waitSignal(lesson_open.lessons.runner.failed):
        click(lesson_open, "lesson_run_button")
    assert child(lesson_open, "lesson_hint").isVisible()
    with Stillness(lesson_open):
        lesson_open.lessons.set_dataset(None)
    assert child(lesson_open, "lesson_hint").isVisible()


def test_another_size_for_a_moment(window):
    """Columns that the user made wide come back, too."""
    window.resize(1280, 720)
    moments = product((None, (345, 480)), [(960, 530), (1205, 700), (1900, 1000)])
    for by_hand, small in moments:
        window.layout_._by_hand = by_hand
        window.layout_._share()
        before = window.layout_.columns.sizes(), window.layout_.plots.sizes()
        with Stillness(window):
            window.resize(*small)
            QApplication.processEvents()
            window.resize(1280, 720)
        assert (window.layout_.columns.sizes(), window.layout_.plots.sizes()) == before


def test_a_view_alone_and_back(window):
    window.resize(1280, 720)
    for action in (window.actions_.fill, window.actions_.settings_shown):
        with Stillness(window):
            for _ in range(2):
                action.trigger()
                QApplication.processEvents()
