import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QRect
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip, QVBoxLayout, QWidget

from gui.pad.activations_view import ActivationsView
from gui.widgets.theme import DARK, LIGHT, rgb


@pytest.fixture
def view(qtbot):
    view = ActivationsView()
    qtbot.addWidget(view)
    return view


def show(view, *layers, names=None, width=270):
    """Show activations in a widget as high as it wants to be."""
    activations = [np.array(A, np.float32) for A in layers]
    view.show_activations(activations, names or ["relu"] * len(activations))
    view.resize(width, view.heightForWidth(width))


def color(view, layer, unit):
    image = view.grab().toImage()
    place = view.square(layer, unit).center() * (image.width() / view.width())
    return image.pixelColor(place).getRgb()[:3]


def ask(view, place):
    """Let the mouse rest at a place, and return the tool tip that appears."""
    QToolTip.hideText()
    event = QHelpEvent(QEvent.Type.ToolTip, place, view.mapToGlobal(place))
    QApplication.sendEvent(view, event)
    return QToolTip.text()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_colors_are_relative_to_the_largest_magnitude_of_the_layer(view, theme):
    view.apply_theme(theme)
    show(view, [0, 5, 2.5], [-0.4, 0, 0.2], names=["relu", "tanh"])
    surface, positive, negative = (
        rgb(name).astype(int) for name in (theme.surface, theme.positive, theme.negative)
    )
    for layer, unit, expected in (
        (0, 0, surface),
        (0, 1, positive),
        (0, 2, (surface + positive) / 2),
        (1, 0, negative),
        (1, 1, surface),
        (1, 2, (surface + positive) / 2),
    ):
        # To the nearest of the 127 steps between two colors.
        np.testing.assert_allclose(color(view, layer, unit), expected, atol=2)


@pytest.mark.parametrize("units", [1, 7, 128, 1024, 4096])
def test_every_unit_has_the_color_of_its_activation(view, units):
    """In a random order, half of the units are at the top of the scale and half at the bottom."""
    A = np.where(np.random.default_rng(units).random(units) < 0.5, -1, 1)
    show(view, np.ones(3), A, names=["tanh", "tanh"])
    image = view.grab().toImage()
    scale = image.width() / view.width()
    colors = {-1: rgb(LIGHT.negative).tolist(), 1: rgb(LIGHT.positive).tolist()}
    for unit, a in enumerate(A.tolist()):
        square = view.square(1, unit)
        for corner in (square.topLeft(), square.bottomRight()):
            assert list(image.pixelColor(corner * scale).getRgb()[:3]) == colors[a]


@pytest.mark.parametrize("width", [120, 270, 271, 600])
@pytest.mark.parametrize("units", [1, 7, 100, 128, 1024, 4096])
def test_every_unit_has_its_own_place(view, units, width):
    show(view, np.ones(units), np.ones(units), width=width)
    for layer in (0, 1):
        for unit in range(units):
            square = view.square(layer, unit)
            frame = view.square(layer, 0).left()
            assert view.rect().contains(square.adjusted(-frame, -frame, frame, frame))
            assert view.unit_at(square.topLeft()) == (layer, unit)
            assert view.unit_at(square.bottomRight()) == (layer, unit)
    last = view.square(1, units - 1)
    assert view.square(1, 0).top() - last.height() > view.square(0, units - 1).bottom()
    assert view.unit_at(QPoint(5, 5)) is None  # a caption
    assert view.unit_at(QPoint(-1, last.top())) is None


def test_few_units_have_larger_squares_than_many(view):
    sides = []
    for units in (16, 128, 512, 2048):
        show(view, np.ones(units))
        sides.append(view.square(0, 0).width())
    assert sides == sorted(set(sides), reverse=True)
    assert sides[-1] >= 2


@pytest.mark.parametrize("width", [120, 270, 600])
@pytest.mark.parametrize("units", [16, 128, 300, 512, 1000, 4096])
def test_a_strip_and_its_caption_stay_within_bounds(view, units, width):
    show(view, np.ones(units), width=width)
    assert view.height() <= 16 + 44
    show(view, *[np.ones(units)] * 8, width=width)
    assert view.height() <= 8 * (16 + 44) + 7 * 8


