"""Groups of units compute what the whole network does, each in its own memory."""

import numpy as np
import pytest

from core.network.layers import layer_views
from core.network.unit_group import cut_into_groups, group_count
from core.network.workspace import Workspace
from tests.core.network.gradients import random_network

SIZES = (7, 6, 3)
LABELS = np.array([0, 1, 2, 0], np.uint8)


def gradients(network, count):
    """Return a vector of NaN, its layers, and the workspace of a network cut into groups."""
    vector = np.full_like(network.parameters, np.nan)
    work = Workspace.allocate(network.sizes, len(LABELS), np.float64, dropout=True)
    work.A[0][:] = np.random.default_rng(0).random(work.A[0].shape)
    work.mask[1][:] = np.random.default_rng(1).integers(0, 2, work.mask[1].shape) * 2.0
    return vector, layer_views(vector, network.sizes), cut_into_groups(network, work, count), work


def pass_through(network, groups, work):
    for group in groups:
        group.network.forward(group.work, range(1, 2))
    network.forward(work, range(2, 3))
    results = network.output_delta(work, LABELS, len(LABELS))
    for group in groups:
        group.network.backward(group.work)
    return results


@pytest.mark.parametrize("count", [1, 2, 3])
def test_groups_do_what_the_whole_network_does(count):
    network = random_network(SIZES)
    whole, whole_layers, _, work = gradients(network, 1)
    expected, correct = network.forward_backward(work, LABELS, len(LABELS))
    network.gradient(work, whole_layers)
    scratch = layer_views(np.empty_like(whole), SIZES)
    network.add_regularization_gradient(0.3, whole_layers, scratch)

    shared, layers, groups, work = gradients(network, count)
    losses, hits = pass_through(network, groups, work)
    for group in groups:
        of_group = group.layers_of(layers)
        group.network.gradient(group.work, of_group)
        group.network.add_regularization_gradient(0.3, of_group, group.layers_of(scratch))
    assert losses == pytest.approx(expected)
    assert hits == correct
    np.testing.assert_allclose(shared, whole, rtol=1e-12)


def test_no_two_groups_write_to_the_same_place():
    """What one group has written to the gradient, the next does not touch."""
    network = random_network(SIZES)
    vector, layers, groups, work = gradients(network, 3)
    pass_through(network, groups, work)
    written = np.zeros(len(vector), int)
    for group in groups:
        vector[:] = np.nan
        group.network.gradient(group.work, group.layers_of(layers))
        written += ~np.isnan(vector)
    np.testing.assert_array_equal(written, 1)


def test_only_wide_layers_are_cut_into_powers_of_two():
    """Layers of 1,024 units and multiples are stored by column; a group has at least 128."""
    assert [group_count((784, 1024, 10), most) for most in (1, 2, 3, 4, 8, 99)] == [
        1,
        2,
        2,
        4,
        8,
        8,
    ]
    assert group_count((784, 1000, 10), 8) == 1
    assert group_count((784, 10), 8) == 1
    assert group_count((784, 1024, 1024, 10), 8) == 1
