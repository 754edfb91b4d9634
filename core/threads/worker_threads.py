"""Threads that lend a hand, and end with whoever keeps them.

They do what `concurrent.futures.ThreadPoolExecutor` does, with less around it: a step of some
milliseconds needs them three times, and its locks and futures take 0.1 ms each time.
"""

from __future__ import annotations

from collections.abc import Callable
from queue import SimpleQueue
from threading import Lock, Thread

import numpy as np


class Shift:
    """Work that a helper may begin, unless it is called off before.

    Parameters
    ----------
    work
        Called at most once.
    """

    def __init__(self, work: Callable[[], object]) -> None:
        self._work = work
        self._taken = Lock()
        self._outcome: SimpleQueue[BaseException | None] = SimpleQueue()

    def begin(self) -> None:
        """Do the work, whose error is kept for :meth:`end`; nothing if it was called off."""
        if self._taken.acquire(blocking=False):
            try:
                self._work()
            except BaseException as error:
                self._outcome.put(error)
            else:
                self._outcome.put(None)

    def end(self) -> BaseException | None:
        """Call the work off if nobody has begun it, or else wait for it and return its error."""
        if self._taken.acquire(blocking=False):
            return None
        return self._outcome.get()


class WorkerThreads:
    """So many threads, which wait for shifts until :meth:`shutdown`."""

    def __init__(self, threads: int) -> None:
        self._shifts: SimpleQueue[Shift | None] = SimpleQueue()
        self._is_open = True
        self._threads = [
            Thread(target=self._work, name=f"worker_{number}", daemon=True)
            for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, work: Callable[[], object]) -> Shift:
        """Have the next free thread do `work`.

        Raises
        ------
        RuntimeError
            After :meth:`shutdown`.
        """
        if not self._is_open:
            raise RuntimeError("No work can be submitted after shutdown().")
        shift = Shift(work)
        self._shifts.put(shift)
        return shift

    def shutdown(self) -> None:
        """End the threads once they have done what was submitted."""
        self._is_open = False
        for _ in self._threads:
            self._shifts.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        # What overflows is seen in the loss; each thread has its own settings for warnings.
        np.seterr(over="ignore", invalid="ignore")
        while (shift := self._shifts.get()) is not None:
            shift.begin()
            del shift  # it holds on to arrays
