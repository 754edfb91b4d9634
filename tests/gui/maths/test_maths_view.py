"""The Maths tab shows what the engine computed, and how the user moves through it."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from core.colors import DARK, LIGHT
from core.maths.worked_example import WorkedExample
from core.network.network import Network
from core.settings.augmentation import Augmentation
from core.settings.config import OPTIMIZER_NAMES, OUTPUT_NAMES, Hyperparameters
from core.training.optimizers import OPTIMIZERS
from core.training.snapshot import StepState
from gui.maths.formula_markup import number, plain
from gui.maths.maths_controls import Selection
from gui.maths.maths_view import MathsView
from tests.gui.driving import child, choose, click, type_into
from tests.gui.snapshots import snapshot

SIZES = (784, 16, 12, 10)
NARROW = (690, 330)
IMAGE = np.random.default_rng(3).integers(0, 256, 784, dtype=np.uint8)


def make_inspection(output="softmax", optimizer="sgd", l2=0.0, sizes=SIZES, label=None, **others):
    network = Network(sizes, ("tanh",) * (len(sizes) - 2), output)
    rng = np.random.default_rng(0)
    network.parameters[:] = rng.standard_normal(network.parameters.shape) * 0.1
    names = OPTIMIZERS[optimizer].names
    optimizer_state = {n: np.full_like(network.parameters, 0.02) for n in names}
    hyperparameters = Hyperparameters(optimizer=optimizer, l2=l2, **others)
    state = step_state(network, hyperparameters, 0.2, optimizer_state, 7, step=1234)
    return state, IMAGE, label


def step_state(network, hyperparameters, learning_rate, optimizer_state, optimizer_steps, step):
    shot = replace(snapshot(0), network=network, step=step)
    return StepState(shot, hyperparameters, learning_rate, optimizer_state, optimizer_steps)


def work_through(inspection, label):
    """The same example, without a window."""
    state = inspection[0]
    return WorkedExample(
        state.snapshot.network,
        state.hyperparameters,
        state.optimizer_state,
        state.optimizer_steps,
        state.learning_rate,
        IMAGE,
        label,
    )


@pytest.fixture
def view(qtbot):
    view = MathsView()
    qtbot.addWidget(view)
    view.resize(*NARROW)
    view.show()
    qtbot.waitExposed(view)
    view.controls.set_test_images(100)
    return view


@pytest.fixture
def shown(view):
    view.show_example(*make_inspection(label=4))
    return view


def screen(view):
    """Return all numbers and formulas on the page as text."""
    page = view.page
    parts = (page.formulas, page.ledger, page.check)
    return " | ".join(p.accessibleDescription() for p in parts if p.isVisibleTo(page))


@pytest.mark.parametrize("l2", [0.0, 0.01])
@pytest.mark.parametrize("output", OUTPUT_NAMES)
@pytest.mark.parametrize("optimizer", OPTIMIZER_NAMES)
def test_the_screen_has_every_number_of_every_stage(view, optimizer, output, l2):
    inspection = make_inspection(output, optimizer, l2, label=4)
    view.show_example(*inspection)
    example = work_through(inspection, 4)
    unit = example.liveliest_unit(1)
    stages = example.stages(1, unit, example.largest_source(1, unit))
    assert view.stages == stages
    for index, stage in enumerate(stages):
        assert view.stage == stage
        text = screen(view)
        for row in stage.rows:
            for cell in row.cells:
                assert cell is None or plain(number(cell, stage.decimals)) in text
        assert plain(number(stage.value, stage.decimals)) in text
        check = example.check(stage)
        assert view.page.check.isVisible() == (check is not None)
        if check is not None:
            for value, decimals in (
                (check.numeric, 7),
                (check.analytic, 7),
                (check.relative_difference, 2),
            ):
                assert plain(number(value, decimals)) in text
            assert check.relative_difference < 1e-3
            assert text.endswith("✓")
        for lines in stage.source:
            assert f"{lines.file}, line {lines.number}" in view.page.source.text()
        assert view.header.title.text() == stage.title
        assert f"stage {index + 1} of {len(stages)}" in view.header.place.text()
        view.go_forward()


def test_before_there_is_anything_it_says_what_to_do(view):
    empty = child(view, "maths_empty")
    assert empty.isVisible()
    assert "Draw a digit" in empty.text()
    assert view.stage is None
    view.go_forward()
    assert view.stage is None
    view.show_example(*make_inspection())
    assert not empty.isVisible()
    view.show_example(make_inspection()[0], None)
    assert empty.isVisible()


def test_before_there_is_a_network_no_unit_can_be_chosen(view):
    names = ("maths_layer", "maths_unit", "maths_source_unit")
    fields = [child(view, name) for name in names]
    for field in fields:
        QTest.keyClicks(field, "3")
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert view.controls.selection == Selection()
    view.show_example(*make_inspection())
    assert all(field.isEnabled() for field in fields)


def test_a_hidden_view_computes_nothing(qtbot):
    view = MathsView()
    qtbot.addWidget(view)
    view.show_example(*make_inspection())
    assert view.stages == ()
    with qtbot.waitSignals([view.pause_wanted, view.example_wanted]):
        view.show()
    assert view.stages


def test_forward_backward_and_the_ends(shown):
    last = len(shown.stages) - 1
    assert shown.index == 0
    assert not shown.header.back.isEnabled()
    click(shown, "maths_forward")
    assert shown.index == 1
    click(shown, "maths_back")
    assert shown.index == 0
    for _ in range(last):
        click(shown, "maths_forward")
    assert shown.index == last
    assert not shown.header.forward.isEnabled()
    shown.go_forward()
    assert shown.index == last


def test_the_arrow_keys_step(shown, qtbot):
    shown.activateWindow()
    shown.setFocus()
    qtbot.waitUntil(shown.hasFocus)
    QTest.keyClick(shown, Qt.Key.Key_Right)
    QTest.keyClick(shown, Qt.Key.Key_Right)
    assert shown.index == 2
    QTest.keyClick(shown, Qt.Key.Key_Left)
    assert shown.index == 1


def test_every_use_requests_a_pause(shown, qtbot):
    for use in (
        shown.go_forward,
        shown.go_back,
        lambda: click(shown, "maths_play"),
        lambda: choose(shown, "maths_layer", 2),
        lambda: type_into(shown, "maths_unit", "3"),
        lambda: type_into(shown, "maths_source_unit", "3"),
    ):
        with qtbot.waitSignal(shown.pause_wanted, timeout=1000):
            use()


def test_auto_step_runs_to_the_end(shown, qtbot):
    seen = []
    shown.header.player.setInterval(1)
    shown.pause_wanted.connect(lambda: seen.append(shown.index))
    click(shown, "maths_play")
    qtbot.waitUntil(lambda: shown.index == len(shown.stages) - 1)
    qtbot.waitUntil(lambda: not shown.header.play.isChecked())
    assert not shown.header.player.isActive()
    # Only pressing Play asks for a pause, so training on meanwhile is not paused every two seconds.
    assert seen == [0]
    shown.header.player.setInterval(10**6)
    click(shown, "maths_play")
    assert shown.index == 0  # from the start again
    shown.go_forward()
    assert not shown.header.play.isChecked()


def test_a_hidden_view_stops_auto_stepping(shown):
    click(shown, "maths_play")
    assert shown.header.player.isActive()
    shown.hide()
    assert not shown.header.player.isActive()


def test_layer_unit_and_weight_can_be_chosen(shown):
    choose(shown, "maths_layer", 2)
    assert shown.stage.layer == 2
    type_into(shown, "maths_unit", "5")
    type_into(shown, "maths_source_unit", "11")
    assert shown.stages == work_through(make_inspection(label=4), 4).stages(2, 5, 11)
    type_into(shown, "maths_source_unit", "")
    example = work_through(make_inspection(label=4), 4)
    assert shown.stages == example.stages(2, 5, example.largest_source(2, 5))
    choose(shown, "maths_layer", 3)
    assert shown.stages[0].unit == example.liveliest_unit(3)


@pytest.mark.parametrize(("field", "number_"), [("maths_unit", "16"), ("maths_source_unit", "784")])
def test_a_missing_unit_is_refused(shown, field, number_):
    before = shown.stages
    type_into(shown, field, number_)
    assert child(shown, field, QLineEdit).text() == ""
    assert shown.stages == before


def test_a_test_image_is_asked_for_by_its_number(shown, qtbot):
    with qtbot.waitSignal(shown.example_wanted) as wanted:
        choose(shown, "maths_example", "test")
    assert wanted.args == [0]
    with qtbot.waitSignal(shown.example_wanted) as wanted:
        type_into(shown, "maths_example_number", "42")
    assert wanted.args == [42]
    assert shown.wanted_example == 42
    asked = []
    shown.example_wanted.connect(asked.append)
    type_into(shown, "maths_example_number", "100")
    assert asked == []
    assert child(shown, "maths_example_number", QLineEdit).text() == "42"
    with qtbot.waitSignal(shown.example_wanted) as wanted:
        choose(shown, "maths_example", "drawing")
    assert wanted.args == [None]


def test_the_digit_is_fixed_for_a_test_image_and_chosen_for_a_drawing(shown):
    digit = child(shown, "maths_digit")
    assert digit.currentData() == 4
    assert not digit.isEnabled()
    inspection = make_inspection()
    shown.show_example(*inspection)
    assert digit.isEnabled()
    assert digit.currentData() is None
    answer = int(inspection[0].snapshot.network.predict(IMAGE[np.newaxis]).argmax())
    assert answer != 8
    for right, pick in ((answer, None), (8, 8), (answer, None)):
        choose(shown, "maths_digit", pick)
        example = work_through(inspection, right)
        unit = example.liveliest_unit(1)
        assert shown.stages == example.stages(1, unit, example.largest_source(1, unit))


def test_without_test_images_there_is_only_the_drawing(view):
    view.controls.set_test_images(0)
    assert not child(view, "maths_example").isEnabled()
    assert not child(view, "maths_example_number").isEnabled()


def test_new_numbers_keep_the_stage(shown):
    for _ in range(5):
        shown.go_forward()
    choose(shown, "maths_layer", 2)
    shown.show_example(*make_inspection(output="sigmoid", label=4))
    assert shown.index == 5
    assert shown.stages[0].layer == 2
    shown.show_example(*make_inspection(sizes=(784, 10), label=4))
    assert shown.stages[0].layer == 1
    assert shown.index == min(5, len(shown.stages) - 1)


def test_omissions_are_reported(view):
    view.show_example(*make_inspection(dropout=0.5))
    assert "without dropout" in view.header.place.text()
    view.show_example(*make_inspection(augmentation=Augmentation(rotation=5)))
    assert "without dropout" in view.header.place.text()
    view.show_example(*make_inspection())
    assert "dropout" not in view.header.place.text()


def test_a_check_that_fails_by_rounding_or_a_kink_says_why(view):
    network = Network(SIZES)
    network.layers[2].W[:] = np.linspace(-1, 1, 120).reshape(12, 10)
    hyperparameters = Hyperparameters()
    view.show_example(step_state(network, hyperparameters, 0.1, {}, 0, step=0), IMAGE, 4)
    titles = [stage.title for stage in view.stages]
    view._show_index(titles.index("The error of the unit"))
    assert "kink" in view.page.check_remark.text()
    assert "✓" not in screen(view)
    # A confident, correct network: its error is lost in float32.
    network.layers[2].b[4] = 14.0
    view.show_example(step_state(network, hyperparameters, 0.1, {}, 0, step=0), IMAGE, 4)
    choose(view, "maths_layer", 3)
    type_into(view, "maths_unit", "4")
    titles = [stage.title for stage in view.stages]
    view._show_index(titles.index("Backward: the error of the output"))
    assert "rounding" in view.page.check_remark.text()


@pytest.mark.filterwarnings("error")
def test_a_diverged_network_is_shown_as_it_is(view):
    inspection = make_inspection(label=4)
    inspection[0].snapshot.network.parameters[:] = np.nan
    view.show_example(*inspection)
    for _ in view.stages:
        assert "not a number" in screen(view)
        if view.stage.quantity is not None:
            assert "diverged" in view.page.check_remark.text()
        view.go_forward()


@pytest.mark.parametrize("size", [NARROW, (1400, 800)])
@pytest.mark.parametrize("output", OUTPUT_NAMES)
def test_nothing_is_cut_off(view, qtbot, output, size):
    view.resize(*size)
    view.show_example(*make_inspection(output, "adam", 0.01, label=4))
    for index in range(len(view.stages)):
        view._show_index(index)
        qtbot.waitUntil(lambda: not cut_off(view.page), timeout=2000)


def cut_off(page):
    """Return the widgets that lack room after layout."""
    parts = [part for part in page.findChildren(QWidget) if part.isVisible()]
    cut = [part for part in parts if not page.rect().contains(part.geometry())]
    if page.height() < page.heightForWidth(page.width()):
        cut.append(page)
    if page.ledger.width() < page.ledger.sizeHint().width():
        cut.append(page.ledger)
    for formula in (page.formulas, page.check):
        if formula.isVisible() and formula.height() < formula.heightForWidth(formula.width()):
            cut.append(formula)
    if page.formulas.geometry().right() >= page.ledger.geometry().left():
        cut.append(page.formulas)
    return cut


def test_everything_is_larger_if_there_is_room(shown):
    small = shown.page.ledger.sizeHint().height()
    shown.resize(1400, 800)
    assert shown.page.ledger.sizeHint().height() > 1.5 * small
    shown.resize(*NARROW)
    assert shown.page.ledger.sizeHint().height() == small


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_sum_has_a_bar_for_each_term_in_the_colors_of_the_theme(shown, theme):
    shown.apply_theme(theme)
    ledger = shown.page.ledger
    image = ledger.grab().toImage()
    colors = {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }
    signs = {row.cells[-1] > 0 for row in ledger.rows[:-1]}
    assert signs == {True, False}
    assert theme.positive.lower() in colors
    assert theme.negative.lower() in colors


def test_every_control_can_be_found_and_explains_itself(view):
    for name in (
        "maths_example",
        "maths_example_number",
        "maths_digit",
        "maths_layer",
        "maths_unit",
        "maths_source_unit",
        "maths_back",
        "maths_play",
        "maths_forward",
    ):
        control = child(view, name)
        assert control.accessibleName()
        assert control.toolTip()
