import numpy as np
import pytest

from gui.prediction_bars import PredictionBars


@pytest.fixture
def bars(qtbot):
    bars = PredictionBars()
    qtbot.addWidget(bars)
    bars.resize(260, 200)
    bars.show()
    qtbot.waitExposed(bars)
    return bars


def probabilities(**shares):
    result = np.full(10, 0.01)
    for digit, share in shares.items():
        result[int(digit[1:])] = share
    return result / result.sum()


def same_as_painted_afresh(qtbot, bars):
    """Compare with what a new widget shows for the same probabilities."""
    fresh = PredictionBars()
    qtbot.addWidget(fresh)
    fresh.resize(bars.size())
    fresh.show_probabilities(bars.probabilities)
    return bars.grab().toImage() == fresh.grab().toImage()


def test_the_likeliest_has_the_longest_bar(bars):
    bars.show_probabilities(probabilities(d7=0.9))
    picture = bars.grab().toImage()
    colors = [picture.pixelColor(60, digit * 20 + 10).name() for digit in range(10)]
    assert [digit for digit in range(10) if colors[digit] != colors[0]] == [7]


def test_what_changes_is_painted(qtbot, bars):
    for shares in ({"d7": 0.9}, {"d7": 0.5, "d1": 0.4}, {"d7": 0.4, "d1": 0.5}):
        bars.show_probabilities(probabilities(**shares))
        bars.repaint()
        assert same_as_painted_afresh(qtbot, bars)
    bars.show_probabilities(None)
    assert same_as_painted_afresh(qtbot, bars)


def test_only_rows_that_look_otherwise_are_painted(bars):
    bars.show_probabilities(probabilities(d7=0.9))
    changed = bars.probabilities.copy()
    changed[3] += 0.01
    assert bars._rows_to_paint(changed) == [3]
    assert bars._rows_to_paint(bars.probabilities + 1e-6) == []


def test_many_small_changes_add_up(bars):
    bars.show_probabilities(probabilities(d7=0.9))
    painted = 0
    for _ in range(100):
        changed = bars.probabilities.copy()
        changed[3] += 0.0001
        painted += 3 in bars._rows_to_paint(changed)
        bars.show_probabilities(changed)
    assert 20 < painted < 50  # of 0.01 in steps of 0.0003


def test_a_screen_reader_is_told_the_digit(bars):
    assert "nothing drawn" in bars.accessibleName()
    bars.show_probabilities(probabilities(d7=0.9))
    assert "reads 7" in bars.accessibleName()
