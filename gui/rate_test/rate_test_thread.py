"""The thread of a learning-rate test."""

from __future__ import annotations

import logging
import threading
import time

from core.errors import Cancelled, DigitscopeError
from core.threads.workers import Workers
from core.training.learning_rate_test import LearningRateResult, LearningRateTest
from gui.threads.replaceable_thread import StoppableThread
from gui.training.news import Copied

LEAST_SECONDS = 2.0
"""A test takes at least this long if the loss does not explode, so that one sees the curve grow."""


class RateTestThread(StoppableThread):
    """Tests learning rates on a copy of a run until the test is over or it is stopped.

    The window looks at the attributes when it wants to draw.

    Attributes
    ----------
    newest
        What was found so far; None before the first step.
    steps
        How many steps the test takes at most; 0 before the first.
    problem
        Why the thread has ended early, for the user; else "".
    """

    def __init__(self, copied: Copied) -> None:
        super().__init__()
        self.setObjectName("learning-rate-test")
        self.newest: LearningRateResult | None = None
        self.steps = 0
        self.problem = ""
        self._copied = copied
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Ask the thread to end soon; does not wait."""
        self._stopping.set()

    def run(self) -> None:
        """Test until the end, or until :meth:`stop`."""
        try:
            with Workers(is_alone=False) as workers:
                self._test(workers)
        except Cancelled:
            pass
        except DigitscopeError as error:
            self.problem = str(error)
        except MemoryError:
            self.problem = "There is not enough memory for a copy of this network."
        except Exception as error:
            logging.getLogger(__name__).exception("The learning-rate test failed")
            self.problem = f"The test stopped because of an error in the program: {error!r}."

    def _test(self, workers: Workers) -> None:
        copied = self._copied
        images, _validation = copied.dataset.hold_out(copied.config.validation)
        test = LearningRateTest(
            copied.config,
            images,
            copied.checkpoint,
            copied.hyperparameters,
            workers,
            self._on_progress,
        )
        self.steps = test.steps
        begun = time.perf_counter()
        while not test.is_over:
            test.step()
            self.newest = result = test.result()
            due = begun + LEAST_SECONDS * len(result.losses) / test.steps
            self._stopping.wait(max(due - time.perf_counter(), 0.0))
            self._on_progress()

    def _on_progress(self, _done: int = 0, _total: int = 0) -> None:
        """Also stop in the middle of a long step."""
        if self._stopping.is_set():
            raise Cancelled
