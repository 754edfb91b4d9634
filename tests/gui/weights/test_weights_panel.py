import numpy as np
import pytest
from PySide6.QtCore import Qt, QThreadPool
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from core.colors import DARK
from core.inspection.network_edits import Edit, NetworkEdits, Silence
from core.inspection.prediction import predict
from core.inspection.unit_views import backprojected_weights, responses, top_activating, unit_order
from core.network.layers import Parameters
from core.settings.config import NetworkConfig, RunConfig
from core.training.snapshot import take_snapshot
from core.training.trainer import Trainer
from gui.prediction.edited_network import EditedNetwork
from gui.weights.weights_panel import WeightsPanel
from tests.core.digits import tiny_dataset
from tests.gui.driving import child, choose, click, type_into

DATA = tiny_dataset()


def make_snapshot(hidden=(12,), steps=20):
    trainer = Trainer(RunConfig(network=NetworkConfig(hidden=hidden)), DATA)
    for _ in range(steps):
        trainer.step()
    return take_snapshot(trainer)


SNAPSHOT = make_snapshot()
DEEP = make_snapshot((12, 11))
ALIVE = int(responses(SNAPSHOT.network, 1, DATA.test_images).mean(axis=0).argmax())
"""A unit that is active after ReLU."""


@pytest.fixture
def hidden_panel(qtbot):
    panel = WeightsPanel(EditedNetwork())
    qtbot.addWidget(panel)
    panel.resize(690, 330)
    panel.edited.show_dataset(DATA)
    panel.show_dataset(DATA)
    yield panel
    assert QThreadPool.globalInstance().waitForDone(10_000)
    panel.edited.deleteLater()  # with the timers of its jobs


@pytest.fixture
def panel(hidden_panel, qtbot):
    hidden_panel.show()
    qtbot.waitExposed(hidden_panel)
    show_snapshot(hidden_panel, SNAPSHOT)
    return hidden_panel


def show_snapshot(panel, snapshot):
    """As the window does."""
    panel.edited.note_snapshot(snapshot)
    panel.show_snapshot(snapshot)


def clear(panel):
    """As the window does when another run starts."""
    panel.edited.clear()
    panel.clear()


def click_unit(panel, unit):
    place = panel.mosaic.tile_rect(unit).center().toPoint()
    QTest.mouseClick(panel.mosaic, Qt.MouseButton.LeftButton, pos=place)


def text(panel):
    return panel.bar.text.text()


def wait_for_answers(panel, qtbot):
    qtbot.waitUntil(lambda: panel.queries.is_idle and panel.edited._measuring.is_idle)


def test_a_late_picture_of_another_layer_is_not_shown(panel):
    assert panel.controls.layer == 1
    panel.queries.picturing.done.emit((2, Parameters(np.zeros((784, 3)), np.zeros(3))))
    assert panel.mosaic.units == 12


def test_while_hidden_no_network_is_edited(panel, qtbot, monkeypatch):
    panel.edited.add(Edit(1, 0, None, 5.0))
    click_unit(panel, 3)
    panel.hide()
    copied, apply = [], NetworkEdits.apply

    def apply_and_note(edits, network):
        copied.append(network)
        return apply(edits, network)

    monkeypatch.setattr(NetworkEdits, "apply", apply_and_note)
    newer = make_snapshot(steps=3)
    show_snapshot(panel, newer)
    panel.show_prediction(predict(SNAPSHOT.network, DATA.test_images[0].reshape(28, 28)))
    assert not copied
    panel.show()
    qtbot.waitExposed(panel)
    assert copied == [newer.network]
    wait_for_answers(panel, qtbot)


def test_without_data_there_is_nothing_to_choose(hidden_panel, qtbot):
    hidden_panel.show()
    qtbot.waitExposed(hidden_panel)
    assert not hidden_panel.controls.isEnabled()
    assert not hidden_panel.inspector.isVisible()
    assert text(hidden_panel) == ""
    show_snapshot(hidden_panel, SNAPSHOT)
    assert hidden_panel.controls.isEnabled()
    assert text(hidden_panel) == "Click a unit to inspect it"


def test_news_while_hidden_is_drawn_when_shown(hidden_panel, qtbot):
    show_snapshot(hidden_panel, SNAPSHOT)
    assert hidden_panel.mosaic.units == 0
    hidden_panel.show()
    qtbot.waitExposed(hidden_panel)
    assert hidden_panel.mosaic.units == 12


def test_a_click_opens_the_inspector_and_another_closes_it(panel):
    assert not panel.inspector.isVisible()
    click_unit(panel, 5)
    assert panel.mosaic.pinned == 5
    assert panel.inspector.isVisible()
    assert panel.inspector.title.text() == "layer 1, unit 5"
    click(panel, "close_inspector_button")
    assert (panel.mosaic.pinned, panel.inspector.isVisible()) == (None, False)


