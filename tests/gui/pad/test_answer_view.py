"""The answer as it is shown, at every height that a screen may leave it."""

import numpy as np
import pytest
from PySide6.QtGui import QAccessible, QFontMetrics

from core.ink.doubt import Doubt
from core.inspection.prediction import Prediction
from gui.pad.answer_view import AnswerView


@pytest.fixture
def view(qtbot):
    view = AnswerView()
    qtbot.addWidget(view)
    view.resize(view.sizeHint())
    view.show()
    qtbot.waitExposed(view)
    return view


def prediction(first, second=0, threshold=0.8, share=0.6, is_one_digit=True):
    probabilities = np.full(10, 0.01)
    probabilities[second] = 0.3
    probabilities[first] = share
    return Prediction(None, None, probabilities, threshold, is_one_digit)


def parts(view):
    return [
        part
        for part in (view.digit, view.status, view.input_view, view.caption, view.why, view.bars)
        if part.isVisible()
    ]


def test_a_certain_answer_is_the_digit_alone(view):
    view.show_prediction(prediction(7, share=0.9), None)
    assert (view.digit.text(), view.status.text()) == ("7", "")
    assert view.name.text() == "Prediction"
    view.show_prediction(None, None)
    assert view.name.text() == ""


def test_an_uncertain_one_says_between_which(view):
    view.show_prediction(prediction(7, 3), None)
    assert (view.digit.text(), view.status.text()) == ("?", "Not sure: 7 or 3")
    assert view.name.text() == ""


def test_a_drawing_of_several_digits_says_so(view):
    view.show_prediction(prediction(7, share=0.99, is_one_digit=False), Doubt.SEVERAL)
    assert (view.digit.text(), view.status.text()) == ("?", "Several digits?")
    view.show_prediction(prediction(7, share=0.99, is_one_digit=False), Doubt.SCRIBBLE)
    assert (view.digit.text(), view.status.text()) == ("?", "Not one digit?")


def test_every_text_has_room(view):
    metrics = QFontMetrics(view.status._font)
    texts = [f"Not sure: {a} or {b}" for a in range(10) for b in range(10)]
    widest = max(metrics.horizontalAdvance(text) for text in (*texts, "Several digits?"))
    for size in (view.minimumSizeHint(), view.sizeHint()):
        view.resize(size)
        assert widest <= view.status.width()
        assert QFontMetrics(view.caption._font).horizontalAdvance(view.caption.text()) <= (
            view.caption.width()
        )


@pytest.mark.parametrize("more", range(0, 130, 6))
def test_nothing_is_cut_or_covered_at_any_height(view, more):
    view.show_prediction(prediction(7, 3), None)
    low = view.minimumSizeHint()
    view.resize(low.width() + more, low.height() + more)
    shown = parts(view)
    assert {view.digit, view.input_view, view.why, view.bars} <= set(shown)
    for part in shown:
        assert view.rect().contains(part.geometry())
    for one in shown:
        for other in shown:
            assert one is other or not one.geometry().intersects(other.geometry())
    assert view.rect().contains(view.bars.row(9).translated(view.bars.pos()))


def test_the_input_moves_beside_the_digit_where_the_height_is_short(view):
    assert view.input_view.y() > view.digit.geometry().bottom()
    view.resize(view.minimumSizeHint())
    assert view.input_view.geometry().right() < view.digit.x()
    assert view.input_view.y() < view.digit.geometry().bottom()


def test_in_a_high_column_everything_is_larger(view):
    small = view.digit.sizeHint().height(), view.input_view.width(), view.bars.row(0).height()
    view.grow(420, 330)
    assert view.sizeHint().height() <= 330
    view.resize(420, 330)
    large = view.digit.sizeHint().height(), view.input_view.width(), view.bars.row(0).height()
    assert all(b > a for a, b in zip(small, large, strict=True))
    assert all(view.rect().contains(part.geometry()) for part in parts(view))
    view.grow(420, 200)
    assert view.digit.sizeHint().height() == small[0]


def test_an_answer_is_announced_once_it_has_settled(view, monkeypatch, qtbot):
    said = []
    monkeypatch.setattr(QAccessible, "updateAccessibility", said.append)
    for share in (0.9, 0.6, 0.95):
        view.show_prediction(prediction(7, 3, share=share), None)
    assert said == []
    qtbot.waitUntil(lambda: [event.message() for event in said] == ["Prediction: 7"])
    view.show_prediction(prediction(7, 3, share=0.99), None)
    view.show_prediction(None, None)
    view.show_prediction(prediction(7, 3), None)
    qtbot.waitUntil(lambda: len(said) == 2)
    assert said[1].message() == "Not sure: 7 or 3"


def test_it_grows_no_wider_than_its_column(view):
    least = view.minimumSizeHint().width()
    view.grow(300, 800)
    assert view.sizeHint().width() <= 300
    view.grow(500, 800)
    assert view.minimumSizeHint().width() <= least + 20  # so that the column can be narrowed again


def test_a_note_says_what_will_be_there_and_nothing_moves_when_it_comes(view):
    def places():
        return [part.geometry() for part in (view.digit, view.input_view, view.why, view.bars)]

    before = places()
    assert view.empty.isVisible()
    assert view.input_view.is_empty
    assert "Draw a digit" in view.empty.text()
    view.show_image(np.ones((28, 28), np.uint8))
    view.show_prediction(prediction(7, share=0.9), None)
    assert not view.empty.isVisible()
    assert not view.input_view.is_empty
    assert places() == before
    view.show_image(None)
    view.show_prediction(None, None)
    assert view.empty.isVisible()
