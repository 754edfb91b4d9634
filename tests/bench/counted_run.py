"""A run, headless or in the window, whose steps another process can count; see bench_share.py."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

import main as digitscope
from core.threads.tuning import ThreadChoice
from core.training.trainer import Trainer
from tests.bench.live_window import LiveRun

FOR_EVER = 1_000_000

STOPPED = 0.5
"""Longer than any piece of work, in seconds, while the run continues."""


def count_steps(path: Path) -> None:
    """Make each step of any run in this process add 1 to the int64 in this file."""
    counter = np.memmap(path, np.int64, "r+", shape=1)
    step = Trainer.step

    def counted_step(trainer: Trainer) -> None:
        step(trainer)
        counter[0] += 1

    Trainer.step = counted_step
    # A stopped process would look disturbed by other programs, and change to one thread.
    note = ThreadChoice.note
    ThreadChoice.note = lambda choice, seconds: seconds > STOPPED or note(choice, seconds)
    ThreadChoice._is_busy = lambda _: False


def main() -> None:
    """Train until the process is ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("counter", type=Path)
    parser.add_argument("view", help="headless, one-thread, or tabs to open, with + between them")
    parser.add_argument("hidden")
    parser.add_argument("batch")
    arguments = parser.parse_args()
    count_steps(arguments.counter)
    hidden, batch = arguments.hidden, arguments.batch
    if arguments.view in ("headless", "one-thread"):
        options = ["--dataset", "mnist", "--hidden", hidden, "--batch", batch]
        if arguments.view == "one-thread":
            options += ["--threads", "1"]
        sys.exit(digitscope.main(["train", *options, "--epochs", str(FOR_EVER)]))
    layers = tuple(map(int, hidden.split(",")))
    LiveRun("mnist", layers, int(batch), FOR_EVER, arguments.view).figures()


if __name__ == "__main__":
    main()
