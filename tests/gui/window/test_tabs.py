"""The tabs in the window: what each receives, and what it sends to the window."""

from dataclasses import replace
from itertools import chain

import numpy as np
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton

from core.colors import DARK
from core.network.network import Network
from gui.flow.flow_trace import Look
from gui.training.state import State
from gui.window.tab_table import GROUPS
from tests.gui.driving import child, choose, click, draw_stroke

TABS = (
    "weights",
    "flow",
    "layers",
    "mistakes",
    "compare",
    "maths",
    "activations",
    "runs",
    "data",
    "my_digits",
    "sheet",
)


def test_every_tab_can_be_opened_by_its_name(window, subtests):
    for name in TABS:
        with subtests.test(name=name):
            window.tabs.open(name)
            page = child(window, f"{name}_tab")
            assert page.isVisible()
            current = window.tabs.currentWidget()
            assert current is page or current.isAncestorOf(page)


def test_the_activations_are_a_part_of_flow(qtbot, window):
    """By their name they open as the tab that they once were; a click leaves what was chosen."""
    draw(qtbot, window)
    window.tabs.open("activations")
    assert window.tabs.currentWidget() is child(window, "flow_tab")
    view = child(window, "activations_view")
    assert view.isVisible()
    assert not child(window, "flow_view").isVisible()
    qtbot.waitUntil(lambda: view.flow is not None)
    click_unit(view, (1, 3))
    assert view.accessibleDescription().startswith("layer 1, unit 3; z = ")
    window.tabs.open("weights")
    window.tabs.setCurrentIndex(1)
    assert view.isVisible()
    window.tabs.open("flow")
    assert child(window, "flow_view").isVisible()
    choose(window, "flow_look_combo", Look.ACTIVATIONS)
    assert view.isVisible()


def test_the_tabs_are_in_three_groups(window):
    bar = window.tabs.tabBar()
    titles = [[tab.title for tab in group] for group in GROUPS]
    assert titles == [
        ["Weights", "Flow", "Layers", "Maths"],
        ["Mistakes", "Compare", "Runs", "Search"],
        ["Data", "My digits", "Sheet"],
    ]
    assert [bar.tabText(index) for index in range(bar.count())] == [*chain(*titles)]
    gap = bar.grab(QRect(bar.tabRect(4).left() - 1, 0, 3, bar.height())).toImage()
    middle = gap.height() // 2
    assert len({gap.pixel(x, middle) for x in range(gap.width())}) > 1  # a line
    inside = bar.grab(QRect(bar.tabRect(5).left() - 1, 0, 3, bar.height())).toImage()
    assert len({inside.pixel(x, middle) for x in range(inside.width())}) == 1


def test_titles_move_together_where_there_is_no_room(window):
    bar = window.tabs.tabBar()
    tabs = range(bar.count())
    bar.fit(2000)
    wide = sum(bar.tabRect(index).width() for index in tabs)
    bar.fit(600)
    narrow = sum(bar.tabRect(index).width() for index in tabs)
    assert narrow <= 600 < wide
    assert narrow == sum(bar.tabSizeHint(index).width() for index in tabs)


def test_where_titles_have_no_room_at_all_arrows_are_seen(window):
    bar = window.tabs.tabBar()
    window.resize(1200, 800)
    QApplication.processEvents()
    arrows = [button for button in bar.findChildren(QToolButton) if button.isVisible()]
    assert len(arrows) == 2
    for arrow in arrows:
        picture = arrow.grab().toImage()
        middle = range(5, picture.width() - 5), range(5, picture.height() - 5)
        assert len({picture.pixel(x, y) for x in middle[0] for y in middle[1]}) > 1


def test_a_tab_is_created_when_it_is_first_opened(window, subtests):
    """So that the window opens sooner; it is created once."""
    for name in ["flow", "layers", "mistakes", "maths", "runs"]:
        with subtests.test(name=name):
            tabs = window.tabs
            assert not tabs.is_made(name)
            tabs.open(name)
            assert tabs.is_made(name)
            view = tabs.view(name)
            assert view.isVisible()
            tabs.open("weights")
            tabs.open(name)
            assert tabs.view(name) is view


def test_a_tab_created_late_has_the_windows_colors(window):
    window.tabs.apply_theme(DARK)
    window.tabs.open("mistakes")
    assert window.tabs.view("mistakes").matrix._theme is DARK


def test_an_unknown_tab_changes_nothing(window):
    window.tabs.open("flow")
    window.tabs.open("weather")
    assert window.tabs.currentWidget() is child(window, "flow_tab")


