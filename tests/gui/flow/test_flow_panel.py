"""One step in the flow tab: before it, after it, and what it changed."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QWidget

from core.colors import LIGHT, rgb
from core.inspection.flow import trace
from core.inspection.prediction import predict
from core.inspection.update import FlowChange, compare, step_and_compare
from core.network.network import Network
from core.settings.config import NetworkConfig
from core.training.snapshot import take_snapshot
from gui.flow.flow_layout import LINE
from gui.flow.flow_panel import FlowPanel
from gui.flow.flow_trace import Look, Side
from gui.flow.flow_words import from_to
from gui.flow.update_words import update_words
from tests.core.digits import tiny_dataset
from tests.core.training.small_runs import make_trainer, run
from tests.gui.driving import child, choose, click, draw_stroke

IMAGE = tiny_dataset().test_images[3].reshape(28, 28)
HINT = "Press One batch"


@pytest.fixture
def trainer():
    return run(
        make_trainer(network=NetworkConfig(hidden=(30, 20)), learning_rate=0.05, batch_size=50), 3
    )


@pytest.fixture
def panel(qtbot):
    panel = FlowPanel()
    qtbot.addWidget(panel)
    panel.resize(760, 400)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def make_step(panel, trainer, image=IMAGE):
    """As the window does it: the snapshot's prediction comes first, then what has changed."""
    update = step_and_compare(trainer)
    panel.show_snapshot(take_snapshot(trainer))
    if image is not None:
        panel.show_prediction(predict(trainer.network.frozen_copy(), image))
    panel.show_update(update)
    return update


def words(panel):
    return child(panel, "flow_update_words").accessibleDescription()


def pixels(view):
    image = view.grab().toImage()
    raw = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)
    return raw[:, : image.width(), 2::-1].astype(int)


def test_before_and_after_are_the_flows_through_the_two_networks(panel, trainer):
    update = make_step(panel, trainer)
    for side, network in ((Side.BEFORE, update.before), (Side.AFTER, update.after)):
        choose(panel, "flow_side_combo", side)
        expected = trace(network, IMAGE)
        for found, A in zip(panel.view.flow.activations, expected.activations, strict=True):
            np.testing.assert_array_equal(found, A)


def test_the_change_is_drawn_by_what_the_step_added(panel, trainer):
    """The unit whose activation rose most has the deepest color; edges are those that moved."""
    update = make_step(panel, trainer)
    choose(panel, "flow_side_combo", Side.CHANGE)
    view = panel.view
    change = view.flow
    assert isinstance(change, FlowChange)
    added = trace(update.after, IMAGE).activations[1] - trace(update.before, IMAGE).activations[1]
    np.testing.assert_array_equal(change.activations[1], added)
    strongest = int(np.abs(added).argmax())
    color = rgb(LIGHT.positive if added[strongest] > 0 else LIGHT.negative)
    place = view.layout_of_flow.square((1, strongest)).topLeft() + QPoint(2, 2)
    np.testing.assert_allclose(pixels(view)[place.y(), place.x()], color, atol=2)
    assert change.edges is update.edges


def test_the_three_sides_look_different_and_after_is_the_network_as_it_is(panel, trainer):
    make_step(panel, trainer)
    pictures = {}
    for side in Side:
        choose(panel, "flow_side_combo", side)
        pictures[side] = pixels(panel.view)
    assert (pictures[Side.BEFORE] != pictures[Side.AFTER]).any()
    assert (pictures[Side.CHANGE] != pictures[Side.AFTER]).any()
    panel.show_update(None)
    choose(panel, "flow_side_combo", Side.AFTER)
    np.testing.assert_array_equal(pixels(panel.view), pictures[Side.AFTER])


