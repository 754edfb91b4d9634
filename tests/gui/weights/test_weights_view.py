import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from core.colors import DARK, LIGHT, diverging_table, rgb
from core.settings.config import NetworkConfig, RunConfig
from core.training.snapshot import take_snapshot
from core.training.trainer import Trainer
from gui.weights.weight_scale import steady_limit
from gui.weights.weights_view import WeightsView
from tests.core.digits import tiny_dataset


@pytest.fixture
def view(qtbot):
    view = WeightsView()
    qtbot.addWidget(view)
    view.resize(700, 350)
    view.show()
    qtbot.waitExposed(view)
    return view


def snapshot(units):
    trainer = Trainer(RunConfig(network=NetworkConfig(hidden=(units,))), tiny_dataset())
    return take_snapshot(trainer)


def show(view, snapshot):
    view.show_layer(snapshot.network.layers[0])


@pytest.mark.parametrize("units", [1, 7, 128, 1024])
def test_every_unit_has_its_own_tile(view, units):
    show(view, snapshot(units))
    tiles = [view.tile_rect(unit) for unit in range(units)]
    for unit, tile in enumerate(tiles):
        assert view.item_at(tile.center()) == unit
        assert view.rect().contains(tile.toRect())
    assert view.item_at(QPointF(-5, 5)) is None


def test_weights_that_are_all_zero_leave_the_scale_alone(view):
    """A scale that shrank to fit them would have limits too long to read."""
    show(view, snapshot(4))
    before = view.scale.limit
    assert before > 0
    network = NetworkConfig(hidden=(4,), initialization="zeros")
    show(view, take_snapshot(Trainer(RunConfig(network=network), tiny_dataset())))
    assert view.scale.limit == before


def test_between_two_runs_a_unit_under_the_mouse_keeps_its_colors(view):
    show(view, snapshot(4))
    before = view.unit_image(2)[1]
    view.clear()
    view.hovered = 2  # the mouse moves before the next run has weights
    view.grab()
    np.testing.assert_array_equal(view.unit_image(2)[1], before)


def test_the_next_run_has_its_own_scale(view):
    show(view, snapshot(4))
    view.clear()
    network = NetworkConfig(hidden=(4,), initialization="zeros")
    show(view, take_snapshot(Trainer(RunConfig(network=network), tiny_dataset())))
    assert view.scale.limit == 1


def test_a_tile_shows_the_weights_of_its_unit(view):
    """The pixel of the largest weight is orange, that of the smallest blue."""
    shot = snapshot(12)
    show(view, shot)
    picture = view.grab().toImage()
    scale = picture.width() / view.width()
    W = shot.network.layers[0].W
    for unit in (0, 5, 11):
        tile = view.tile_rect(unit)
        for pixel, warm in ((W[:, unit].argmax(), True), (W[:, unit].argmin(), False)):
            row, column = divmod(int(pixel), 28)
            x = tile.left() + (column + 0.5) * tile.width() / 28
            y = tile.top() + (row + 0.5) * tile.height() / 28
            color = picture.pixelColor(int(x * scale), int(y * scale))
            assert (color.red() > color.blue()) == warm


def test_hovering_enlarges_and_clicking_pins(view):
    show(view, snapshot(12))
    place = view.tile_rect(4).center().toPoint()
    QTest.mouseMove(view, place)
    assert view.hovered == 4
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=place)
    assert view.pinned == 4
    QTest.mouseMove(view, view.tile_rect(5).center().toPoint())
    assert (view.hovered, view.pinned) == (5, 4)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=place)
    assert view.pinned is None


def test_a_smaller_network_forgets_a_pinned_unit_that_it_lacks(view, qtbot):
    show(view, snapshot(12))
    view.pin(11)
    with qtbot.waitSignal(view.unit_pinned) as pinned:
        show(view, snapshot(6))
    assert view.pinned is None
    assert pinned.args == [None]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_zero_has_the_color_of_the_surface(theme):
    table = diverging_table(theme)
    np.testing.assert_array_equal(table[128], rgb(theme.surface))
    np.testing.assert_array_equal(table[1], rgb(theme.negative))
    np.testing.assert_array_equal(table[255], rgb(theme.positive))


def test_color_indices_are_symmetric_and_saturate(view):
    view.scale.limit = 0.5
    indices = view.scale.indices(np.array([[-9.0, -0.5, 0, 0.5, 9]], np.float32))
    np.testing.assert_array_equal(indices, [[1, 1, 128, 255, 255]])


def test_the_scale_is_round_and_steady():
    assert steady_limit(0.13, 0.0) == pytest.approx(0.15)
    assert steady_limit(0.12, 0.15) == pytest.approx(0.15)
    assert steady_limit(0.16, 0.15) == pytest.approx(0.2)
    assert steady_limit(0.05, 0.15) == pytest.approx(0.05)
    assert steady_limit(0.0, 0.0) > 0


def test_an_empty_view_paints(view):
    assert not view.grab().isNull()


def test_a_unit_is_where_its_order_puts_it(view):
    show(view, snapshot(6))
    first = view.tile_rect(0)
    view.set_order(np.array([4, 2, 0, 1, 3, 5]))
    assert view.tile_rect(4) == first
    assert view.item_at(first.center()) == 4
    W = view._layer.W
    side = view._pixels[:28, :28]
    np.testing.assert_array_equal(side.ravel(), view.scale.indices(W[:, 4]))


def test_an_order_for_another_layer_waits_for_it(view):
    show(view, snapshot(6))
    view.set_order(np.arange(12)[::-1])
    assert view.item_at(view.tile_rect(0).center()) == 0
    first = view.tile_rect(0).topLeft()
    show(view, snapshot(12))
    assert view.tile_rect(11).topLeft() == first


def test_the_arrow_keys_walk_through_the_units(view):
    show(view, snapshot(6))
    view.set_order(np.array([4, 2, 0, 1, 3, 5]))
    walked = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Left):
        QTest.keyClick(view, key)
        walked.append(view.pinned)
    assert walked == [4, 2, 4, 4]
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.pinned is None


def test_each_unit_on_its_own_scale_uses_the_deepest_colors(view):
    W = snapshot(3).network.layers[0].W * np.array([1, 0.01, 0], np.float32)
    view.scale.follow(W)
    faint = view.scale.indices(W)
    view.scale.kind = "unit"
    own = view.scale.indices(W)
    assert np.ptp(faint[:, 1]) < 10 < 200 < np.ptp(own[:, 1])
    assert (own[:, 2] == 128).all()


def test_a_fixed_scale_stays_as_the_weights_grow(view):
    shot = snapshot(4)
    show(view, shot)
    view.scale.kind = "fixed"
    view.scale.limit = 0.25
    view.scale.follow(shot.network.layers[0].W * 100)
    assert view.scale.limit == 0.25
    view.scale.kind = "layer"
    view.scale.follow(shot.network.layers[0].W * 100)
    assert view.scale.limit > 1


def test_the_legend_says_what_the_colors_mean(view):
    view.scale.limit = 0.05
    assert view.scale.words() == ("+0.05", "0", "−0.05")
    view.scale.kind = "unit"
    assert view.scale.words() == ("+3 rms", "0", "−3 rms")
