import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolTip

from gui.widgets.number_field import NumberField, PercentField


def typed(qtbot, field, text):
    """Return what the field signals when `text` is typed over what it holds."""
    qtbot.addWidget(field)
    signalled = []
    field.value_changed.connect(signalled.append)
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)
    return signalled


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [("2.5", 2.5, "2.5"), (" 1e1 ", 10, "10"), ("1,000", 1000, "1000"), ("0.5", 0.5, "0.5")],
)
def test_a_number_in_the_range_is_taken(qtbot, text, value, shown):
    field = NumberField("It", 0.5, 1000)
    field.set_value(3)
    assert typed(qtbot, field, text) == [value]
    assert field.text() == shown


@pytest.mark.parametrize("text", ["0.4", "1001", "nan", "inf", "ten", ""])
def test_anything_else_is_refused_with_the_range(qtbot, monkeypatch, text):
    told = []
    monkeypatch.setattr(QToolTip, "showText", lambda *arguments: told.append(arguments[1]))
    field = NumberField("The size", 0.5, 1000)
    field.set_value(3)
    assert typed(qtbot, field, text) == []
    assert (field.value, field.text()) == (3, "3")
    assert told == ["The size must be a number from 0.5 to 1000."]


def test_whole_numbers_are_ints_with_separators(qtbot):
    field = NumberField("It", 1, 60_000, whole=True)
    signalled = typed(qtbot, field, "12345")
    assert signalled == [12345]
    assert isinstance(signalled[0], int)
    assert field.text() == "12,345"
    assert typed(qtbot, field, "1.5") == []


def test_an_empty_field_is_none_where_that_means_something(qtbot):
    field = NumberField("It", 1, 10, whole=True, empty="no end")
    assert (field.value, field.text(), field.placeholderText()) == (None, "", "no end")
    assert typed(qtbot, field, "7") == [7]
    assert typed(qtbot, field, "") == [None]


def test_what_was_there_is_not_signalled(qtbot):
    field = NumberField("It", 1, 10)
    field.set_value(7)
    assert typed(qtbot, field, "7.0") == []
    assert field.text() == "7"


@pytest.mark.parametrize(
    ("text", "share"), [("98", 0.98), ("0.98", 0.98), ("98.5 %", 0.985), ("0.5%", 0.005)]
)
def test_a_percentage_may_be_typed_as_a_share(qtbot, text, share):
    field = PercentField("It", 0.001, 1, empty="")
    assert typed(qtbot, field, text) == [pytest.approx(share)]
    assert field.text() == f"{100 * share:g} %"


@pytest.mark.parametrize("text", ["101", "0", "-1", "%"])
def test_no_more_than_100_percent(qtbot, text):
    field = PercentField("It", 0.001, 1, empty="")
    assert typed(qtbot, field, text) == []
