"""Every number of a worked example, against the engine, a textbook in float64, and differences."""

from itertools import count
from pathlib import Path

import numpy as np
import pytest

from core.maths.stage import TERMS
from core.maths.worked_example import WorkedExample
from core.network.layers import layer_views
from core.network.network import Network
from core.network.workspace import Workspace
from core.settings.augmentation import Augmentation
from core.settings.config import ACTIVATION_NAMES, OPTIMIZER_NAMES, OUTPUT_NAMES, Hyperparameters
from core.training.optimizers import BETA_2, EPSILON, OPTIMIZERS
from tests.core.network.textbook import Textbook

ROOT = Path(__file__).parents[3]
SIZES = (12, 9, 8, 10)
L = 3
LABEL = 6
RATE = 0.2
CLOSE = {"rtol": 1e-4, "atol": 1e-6}
"""float32 against float64: some tens of roundings of 6e-8."""


def make_network(activation="tanh", output="softmax", seed=0):
    network = Network(SIZES, (activation,) * 2, output)
    rng = np.random.default_rng(seed)
    network.parameters[:] = rng.standard_normal(network.parameters.shape) * 0.5
    return network


def make_image(seed=0):
    return np.random.default_rng(seed).integers(0, 256, SIZES[0], dtype=np.uint8)


def make_example(network, l2=0.0, optimizer="sgd", optimizer_state=None, steps=0, **others):
    hyperparameters = Hyperparameters(l2=l2, optimizer=optimizer, momentum=0.8, **others)
    return WorkedExample(
        network, hyperparameters, optimizer_state or {}, steps, RATE, make_image(), LABEL
    )


def engine_pass(network, l2=0.0):
    """The workspace after the engine's own pass, and its gradient, flat."""
    work = Workspace.allocate(SIZES, 1)
    work.load(make_image()[np.newaxis])
    network.forward_backward(work, np.array([LABEL], np.uint8), 1)
    gradient, scratch = np.empty_like(network.parameters), np.empty_like(network.parameters)
    network.gradient(work, layer_views(gradient, SIZES))
    network.add_regularization_gradient(
        l2, layer_views(gradient, SIZES), layer_views(scratch, SIZES)
    )
    return work, gradient


def by_title(stages, beginning):
    """Return the stages whose title begins with this."""
    found = [stage for stage in stages if stage.title.startswith(beginning)]
    assert found, beginning
    return found


def cells(stage):
    """Return all numbers of a stage by the names of their rows."""
    return {row.name: row.cells for row in stage.rows}


every_network = pytest.mark.parametrize(
    ("activation", "output", "l2"),
    [(a, o, l2) for a in ACTIVATION_NAMES for o in OUTPUT_NAMES for l2 in (0.0, 0.01)],
)


@every_network
def test_values_are_those_of_the_engine_to_the_bit(activation, output, l2):
    network = make_network(activation, output)
    work, flat = engine_pass(network, l2)
    gradient = layer_views(flat, SIZES)
    probabilities = network.predict(make_image()[np.newaxis])[0]
    stages = make_example(network, l2).stages(1, 4, 7)
    for stage in by_title(stages, "The activation:"):
        assert stage.value == work.A[stage.layer][0, stage.unit]
    for stage in by_title(stages, "Softmax" if output == "softmax" else "Sigmoid"):
        assert stage.value == probabilities[stage.unit]
    for stage in by_title(stages, "Backward") + by_title(stages, "The error of the unit"):
        assert stage.value == work.dZ[stage.layer][0, stage.unit]
    for stage in by_title(stages, "The gradient of a weight"):
        place = stage.quantity
        assert stage.value == gradient[place.layer - 1].W[place.source, place.unit]
    for stage in by_title(stages, "The gradient of the bias"):
        assert stage.value == gradient[stage.layer - 1].b[stage.unit]


