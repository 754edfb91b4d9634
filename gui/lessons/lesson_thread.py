"""The thread that runs a lesson."""

from __future__ import annotations

import logging
import time
from collections import deque

from PySide6.QtCore import Signal

from core.datasets.dataset import Dataset
from core.errors import Cancelled, DigitscopeError
from core.lessons.lesson import Lesson
from core.lessons.lesson_run import LessonRun, VariantState
from core.threads.workers import Workers
from gui.threads.replaceable_thread import StoppableThread

SECONDS_BETWEEN_STATES = 0.2


class LessonThread(StoppableThread):
    """Runs all variants of a lesson until they are done or it is stopped.

    The window takes the newest states when it wants to draw, so nothing piles up.

    Signals
    -------
    ended(run_id)
        All variants have run; their last states can be taken.
    failed(run_id, message)
        The thread has ended with an error.
    """

    ended = Signal(int)
    failed = Signal(int, str)

    def __init__(self, run_id: int, lesson: Lesson, dataset: Dataset) -> None:
        super().__init__()
        self.setObjectName(f"lesson-{run_id}")
        self.run_id = run_id
        self._lesson = lesson
        self._dataset = dataset
        self._stopping = False
        self._states: deque[tuple[VariantState, ...]] = deque(maxlen=1)
        self._next_states = 0.0

    def take_states(self) -> tuple[VariantState, ...] | None:
        """Return the newest states of the variants; None if they were already taken."""
        try:
            return self._states.pop()
        except IndexError:
            return None

    def stop(self) -> None:
        """Ask the thread to end soon; does not wait."""
        self._stopping = True

    def run(self) -> None:
        """Train until all variants are done, or until :meth:`stop`."""
        try:
            with LessonRun(
                self._lesson, self._dataset, self._on_progress, lambda: Workers(is_alone=False)
            ) as run:
                self._train(run)
        except Cancelled:
            pass
        except DigitscopeError as error:
            self.failed.emit(self.run_id, str(error))
        except MemoryError:
            self.failed.emit(
                self.run_id,
                "There is not enough memory for the networks of this lesson. Close other programs, "
                "or choose another lesson.",
            )
        except Exception as error:
            logging.getLogger(__name__).exception("A lesson failed")
            self.failed.emit(
                self.run_id,
                f"The lesson stopped because of a bug in the program ({error!r}). Run it again.",
            )
        else:
            self.ended.emit(self.run_id)

    def _train(self, run: LessonRun) -> None:
        while not run.is_over:
            self._on_progress()
            run.step()
            now = time.perf_counter()
            if now >= self._next_states:
                self._states.append(run.states())
                self._next_states = now + SECONDS_BETWEEN_STATES
        self._states.append(run.states())

    def _on_progress(self, _done: int = 0, _total: int = 0) -> None:
        """Also stop in the middle of a long step."""
        if self._stopping:
            raise Cancelled
