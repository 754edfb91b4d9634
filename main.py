"""Starts Digitscope: the window, or a command without one."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from cli.arguments import parse
from core.errors import DigitscopeError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line asks for; return the exit status."""
    try:
        parsed = parse(arguments)
        # Each imports only what it needs: the commands no Qt, the window no progress bar.
        if parsed.command == "train":
            from cli.train import train

            return train(parsed)
        if parsed.command == "evaluate":
            from cli.evaluate import evaluate

            return evaluate(parsed)
        if parsed.command == "claims":
            from cli.claims import claims

            return claims(parsed)
        from gui.app import run_app

        return run_app(parsed)
    except DigitscopeError as error:
        print(f"main.py: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("main.py: interrupted", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