@every_network
def test_values_are_those_of_the_textbook(activation, output, l2):
    network = make_network(activation, output)
    book = Textbook(network, make_image(), LABEL, l2)
    expected = {
        "The weighted sum": lambda s: book.Z[s.layer][s.unit],
        "The activation:": lambda s: book.A[s.layer][s.unit],
        "S": lambda s: book.A[L][s.unit],  # softmax or sigmoid
        "The loss": lambda s: book.loss + book.penalty,
        "Backward": lambda s: book.dZ[L][s.unit],
        "The error, passed back": lambda s: book.dA[s.layer][s.unit],
        "The slope": lambda s: book.slope[s.layer][s.unit],
        "The error of the unit": lambda s: book.dZ[s.layer][s.unit],
        "The gradient of a weight": lambda s: book.dW[s.layer][s.unit, s.quantity.source],
        "The gradient of the bias": lambda s: book.dZ[s.layer][s.unit],
    }
    stages = make_example(network, l2).stages(1, 4, 7)
    shown = 0
    for title, value in expected.items():
        for stage in by_title(stages, title):
            np.testing.assert_allclose(stage.value, value(stage), **CLOSE)
            assert stage.rows[-1].cells[-1] == stage.value
            shown += 1
    assert shown == len(stages) - 1  # and the update


@every_network
def test_derivatives_agree_with_finite_differences(activation, output, l2):
    """From random numbers in which no step crosses a kink."""
    for seed in count():
        example = make_example(make_network(activation, output, seed), l2)
        checks = {s.title + str(s.layer): example.check(s) for s in example.stages(1, 4, 7)}
        made = [check for check in checks.values() if check is not None]
        if not any(check.crosses_kink for check in made):
            break
    assert len(made) == 3 + 5 + 5
    for stage in example.stages(1, 4, 7):
        check = checks[stage.title + str(stage.layer)]
        assert (check is None) == (stage.quantity is None)
        if check is not None:
            assert check.analytic == stage.value
            np.testing.assert_allclose(check.exact, check.numeric, rtol=1e-6, atol=1e-9)
            np.testing.assert_allclose(check.analytic, check.numeric, **CLOSE)


@every_network
def test_terms_add_up_and_are_the_largest(activation, output, l2):
    network = make_network(activation, output)
    book = Textbook(network, make_image(), LABEL, l2)
    stages = make_example(network, l2).stages(1, 4, 7)
    for stage in by_title(stages, "The weighted sum"):
        l, j = stage.layer, stage.unit
        factors = [book.W[l][j], book.A[l - 1]]
        check_sum(stage, factors, constant=book.b[l][j])
        assert cells(stage)['"bias" b'] == (None, None, network.layers[l - 1].b[j])
    for stage in by_title(stages, "The error, passed back"):
        l, j = stage.layer, stage.unit
        check_sum(stage, [book.W[l + 1][:, j], book.dZ[l + 1]])


def check_sum(stage, factors, constant=0.0):
    """The listed terms are the largest and the chosen one; with the rest they add up to the sum."""
    products = factors[0] * factors[1]
    terms = [row for row in stage.rows if row.kind == "term" and row.cells[0] is not None]
    (rest,) = [row for row in stage.rows if row.kind == "rest"]
    assert len(terms) == TERMS
    assert rest.name == f'"{len(products) - TERMS} more"'
    indices = [int(np.abs(products - row.cells[2]).argmin()) for row in terms]
    for index, row in zip(indices, terms, strict=True):
        np.testing.assert_allclose(
            row.cells, [factors[0][index], factors[1][index], products[index]], **CLOSE
        )
    others = [index for index, row in zip(indices, terms, strict=True) if not row.is_chosen]
    assert sum(row.is_chosen for row in terms) == 1
    left = np.delete(np.abs(products), indices)
    assert np.abs(products[others]).min() >= left.max()
    np.testing.assert_allclose(rest.cells[2], np.delete(products, indices).sum(), **CLOSE)
    np.testing.assert_allclose(products.sum() + constant, stage.value, **CLOSE)


@every_network
def test_the_other_numbers_of_each_stage(activation, output, l2):
    network = make_network(activation, output)
    book = Textbook(network, make_image(), LABEL, l2)
    stages = make_example(network, l2).stages(1, 4, 7)
    for stage in by_title(stages, "The activation:") + by_title(stages, "The slope"):
        z, a = book.Z[stage.layer][stage.unit], book.A[stage.layer][stage.unit]
        np.testing.assert_allclose(stage.rows[-1].cells[:2], (z, a), **CLOSE)
    (error,) = by_title(stages, "Backward")
    np.testing.assert_allclose(
        error.rows[0].cells[:2], (book.A[L][error.unit], book.Y[error.unit]), **CLOSE
    )
    for stage in by_title(stages, "The error of the unit"):
        l, j = stage.layer, stage.unit
        np.testing.assert_allclose(
            stage.rows[0].cells[:2], (book.dA[l][j], book.slope[l][j]), **CLOSE
        )
    for stage in by_title(stages, "The gradient of a weight"):
        l, j, i = stage.layer, stage.unit, stage.quantity.source
        dz, a, w = book.dZ[l][j], book.A[l - 1][i], book.W[l][j, i]
        np.testing.assert_allclose(stage.rows[0].cells, (dz, a, dz * a), **CLOSE)
        assert len(stage.rows) == (3 if l2 else 2)
        if l2:
            np.testing.assert_allclose(stage.rows[1].cells, (l2, w, l2 * w), **CLOSE)
    for stage in by_title(stages, "The gradient of the bias"):
        np.testing.assert_allclose(
            stage.rows[0].cells, [book.dZ[stage.layer][stage.unit]] * 2, **CLOSE
        )


@pytest.mark.parametrize("l2", [0.0, 0.01])
def test_softmax_and_its_loss(l2):
    network = make_network()
    book = Textbook(network, make_image(), LABEL, l2)
    stages = make_example(network, l2).stages(1, 4, 7)
    (softmax,) = by_title(stages, "Softmax")
    z = book.Z[L]
    exponentials = np.exp(z - z.max())
    for row in softmax.rows:
        if row.name.startswith('"digit'):
            k = int(row.name.strip('"').split()[1])
            np.testing.assert_allclose(row.cells, (z[k], exponentials[k], book.A[L][k]), **CLOSE)
    np.testing.assert_allclose(cells(softmax)['"sum"'][1:], (exponentials.sum(), 1), **CLOSE)
    (loss,) = by_title(stages, "The loss")
    a = book.A[L][LABEL]
    np.testing.assert_allclose(cells(loss)[f'"digit {LABEL}"'], (1, a, -np.log(a)), **CLOSE)
    assert ('"L2 penalty"' in cells(loss)) == bool(l2)
    if l2:
        np.testing.assert_allclose(cells(loss)['"L2 penalty"'][2], book.penalty, **CLOSE)


@pytest.mark.parametrize("l2", [0.0, 0.01])
def test_sigmoid_and_its_loss(l2):
    network = make_network(output="sigmoid")
    book = Textbook(network, make_image(), LABEL, l2)
    stages = make_example(network, l2).stages(2, 4, 7)
    (sigmoid,) = by_title(stages, "Sigmoid")
    k = sigmoid.unit
    np.testing.assert_allclose(sigmoid.rows[0].cells, (book.Z[L][k], book.A[L][k]), **CLOSE)
    (loss,) = by_title(stages, "The loss")
    a, y = book.A[L], book.Y
    each = -(y * np.log(a) + (1 - y) * np.log(1 - a))
    digits = [row for row in loss.rows if row.name.startswith('"digit')]
    named = [int(row.name.strip('"').split()[1]) for row in digits]
    assert LABEL in named
    for k, row in zip(named, digits, strict=True):
        np.testing.assert_allclose(row.cells, (y[k], a[k], each[k]), **CLOSE)
    rest = cells(loss)['"6 more"'][2]
    np.testing.assert_allclose(rest, np.delete(each, named).sum(), **CLOSE)


# --- the update ---------------------------------------------------------------------------


def trained(name, steps=3):
    """A network, and an optimizer's state after some steps on one image."""
    network = make_network()
    _, gradient = engine_pass(network)
    optimizer = OPTIMIZERS[name](network.parameters, gradient, np.empty_like(gradient))
    for _ in range(steps):
        _, gradient[:] = engine_pass(network)
        optimizer.update(RATE / 10, 0.8)
    return network, optimizer


