"""``main.py replay``."""

from __future__ import annotations

import argparse

from tqdm import tqdm

from cli.configuration import moved
from cli.data_choice import prepare
from cli.output import say
from cli.targets import check_target, write_report
from core.errors import RunFileError
from core.saving.replay import Replay
from core.saving.run_file import load_run
from core.threads.workers import Workers


def replay(arguments: argparse.Namespace) -> int:
    """Repeat a saved run from its log, and return 0 if the result has the same bits.

    Raises
    ------
    RunFileError
        If not, or if the file holds no complete log, or the data set is not the same.
    """
    saved = moved(load_run(arguments.file), arguments)
    check_target(arguments.report, (arguments.file,))
    dataset = prepare(saved.config.dataset, arguments)
    with Workers(arguments.threads) as workers:
        again = Replay(saved, dataset, workers)
        for _ in tqdm(range(again.steps), unit=" steps", unit_scale=True):
            again.step()
    is_same, difference = again.is_same(), again.largest_difference
    if arguments.report is not None:
        write_report(
            arguments.report,
            same=is_same,
            steps=again.steps,
            changes=again.live_changes,
            largest_difference=difference,
        )
    what = f"{saved.network_config}: {again.steps:,} steps with {again.live_changes:,} live changes"
    if is_same:
        say(f"{what} give the same bits again.")
        return 0
    raise RunFileError(
        f"{what} do not give the same bits; weights differ by up to {difference:.3g}. Either "
        "an earlier version saved the run, which started from another network's weights, or this "
        "machine's matrix products round differently."
    )
