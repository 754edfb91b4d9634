import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from core.colors import DARK, LIGHT
from core.inspection.network_edits import Edit, NetworkEdits
from core.inspection.unit_views import responses
from core.network.network import Network
from gui.weights.top_images import TopActivations
from gui.weights.unit_inspector import UnitInspector
from tests.gui.driving import child, choose, click, type_into

IMAGE = np.random.default_rng(1).integers(0, 256, 784).astype(np.uint8)


def make_network(sizes=(784, 12, 11, 10)):
    network = Network(sizes)
    network.parameters[:] = np.random.default_rng(0).normal(size=len(network.parameters)) * 0.1
    network.layers[0].b[:] = 5  # so that ReLU passes something
    network.layers[1].b[:] = 5
    return network.frozen_copy()


NETWORK = make_network()


@pytest.fixture
def inspector(qtbot):
    inspector = UnitInspector()
    qtbot.addWidget(inspector)
    inspector.resize(356, 260)
    inspector.fit(260)
    inspector.show()
    qtbot.waitExposed(inspector)
    return inspector


def show(inspector, layer, unit, network=NETWORK, drawing=IMAGE, is_silent=False):
    inspector.show_unit(network, layer, unit, drawing, is_silent)
    weights = network.layers[0].W[:, 0]
    inspector.image.show_weights(weights, np.full(784, 128, np.uint8))


def test_it_names_the_unit_its_bias_and_its_activation(inspector):
    show(inspector, 2, 7)
    assert inspector.title.text() == "layer 2, unit 7"
    assert inspector.bias.text() == "bias +5.000"
    answer = responses(NETWORK, 2, IMAGE[np.newaxis])[0, 7]
    assert answer > 0
    assert inspector.response.text() == f"activation on the drawing {answer:+.3f}"
    show(inspector, 3, 7)
    assert inspector.title.text() == "output, digit 7"
    score = responses(NETWORK, 3, IMAGE[np.newaxis])[0, 7]
    assert inspector.response.text() == f"score on the drawing {score:+.3f}".replace("-", "−")
    show(inspector, 1, 0, drawing=None)
    assert inspector.response.text() == "activation on the drawing –"


def test_the_strongest_weights_on_both_sides_are_shown(inspector):
    show(inspector, 2, 7)
    incoming, W = inspector.incoming.rows, NETWORK.layers[1].W[:, 7]
    assert [unit for unit, _ in incoming] == np.argsort(-np.abs(W), kind="stable")[:10].tolist()
    outgoing = inspector.outgoing.rows
    assert [unit for unit, _ in outgoing] == list(range(10))  # outputs keep their places
    np.testing.assert_array_equal([w for _, w in outgoing], NETWORK.layers[2].W[7])


def test_missing_metrics_of_a_layer_are_not_shown(inspector):
    show(inspector, 1, 0)
    assert (inspector.incoming.isVisible(), inspector.outgoing.isVisible()) == (False, True)
    show(inspector, 3, 0)
    assert (inspector.incoming.isVisible(), inspector.outgoing.isVisible()) == (True, False)
    assert not inspector.silence.isEnabled()


def wanted(inspector, qtbot, text):
    with qtbot.waitSignal(inspector.editor.edit_wanted) as edit:
        type_into(inspector, "weight_value", text)
    return edit.args[0]


def test_the_bias_is_selected_at_first(inspector, qtbot):
    show(inspector, 2, 7)
    assert child(inspector, "weight_value").value == 5
    assert wanted(inspector, qtbot, "-1.5") == Edit(2, 7, None, -1.5)


def test_a_click_on_a_bar_chooses_its_weight(inspector, qtbot):
    show(inspector, 2, 7)
    source, weight = inspector.incoming.rows[2]
    place = inspector.incoming.row_rect(2).center().toPoint()
    QTest.mouseClick(inspector.incoming, Qt.MouseButton.LeftButton, pos=place)
    assert inspector.incoming.selected == source
    assert child(inspector, "weight_value").value == pytest.approx(weight, rel=1e-3)
    assert wanted(inspector, qtbot, "0.5") == Edit(2, 7, source, 0.5)
    place = inspector.outgoing.row_rect(4).center().toPoint()
    QTest.mouseClick(inspector.outgoing, Qt.MouseButton.LeftButton, pos=place)
    assert (inspector.outgoing.selected, inspector.incoming.selected) == (4, None)
    assert wanted(inspector, qtbot, "0.5") == Edit(3, 4, 7, 0.5)


