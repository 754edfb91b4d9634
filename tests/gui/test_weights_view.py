import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from core.config import NetworkConfig, RunConfig
from core.snapshot import take_snapshot
from core.trainer import Trainer
from gui.theme import DARK, LIGHT, diverging_table, rgb
from gui.weights_view import WeightsView, _steady_limit
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


@pytest.mark.parametrize("units", [1, 7, 128, 1024])
def test_every_unit_has_a_tile_of_its_own(view, units):
    view.show_snapshot(snapshot(units))
    tiles = [view.tile_rect(unit) for unit in range(units)]
    for unit, tile in enumerate(tiles):
        assert view.unit_at(tile.center()) == unit
        assert view.rect().contains(tile.toRect())
    assert view.unit_at(QPointF(-5, 5)) is None


def test_weights_that_are_all_zero_leave_the_scale_alone(view):
    """A scale that shrank to fit them would have ends that are too long to be read."""
    view.show_snapshot(snapshot(4))
    before = view.scale_limit
    assert before > 0
    network = NetworkConfig(hidden=(4,), initialization="zeros")
    view.show_snapshot(take_snapshot(Trainer(RunConfig(network=network), tiny_dataset())))
    assert view.scale_limit == before


def test_a_tile_shows_the_weights_of_its_unit(view):
    """The pixel of the largest weight is orange, that of the smallest blue."""
    shot = snapshot(12)
    view.show_snapshot(shot)
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
    view.show_snapshot(snapshot(12))
    place = view.tile_rect(4).center().toPoint()
    QTest.mouseMove(view, place)
    assert view.hovered_unit == 4
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=place)
    assert view.pinned_unit == 4
    QTest.mouseMove(view, view.tile_rect(5).center().toPoint())
    assert (view.hovered_unit, view.pinned_unit) == (5, 4)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=place)
    assert view.pinned_unit is None


def test_a_smaller_network_forgets_a_pinned_unit_that_it_lacks(view):
    view.show_snapshot(snapshot(12))
    view.pinned_unit = 11
    view.show_snapshot(snapshot(6))
    assert view.pinned_unit is None


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_zero_has_the_colour_of_the_surface(theme):
    table = diverging_table(theme)
    np.testing.assert_array_equal(table[128], rgb(theme.surface))
    np.testing.assert_array_equal(table[1], rgb(theme.negative))
    np.testing.assert_array_equal(table[255], rgb(theme.positive))


def test_colour_indices_are_symmetric_and_saturate(view):
    view.scale_limit = 0.5
    indices = view._color_indices(np.array([[-9.0, -0.5, 0, 0.5, 9]], np.float32))
    np.testing.assert_array_equal(indices, [[1, 1, 128, 255, 255]])


def test_the_scale_is_round_and_steady():
    assert _steady_limit(0.13, 0.0) == pytest.approx(0.15)
    assert _steady_limit(0.12, 0.15) == pytest.approx(0.15)
    assert _steady_limit(0.16, 0.15) == pytest.approx(0.2)
    assert _steady_limit(0.05, 0.15) == pytest.approx(0.05)
    assert _steady_limit(0.0, 0.0) > 0


def test_an_empty_view_paints(view):
    assert not view.grab().isNull()
