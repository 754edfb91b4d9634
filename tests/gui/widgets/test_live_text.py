from PySide6.QtCore import Qt

from gui.widgets.live_text import LiveText


def test_the_widest_text_sets_its_width(qtbot):
    one, two = LiveText("0,000", 11), LiveText("0\n0,000", 11)
    for text in (one, two):
        qtbot.addWidget(text)
    assert two.sizeHint().width() == one.sizeHint().width()
    assert two.sizeHint().height() == 2 * one.sizeHint().height()


def test_both_lines_are_drawn(qtbot):
    def picture(text):
        widget = LiveText("0\n0", 11, Qt.AlignmentFlag.AlignLeft)
        qtbot.addWidget(widget)
        widget.set_text(text)
        widget.resize(widget.sizeHint())
        return widget.grab().toImage()

    assert picture("1\n2") != picture("1\n3")
    assert picture("1\n2") != picture("3\n2")
