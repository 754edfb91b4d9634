"""Starts Digitscope: the window, or a command without one."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from cli.arguments import parse
from cli.output import complain, ready_output
from core.errors import DigitscopeError
from core.program import program_name


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command or the window; return the exit status."""
    with ready_output():
        try:
            parsed = parse(arguments)
            return _command(parsed.command)(parsed)
        except DigitscopeError as error:
            complain(f"{program_name()}: {error}")
            return 2
        except KeyboardInterrupt:
            complain(f"{program_name()}: interrupted")
            return 130


def _command(  # noqa: C901 - a table, whose imports the bundle can follow
    name: str | None,
) -> Callable[[argparse.Namespace], int]:
    """Return the function of a command, or of the window for None.

    Only its module is imported: the commands need no Qt, and the window needs no progress bar.
    """
    if name == "train":
        from cli.train import train as command
    elif name == "lr-test":
        from cli.lr_test import lr_test as command
    elif name == "evaluate":
        from cli.evaluate import evaluate as command
    elif name == "predict":
        from cli.predict import predict as command
    elif name == "replay":
        from cli.replay import replay as command
    elif name == "export":
        from cli.export import export as command
    elif name == "import":
        from cli.import_network import import_network as command
    elif name == "film":
        from cli.film import film as command
    elif name == "claims":
        from cli.claims import claims as command
    elif name == "search":
        from cli.search import search as command
    else:
        from gui.app import run_app as command
    return command


if __name__ == "__main__":
    sys.exit(main())
