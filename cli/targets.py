"""Where a command is to write, looked at before its work."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from core.atomic_file import check_writable
from core.errors import ConfigError


def check_target(target: Path | None, others: Sequence[Path | None]) -> None:
    """Find out whether `target` can be written, and is none of the `others` that a command names.

    Raises
    ------
    DigitscopeError
        If not; nothing is raised for None.
    """
    if target is None:
        return
    check_writable(target)
    if os.path.realpath(target) in [os.path.realpath(other) for other in others if other]:
        raise ConfigError(
            f"'{target}' is named for two things, of which one would overwrite the other. Choose "
            "another name for one of them."
        )
