"""Live changes of settings, and going back after a bad step."""

import numpy as np
import pytest

from core.network.layers import layer_views
from core.settings.augmentation import DEFAULT_AUGMENTATION
from core.settings.config import OPTIMIZER_NAMES, Hyperparameters, NetworkConfig
from core.training.checkpoint import Change
from core.training.divergence import TrainingDivergedError
from tests.core.training.small_runs import make_trainer, run


def test_a_change_takes_effect_at_the_next_step_and_is_recorded():
    changed = run(make_trainer(learning_rate=0.1), 2)
    frozen = changed.network.parameters.copy()
    changed.change(Hyperparameters(learning_rate=1e-30))
    np.testing.assert_array_equal(changed.network.parameters, frozen)
    changed.step()
    np.testing.assert_array_equal(changed.network.parameters, frozen)
    assert [(c.step, c.hyperparameters.learning_rate) for c in changed.changes] == [
        (0, 0.1),
        (2, 1e-30),
    ]


def test_changing_the_batch_size_within_an_epoch_loses_no_image():
    trainer = make_trainer(batch_size=64)
    trainer.step()
    trainer.change(Hyperparameters(batch_size=100))
    trainer.step()
    assert trainer.position == 164
    trainer.step()
    assert (trainer.epoch, trainer.position) == (1, 0)


def test_hyperparameters_and_network_change_together():
    trainer = make_trainer(learning_rate=0.1)
    network = trainer.network_config.with_hidden((5,))
    trainer.change(Hyperparameters(learning_rate=0.2), network)
    assert trainer.changes[1:] == [Change(0, Hyperparameters(learning_rate=0.2), network)]
    assert trainer.network.sizes == network.sizes


def test_another_network_keeps_what_was_learned():
    """Its predictions, and the optimizer's state and steps."""
    trainer = run(make_trainer(optimizer="adam", learning_rate=0.001), 30)
    images = trainer.dataset.test_images
    before, wanted = trainer.network, trainer.network.predict(images)
    averages, steps = trainer.optimizer.state["v"].copy(), trainer.optimizer.steps
    units = before.sizes[1]
    trainer.change(network=trainer.network_config.with_hidden((units + 8, *before.sizes[2:-1])))
    assert trainer.network.sizes == (784, units + 8, *before.sizes[2:])
    np.testing.assert_allclose(trainer.network.predict(images), wanted, atol=1e-5)
    old, new = (
        layer_views(v, sizes)[0].W
        for v, sizes in (
            (averages, before.sizes),
            (trainer.optimizer.state["v"], trainer.network.sizes),
        )
    )
    np.testing.assert_array_equal(new[:, :units], old)
    assert old.any()
    assert trainer.optimizer.steps == steps
    assert trainer.changes[-1] == Change(30, trainer.hyperparameters, trainer.network_config)
    trainer.step()
    assert trainer.optimizer.steps == steps + 1
    assert (trainer.network.layers[0].W[:, :units] != before.layers[0].W).any()


