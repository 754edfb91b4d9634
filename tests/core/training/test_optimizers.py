"""Three steps by hand for each optimizer, on two parameters.

θ₀ = (1, −2), α = 0.1, μ = β₁ = 0.9, and the gradients g₁ = (1, −2), g₂ = (0.5, 0), g₃ = (−1, 4).

Momentum and Nesterov:
    v₁ = g₁                      = (1, −2)
    v₂ = 0.9 v₁ + g₂             = (1.4, −1.8)
    v₃ = 0.9 v₂ + g₃             = (0.26, 2.38)
Nesterov's g + 0.9 v:
    (1 + 0.9, −2 − 1.8)          = (1.9, −3.8)
    (0.5 + 1.26, 0 − 1.62)       = (1.76, −1.62)
    (−1 + 0.234, 4 + 2.142)      = (−0.766, 6.142)
Adam, with β₂ = 0.999:
    m₁ = 0.1 g₁                  = (0.1, −0.2)           over 1 − 0.9  = 0.1
    m₂ = 0.9 m₁ + 0.1 g₂         = (0.14, −0.18)         over 1 − 0.9² = 0.19
    m₃ = 0.9 m₂ + 0.1 g₃         = (0.026, 0.238)        over 1 − 0.9³ = 0.271
    v₁ = 0.001 g₁²               = (0.001, 0.004)        over 0.001
    v₂ = 0.999 v₁ + 0.001 g₂²    = (0.001249, 0.003996)  over 1 − 0.999² = 0.001999
    v₃ = 0.999 v₂ + 0.001 g₃²    = (0.002247751, 0.019992004)
                                                         over 1 − 0.999³ = 0.002997001
"""

import numpy as np
import pytest

from core.settings.config import OPTIMIZER_NAMES
from core.threads.workers import Workers
from core.training.optimizers import OPTIMIZERS

START = np.array([1.0, -2.0])
GRADIENTS = np.array([[1.0, -2.0], [0.5, 0.0], [-1.0, 4.0]])
RATE = 0.1

DIRECTIONS = {
    "sgd": GRADIENTS,
    "momentum": [[1, -2], [1.4, -1.8], [0.26, 2.38]],
    "nesterov": [[1.9, -3.8], [1.76, -1.62], [-0.766, 6.142]],
    "adam": [
        [1, -1],
        [(0.14 / 0.19) / (1.249 / 1.999) ** 0.5, (-0.18 / 0.19) / (3.996 / 1.999) ** 0.5],
        [
            (0.026 / 0.271) / (2.247751 / 2.997001) ** 0.5,
            (0.238 / 0.271) / (19.992004 / 2.997001) ** 0.5,
        ],
    ],
}
"""The change of θ / −α in each step."""


def make(name, size, dtype=np.float64):
    """Return an optimizer whose scratch holds NaN."""
    return OPTIMIZERS[name](
        np.zeros(size, dtype), np.zeros(size, dtype), np.full(size, np.nan, dtype)
    )


def step(optimizer, gradient, momentum=0.9):
    optimizer.gradient[:] = gradient
    optimizer.update(RATE, momentum)


@pytest.mark.parametrize("name", OPTIMIZER_NAMES)
def test_three_steps_by_hand(name):
    optimizer = make(name, 2)
    optimizer.parameters[:] = expected = START
    for gradient, direction in zip(GRADIENTS, DIRECTIONS[name], strict=True):
        step(optimizer, gradient)
        expected = expected - RATE * np.array(direction)
        # Adam's ε is not in the figures above; it makes a difference of 1e-8 of a step.
        np.testing.assert_allclose(optimizer.parameters, expected, rtol=1e-7)


def test_adam_adds_epsilon_to_the_root():
    """For a constant gradient, m/(1 − β₁ᵗ) = g and √(v/(1 − β₂ᵗ)) = |g| for any t.

    So for g = ε, each step takes θ by α/2.
    """
    adam = make("adam", 1)
    for t in (1, 2, 3):
        step(adam, 1e-8)
        np.testing.assert_allclose(adam.parameters, -t * RATE / 2, rtol=1e-12)


def test_momentum_of_zero_is_plain_descent():
    for name in ("momentum", "nesterov"):
        optimizer, plain = make(name, 2), make("sgd", 2)
        for gradient in GRADIENTS:
            step(optimizer, gradient, momentum=0.0)
            step(plain, gradient)
        np.testing.assert_allclose(optimizer.parameters, plain.parameters, rtol=1e-15)


@pytest.mark.parametrize("name", OPTIMIZER_NAMES)
def test_each_parameter_moves_independently(name):
    """A parameter moves as it would alone, whatever the others' gradients."""
    rng = np.random.default_rng(0)
    together, alone = make(name, 50, np.float32), make(name, 1, np.float32)
    for _ in range(5):
        gradient = rng.standard_normal(50).astype(np.float32)
        step(together, gradient)
        step(alone, gradient[17])
    assert alone.parameters[0] != 0
    # Not the same bits: single numbers are rounded by other instructions than eight at a time.
    np.testing.assert_allclose(together.parameters[17], alone.parameters[0], rtol=1e-5)


@pytest.mark.parametrize("name", OPTIMIZER_NAMES)
def test_a_new_optimizer_has_zero_state_and_counts_its_steps(name):
    optimizer = make(name, 3)
    assert optimizer.steps == 0
    assert not any(average.any() for average in optimizer.state.values())
    step(optimizer, 1.0)
    step(optimizer, 1.0)
    assert optimizer.steps == 2


@pytest.mark.parametrize("threads", [2, 3])
@pytest.mark.parametrize("name", OPTIMIZER_NAMES)
def test_splitting_an_update_does_not_change_a_bit(monkeypatch, name, threads):
    monkeypatch.setattr("core.training.optimizers._SHARD_PARAMETERS", 10)
    rng = np.random.default_rng(0)
    with Workers(threads) as workers:
        zeros = np.zeros((2, 3, 101), np.float32)
        alone, shared = OPTIMIZERS[name](*zeros[0]), OPTIMIZERS[name](*zeros[1], workers)
        for _ in range(3):
            gradient = rng.standard_normal(101)
            step(alone, gradient)
            step(shared, gradient)
    assert shared.steps == alone.steps == 3
    assert np.abs(alone.parameters).min() > 0
    np.testing.assert_array_equal(shared.parameters, alone.parameters)
    for average, values in alone.state.items():
        np.testing.assert_array_equal(shared.state[average], values)


def test_few_parameters_are_not_split():
    """A pool that has been shut down would notice calls on other threads."""
    with Workers(2) as workers:
        pass
    optimizer = OPTIMIZERS["adam"](*np.zeros((3, 5)), workers)
    step(optimizer, np.ones(5))
    assert optimizer.parameters[0] == pytest.approx(-RATE)
