"""Add an activation of your own, softsign, and train with it."""

import numpy as np

from core.datasets.loading import load_dataset
from core.network.activations import Activation, register_activation
from core.settings.config import NetworkConfig, RunConfig
from core.training.trainer import Trainer


def forward(Z, scratch):
    """A = Z / (1 + |Z|), in place: Z becomes A. What is in scratch may be overwritten."""
    Z /= np.add(np.abs(Z, out=scratch), 1, out=scratch)


def backward(dA, A, scratch):
    """dZ = dA ⊙ f′(Z), in place. Here f′(Z) = 1 / (1 + |Z|)², which is (1 − |A|)²."""
    slope = np.subtract(1, np.abs(A, out=scratch), out=scratch)
    dA *= np.square(slope, out=slope)


softsign = Activation(
    title="softsign",
    description="An S from −1 to 1, whose ends flatten slowly",
    formula=r"\frac{z}{1 + |z|}",
    slope="(1 − |a|)^{2}",
    forward=forward,
    backward=backward,
    onnx=("Softsign", {}),
    gain=1 / 2,  # near zero f(z) is z, so z ÷ (f(z) − f(−z)) is 1/2
)
register_activation("softsign", softsign)

dataset = load_dataset("strokes")
for activation in ("softsign", "tanh"):
    network = NetworkConfig(hidden=(64,), activations=(activation,))
    trainer = Trainer(RunConfig(network=network), dataset)
    while trainer.epoch < 2:
        trainer.step()
    print(f"{activation}: test accuracy {trainer.read_test_set().accuracy:.1%}")
