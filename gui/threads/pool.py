"""Background work in Qt's thread pool, whose threads must not destroy Qt objects."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from PySide6.QtCore import QCoreApplication, QObject, QThreadPool, Signal, Slot

from core.errors import Cancelled, DigitscopeError


@dataclass(frozen=True)
class Outcome:
    """The result of a job.

    Attributes
    ----------
    answer
        The job's return value; None if it failed or was cancelled.
    problem
        A message for the user if it failed, else empty.
    seconds
        The job's duration.
    """

    answer: object
    problem: str
    seconds: float


class Pool(QObject):
    """Runs jobs in the pool's threads. The app has one, see :func:`app_pool`.

    A job's closure may hold the last reference to a Qt object, which must be destroyed in its own
    thread. So the pool's threads only get the job's number, and the job itself is released in the
    window's thread.

    Attributes
    ----------
    is_closing
        Whether :meth:`close` is waiting, so that nobody wants long work any more.

    Signals
    -------
    ended(number, Outcome)
        The job with this number, see :meth:`start`, has ended.
    """

    ended = Signal(int, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._numbers = count(1)
        self._jobs: dict[int, Callable[[], object]] = {}
        self.is_closing = False
        self.ended.connect(self._release)

    @property
    def is_idle(self) -> bool:
        """Whether every job has ended and is released."""
        return not self._jobs

    def start(self, work: Callable[[], object]) -> int:
        """Call `work`, which must not touch Qt, in one of the pool's threads.

        Returns the job's number, with which :attr:`ended` is emitted.
        """
        number = next(self._numbers)
        self._jobs[number] = work
        QThreadPool.globalInstance().start(lambda: self._run(number))
        return number

    def close(self, timeout_ms: int) -> bool:
        """Cancel what can be, and wait for the running jobs; return whether all ended in time."""
        self.is_closing = True
        try:
            return QThreadPool.globalInstance().waitForDone(timeout_ms)
        finally:
            self.is_closing = False

    def _run(self, number: int) -> None:
        begun = time.perf_counter()
        answer, problem = None, ""
        try:
            answer = self._jobs[number]()
        except Cancelled:
            pass  # nobody waits for the answer
        except DigitscopeError as error:
            problem = str(error)
        except Exception as error:
            logging.getLogger(__name__).exception("A job failed")
            problem = f"This failed because of an error in the program: {error!r}."
        # From here on, this thread holds no reference to the job.
        self.ended.emit(number, Outcome(answer, problem, time.perf_counter() - begun))

    @Slot(int, object)
    def _release(self, number: int, _outcome: Outcome) -> None:
        del self._jobs[number]


def app_pool() -> Pool:
    """Return the app's pool; it is created on first use and lives as long as the app."""
    app = QCoreApplication.instance()
    assert app is not None
    return app.findChild(Pool) or Pool(app)
