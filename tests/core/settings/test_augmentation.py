import math

import pytest

from core.errors import ConfigError
from core.settings.augmentation import DEFAULT_AUGMENTATION, NO_AUGMENTATION, Augmentation


@pytest.mark.parametrize("value", [-0.1, 1000.0, math.nan, math.inf])
@pytest.mark.parametrize("name", ["shift", "rotation", "scale", "shear", "elastic", "smoothness"])
def test_a_value_out_of_range_is_named_with_what_is_possible(name, value):
    with pytest.raises(ConfigError, match=rf"{name} of {value}.*use \d+ to \d"):
        Augmentation(**{name: value})


@pytest.mark.parametrize("name", ["shift", "rotation", "scale", "shear", "elastic"])
def test_each_strength_alone_turns_augmentation_on(name):
    assert Augmentation(**{name: 0.5}).is_on


def test_augmentation_without_strengths_is_off():
    assert not NO_AUGMENTATION.is_on
    assert not Augmentation(smoothness=8).is_on
    assert DEFAULT_AUGMENTATION.is_on
