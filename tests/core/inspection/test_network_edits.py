import numpy as np
import pytest

from core.inspection.network_edits import Edit, NetworkEdits, Silence
from core.network.network import Network

SIZES = (784, 5, 4, 10)


@pytest.fixture
def network():
    network = Network(SIZES)
    network.parameters[:] = np.random.default_rng(0).normal(size=len(network.parameters))
    return network.frozen_copy()


def of(*edits):
    result = NetworkEdits()
    for edit in edits:
        result = result.with_edit(edit)
    return result


def test_an_edit_sets_one_number_of_a_copy(network):
    before = network.parameters.copy()
    edited = of(Edit(2, 3, 1, 7.5), Edit(1, 4, None, -2.0), Edit(3, 9, 0, 0.25)).apply(network)
    assert edited.layers[1].W[1, 3] == 7.5
    assert edited.layers[0].b[4] == -2.0
    assert edited.layers[2].W[0, 9] == 0.25
    assert np.count_nonzero(edited.parameters != before) == 3
    np.testing.assert_array_equal(network.parameters, before)
    assert not edited.layers[0].W.flags.writeable


def test_the_copy_keeps_activations_and_output():
    network = Network((784, 3, 10), ("tanh",), "sigmoid", np.float64).frozen_copy()
    edited = of(Edit(1, 0, None, 1.0)).apply(network)
    assert (edited.activations, edited.output) == (("tanh",), "sigmoid")
    assert edited.parameters.dtype == np.float64


def test_a_switched_off_unit_has_no_effect(network):
    """Its input no longer affects the prediction, and the unit itself is unchanged."""
    silent = of(Silence(1, 2))
    edited = silent.apply(network)
    np.testing.assert_array_equal(edited.layers[1].W[2], 0)
    np.testing.assert_array_equal(edited.layers[0].W, network.layers[0].W)
    images = np.random.default_rng(1).integers(0, 256, (6, 784)).astype(np.uint8)
    loud = silent.with_edit(Edit(1, 2, None, 100.0)).apply(network)
    np.testing.assert_array_equal(edited.predict(images), loud.predict(images))
    assert np.abs(edited.predict(images) - network.predict(images)).max() > 1e-3


def test_switching_off_overrides_other_edits(network):
    edits = of(Silence(1, 2), Edit(2, 0, 2, 5.0))
    assert edits.apply(network).layers[1].W[2, 0] == 0
    assert edits.without(Silence(1, 2)).apply(network).layers[1].W[2, 0] == 5


def test_a_later_edit_of_the_same_place_replaces_the_first(network):
    first = of(Edit(1, 0, None, 1.0), Silence(1, 0))
    second = first.with_edit(Edit(1, 0, None, 2.0))
    assert len(second) == 2
    assert second.apply(network).layers[0].b[0] == 2
    assert first.apply(network).layers[0].b[0] == 1
    assert second.is_silent(1, 0)
    assert not second.without(Silence(1, 0)).is_silent(1, 0)


def test_without_edits_nothing_is_copied(network):
    assert NetworkEdits().apply(network) is network


@pytest.mark.parametrize(
    "edit",
    [
        Edit(1, 5, None, 1.0),
        Edit(4, 0, None, 1.0),
        Edit(2, 0, 5, 1.0),
        Silence(3, 0),  # an output
        Silence(2, 4),
    ],
    ids=str,
)
def test_quantities_that_the_network_lacks_are_left_out(network, edit):
    assert of(edit).apply(network) is network


KEPT = np.arange(784), np.array([0, 2, 4]), np.arange(4), np.arange(10)
"""Of the five units of the first layer, three are kept."""


def test_edits_follow_their_units_when_a_layer_shrinks():
    edits = of(
        *(Edit(1, unit, None, float(unit)) for unit in range(5)),
        Edit(2, 3, 4, 8.0),
        Edit(2, 3, 1, 9.0),
        Silence(1, 2),
        Edit(3, 9, 0, 0.5),
    )
    assert edits.transferred(KEPT).edits == (
        Edit(1, 0, None, 0.0),
        Edit(1, 1, None, 2.0),
        Edit(1, 2, None, 4.0),
        Edit(2, 3, 2, 8.0),
        Silence(1, 1),
        Edit(3, 9, 0, 0.5),
    )


def test_edits_return_with_their_units_when_the_change_is_undone():
    """The fourth of the units was new."""
    edits = of(Edit(1, 2, None, 4.0), Edit(2, 3, 1, 2.0), Silence(1, 3), Edit(3, 9, 0, 0.5))
    back = edits.restored(KEPT)
    assert back.edits == (Edit(1, 4, None, 4.0), Edit(2, 3, 2, 2.0), Edit(3, 9, 0, 0.5))


def test_edits_of_the_output_are_dropped_when_layers_are_added_or_removed():
    """In a deeper network l = 3 is a hidden layer, in a shallower one the output's number is 2."""
    edits = of(Edit(1, 1, 300, 1.0), Edit(2, 2, 1, 2.0), Silence(2, 2), Edit(3, 9, 0, 0.5))
    first, second = np.arange(5), np.arange(4)
    deeper = edits.transferred((np.arange(784), first, second))
    assert deeper.edits == edits.edits[:3]
    shallower = edits.transferred((np.arange(784), first))
    assert shallower.edits == edits.edits[:1]
