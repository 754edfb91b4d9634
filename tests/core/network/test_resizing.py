import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.network.layers import Parameters, layer_views, parameter_count
from core.network.network import Network
from core.network.resizing import find_kept_units, keeps_function, transfer_weights
from core.network.workspace import Workspace
from core.settings.config import ACTIVATION_NAMES, OUTPUT_NAMES, NetworkConfig
from core.training.evaluation import evaluate
from tests.core.digits import tiny_dataset
from tests.core.training.small_runs import make_trainer, run

STRAIGHT = ("relu", "leaky-relu", "identity")
CURVED = ("sigmoid", "tanh")
IMAGES = np.random.default_rng(7).integers(0, 256, (12, 784)).astype(np.uint8)


def random_network(config, dtype=np.float32, seed=0):
    """Weights as if drawn by Glorot, and biases that are not zero."""
    network = Network.from_config(config, dtype)
    rng = np.random.default_rng(seed)
    for layer in network.layers:
        layer.W[:] = rng.standard_normal(layer.W.shape) * np.sqrt(2 / sum(layer.W.shape))
        layer.b[:] = rng.standard_normal(layer.b.shape) * 0.3
    return network


def operate(network, config, new, optimizer_state=None, images=IMAGES, seed=1):
    """Return the new network and the new optimizer state."""
    rng = np.random.default_rng(seed)
    parameters, optimizer_state = transfer_weights(
        network.parameters, optimizer_state or {}, config, new, images, rng
    )
    result = Network.from_config(new, parameters.dtype)
    assert parameters.dtype == network.parameters.dtype
    result.parameters[:] = parameters
    return result, optimizer_state


def scores(network, images=IMAGES):
    work = Workspace.allocate(network.sizes, len(images), network.parameters.dtype)
    work.load(images)
    return network.forward(work).copy()


# --- more units, more layers ------------------------------------------------------------------


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float32, 1e-5), (np.float64, 1e-12)])
@pytest.mark.parametrize("output", OUTPUT_NAMES)
@pytest.mark.parametrize("activation", ACTIVATION_NAMES)
@pytest.mark.parametrize(
    ("hidden", "more"),
    [
        ((1,), (2,)),
        ((1,), (8,)),
        ((16,), (1_024,)),
        ((1_024,), (1_025,)),
        ((8, 6), (20, 6)),
        ((8, 6), (8, 7)),
        ((1_024, 3), (1_030, 1_024)),
        ((5, 1, 4, 3), (6, 4, 4, 9)),
    ],
)
def test_more_units_leave_the_predictions_as_they_were(
    hidden, more, activation, output, dtype, tolerance
):
    config = NetworkConfig(hidden, (activation,), output)
    new = config.with_hidden(more)
    network = random_network(config, dtype)
    grown, _ = operate(network, config, new)
    assert keeps_function(config, new)
    assert grown.layers[-1].W[-1].any() == ((more[-1] - hidden[-1]) % 2 == 0)
    np.testing.assert_allclose(grown.predict(IMAGES), network.predict(IMAGES), atol=tolerance)


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float32, 1e-5), (np.float64, 1e-12)])
@pytest.mark.parametrize("before", ACTIVATION_NAMES)
@pytest.mark.parametrize("added", STRAIGHT)
@pytest.mark.parametrize(
    ("hidden", "deeper"),
    [((6,), (6, 20)), ((6,), (7, 33)), ((30, 4), (30, 5, 24, 1_024)), ((1,), (1, 20, 21, 20))],
)
def test_added_layers_leave_the_predictions_as_they_were(
    hidden, deeper, added, before, dtype, tolerance
):
    """For any activation of the layer before, also with more units at the same time."""
    config = NetworkConfig(hidden, (before,))
    activations = (before,) * len(hidden) + (added,) * (len(deeper) - len(hidden))
    new = NetworkConfig(deeper, activations)
    network = random_network(config, dtype)
    grown, _ = operate(network, config, new)
    assert keeps_function(config, new)
    np.testing.assert_allclose(grown.predict(IMAGES), network.predict(IMAGES), atol=tolerance)


def test_a_network_without_hidden_layers_gets_one():
    config, new = NetworkConfig(()), NetworkConfig((20,))
    network = random_network(config)
    grown, _ = operate(network, config, new)
    np.testing.assert_allclose(grown.predict(IMAGES), network.predict(IMAGES), atol=1e-5)


