"""How a trained network learns a few more images without forgetting the rest."""

from __future__ import annotations

from dataclasses import replace

from core.augmentation import DEFAULT_AUGMENTATION
from core.config import Hyperparameters, RunConfig

SHARE = 0.1
"""The new images, repeated and each time distorted otherwise, are this share of what is learned;
the rest is the training set, so that the network is reminded of it (rehearsal: Robins 1995,
"Catastrophic forgetting, rehearsal and pseudorehearsal")."""


def fine_tuning(config: RunConfig) -> RunConfig:
    """Return `config` with one gentle epoch as its training."""
    hyperparameters = Hyperparameters(
        learning_rate=0.0003,
        batch_size=128,
        optimizer="adam",
        schedule="cosine",
        epochs=1,
        augmentation=DEFAULT_AUGMENTATION,
    )
    return replace(config, hyperparameters=hyperparameters)
