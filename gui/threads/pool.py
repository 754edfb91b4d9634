"""Work in Qt's pool of threads, in none of which a Qt object may end."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from PySide6.QtCore import QCoreApplication, QObject, QThreadPool, Signal, Slot

from core.errors import DigitscopeError


@dataclass(frozen=True)
class Outcome:
    """What came of a job.

    Attributes
    ----------
    answer
        What it returned; None if it failed.
    problem
        What to tell the user if it failed; empty if it did not.
    seconds
        How long it took.
    """

    answer: object
    problem: str
    seconds: float


class Pool(QObject):
    """Runs jobs in the pool's threads. The app has one, see :func:`app_pool`.

    What a job closes over may hold the last reference to a Qt object, which must not be destroyed
    in another thread than its own. So the pool's threads are given the job's number alone, and the
    job itself is let go of in the window's thread.

    Signals
    -------
    ended(number, Outcome)
        Of the job that :meth:`start` has given this number.
    """

    ended = Signal(int, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._numbers = count(1)
        self._jobs: dict[int, Callable[[], object]] = {}
        self.ended.connect(self._let_go)

    @property
    def is_idle(self) -> bool:
        """Whether every job has ended, and is let go of."""
        return not self._jobs

    def start(self, work: Callable[[], object]) -> int:
        """Call `work`, which must touch nothing of Qt, in one of the pool's threads.

        Returns its number, by which :attr:`ended` tells of it.
        """
        number = next(self._numbers)
        self._jobs[number] = work
        QThreadPool.globalInstance().start(lambda: self._run(number))
        return number

    def close(self, timeout_ms: int) -> bool:
        """Wait for the jobs that run; return whether all have ended in time."""
        return QThreadPool.globalInstance().waitForDone(timeout_ms)

    def _run(self, number: int) -> None:
        begun = time.perf_counter()
        answer, problem = None, ""
        try:
            answer = self._jobs[number]()
        except DigitscopeError as error:
            problem = str(error)
        except Exception as error:
            logging.getLogger(__name__).exception("A job failed")
            problem = f"This did not work because of an error in the program: {error!r}."
        # By now, nothing in this thread refers to the job any more.
        self.ended.emit(number, Outcome(answer, problem, time.perf_counter() - begun))

    @Slot(int, object)
    def _let_go(self, number: int, _outcome: Outcome) -> None:
        del self._jobs[number]


def app_pool() -> Pool:
    """Return the app's pool, which is made for the first job and lives as long as the app."""
    app = QCoreApplication.instance()
    assert app is not None
    return app.findChild(Pool) or Pool(app)
