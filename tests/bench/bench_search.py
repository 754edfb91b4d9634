"""The speed of a search: several processes against one, and what a trial costs beside its training.

    python -m tests.bench.bench_search [--trials 64] [--rounds 1] [--jobs 2]

Needs MNIST, in the folder that DIGITSCOPE_DATA names. Each time is that of a whole command, start
included. Run it with nothing else running.
"""

from __future__ import annotations

import argparse
import os
import pickle
import subprocess
import sys
import tempfile
import time
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path

from core.datasets.published import load_published
from core.datasets.published_sets import MNIST
from core.runs.run_library import RunLibrary
from core.search.chooser import Chooser
from core.search.part import Part, PartResult, train_part
from core.search.plan import SearchPlan
from core.search.search import Search
from core.search.trial_records import TrialRecords
from core.search.varied import parse_varied
from core.settings.config import RunConfig
from tests.bench.figures import Figure, Target, row
from tests.real_mnist import FOLDER

ROOT = Path(__file__).parents[2]
_SEARCH = "0" * 32
_OVERHEAD_TRIALS = 200
_OPTIONS = (
    *("--dataset", "mnist", "--hidden", "128,64", "--validation", "10000", "--epochs", "1"),
    *("--vary", "learning_rate=0.001..1:log", "--sampler", "random"),
)


class Instant:
    """An executor that has every result already."""

    width = 2

    def __init__(self, result: PartResult) -> None:
        self._result = result

    def submit(self, part: Part) -> Future[PartResult]:
        """Return the result."""
        future: Future[PartResult] = Future()
        future.set_result(self._result)
        return future

    def outcome(self, future: Future[PartResult]) -> PartResult:
        """Return the result."""
        return future.result()

    def renew(self) -> bool:
        """Nothing is ever lost."""
        return False

    def close(self) -> None:
        """Nothing to end."""


def seconds_of(trials: int, jobs: int) -> float:
    """Return how long a search takes, in a home folder of its own."""
    command = [sys.executable, "main.py", "search", *_OPTIONS, "--data-dir", str(FOLDER)]
    command += ["--trials", str(trials), "--jobs", str(jobs), "--progress-lines"]
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "XDG_DATA_HOME": home}
        begun = time.perf_counter()
        subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - begun


def overhead(result: PartResult) -> float:
    """Return the milliseconds that a trial takes in the search's own process."""
    plan = SearchPlan(
        RunConfig("mnist", validation=10_000),
        (parse_varied("learning_rate=0.001..1:log"),),
        trials=_OVERHEAD_TRIALS,
    )
    with (
        tempfile.TemporaryDirectory() as name,
        closing(RunLibrary(Path(name) / "runs.sqlite")) as library,
        closing(Chooser(Path(name) / "search.sqlite", plan)) as chooser,
    ):
        records = TrialRecords(library, _SEARCH, None)
        search = Search(
            _SEARCH, plan, chooser, Instant(result), records, lambda _: None, lambda: False
        )
        begun = time.perf_counter()
        search.run()
        return 1e3 * (time.perf_counter() - begun) / _OVERHEAD_TRIALS


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    dataset = load_published(MNIST, FOLDER)
    part = Part("0" * 32, RunConfig("mnist", validation=10_000), 1, wants_state=True)
    result = train_part(dataset, part)
    size = len(pickle.dumps(result))
    state = len(result.state or b"")
    several, one = [], []
    for _ in range(arguments.rounds):  # in turn, so that a busy machine is busy for both
        several.append(seconds_of(arguments.trials, arguments.jobs))
        one.append(seconds_of(arguments.trials, 1))
    ratios = [a / b for a, b in zip(several, one, strict=True)]
    print(row([f"{arguments.trials} trials of an epoch", "median", "range", "target", ""]))
    print(row(["---"] * 5))
    figures = (
        Figure(f"{arguments.jobs} processes, s", several),
        Figure("one process, one thread, s", one),
        Figure("ratio", ratios, Target(0.6, at_most=True)),
        Figure("a trial beside its training, ms", [overhead(result) for _ in range(3)]),
        Figure("sent for a trial, kB", [len(pickle.dumps(part)) / 1e3]),
        Figure("returned for a trial, kB", [(size - state) / 1e3]),
        Figure("more of both if it may end early or is saved, kB", [state / 1e3]),
        Figure("sent once to each worker, MB", [len(pickle.dumps(dataset)) / 1e6]),
    )
    for figure in figures:
        print(figure.row())


if __name__ == "__main__":
    main()
