import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip, QVBoxLayout, QWidget

from gui.widgets.number_field import NumberField, PercentField


def typed(qtbot, field, text):
    """Return the field's signals when `text` replaces its content."""
    qtbot.addWidget(field)
    signaled = []
    field.value_changed.connect(signaled.append)
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)
    return signaled


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [("2.5", 2.5, "2.5"), (" 1e1 ", 10, "10"), ("1 000", 1000, "1000"), ("0.5", 0.5, "0.5")],
)
def test_a_number_in_the_range_is_accepted(qtbot, text, value, shown):
    field = NumberField("It", 0.5, 1000)
    field.set_value(3)
    assert typed(qtbot, field, text) == [value]
    assert field.text() == shown


@pytest.fixture
def reported(monkeypatch):
    """The tool tips shown."""
    reported = []
    monkeypatch.setattr(QToolTip, "showText", lambda *arguments: reported.append(arguments[1]))
    return reported


@pytest.mark.parametrize("text", ["0.4", "1001", "nan", "inf", "ten", "", "1,5", "1_0", "1e999"])
def test_anything_else_is_refused_with_the_range_and_stays_to_be_corrected(qtbot, reported, text):
    field = NumberField("The size", 0.5, 1000)
    field.set_value(3)
    assert typed(qtbot, field, text) == []
    assert (field.value, field.text()) == (3, text)
    assert field.property("refused")
    assert len(reported) == 1
    assert reported[0].endswith("The size must be a number from 0.5 to 1000.")
    QTest.keyClicks(field, "4")
    assert not field.property("refused")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "3"


def test_the_hint_is_shown_again_over_a_marked_field(qtbot, reported):
    field = NumberField("The size", 0.5, 1000)
    field.setToolTip("How large it is")
    typed(qtbot, field, "0,7")
    (hint,) = reported
    assert "Type 0.7." in hint
    QApplication.sendEvent(field, QHelpEvent(QEvent.Type.ToolTip, QPoint(2, 2), QPoint(2, 2)))
    assert reported == [hint, hint]
    QTest.keyClick(field, Qt.Key.Key_Escape)
    QApplication.sendEvent(field, QHelpEvent(QEvent.Type.ToolTip, QPoint(2, 2), QPoint(2, 2)))
    assert len(reported) == 2  # the field's own tool tip, which Qt shows without this function


@pytest.fixture
def window(qapp):
    return QWidget()


@pytest.fixture
def two_fields(qtbot, window):
    """One to type into, and one to move on to."""
    fields = [NumberField(title, 0.5, 1000, parent=window) for title in ("One", "Other")]
    layout = QVBoxLayout(window)
    for field in fields:
        layout.addWidget(field)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    fields[0].setFocus()
    fields[0].selectAll()
    return fields


def test_leaving_a_field_accepts_what_was_typed(two_fields, reported):
    field, other = two_fields
    QTest.keyClicks(field, "7")
    other.setFocus()
    assert (field.value, field.text(), reported) == (7, "7", [])


def test_leaving_an_invalid_field_restores_the_value_and_says_so_later(qtbot, two_fields, reported):
    field, other = two_fields
    QTest.keyClicks(field, "0,7")
    other.setFocus()
    assert (field.value, field.text()) == (0.5, "0.5")
    assert not field.property("refused")
    reported.clear()
    qtbot.waitUntil(lambda: bool(reported))
    assert "Type 0.7." in reported[0]


def test_escape_restores_the_value_before_the_window_sees_the_key(two_fields):
    field, _ = two_fields
    seen = []
    field.parentWidget().keyPressEvent = lambda event: seen.append(event.key())
    QTest.keyClicks(field, "77")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), seen) == ("0.5", [])
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert seen == [Qt.Key.Key_Escape]


def test_pasted_numbers_with_line_breaks_and_spaces_are_accepted(qtbot):
    field = NumberField("It", 1, 60_000, whole=True)
    qtbot.addWidget(field)
    QGuiApplication.clipboard().setText("\n\t 10\u202f000 \n")
    field.selectAll()
    field.paste()
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert (field.value, field.text()) == (10_000, "10,000")


def test_return_on_the_shown_text_changes_nothing_although_the_value_has_more_decimals(qtbot):
    field = NumberField("It", 0, 1)
    qtbot.addWidget(field)
    field.set_value(0.123456789)
    signaled = []
    field.value_changed.connect(signaled.append)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert (field.value, signaled) == (0.123456789, [])


def test_numbers_are_written_and_read_as_in_the_users_locale(qtbot, german, reported):
    rate = NumberField("It", 0, 1000)
    assert typed(qtbot, rate, "0,05") == [0.05]
    assert rate.text() == "0,05"
    assert typed(qtbot, rate, "0.07") == [0.07]
    assert typed(qtbot, rate, "1.234") == []
    assert "Type 1,234 or 1234." in reported[-1]
    size = NumberField("It", 1, 60_000, whole=True)
    assert typed(qtbot, size, "12345") == [12345]
    assert size.text() == "12.345"
    assert typed(qtbot, size, "20.000") == [20_000]
    assert typed(qtbot, size, "20,000") == []
    share = PercentField("It", 0.001, 1, empty="")
    assert typed(qtbot, share, "98,5 %") == [0.985]
    assert share.text() == "98,5 %"


def test_whole_numbers_are_ints_with_separators(qtbot):
    field = NumberField("It", 1, 60_000, whole=True)
    signaled = typed(qtbot, field, "12345")
    assert signaled == [12345]
    assert isinstance(signaled[0], int)
    assert field.text() == "12,345"
    assert typed(qtbot, field, "1.5") == []


def test_an_empty_field_means_none_where_none_is_allowed(qtbot):
    field = NumberField("It", 1, 10, whole=True, empty="no end")
    assert (field.value, field.text(), field.placeholderText()) == (None, "", "no end")
    assert typed(qtbot, field, "7") == [7]
    assert typed(qtbot, field, "") == [None]


def test_an_unchanged_set_is_not_signaled(qtbot):
    field = NumberField("It", 1, 10)
    field.set_value(7)
    assert typed(qtbot, field, "7.0") == []
    assert field.text() == "7"


@pytest.mark.parametrize(
    ("text", "share"), [("98", 0.98), ("0.98", 0.98), ("98.5 %", 0.985), ("0.5%", 0.005)]
)
def test_a_percentage_may_be_typed_as_a_fraction(qtbot, text, share):
    field = PercentField("It", 0.001, 1, empty="")
    assert typed(qtbot, field, text) == [pytest.approx(share)]
    assert field.text() == f"{100 * share:g} %"


@pytest.mark.parametrize("text", ["101", "0", "-1", "%", "1", "5 %%"])
def test_accuracies_above_100_percent_and_a_bare_1_are_refused(qtbot, text):
    field = PercentField("It", 0.001, 1, empty="")
    assert typed(qtbot, field, text) == []
