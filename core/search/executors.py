"""Where the parts of a search's runs are trained: what all such places have in common."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Protocol

from threadpoolctl import threadpool_limits

from core.datasets.dataset import Dataset
from core.errors import DigitscopeError
from core.search.part import Part, PartResult, train_part


class WorkerLost(Exception):
    """The process that trained a part was killed; the part can be trained again."""


class SearchError(DigitscopeError):
    """A search cannot begin or continue; what it has finished is kept."""


class Executor(Protocol):
    """Trains parts, several at a time."""

    @property
    def width(self) -> int:
        """How many parts are trained at a time, at least 1."""

    def submit(self, part: Part) -> Future[Any]:
        """Begin to train a part; may raise WorkerLost or SearchError."""

    def outcome(self, future: Future[Any]) -> PartResult:
        """Return the result of a future that is done.

        Raises
        ------
        WorkerLost
            If its process was killed.
        SearchError
            If nothing more can be trained here.
        """

    def renew(self) -> bool:
        """Be ready again after WorkerLost; return whether all other parts were lost, too."""

    def close(self) -> None:
        """End the training at once."""


class OneByOne:
    """Trains in the calling process and thread: a part is done when `submit` returns.

    Parameters
    ----------
    check
        Called before each step; may raise an error, which `submit` passes on.
    """

    width = 1

    def __init__(self, dataset: Dataset, check: Callable[[], object]) -> None:
        self._dataset = dataset
        self._check = check
        self._limits = threadpool_limits(1, user_api="blas")

    def submit(self, part: Part) -> Future[Any]:
        """Train a part."""
        future: Future[PartResult] = Future()
        future.set_result(train_part(self._dataset, part, self._check))
        return future

    def outcome(self, future: Future[Any]) -> PartResult:
        """Return its result."""
        result: PartResult = future.result()
        return result

    def renew(self) -> bool:
        """Do nothing: there is no process to be lost."""
        return False

    def close(self) -> None:
        """Give BLAS its threads back."""
        self._limits.restore_original_limits()
