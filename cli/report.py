"""Results as a JSON file."""

from __future__ import annotations

import json
from pathlib import Path

from core.files.atomic_file import write_atomically


def write_report(path: Path, **figures: object) -> None:
    """Write `figures` as one JSON object.

    Raises
    ------
    DigitscopeError
        If the file cannot be written.
    """
    text = json.dumps(figures, indent=2) + "\n"
    write_atomically(path, lambda stream: stream.write(text.encode()))
