"""Everything fits: at each size of a screen, in every tab, for any number of layers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("ratio", "sizes"),
    [
        (1, ("960x610", "1024x768", "1280x800")),
        (1, ("1366x768", "1920x1080", "2560x1440")),
        (1.5, ("1280x720",)),
        (1.75, ("1097x617",)),
        (2, ("1920x1080",)),
    ],
)
def test_nothing_is_cut(ratio, sizes):
    """Sizes of screens in logical pixels, at device ratios that only a process of its own has."""
    environment = {**os.environ, "QT_SCALE_FACTOR": str(ratio)}
    run = subprocess.run(
        [sys.executable, "-m", "tests.gui.window.screens", *sizes],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == []
