import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.training.confidence import TOLERATED, confidence_threshold, confidence_thresholds

some_answers = given(
    st.builds(
        lambda answers, times: answers * times,
        st.lists(st.tuples(st.sampled_from([0.2, 0.4, 0.6, 0.8, 0.9]), st.booleans()), min_size=1),
        st.integers(1, 300),
    )
)
"""Confidences, and whether the answers are correct, often more than 200."""


def lowest(confidence, is_correct):
    """The lowest threshold that keeps the error rate: tries each confidence that occurs."""
    good = [
        t for t in set(confidence) if np.mean(~is_correct[confidence >= t]) <= TOLERATED + 1e-12
    ]
    return min(good, default=1.0)


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


@some_answers
def test_no_lower_threshold_keeps_the_error_rate(answers):
    confidence, is_correct = map(np.array, zip(*answers, strict=True))
    assert confidence_threshold(confidence, is_correct) == pytest.approx(
        lowest(confidence, is_correct)
    )


# --- a threshold for each class ------------------------------------------------------------------


def thresholds_of(confidence, is_correct, guesses=None, classes=10):
    guesses = np.zeros(len(confidence), np.uint8) if guesses is None else guesses
    return confidence_thresholds(confidence, guesses, is_correct, classes)


def certain(confidence, is_correct, guesses=None):
    """Which of the same images are certain; by default all are predicted to be a 0."""
    guesses = np.zeros(len(confidence), np.uint8) if guesses is None else guesses
    return confidence >= np.array(thresholds_of(confidence, is_correct, guesses))[guesses]


def test_if_all_are_correct_everything_is_answered_in_all_classes():
    confidence = np.array([0.3, 0.9, 0.4])
    assert certain(confidence, np.ones(3, bool)).all()
    # A class of which there was no prediction is taken to be like the others.
    assert thresholds_of(confidence, np.ones(3, bool))[7] == pytest.approx(0.3, abs=0.05)


def test_if_even_the_most_confident_is_wrong_all_thresholds_are_1():
    assert thresholds_of(np.array([0.3, 0.9]), np.array([True, False])) == (1.0,) * 10


def test_the_predictions_of_a_diverged_network_are_never_certain():
    confidence = np.array([np.nan, 0.9])
    assert thresholds_of(confidence, np.ones(2, bool), classes=3) == (1.0,) * 3


def two_classes(rng, n=20_000):
    """Predictions as often correct as they claim to be; of class 1, a tenth of the odds."""
    confidence = rng.uniform(0.5, 1, n)
    guesses = rng.integers(0, 2, n).astype(np.uint8)
    odds = confidence / (1 - confidence) * np.where(guesses == 1, 0.1, 1)
    return confidence, guesses, rng.random(n) < odds / (1 + odds)


def test_a_class_that_is_often_confused_has_a_higher_threshold():
    """Both are certain from the same odds on: of class 1, at ten times those of the network."""
    confidence, guesses, is_correct = two_classes(np.random.default_rng(0))
    t = np.array(thresholds_of(confidence, is_correct, guesses, classes=2))
    odds = t / (1 - t)
    assert odds[1] / odds[0] == pytest.approx(10, rel=0.25)


def test_more_is_certain_than_with_one_threshold_for_both_and_as_little_of_it_wrong():
    confidence, guesses, is_correct = two_classes(np.random.default_rng(1))
    of_each = certain(confidence, is_correct, guesses)
    assert np.mean(~is_correct[of_each]) <= TOLERATED
    for t in np.linspace(0.5, 1, 2_000):
        one_for_both = confidence >= t
        if one_for_both.sum() >= of_each.sum():
            assert np.mean(~is_correct[one_for_both]) > TOLERATED


@some_answers
def test_no_lower_thresholds_keep_the_error_rate(answers):
    confidence, is_correct = map(np.array, zip(*answers, strict=True))
    np.testing.assert_array_equal(
        certain(confidence, is_correct), confidence >= lowest(confidence, is_correct)
    )
