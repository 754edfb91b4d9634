import numpy as np

from gui.search.trial_axis import TrialAxis


def axis(places):
    return TrialAxis("Units", np.array(places), lambda most: [], 4, is_listed=True)


def test_a_trial_that_is_alone_with_its_value_lies_at_the_value():
    places = [0.125, 0.375, 0.625, 0.875]
    np.testing.assert_array_equal(axis(places).spread(np.arange(4)), places)


def test_trials_of_the_same_value_lie_side_by_side_in_its_cell():
    shown = axis([0.375, 0.125, 0.375, 0.375]).spread(np.arange(4))
    assert shown[1] == 0.125
    assert len(set(shown.tolist())) == 4
    assert np.all((shown[[0, 2, 3]] > 0.25) & (shown[[0, 2, 3]] < 0.5))