def test_words_say_what_moved_and_what_became_of_the_loss(panel, trainer):
    assert words(panel).startswith(HINT)
    update = make_step(panel, trainer)
    changes = [
        after.W - before.W
        for before, after in zip(update.before.layers, update.after.layers, strict=True)
    ]
    moved = sum(int((np.abs(change) > 0.001).sum()) for change in changes)
    said = words(panel)
    assert said.startswith("Step 4: weight changes up to ")
    assert f", {moved:,} of 24,320 > 0.001" in said
    losses = from_to(update.loss_before, update.loss_after)
    assert f"Loss of this batch {losses}. Largest: " in words(panel)


def test_the_largest_weight_is_named_by_its_ends():
    before, after = Network((784, 40, 10)), Network((784, 40, 10))
    before.layers[0].W[14 * 28 + 9, 37] = -0.021
    after.layers[0].W[14 * 28 + 9, 37] = -0.024
    after.layers[1].W[3, 8] = 0.002
    update = compare(before, after, make_trainer(batch_size=10).next_batch())
    assert update_words(update)[0] == ("Step 1: weight changes up to 0.003, 2 of 31,760 > 0.001")
    assert update_words(update)[2] == "Largest: pixel (14, 9) → unit 37, −0.021 → −0.024"
    same = update_words(compare(before, before, make_trainer(batch_size=10).next_batch()))
    assert same[1:] == ("Loss of this batch 2.303 → 2.303", "No weight changed")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (0.5, 0.25, "0.500 → 0.250"),
        (-0.021, -0.0211, "−0.02100 → −0.02110"),
        (1.0, 1.0, "1.000 → 1.000"),
        (1.0, 1.0 + 1e-12, "1.0000000 → 1.0000000"),
        (2.0, float("inf"), "2.000 → inf"),
    ],
)
def test_two_numbers_have_the_decimals_that_tell_them_apart(before, after, expected):
    assert from_to(before, after) == expected


def test_a_unit_tells_what_became_of_it(panel, trainer):
    update = make_step(panel, trainer)
    choose(panel, "flow_side_combo", Side.CHANGE)
    view = panel.view
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Left)
    told = view.accessibleDescription()
    digit = view.flow.answer
    assert told.startswith(f"output, digit {digit}; probability ")
    bias = from_to(*(float(n.layers[2].b[digit]) for n in (update.before, update.after)))
    assert f"bias {bias}" in told
    source = int(np.abs(update.after.layers[2].W - update.before.layers[2].W)[:, digit].argmax())
    assert f"weights in: unit {source} {from_to(*update.weight(3, source, digit))}" in told
    choose(panel, "flow_side_combo", Side.AFTER)
    assert "strongest inputs" in view.accessibleDescription()
    view.pin((0, 400))
    choose(panel, "flow_side_combo", Side.CHANGE)
    assert "ink" in view.accessibleDescription()
    assert "weights out: unit " in view.accessibleDescription()


def test_the_sides_are_chosen_by_the_keyboard(panel, trainer):
    make_step(panel, trainer)
    switch = child(panel, "flow_side_combo", QComboBox)
    assert switch.accessibleName()
    assert switch.focusPolicy() & Qt.FocusPolicy.TabFocus
    switch.setFocus()
    QTest.keyClick(switch, Qt.Key.Key_Down)
    assert isinstance(panel.view.flow, FlowChange)
    QTest.keyClick(switch, Qt.Key.Key_Up)
    QTest.keyClick(switch, Qt.Key.Key_Up)
    assert panel.view.side is Side.BEFORE


def test_a_network_that_learns_on_is_shown_as_it_is(panel, trainer):
    make_step(panel, trainer)
    choose(panel, "flow_side_combo", Side.CHANGE)
    run(trainer, 1)
    snapshot = take_snapshot(trainer)
    panel.show_snapshot(snapshot)
    panel.show_prediction(predict(snapshot.network, IMAGE))
    panel.view.tracer.trace_now()
    assert panel.update_shown is None
    assert panel.view.flow.network is snapshot.network
    assert words(panel).startswith(HINT)


