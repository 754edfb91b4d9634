import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRect

from core.colors import DARK, LIGHT, rgb
from gui.mistakes.confusion_grid import Grid, cell_colors

CELLS = [(digit, guess) for digit in range(10) for guess in range(10)]


@pytest.mark.parametrize("size", [(320, 220), (430, 309), (1000, 300), (430, 1000)])
def test_every_cell_has_its_own_place(size):
    grid, whole = Grid(*size), QRect(0, 0, *size)
    for cell in CELLS:
        rect = grid.rect(cell)
        assert whole.contains(rect)
        assert grid.bounds.contains(rect)
        assert grid.cell_at(QPointF(rect.topLeft())) == cell
        assert grid.cell_at(QPointF(rect.bottomRight())) == cell
    bounds = grid.bounds
    for outside in (bounds.topLeft() - QRect(1, 1, 1, 1).topLeft(), bounds.bottomRight() * 1.5):
        assert grid.cell_at(QPointF(outside)) is None


def test_rows_are_true_digits_and_columns_predictions():
    rect = Grid(430, 309).rect
    assert rect((7, 2)).top() == rect((7, 9)).top() > rect((6, 2)).bottom()
    assert rect((7, 2)).left() == rect((0, 2)).left() > rect((7, 1)).right()


def luminance(color):
    """As in WCAG 2.2, "relative luminance"."""
    share = np.array(color, float) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one, other):
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_counts_can_be_read_on_every_color(theme):
    for share in (0, 1, 30, 300, 999, 1000):
        counts = np.full((10, 10), share)
        np.fill_diagonal(counts, 1000 - share)
        for row in cell_colors(counts, theme):
            for color in row:
                assert contrast(color.getRgb()[:3], rgb(theme.text)) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_mistakes_stand_out_next_to_a_diagonal_a_hundred_times_as_large(theme):
    """Of 1,000 eights 970 are correct; 20 are predicted as 3, 9 as 5, 1 as 9, none as 1."""
    counts = np.zeros((10, 10), np.int64)
    counts[8, [8, 3, 5, 9]] = 970, 20, 9, 1
    row = cell_colors(counts, theme)[8]
    surface = rgb(theme.surface).astype(float)
    distance = [np.linalg.norm(np.array(color.getRgb()[:3]) - surface) for color in row]
    assert distance[3] > distance[5] > distance[9] > distance[1] == 0
    assert distance[3] > distance[8] / 2
    # The diagonal has another hue.
    assert row[8].blue() - row[8].red() > 0 > row[3].blue() - row[3].red()


def test_a_color_shows_the_share_of_the_row():
    """3 of 30 fives are the same share as 100 of 1,000 eights."""
    counts = np.diag([100] * 10)
    counts[5, [5, 3]] = 27, 3
    counts[8, [8, 3]] = 900, 100
    counts[9, [9, 3]] = 997, 3
    colors = cell_colors(counts, LIGHT)
    assert colors[5][3] == colors[8][3] != colors[9][3]


def test_a_digit_that_the_set_lacks_has_the_color_of_nothing():
    colors = cell_colors(np.zeros((10, 10), np.int64), LIGHT)
    assert {color.name().upper() for row in colors for color in row} == {LIGHT.surface}
