import numpy as np
import pytest

from core.errors import ConfigError, RunFileError
from core.network.activations import ACTIVATIONS, register_activation
from core.saving.run_file import load_run, save_run
from core.settings.config import ACTIVATION_NAMES, NetworkConfig, RunConfig
from core.training.trainer import Trainer
from tests.core.digits import tiny_dataset

LN2, LN3 = np.log(2), np.log(3)

BY_HAND = {
    # Z, A, and f′(Z), worked out on paper. At its kink, 0, ReLU has the slope on the left.
    "relu": ([-2, 0, 3], [0, 0, 3], [0, 0, 1]),
    "leaky-relu": ([-2, 0, 3], [-0.02, 0, 3], [0.01, 0.01, 1]),
    # 1 / (1 + exp(−ln 3)) = 1 / (1 + 1/3) = 3/4, and 3/4 · 1/4 = 3/16.
    "sigmoid": ([-LN3, 0, LN3], [1 / 4, 1 / 2, 3 / 4], [3 / 16, 1 / 4, 3 / 16]),
    # (2 − 1/2) / (2 + 1/2) = 3/5, and 1 − 9/25 = 16/25.
    "tanh": ([-LN2, 0, LN2], [-3 / 5, 0, 3 / 5], [16 / 25, 1, 16 / 25]),
    "identity": ([-2, 0, 3], [-2, 0, 3], [1, 1, 1]),
    # exp(−ln 2) − 1 = −1/2, whose slope is −1/2 + 1.
    "elu": ([-LN2, 0, 3], [-1 / 2, 0, 3], [1 / 2, 1, 1]),
}

FORMULAS = {
    # f and f′ for Z ≠ 0, written without A.
    "relu": (lambda Z: np.where(Z > 0, Z, 0), lambda Z: np.where(Z > 0, 1, 0)),
    "leaky-relu": (lambda Z: np.where(Z > 0, Z, 0.01 * Z), lambda Z: np.where(Z > 0, 1, 0.01)),
    "sigmoid": (lambda Z: 1 / (1 + np.exp(-Z)), lambda Z: 1 / (2 + np.exp(Z) + np.exp(-Z))),
    "tanh": (
        lambda Z: (np.exp(2 * Z) - 1) / (np.exp(2 * Z) + 1),
        lambda Z: 1 / np.cosh(Z) ** 2,
    ),
    "identity": (lambda Z: Z, np.ones_like),
    "elu": (
        lambda Z: np.where(Z > 0, Z, np.exp(Z) - 1),
        lambda Z: np.where(Z > 0, 1, np.exp(Z)),
    ),
}


def activate(name, Z):
    """Return A and f′(Z), with scratch arrays that hold NaN."""
    A = np.array([Z], float)
    ACTIVATIONS[name].forward(A, np.full_like(A, np.nan))
    slope = np.ones_like(A)
    kept = A.copy()
    ACTIVATIONS[name].backward(slope, A, np.full_like(A, np.nan))
    np.testing.assert_array_equal(A, kept)
    return A[0], slope[0]


@pytest.mark.parametrize("name", ACTIVATION_NAMES)
def test_values_and_slopes_by_hand(name):
    Z, expected_A, expected_slope = BY_HAND[name]
    A, slope = activate(name, Z)
    np.testing.assert_allclose(A, expected_A, rtol=1e-15, atol=1e-15)
    np.testing.assert_allclose(slope, expected_slope, rtol=1e-15)


@pytest.mark.parametrize("name", ACTIVATION_NAMES)
def test_values_and_slopes_by_formula(name):
    Z = np.linspace(-5, 5, 400)  # 0 is not among them
    f, f_slope = FORMULAS[name]
    A, slope = activate(name, Z)
    np.testing.assert_allclose(A, f(Z), rtol=1e-13, atol=1e-15)
    np.testing.assert_allclose(slope, f_slope(Z), rtol=1e-10)


@pytest.mark.parametrize("name", ACTIVATION_NAMES)
def test_the_gradient_from_above_is_multiplied_by_the_slope(name):
    A, slope = activate(name, [-0.5, 1.5])
    dA = np.array([[3.0, -4.0]])
    ACTIVATIONS[name].backward(dA, A[np.newaxis], np.empty((1, 2)))
    np.testing.assert_allclose(dA[0], [3 * slope[0], -4 * slope[1]], rtol=1e-15)


@pytest.mark.parametrize(
    ("name", "expected", "slopes"),
    [
        ("relu", [0, 1000], [0, 1]),
        ("leaky-relu", [-10, 1000], [0.01, 1]),
        ("sigmoid", [0, 1], [0, 0]),
        ("tanh", [-1, 1], [0, 0]),
        ("identity", [-1000, 1000], [1, 1]),
        ("elu", [-1, 1000], [0, 1]),
    ],
)
def test_nothing_overflows_far_from_zero(name, expected, slopes):
    """exp(1000) is beyond float32; a warning would fail this test."""
    A = np.array([[-1000, 1000]], np.float32)
    scratch = np.empty_like(A)
    ACTIVATIONS[name].forward(A, scratch)
    np.testing.assert_allclose(A, [expected], rtol=1e-6)
    dA = np.ones_like(A)
    ACTIVATIONS[name].backward(dA, A, scratch)
    np.testing.assert_allclose(dA, [slopes], rtol=1e-6)
    assert A.dtype == dA.dtype == np.float32


# --- activations of another program ------------------------------------------------------------


@pytest.mark.usefixtures("forget_activations")
def test_a_registered_activation_is_trained_saved_and_opened(tmp_path):
    with pytest.raises(ConfigError, match="'twice'"):
        NetworkConfig(activations=("twice",))
    register_activation("twice", ACTIVATIONS["tanh"])
    config = RunConfig(network=NetworkConfig(hidden=(8, 4), activations=("twice", "relu")))
    trainer = Trainer(config, tiny_dataset())
    for _ in range(4):
        trainer.step()
    save_run(tmp_path / "run.npz", trainer.saved())
    run = load_run(tmp_path / "run.npz")
    assert run.network_config.layer_activations == ("twice", "relu")
    assert run.network.layers[0].f is ACTIVATIONS["tanh"]


@pytest.mark.usefixtures("forget_activations")
def test_a_run_with_an_unknown_activation_is_refused(tmp_path):
    register_activation("twice", ACTIVATIONS["tanh"])
    trainer = Trainer(RunConfig(network=NetworkConfig(activations=("twice",))), tiny_dataset())
    save_run(tmp_path / "run.npz", trainer.saved())
    del ACTIVATIONS["twice"]
    ACTIVATION_NAMES.remove("twice")
    with pytest.raises(RunFileError, match="Unknown activation 'twice'"):
        load_run(tmp_path / "run.npz")


@pytest.mark.usefixtures("forget_activations")
@pytest.mark.parametrize("name", ["relu", "Swish", "", "soft sign", "a,b", "1", "é", "a\n"])
def test_a_name_that_is_taken_or_not_plain_is_refused(name):
    with pytest.raises(ConfigError, match="activation"):
        register_activation(name, ACTIVATIONS["tanh"])
    assert len(ACTIVATION_NAMES) == len(ACTIVATIONS) == len(BY_HAND)