def test_another_network_is_not_compared(panel, trainer):
    make_step(panel, trainer)
    choose(panel, "flow_side_combo", Side.CHANGE)
    other = run(trainer, 1).network.frozen_copy()
    panel.show_prediction(predict(other, IMAGE))
    panel.view.tracer.trace_now()
    assert panel.view.flow.network is other
    assert "another network" in words(panel)


def test_a_blank_pad_keeps_the_words_and_the_next_drawing_shows_the_step(panel, trainer):
    make_step(panel, trainer, image=None)
    choose(panel, "flow_side_combo", Side.CHANGE)
    assert words(panel).startswith("Step 4: ")
    assert "Draw a digit" in panel.view.accessibleDescription()
    panel.show_prediction(predict(trainer.network.frozen_copy(), IMAGE))
    assert isinstance(panel.view.flow, FlowChange)
    panel.show_prediction(None)
    assert words(panel).startswith("Step 4: ")
    panel.clear()
    assert words(panel).startswith(HINT)


def test_units_stay_where_they_are(panel, trainer):
    """Whatever is shown, at sizes at which captions have one line and at which they have four."""
    make_step(panel, trainer)
    for width in (1400, 900, 700, 560):
        panel.resize(width, 400)
        layouts = set()
        for side in Side:
            choose(panel, "flow_side_combo", side)
            layouts.add(panel.view.layout_of_flow)
        assert len(layouts) == 1


def test_captions_of_a_change_say_how_much_and_how_many(panel, trainer):
    make_step(panel, trainer)
    choose(panel, "flow_side_combo", Side.CHANGE)
    added = panel.view.flow.activations[1]
    most, up, down = np.abs(added).max(), (added > 0).sum(), (added < 0).sum()
    assert f"layer 1 · max {most:.2g} · {up}↑ {down}↓;" in panel.view.accessibleDescription()


def key(panel):
    return child(panel, "flow_key").accessibleDescription()


def test_the_key_says_of_which_moment_and_of_which_edges_the_picture_is(panel, trainer):
    assert key(panel) == ""
    panel.show_prediction(predict(trainer.network.frozen_copy(), IMAGE))
    edges = sum(len(of_layer.values) for of_layer in panel.view.flow.edges)
    strongest = "24,320 edges, the strongest into each layer, and those that lead to the prediction"
    assert key(panel) == f"positive; negative; Now: {edges} of {strongest}"
    make_step(panel, trainer)
    for side, moment in ((Side.BEFORE, "Before"), (Side.AFTER, "After")):
        choose(panel, "flow_side_combo", side)
        edges = sum(len(of_layer.values) for of_layer in panel.view.flow.edges)
        assert key(panel) == f"positive; negative; {moment} step 4: {edges} of {strongest}"
    choose(panel, "flow_side_combo", Side.CHANGE)
    which = "180 of 24,320 edges, those into each layer whose weights changed most"
    assert key(panel) == f"rose ↑; fell ↓; Change at step 4: {which}"
    run(trainer, 1)
    panel.show_snapshot(take_snapshot(trainer))
    panel.show_prediction(predict(trainer.network.frozen_copy(), IMAGE))
    panel.view.tracer.trace_now()
    assert key(panel).startswith("positive; negative; Now: ")  # though the change was chosen
    panel.show_prediction(None)
    assert key(panel) == ""


