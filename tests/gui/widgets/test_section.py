import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from gui.widgets.section import Section


@pytest.fixture
def section(qtbot):
    section = Section("Title", "the_section", "What it is about", QLabel("body " * 20))
    qtbot.addWidget(section)
    section.resize(section.minimumWidth(), 100)
    section.show()
    qtbot.waitExposed(section)
    return section


def test_a_click_on_the_header_opens_and_closes(section):
    body = section.findChild(QLabel)
    assert not body.isVisible()
    QTest.mouseClick(section.header, Qt.MouseButton.LeftButton)
    assert body.isVisible()
    assert section.is_open
    QTest.mouseClick(section.header, Qt.MouseButton.LeftButton)
    assert not body.isVisible()


def test_the_return_key_does_so_too(section):
    section.header.setFocus()
    QTest.keyClick(section.header, Qt.Key.Key_Return)
    assert section.is_open


def test_a_closed_section_reserves_the_width_of_its_body(section):
    assert section.minimumWidth() >= section.findChild(QLabel).minimumSizeHint().width()


def test_the_summary_is_seen_while_it_is_closed_and_read_out(section):
    def picture():
        return section.header.grab().toImage()

    header = section.header
    plain = picture()
    header.show_summary("dropout 0.2")
    assert picture() != plain
    assert header.accessibleDescription() == "dropout 0.2"
    assert header.toolTip() == "What it is about\nNow: dropout 0.2"
    section.set_open(True)
    opened = picture()
    header.show_summary("")
    assert picture() == opened
    assert header.toolTip() == "What it is about"
