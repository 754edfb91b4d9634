"""The flow of an image against all contributions, computed one by one in float64."""

import numpy as np
import pytest

from core.inspection.flow import STRONGEST, UNIT_EDGES, trace, trace_unit
from core.network.activations import ACTIVATIONS
from core.network.network import Network
from core.settings.config import ACTIVATION_NAMES, OUTPUT_NAMES
from tests.core.network.gradients import random_network


def an_image(seed=0):
    """A quarter of the pixels have ink."""
    rng = np.random.default_rng(seed)
    image = rng.integers(1, 256, (28, 28)).astype(np.uint8)
    image[rng.random((28, 28)) < 0.75] = 0
    return image


def a_network(hidden, activation="relu", output="softmax", seed=0):
    network = random_network((784, *hidden, 10), (activation,) * len(hidden), output, seed, 1.0)
    for layer in network.layers:
        layer.W[:] /= np.sqrt(len(layer.W))
    return network


def all_contributions(flow, into):
    """Of the edges into a layer, which counts from 1: (units before, units)."""
    return flow.activations[into - 1][:, np.newaxis] * flow.network.layers[into - 1].W


def pairs(edges):
    return set(zip(edges.sources.tolist(), edges.targets.tolist(), strict=True))


@pytest.mark.parametrize("hidden", [(), (1024,), (30, 20)])
@pytest.mark.parametrize("output", OUTPUT_NAMES)
def test_the_prediction_is_that_of_predict(output, hidden):
    network, image = a_network(hidden, output=output), an_image()
    flow = trace(network, image)
    expected = network.predict(image.reshape(1, -1))[0]
    np.testing.assert_array_equal(flow.probabilities, expected, strict=True)
    assert flow.answer == expected.argmax()
    assert flow.is_finite


@pytest.mark.parametrize("activation", ACTIVATION_NAMES)
def test_activations_and_scores_are_those_of_the_equations(activation):
    network, image = a_network((30, 20), activation), an_image()
    flow = trace(network, image.ravel())
    A = image.reshape(1, -1) / 255
    np.testing.assert_allclose(flow.activations[0], A[0])
    for layer, found in zip(network.layers[:-1], flow.activations[1:-1], strict=True):
        A = A @ layer.W + layer.b
        ACTIVATIONS[activation].forward(A, np.empty_like(A))
        np.testing.assert_allclose(found, A[0])
    Z = A @ network.layers[-1].W + network.layers[-1].b
    np.testing.assert_allclose(flow.scores, Z[0])


@pytest.mark.parametrize("activation", ACTIVATION_NAMES)
@pytest.mark.parametrize("hidden", [(), (40,), (100, 60, 30)])
def test_the_strongest_edges_of_every_layer_are_found(hidden, activation):
    flow = trace(a_network(hidden, activation), an_image())
    for into, edges in enumerate(flow.edges, start=1):
        C = all_contributions(flow, into)
        if into < len(flow.edges):
            C[:, flow.activations[into] == 0] = 0
        rows, columns = np.unravel_index(np.argsort(-np.abs(C), axis=None)[:STRONGEST], C.shape)
        assert pairs(edges) >= set(zip(rows.tolist(), columns.tolist(), strict=True))
        np.testing.assert_array_equal(edges.values, C[edges.sources, edges.targets])
        assert (edges.values != 0).all()
        assert (np.diff(np.abs(edges.values)) >= 0).all()


def test_in_a_large_network_edges_between_the_most_active_units_are_chosen():
    flow = trace(a_network((4096,)), an_image())
    into_hidden, into_output = flow.edges
    strong = np.argsort(-flow.activations[1])[:128]
    C = all_contributions(flow, 1)[:, strong]
    largest = np.sort(np.abs(C), axis=None)[-STRONGEST:]
    assert np.isin(largest, np.abs(into_hidden.values)).all()
    largest = np.sort(np.abs(all_contributions(flow, 2)), axis=None)[-STRONGEST:]
    assert np.isin(largest, np.abs(into_output.values)).all()


QUIET = 40


def a_network_of_one_quiet_way(sign=1.0, activation="relu"):
    """It predicts 0 because of pixel 0 and the unit QUIET of both layers.

    All contributions on that path are 1 or less. Pixel 1 drives a hundred other units of each layer
    with 5 and 50, whose only effect is to oppose the other digits with 500.
    """
    network = Network((784, 101, 101, 10), (activation,) * 2, dtype=np.float64)
    first, second, last = (layer.W for layer in network.layers)
    first[0, QUIET], second[QUIET, QUIET], last[QUIET, 0] = sign, 1, sign
    others = np.delete(np.arange(101), QUIET)
    first[1, others] = 5
    second[others, others] = 10
    last[others, 1:] = -10
    image = np.zeros((28, 28), np.uint8)
    image[0, :2] = 255
    return network, image


