"""Traces how an image flows through a network, no more often than an eye can use."""

from __future__ import annotations

import math
import time

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core.inspection.prediction import Prediction
from core.inspection.update import Update
from gui.flow.flow_trace import FlowTrace

_SAME_IMAGE, _NEW_IMAGE = 0.25, 0.03
"""Least seconds between two traces, for a network that learns and for a pen that moves. While one
is made and drawn, training waits: ten a second took a fifth of its time."""
_REST = 10
"""And at least this many times as long as a trace takes, for large networks."""


class FlowTracer(QObject):
    """Traces the newest prediction, while it is active.

    Signals
    -------
    traced(FlowTrace)
        The newest flow.
    """

    traced = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_active = False
        self._wanted: Prediction | None = None
        self._traced: Prediction | None = None
        self._update: Update | None = None
        self._traced_at = -math.inf
        self._took = 0.0
        self._next = QTimer(self, singleShot=True)
        self._next.timeout.connect(self.trace_now)

    def set_active(self, is_active: bool) -> None:
        """Trace what is new from now on, or let it wait."""
        self._is_active = is_active
        self._trace_soon()

    def ask(self, prediction: Prediction | None) -> None:
        """Trace this prediction at once or when it is time; None asks for nothing."""
        self._wanted = prediction
        if prediction is None:
            self._traced = None
        self._trace_soon()

    def compare(self, update: Update | None) -> None:
        """Trace before this update, too, while its network predicts; None ends that."""
        self._update = update
        self.trace_now()

    def _trace_soon(self) -> None:
        if self._wanted is None or not self._is_active:
            self._next.stop()
            return
        if self._wanted is self._traced:
            return
        is_same = self._traced is not None and self._traced.image is self._wanted.image
        pause = max(_SAME_IMAGE if is_same else _NEW_IMAGE, _REST * self._took)
        left = self._traced_at + pause - time.perf_counter()
        if left <= 0:
            self.trace_now()
        else:
            self._next.start(math.ceil(1000 * left))

    @Slot()
    def trace_now(self) -> None:
        """Trace what was asked for last, without waiting."""
        self._next.stop()
        if self._wanted is None or not self._is_active:
            return
        self._traced_at, self._traced = time.perf_counter(), self._wanted
        trace = FlowTrace.of(self._wanted, self._update)
        self._took = time.perf_counter() - self._traced_at
        self.traced.emit(trace)
