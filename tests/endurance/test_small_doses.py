"""A short version of each endurance program; `make endurance` runs the long ones."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOSES = {
    "churn": ("--count", "50"),
    "kill": ("--count", "2"),
    "monkey": ("--count", "100"),
    "soak": ("--minutes", "0.02"),
}


@pytest.fixture(scope="module")
def doses():
    """All at once, because each often waits for the disk or the clock."""
    started = {
        program: subprocess.Popen(
            [sys.executable, "-m", f"tests.endurance.{program}", *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        for program, arguments in DOSES.items()
    }
    yield started
    for process in started.values():
        # With the apps that it has started: they hold its pipe, and it has no end before theirs.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.mark.parametrize("program", DOSES)
def test_a_small_dose(doses, program):
    output, _ = doses[program].communicate(timeout=110)
    assert doses[program].returncode == 0, output