@pytest.mark.parametrize("place", [(1, 4, 7), (2, 0, 8), (3, 9, 1)])
@pytest.mark.parametrize("l2", [0.0, 0.01])
@pytest.mark.parametrize("name", OPTIMIZER_NAMES)
def test_the_update_equals_the_optimizers_to_the_bit(name, l2, place):
    network, optimizer = trained(name)
    layer, unit, source = place
    example = make_example(network, l2, name, optimizer.state, optimizer.steps)
    update = example.stages(*place)[-1]
    before = network.layers[layer - 1].W[source, unit]
    assert update.rows[0].cells[-1] == before
    _, gradient = engine_pass(network, l2)
    whole = OPTIMIZERS[name](network.parameters, gradient, np.empty_like(gradient))
    whole.state, whole.steps = optimizer.state, optimizer.steps
    whole.update(RATE, 0.8)
    after = network.layers[layer - 1].W[source, unit]
    assert after != before
    assert update.value == after
    assert update.rows[-1].cells[-1] == after
    np.testing.assert_allclose(update.rows[1].cells[-1], float(after) - float(before), rtol=1e-3)


@pytest.mark.parametrize("l2", [0.0, 0.01])
def test_the_optimizers_formulas(l2):
    """In float64, as in the textbooks; Adam's with their correction factors."""
    at = (1, 4, 7)
    mu, t = 0.8, 4
    for name in OPTIMIZER_NAMES:
        network, optimizer = trained(name)
        old = {
            key: float(layer_views(value, SIZES)[0].W[7, 4])
            for key, value in optimizer.state.items()
        }
        book = Textbook(network, make_image(), LABEL, l2)
        w, g = book.W[1][4, 7], book.dW[1][4, 7]
        stages = make_example(network, l2, name, optimizer.state, optimizer.steps).stages(*at)
        remembered = [s for s in stages if s.title.startswith("The optimizer")]
        change = stages[-1].rows[1].cells
        if name == "sgd":
            assert remembered == []
            expected = (RATE, g, -RATE * g)
        elif name in ("momentum", "nesterov"):
            v = mu * old["v"] + g
            (velocity,) = remembered
            np.testing.assert_allclose(velocity.value, v, **CLOSE)
            np.testing.assert_allclose(
                velocity.rows[0].cells, (mu, old["v"], mu * old["v"]), **CLOSE
            )
            np.testing.assert_allclose(velocity.rows[1].cells[2], g, **CLOSE)
            ahead = v if name == "momentum" else g + mu * v
            expected = (RATE, ahead, -RATE * ahead)
        else:
            kept_m, kept_v = (1 - mu) * old["m"], (1 - BETA_2) * old["v"]
            m, v = mu * kept_m + (1 - mu) * g, BETA_2 * kept_v + (1 - BETA_2) * g**2
            first, second = remembered
            np.testing.assert_allclose((first.value, second.value), (m, v), rtol=1e-4)
            np.testing.assert_allclose(first.rows[0].cells, (mu, kept_m, mu * kept_m), **CLOSE)
            np.testing.assert_allclose(first.rows[1].cells, (1 - mu, g, (1 - mu) * g), **CLOSE)
            np.testing.assert_allclose(
                second.rows[0].cells, (BETA_2, kept_v, BETA_2 * kept_v), rtol=1e-4
            )
            np.testing.assert_allclose(
                second.rows[1].cells, (1 - BETA_2, g**2, (1 - BETA_2) * g**2), rtol=1e-4
            )
            fair, root = m / (1 - mu**t), np.sqrt(v / (1 - BETA_2**t)) + EPSILON
            expected = (fair, root, -RATE * fair / root)
        np.testing.assert_allclose(change, expected, **CLOSE)
        np.testing.assert_allclose(stages[-1].value, w + expected[2], **CLOSE)