def test_the_window_does_not_grow_with_a_tab(qapp, window):
    window.resize(1280, 800)
    for name in TABS:
        window.tabs.open(name)
        qapp.processEvents()
        assert window.minimumSizeHint().width() <= 1280
        assert window.width() == 1280


def train(qtbot, window, session):
    taken = []
    session.run.snapshot_taken.connect(taken.append)
    click(window, "epoch_button")
    qtbot.waitUntil(lambda: session.state is State.PAUSED and taken[-1].epoch == 1)
    return taken[-1]


def inspected(qtbot, session):
    taken = []
    session.run.inspected.connect(taken.append)
    session.run.mailbox.inspect()
    qtbot.waitUntil(lambda: bool(taken))
    return taken[-1]


def click_unit(view, unit):
    place = view.layout_of_flow.square(unit).center()
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=place)


def draw(qtbot, window):
    draw_stroke(window.pad_panel.pad, [(0.3, 0.2), (0.7, 0.2), (0.45, 0.8)])
    bars = window.pad_panel.answer.bars
    qtbot.waitUntil(lambda: bars.probabilities is not None)
    return bars.probabilities


def test_the_drawing_flows_through_the_network_that_predicts(qtbot, window):
    window.tabs.open("flow")
    view = child(window, "flow_view")
    assert view.flow is None
    probabilities = draw(qtbot, window)
    qtbot.waitUntil(lambda: view.flow is not None)
    np.testing.assert_allclose(view.flow.probabilities, probabilities, rtol=1e-5)
    click(window, "clear_button")
    qtbot.waitUntil(lambda: view.flow is None)


def test_a_network_without_a_prediction_differs_from_a_blank_pad(qtbot, window, session):
    window.tabs.open("activations")
    draw(qtbot, window)
    activations = child(window, "activations_view")
    qtbot.waitUntil(lambda: activations.flow is not None)
    diverged = inspected(qtbot, session).snapshot
    network = Network(diverged.network.sizes)
    network.parameters[:] = np.nan
    session.run.snapshot_taken.emit(replace(diverged, network=network))
    qtbot.waitUntil(lambda: activations.flow is None)
    assert "no answer" in activations.accessibleDescription()
    window.tabs.open("flow")
    flow = child(window, "flow_view")
    assert "no answer" in flow.accessibleDescription()
    window.pad_panel.pad.clear()
    qtbot.waitUntil(lambda: "Draw a digit" in flow.accessibleDescription())


def test_layers_and_mistakes_are_those_of_the_run(qtbot, window, session):
    window.tabs.open("layers")
    snapshot = train(qtbot, window, session)
    assert len(snapshot.layer_records) == 3  # after 1, 2 and 4 steps
    window.tabs.open("mistakes")
    header = child(window, "mistakes_header")
    rights = round(snapshot.test.accuracy * 100)
    assert header.text().startswith(f"{rights} of 100 correct after step 4")


def test_a_chosen_digit_is_put_on_the_pad(qtbot, window, session):
    train(qtbot, window, session)
    window.tabs.view("mistakes").digit_chosen.emit(7)
    image = session.data.dataset.test_images[7].reshape(28, 28)
    qtbot.waitUntil(lambda: np.array_equal(window.pad_panel.answer.input_view.image, image))


# --- maths ------------------------------------------------------------------------------------


def test_the_maths_is_that_of_the_paused_network(qtbot, window, session):
    click(window, "play_button")
    window.tabs.open("maths")
    assert session.state is State.PAUSED
    maths = window.tabs.view("maths")
    assert not maths.stages
    draw(qtbot, window)
    qtbot.waitUntil(lambda: bool(maths.stages))
    state = maths._state
    np.testing.assert_array_equal(maths._image, window.prediction.image.reshape(-1))
    now = inspected(qtbot, session).snapshot
    assert state.snapshot.step == now.step
    np.testing.assert_array_equal(state.snapshot.network.parameters, now.network.parameters)


def test_the_maths_follows_the_network(qtbot, window, session):
    session.set_hyperparameters(type(session.config.hyperparameters)(optimizer="adam"))
    window.tabs.open("maths")
    draw(qtbot, window)
    qtbot.waitUntil(lambda: bool(window.tabs.view("maths").stages))
    assert window.tabs.view("maths")._state.optimizer_steps == 0
    click(window, "step_button")
    qtbot.waitUntil(lambda: window.tabs.view("maths")._state.snapshot.step == 1)
    state = window.tabs.view("maths")._state
    assert state.optimizer_steps == 1
    assert state.optimizer_state["m"].any()
    assert state.optimizer_state["v"].any()