@pytest.mark.parametrize("output", OUTPUT_NAMES)
@pytest.mark.parametrize("units", [10, 13, 20, 64])
@pytest.mark.parametrize("activation", [*CURVED, "elu"])
def test_curved_layers_keep_the_order_of_the_scores(activation, units, output):
    """In float64, as float32 rounds large scores to the same tanh."""
    config = NetworkConfig((16,), output=output)
    new = NetworkConfig((16, units), ("relu", activation), output)
    network = random_network(config, np.float64)
    grown, _ = operate(network, config, new)
    assert not keeps_function(config, new)
    np.testing.assert_array_equal(scores(grown).argsort(axis=1), scores(network).argsort(axis=1))


@pytest.mark.parametrize("activation", CURVED)
def test_curved_layers_keep_small_scores(activation):
    """tanh(z) = z − z³/3 + …, so that for |z| < 0.05 the error is below 0.1 %."""
    config = NetworkConfig((16,))
    network = random_network(config, np.float64)
    network.layers[-1].W[:] *= 0.02
    network.layers[-1].b[:] *= 0.02
    grown, _ = operate(network, config, NetworkConfig((16, 20), ("relu", activation)))
    wanted = scores(network)
    assert 0.01 < np.abs(wanted).max() < 0.05
    np.testing.assert_allclose(scores(grown), wanted, rtol=0.001)


@pytest.mark.parametrize("units", [10, 19])
def test_a_small_relu_layer_preserves_positive_scores(units):
    config = NetworkConfig((16,))
    network = random_network(config, np.float64)
    grown, _ = operate(network, config, NetworkConfig((16, units)))
    wanted = scores(network)
    assert (wanted < 0).any()
    np.testing.assert_allclose(scores(grown), np.maximum(wanted, 0), atol=1e-12)


@pytest.mark.parametrize("activation", ACTIVATION_NAMES)
def test_new_units_learn_differently_from_the_first_step_on(activation):
    """All units that are active for any image; not every ReLU is."""
    config = NetworkConfig((6, 4), (activation,))
    network, _ = operate(random_network(config), config, config.with_hidden((16, 14)))
    work = Workspace.allocate(network.sizes, len(IMAGES))
    work.load(IMAGES)
    network.forward(work)
    is_on = [A.any(axis=0) for A in work.A[1:]]
    network.forward_backward(work, np.arange(12, dtype=np.uint8) % 10, len(IMAGES))
    gradient = layer_views(np.empty_like(network.parameters), network.sizes)
    network.gradient(work, gradient)
    for layer, d, on in zip(network.layers[:-1], gradient, is_on, strict=False):
        new = on.copy()
        new[: 6 if layer is network.layers[0] else 4] = False
        assert new.sum() >= 4
        assert np.abs(d.W[:, new]).max(axis=0).min() > 0
        moved = (layer.W - 0.1 * d.W)[:, new]
        assert np.unique(layer.W[:, new], axis=1).shape[1] < new.sum()
        assert np.unique(moved, axis=1).shape[1] == new.sum()


@pytest.mark.parametrize(
    ("initialization", "first", "second"),
    [("he", 2 / 784, 2 / 500), ("glorot", 2 / 1_284, 2 / 510), ("constant", 0.04, 0.04)],
)
def test_new_weights_are_initialized_like_the_network_s(initialization, first, second):
    config = NetworkConfig((4,), initialization=initialization, initial_scale=0.2)
    network, _ = operate(random_network(config), config, config.with_hidden((500,)))
    assert network.layers[0].W[:, 4:].var() == pytest.approx(first, rel=0.03)
    assert network.layers[1].W[4:].var() == pytest.approx(second, rel=0.1)
    assert not network.layers[0].b[4:].any()


def test_a_unit_without_a_partner_has_new_inputs_and_zero_outputs():
    config = NetworkConfig((4,))
    network, _ = operate(random_network(config), config, config.with_hidden((7,)))
    assert network.layers[0].W.any(axis=0).all()
    np.testing.assert_array_equal(network.layers[1].W.any(axis=1), [True] * 6 + [False])


