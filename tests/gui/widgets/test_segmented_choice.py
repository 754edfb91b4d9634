import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from gui.widgets.segmented_choice import SegmentedChoice


@pytest.fixture
def segments(qtbot, themes):
    choice = SegmentedChoice("axis", [(k, k, f"over {k}") for k in ("step", "epoch", "time")])
    qtbot.addWidget(choice)
    choice.resize(choice.sizeHint())
    choice.show()
    choice.chosen_values = []
    choice.chosen.connect(choice.chosen_values.append)
    return choice


def middle(segments, index):
    return segments._segments()[index].center().toPoint()


def test_one_click_chooses(segments):
    QTest.mouseClick(segments, Qt.MouseButton.LeftButton, pos=middle(segments, 2))
    assert segments.currentData() == "time"
    assert segments.chosen_values == ["time"]


def test_a_click_beside_the_options_chooses_nothing(segments):
    QTest.mouseClick(segments, Qt.MouseButton.LeftButton, pos=QPoint(1, 9))
    QTest.mouseClick(segments, Qt.MouseButton.RightButton, pos=middle(segments, 1))
    assert segments.chosen_values == []
    assert segments.currentData() == "step"


def test_arrow_keys_choose(segments):
    segments.setFocus()
    QTest.keyClick(segments, Qt.Key.Key_Down)
    QTest.keyClick(segments, Qt.Key.Key_Down)
    assert segments.chosen_values == ["epoch", "time"]


def test_space_and_return_open_nothing(segments):
    segments.setFocus()
    QTest.keyClick(segments, Qt.Key.Key_Space)
    segments.showPopup()
    assert not segments.view().isVisible()


def test_no_title_is_cut(segments):
    for index, place in enumerate(segments._segments()):
        assert place.width() > segments.fontMetrics().horizontalAdvance(segments.itemText(index))
    assert segments._segments()[-1].right() <= segments.width()
    assert segments.minimumSizeHint() == segments.sizeHint()


def test_the_chosen_one_looks_different(segments):
    before = segments.grab().toImage()
    segments.set_value("epoch")
    assert segments.grab().toImage() != before
