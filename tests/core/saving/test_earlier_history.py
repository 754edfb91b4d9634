"""Histories from files with every single step equal those recorded by this version."""

from dataclasses import replace

import numpy as np
import pytest

from core.saving import earlier_history
from core.saving.run_file import load_run
from core.settings.config import Hyperparameters, NetworkConfig
from core.training.checkpoint import Change
from tests.core.training.small_runs import make_trainer, run
from tests.earlier_files import VERSION_0_1


def changed_run():
    """A run of 200 images per epoch whose batch size changes live twice within an epoch."""
    trainer = make_trainer(batch_size=30)
    for steps, size in ((10, 64), (3, 7), (40, 7)):
        run(trainer, steps)
        trainer.change(replace(trainer.hyperparameters, batch_size=size))
    return trainer


def old_values(trainer):
    """The run's arrays in a file of version 5."""
    history = trainer.history
    values = history.values()
    counts = history.steps.count, history.epochs.count, history.evaluations.count
    shapes = earlier_history.shapes(*counts, is_validated=False)
    return {name: values[name] for name in shapes}


@pytest.mark.parametrize("kept", [4, 8, 1 << 15])
def test_the_history_is_as_if_recorded(monkeypatch, kept):
    """All arrays of the run itself, including its buckets, sums and batch sizes."""
    trainer = changed_run()
    values, seconds = old_values(trainer), trainer.history.evaluations.newest("evaluation_seconds")
    monkeypatch.setattr("core.history.history.KEPT_STEPS", kept)
    monkeypatch.setattr("core.history.history.KEPT_EVALUATIONS", kept)
    expected = changed_run().history
    read = earlier_history.recorded(
        values, seconds, trainer.changes, trainer.images_per_epoch, trainer.position
    )
    ours, theirs = read.values(), expected.values()
    assert ours.keys() == theirs.keys()
    for name, array in ours.items():
        np.testing.assert_array_equal(array, theirs[name], err_msg=name)
    np.testing.assert_array_equal(read.evaluations.newest("evaluation_seconds")[-1:], seconds[-1:])


def test_without_batch_sizes_images_are_spread_evenly():
    """As if the log of changes was truncated: it says 30 images a batch, but 2 batches had 200."""
    change = Change(0, Hyperparameters(batch_size=30), NetworkConfig(hidden=(3,)))
    steps = np.float32([1, 2, 3, 4])
    values = {
        **dict.fromkeys(("batch_loss", "regularization_loss", "batch_accuracy"), steps),
        "epoch_end": np.array([2]),
        **dict.fromkeys(("evaluation_step", "test_loss", "test_accuracy"), np.empty(0)),
        **dict.fromkeys(("validation_loss", "validation_accuracy"), np.empty(0)),
    }
    read = earlier_history.recorded(values, np.empty(0), [change], 200, 50)
    images = read.steps.newest("batch_images")
    np.testing.assert_array_equal(images, [100, 100, 30, 20])
    assert read.epoch_loss_parts[0] == 1.5


def test_a_real_run_of_version_0_1_has_the_history_of_its_repetition():
    """Batch sizes are inferred from the number of images at each epoch's end."""
    training = load_run(VERSION_0_1 / "run.npz").training
    images = training.history["batch_images"]
    total = training.checkpoint.epoch * len(training.checkpoint.order)
    assert images.sum() == total + training.checkpoint.position
    assert (images >= 1).all()
    assert np.isfinite(training.history["epoch_data_loss"]).all()
