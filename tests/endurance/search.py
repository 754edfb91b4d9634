"""Kills searches and their workers, and watches the memory of a long one.

    python -m tests.endurance.search [--count 20] [--seed 1] [--trials 2000]

A search of three trials for each kill loses `count` workers at random instants, and a quarter as
often the whole search is killed and continued. It must find what an undisturbed search finds: each
trial once, with the same bits, in its storage and in the library of runs. Then a search of many
tiny trials must not need more memory at its end than after a tenth of them.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import psutil

from core.runs.run_library import RunLibrary
from tests.endurance.program import home, verdict

ROOT = Path(__file__).parents[2]
_GROWTH = 1.05
_LATEST_SECONDS = 0.5
"""A worker is killed at most this long after a trial has ended."""
_COMMON = ("--dataset", "strokes", "--validation", "100", "--vary", "learning_rate=0.01..0.1")
_SMALL = (*_COMMON, "--vary", "units=8,16", "--hidden", "16", "--batch", "4", "--epochs", "10")
_TINY = (*_COMMON, "--hidden", "1", "--batch", "500")


def begin(*arguments: object) -> subprocess.Popen[str]:
    """Begin a search on few digits."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.small_search", "--progress-lines", *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def progress_of(process: subprocess.Popen[str]) -> Iterator[dict[str, Any]]:
    """Yield what a search prints until it ends."""
    assert process.stdout is not None
    for line in process.stdout:
        with suppress(ValueError):  # it was killed in the middle of a line
            yield json.loads(line)


def workers_of(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """Return the processes that train for a search."""
    children = psutil.Process(process.pid).children()
    return [child for child in children if "--process-name" in child.cmdline()]


class Killer:
    """Runs a search to its end, whatever is killed meanwhile."""

    def __init__(self, kills: int, trials: int, report: Path, rng: random.Random) -> None:
        self._rng = rng
        self._options = ("--jobs", 2, "--report", report)
        self._trials = trials
        places = sorted(rng.sample(range(1, trials - 1), kills + kills // 4))
        whole = set(rng.sample(places, kills // 4))
        self._waiting = [(place, place in whole) for place in places]
        self.killed: Counter[str] = Counter()
        self.search = ""

    def run(self) -> None:
        """Begin, kill and continue."""
        begun = (*_SMALL, "--trials", self._trials)
        while not self._runs_to_its_end(*begun):
            begun = ("--resume", self.search)

    def _runs_to_its_end(self, *begun: object) -> bool:
        with begin(*begun, *self._options) as process:
            for progress in progress_of(process):
                self.search = progress["search"]
                if self._waiting and progress["done"] >= self._waiting[0][0]:
                    time.sleep(self._rng.uniform(0, _LATEST_SECONDS))
                    self._kill(process)
        return process.returncode == 0

    def _kill(self, process: subprocess.Popen[str]) -> None:
        if self._waiting[0][1]:
            process.send_signal(signal.SIGKILL)
            self.killed["search"] += 1
            self._waiting.pop(0)
            return
        with suppress(psutil.NoSuchProcess):
            if workers := workers_of(process):
                self._rng.choice(workers).kill()
                self.killed["worker"] += 1
                self._waiting.pop(0)


def trials_in(report: Path) -> list[dict[str, Any]]:
    """Return what must be the same however often a search was killed."""
    trials: list[dict[str, Any]] = json.loads(report.read_text(encoding="utf-8"))["trials"]
    for trial in trials:
        del trial["seconds"], trial["runs"]
    return trials


def kill(files: Path, kills: int, seed: int) -> tuple[str, list[str]]:
    """Compare a search that was killed with one that was not; return the result and faults."""
    trials = 3 * kills + 4
    reports = files / "whole.json", files / "killed.json"
    with begin(*_SMALL, "--trials", trials, "--jobs", 2, "--report", reports[0]) as whole:
        whole.communicate()
    killer = Killer(kills, trials, reports[1], random.Random(seed))
    killer.run()
    expected, found = map(trials_in, reports)
    with closing(RunLibrary()) as library:
        runs = Counter(run.trial for run in library.records_of_search(killer.search))
    pairs = zip(expected, found, strict=False)  # a difference in length is a fault of its own
    faults = [f"trial {one['number']} is {two}, not {one}" for one, two in pairs if one != two]
    if len(found) != len(expected):
        faults.append(f"{len(found)} trials instead of {len(expected)}")
    if runs != Counter(range(trials)):
        faults.append(f"the library has {len(runs)} trials in {runs.total()} runs")
    result = f"{dict(killer.killed)} killed, {trials} trials each once and the same"
    return result, faults[:5]


def watch_memory(trials: int) -> tuple[str, list[str]]:
    """Run many tiny trials; return the result and faults."""
    sizes: dict[int, float] = {}
    with begin(*_TINY, "--trials", trials, "--jobs", 2) as process:
        measure: Callable[[], float] = lambda: psutil.Process(process.pid).memory_info().rss / 1e6  # noqa: E731
        begun = time.monotonic()
        for progress in progress_of(process):
            with suppress(psutil.NoSuchProcess):
                sizes[progress["done"]] = measure()
        seconds = time.monotonic() - begun
    early, late = (sizes[max(n for n in sizes if n <= done)] for done in (trials // 10, trials))
    result = (
        f"{trials} trials in {seconds:.0f} s, memory {early:.1f} MB after a tenth of them and "
        f"{late:.1f} MB at the end"
    )
    faults = [] if late <= _GROWTH * early else ["the memory of the search grows"]
    if process.returncode:
        faults.append(f"the search ended with status {process.returncode}")
    return result, faults


def main() -> int:
    """Kill, measure, and print the verdict."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=20, help="kills of workers")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--trials", type=int, default=2000, help="tiny trials; 0 for none")
    arguments = parser.parse_args()
    with home() as files:
        result, faults = kill(files, arguments.count, arguments.seed)
        status = verdict(f"search, seed {arguments.seed}: {result}", faults)
        if arguments.trials:
            status |= verdict(*watch_memory(arguments.trials))
    return status


if __name__ == "__main__":
    os.environ["PYTHONWARNINGS"] = "ignore"  # of the resource tracker of a killed search
    sys.exit(main())
