import numpy as np
import pytest

from gui.curves.chart_frame import cut, parts_within
from gui.curves.chart_ticks import log_ticks, ticks


@pytest.mark.parametrize(
    ("low", "high", "most", "texts"),
    [
        (0, 1, 5, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (0, 5_000, 5, ["0", "1,000", "2,000", "3,000", "4,000", "5,000"]),
        (0, 7, 3, ["0", "5"]),
        (95, 100, 5, ["95", "96", "97", "98", "99", "100"]),
        (0, 0.003, 3, ["0.000", "0.001", "0.002", "0.003"]),
        (0, 1, 1, ["0", "1"]),
        (0, 3e6, 3, ["0", "1,000,000", "2,000,000", "3,000,000"]),
        (0.3, 0.9, 4, ["0.4", "0.6", "0.8"]),
    ],
)
def test_ticks_are_round_numbers(low, high, most, texts):
    found = list(ticks(low, high, most))
    assert [text for _, text in found] == texts
    values = [float(text.replace(",", "")) for text in texts]
    np.testing.assert_allclose([value for value, _ in found], values)


@pytest.mark.parametrize(
    ("low", "high", "most", "texts"),
    [
        (-1, 1, 7, ["0.1", "0.2", "0.5", "1", "2", "5", "10"]),
        (-4, 1, 7, ["0.0001", "0.001", "0.01", "0.1", "1", "10"]),
    ],
)
def test_ticks_of_logarithms_are_round_numbers(low, high, most, texts):
    found = list(log_ticks(low, high, most))
    assert [text for _, text in found] == texts
    np.testing.assert_allclose([10**value for value, _ in found], [float(text) for text in texts])


def parts(y, low=0.0, high=10.0):
    y = np.array(y, float)
    found = parts_within(np.arange(len(y), dtype=float), y, (low, high))
    return [np.column_stack(part).tolist() for part in found]


def test_a_line_within_the_limits_is_one_part():
    assert parts([0, 10, 5]) == [[[0, 0], [1, 10], [2, 5]]]


def test_a_line_ends_where_it_leaves_the_pad_and_starts_where_it_returns():
    assert parts([5, 15, 15, 0]) == [
        [[0, 5], [0.5, 10]],
        [[2 + 1 / 3, 10], [3, 0]],
    ]


def test_a_line_from_below_to_above_crosses_the_pad():
    assert parts([-10, 20]) == [[[pytest.approx(1 / 3), 0], [pytest.approx(2 / 3), 10]]]


def test_a_line_outside_the_pad_leaves_no_ink():
    assert parts([-1, -2]) == []
    assert parts([11, 12]) == []
    assert parts([]) == []


def test_a_line_is_cut_where_the_visible_part_begins_and_ends():
    x, y = np.arange(5.0), np.array([0.0, 10, 20, 30, 40])
    for limits, places in (
        ((0.5, 2.5), [0.5, 1, 2, 2.5]),
        ((1, 3), [1, 2, 3]),
        ((-1, 9), [0, 1, 2, 3, 4]),
        ((3.2, 3.4), [3.2, 3.4]),
        ((3.5, 9), [3.5, 4]),
        ((7, 9), []),
    ):
        cut_x, cut_y = cut(x, y, limits)
        np.testing.assert_allclose(np.unique(cut_x), places)
        np.testing.assert_allclose(cut_y, 10 * cut_x)
