"""What the commands say: on any terminal, and without a name acting on it."""

from __future__ import annotations

import io
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from core.printable_text import printable


def say(text: str) -> None:
    """Print a line."""
    print(printable(text))


def complain(text: str) -> None:
    """Print a line where errors go."""
    print(printable(text), file=sys.stderr)


@contextmanager
def ready_output() -> Iterator[None]:
    """Have output never fail for what it is: a letter that an encoding lacks is written as a code.

    What is logged comes in lines as those of :func:`complain`. Where nobody reads on, as behind
    ``head -1``, the program ends without a word.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if logging.lastResort is not None:
        logging.lastResort.setFormatter(_OneLine())
    try:
        try:
            yield
        finally:
            if sys.stdout is not None:  # as it is where a program has no terminal
                sys.stdout.flush()
    except BrokenPipeError:
        # Else Python would try to write the rest when it ends, and complain.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
        raise SystemExit(1) from None


class _OneLine(logging.Formatter):
    """Makes the message of a record printable; a traceback after it has its lines."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """Return the message."""
        return printable(record.message)