def test_the_weights_of_a_deeper_layer_are_backprojected_to_the_pixels(panel, qtbot):
    show_snapshot(panel, DEEP)
    click_unit(panel, 5)
    choose(panel, "weights_layer", 2)
    assert panel.mosaic.pinned is None  # it was a unit of another layer
    qtbot.waitUntil(lambda: panel.mosaic.units == 11)
    np.testing.assert_array_equal(panel.mosaic._layer.W, backprojected_weights(DEEP.network, 2))
    assert child(panel, "weights_remark").text() == "Linear approximation"
    choose(panel, "weights_layer", 1)
    assert panel.mosaic.units == 12
    assert child(panel, "weights_remark").text() == ""


@pytest.mark.parametrize("order", ["norm", "similarity", "usage"])
def test_the_units_are_put_in_order(panel, qtbot, order):
    expected = unit_order(SNAPSHOT.network, 1, order, DATA.test_images).tolist()
    assert expected != list(range(12))
    choose(panel, "weights_order", order)

    def shown():
        return [panel.mosaic._unit(place) for place in range(12)]

    qtbot.waitUntil(lambda: shown() == expected)
    choose(panel, "weights_order", "index")
    assert shown() == list(range(12))


def test_a_fixed_scale_has_a_field_for_its_limit(panel):
    field = child(panel, "weights_limit")
    assert not field.isVisible()
    choose(panel, "weights_scale", "fixed")
    assert field.value == pytest.approx(panel.mosaic.scale.limit)
    type_into(panel, "weights_limit", "0.75")
    show_snapshot(panel, SNAPSHOT)
    assert panel.mosaic.scale.limit == 0.75
    choose(panel, "weights_scale", "layer")
    assert not field.isVisible()
    assert panel.mosaic.scale.limit < 0.75


def test_the_drawing_is_what_the_unit_responds_to(panel):
    click_unit(panel, 5)
    assert panel.inspector.response.text().endswith("–")
    panel.show_prediction(predict(SNAPSHOT.network, DATA.test_images[0].reshape(28, 28)))
    assert panel.inspector.response.text()[-1].isdigit()
    panel.show_prediction(None)
    assert panel.inspector.response.text().endswith("–")


