"""Ends a program that hangs, and shows where."""

import faulthandler

HANG_SECONDS = 100
"""A single action that takes longer is a hang."""


def watch(seconds: float = HANG_SECONDS) -> None:
    """End the program with a traceback of all threads unless this is called again in time.

    This also works during C code that blocks all other Python code.
    """
    faulthandler.dump_traceback_later(seconds, exit=True)