def test_an_optimizer_before_its_first_step():
    update = make_example(make_network(), optimizer="adam").stages(1, 4, 7)[-1]
    before, _, after = (row.cells[-1] for row in update.rows)
    np.testing.assert_allclose(abs(after - before), RATE, rtol=1e-4)  # Adam's first step


# --- the list of stages ----------------------------------------------------------------------


def test_the_order_of_the_stages():
    titles = [
        (s.title.split(":")[0], s.layer) for s in make_example(make_network()).stages(2, 3, 1)
    ]
    assert titles == [
        ("The weighted sum", 2),
        ("The activation", 2),
        ("The weighted sum", 3),
        ("Softmax", 3),
        ("The loss", 3),
        ("Backward", 3),
        ("The gradient of a weight", 3),
        ("The gradient of the bias", 3),
        ("The error, passed back", 2),
        ("The slope of the activation", 2),
        ("The error of the unit", 2),
        ("The gradient of a weight", 2),
        ("The gradient of the bias", 2),
        ("The update", 2),
    ]


def test_the_path_goes_through_the_unit_that_passes_most_back():
    network = make_network()
    book = Textbook(network, make_image(), LABEL)
    example = make_example(network)
    path = example.path(1, 4)
    assert path[1] == 4
    for l in (2, 3):
        assert path[l] == np.abs(book.W[l][:, path[l - 1]] * book.dZ[l]).argmax()
    for stage in example.stages(1, 4, 7):
        assert stage.unit == path[stage.layer]


def test_the_unit_with_the_largest_error_is_chosen_by_default():
    network = make_network()
    book = Textbook(network, make_image(), LABEL)
    example = make_example(network)
    for l in (1, 2, 3):
        unit = example.liveliest_unit(l)
        assert unit == np.abs(book.dZ[l]).argmax()
        assert example.largest_source(l, unit) == np.abs(book.W[l][unit] * book.A[l - 1]).argmax()


@every_network
def test_source_rows_are_in_their_files(activation, output, l2):
    for optimizer in OPTIMIZER_NAMES:
        stages = make_example(make_network(activation, output), l2, optimizer).stages(1, 4, 7)
        for stage in stages:
            assert stage.source
            for found in stage.source:
                rows = (ROOT / found.file).read_text("utf-8").split("\n")[found.number - 1 :]
                for row, shown in zip(rows, found.text.split("\n"), strict=False):
                    assert row.strip() == shown.strip()


def test_no_hidden_layers():
    network = Network((12, 10))
    rng = np.random.default_rng(1)
    network.parameters[:] = rng.standard_normal(network.parameters.shape)
    example = make_example(network)
    stages = example.stages(1, 3, 5)
    assert len(stages) == 7
    for stage in stages:
        check = example.check(stage)
        if check is not None:
            np.testing.assert_allclose(check.analytic, check.numeric, **CLOSE)


def test_a_check_at_a_kink_says_so():
    """If all weights are zero, each z is exactly at the ReLU's kink."""
    network = Network(SIZES)
    network.layers[2].W[:] = 0.5
    network.layers[1].W[:] = 0.5
    example = make_example(network)
    (error,) = [
        s for s in example.stages(2, 3, 1) if s.title == "The error of the unit" and s.layer == 2
    ]
    assert example.check(error).crosses_kink


def test_nothing_is_changed_and_a_frozen_network_works_too():
    network, optimizer = trained("adam")
    before = network.parameters.copy()
    optimizer_state = {name: value.copy() for name, value in optimizer.state.items()}
    example = make_example(network.frozen_copy(), 0.01, "adam", optimizer.state, 3)
    for stage in example.stages(1, 4, 7):
        example.check(stage)
    np.testing.assert_array_equal(network.parameters, before)
    for name, value in optimizer_state.items():
        np.testing.assert_array_equal(optimizer.state[name], value)


def test_an_evaluation_uses_no_dropout_or_augmentation():
    network = make_network()
    plain = make_example(network).stages(1, 4, 7)
    others = make_example(network, dropout=0.5, augmentation=Augmentation(rotation=10))
    assert others.stages(1, 4, 7) == plain
