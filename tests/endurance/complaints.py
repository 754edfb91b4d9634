"""Collects failures that do not end the program, so that it can fail in the end."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

_HARMLESS = ("This plugin does not support", "propagateSizeHints")
"""Messages of Qt's offscreen platform."""


class Complaints(logging.Handler):
    """Collects uncaught exceptions of every thread, logged errors, and warnings of Qt and Python.

    Each is written to stderr as it comes.

    Attributes
    ----------
    texts
        What they say, in their order.
    on_first
        Called at the first one, in the thread where it occurs.
    """

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []
        self.on_first: Callable[[], object] = lambda: None
        sys.excepthook = self._note_exception
        threading.excepthook = lambda seen: self._note(
            "".join(traceback.format_exception(seen.exc_type, seen.exc_value, seen.exc_traceback))
        )
        sys.unraisablehook = lambda seen: self._note(
            f"{seen.err_msg or 'Exception ignored in'} {seen.object!r}: {seen.exc_value!r}"
        )
        qInstallMessageHandler(self._note_message)
        logging.captureWarnings(True)
        logging.getLogger().addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Take logged errors and Python's warnings; other messages are meant for the user."""
        if record.levelno >= logging.ERROR or record.name == "py.warnings":
            self._note(self.format(record))

    def _note_exception(
        self, kind: type[BaseException], error: BaseException, where: TracebackType | None
    ) -> None:
        self._note("".join(traceback.format_exception(kind, error, where)))

    def _note_message(self, kind: QtMsgType, _where: QMessageLogContext, text: str) -> None:
        is_serious = kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg)
        if is_serious and not any(harmless in text for harmless in _HARMLESS):
            self._note(f"Qt: {text}")

    def _note(self, text: str) -> None:
        self.texts.append(text)
        if len(self.texts) == 1:
            self.on_first()
        print(text, file=sys.stderr, flush=True)
