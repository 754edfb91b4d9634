"""Kills the app at random instants, and checks what it leaves on disk.

    python -m tests.endurance.kill [--count 100] [--seed 1] [--signal KILL]

The app trains, saves, autosaves, records its runs, draws, and saves, relabels and removes digits as
fast as it can, in its own home folder, until the signal comes. Then it is started again: every file
must open, everything reported as written must be there, and no file of a dead process may be left.
With ``--signal TERM`` it must also quit by itself within 5 s, with status 0.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import IO

from tests.endurance.program import home, verdict
from tests.endurance.remains import Remains, kind_of
from tests.endurance.watchdog import HANG_SECONDS

ROOT = Path(__file__).parents[2]
_LATEST_SECONDS = 1.5
"""A signal comes at most this long after the app started to work, or to start up."""
_TERM_SECONDS = 5.0
_SWEEPING_SECONDS = 2.0
"""Seconds after a start within which the app has removed leftovers."""
_EARLY = 0.2
"""The share of signals that come while the app is starting."""


class Killer:
    """Starts the app, checks what the previous one left, and ends it with a signal."""

    def __init__(self, folder: Path, seed: int, number: signal.Signals) -> None:
        self._folder = folder
        self._rng = random.Random(seed)
        self._signal = number
        self._digits = 0
        self._saved: set[str] = set()
        self.damaged: list[str] = []
        self.lost: list[str] = []
        self.leftovers: set[Path] = set()
        self.unwilling: list[str] = []
        self.remains: Remains | None = None

    def round(self) -> None:
        """Start the app, and kill it while it starts or works."""
        with self._start() as app:
            assert app.stdout is not None
            if self._rng.random() < _EARLY:
                self._end(app, self._rng.uniform(0, _LATEST_SECONDS))
                _read(app.stdout)
                return
            self.look(app)
            self._end(app, self._rng.uniform(0, _LATEST_SECONDS))
            for line in _read(app.stdout):
                self._digits += line == "kept"
                self._digits -= line == "removing"
                if line.startswith("saved "):
                    self._saved.add(line.removeprefix("saved "))

    def last_look(self) -> None:
        """Start the app once more."""
        with self._start() as app:
            self.look(app)
            app.kill()

    def _start(self) -> subprocess.Popen[str]:
        home_and_seed = (str(self._folder), str(self._rng.randrange(1_000_000)))
        return subprocess.Popen(
            [sys.executable, "-m", "tests.endurance.victim", *home_and_seed],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def look(self, app: subprocess.Popen[str]) -> None:
        """Wait until the app has started, check what is on disk, and let it work."""
        assert app.stdin is not None
        assert app.stdout is not None
        line = app.stdout.readline()
        if line.strip() != "started":
            self.damaged.append("the app did not start")
            return
        deadline = time.monotonic() + _SWEEPING_SECONDS
        remains = Remains(self._folder)
        while remains.leftovers and time.monotonic() < deadline:
            time.sleep(0.2)
            remains = Remains(self._folder)
        self.remains = remains
        self.damaged += remains.damaged
        self.leftovers |= remains.leftovers
        if remains.digits < self._digits:
            self.lost.append(f"{self._digits - remains.digits} digits that were kept")
        self._digits = remains.digits
        gone = [name for name in self._saved if not (self._folder / "files" / name).exists()]
        self.lost += gone
        app.stdin.write("go\n")
        app.stdin.flush()

    def _end(self, app: subprocess.Popen[str], seconds: float) -> None:
        time.sleep(seconds)
        app.send_signal(self._signal)
        if self._signal is signal.SIGTERM:
            try:
                status = app.wait(_TERM_SECONDS)
            except subprocess.TimeoutExpired:
                self.unwilling.append(f"it did not end within {_TERM_SECONDS:g} s")
                app.kill()
            else:
                # Before the app handles the signal, the signal itself ends it.
                if status not in (0, -self._signal):
                    self.unwilling.append(f"it ended with status {status}")
        app.wait(HANG_SECONDS)


def _read(stream: IO[str]) -> list[str]:
    return stream.read().splitlines()


def main() -> int:
    """Kill, and print the verdict."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=100, help="kills")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--signal", choices=("KILL", "TERM"), default="KILL")
    arguments = parser.parse_args()
    number = signal.Signals[f"SIG{arguments.signal}"]
    with home() as files:
        killer = Killer(files.parent, arguments.seed, number)
        for done in range(arguments.count):
            killer.round()
            if sys.stderr.isatty():
                print(f"\r{done + 1} of {arguments.count}", end="", file=sys.stderr)
        killer.last_look()
    faults = [*killer.damaged[:5], *(f"lost: {what}" for what in killer.lost[:5])]
    if killer.leftovers:
        kinds = Counter(map(kind_of, killer.leftovers))
        faults.append(f"left over after the next start: {dict(kinds)}")
    faults += [f"{count} × {how}" for how, count in Counter(killer.unwilling).items()]
    return verdict(
        f"kill, seed {arguments.seed}: {arguments.count} × {number.name}, "
        f"{len(killer.damaged)} damaged, {len(killer.lost)} lost, "
        f"{len(killer.leftovers)} left over; in the end there are {killer.remains}",
        faults,
    )


if __name__ == "__main__":
    sys.exit(main())
