"""Prints the commands' messages, safely on any terminal."""

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
    """Print a line to stderr."""
    print(printable(text), file=sys.stderr)


@contextmanager
def ready_output() -> Iterator[None]:
    """Keep the command running even if its output fails.

    A character that the encoding lacks is written as a code. Logged messages are printed as by
    :func:`complain`. If the output is closed, as by ``head -1``, or a disk is full, the command
    continues silently, and exits with 1 if it was stdout.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if logging.lastResort is not None:
        logging.lastResort.setFormatter(_OneLine())
    # A stream that was closed before Python started is None.
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
    """A stream whose output is discarded after the first failure; `is_lost` says whether it is."""

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
        """Discard the stream's output: Python would try to write the rest when it ends."""
        self.is_lost = True
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._stream.fileno())
        os.close(nowhere)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class _OneLine(logging.Formatter):
    """Makes a record's message printable; a traceback after it keeps its lines."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """Return the message."""
        return printable(record.message)
