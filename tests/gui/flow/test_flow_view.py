import time

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.colors import DARK, LIGHT, rgb
from core.inspection.prediction import predict
from core.network.activations import ACTIVATIONS
from core.network.network import Network
from gui.flow.flow_view import FlowView
from gui.flow.flow_words import in_lines, widest_captions

INSIDE = 3
"""Within the ring of the focus, and outside all that is drawn."""


def a_network(*hidden, seed=0):
    network = Network((784, *hidden, 10))
    rng = np.random.default_rng(seed)
    for layer in network.layers:
        layer.W[:] = rng.standard_normal(layer.W.shape) / np.sqrt(len(layer.W))
    return network


def an_image(seed=0):
    """A thick bar of random ink."""
    image = np.zeros((28, 28), np.uint8)
    image[4:24, 10:16] = np.random.default_rng(seed).integers(128, 256, (20, 6))
    return image


@pytest.fixture
def view(qtbot):
    view = FlowView()
    qtbot.addWidget(view)
    view.resize(690, 330)
    view.show()
    qtbot.waitExposed(view)
    return view


def pixels(view):
    """The view's colors, (height, width, 3)."""
    image = view.grab().toImage()
    raw = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)
    return raw[:, : image.width(), 2::-1].astype(int)


def point_at(view, unit):
    place = QPoint(-1, -1) if unit is None else view.layout_of_flow.square(unit).center()
    QTest.mouseMove(view, place)


def click(view, place):
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=place)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_units_are_colored_by_their_activation(view, theme):
    """Relative to the largest magnitude of their layer; here it comes from the biases alone."""
    network = Network((784, 3, 2, 10), ("tanh", "identity"))
    network.layers[0].b[:] = -20, 0, 20
    network.layers[1].b[:] = 4, 2
    view.apply_theme(theme)
    view.show_prediction(predict(network, np.zeros((28, 28), np.uint8)))
    surface, positive, negative = (
        rgb(name).astype(int) for name in (theme.surface, theme.positive, theme.negative)
    )
    colors = pixels(view)
    for unit, expected in (
        ((1, 0), negative),
        ((1, 1), surface),
        ((1, 2), positive),
        ((2, 0), positive),
        ((2, 1), (surface + positive) / 2),
    ):
        place = view.layout_of_flow.square(unit).topLeft() + QPoint(2, 2)
        # To the nearest of the 127 steps between two colors.
        np.testing.assert_allclose(colors[place.y(), place.x()], expected, atol=2)


def test_the_image_is_drawn_in_ink(view):
    image = np.zeros((28, 28), np.uint8)
    image[3, 5] = 255
    view.show_prediction(predict(Network((784, 10)), image))
    colors = pixels(view)
    inked = view.layout_of_flow.square((0, 3 * 28 + 5)).center()
    blank = view.layout_of_flow.square((0, 3 * 28 + 6)).center()
    assert colors[inked.y(), inked.x()].tolist() == rgb(LIGHT.text).tolist()
    assert colors[blank.y(), blank.x()].tolist() == rgb(LIGHT.surface).tolist()


@pytest.mark.parametrize(("sign", "color"), [(1, LIGHT.positive), (-1, LIGHT.negative)])
def test_an_edge_has_the_color_of_its_sign(view, sign, color):
    network = Network((784, 10))
    network.layers[0].W[0, 4] = sign
    image = np.zeros((28, 28), np.uint8)
    view.show_prediction(predict(network, image))
    without = pixels(view)
    other = image.copy()
    other[0, 0] = 255
    view.show_prediction(predict(network, other))
    view.tracer.trace_now()
    blocks = view.layout_of_flow.blocks
    between = slice(blocks[0].rect.right() + 3, blocks[1].rect.left() - 3)
    drawn = pixels(view)[:, between]
    changed = drawn[(drawn != without[:, between]).any(axis=2)]
    assert len(changed) > between.stop - between.start
    background = without[INSIDE, between.start]
    toward = rgb(color).astype(int) - background
    # Every changed pixel lies on the way from the background to the color.
    shares = (changed - background) @ toward / (toward @ toward)
    np.testing.assert_allclose(changed, background + shares[:, np.newaxis] * toward, atol=3)
    assert shares.max() > 0.8


