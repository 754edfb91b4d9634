"""Chooses between a run's last and best network."""

from __future__ import annotations

import argparse

from cli.output import say
from core.training.saved_run import SavedRun


def add_which_network(parser: argparse.ArgumentParser) -> None:
    """Add --best and --last to `parser`."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--best",
        action="store_true",
        help="use the network of the epoch that was best on the validation split",
    )
    which.add_argument(
        "--last",
        action="store_true",
        help="use the last network (the default, unless patience ended the run)",
    )


def chosen_network(run: SavedRun, arguments: argparse.Namespace) -> tuple[SavedRun, str]:
    """Return the run with the network to use, and "best" or "last"; print which, if it has both.

    Raises
    ------
    RunFileError
        If --best is given and there is none.
    """
    is_best = arguments.best or (run.uses_best and not arguments.last)
    if is_best:
        chosen = run.as_best()
        why = (
            "" if arguments.best else "; patience ended this run, and --last uses its last network"
        )
        say(f"This is the best network, of {run.best}{why}.")
        return chosen, "best"
    if run.best is not None:
        say(f"This is the last network; --best uses the best, of {run.best}.")
    return run, "last"
