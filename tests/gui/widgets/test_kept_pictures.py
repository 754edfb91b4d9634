import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from gui.widgets.kept_pictures import CLEAR, KeptPictures


@pytest.fixture
def widget(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.resize(30, 20)
    return widget


def test_a_picture_is_painted_again_only_if_its_key_or_the_size_has_changed(widget):
    kept, painted = KeptPictures(), []

    def show(key):
        kept.picture(widget, "ground", key, CLEAR, painted.append)
        return len(painted)

    assert [show("a"), show("a"), show("b"), show("b")] == [1, 1, 2, 2]
    widget.resize(31, 20)
    assert [show("b"), show("b")] == [3, 3]


def test_those_named_are_forgotten_or_else_all(widget):
    kept, painted = KeptPictures(), []

    def show():
        painted.clear()
        for name in ("ground", "lines"):
            kept.picture(
                widget, name, None, CLEAR, lambda _painter, name=name: painted.append(name)
            )
        return painted

    assert show() == ["ground", "lines"]
    assert show() == []
    kept.forget("lines")
    assert show() == ["lines"]
    kept.forget()
    assert show() == ["ground", "lines"]


def test_a_picture_is_as_large_as_the_widget_and_filled_with_its_ground(widget):
    picture = KeptPictures().picture(
        widget, "ground", None, QColor("#123456"), lambda _painter: None
    )
    assert picture.size() == widget.size() * widget.devicePixelRatio()
    assert picture.toImage().pixelColor(29, 19).name() == "#123456"


def test_a_widget_without_any_size_paints_nothing(widget):
    widget.resize(0, 0)
    picture = KeptPictures().picture(widget, "ground", None, CLEAR, lambda painter: painter.fail())
    assert picture.isNull()
