import pytest

from core.arrays import DIGITS
from core.class_names import class_name, images_of, kind_of, listed
from core.settings.data_source import READY_CLASSES
from core.wording import unit_place

FASHION = READY_CLASSES["fashion-mnist"]


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
