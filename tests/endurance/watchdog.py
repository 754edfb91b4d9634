"""Ends a program that hangs, and shows where."""

import faulthandler

HANG_SECONDS = 100
"""A single action that takes longer is a hang."""


def watch(seconds: float = HANG_SECONDS) -> None:
    """End the program with the stacks of all threads unless this is called again in time.

    It works in C code, too, that keeps all other Python code waiting.
    """
    faulthandler.dump_traceback_later(seconds, exit=True)