def test_only_the_strongest_edges_are_drawn_until_the_mouse_is_over_a_unit(view):
    """One of 16 units in a column has weak edges to the right."""
    network = a_network(16)
    network.layers[0].b[:] = 5
    network.layers[1].W[5] = -0.001
    view.show_prediction(predict(network, an_image()))
    block = view.layout_of_flow.blocks[1]
    square = view.layout_of_flow.square((1, 5))
    beside = square.center().y(), block.rect.right() + 2
    background = pixels(view)[INSIDE, INSIDE]
    np.testing.assert_array_equal(pixels(view)[beside], background)
    point_at(view, (1, 5))
    assert (pixels(view)[beside] != background).any()
    frame = pixels(view)[square.top(), square.left() + 3]
    assert frame.tolist() in [rgb(LIGHT.text).tolist(), rgb(LIGHT.accent).tolist()]
    point_at(view, None)
    np.testing.assert_array_equal(pixels(view)[beside], background)


def test_hovering_describes_the_unit_at_once(view):
    view.show_prediction(predict(a_network(60, 20), an_image()))
    for unit, name in (
        ((0, 30), "pixel (1, 2)"),
        ((1, 17), "layer 1, unit 17; z = "),
        ((2, 3), "layer 2, unit 3; z = "),
        ((3, 7), "output, digit 7; score z = "),
    ):
        point_at(view, unit)
        assert view.accessibleDescription().startswith(name)
    point_at(view, None)
    assert view.accessibleDescription().startswith("input · 784 pixels · 120 inked; layer 1 · 60")


def test_the_box_lies_apart_from_its_unit(view):
    """In its place are only the colors of the surface and of text."""
    view.show_prediction(predict(a_network(1024), an_image()))
    for unit in (0, 500, 1023):
        point_at(view, None)
        before = pixels(view)
        point_at(view, (1, unit))
        changed = (pixels(view) == rgb(LIGHT.surface)).all(axis=2) & (
            before != rgb(LIGHT.surface)
        ).any(axis=2)
        rows = np.flatnonzero(changed.sum(axis=1) > 100)
        square = view.layout_of_flow.square((1, unit))
        assert len(rows) > 40
        assert rows.min() > square.bottom() or rows.max() < square.top()


def test_a_click_pins_and_another_unpins(view):
    view.show_prediction(predict(a_network(60), an_image()))
    square = view.layout_of_flow.square
    click(view, square((1, 5)).center())
    assert view.pinned == (1, 5)
    point_at(view, (1, 9))
    assert view.marked == (1, 9)
    point_at(view, None)
    assert view.marked == (1, 5)
    click(view, square((1, 5)).center())
    assert view.pinned is None
    click(view, square((1, 9)).center())
    click(view, QPoint(INSIDE, INSIDE))
    assert view.pinned is None


def test_the_arrow_keys_start_at_the_predicted_digit_and_escape_unpins(view):
    view.show_prediction(predict(a_network(16), an_image()))
    keys = Qt.Key
    QTest.keyClick(view, keys.Key_Left)
    answer = view.flow.answer
    assert view.pinned == (2, answer)
    assert view.accessibleDescription().startswith(f"output, digit {answer};")
    QTest.keyClick(view, keys.Key_Left)
    assert view.pinned[0] == 1
    QTest.keyClick(view, keys.Key_Right)
    assert view.pinned[0] == 2
    QTest.keyClick(view, keys.Key_Escape)
    assert view.pinned is None


