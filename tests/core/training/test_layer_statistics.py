"""The measurements of each layer, and how many records are kept."""

import numpy as np
import pytest

from core.network.initialization import initialize
from core.network.layers import layer_views
from core.network.network import Network
from core.network.workspace import Workspace
from core.settings.config import NetworkConfig
from core.training.layer_statistics import (
    LAYER_METRICS,
    QUANTILES,
    LayerRecord,
    LayerStatistics,
    before_update,
    stuck_units,
)

N = 32
RNG = np.random.default_rng


def network_of(hidden=(24, 16), activation="relu", **shape):
    config = NetworkConfig(hidden=hidden, activations=(activation,), **shape)
    network = Network.from_config(config)
    initialize(network, config, RNG(0))
    return network


def pass_through(network, n=N, whole_batch=N):
    """Carry random images forward and back; return the arrays and the gradient."""
    work = Workspace.allocate(network.sizes, n)
    rng = RNG(1)
    work.load(rng.integers(0, 256, (n, 784)).astype(np.uint8))
    network.forward_backward(work, rng.integers(0, 10, n).astype(np.uint8), whole_batch)
    gradient = np.empty_like(network.parameters)
    network.gradient(work, layer_views(gradient, network.sizes))
    return work, gradient


def measure(network, update=0.0, n=N):
    """Measure a step that adds `update` times each parameter to it."""
    work, gradient = pass_through(network, n)
    measurement = before_update(1, network, gradient, work, n)
    network.parameters += update * network.parameters
    return measurement.after_update()


def record(step, layers=1):
    return LayerRecord(step, ("relu",) * (layers - 1), np.zeros(layers, LAYER_METRICS))


def test_norms_are_those_of_all_elements():
    network = network_of((1024, 24))  # whose first layer is stored by column
    work, gradient = pass_through(network)
    metrics = before_update(1, network, gradient, work, N).metrics
    for of_layer, layer, d in zip(
        metrics, network.layers, layer_views(gradient, network.sizes), strict=True
    ):
        assert (of_layer["fan_in"], of_layer["units"]) == layer.W.shape
        assert of_layer["weight_norm"] == pytest.approx(np.linalg.norm(layer.W), rel=1e-5)
        assert of_layer["gradient_norm"] == pytest.approx(np.linalg.norm(d.W), rel=1e-5)


def test_quantiles_of_small_layers_are_exact():
    """Of 24·16 and 16·10 weights, none is left out."""
    network = network_of()
    work, gradient = pass_through(network)
    metrics = before_update(1, network, gradient, work, N).metrics
    gradients = layer_views(gradient, network.sizes)
    for l in (1, 2):
        for name, array in (("weights", network.layers[l].W), ("gradients", gradients[l].W)):
            expected = np.quantile(array, QUANTILES, method="closest_observation")
            spread = np.sort(array, axis=None)
            places = np.searchsorted(spread, metrics[name][l])
            assert np.abs(places - np.searchsorted(spread, expected)).max() <= 1


@pytest.mark.parametrize("hidden", [(128, 64), (1024,), (100, 128)])
def test_a_sample_has_the_spread_of_the_whole(hidden):
    """A quantile has its share of all elements below it, within 2 %.

    Of 2,000 drawn at random, the share below a quantile would have a standard error of 1.1 %.
    """
    network = network_of(hidden)
    # Every column and row has its own mean, which a sample of few of them would miss.
    W = network.layers[0].W
    W += np.linspace(-1, 1, W.shape[1]) + np.linspace(-2, 2, 784)[:, np.newaxis]
    work, gradient = pass_through(network)
    metrics = before_update(1, network, gradient, work, N).metrics[0]
    shares = [(metrics["weights"][k] >= W).mean() for k in range(len(QUANTILES))]
    np.testing.assert_allclose(shares, QUANTILES, atol=0.02)


def test_activations_are_those_of_the_units_and_the_probabilities_of_the_output():
    """The latter from dZ[L], which replaces them, of a chunk of half a batch."""
    network = network_of((), initialization="glorot")
    work, gradient = pass_through(network, whole_batch=2 * N)
    images = np.rint(work.A[0] * 255).astype(np.uint8)
    metrics = before_update(1, network, gradient, work, 2 * N).metrics
    A = np.sort(network.predict(images), axis=None)
    places = np.rint(np.array(QUANTILES) * (A.size - 1)).astype(int)
    np.testing.assert_allclose(metrics["activations"][0], A[places], rtol=1e-3, atol=1e-6)
    hidden = network_of((24,), "tanh")
    work, gradient = pass_through(hidden)
    metrics = before_update(1, hidden, gradient, work, N).metrics
    assert metrics["activations"][0][2] == pytest.approx(np.median(work.A[1]), abs=0.02)


def test_the_update_ratio_is_the_change_relative_to_the_weights():
    metrics = measure(network_of(), update=-0.02).metrics
    np.testing.assert_allclose(metrics["update_ratio"], 0.02, rtol=1e-3)
    assert not metrics.flags.writeable


def test_weights_of_zero_have_no_finite_update_ratio():
    network = network_of(initialization="zeros")
    assert (measure(network).metrics["update_ratio"] == 0).all()
    work, gradient = pass_through(network)
    measurement = before_update(1, network, gradient, work, N)
    network.layers[1].W[...] = 0.1
    np.testing.assert_array_equal(
        measurement.after_update().metrics["update_ratio"], [0, np.inf, 0]
    )


