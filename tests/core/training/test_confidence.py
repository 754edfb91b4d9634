import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.training.confidence import TOLERATED, confidence_threshold


def test_answers_are_given_while_at_most_one_in_two_hundred_is_wrong():
    """The 100 most confident are correct, the next is wrong, 99 more are correct, all others wrong.

    Answering 100 has no error, and answering 200 has one; the 201st would be the second.
    """
    confidence = np.linspace(0.99, 0.2, 400)
    is_correct = np.arange(400) < 200
    is_correct[100] = False
    assert confidence_threshold(confidence, is_correct) == confidence[199]


def test_images_of_equal_confidence_are_answered_together():
    """Of the ten at 0.5 five are wrong, so none of them may be answered, whatever their order."""
    confidence = np.array([0.9] * 3 + [0.5] * 10)
    is_correct = np.array([True] * 3 + [True] * 5 + [False] * 5)
    assert confidence_threshold(confidence, is_correct) == 0.9


def test_if_all_are_correct_everything_is_answered():
    assert confidence_threshold(np.array([0.3, 0.9, 0.4]), np.ones(3, bool)) == 0.3


def test_if_even_the_most_confident_is_wrong_only_certainty_is_answered():
    assert confidence_threshold(np.array([0.3, 0.9]), np.array([True, False])) == 1


@given(
    st.lists(st.tuples(st.sampled_from([0.2, 0.4, 0.6, 0.8, 0.9]), st.booleans()), min_size=1),
    st.integers(1, 300),
)
def test_no_lower_threshold_keeps_the_error_rate(answers, times):
    """Against trying each confidence that occurs."""
    confidence, is_correct = map(np.array, zip(*(answers * times), strict=True))
    good = [
        t for t in set(confidence) if np.mean(~is_correct[confidence >= t]) <= TOLERATED + 1e-12
    ]
    assert confidence_threshold(confidence, is_correct) == pytest.approx(min(good, default=1.0))