def test_a_pin_stays_while_the_network_learns_and_is_removed_with_its_unit(view):
    image = an_image()

    def show(*hidden):
        view.show_prediction(predict(a_network(*hidden), image))
        view.tracer.trace_now()

    show(60, 20)
    view.pin((1, 50))
    before = view.accessibleDescription()
    view.show_prediction(predict(a_network(60, 20, seed=1), image))
    view.tracer.trace_now()
    assert view.pinned == (1, 50)
    assert view.accessibleDescription() != before
    show(51, 20)
    assert view.pinned == (1, 50)
    show(50, 20)
    assert view.pinned is None
    view.pin((1, 5))
    show(50, 20, 20)
    assert view.pinned is None


@pytest.mark.parametrize("gap", ["a blank pad", "a network that has diverged"])
def test_a_pin_is_removed_with_its_unit_while_nothing_is_shown(view, gap):
    view.show_prediction(predict(a_network(60, 20), an_image()))
    view.pin((1, 50))
    if gap == "a blank pad":
        view.show_prediction(None)
    else:
        diverged = a_network(60, 20)
        diverged.parameters[:] = np.nan
        view.show_prediction(predict(diverged, an_image()))
        view.tracer.trace_now()
    assert view.flow is None
    view.show_prediction(predict(a_network(16), an_image(1)))
    view.tracer.trace_now()
    assert view.flow.network.sizes == (784, 16, 10)
    assert view.pinned is None


@pytest.mark.parametrize("hidden", [(), (1,), (1024,), (512, 512), (4096, 1, 4096, 1), (16,) * 8])
def test_networks_of_all_shapes_can_follow_each_other(view, hidden):
    view.show_prediction(predict(a_network(64, 32), an_image()))
    view.show_prediction(predict(a_network(*hidden), an_image(1)))
    view.tracer.trace_now()
    view.pin((len(hidden), 0))
    assert view.flow.network.sizes == (784, *hidden, 10)
    for width, height in ((690, 330), (480, 240), (1300, 700)):
        view.resize(width, height)
        colors = pixels(view)
        assert colors.shape == (height, width, 3)
        # The captions are as low as they can be, and the outputs reach to the right.
        drawn = (colors != colors[INSIDE, INSIDE]).any(axis=2)[INSIDE:-INSIDE, INSIDE:-INSIDE]
        assert drawn[-20:].any()
        assert drawn[:, -12:].any()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("units", [1, 7, 128, 1024, 4096])
def test_without_edges_every_unit_has_the_color_of_its_activation(view, units, theme):
    """In a random order, half of the units are at the top of the scale and half at the bottom."""
    view.has_edges = False
    view.apply_theme(theme)
    signs = np.where(np.random.default_rng(units).random(units) < 0.5, -1, 1)
    network = Network((784, 3, units, 10), ("relu", "tanh"))
    network.layers[1].b[:] = 30 * signs
    network.layers[2].W[:] = 1
    view.show_prediction(predict(network, an_image()))
    colors = pixels(view)
    expected = {-1: rgb(theme.negative).tolist(), 1: rgb(theme.positive).tolist()}
    for unit, sign in enumerate(signs.tolist()):
        square = view.layout_of_flow.square((2, unit))
        for corner in (square.topLeft(), square.bottomRight()):
            assert colors[corner.y(), corner.x()].tolist() == expected[sign]


@pytest.mark.parametrize("has_edges", [True, False])
@pytest.mark.parametrize("value", [0, np.nan])
def test_activations_without_a_scale_are_not_painted(view, value, has_edges):
    """Of weights that are all zero; and a network that has diverged has no answer at all."""
    view.has_edges = has_edges
    network = Network((784, 8, 10), ("identity",))
    network.parameters[:] = value
    view.show_prediction(predict(network, an_image()))
    if np.isnan(value):
        assert view.accessibleDescription() == ("This network has no answer: training has diverged")
        return
    colors = pixels(view)
    squares = [view.layout_of_flow.square((1, unit)).center() for unit in range(8)]
    assert {tuple(colors[s.y(), s.x()]) for s in squares} == {tuple(rgb(LIGHT.surface).tolist())}