def test_a_change_lists_the_units_that_are_kept():
    trainer = run(make_trainer(network=NetworkConfig(hidden=(16, 12))), 30)
    before = trainer.network
    first, second = (units // 2 for units in before.sizes[1:3])
    trainer.change(network=trainer.network_config.with_hidden((first, second)))
    kept_units = trainer.changes[-1].kept_units
    assert [len(units) for units in kept_units] == [784, first, second, 10]
    # The output layer was refitted.
    for rows, columns, old, new in zip(
        kept_units[:-2], kept_units[1:-1], before.layers, trainer.network.layers, strict=False
    ):
        np.testing.assert_array_equal(new.W, old.W[np.ix_(rows, columns)])
    trainer.change(network=trainer.network_config.with_hidden((first,)))
    # The outputs read another layer.
    assert [len(units) for units in trainer.changes[-1].kept_units] == [784, first]
    trainer.change(Hyperparameters(learning_rate=0.5))
    assert trainer.changes[-1].kept_units is None


def test_two_changes_at_one_step_draw_other_weights():
    trainer = make_trainer()
    for units in (40, 42, 44):
        trainer.change(network=trainer.network_config.with_hidden((units,)))
    W = trainer.network.layers[0].W
    assert len(np.unique(np.abs(W[0, 40:]))) == 2  # two different pairs


def test_posting_the_current_settings_changes_nothing():
    trainer = run(make_trainer(), 3)
    trainer.change(trainer.hyperparameters)
    trainer.step()
    assert len(trainer.changes) == 1


@pytest.mark.parametrize(
    "settings",
    [
        {"l2": 0.1},
        {"dropout": 0.5},
        {"augmentation": DEFAULT_AUGMENTATION},
        {"momentum": 0.5},
        {"optimizer": "adam"},
        {"schedule": "step", "epochs": 1},
        {"warm_up": 100.0},
    ],
)
def test_every_setting_changes_what_the_next_step_does(settings):
    """In the second half of an epoch, with the optimizer that uses all of them."""
    common = {"optimizer": "nesterov", "learning_rate": 0.01}
    changed, plain = (run(make_trainer(**common), 3) for _ in range(2))
    np.testing.assert_array_equal(changed.network.parameters, plain.network.parameters)
    changed.change(Hyperparameters(**(common | settings)))
    for trainer in (changed, plain):
        trainer.step()
    assert not np.array_equal(changed.network.parameters, plain.network.parameters)


@pytest.mark.parametrize("before", OPTIMIZER_NAMES)
@pytest.mark.parametrize("after", OPTIMIZER_NAMES)
def test_another_optimizer_starts_afresh_and_the_same_one_continues(before, after):
    """Compared with a trainer that has these parameters and this batch, but no history."""
    trainer = run(make_trainer(optimizer=before, learning_rate=0.001), 2)
    fresh = make_trainer(optimizer=after, learning_rate=0.002)
    fresh.network.parameters[:] = trainer.network.parameters
    fresh.order = trainer.order[trainer.position :]
    fresh.step()
    trainer.change(Hyperparameters(optimizer=after, learning_rate=0.002))
    trainer.step()
    is_fresh = np.array_equal(trainer.network.parameters, fresh.network.parameters)
    assert is_fresh == (before != after or after == "sgd")
    assert trainer.optimizer.steps == (1 if before != after else 3)


# --- going back -------------------------------------------------------------------------------


@pytest.mark.parametrize("optimizer", OPTIMIZER_NAMES)
def test_going_back_and_training_again_gives_the_same_bits(optimizer):
    """From the middle of an epoch to a later one, with everything that draws random numbers."""
    trainer = make_trainer(
        batch_size=64,
        optimizer=optimizer,
        learning_rate=0.001,
        dropout=0.3,
        augmentation=DEFAULT_AUGMENTATION,
        validation=40,
    )
    run(trainer, 7)
    assert trainer.position
    checkpoint = trainer.checkpoint()
    run(trainer, 10)
    first = trainer.network.parameters.copy()
    losses = trainer.history.batch_loss.copy()
    validation = trainer.history.validation_loss.copy()
    trainer.restore(checkpoint)
    assert trainer.step_count == 7
    assert len(trainer.history.batch_loss) == 7
    run(trainer, 10)
    np.testing.assert_array_equal(trainer.network.parameters, first)
    np.testing.assert_array_equal(trainer.history.batch_loss, losses)
    np.testing.assert_array_equal(trainer.history.validation_loss, validation)


def test_going_back_over_a_change_of_optimizer_gives_the_same_bits():
    trainer = run(make_trainer(optimizer="adam", learning_rate=0.001), 3)
    checkpoint = trainer.checkpoint()
    run(trainer, 5)
    first = trainer.network.parameters.copy()
    trainer.change(Hyperparameters(optimizer="momentum"))
    run(trainer, 5)
    trainer.restore(checkpoint)
    run(trainer, 5)
    np.testing.assert_array_equal(trainer.network.parameters, first)


def test_a_checkpoint_stays_as_it_is():
    """A trainer can go back to the same checkpoint many times."""
    trainer = run(make_trainer(optimizer="adam", learning_rate=0.001), 3)
    checkpoint = trainer.checkpoint()
    ends = []
    for _ in range(3):
        trainer.restore(checkpoint)
        ends.append(run(trainer, 6).network.parameters.copy())
    np.testing.assert_array_equal(ends[0], ends[1])
    np.testing.assert_array_equal(ends[0], ends[2])


def test_going_back_undoes_a_change_of_the_network():
    trainer = run(make_trainer(optimizer="adam", learning_rate=0.001), 3)
    checkpoint = trainer.checkpoint()
    alone = run(trainer, 4).network.parameters.copy()
    trainer.restore(checkpoint)
    before = trainer.network_config
    trainer.change(network=before.with_hidden((40,)))
    run(trainer, 2)
    assert trainer.network.sizes == (784, 40, 10)
    trainer.restore(checkpoint)
    assert trainer.network_config == before
    np.testing.assert_array_equal(run(trainer, 4).network.parameters, alone)


def test_going_back_forgets_later_changes():
    trainer = run(make_trainer(learning_rate=0.1), 2)
    checkpoint = trainer.checkpoint()
    trainer.change(Hyperparameters(learning_rate=0.5))
    run(trainer, 3)
    trainer.change(Hyperparameters(learning_rate=0.6))
    trainer.restore(checkpoint)
    trainer.step()
    assert trainer.hyperparameters.learning_rate == 0.1
    assert len(trainer.changes) == 1


# --- divergence -------------------------------------------------------------------------------


def test_divergence_stops_at_the_step_and_says_why():
    trainer = run(make_trainer(learning_rate=0.05), 30)
    good = trainer.network.parameters.copy()
    trainer.change(Hyperparameters(learning_rate=900))
    with pytest.raises(TrainingDivergedError, match="learning rate") as caught:
        run(trainer, 1000)
    assert caught.value.step == trainer.step_count
    assert caught.value.good.step == 30
    trainer.restore_last_good()
    np.testing.assert_array_equal(trainer.network.parameters, good)
    assert trainer.hyperparameters.learning_rate == 0.05
    assert len(trainer.history.batch_loss) == trainer.step_count == 30
    run(trainer, 10)
    assert trainer.history.batch_loss[-1] < 2.3


@pytest.mark.parametrize("optimizer", OPTIMIZER_NAMES)
def test_every_optimizer_recovers_from_divergence(optimizer):
    """Its state, which divergence filled with nonsense, is restored."""
    settings = {"learning_rate": 0.001, "optimizer": optimizer}
    trainer = run(make_trainer(**settings), 10)
    trainer.change(Hyperparameters(learning_rate=900, optimizer=optimizer))
    with pytest.raises(TrainingDivergedError):
        run(trainer, 1000)
    trainer.restore_last_good()
    run(trainer, 10)
    undisturbed = run(make_trainer(**settings), 20)
    np.testing.assert_array_equal(trainer.network.parameters, undisturbed.network.parameters)


def test_the_last_good_state_is_renewed_every_200_steps():
    trainer = run(make_trainer(batch_size=20, learning_rate=0.01), 203)
    trainer.restore_last_good()
    assert trainer.step_count == 200


def test_divergence_through_l2_names_l2():
    trainer = make_trainer(learning_rate=4, l2=1)
    with pytest.raises(TrainingDivergedError, match="L2"):
        run(trainer, 1000)


def test_nan_counts_as_divergence():
    trainer = run(make_trainer(), 1)
    trainer.network.parameters[0:200] = np.nan
    with pytest.raises(TrainingDivergedError, match="NaN"):
        trainer.step()


def test_large_initial_weights_are_not_divergence():
    network = NetworkConfig(hidden=(16,), initialization="constant", initial_scale=3)
    trainer = run(make_trainer(network=network, learning_rate=1e-6), 20)
    assert trainer.history.batch_loss[0] > 100 * np.log(10)
    assert trainer.step_count == 20
