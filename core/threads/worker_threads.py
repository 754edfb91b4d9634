"""A small pool of threads.

It does what `concurrent.futures.ThreadPoolExecutor` does, with less overhead: a training step of a
few milliseconds uses the pool three times, and an executor's locks and futures would cost 0.1 ms
each time.
"""

from __future__ import annotations

from collections.abc import Callable
from queue import SimpleQueue
from threading import Lock, Thread

import numpy as np


class Task:
    """Work for a thread of the pool, which can be cancelled until it begins.

    Parameters
    ----------
    work
        Called at most once.
    """

    def __init__(self, work: Callable[[], object]) -> None:
        self._work = work
        self._claimed = Lock()
        self._outcome: SimpleQueue[BaseException | None] = SimpleQueue()

    def run(self) -> None:
        """Do the work unless it was cancelled; an error is kept for :meth:`end`."""
        if self._claimed.acquire(blocking=False):
            try:
                self._work()
            except BaseException as error:
                self._outcome.put(error)
            else:
                self._outcome.put(None)

    def end(self) -> BaseException | None:
        """Cancel the task if it has not begun; else wait for it, and return its error if any."""
        if self._claimed.acquire(blocking=False):
            return None
        return self._outcome.get()


class WorkerThreads:
    """Threads that wait for tasks until :meth:`shutdown`.

    Parameters
    ----------
    threads
        How many.
    """

    def __init__(self, threads: int) -> None:
        self._tasks: SimpleQueue[Task | None] = SimpleQueue()
        self._is_open = True
        self._threads = [
            Thread(target=self._work, name=f"worker_{number}", daemon=True)
            for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, work: Callable[[], object]) -> Task:
        """Run `work` on the next free thread.

        Raises
        ------
        RuntimeError
            After :meth:`shutdown`.
        """
        if not self._is_open:
            raise RuntimeError("No work can be submitted after shutdown().")
        task = Task(work)
        self._tasks.put(task)
        return task

    def shutdown(self) -> None:
        """End the threads after they have run everything that was submitted."""
        self._is_open = False
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        # An overflow shows in the loss; each thread has its own settings for warnings.
        np.seterr(over="ignore", invalid="ignore")
        while (task := self._tasks.get()) is not None:
            task.run()
            del task  # its closure holds arrays
