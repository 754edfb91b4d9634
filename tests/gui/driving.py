"""A person's actions in the window, for tests."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget


def child(window, name, kind=QWidget):
    """Return the only widget with this objectName."""
    found = window.findChildren(kind, name)
    assert len(found) == 1, (name, found)
    return found[0]


def click(window, name):
    """Press a button with the left mouse button."""
    button = child(window, name)
    assert button.isVisible()
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def draw_stroke(pad, points):
    """Draw with the mouse through points given as shares of the pad's width and height."""
    places = [QPoint(round(x * pad.width()), round(y * pad.height())) for x, y in points]
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=places[0])
    for place in places[1:]:
        QTest.mouseMove(pad, place)
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=places[-1])


def choose(window, name, value):
    """Pick the entry of a combo box that stands for `value`."""
    combo = child(window, name, QComboBox)
    pick(window, name, next(i for i in range(combo.count()) if combo.itemData(i) == value))


def pick(window, name, index):
    """Pick the entry at this place of a combo box."""
    combo = child(window, name, QComboBox)
    combo.setCurrentIndex(index)
    combo.activated.emit(index)


def type_into(window, name, text):
    """Replace what a field holds, and press Return."""
    field = child(window, name, QLineEdit)
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def messages(window):
    """Return the texts of the messages that are shown, the newest first."""
    return [card.text for card in window.messages.shown if card.isVisible()]


def message(window):
    """Return the text of the newest message; "" if there is none."""
    return next(iter(messages(window)), "")


def message_buttons(window):
    """Return the buttons of the newest message, by their texts."""
    return {b.text(): b for b in window.messages.shown[0].buttons} if messages(window) else {}
