"""The ready-made network that comes with the app."""

from __future__ import annotations

from pathlib import Path

from core.saving.run_file import load_run
from core.training.confidence import Thresholds
from core.training.saved_run import SavedRun
from core.wording import Classes

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


def thresholds_in_force(
    own: Thresholds | None, shipped: SavedRun | None, classes: Classes
) -> Thresholds:
    """Return for each of `classes` the least probability, 0…1, of a certain prediction of it.

    These are the network's `own` thresholds. A network that was trained without a validation split
    has none, and uses the ready-made network's, of other classes the greatest of them; without
    either, every prediction is certain.
    """
    if own is not None:
        return own
    if shipped is None or shipped.thresholds is None:
        return (0.0,) * len(classes)
    if classes == shipped.network.classes:
        return shipped.thresholds
    return (max(shipped.thresholds),) * len(classes)