def test_measuring_changes_nothing():
    network = network_of()
    work, gradient = pass_through(network)
    before = [array.copy() for array in (network.parameters, gradient, *work.A, *work.dZ)]
    before_update(1, network, gradient, work, N).after_update()
    after = (network.parameters, gradient, *work.A, *work.dZ)
    for one, other in zip(before, after, strict=True):
        np.testing.assert_array_equal(one, other)


def test_units_that_are_zero_for_every_image_are_dead_under_relu_alone():
    A = np.zeros((4, 5))
    A[1, 0] = A[3, 2] = 0.5
    assert stuck_units(A, "relu") == (pytest.approx(3 / 5), 0)
    assert stuck_units(A, "leaky-relu") == (0, 0)
    assert stuck_units(A, "identity") == (0, 0)
    assert stuck_units(A, "elu") == (0, 0)


def test_units_that_are_flat_on_average_are_saturated():
    """A unit that is flat for half of the images and steep for the others is not saturated."""
    Z = np.array([[0.0, 9, -9, 9], [0, 9, 9, 0]])
    assert stuck_units(np.tanh(Z), "tanh") == (0, 2 / 4)
    assert stuck_units(1 / (1 + np.exp(-Z)), "sigmoid") == (0, 2 / 4)
    assert stuck_units(np.where(Z > 0, Z, np.exp(Z) - 1), "elu") == (0, 0)


def test_saturation_begins_at_a_twentieth_of_the_largest_slope():
    """Which tanh has at ±2.18, sigmoid at ±4.36, and ELU at −3.0."""
    for Z, share in ((-2.9, 0), (-3.1, 1)):
        assert stuck_units(np.full((3, 2), np.exp(Z) - 1), "elu") == (0, share)
    for Z, share in ((2.1, 0), (2.3, 1)):
        assert stuck_units(np.full((3, 2), np.tanh(Z)), "tanh") == (0, share)
        assert stuck_units(np.full((3, 2), 1 / (1 + np.exp(-2 * Z))), "sigmoid") == (0, share)


@pytest.mark.parametrize("activation", ["relu", "sigmoid", "tanh"])
def test_units_with_equal_weights_are_symmetric(activation):
    network = network_of(activation=activation)
    assert not measure(network).metrics["symmetric"].any()
    network.layers[0].W[...] = 0.01
    np.testing.assert_array_equal(measure(network).metrics["symmetric"], [True, False, False])
    network.parameters[...] = 0
    np.testing.assert_array_equal(measure(network).metrics["symmetric"], [True, True, False])


def test_dead_units_are_not_reported_as_symmetric():
    network = network_of()
    network.layers[0].b[...] = -1e6
    metrics = measure(network).metrics
    assert metrics["dead"][0] == 1
    assert not metrics["symmetric"][0]


def test_a_single_image_and_a_single_unit_are_enough():
    metrics = measure(network_of((1,)), n=1).metrics
    assert not metrics["symmetric"].any()
    assert np.isfinite(metrics["gradients"]).all()


def test_most_of_the_first_steps_are_measured():
    due = [step for step in range(1, 600) if LayerStatistics.is_due(step, 100_000)]
    assert due == [1, 2, 4, 8, 16, 32, 64, 128, 250, 256, 500, 512]
    large = [step for step in range(1, 200) if LayerStatistics.is_due(step, 800_000)]
    assert large == [1, 2, 4, 8, 16, 32, 50, 64, 100, 128, 150]


@pytest.mark.parametrize("parameters", [100_000, 800_000])
def test_a_long_run_keeps_few_records_evenly_spaced_and_the_newest(parameters):
    statistics = LayerStatistics()
    for step in range(1, 300_001):
        if statistics.is_due(step, parameters):
            statistics.add(record(step))
            assert statistics.records[-1].step == step
            assert len(statistics.records) <= 401
    steps = [record.step for record in statistics.records]
    assert steps == sorted(set(steps))
    assert steps[:8] == [1, 2, 4, 8, 16, 32, 64, 128]
    regular = [step for step in steps[:-1] if step.bit_count() > 1]
    assert len(regular) > 150
    assert len(set(np.diff(regular))) == 1


@pytest.mark.parametrize("parameters", [100_000, 800_000])
@pytest.mark.parametrize("saved_at", [600, 30_000, 70_001, 160_000])
def test_a_run_that_was_resumed_keeps_the_same_records(parameters, saved_at):
    whole, resumed = LayerStatistics(), LayerStatistics()
    for step in range(1, saved_at + 5_001):
        if whole.is_due(step, parameters):
            whole.add(record(step))
            resumed.add(record(step))
        if step == saved_at:
            resumed = LayerStatistics(resumed.records)
            resumed.truncate(step)
    kept = [record.step for record in resumed.records]
    assert kept == [record.step for record in whole.records]


def test_what_a_reader_was_given_stays_as_it_is():
    statistics = LayerStatistics()
    statistics.add(record(1))
    held = statistics.records
    statistics.add(record(2, layers=3))
    assert [record.step for record in held] == [1]
    assert [len(record.metrics) for record in statistics.records] == [1, 3]


def test_going_back_drops_later_records():
    statistics = LayerStatistics()
    for step in range(50, 100_001, 50):
        statistics.add(record(step))
    statistics.truncate(40_000)
    assert statistics.records[-1].step <= 40_000
    statistics.add(record(40_050))
    statistics.add(record(40_100))
    assert [record.step for record in statistics.records[-2:]] == [40_050, 40_100]
    statistics.truncate(0)
    assert statistics.records == ()