def test_nothing_is_drawn_beside_and_below_the_last_unit(view):
    """Which is full with 26 units, and not with 27."""
    for units in (26, 27):
        show(view, np.ones(units), np.ones(3))
        image = view.grab().toImage()
        frame = image.pixel(0, view.square(1, 0).center().y())
        last = view.square(0, units - 1)
        below = last.bottom() + 2
        background = image.pixel(image.width() - 1, image.height() - 1)
        assert frame != background
        for y in range(below, below + 8):
            assert image.pixel(0, y) == background
        for x in range(last.right() + 2, 270):
            assert image.pixel(x, last.center().y()) == background


@pytest.mark.parametrize(
    ("name", "caption"),
    [
        ("relu", "hidden 1 · ReLU · 2 of 5 active"),
        ("leaky-relu", "hidden 1 · leaky ReLU · 2 of 5 active"),
        ("sigmoid", "hidden 1 · sigmoid · 1 of 5 above ½"),
        ("tanh", "hidden 1 · tanh · 2 of 5 positive"),
        ("identity", "hidden 1 · identity · 2 of 5 positive"),
    ],
)
def test_the_caption_counts_the_units(view, name, caption):
    show(view, [-1, 0, 0, 0.3, 0.7], names=[name])
    assert view.accessibleDescription() == caption


def test_a_tool_tip_shows_a_units_number_and_value(view, qtbot):
    view.show()
    show(view, np.zeros(40), [0.5, -0.125, 0], names=["relu", "tanh"])
    assert ask(view, view.square(0, 39).center()) == "unit 39: 0"
    assert ask(view, view.square(1, 0).center()) == "unit 0: +0.5"
    assert ask(view, view.square(1, 1).center()) == "unit 1: −0.125"
    assert ask(view, QPoint(5, 5)) == view.toolTip()
    place = view.square(1, 1).center()
    view.show_activations(None)
    assert ask(view, place) == view.toolTip()
    QToolTip.hideText()


def test_after_clearing_it_shows_a_hint_and_keeps_its_height(view):
    assert "Draw a digit" in view.accessibleDescription()
    show(view, np.ones(128))
    height, strip = view.heightForWidth(270), QRect(0, 20, 270, 20)
    view.show_activations(None)
    assert "Draw a digit" in view.accessibleDescription()
    assert view.heightForWidth(270) == height
    image = view.grab(strip).toImage()
    assert {image.pixel(x, y) for x in range(270) for y in range(20)} == {image.pixel(0, 0)}


def test_a_network_without_hidden_layers_says_so(view):
    empty = view.heightForWidth(270)
    show(view, np.ones(128))
    show(view)
    assert "no hidden layers" in view.accessibleDescription()
    assert view.heightForWidth(270) == empty


def test_the_sections_below_move_when_there_are_more_layers(qtbot):
    column, view = QWidget(), ActivationsView()
    qtbot.addWidget(column)
    layout = QVBoxLayout(column)
    below = QWidget()
    layout.addWidget(view)
    layout.addWidget(below, 1)
    column.resize(300, 900)
    column.show()
    qtbot.waitExposed(column)
    for layers in (1, 8, 2):
        view.show_activations([np.ones(300)] * layers, ["relu"] * layers)
        last = layers - 1
        qtbot.waitUntil(lambda: view.height() == view.heightForWidth(view.width()))
        assert view.rect().contains(view.square(last, 299))
        assert below.y() > view.geometry().bottom()


@pytest.mark.parametrize("value", [0, np.nan, np.inf])
def test_activations_without_a_scale_are_not_painted(view, value):
    """Of weights that are all zero, or of a network that has diverged."""
    show(view, [value] * 8, names=["identity"])
    colors = {color(view, 0, unit) for unit in range(8)}
    assert len(colors) == 1
    assert colors < {tuple(rgb(name).tolist()) for name in (LIGHT.surface, LIGHT.hairline)}
