"""The answer as it is shown, at every height that a screen may leave it."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QAccessible, QFontMetrics

from core.inspection.prediction import Prediction
from core.network.network import Network
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
    return Prediction(
        Network((784, 10)), None, probabilities, probabilities, threshold, is_one_digit
    )


def parts(view):
    return [
        part
        for part in (view.digit, view.status, view.input_view, view.caption, view.why, view.bars)
        if part.isVisible()
    ]


def test_without_a_certain_answer_the_alternative_is_the_highest_other_bar(view):
    """On average a 7 and then a 3, for the image as it is a 9 and then a 7."""
    shown = prediction(9, 7)
    view.show_predictions([replace(shown, means=prediction(7, 3).means)])
    assert view.status.text() == "Not sure: 7 or 9"


def test_a_certain_answer_is_the_digit_alone(view):
    view.show_predictions([prediction(7, share=0.9)])
    assert (view.digit.text(), view.status.text()) == ("7", "")
    assert view.name.text() == "Prediction"
    view.show_predictions([])
    assert view.name.text() == ""


def test_an_uncertain_one_says_between_which(view):
    view.show_predictions([prediction(7, 3)])
    assert (view.digit.text(), view.status.text()) == ("?", "Not sure: 7 or 3")
    assert view.name.text() == ""


def test_a_scribble_says_so(view):
    view.show_predictions([prediction(7, share=0.99, is_one_digit=False)])
    assert (view.digit.text(), view.status.text()) == ("?", "Not one digit?")


def test_a_number_shows_its_digits_and_how_certain_the_selected_one_is(view):
    predictions = [prediction(1, share=0.95), prediction(2, share=0.9)]
    view.show_predictions(predictions, 1)
    assert (view.digit.text(), view.status.text()) == ("12", "2: 90 %")
    assert (view.name.text(), view.in_words) == ("", "12")
    np.testing.assert_array_equal(view.bars.probabilities, predictions[1].probabilities)
    view.show_predictions(predictions, 0)
    assert view.status.text() == "1: 95 %"
    np.testing.assert_array_equal(view.bars.probabilities, predictions[0].probabilities)


def test_an_uncertain_digit_of_a_number_is_a_question_mark(view):
    predictions = [prediction(1, share=0.95), prediction(7, 3)]
    view.show_predictions(predictions, 1)
    assert (view.digit.text(), view.status.text()) == ("1?", "Not sure: 7 or 3")
    view.show_predictions(predictions, 0)
    assert (view.digit.text(), view.status.text()) == ("1?", "1: 95 %")
    assert view.in_words == "1, not sure"


def test_a_number_moves_nothing(view):
    def places():
        return [part.geometry() for part in parts(view)]

    view.show_predictions([prediction(1, share=0.95)])
    one = places()
    view.show_predictions([prediction(1, share=0.95)] * 3, 1)
    assert places() == one


def test_every_text_has_room(view):
    metrics = QFontMetrics(view.status._font)
    texts = [f"Not sure: {a} or {b}" for a in range(10) for b in range(10)] + ["8: > 99 %"]
    widest = max(metrics.horizontalAdvance(text) for text in (*texts, "Not one digit?"))
    for size in (view.minimumSizeHint(), view.sizeHint()):
        view.resize(size)
        assert widest <= view.status.width()
        assert QFontMetrics(view.caption._font).horizontalAdvance(view.caption.text()) <= (
            view.caption.width()
        )


@pytest.mark.parametrize("more", range(0, 130, 6))
def test_nothing_is_cut_or_covered_at_any_height(view, more):
    view.show_predictions([prediction(7, 3)])
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
        view.show_predictions([prediction(7, 3, share=share)])
    assert said == []
    qtbot.waitUntil(lambda: [event.message() for event in said] == ["Prediction: 7"])
    view.show_predictions([prediction(7, 3, share=0.99)])
    view.show_predictions([])
    view.show_predictions([prediction(7, 3)])
    qtbot.waitUntil(lambda: len(said) == 2)
    assert said[1].message() == "Not sure: 7 or 3"
    view.show_predictions([prediction(7, share=0.9), prediction(7, 3)], 1)
    qtbot.waitUntil(lambda: len(said) == 3)
    assert said[2].message() == "Prediction: 7, not sure"


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
    view.show_predictions([prediction(7, share=0.9)])
    assert not view.empty.isVisible()
    assert not view.input_view.is_empty
    assert places() == before
    view.show_image(None)
    view.show_predictions([])
    assert view.empty.isVisible()