def test_the_maths_is_that_of_the_next_step_where_settings_change_in_a_pause(
    qtbot, window, session
):
    momentum = replace(session.config.hyperparameters, optimizer="momentum", learning_rate=0.25)
    session.set_hyperparameters(momentum)
    window.tabs.open("maths")
    draw(qtbot, window)
    maths = window.tabs.view("maths")
    click(window, "step_button")
    qtbot.waitUntil(lambda: bool(maths.stages) and maths._state.snapshot.step == 1)
    assert maths._state.optimizer_state["v"].any()
    later = replace(momentum, optimizer="adam", learning_rate=0.125, l2=0.5)
    session.set_hyperparameters(later)
    qtbot.waitUntil(lambda: maths._state.hyperparameters == later)
    state = maths._state
    assert (state.learning_rate, state.optimizer_steps) == (0.125, 0)
    assert not state.optimizer_state
    assert "α = 0.125, t = 1." in maths.stages[-1].note
    # Looking changes nothing: returning to the old optimizer restores its state.
    session.set_hyperparameters(momentum)
    qtbot.waitUntil(lambda: maths._state.hyperparameters == momentum)
    assert maths._state.optimizer_state["v"].any()
    assert len(inspected(qtbot, session).snapshot.changes) == 2


def test_auto_step_stops_when_the_run_continues(qtbot, window, session):
    window.tabs.open("maths")
    draw(qtbot, window)
    qtbot.waitUntil(lambda: bool(window.tabs.view("maths").stages))
    click(window, "maths_play")
    assert window.tabs.view("maths").header.play.isChecked()
    click(window, "play_button")
    assert not window.tabs.view("maths").header.play.isChecked()


def test_the_maths_follows_layers_that_change_in_a_pause(qtbot, window, session):
    train(qtbot, window, session)
    window.tabs.open("maths")
    draw(qtbot, window)
    qtbot.waitUntil(lambda: bool(window.tabs.view("maths").stages))
    session.set_network(session.config.network.with_hidden((12,)))
    qtbot.waitUntil(
        lambda: window.tabs.view("maths")._state.snapshot.network.sizes == (784, 12, 10)
    )


def test_the_maths_of_a_test_image_knows_its_digit(qtbot, window, session):
    window.tabs.open("maths")
    maths = window.tabs.view("maths")
    maths.controls._kind.set_value("test")
    maths.controls._on_kind()
    qtbot.waitUntil(lambda: bool(maths.stages))
    example = maths.wanted_example
    np.testing.assert_array_equal(maths._image, session.data.dataset.test_images[example])
    assert maths._label == session.data.dataset.test_labels[example]


# --- edits ------------------------------------------------------------------------------------


def test_an_edited_network_predicts_for_the_pad_and_training_does_not_see_it(
    qtbot, window, session
):
    train(qtbot, window, session)
    before = draw(qtbot, window).copy()
    edited = window.edited
    for unit in range(30):
        edited.set_silent(1, unit, True)
    qtbot.waitUntil(lambda: not np.array_equal(window.pad_panel.answer.bars.probabilities, before))
    edited.undo_all()
    qtbot.waitUntil(lambda: np.array_equal(window.pad_panel.answer.bars.probabilities, before))
    edited.undo()
    assert inspected(qtbot, session).snapshot.network.layers[1].W[:30].any()
    assert not window.active_network.network.layers[1].W[:30].any()


# --- lessons ----------------------------------------------------------------------------------


def test_lessons_are_beside_the_settings(window):
    lessons = child(window, "lessons_panel")
    assert not lessons.isVisible()
    window.actions_.lessons.trigger()
    assert lessons.isVisible()


def test_only_the_lessons_curves_are_drawn_until_the_run_continues(qtbot, window, session):
    train(qtbot, window, session)

    def drawn():
        return window.curves.loss.chart.line("smoothed")

    assert len(drawn().x) == 4
    click(window, "play_button")
    window.lessons.lesson_started.emit(None)
    assert session.state is State.PAUSED
    assert len(drawn().x) == 0
    last = inspected(qtbot, session).snapshot
    session.run.snapshot_taken.emit(last)  # late snapshots of the run are not drawn
    assert last.step >= 4
    assert len(drawn().x) == 0
    click(window, "step_button")
    qtbot.waitUntil(lambda: len(drawn().x) > 4)


def test_a_variant_of_a_lesson_opens_as_a_run(qtbot, window, session):
    window.actions_.lessons.trigger()
    window.lessons.open_lesson(1)
    with qtbot.waitSignal(session.run_started):
        click(window, "lesson_open_0")
    assert session.config.network.initial_scale == 0.01
    assert window.tabs.currentWidget() is child(window, "layers_tab")