def test_a_click_on_a_pixel_selects_its_weight_in_the_first_layer_only(inspector, qtbot):
    show(inspector, 1, 3)
    place = inspector.image.pixel_rect(333).center()
    assert inspector.image.item_at(QPointF(place)) == 333
    QTest.mouseClick(inspector.image, Qt.MouseButton.LeftButton, pos=place)
    assert inspector.image.selected == 333
    assert wanted(inspector, qtbot, "0.5") == Edit(1, 3, 333, 0.5)
    show(inspector, 2, 3)
    QTest.mouseClick(inspector.image, Qt.MouseButton.LeftButton, pos=place)
    assert inspector.image.selected is None
    assert wanted(inspector, qtbot, "0.25") == Edit(2, 3, None, 0.25)


def test_weights_can_be_chosen_with_the_keyboard(inspector, qtbot):
    show(inspector, 2, 7)
    choose(inspector, "weight_kind", "to")
    type_into(inspector, "weight_number", "9")
    assert inspector.outgoing.selected == 9
    assert wanted(inspector, qtbot, "2") == Edit(3, 9, 7, 2.0)
    type_into(inspector, "weight_number", "10")  # there is none
    assert child(inspector, "weight_number").value == 0


def test_an_output_has_no_outgoing_weight_to_edit(inspector):
    show(inspector, 3, 7)
    choose(inspector, "weight_kind", "to")
    assert child(inspector, "weight_kind").currentData() == "bias"


def test_training_does_not_overwrite_what_is_being_typed(inspector):
    show(inspector, 1, 3)
    field = child(inspector, "weight_value")
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "1.2")
    learned = NetworkEdits((Edit(1, 3, None, 7.0),)).apply(NETWORK)
    show(inspector, 1, 3, network=learned)
    assert inspector.bias.text() == "bias +7.000"
    assert field.text() == "1.2"


def test_typed_text_applies_to_the_number_it_was_typed_for(inspector, qtbot):
    with qtbot.waitActive(inspector):
        inspector.activateWindow()
    show(inspector, 2, 7)
    edits = []
    inspector.editor.edit_wanted.connect(edits.append)
    field = child(inspector, "weight_value")
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "1.25")
    place = inspector.outgoing.row_rect(4).center().toPoint()
    QTest.mouseClick(inspector.outgoing, Qt.MouseButton.LeftButton, pos=place)
    assert edits == [Edit(2, 7, None, 1.25)]
    assert field.value == pytest.approx(float(NETWORK.layers[2].W[7, 4]), rel=1e-3)
    assert field.hasFocus()


def test_leaving_the_field_untouched_edits_nothing(inspector, qtbot):
    """The field shows four digits of a weight that has more."""
    show(inspector, 1, 3)
    choose(inspector, "weight_kind", "from")
    edits = []
    inspector.editor.edit_wanted.connect(edits.append)
    field = child(inspector, "weight_value")
    assert field.value != float(NETWORK.layers[0].W[0, 3])
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Return)
    field.clearFocus()
    assert edits == []


def test_the_outgoing_weights_of_a_switched_off_unit_cannot_be_edited(inspector):
    show(inspector, 2, 7, is_silent=True)
    assert inspector.silence.isChecked()
    assert child(inspector, "weight_value").isEnabled()
    choose(inspector, "weight_kind", "to")
    assert not child(inspector, "weight_value").isEnabled()


def test_switch_off_and_close_signal_what_the_user_wants(inspector, qtbot):
    show(inspector, 1, 3)
    with qtbot.waitSignal(inspector.silence.clicked):
        inspector.silence.click()
    assert inspector.silence.isChecked()
    with qtbot.waitSignal(inspector.close_button.clicked):
        click(inspector, "close_inspector_button")


def test_a_click_on_a_top_image_signals_its_index(inspector, qtbot):
    images = np.stack([IMAGE] * 4)
    top = TopActivations(
        np.array([30, 4_000, 2, 1]), images, np.array([7, 7, 2, 1], np.uint8), np.arange(4) + 0.5
    )
    inspector.top_images.show_images(top)
    assert inspector.top_images.words(1) == "test image 4,000, a 7: 1.5"
    place = inspector.top_images.image_rect(1).center()
    with qtbot.waitSignal(inspector.top_images.image_chosen) as chosen:
        QTest.mouseClick(inspector.top_images, Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == [4_000]
    assert (
        inspector.top_images.item_at(QPointF(inspector.top_images.image_rect(5).center())) is None
    )


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_a_diverged_network_can_be_inspected(inspector, theme):
    network = Network((784, 12, 11, 10))
    network.parameters[:] = np.nan
    inspector.apply_theme(theme)
    show(inspector, 2, 7, network=network)
    assert inspector.bias.text() == "bias –"
    assert not child(inspector, "weight_value").isEnabled()
    assert not inspector.grab().isNull()
