"""Training speed with the window as a share of the speed without it, for each visible tab.

    python -m tests.bench.bench_share [--hidden 1024] [--batch 128] [--tabs flow layers …]
                                      [--against headless] [--turns 40] [--seconds 1]

Starts and stops a headless run (`main.py train`, with the threads that it chooses or with one) and
the real window, once for each tab. Then each continues for a second in turn (by signals: not on
Windows), so a machine whose speed varies is as fast for each. Needs a display; run it with nothing
else running.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tests.bench.figures import Figure, Target, row
from tests.bench.turns import quotients, take_turns

ROOT = Path(__file__).parents[2]
HEADLESS, ONE_THREAD = "headless", "one-thread"
TABS = ("weights", "flow", "layers", "mistakes", "activations", "runs", "my_digits")
JOBS = (
    ("128,64", 64, ("weights",), ONE_THREAD, Target(0.85)),
    ("1024", 128, TABS, HEADLESS, Target(0.8)),
)
"""Layers, batch size, tabs (Maths pauses training), what they are compared with, and target."""

SETTLING = 2.0
"""Seconds for which a run trains before its first stop: threads are chosen, caches warm up."""

WAKING = 0.2
"""Seconds at the start of a turn that do not count: delayed work is done."""

PATIENCE = 120.0
"""Seconds within which a run must have started to train."""


class StoppedRun:
    """A training process that runs only during its turn."""

    def __init__(self, view: str, hidden: str, batch: int, folder: Path) -> None:
        counter = folder / view
        counter.write_bytes(bytes(8))
        self._steps = np.memmap(counter, np.int64, "r", shape=1)
        call = (sys.executable, "-m", "tests.bench.counted_run", counter, view, hidden, batch)
        with (folder / f"{view}.log").open("wb") as log:
            self._process = subprocess.Popen(
                list(map(str, call)),
                cwd=ROOT,
                stdout=log,
                stderr=log,
                env=os.environ | {"TMPDIR": str(folder)},
            )
        begun = time.perf_counter()
        while not self._steps[0]:
            if self._process.poll() is not None or time.perf_counter() - begun > PATIENCE:
                self.end()
                sys.exit(f"No step was made with {view}:\n{Path(log.name).read_text()}")
            time.sleep(0.1)
        time.sleep(SETTLING)
        self._process.send_signal(signal.SIGSTOP)

    def run(self, seconds: float) -> float:
        """Run for this long; return steps per second."""
        self._process.send_signal(signal.SIGCONT)
        time.sleep(WAKING)
        begun, before = time.perf_counter(), int(self._steps[0])
        time.sleep(seconds)
        passed, made = time.perf_counter() - begun, int(self._steps[0]) - before
        self._process.send_signal(signal.SIGSTOP)
        return made / passed

    def end(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()


def measure(
    hidden: str,
    batch: int,
    tabs: Sequence[str],
    against: str,
    target: Target | None,
    turns: int,
    seconds: float,
) -> list[Figure]:
    """Return the window's share of the headless speed for each tab, one value per round."""
    runs: dict[str, StoppedRun] = {}
    with tempfile.TemporaryDirectory() as folder:
        try:
            for view in (against, *tabs):
                runs[view] = StoppedRun(view, hidden, batch, Path(folder))
            rates = take_turns(runs, turns, seconds)
        finally:
            for run in runs.values():
                run.end()
    shape = hidden.replace(",", "-")
    return [
        Figure(
            f"784-{shape}-10, batch {batch}, {view}: with the window ÷ {against}",
            quotients(rates[view], rates[against]),
            target,
        )
        for view in tabs
    ]


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hidden", help="layers, such as 128,64; else the jobs of README")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--tabs", nargs="+", default=TABS, help="with + between: opened in turn")
    parser.add_argument("--against", choices=(HEADLESS, ONE_THREAD), default=HEADLESS)
    parser.add_argument("--turns", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=1.0, help="of a turn")
    arguments = parser.parse_args()
    own = (arguments.hidden, arguments.batch, arguments.tabs, arguments.against, None)
    print(row(("", "median", "lowest to highest", "target", "")))
    print(row(("---",) * 5))
    for job in [own] if arguments.hidden else JOBS:
        for figure in measure(*job, arguments.turns, arguments.seconds):
            print(figure.row(), flush=True)


if __name__ == "__main__":
    main()