def test_the_top_images_are_found_and_can_be_put_on_the_pad(panel, qtbot):
    click_unit(panel, ALIVE)
    qtbot.waitUntil(lambda: panel.inspector.top_images.shown is not None)
    shown = panel.inspector.top_images.shown
    expected, strength = top_activating(SNAPSHOT.network, 1, ALIVE, DATA.test_images, 9)
    assert len(expected) > 2
    np.testing.assert_array_equal(shown.indices, expected)
    np.testing.assert_array_equal(shown.responses, strength)
    np.testing.assert_array_equal(shown.labels, DATA.test_labels[expected])
    np.testing.assert_array_equal(shown.images, DATA.test_images[expected])
    place = panel.inspector.top_images.image_rect(2).center()
    with qtbot.waitSignal(panel.digit_chosen) as chosen:
        QTest.mouseClick(panel.inspector.top_images, Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == [expected[2]]


def test_an_edit_changes_the_accuracy_and_is_listed(panel, qtbot):
    click_unit(panel, 5)
    with qtbot.waitSignal(panel.edited.edits_changed) as changed:
        type_into(panel, "weight_value", "50")
    assert changed.args == [NetworkEdits((Edit(1, 5, None, 50.0),))]
    assert panel.inspector.bias.text() == "bias +50.000"
    wait_for_answers(panel, qtbot)
    found = panel.edited.accuracies
    assert found.trained != found.edited
    shares = f"{100 * found.trained:.2f} % → {100 * found.edited:.2f} %"
    assert text(panel) == f"Test accuracy {shares} with 1 edit"
    panel.inspector.silence.click()
    assert text(panel).endswith("→ … with 2 edits")
    assert child(panel, "edits_text").toolTip() == (
        "Measured after step 20; repeated while it trains\n"
        "layer 1, unit 5: switched off\nlayer 1, unit 5: bias 50"
    )


def test_edits_stay_while_training_continues_and_the_line_says_so(panel, qtbot):
    click_unit(panel, 5)
    panel.inspector.silence.click()
    show_snapshot(panel, make_snapshot(steps=25))
    wait_for_answers(panel, qtbot)
    assert text(panel).endswith("with 1 edit, kept while it trains")
    assert panel.inspector.silence.isChecked()
    assert {w for _, w in panel.inspector.outgoing.rows} == {0.0}


def test_undo_and_undo_all(panel, qtbot):
    undo, as_trained = child(panel, "undo_edit_button"), child(panel, "as_trained_button")
    assert not undo.isEnabled()
    assert not as_trained.isEnabled()
    click_unit(panel, 5)
    panel.inspector.silence.click()
    type_into(panel, "weight_value", "3")
    click(panel, "as_trained_button")
    assert panel.edited.network is SNAPSHOT.network
    assert not panel.inspector.silence.isChecked()
    assert not as_trained.isEnabled()
    click(panel, "undo_edit_button")
    click(panel, "undo_edit_button")
    assert panel.edited.edits == NetworkEdits((Silence(1, 5),))
    assert panel.inspector.silence.isChecked()
    click(panel, "undo_edit_button")
    assert not undo.isEnabled()


def test_ctrl_z_is_the_tab_s_while_it_has_the_focus_and_else_the_window_s(qtbot):
    window, elsewhere = QWidget(), QPushButton("elsewhere")
    panel = WeightsPanel(EditedNetwork(window))
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    layout.addWidget(panel)
    layout.addWidget(elsewhere)
    others = QShortcut(QKeySequence("Ctrl+Z"), window)
    undone = []
    others.activated.connect(lambda: undone.append(1))
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    show_snapshot(panel, SNAPSHOT)
    click_unit(panel, 5)
    panel.inspector.silence.click()
    panel.mosaic.setFocus()
    QTest.keyClick(panel.mosaic, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (len(panel.edited.edits), undone) == (0, [])
    field = child(panel, "weight_value")
    field.setFocus()
    type_into(panel, "weight_value", "3")
    assert len(panel.edited.edits) == 1
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (len(panel.edited.edits), undone) == (0, [])
    elsewhere.setFocus()
    QTest.keyClick(elsewhere, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone == [1]


def test_a_new_run_forgets_the_unit_and_the_edits(panel, qtbot):
    click_unit(panel, 5)
    panel.inspector.silence.click()
    with qtbot.waitSignal(panel.edited.edits_changed) as changed:
        clear(panel)
    assert changed.args == [NetworkEdits()]
    assert (panel.mosaic.pinned, panel.inspector.isVisible()) == (None, False)
    show_snapshot(panel, SNAPSHOT)
    assert panel.edited.network is SNAPSHOT.network


def test_a_late_answer_about_the_previous_run_is_ignored(panel, qtbot):
    show_snapshot(panel, DEEP)
    choose(panel, "weights_layer", 2)
    assert not panel.queries.is_idle
    clear(panel)
    wait_for_answers(panel, qtbot)
    assert panel.mosaic.units == 12  # still those of layer 1


def test_a_removed_layer_is_replaced_by_the_last_one(panel, qtbot):
    show_snapshot(panel, DEEP)
    choose(panel, "weights_layer", 3)
    qtbot.waitUntil(lambda: panel.mosaic.units == 10)
    click_unit(panel, 9)
    show_snapshot(panel, make_snapshot((5,)))
    assert panel.controls.layer == 2
    qtbot.waitUntil(lambda: panel.inspector.title.text() == "output, digit 9")
    show_snapshot(panel, make_snapshot(()))
    assert (panel.controls.layer, panel.mosaic.units) == (1, 10)


@pytest.mark.parametrize("hidden", [(), (1,), (4,), (12, 11)], ids=str)
def test_every_shape_of_network_can_be_inspected(panel, qtbot, hidden):
    panel.apply_theme(DARK)
    panel.show_prediction(predict(SNAPSHOT.network, DATA.test_images[0].reshape(28, 28)))
    show_snapshot(panel, make_snapshot(hidden))
    for layer in range(1, len(hidden) + 2):
        choose(panel, "weights_layer", layer)
        qtbot.waitUntil(lambda layer=layer: panel.mosaic.units == [*hidden, 10][layer - 1])
        for order in ("norm", "similarity", "usage"):
            choose(panel, "weights_order", order)
            wait_for_answers(panel, qtbot)
        panel.mosaic.pin(0)
        assert not panel.grab().isNull()


def test_a_diverged_network_is_drawn(panel, qtbot):
    broken = make_snapshot((12, 11))
    network = type(broken.network)(broken.network.sizes)
    network.parameters[:] = np.nan
    object.__setattr__(broken, "network", network)
    show_snapshot(panel, broken)
    choose(panel, "weights_layer", 2)
    choose(panel, "weights_order", "similarity")
    choose(panel, "weights_scale", "unit")
    panel.mosaic.pin(3)
    panel.inspector.silence.click()
    wait_for_answers(panel, qtbot)
    assert not panel.grab().isNull()
