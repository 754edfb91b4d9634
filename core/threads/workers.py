"""Threads that share the work of a training step, and the choice of how many.

There are two ways to use several cores. BLAS, the library behind ``@``, can split one matrix
product among threads of its own. They start fastest, but wait for each other within every product:
a step of 784-128-64-10 went from 0.5 ms to 45 ms as soon as another program wanted a core. Or
several Python threads each process a shard of the work, some images or some units. A thread that is
held up delays only its own shard, but shards must be large, or the threads wait for the
interpreter's lock longer than they work. Which is faster is measured (core/threads/tuning.py).

The result is the same bits either way. How the work is split depends on the network and the batch
alone; and BLAS gets several threads, and the batch in one piece, only after a trial gave the same
bits as one thread (see core/network/matmul.py).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from threadpoolctl import ThreadpoolController

from core.threads.worker_threads import WorkerThreads

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Threads:
    """How many threads process shards, and how many BLAS uses for each product."""

    workers: int
    blas: int


class Workers:
    """Runs tasks on several threads, of which the calling one is the first.

    Parameters
    ----------
    threads
        How many. By default up to the number of cores, whichever number is fastest.
    is_alone
        Whether nothing else in this process needs a core. In the window it does, so BLAS, whose
        threads would wait for it, keeps to one thread there.

    Attributes
    ----------
    setting
        The numbers of threads in use.
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
        """Use these numbers from now on; that of BLAS holds for the whole process."""
        self.setting = setting
        self._blas.limit(limits=setting.blas)

    def run(self, task: Callable[[_Item], _Result], items: Sequence[_Item]) -> list[_Result]:
        """Return ``[task(item) for item in items]``, computed on all threads in use.

        An error in a task is raised here, after all other tasks have ended.
        """
        helpers = min(self.setting.workers, len(items)) - 1
        if helpers <= 0:
            return [task(item) for item in items]
        # A free thread takes the next item: the interpreter's lock lets one at a time do so.
        remaining = iter(enumerate(items))
        results: dict[int, _Result] = {}

        def run_remaining() -> None:
            for index, item in remaining:
                results[index] = task(item)

        submitted = [self._pool.submit(run_remaining) for _ in range(helpers)]
        try:
            run_remaining()
        finally:
            # A task that has not begun by now is cancelled: nothing is left for it.
            errors = [each.end() for each in submitted]
        for error in errors:
            if error is not None:
                raise error
        return [results[index] for index in range(len(items))]

    def settings(self, shards: int) -> list[Threads]:
        """Return the ways to run work cut into `shards`, the best on a busy machine first.

        These are one thread, several that each process shards, and several of BLAS. Where their
        number was given, there are that many, even if a single shard leaves all but one idle: those
        of BLAS may change the last bits, and then there must be another way.
        """
        one = [Threads(1, 1)] if self._may_be_one or self._most == 1 else []
        is_shared = self._most > 1 and (shards > 1 or not one)
        sharing = [Threads(self._most, 1)] if is_shared else []
        of_blas = [Threads(1, self._most)] if self._most > 1 and self._is_alone else []
        return [*one, *sharing, *of_blas]

    def has_same_result(self, setting: Threads, result: Callable[[], object]) -> bool:
        """Return whether `result()` is the same with `setting` as on one thread.

        On some processors several BLAS threads change the last bits.
        """
        before = self.setting
        results = []
        for each in (Threads(1, 1), setting):
            self.use(each)
            results.append(result())
        self.use(before)
        return results[0] == results[1]

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown()

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def run_tasks(
    workers: Workers | None, task: Callable[[_Item], _Result], items: Sequence[_Item]
) -> list[_Result]:
    """Return ``[task(item) for item in items]``, computed by `workers` if there are any."""
    if workers is None:
        return [task(item) for item in items]
    return workers.run(task, items)


def usable_cores() -> int:
    """Return how many cores this process may use, or all where the system does not say."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