def test_activations_have_three_sides_too_and_no_edges_but_one_units(panel, trainer):
    make_step(panel, trainer)
    choose(panel, "flow_look_combo", Look.ACTIVATIONS)
    view = panel.activations
    assert view.isVisible()
    choose(panel, "flow_side_combo", Side.CHANGE)
    added = view.flow.after.activations[1] - view.flow.before.activations[1]
    np.testing.assert_array_equal(view.flow.activations[1], added)
    assert (
        key(panel)
        == "rose ↑; fell ↓; Change at step 4: the deepest color is the largest of a layer"
    )
    choose(panel, "flow_side_combo", Side.AFTER)
    blocks = view.layout_of_flow.blocks
    between = slice(blocks[1].rect.right() + 3, blocks[2].rect.left() - 3)
    colors = pixels(view)[4 : blocks[1].caption.top(), between]
    assert (colors == colors[0, 0]).all()
    view.pin((1, 3))
    assert "strongest inputs" in view.accessibleDescription()
    assert (pixels(view)[4 : blocks[1].caption.top(), between] != colors).any()


def test_without_hidden_layers_the_activations_say_so(panel):
    choose(panel, "flow_look_combo", Look.ACTIVATIONS)
    panel.show_prediction(predict(Network((784, 10)), IMAGE))
    assert key(panel).endswith("Now: this network has no hidden layers")


@pytest.mark.parametrize(("width", "shown"), [(2000, 3), (800, 2), (590, 2), (380, 1)])
def test_no_sentence_is_cut_that_has_others_before_it(panel, trainer, width, shown):
    make_step(panel, trainer)
    lines = child(panel, "flow_update_words")
    lines.resize(width, LINE)
    written = lines._lines()
    assert len(written) == 1
    assert written[0] == " · ".join(update_words(panel.update_shown)[:shown])


def test_nothing_beside_the_words_moves(panel, trainer):
    places = [w.geometry() for w in panel.findChildren(QWidget)]
    make_step(panel, trainer)
    assert [w.geometry() for w in panel.findChildren(QWidget)] == places


# --- in the window --------------------------------------------------------------------------------


def draw(qtbot, window):
    draw_stroke(window.pad_panel.pad, [(0.3, 0.2), (0.7, 0.2), (0.45, 0.8)])
    qtbot.waitUntil(lambda: window.prediction.prediction is not None)


def test_a_step_shows_batch_by_batch(qtbot, window, session):
    window.tabs.open("flow")
    panel = window.tabs.view("flow")
    draw(qtbot, window)
    choose(window, "flow_side_combo", Side.CHANGE)
    after = None
    for step in (1, 2, 3):
        click(window, "step_button")
        qtbot.waitUntil(lambda s=step: panel.update_shown and panel.update_shown.step == s)
        qtbot.waitUntil(lambda: isinstance(panel.view.flow, FlowChange))
        update = panel.update_shown
        if after is not None:
            np.testing.assert_array_equal(update.before.parameters, after.parameters)
        after = update.after
        assert words(panel).startswith(f"Step {step}: weight changes")


def test_only_single_steps_are_compared_and_only_while_the_tab_is_open(qtbot, window, session):
    seen = []
    session.run.updated.connect(seen.append)
    click(window, "step_button")
    qtbot.waitUntil(lambda: session.run.moment[0] == 1)
    window.tabs.open("flow")
    panel = window.tabs.view("flow")
    assert session.run.mailbox.compares_steps
    with qtbot.waitSignal(session.run.paused):
        click(window, "epoch_button")
    assert not seen
    assert panel.update_shown is None
    click(window, "step_button")
    qtbot.waitUntil(lambda: len(seen) == 1)
    window.tabs.open("runs")
    assert not session.run.mailbox.compares_steps
    window.tabs.open("flow")
    click(window, "reset_button")
    qtbot.waitUntil(lambda: panel.update_shown is None)
    assert session.run.mailbox.compares_steps


def test_a_run_that_trains_forgets_the_step(qtbot, window, session):
    window.tabs.open("flow")
    panel = window.tabs.view("flow")
    draw(qtbot, window)
    click(window, "step_button")
    qtbot.waitUntil(lambda: panel.update_shown is not None)
    click(window, "play_button")
    qtbot.waitUntil(lambda: panel.update_shown is None)
    click(window, "play_button")
    qtbot.waitUntil(lambda: words(panel).startswith(HINT))
