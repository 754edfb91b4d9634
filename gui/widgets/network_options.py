"""What can be chosen for a network, with its title and a tool tip."""

from __future__ import annotations

from core.network.activations import ACTIVATIONS
from core.settings.config import OutputName
from core.wording import capitalized

ACTIVATION_OPTIONS = tuple(
    (name, capitalized(f.title), f.description) for name, f in ACTIVATIONS.items()
)
OUTPUT_OPTIONS: tuple[tuple[OutputName, str, str], ...] = (
    ("softmax", "Softmax", "One class out of all: the probabilities add up to 100 %"),
    ("sigmoid", "Sigmoid", "Independent yes-or-no questions, one for each class"),
)
