"""What a run is made of: the network's shape, the settings that may change live, and the seed.

The split into classes is the split that a user sees: a change of :class:`Hyperparameters` takes
effect at the next step, a change of anything else starts a new run.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

from core.datasets.dataset import CLASSES, DATASET_NAMES, PIXELS, DatasetName
from core.errors import ConfigError

MAX_HIDDEN_LAYERS = 8
MAX_UNITS = 4_096
MAX_BATCH_SIZE = 60_000
"""Every data set has this many training images, so this is the full batch."""
MAX_LEARNING_RATE = 1_000.0
MAX_SEED = 2**31 - 1

InitializationName = Literal["he", "constant"]
INITIALIZATION_NAMES: tuple[InitializationName, ...] = ("he", "constant")


@dataclass(frozen=True)
class NetworkConfig:
    """The shape of a fully connected network and how its weights begin.

    Attributes
    ----------
    hidden
        Units of each hidden layer, from the input to the output; may be empty.
    initialization
        ``"he"``: N(0, 2/fan_in). ``"constant"``: N(0, 1) times `initial_scale` in every layer.
    initial_scale
        Standard deviation for ``"constant"``; not used by ``"he"``.

    Raises
    ------
    ConfigError
        If a value is outside what is described here.
    """

    hidden: tuple[int, ...] = (128, 64)
    initialization: InitializationName = "he"
    initial_scale: float = 0.01

    def __post_init__(self) -> None:
        """Check every field."""
        if len(self.hidden) > MAX_HIDDEN_LAYERS:
            raise ConfigError(
                f"{len(self.hidden)} hidden layers are too many; use at most {MAX_HIDDEN_LAYERS}."
            )
        for units in self.hidden:
            if not 1 <= units <= MAX_UNITS:
                raise ConfigError(
                    f"A hidden layer of {units} units is not possible; use 1 to {MAX_UNITS}."
                )
        if self.initialization not in INITIALIZATION_NAMES:
            raise ConfigError(
                f"Unknown initialisation '{self.initialization}'; "
                f"use one of {', '.join(INITIALIZATION_NAMES)}."
            )
        if not 0 <= self.initial_scale < math.inf:
            raise ConfigError(f"The initial scale {self.initial_scale} is not a finite number ≥ 0.")

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units of all layers, with the 784 inputs and the 10 outputs."""
        return (PIXELS, *self.hidden, CLASSES)

    def __str__(self) -> str:
        return "-".join(map(str, self.sizes))


@dataclass(frozen=True)
class Hyperparameters:
    """The settings that can change between two steps of a running trainer.

    Attributes
    ----------
    learning_rate
        α of the update W ← W − α·dW.
    batch_size
        Images per step; the last batch of an epoch holds what is left.
    l2
        λ of the penalty 0.5·λ·ΣW², which spares the biases.

    Raises
    ------
    ConfigError
        If a value is outside what is described here.
    """

    learning_rate: float = 0.1
    batch_size: int = 64
    l2: float = 0.0

    def __post_init__(self) -> None:
        """Check every field."""
        if not 0 < self.learning_rate <= MAX_LEARNING_RATE:
            raise ConfigError(
                f"The learning rate {self.learning_rate} is not a number above 0 and at most "
                f"{MAX_LEARNING_RATE:g}; 0.1 is a good start."
            )
        if not 1 <= self.batch_size <= MAX_BATCH_SIZE:
            raise ConfigError(
                f"The batch size {self.batch_size} is not in 1 to {MAX_BATCH_SIZE}; "
                "64 is a good start."
            )
        if not 0 <= self.l2 <= 1:
            raise ConfigError(f"The L2 strength {self.l2} is not in 0 to 1; try 0 or 0.0001.")


@dataclass(frozen=True)
class RunConfig:
    """Everything that decides a run: with the same seed it gives the same bits.

    Raises
    ------
    ConfigError
        If the seed or the name of the data set is not valid.
    """

    dataset: DatasetName = "strokes"
    network: NetworkConfig = field(default_factory=NetworkConfig)
    hyperparameters: Hyperparameters = field(default_factory=Hyperparameters)
    seed: int = 0

    def __post_init__(self) -> None:
        """Check every field."""
        if self.dataset not in DATASET_NAMES:
            raise ConfigError(
                f"Unknown data set '{self.dataset}'; use one of {', '.join(DATASET_NAMES)}."
            )
        if not 0 <= self.seed <= MAX_SEED:
            raise ConfigError(f"The seed {self.seed} is not in 0 to {MAX_SEED}.")
