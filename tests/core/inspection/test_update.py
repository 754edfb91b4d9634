"""One update against the difference of two networks, worked out weight by weight."""

import numpy as np
import pytest

from core.arrays import LabeledImages
from core.errors import Cancelled
from core.inspection.flow import STRONGEST, UNIT_EDGES, trace
from core.inspection.update import (
    LEAST,
    FlowChange,
    compare,
    step_and_compare,
    trace_unit_change,
)
from core.settings.augmentation import Augmentation
from core.settings.config import OPTIMIZER_NAMES, OUTPUT_NAMES, NetworkConfig
from core.training.evaluation import evaluate
from tests.core.digits import tiny_dataset
from tests.core.training.small_runs import make_trainer, run

TWO_LAYERS = NetworkConfig(hidden=(30, 20))
IMAGE = tiny_dataset().test_images[3]


def a_step(**settings):
    """An update, and the trainer that made it as its fourth step."""
    settings = {"network": TWO_LAYERS, "learning_rate": 0.1, "batch_size": 50} | settings
    trainer = run(make_trainer(**settings), 3)
    return step_and_compare(trainer), trainer


def differences(update):
    pairs = zip(update.before.layers, update.after.layers, strict=True)
    return [after.W.astype(float) - before.W for before, after in pairs]


@pytest.mark.parametrize("optimizer", OPTIMIZER_NAMES)
def test_it_makes_the_step_that_the_trainer_would_make_and_no_other(optimizer):
    """With all that draws random numbers, and over the end of an epoch."""
    settings = dict(
        network=TWO_LAYERS,
        optimizer=optimizer,
        learning_rate=0.01,
        batch_size=60,
        dropout=0.3,
        l2=0.01,
        augmentation=Augmentation(rotation=10.0),
    )
    watched, alone = (make_trainer(**settings) for _ in range(2))
    for _ in range(6):
        before = watched.network.parameters.copy()
        update = step_and_compare(watched)
        alone.step()
        np.testing.assert_array_equal(update.before.parameters, before)
        np.testing.assert_array_equal(update.after.parameters, alone.network.parameters)
        assert update.step == alone.step_count
    assert alone.epoch == 1
    np.testing.assert_array_equal(watched.network.parameters, alone.network.parameters)
    np.testing.assert_array_equal(watched.order, alone.order)
    np.testing.assert_array_equal(watched.history.batch_loss, alone.history.batch_loss)


@pytest.mark.parametrize("hidden", [(), (30, 20), (1024,)])
def test_the_edges_are_those_whose_weights_moved_most(hidden):
    """Of 1,024 units, too, whose weights lie in memory column after column."""
    update, _ = a_step(network=NetworkConfig(hidden=hidden))
    for edges, change in zip(update.edges, differences(update), strict=True):
        expected = np.sort(np.abs(change), axis=None)[-STRONGEST:]
        np.testing.assert_allclose(np.abs(edges.values), expected, rtol=1e-3, atol=1e-9)
        np.testing.assert_allclose(
            edges.values, change[edges.sources, edges.targets], rtol=1e-3, atol=1e-9
        )
        ends = zip(edges.sources.tolist(), edges.targets.tolist(), strict=True)
        assert len(set(ends)) == STRONGEST


def test_the_weights_that_moved_are_counted_without_the_biases():
    update, _ = a_step()
    changes = differences(update)
    assert update.weights == 784 * 30 + 30 * 20 + 20 * 10
    assert update.moved == sum(int((np.abs(change) > LEAST).sum()) for change in changes)
    assert 0 < update.moved < update.weights


def test_the_largest_is_the_largest_of_all_layers():
    update, _ = a_step()
    found = update.largest
    sizes = [np.abs(change).max() for change in differences(update)]
    assert found.layer == 1 + int(np.argmax(sizes))
    before, after = (n.layers[found.layer - 1].W for n in (update.before, update.after))
    assert found.before == before[found.source, found.target]
    assert found.after == after[found.source, found.target]
    assert abs(found.after - found.before) == pytest.approx(max(sizes))


