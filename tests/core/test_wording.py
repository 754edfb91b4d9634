import numpy as np
import pytest

from core.arrays import DIGITS
from core.settings.data_source import READY_CLASSES
from core.wording import (
    class_name,
    counted,
    images_of,
    kind_of,
    listed,
    percent,
    probability,
    unit_place,
)

FASHION = READY_CLASSES["fashion-mnist"]


@pytest.mark.parametrize(
    ("share", "decimals", "text"),
    [
        (0.9771, 2, "97.71 %"),
        (0.994, 0, "99 %"),
        (0.9987, 2, "99.87 %"),
        (1.0, 2, "100.00 %"),
        (0.0, 1, "0.0 %"),
        (0.9997, 0, "> 99 %"),
        (0.9995, 1, "> 99.9 %"),
        (0.999951, 2, "> 99.99 %"),
        (0.0004, 1, "< 0.1 %"),
        (1e-30, 2, "< 0.01 %"),
        (2.5, 0, "250 %"),
        (float("nan"), 2, "–"),
        (float("inf"), 0, "–"),
        (None, 2, "–"),
    ],
)
def test_a_percentage_is_0_or_100_only_if_exact(share, decimals, text):
    assert percent(share, decimals) == text


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 epochs"), (1, "1 epoch"), (2, "2 epochs"), (1_000, "1,000 epochs")]
)
def test_one_is_singular(number, text):
    assert counted(number, "epoch") == text


@pytest.mark.parametrize(("share", "text"), [(1.0, "> 99.9 %"), (0.0, "< 0.1 %"), (0.5, "50.0 %")])
def test_a_network_is_never_certain(share, text):
    assert probability(np.float32(share)) == text


@pytest.mark.parametrize(
    ("classes", "words"),
    [
        (DIGITS, ("digit 5", "digit", "digits", "output, digit 5")),
        (FASHION, ("Sandal", "class", "images", "output, Sandal")),
    ],
)
def test_digits_are_called_digits_and_other_classes_by_their_names(classes, words):
    said = class_name(classes, 5), kind_of(classes), images_of(classes)
    assert (*said, unit_place(3, 5, 3, classes)) == words


def test_few_classes_are_listed_whole_and_of_many_the_first_ones():
    assert listed(("cat", "dog", "horse")) == "cat, dog, horse"
    assert listed(FASHION) == "T-shirt/top, Trouser, Pullover, Dress, Coat, …"
