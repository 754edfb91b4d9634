"""Other programs that compete for all cores of the machine."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
from collections.abc import Iterator

from core.threads.workers import usable_cores
from tests.bench.turns import Loop

PROGRAMS_PER_CORE = 2


class OtherPrograms:
    """Processes that compute endlessly while allowed to, and end with the context."""

    def __init__(self) -> None:
        call = [sys.executable, "-c", "while True: pass"]
        count = PROGRAMS_PER_CORE * usable_cores()
        self._processes = [subprocess.Popen(call) for _ in range(count)]
        self._send(signal.SIGSTOP)

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Let them run for as long as the context lasts."""
        self._send(signal.SIGCONT)
        try:
            yield
        finally:
            self._send(signal.SIGSTOP)

    def __enter__(self) -> OtherPrograms:
        return self

    def __exit__(self, *_: object) -> None:
        self._send(signal.SIGKILL)
        for process in self._processes:
            process.wait()

    def _send(self, number: signal.Signals) -> None:
        for process in self._processes:
            process.send_signal(number)


class BusyLoop:
    """A loop that is timed while other programs run."""

    def __init__(self, loop: Loop, programs: OtherPrograms) -> None:
        self.loop = loop
        self.programs = programs

    def run(self, seconds: float) -> float:
        """Run the loop."""
        with self.programs.running():
            return self.loop.run(seconds)