@pytest.mark.parametrize("output", OUTPUT_NAMES)
def test_the_loss_is_that_of_the_step_s_own_batch(output):
    """Before the step, it is what the trainer found; after it, that of the new network on it."""
    network = NetworkConfig(hidden=(30,), output=output)
    trainer = run(make_trainer(network=network, learning_rate=0.01), 2)
    batch = trainer.order[trainer.position : trainer.position + trainer.hyperparameters.batch_size]
    dataset = tiny_dataset()
    update = step_and_compare(trainer)
    assert update.loss_before == pytest.approx(trainer.history.batch_loss[-1], rel=1e-5)
    expected = evaluate(update.after, dataset.train_images[batch], dataset.train_labels[batch])
    assert update.loss_after == expected.loss
    assert update.loss_after < update.loss_before


def test_a_step_that_moves_nothing_has_no_largest_weight():
    trainer = make_trainer()
    network = trainer.network.frozen_copy()
    update = compare(network, network, trainer.next_batch())
    assert update.moved == 0
    assert update.largest is None
    assert [len(edges.values) for edges in update.edges] == [0, 0]


def test_it_knows_the_network_that_it_led_to():
    update, trainer = a_step()
    assert update.led_to(update.after)
    assert update.led_to(trainer.network)
    assert not update.led_to(update.before)
    trainer.step()
    assert not update.led_to(trainer.network)
    assert not update.led_to(make_trainer().network)


def test_whatever_breaks_off_the_evaluation_leaves_the_step_made():
    def stop(done, total):
        raise Cancelled

    trainer = make_trainer()
    with pytest.raises(Cancelled):
        step_and_compare(trainer, stop)
    assert trainer.step_count == 1


def test_the_activations_are_compared_unit_by_unit():
    update, _ = a_step()
    change = FlowChange.of(update, IMAGE)
    before, after = trace(update.before, IMAGE), trace(update.after, IMAGE)
    np.testing.assert_allclose(change.activations[0], IMAGE / 255, rtol=1e-6)
    for found, old, new in zip(
        change.activations[1:], before.activations[1:], after.activations[1:], strict=True
    ):
        np.testing.assert_array_equal(found, new - old)
        assert found.any()
    assert change.answer == after.answer
    assert change.is_finite


def test_a_unit_has_its_numbers_of_both_and_its_weights_that_moved_most():
    update, _ = a_step()
    change = FlowChange.of(update, IMAGE)
    found = trace_unit_change(change, 1, 7)
    for flow, of_unit in ((change.before, found.before), (change.after, found.after)):
        assert of_unit.a == flow.activations[1][7]
        assert of_unit.bias == flow.network.layers[0].b[7]
    into, out_of = differences(update)[0][:, 7], differences(update)[1][7]
    strongest = np.sort(np.abs(into))[-UNIT_EDGES:]
    np.testing.assert_allclose(np.abs(found.incoming.values), strongest, rtol=1e-3, atol=1e-9)
    assert (found.incoming.targets == 7).all()
    strongest = np.sort(np.abs(out_of))[-UNIT_EDGES:]
    np.testing.assert_allclose(np.abs(found.outgoing.values), strongest, rtol=1e-3, atol=1e-9)
    assert (found.outgoing.sources == 7).all()


def test_a_pixel_and_an_output_have_edges_on_one_side():
    change = FlowChange.of(a_step()[0], IMAGE)
    pixel, output = trace_unit_change(change, 0, 400), trace_unit_change(change, 3, 4)
    assert len(pixel.incoming.values) == len(output.outgoing.values) == 0
    assert len(pixel.outgoing.values) == UNIT_EDGES
    assert len(output.incoming.values) == UNIT_EDGES


@pytest.mark.parametrize("value", [np.nan, np.inf, 3e38])
def test_a_step_into_the_void_has_no_answer(value):
    trainer = make_trainer()
    before = trainer.network.frozen_copy()
    trainer.network.parameters[:] = value
    update = compare(before, trainer.network.frozen_copy(), trainer.next_batch())
    assert not FlowChange.of(update, IMAGE).is_finite
    trace_unit_change(FlowChange.of(update, IMAGE), 1, 0)


def test_the_next_batch_is_a_copy_of_what_the_step_learns_from():
    trainer = make_trainer(batch_size=50)
    batch = trainer.next_batch()
    assert isinstance(batch, LabeledImages)
    indices, dataset = trainer.order[:50], tiny_dataset()
    np.testing.assert_array_equal(batch.images, dataset.train_images[indices])
    np.testing.assert_array_equal(batch.labels, dataset.train_labels[indices])
    assert not np.shares_memory(batch.images, trainer.dataset.train_images)