@pytest.mark.parametrize(
    ("sign", "activation"), [(1, "relu"), (1, "identity"), (-1, "identity"), (-1, "leaky-relu")]
)
def test_a_trail_leads_from_the_image_to_the_answer(sign, activation):
    """Even if sixty other edges of each layer are stronger, and activations are negative."""
    flow = trace(*a_network_of_one_quiet_way(sign, activation))
    assert flow.answer == 0
    assert np.sign(flow.activations[1][QUIET]) == sign
    way = (0, QUIET), (QUIET, QUIET), (QUIET, 0)
    for edges, step in zip(flow.edges, way, strict=True):
        assert len(edges.values) == STRONGEST + 1
        assert step in pairs(edges)


def test_the_trail_follows_support_for_the_answer_and_not_opposition():
    network, image = a_network_of_one_quiet_way()
    network.layers[1].W[1, QUIET] = -0.1  # -0.5 into the trail's unit
    flow = trace(network, image)
    assert (QUIET, QUIET) in pairs(flow.edges[1])
    assert (1, QUIET) not in pairs(flow.edges[1])


def test_no_edge_leads_to_an_inactive_hidden_unit():
    network = a_network((20, 10))
    network.layers[0].b[:5] = -100
    flow = trace(network, an_image())
    assert (flow.activations[1][:5] == 0).all()
    assert (flow.activations[1][flow.edges[0].targets] > 0).all()
    assert set(flow.edges[1].sources.tolist()).isdisjoint(range(5))


@pytest.mark.parametrize("hidden", [(), (5,), (5, 3)])
def test_a_network_of_zeros_has_no_edges(hidden):
    flow = trace(Network((784, *hidden, 10)), an_image())
    assert [len(edges.values) for edges in flow.edges] == [0] * (len(hidden) + 1)
    np.testing.assert_allclose(flow.probabilities, 0.1)


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e38])
def test_a_diverged_network_has_no_prediction(value):
    network = Network((784, 20, 15, 10))
    network.parameters[:] = value
    assert not trace(network, an_image()).is_finite


@pytest.mark.parametrize("activation", ACTIVATION_NAMES)
def test_a_unit_sums_its_inputs_and_its_bias(activation):
    flow = trace(a_network((30, 20), activation), an_image())
    for layer, unit in ((1, 3), (2, 19), (3, 9)):
        found = trace_unit(flow, layer, unit)
        A = np.array([[found.z]])
        if layer < 3:
            ACTIVATIONS[activation].forward(A, np.empty_like(A))
            assert found.a == pytest.approx(A.item())
        else:
            assert found.z == pytest.approx(flow.scores[unit])
        assert found.a == flow.activations[layer][unit]
        assert found.bias == flow.network.layers[layer - 1].b[unit]


def test_a_unit_knows_its_strongest_edges_on_either_side():
    flow = trace(a_network((300, 200), "tanh"), an_image())
    found = trace_unit(flow, 1, 7)
    C = all_contributions(flow, 1)[:, 7]
    strongest = np.argsort(np.abs(C))[-UNIT_EDGES:]
    np.testing.assert_array_equal(found.incoming.sources, strongest)
    np.testing.assert_array_equal(found.incoming.targets, 7)
    np.testing.assert_array_equal(found.incoming.values, C[strongest])
    C = all_contributions(flow, 2)[7]
    strongest = np.argsort(np.abs(C))[-UNIT_EDGES:]
    np.testing.assert_array_equal(found.outgoing.sources, 7)
    np.testing.assert_array_equal(found.outgoing.targets, strongest)
    np.testing.assert_array_equal(found.outgoing.values, C[strongest])


def test_a_pixel_has_no_inputs_and_an_output_no_targets():
    image = an_image()
    image[0, :2] = 0, 51
    flow = trace(a_network((30,)), image)
    blank, pixel, output = (trace_unit(flow, *of) for of in ((0, 0), (0, 1), (2, 4)))
    assert (pixel.z, pixel.a, pixel.bias) == (None, pytest.approx(0.2), None)
    assert len(pixel.incoming.sources) == len(output.outgoing.sources) == 0
    assert len(pixel.outgoing.targets) == UNIT_EDGES
    assert len(output.incoming.sources) > 0
    assert len(blank.outgoing.targets) == 0


def test_nothing_in_the_network_changes():
    network = a_network((30, 20)).frozen_copy()
    before = network.parameters.copy()
    flow = trace(network, an_image())
    trace_unit(flow, 1, 0)
    np.testing.assert_array_equal(network.parameters, before)
