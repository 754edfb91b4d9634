"""What a screen reader says of the sliders, asked through Qt's accessibility interface."""

import gc
import math

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSlider, QWidget
from shiboken6 import delete, isValid

from core.settings.config import NetworkConfig
from gui.widgets import painted_interface
from gui.widgets.scales import SPEEDS
from gui.widgets.slider import Slider
from gui.widgets.value_slider import ValueSlider
from tests.gui.driving import child, type_into


def told(slider):
    """Return name, number and words of a slider."""
    interface = QAccessible.queryAccessibleInterface(slider)
    assert interface.role() == QAccessible.Role.Slider
    name = interface.text(QAccessible.Text.Name)
    words = interface.text(QAccessible.Text.Value)
    return name, interface.valueInterface().currentValue(), words


def test_the_number_is_told_not_the_position(window):
    assert told(child(window, "learning_rate_slider")) == ("Learning rate", 0.1, "0.1")
    assert told(child(window, "batch_size_slider")) == ("Batch size", 64, "64 images")
    name, _, words = told(child(window, "layer_size_slider_0"))
    assert (name, words) == ("Layer 1", "128 units")


def test_a_moved_handle_tells_the_new_number(window):
    slider = child(window, "learning_rate_slider")
    slider.setValue(0)
    assert told(slider) == ("Learning rate", 1e-5, "1e−5")
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_End)
    assert told(slider)[1:] == (10, "10")


def test_a_typed_number_between_two_positions_is_told_as_it_is(window):
    slider = child(window, "learning_rate_slider")
    before = slider.value()
    type_into(window, "learning_rate_slider_field", "0.101")
    assert slider.value() == before
    assert told(slider)[1:] == (0.101, "0.101")


def test_a_number_has_the_marks_of_the_locale(german, qtbot):
    rate = ValueSlider("Rate", [0.1, 0.25, 1000.0], "rate_slider", "tip")
    qtbot.addWidget(rate)
    rate.set_value(0.25)
    assert told(rate.slider) == ("Rate", 0.25, "0,25")


def test_a_change_from_elsewhere_is_told(window, session):
    session.set_network(NetworkConfig(hidden=(300,)))
    assert told(child(window, "layer_size_slider_0"))[1:] == (300, "300 units")


def test_the_speed_is_told_in_words(window):
    slider = child(window, "speed_slider")
    for position, speed in enumerate(SPEEDS):
        slider.setValue(position)
        name, number, words = told(slider)
        assert (name, math.isfinite(number)) == ("Speed", True)
        if math.isinf(speed):
            assert words == "Full speed"
        else:
            assert (number, words.split("/")[0].split()[0]) == (speed, f"{speed:,}")


def test_every_slider_tells_a_number_within_its_ends(window):
    sliders = window.findChildren(QSlider)
    assert len(sliders) > 10
    for slider in sliders:
        interface = QAccessible.queryAccessibleInterface(slider).valueInterface()
        ends = interface.minimumValue(), interface.maximumValue()
        assert ends == (slider.numbers[0], slider.numbers[-1])
        assert ends[0] <= interface.currentValue() <= ends[1]


def test_a_screen_reader_sets_the_nearest_number(window, session, subtests):
    for asked, nearest in [(0.1, 0.1), (0.104, 0.1), (-3, 1e-5), (99, 10)]:
        with subtests.test(asked=asked, nearest=nearest):
            slider = child(window, "learning_rate_slider")
            slider.setValue(7)
            QAccessible.queryAccessibleInterface(slider).valueInterface().setCurrentValue(asked)
            assert told(slider)[1] == nearest
            assert session.config.hyperparameters.learning_rate == nearest


def test_a_slider_has_no_text_and_no_selection(qtbot):
    """A screen reader asks for these of everything; to answer with None once ended the app."""
    slider = Slider("a_slider", [0, 1, 2])
    qtbot.addWidget(slider)
    interface = QAccessible.queryAccessibleInterface(slider)
    assert interface.textInterface() is interface.selectionInterface() is None


def test_other_interfaces_are_those_of_any_widget(qtbot):
    slider = Slider("a_slider", range(5))
    qtbot.addWidget(slider)
    slider.setToolTip("what it does")
    interface = QAccessible.queryAccessibleInterface(slider)
    assert interface.actionInterface().actionNames()
    assert interface.valueInterface().currentValue() == 0
    slider.setAccessibleName("A slider")
    assert interface.text(QAccessible.Text.Name) == "A slider"
    assert interface.state().focusable


@pytest.mark.parametrize("way", ["by Python", "later", "with its parent"])
def test_an_interface_goes_with_its_slider(qapp, way):
    """It is neither left behind nor taken away too early: that would end the app."""
    parent = QWidget()
    slider = Slider("a_slider", range(5), parent=None if way == "by Python" else parent)
    assert told(slider)[1] == 0
    gc.collect()
    before = sum(map(isValid, painted_interface._kept))
    if way == "later":
        slider.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    elif way == "with its parent":
        delete(parent)
    del slider, parent
    gc.collect()
    another = Slider("another", range(5))
    assert len(painted_interface._kept) == before
    assert all(map(isValid, painted_interface._kept))
    assert told(another)[1] == 0
