"""Named configurations: the networks of the three documents, and well-tuned ones."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.errors import ConfigError
from core.settings.augmentation import DEFAULT_AUGMENTATION
from core.settings.config import MAX_BATCH_SIZE, Hyperparameters, NetworkConfig


@dataclass(frozen=True)
class Preset:
    """A network and its hyperparameters, with a line that says what to expect.

    Attributes
    ----------
    epochs
        Default length of training on the command line. In the window, training continues until it
        is paused, unless the hyperparameters say when to stop.
    """

    name: str
    title: str
    remark: str
    network: NetworkConfig
    hyperparameters: Hyperparameters
    epochs: int


_CHAPTER_3 = NetworkConfig(hidden=(128, 64), initialization="constant", initial_scale=0.01)
_MINI_BATCH = Hyperparameters(learning_rate=0.1, batch_size=64)

ADAM = Hyperparameters(batch_size=128, optimizer="adam", augmentation=DEFAULT_AUGMENTATION)
"""What the well-tuned runs share; each has its own learning rate, schedule and epochs."""

PRESETS: tuple[Preset, ...] = (
    Preset(
        name="my-neural-network",
        title="My neural network",
        remark="784-128-64-10 with He initialization: above 97 % on MNIST within seconds.",
        network=NetworkConfig(hidden=(128, 64)),
        hyperparameters=_MINI_BATCH,
        epochs=10,
    ),
    Preset(
        name="first-steps",
        title="First steps",
        remark="784-1024-10 with L2: one wide hidden layer; its author reports 97.87 % on MNIST.",
        network=NetworkConfig(hidden=(1024,), initialization="constant", initial_scale=0.01),
        hyperparameters=Hyperparameters(learning_rate=0.1, batch_size=128, l2=0.0001),
        epochs=20,
    ),
    Preset(
        name="chapter-3-as-printed",
        title="Chapter 3, as printed",
        remark="One step per epoch, on all images at once; after 50 epochs it has learned nothing.",
        network=_CHAPTER_3,
        hyperparameters=Hyperparameters(learning_rate=0.01, batch_size=MAX_BATCH_SIZE),
        epochs=50,
    ),
    Preset(
        name="chapter-3-mini-batch",
        title="Chapter 3, mini-batches",
        remark="Weights N(0, 1)·0.01 and batches of 64: the same network learns.",
        network=_CHAPTER_3,
        hyperparameters=_MINI_BATCH,
        epochs=50,
    ),
    Preset(
        name="chapter-3-sigmoid",
        title="Chapter 3, sigmoid",
        remark="The first exercise: sigmoid instead of ReLU; its slope is at most 1/4.",
        network=replace(_CHAPTER_3, activations=("sigmoid",)),
        hyperparameters=_MINI_BATCH,
        epochs=50,
    ),
    Preset(
        name="chapter-3-third-layer",
        title="Chapter 3, a third layer",
        remark="The second exercise: one more hidden layer, of 32 units.",
        network=_CHAPTER_3.with_hidden((128, 64, 32)),
        hyperparameters=_MINI_BATCH,
        epochs=50,
    ),
    Preset(
        name="chapter-3-32-16",
        title="Chapter 3, 32 and 16 units",
        remark="The third exercise: hidden layers of 32 and 16 units, a quarter of the weights.",
        network=_CHAPTER_3.with_hidden((32, 16)),
        hyperparameters=_MINI_BATCH,
        epochs=50,
    ),
    Preset(
        name="fast",
        title="Fast",
        remark="784-256-128-10 in half a minute: 99 % on MNIST. Ends after 12 epochs.",
        network=NetworkConfig(hidden=(256, 128)),
        hyperparameters=replace(ADAM, learning_rate=0.003, schedule="one-cycle", epochs=12),
        epochs=12,
    ),
    Preset(
        name="best",
        title="Best",
        remark="784-1000-500-10 within an hour: 99.5 % on MNIST. Ends after 300 epochs.",
        network=NetworkConfig(hidden=(1000, 500)),
        hyperparameters=replace(
            ADAM, learning_rate=0.001, schedule="cosine", warm_up=1.0, epochs=300
        ),
        epochs=300,
    ),
    Preset(
        name="pad",
        title="For the pad",
        remark="784-1000-500-10 for MNIST and strokes together: how the ready-made network was "
        "trained. Ends after 120 epochs.",
        network=NetworkConfig(hidden=(1000, 500)),
        hyperparameters=replace(ADAM, learning_rate=0.001, schedule="one-cycle", epochs=120),
        epochs=120,
    ),
)

DEFAULT_PRESET = PRESETS[0]


def preset_named(name: str) -> Preset:
    """Return the preset of that name.

    Raises
    ------
    ConfigError
        If there is none.
    """
    for preset in PRESETS:
        if preset.name == name:
            return preset
    known = ", ".join(preset.name for preset in PRESETS)
    raise ConfigError(f"There is no preset '{name}'; use one of {known}.")
