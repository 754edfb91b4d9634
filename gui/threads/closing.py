"""How the app quits: every part is asked to stop, and none can keep the process alive."""

from __future__ import annotations

import faulthandler
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import NoReturn

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QProgressDialog

LIMIT_MS = 3_000
"""For all parts together. A part that takes longer is stuck, or too slow to wait for."""

_SECONDS_FROM_SIGNAL_TO_END = 4.0


def close_parts(parts: Mapping[str, Callable[[int], bool]], limit_ms: int = LIMIT_MS) -> list[str]:
    """Ask every part to stop, wait for all, and log those that did not stop in time.

    Parameters
    ----------
    parts
        Each part's name and its function to close it, which takes a timeout in milliseconds and
        returns whether the part has ended. The function is called twice.

    Returns
    -------
    list of str
        Names of the parts that are still running.
    """
    for close in parts.values():
        close(0)  # ask all before waiting for any
    deadline = time.monotonic() + limit_ms / 1000
    unfinished = []
    for name, close in parts.items():
        if not close(max(0, round(1000 * (deadline - time.monotonic())))):
            unfinished.append(name)
            logging.getLogger(__name__).warning(
                "%s did not stop within %g s; quitting anyway.", name, limit_ms / 1000
            )
    return unfinished


def leave_on_signals(app: QApplication, leave: Callable[[], object]) -> None:
    """Quit the app within seconds on SIGINT (Ctrl+C) and SIGTERM (the end of the login session).

    `leave` is called by the window's event loop. If the event loop is stuck, the process is ended
    without it.
    """

    def end() -> None:
        _dismiss_dialogs(app)
        leave()
        # Closing the last window is not enough: a dialog that opens now would prevent the quit.
        app.exit()

    # In the event loop, because a signal may arrive during a paint, or anything else.
    def on_signal(*_: object) -> None:
        QTimer.singleShot(0, app, end)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, on_signal)
    # Python calls on_signal between two bytecode instructions of the main thread, which can take
    # long. A byte is written to this socket at once.
    receiver, sender = socket.socketpair()
    sender.setblocking(False)
    signal.set_wakeup_fd(sender.fileno(), warn_on_full_buffer=False)
    threading.Thread(target=_watch, args=(receiver, sender), name="signals", daemon=True).start()


def _watch(receiver: socket.socket, _sender: socket.socket) -> None:
    """End the process a few seconds after the first signal; keeps `_sender` open meanwhile."""
    while receiver.recv(1)[0] not in (signal.SIGINT, signal.SIGTERM):
        pass
    if sys.__stderr__ is None:
        time.sleep(_SECONDS_FROM_SIGNAL_TO_END)
        os._exit(1)
    # This works even if no Python code can run anymore, and prints where each thread was.
    faulthandler.dump_traceback_later(_SECONDS_FROM_SIGNAL_TO_END, exit=True, file=sys.__stderr__)


def _dismiss_dialogs(app: QApplication) -> None:
    """Cancel progress dialogs, and close dialogs that wait for an answer."""
    for widget in app.topLevelWidgets():
        if isinstance(widget, QProgressDialog):
            widget.cancel()
        elif widget.isModal() and widget.isVisible():
            widget.close()


def end_process(status: int) -> NoReturn:
    """End the process at once, even though threads still run."""
    logging.shutdown()
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None:
            with suppress(OSError):
                stream.flush()
    os._exit(status)
