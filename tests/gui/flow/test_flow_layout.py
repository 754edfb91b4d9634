from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, QSize

from gui.flow.flow_layout import arrange_flow

HIDDEN = [(), (1,), (16, 8), (128, 64), (1024,), (512, 512), (256,) * 4, (4096, 1) * 4, (4096,) * 8]
SIZES = [QSize(480, 240), QSize(690, 330), QSize(1900, 900)]

of_all_shapes = pytest.mark.parametrize("hidden", HIDDEN, ids=str)
at_all_sizes = pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s.width()}x{s.height()}")


def arrange(hidden, size, lines=4):
    return arrange_flow((784, *hidden, 10), size.width(), size.height(), lines)


@of_all_shapes
@at_all_sizes
def test_blocks_and_captions_are_beside_each_other_and_inside(hidden, size):
    layout = arrange(hidden, size)
    whole = QRect(QPoint(), size)
    for block in layout.blocks:
        assert whole.contains(block.rect)
        assert whole.contains(block.caption)
        assert block.caption.top() > block.rect.bottom()
    for block, following in pairwise(layout.blocks):
        assert block.rect.right() + 4 < following.rect.left()
        assert block.caption.right() <= following.caption.left() + 1
    for digit in range(10):
        row, bar = layout.output_row(digit), layout.output_bar(digit)
        assert whole.contains(row)
        assert row.contains(bar)
        assert bar.left() > layout.square((len(hidden) + 1, digit)).right()


@of_all_shapes
@at_all_sizes
def test_every_unit_has_its_own_place(hidden, size):
    layout = arrange(hidden, size)
    for layer, units in enumerate((784, *hidden, 10)):
        for unit in {*range(0, units, 1 + units // 150), units - 1}:
            square = layout.square((layer, unit))
            assert layout.unit_at(square.topLeft()) == (layer, unit)
            assert layout.unit_at(square.bottomRight()) == (layer, unit)
            assert layout.blocks[layer].rect.contains(square)


@of_all_shapes
def test_edges_end_at_their_unit(hidden):
    """In its square or on the frame below it."""
    layout = arrange(hidden, SIZES[1])
    for layer, units in enumerate((784, *hidden, 10)):
        ends = layout.blocks[layer].ends(np.arange(units))
        for unit, (x, y) in enumerate(ends.tolist()):
            square = layout.square((layer, unit))
            assert square.left() <= x <= square.right() + 1
            assert square.top() <= y <= square.bottom() + 2


def test_an_edge_of_a_wide_block_hides_no_unit():
    layout = arrange((1024,), SIZES[1])
    y = int(layout.blocks[1].ends(np.array([100]))[0, 1])
    squares = [layout.square((1, unit)) for unit in range(1024)]
    assert not any(square.contains(square.left(), y) for square in squares)


def test_there_is_room_for_edges_between_the_layers():
    """Half of the width between the image and the outputs, at least."""
    for hidden in HIDDEN[1:]:
        blocks = arrange(hidden, SIZES[1]).blocks
        room = blocks[-1].rect.left() - blocks[0].rect.right()
        assert sum(block.rect.width() for block in blocks[1:-1]) <= room / 2 + len(hidden)


@pytest.mark.parametrize("hidden", HIDDEN[1:], ids=str)
@at_all_sizes
def test_without_edges_units_are_at_least_as_large_and_each_has_its_own_place(hidden, size):
    with_edges = arrange(hidden, size)
    layout = arrange_flow((784, *hidden, 10), size.width(), size.height(), 4, has_edges=False)
    for layer, units in enumerate(hidden, start=1):
        assert layout.square((layer, 0)).width() >= with_edges.square((layer, 0)).width()
        for unit in {*range(0, units, 1 + units // 150), units - 1}:
            square = layout.square((layer, unit))
            assert layout.unit_at(square.topLeft()) == (layer, unit)
            assert layout.unit_at(square.bottomRight()) == (layer, unit)
    for block, following in pairwise(layout.blocks):
        assert block.rect.right() + 1 < following.rect.left()


def test_1024_units_are_distinguishable():
    assert arrange((1024,), SIZES[1], lines=1).square((1, 0)).width() >= 6
    assert arrange((1024,), SIZES[2], lines=1).square((1, 0)).width() >= 15


def test_units_are_larger_where_there_are_fewer():
    sides = [arrange((n,), SIZES[1]).square((1, 0)).width() for n in (16, 512, 1024, 4096)]
    assert sides == sorted(set(sides), reverse=True)


@pytest.mark.parametrize("hidden", HIDDEN[:5])
def test_arrows_lead_from_the_image_to_the_outputs_and_back(hidden):
    layout = arrange(hidden, SIZES[1])
    last = len(hidden) + 1
    unit, seen = (0, 14 * 28), set()
    while unit not in seen:
        seen.add(unit)
        unit = layout.neighbor(unit, 1, 0)
    assert {layer for layer, _ in seen} == set(range(last + 1))
    assert unit[0] == last
    while (before := layout.neighbor(unit, -1, 0)) != unit:
        unit = before
    assert unit[0] == 0
    assert unit[1] % 28 == 0


def test_arrows_go_up_and_down_within_a_layer():
    layout = arrange((100,), SIZES[1])
    columns = layout.blocks[1].strip.columns
    assert layout.neighbor((1, 0), 0, 1) == (1, columns)
    assert layout.neighbor((1, columns), 0, -1) == (1, 0)
    assert layout.neighbor((1, 0), 0, -1) == (1, 0)
    assert layout.neighbor((1, columns - 1), 1, 0)[0] == 2
    layer, unit = layout.neighbor((2, 4), -1, 0)
    assert (layer, unit % columns) == (1, columns - 1)
    assert layout.neighbor((2, 9), 0, 1) == (2, 9)
    assert layout.neighbor((2, 9), 0, -1) == (2, 8)
