import numpy as np
import pytest

from gui.pad.prediction_bars import PredictionBars


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


def test_changed_parts_are_painted(qtbot, bars):
    for shares in ({"d7": 0.9}, {"d7": 0.5, "d1": 0.4}, {"d7": 0.4, "d1": 0.5}):
        bars.show_probabilities(probabilities(**shares))
        bars.repaint()
        assert same_as_painted_afresh(qtbot, bars)
    bars.show_probabilities(None)
    assert same_as_painted_afresh(qtbot, bars)


def test_only_changed_rows_are_painted(bars):
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


def test_probabilities_that_do_not_add_up_to_one_are_shown_as_they_are(bars):
    """Sigmoid outputs are independent for each digit."""
    shares = np.full(10, 0.02)
    shares[[3, 8]] = 0.5, 1.0
    bars.show_probabilities(shares)
    picture = bars.grab().toImage()
    track = bars.width() - 72 - 20

    def length(digit):
        row = [picture.pixelColor(x, digit * 20 + 10).name() for x in range(20, bars.width() - 72)]
        return sum(color != row[-1] for color in row) / track if len(set(row)) > 1 else 1.0

    assert length(3) == pytest.approx(0.5, abs=0.02)
    assert length(8) == 1
    assert length(0) == pytest.approx(0.02, abs=0.02)
    assert "predicts 8, 100.0 %" in bars.accessibleName()


def test_a_screen_reader_gets_the_digit(bars):
    assert "nothing drawn" in bars.accessibleName()
    bars.show_probabilities(probabilities(d7=0.9))
    assert "predicts 7" in bars.accessibleName()