@pytest.mark.parametrize(("width", "height"), [(590, 163), (590, 330), (1100, 400)])
@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("units", [1, 64, 4096])
def test_no_caption_below_eight_layers_is_cut(view, units, name, width, height):
    view.resize(width, height)
    network = Network((784, *(units,) * 8, 10), (name,) * 8)
    view.show_prediction(predict(network, an_image()))
    layout = view.layout_of_flow
    outputs = layout.blocks[-1]
    assert outputs.rect.bottom() < outputs.caption.top()
    advance = view._painter.metrics.horizontalAdvance
    for block, possible in zip(layout.blocks, widest_captions(network), strict=True):
        for caption in possible:
            for line in in_lines(caption, layout.lines):
                assert advance(line) <= block.caption.width(), line


@pytest.mark.parametrize("hidden", [1, 8])
def test_the_percentage_does_not_touch_its_bar(view, hidden):
    view.resize(590, 330)
    view.show_prediction(predict(Network((784, *(8,) * hidden, 10)), an_image()))
    layout = view.layout_of_flow
    bar, row = layout.output_bar(0), layout.output_row(0)
    assert bar.width() > 5
    advance = view._painter.metrics.horizontalAdvance("> 99.9 %")
    assert row.right() - advance > bar.right()


def test_while_hidden_it_computes_nothing(view, qtbot):
    view.hide()
    network = a_network(8)
    view.show_prediction(predict(network, an_image()))
    assert view.flow is None
    view.show()
    assert view.flow is not None
    assert view.flow.network is network


def test_a_network_that_learns_is_traced_four_times_a_second_at_most(view, qtbot):
    """And the last data are shown in the end."""
    networks, image, flows = [a_network(8, seed=seed) for seed in range(20)], an_image(), []
    start = time.perf_counter()
    while (elapsed := time.perf_counter() - start) < 0.6:
        networks.append(networks.pop(0))
        view.show_prediction(predict(networks[-1], image))
        QApplication.processEvents()
        if not flows or flows[-1] is not view.flow:
            flows.append(view.flow)
    assert 1 < len(flows) <= elapsed / 0.25 + 1
    qtbot.waitUntil(lambda: view.flow.network is networks[-1])


def test_other_edges_are_faint_while_the_mouse_is_over_a_unit(view):
    """A pixel without ink, which has no edges itself; its box is below the image."""
    view.show_prediction(predict(a_network(60), an_image()))
    blocks = view.layout_of_flow.blocks
    between = slice(0, 200), slice(blocks[1].rect.right() + 3, blocks[2].rect.left() - 3)

    def strength():
        colors = pixels(view)
        return np.abs(colors[between] - colors[INSIDE, INSIDE]).sum()

    before = strength()
    assert before > 0
    point_at(view, (0, 0))
    assert 0 < strength() < before / 4
    point_at(view, None)
    assert strength() == before


def test_a_view_hidden_meanwhile_does_no_work_later(view, qtbot):
    image = an_image()
    view.show_prediction(predict(a_network(8), image))
    first = view.flow
    view.show_prediction(predict(a_network(8, seed=1), image))
    view.hide()
    qtbot.waitUntil(lambda: not view.tracer._next.isActive())
    assert view.flow is first
    view.show()
    view.tracer.trace_now()
    assert view.flow is not first


def test_after_clearing_it_says_what_to_do(view):
    assert "Draw a digit on the pad" in view.accessibleDescription()
    empty = pixels(view)
    view.show_prediction(predict(a_network(8), an_image()))
    view.pin((1, 3))
    assert (pixels(view) != empty).any()
    view.show_prediction(None)
    assert "Draw a digit on the pad" in view.accessibleDescription()
    np.testing.assert_array_equal(pixels(view), empty)
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert view.pinned == (1, 3)
    QTest.mouseMove(view, QPoint(345, 160))
    assert view.hovered is None


def test_a_diverged_network_is_reported(view):
    network = a_network(8)
    network.parameters[:] = np.nan
    view.show_prediction(predict(network, an_image()))
    assert "no answer" in view.accessibleDescription()
    pixels(view)
    view.show_prediction(predict(a_network(8), an_image(1)))
    view.tracer.trace_now()
    assert view.flow is not None
