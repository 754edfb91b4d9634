"""The options of ``main.py search``."""

from __future__ import annotations

import argparse
from pathlib import Path

from cli.argument_values import positive
from cli.data_choice import add_dataset, add_own_data_options
from cli.run_options import add_data_dir_and_report, add_run_options
from core.search.plan import MAX_RUNS_PER_TRIAL, MAX_TRIALS, SAMPLER_NAMES
from core.settings.config import MAX_THREADS

OF_A_PLAN = ("vary", "sampler", "trials", "stop_early", "runs_per_trial", "search_seed")
"""The options that, with the data set and those of a run, determine a new search."""


def add_search_options(parser: argparse.ArgumentParser) -> None:
    """Add all options."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--list", action="store_true", help="list all searches")
    what.add_argument(
        "--resume", metavar="SEARCH", help="continue a search, by its name or the start of its id"
    )
    what.add_argument("--plan", type=Path, metavar="FILE.json", help="search as this file says")
    _add_plan_options(parser.add_argument_group("what to try"))
    _add_place_options(parser.add_argument_group("where to train"))
    _add_result_options(parser.add_argument_group("results"))
    add_data_dir_and_report(parser)
    add_dataset(parser, "what to train on")
    add_own_data_options(parser)
    add_run_options(parser)


def _add_plan_options(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--vary",
        action="append",
        metavar="NAME=WHAT",
        help="a setting and its values, such as optimizer=sgd,adam, or its range, such as "
        "learning_rate=0.001..1:log; repeat it for other settings",
    )
    group.add_argument(
        "--sampler",
        choices=SAMPLER_NAMES,
        help="all combinations, some at random (the default), or each where earlier ones were good",
    )
    group.add_argument(
        "--trials",
        type=positive(int, MAX_TRIALS),
        metavar="N",
        help="how many combinations to try (32)",
    )
    group.add_argument(
        "--stop-early",
        action="store_true",
        default=None,
        help="end poor trials after 1, 3, 9, … epochs (successive halving)",
    )
    group.add_argument(
        "--runs-per-trial",
        type=positive(int, MAX_RUNS_PER_TRIAL),
        metavar="N",
        help="train each combination with this many seeds (1); the mean counts",
    )
    group.add_argument("--search-seed", type=int, metavar="S", help="seed of the choice (0)")


def _add_place_options(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--jobs",
        type=positive(int, MAX_THREADS),
        metavar="N",
        help="processes on this machine (one for each core)",
    )
    group.add_argument(
        "--cluster", metavar="ADDRESS", help="a Dask scheduler instead, such as tcp://host:8786"
    )
    for name, what in (
        ("ca", "the certificate authority"),
        ("cert", "this client's certificate"),
        ("key", "its key"),
    ):
        group.add_argument(
            f"--tls-{name}", type=Path, metavar="FILE.pem", help=f"{what}, for tls:// addresses"
        )


def _add_result_options(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--name", metavar="NAME", help="name of the search")
    group.add_argument("--csv", type=Path, metavar="FILE.csv", help="write a row for each trial")
    group.add_argument("--save-runs", type=Path, metavar="DIR", help="save each run in this folder")
    group.add_argument(
        "--progress-lines",
        action="store_true",
        help="print the progress as lines of JSON, for other programs",
    )
