"""How the app ends: every part is asked to, and none can keep the process alive."""

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
"""For all parts together. What takes longer is stuck, or too large to be waited for."""

_SECONDS_FROM_SIGNAL_TO_END = 4.0


def close_parts(parts: Mapping[str, Callable[[int], bool]], limit_ms: int = LIMIT_MS) -> list[str]:
    """Ask every part to end, wait for all of them, and log which did not end in time.

    Parameters
    ----------
    parts
        By what to call it, how to close each: it takes how many milliseconds to wait, and returns
        whether all of that part has ended. It is called twice.

    Returns
    -------
    list of str
        The parts that are still at work.
    """
    for close in parts.values():
        close(0)  # all are told before any is waited for
    deadline = time.monotonic() + limit_ms / 1000
    unfinished = []
    for name, close in parts.items():
        if not close(max(0, round(1000 * (deadline - time.monotonic())))):
            unfinished.append(name)
            logging.getLogger(__name__).warning(
                "%s did not end within %g s; the app ends without it.", name, limit_ms / 1000
            )
    return unfinished


def leave_on_signals(app: QApplication, leave: Callable[[], object]) -> None:
    """Have Ctrl+C in the terminal, and the end of the login, end the app within seconds.

    `leave` is called by the window's event loop. If that does not come to it, the process ends
    all the same.
    """

    def end() -> None:
        _give_up_waiting(app)
        leave()
        # Not left to the closing of the last window: a dialog that opens now would call that off.
        app.exit()

    # By the event loop, because a signal may come in the middle of a paint, or of anything else.
    def on_signal(*_: object) -> None:
        QTimer.singleShot(0, app, end)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, on_signal)
    # Python calls on_signal between two of its instructions in the main thread, which may be long
    # in coming. A byte is sent to this socket at once.
    receiver, sender = socket.socketpair()
    sender.setblocking(False)
    signal.set_wakeup_fd(sender.fileno(), warn_on_full_buffer=False)
    threading.Thread(target=_watch, args=(receiver, sender), name="signals", daemon=True).start()


def _watch(receiver: socket.socket, _sender: socket.socket) -> None:
    """End the process some seconds after the first signal; `_sender` is kept open meanwhile."""
    while receiver.recv(1)[0] not in (signal.SIGINT, signal.SIGTERM):
        pass
    if sys.__stderr__ is None:
        time.sleep(_SECONDS_FROM_SIGNAL_TO_END)
        os._exit(1)
    # This works even if no Python code can run any more, and shows where everything stood.
    faulthandler.dump_traceback_later(_SECONDS_FROM_SIGNAL_TO_END, exit=True, file=sys.__stderr__)


def _give_up_waiting(app: QApplication) -> None:
    """Cancel long work that shows its progress, and close the questions that wait for an answer."""
    for widget in app.topLevelWidgets():
        if isinstance(widget, QProgressDialog):
            widget.cancel()
        elif widget.isModal() and widget.isVisible():
            widget.close()


def end_process(status: int) -> NoReturn:
    """End at once, although threads still run, which Python and Qt would wait for or abort at."""
    logging.shutdown()
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None:
            with suppress(OSError):
                stream.flush()
    os._exit(status)
