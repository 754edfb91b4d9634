"""Backpropagation against finite differences, in float64.

Next to a kink of ReLU or leaky ReLU a finite difference is the mean of two slopes, and so
differs from either. Examples in which a step takes any unit across its kink are left out; the
tolerance is the same for all.
"""

from itertools import count

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.settings.config import ACTIVATION_NAMES, OUTPUT_NAMES
from core.training.batch_gradient import draw_dropout_mask
from tests.core.network.gradients import Problem, random_network, relative_error

INPUTS, CLASSES = 6, 4
TOLERANCE = 1e-6


def make_problem(hidden, activations, output, n, seed, l2=0.0, dropout=0.0):
    """Random weights, images and labels, and dropout masks that are drawn once."""
    rng = np.random.default_rng(seed)
    network = random_network(
        (INPUTS, *hidden, CLASSES), tuple(activations), output, seed, scale=0.7
    )
    masks = [np.empty((n, units)) for units in hidden] if dropout else []
    for mask in masks:
        draw_dropout_mask(mask, dropout, rng)
    labels = rng.integers(0, CLASSES, n).astype(np.uint8)
    return Problem(network, rng.random((n, INPUTS)), labels, l2, masks)


@pytest.mark.parametrize("depth", range(5))
@pytest.mark.parametrize("output", OUTPUT_NAMES)
@pytest.mark.parametrize("activation", ACTIVATION_NAMES)
def test_every_activation_output_and_depth(activation, output, depth):
    """With L2 and dropout; from random numbers in which no step crosses a kink."""
    for seed in count():
        problem = make_problem(
            (5,) * depth, (activation,) * depth, output, n=8, seed=seed, l2=0.05, dropout=0.2
        )
        numeric = problem.central_differences()
        if numeric is not None:
            break
    # Every layer matters: the loss without the penalty depends on it.
    problem.l2, l2 = 0.0, problem.l2
    problem.backpropagation()
    assert all(dZ.any() for dZ in problem.work.dZ[1:])
    problem.l2 = l2
    assert relative_error(problem.backpropagation(), numeric) < TOLERANCE


@st.composite
def problems(draw):
    layers = draw(
        st.lists(st.tuples(st.integers(1, 5), st.sampled_from(ACTIVATION_NAMES)), max_size=4)
    )
    return make_problem(
        hidden=[units for units, _ in layers],
        activations=[activation for _, activation in layers],
        output=draw(st.sampled_from(OUTPUT_NAMES)),
        n=draw(st.integers(1, 6)),
        seed=draw(st.integers(0, 2**32 - 1)),
        l2=draw(st.just(0.0) | st.floats(1e-4, 1)),
        dropout=draw(st.just(0.0) | st.floats(0.05, 0.7)),
    )


@settings(derandomize=True, deadline=None, max_examples=300)
@given(problems())
def test_any_mixture_of_layers_and_settings(problem):
    numeric = problem.central_differences()
    assume(numeric is not None)
    assert relative_error(problem.backpropagation(), numeric) < TOLERANCE
