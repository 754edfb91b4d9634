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
