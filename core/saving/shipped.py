"""The ready-made network that comes with the app."""

from __future__ import annotations

from pathlib import Path

from core.saving.run_file import load_run
from core.training.saved_run import SavedRun

SHIPPED_NETWORK = Path(__file__).parents[2] / "assets" / "network.npz"
"""Made by ``make network``."""


def load_shipped_network() -> SavedRun:
    """Read the ready-made network.

    Raises
    ------
    RunFileError
        If the file is missing or damaged; the app works without it.
    """
    return load_run(SHIPPED_NETWORK)


def threshold_in_force(own: float | None, shipped: SavedRun | None) -> float:
    """Return the least probability, 0…1, of a network's prediction that counts as certain.

    That is its `own` threshold. A network that was trained without a validation split has none, and
    uses the ready-made network's; without either, every prediction is certain.
    """
    if own is None and shipped is not None:
        own = shipped.threshold
    return 0.0 if own is None else own
