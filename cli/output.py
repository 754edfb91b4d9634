"""What the commands say: on any terminal, and without a name acting on it."""

from __future__ import annotations

import io
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any, TextIO, cast

from core.printable_text import printable


def say(text: str) -> None:
    """Print a line."""
    print(printable(text))


def complain(text: str) -> None:
    """Print a line where errors go."""
    print(printable(text), file=sys.stderr)


@contextmanager
def ready_output() -> Iterator[None]:
    """Let output never fail, nor end what is being done.

    A letter that an encoding lacks is written as a code. What is logged comes in lines as those of
    :func:`complain`. If nobody reads on, as behind ``head -1``, or a disk is full, the command
    continues silently, and exits with 1 if stdout is what failed.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if logging.lastResort is not None:
        logging.lastResort.setFormatter(_OneLine())
    # None is what Python has for a stream that was closed before it began.
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        out, err = _Forgiving(sys.stdout or nowhere), _Forgiving(sys.stderr or nowhere)
        with redirect_stdout(cast(TextIO, out)), redirect_stderr(cast(TextIO, err)):
            try:
                yield
            finally:
                out.flush()
                err.flush()
    if out.is_lost:
        raise SystemExit(1)


class _Forgiving:
    """A stream to which writing never fails: what cannot be written goes nowhere from then on.

    Attributes
    ----------
    is_lost
        Whether that has happened.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.is_lost = False

    def write(self, text: str) -> int:
        """Write, as streams do."""
        try:
            self._stream.write(text)
        except OSError:
            self._lose()
        return len(text)

    def flush(self) -> None:
        """Flush, as streams do."""
        try:
            self._stream.flush()
        except OSError:
            self._lose()

    def _lose(self) -> None:
        """Lead the stream nowhere: Python would write the rest when it ends, and complain."""
        self.is_lost = True
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._stream.fileno())
        os.close(nowhere)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class _OneLine(logging.Formatter):
    """Makes the message of a record printable; a traceback after it has its lines."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """Return the message."""
        return printable(record.message)
