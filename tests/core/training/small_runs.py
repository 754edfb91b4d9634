"""Trainers for tests."""

import numpy as np

from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.training.trainer import Trainer
from tests.core.digits import tiny_dataset

SMALL = NetworkConfig(hidden=(16,))


def make_trainer(
    dataset=None,
    network=SMALL,
    seed=0,
    validation=0,
    workers=None,
    dtype=np.float32,
    is_filmed=False,
    **hyperparameters,
):
    """Return a trainer of `network` on 200 images, or on `dataset`."""
    config = RunConfig(
        network=network,
        hyperparameters=Hyperparameters(**hyperparameters),
        seed=seed,
        validation=validation,
    )
    return Trainer(
        config, dataset or tiny_dataset(), workers=workers, dtype=dtype, is_filmed=is_filmed
    )


def run(trainer, steps):
    """Train for this many steps; return the trainer."""
    for _ in range(steps):
        trainer.step()
    return trainer
