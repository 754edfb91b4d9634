import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from core.colors import DARK, LIGHT
from core.inspection.class_summary import summarize_classes
from gui.data.class_bars import ClassBars
from tests.gui.data.sets import NAMES, three_classes

SUMMARY = summarize_classes(three_classes())


@pytest.fixture
def bars(qtbot):
    bars = ClassBars()
    qtbot.addWidget(bars)
    bars.show_summary(SUMMARY)
    bars.resize(260, bars.height())
    bars.show()
    qtbot.waitExposed(bars)
    return bars


@pytest.fixture
def chosen(bars):
    chosen = []
    bars.class_chosen.connect(chosen.append)
    return chosen


def click(bars, label):
    QTest.mouseClick(bars, Qt.MouseButton.LeftButton, pos=bars.row_rect(label).center())


def colored(bars, label, color):
    """Return how many pixels in the row of a class, inside any focus ring, have this color."""
    picture = bars.grab(bars.row_rect(label).adjusted(3, 3, -3, -3)).toImage()
    wanted = QColor(color).rgb()
    places = ((x, y) for x in range(picture.width()) for y in range(picture.height()))
    return sum(picture.pixel(x, y) == wanted for x, y in places)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_bars_are_as_long_as_the_shares(bars, theme):
    bars.apply_theme(theme)
    lengths = np.array([colored(bars, label, theme.train) for label in range(3)])
    np.testing.assert_allclose(lengths / lengths[2], np.array([5, 3, 12]) / 12, atol=0.02)
    tests = [colored(bars, label, theme.test) for label in range(3)]
    assert tests[0] == tests[1] == tests[2] > lengths[0]  # a third each, and a quarter


def test_a_click_selects_a_class_and_another_click_all(bars, chosen):
    click(bars, 1)
    click(bars, 2)
    click(bars, 2)
    assert chosen == [1, 2, None]
    assert bars.selected is None


def test_keys_move_the_selection(bars, chosen):
    for key in ("Down", "Down", "Down", "Down", "Up", "Escape"):
        QTest.keyClick(bars, getattr(Qt.Key, f"Key_{key}"))
    assert chosen == [0, 1, 2, 1, None]


def test_a_selection_from_elsewhere_is_shown_without_a_signal(bars, chosen):
    bars.select(1)
    assert bars.selected == 1
    assert colored(bars, 1, LIGHT.accent_surface) > 1000
    assert chosen == []


def test_another_data_set_selects_all_classes(bars):
    bars.select(1)
    bars.show_summary(summarize_classes(three_classes(seed=1)))
    assert bars.selected is None


def test_names_are_read_out_and_shown_letter_by_letter(bars):
    said = bars.accessibleDescription()
    assert all(name in said for name in NAMES)
    assert "circle: 5 training images (25.0 %), 1 test image (33.3 %)" in said
    text, place = bars.tip_at(QPointF(bars.row_rect(1).center()))
    assert "&lt;b&gt;square&lt;/b&gt;" in text
    assert place == bars.row_rect(1)
    assert bars.tip_at(QPointF(5, 2)) is None  # the key


def test_nothing_is_shown_before_there_are_data(qtbot):
    bars = ClassBars()
    qtbot.addWidget(bars)
    bars.grab()
    assert bars.accessibleDescription() == "No data yet"
    assert bars.item_at(QPointF(5, 100)) is None
