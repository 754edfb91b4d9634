"""Hands parts out to where they are trained, and again if a process was killed."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from typing import Any

from core.errors import DigitscopeError
from core.search.executors import Executor, SearchError, WorkerLost
from core.search.part import Part, PartResult

_SUSPECT = 3
_MOST_DEATHS = 6
"""A part whose process was killed so often is trained apart from others; then, given up."""

_GIVEN_UP = (
    f"The process that trained it ended {_MOST_DEATHS} times: perhaps there is not enough memory."
)


@dataclass(eq=False)
class Task:
    """A part to train.

    Attributes
    ----------
    trial, run
        Which trial it belongs to, and which of its runs.
    deaths
        How often a process was killed that may have been training it.
    """

    trial: int
    run: int
    part: Part
    deaths: int = field(default=0, init=False)


class Dispatcher:
    """Keeps an executor busy; each task has exactly one outcome.

    A killed process may have been killed by its task, for want of memory, and takes those beside it
    along. So a task that has seen several deaths waits until all others are done, and is then
    trained alone.
    """

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._waiting: deque[Task] = deque()
        self._suspects: deque[Task] = deque()
        self._given_up: list[Task] = []
        self._out: dict[Future[Any], Task] = {}

    @property
    def running(self) -> int:
        """How many parts are being trained."""
        return min(len(self._out), self._executor.width)

    @property
    def has_room(self) -> bool:
        """Whether another task would be begun soon: one more is handed out than can run."""
        width = self._executor.width
        return len(self._waiting) + len(self._out) < width + (width > 1)

    def add(self, task: Task) -> None:
        """Train a task, before those that were added earlier: it may continue a trial."""
        self._waiting.appendleft(task)

    def outcomes(self, seconds: float) -> Iterator[tuple[Task, PartResult | Exception]]:
        """Wait for up to this many seconds; yield the tasks that ended, and how.

        An Exception says why a task cannot be trained. May raise SearchError; if the parts are
        trained in this process, also whatever ends the training.
        """
        self._hand_out()
        done, _ = wait(self._out, seconds, FIRST_COMPLETED)
        for future in done:
            # Another future may have shown already that all of them are lost.
            if (task := self._out.pop(future, None)) is None:
                continue
            try:
                yield task, self._executor.outcome(future)
            except WorkerLost:
                self._train_again([task, *self._renew()])
            except SearchError:
                raise
            except (MemoryError, ArithmeticError, ValueError, DigitscopeError) as error:
                yield task, error
        while self._given_up:
            yield self._given_up.pop(), WorkerLost(_GIVEN_UP)

    def _hand_out(self) -> None:
        while self._waiting and len(self._out) <= self._executor.width:
            self._submit(self._waiting.popleft())
        if self._suspects and not self._out:
            self._submit(self._suspects.popleft())

    def _submit(self, task: Task) -> None:
        try:
            self._out[self._executor.submit(task.part)] = task
        except WorkerLost:
            self._train_again([task, *self._renew()])

    def _renew(self) -> list[Task]:
        """Make the executor ready again; return the tasks that were lost with others."""
        if not self._executor.renew():
            return []
        lost = [
            future
            for future in self._out
            if not future.done() or future.cancelled() or future.exception() is not None
        ]
        return [self._out.pop(future) for future in lost]

    def _train_again(self, lost: list[Task]) -> None:
        for task in lost:
            task.deaths += 1
            if task.deaths >= _MOST_DEATHS:
                self._given_up.append(task)
            elif task.deaths >= _SUSPECT:
                self._suspects.append(task)
            else:
                self._waiting.append(task)