def test_spare_units_of_an_added_layer_come_in_pairs():
    config = NetworkConfig((4,))
    network, _ = operate(random_network(config), config, NetworkConfig((4, 24)))
    before, behind = network.layers[1].W, network.layers[2].W
    assert (before[:, 20:] != 0).all()
    np.testing.assert_array_equal(before[:, 20:22], before[:, 22:])
    assert (behind[20:] != 0).all()
    np.testing.assert_array_equal(behind[20:22], -behind[22:])


def test_the_same_generator_draws_the_same():
    config, new = NetworkConfig((6,)), NetworkConfig((11, 30))
    network = random_network(config)
    first, second, other = (operate(network, config, new, seed=seed)[0] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.parameters, second.parameters)
    assert (first.parameters != other.parameters).any()


# --- the optimizer's state --------------------------------------------------------------------


def test_optimizer_state_stays_with_its_weights():
    """The second of three units has the smallest weights and goes; layer 2 grows from 2 to 4."""
    config, new = NetworkConfig((3, 2)), NetworkConfig((2, 4))
    network = random_network(config)
    network.layers[0].W[:, 1] = 0
    P = parameter_count(config.sizes)
    optimizer_state = {"m": np.arange(1, P + 1, dtype=np.float32), "v": -np.ones(P, np.float32)}
    result = operate(network, config, new, optimizer_state)[1]
    assert list(result) == ["m", "v"]
    old, m = layer_views(optimizer_state["m"], config.sizes), layer_views(result["m"], new.sizes)
    np.testing.assert_array_equal(m[0].W, old[0].W[:, [0, 2]])
    np.testing.assert_array_equal(m[0].b, old[0].b[[0, 2]])
    np.testing.assert_array_equal(m[1].W[:, :2], old[1].W[[0, 2]])
    np.testing.assert_array_equal(m[1].b, [*old[1].b, 0, 0])
    np.testing.assert_array_equal(m[2].W[:2], old[2].W)
    np.testing.assert_array_equal(m[2].b, old[2].b)
    assert not m[1].W[:, 2:].any()
    assert not m[2].W[2:].any()
    assert set(result["v"]) == {0, -1}
    assert result["v"].dtype == np.float32


@pytest.mark.parametrize("hidden", [(3,), (3, 2, 20)])
def test_the_optimizer_state_of_the_output_layer_restarts_when_layers_are_added_or_removed(hidden):
    config = NetworkConfig((3, 2))
    new = config.with_hidden(hidden)
    average = np.ones(parameter_count(config.sizes), np.float32)
    result = operate(random_network(config), config, new, {"v": average})[1]["v"]
    kept = parameter_count((784, *hidden[:2]))
    np.testing.assert_array_equal(result, np.arange(parameter_count(new.sizes)) < kept)


# --- fewer units, fewer layers ----------------------------------------------------------------


def test_the_units_with_the_smallest_weights_are_removed():
    """|before|·|behind| is 5·1, 1·2, 0·9, 3·1 in the first layer, √82·1, √5·20 in the second."""
    first = Parameters(np.array([[3.0, 1, 0, 0], [4, 0, 0, 3]]), np.zeros(4))
    second = Parameters(np.array([[1.0, 0], [0, -2], [9, 0], [0, 1]]), np.zeros(2))
    third = Parameters(np.array([[0.0, 1, 0], [0, 0, 20]]), np.zeros(3))
    kept_units = find_kept_units((first, second, third), (2, 2, 1, 3))
    assert [list(units) for units in kept_units] == [[0, 1], [0, 3], [1], [0, 1, 2]]
    kept_units = find_kept_units((first, second, third), (2, 3, 3))
    assert [list(units) for units in kept_units] == [[0, 1], [0, 1, 3], [0, 1, 2]]


@pytest.mark.parametrize("activation", ACTIVATION_NAMES)
def test_units_without_targets_leave_no_gap(activation):
    config = NetworkConfig((9, 7), (activation,))
    network = random_network(config, np.float64)
    network.layers[1].W[[0, 4, 8]] = 0
    network.layers[2].W[[2, 3]] = 0
    smaller, _ = operate(network, config, config.with_hidden((6, 5)))
    np.testing.assert_allclose(scores(smaller), scores(network), atol=1e-12)
    np.testing.assert_array_equal(smaller.layers[0].W, network.layers[0].W[:, [1, 2, 3, 5, 6, 7]])


