"""``main.py replay``."""

from __future__ import annotations

import argparse

import numpy as np
from tqdm import tqdm

from cli.progress_bar import progress_bar
from cli.report import write_report
from core.atomic_file import check_writable
from core.datasets.loading import load_dataset
from core.errors import RunFileError
from core.replay import Replay
from core.run_file import load_run
from core.workers import Workers


def replay(arguments: argparse.Namespace) -> int:
    """Train a saved run anew from its log, say whether the bits are the same, and return 0 if so.

    Raises
    ------
    RunFileError
        If the file holds no log, or the run learned from other data than there are now.
    """
    saved = load_run(arguments.file)
    if arguments.report is not None:
        check_writable(arguments.report)
    with progress_bar(f"Preparing {saved.config.dataset}") as progress:
        dataset = load_dataset(saved.config.dataset, arguments.data_dir, progress)
    with Workers(arguments.threads) as workers:
        again = Replay(saved, dataset, workers)
        for _ in tqdm(range(again.steps), unit=" steps", unit_scale=True):
            again.step()
    assert saved.training is not None  # a Replay has been made of it
    difference = float(np.abs(again.trainer.network.parameters - saved.network.parameters).max())
    is_same = again.is_same()
    if arguments.report is not None:
        write_report(
            arguments.report,
            same=is_same,
            steps=again.steps,
            changes=len(saved.training.checkpoint.changes) - 1,
            largest_difference=difference,
        )
    changes = len(saved.training.checkpoint.changes) - 1
    what = f"{saved.config.network}: {again.steps:,} steps with {changes:,} live changes"
    if is_same:
        print(f"{what} give the same bits again.")
        return 0
    raise RunFileError(
        f"{what} do not give the same bits again; weights differ by up to {difference:.3g}. Either "
        "the run did not begin from its seed but from another network's weights, or this machine's "
        "matrix products round otherwise."
    )
