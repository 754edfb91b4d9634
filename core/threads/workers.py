"""Threads that share the work of a step, and how many of them pay.

There are two ways to keep several cores busy. BLAS, the library behind ``@``, can cut a product
among threads of its own: they are quickest to start, but wait for each other within every product,
which took a step of 784-128-64-10 from 0.5 ms to 45 ms as soon as something else wanted a core. Or
several Python threads each do a part of the work, some images or some units: one that is held up
holds up only its part, but parts must be large, or the threads wait for Python's lock longer than
they work. Which is faster is measured. The result is the same bits either way: how the work is cut
into shards for one thread or several depends on the network and the batch alone; and BLAS has
several threads, and the batch in one piece, only where the result was tried and found the same (see
core/network/matmul.py).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import TypeVar

from threadpoolctl import ThreadpoolController

from core.threads.worker_threads import WorkerThreads

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Threads:
    """How many threads run shards of the work, and how many BLAS has for each product."""

    workers: int
    blas: int


class Workers:
    """Runs tasks on several threads, of which the calling one is the first.

    Parameters
    ----------
    threads
        How many threads; as many as this process has cores unless given, or one, where that is
        faster.
    is_alone
        Whether nothing else in this process wants a core; the window does, so BLAS, whose threads
        would wait for it, is left with one thread there.

    Attributes
    ----------
    setting
        What is in use.
    """

    def __init__(self, threads: int | None = None, is_alone: bool = True) -> None:
        self._most = threads or usable_cores()
        self._is_alone = is_alone
        self._may_be_one = threads is None
        self._blas = ThreadpoolController().select(user_api="blas")
        self.use(Threads(self._most, 1))
        self._pool = WorkerThreads(self._most - 1)

    @property
    def threads(self) -> int:
        """How many threads are in use."""
        return max(self.setting.workers, self.setting.blas)

    def use(self, setting: Threads) -> None:
        """Work like this from now on; BLAS's part of it holds for the whole process."""
        self.setting = setting
        self._blas.limit(limits=setting.blas)

    def run(self, task: Callable[[_Item], _Result], items: Sequence[_Item]) -> list[_Result]:
        """Return ``[task(item) for item in items]``, worked out on all threads in use.

        An error in a task is raised here once no other task is running.
        """
        helpers = min(self.setting.workers, len(items)) - 1
        if helpers <= 0:
            return [task(item) for item in items]
        # Whoever is free takes the next item: Python's lock lets one thread at a time do that.
        remaining = iter(enumerate(items))
        results: dict[int, _Result] = {}

        def run_remaining() -> None:
            for index, item in remaining:
                results[index] = task(item)

        submitted = [self._pool.submit(run_remaining) for _ in range(helpers)]
        try:
            run_remaining()
        finally:
            # A helper that has not begun by now need not begin.
            errors = [each.end() for each in submitted]
        for error in errors:
            if error is not None:
                raise error
        return [results[index] for index in range(len(items))]

    def settings(self, shards: int) -> list[Threads]:
        """Return the ways to run work cut into `shards`, the best on a busy machine first.

        That is on one thread, by several that each do a part, and by BLAS's.
        """
        several = []
        if self._most > 1 and shards > 1:
            several.append(Threads(self._most, 1))
        if self._most > 1 and self._is_alone:
            several.append(Threads(1, self._most))
        return several if several and not self._may_be_one else [Threads(1, 1), *several]

    def has_same_result(self, setting: Threads, result: Callable[[], object]) -> bool:
        """Say whether `result()` is the same with `setting` as on one thread.

        On some processors several BLAS threads change the last bits.
        """
        before = self.setting
        results = []
        for each in (Threads(1, 1), setting):
            self.use(each)
            results.append(result())
        self.use(before)
        return results[0] == results[1]

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._pool.shutdown()


def run_tasks(
    workers: Workers | None, task: Callable[[_Item], _Result], items: Sequence[_Item]
) -> list[_Result]:
    """Return ``[task(item) for item in items]``, worked out by `workers` if there are any."""
    if workers is None:
        return [task(item) for item in items]
    return workers.run(task, items)


def usable_cores() -> int:
    """Return how many cores this process may run on, or all of them where nobody can tell."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