@pytest.mark.parametrize("n", [5, 400])
@pytest.mark.parametrize("hidden", [(64,), (40, 24), (48, 16), ()])
def test_the_output_layer_compensates_for_removed_units(hidden, n):
    """With fewer images than units, and with more: most of the scores' variance is explained."""
    config = NetworkConfig((64, 24))
    network = random_network(config)
    images = np.random.default_rng(3).integers(0, 256, (n, 784)).astype(np.uint8)
    smaller, _ = operate(network, config, config.with_hidden(hidden), images=images)
    wanted = scores(network, images)
    left = np.square(scores(smaller, images) - wanted).sum()
    assert left < 0.3 * np.square(wanted - wanted.mean(axis=0)).sum()


def test_the_output_layer_is_refitted_after_a_change_of_activation():
    config, new = NetworkConfig((30,), ("tanh",)), NetworkConfig((30,), ("sigmoid",))
    network = random_network(config)
    naive = Network.from_config(new)
    naive.parameters[:] = network.parameters
    images = np.random.default_rng(3).integers(0, 256, (400, 784)).astype(np.uint8)
    changed, _ = operate(network, config, new, images=images)
    assert not keeps_function(config, new)

    def error(network_now):
        return np.square(scores(network_now, images) - scores(network, images)).sum()

    assert error(changed) < 0.1 * error(naive)


@pytest.mark.parametrize("activation", ["relu", "sigmoid"])
def test_fine_tuning_does_not_forget(activation):
    dataset = tiny_dataset()
    config = NetworkConfig((24, 16), (activation,))
    trainer = run(
        make_trainer(dataset, config, optimizer="adam", learning_rate=0.01, batch_size=20), 60
    )

    def accuracy(network):
        return evaluate(network, dataset.test_images, dataset.test_labels).accuracy

    assert accuracy(trainer.network) > 0.95
    for hidden in [(24, 12), (16, 16), (48, 32), (24,), (24, 16, 32), (16, 12, 20), (20, 30, 20)]:
        changed, _ = operate(
            trainer.network, config, config.with_hidden(hidden), images=dataset.train_images
        )
        assert accuracy(changed) > 0.9, hidden


# --- anything -> anything ---------------------------------------------------------------------

hidden_layers = st.lists(st.integers(1, 30), max_size=4).map(tuple)


@settings(max_examples=60, deadline=None)
@given(
    hidden=hidden_layers,
    new_hidden=hidden_layers,
    activation=st.sampled_from(ACTIVATION_NAMES),
    seed=st.integers(0, 1_000),
)
def test_any_network_becomes_any_other(hidden, new_hidden, activation, seed):
    config, new = (NetworkConfig(h, (activation,)) for h in (hidden, new_hidden))
    network = random_network(config, np.float64, seed)
    optimizer_state = {"m": network.parameters**2}
    given_in = [network.parameters, optimizer_state["m"], IMAGES]
    before = [array.copy() for array in given_in]
    changed, new_state = operate(network, config, new, optimizer_state)

    for array, copy in zip(given_in, before, strict=True):
        np.testing.assert_array_equal(array, copy)
    assert len(new_state["m"]) == len(changed.parameters)
    assert np.isfinite(changed.parameters).all()
    for array in new_state["m"], changed.parameters:
        assert not np.shares_memory(array, network.parameters)
    if keeps_function(config, new):
        np.testing.assert_allclose(scores(changed), scores(network), atol=1e-9)
    if config == new:
        np.testing.assert_array_equal(changed.parameters, network.parameters)
        np.testing.assert_array_equal(new_state["m"], optimizer_state["m"])


@pytest.mark.parametrize(
    ("hidden", "activations", "expected"),
    [
        ((8, 6), ("relu", "tanh"), True),
        ((9, 6), ("relu", "tanh"), True),
        ((8, 5), ("relu", "tanh"), False),
        ((8, 6), ("tanh", "tanh"), False),
        ((8,), ("relu",), False),
        ((), ("relu",), False),
        ((8, 6, 20), ("relu", "tanh", "leaky-relu"), True),
        ((8, 6, 19), ("relu", "tanh", "relu"), False),
        ((8, 6, 20), ("relu", "tanh", "sigmoid"), False),
        ((8, 6, 20, 19), ("relu", "tanh", "relu", "relu"), False),
    ],
)
def test_resizing_that_preserves_the_function(hidden, activations, expected):
    config = NetworkConfig((8, 6), ("relu", "tanh"))
    assert keeps_function(config, NetworkConfig(hidden, activations)) is expected
