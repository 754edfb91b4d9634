"""What happens to a part whose process is killed."""

from __future__ import annotations

from concurrent.futures import Future

import pytest

from core.errors import ConfigError
from core.search.dispatcher import Dispatcher, Task
from core.search.executors import SearchError, WorkerLost
from core.search.part import Part
from core.settings.config import RunConfig


class Machine:
    """Trains several parts at a time; one kills its process, and with it all beside it.

    The part "beside" takes long: it ends only if it is alone from the beginning, and that only
    after some attempts.
    """

    width = 2

    def __init__(self) -> None:
        self._there: dict[Future[str], str] = {}
        self.submitted: list[str] = []
        self.killed: list[set[str]] = []

    def submit(self, part: Part) -> Future[str]:
        self.submitted.append(part.run)
        future: Future[str] = Future()
        if part.run == "deadly":
            self.killed.append({*self._there.values(), part.run})
            for each in [*self._there, future]:
                each.set_exception(WorkerLost())
        elif part.run != "beside" or (not self._there and self.submitted.count("beside") > 3):
            future.set_result(part.run)
        else:
            self._there[future] = part.run
        return future

    def outcome(self, future: Future[str]) -> str:
        return future.result()

    def renew(self) -> bool:
        self._there.clear()
        return True


def task(name: str) -> Task:
    return Task(0, 0, Part(name, RunConfig(validation=10), 1))


def test_a_part_that_kills_its_process_is_given_up_and_takes_no_other_along() -> None:
    machine = Machine()
    dispatcher = Dispatcher(machine)
    for name in ("a", "deadly", "beside", "b"):
        dispatcher.add(task(name))
    found: dict[str, object] = {}
    for _ in range(20):
        for done, outcome in dispatcher.outcomes(0):
            assert done.part.run not in found
            found[done.part.run] = outcome
    assert isinstance(found.pop("deadly"), WorkerLost)
    assert found == {name: name for name in ("a", "b", "beside")}
    assert {"deadly", "beside"} in machine.killed
    assert machine.killed[-3:] == [{"deadly"}] * 3


class Refusing:
    """Fails in one way."""

    width = 1

    def __init__(self, error: Exception) -> None:
        self._error = error

    def submit(self, part: Part) -> Future[str]:
        future: Future[str] = Future()
        future.set_exception(self._error)
        return future

    def outcome(self, future: Future[str]) -> str:
        return future.result()


@pytest.mark.parametrize("error", [MemoryError(), ConfigError("no")])
def test_a_part_that_cannot_be_trained_is_one_failure(error) -> None:
    dispatcher = Dispatcher(Refusing(error))
    dispatcher.add(task("a"))
    ((_task, outcome),) = dispatcher.outcomes(1)
    assert outcome is error
    assert list(dispatcher.outcomes(0)) == []


@pytest.mark.parametrize("error", [SearchError("lost"), KeyError("a fault in the code")])
def test_what_concerns_all_parts_ends_the_search(error) -> None:
    dispatcher = Dispatcher(Refusing(error))
    dispatcher.add(task("a"))
    with pytest.raises(type(error)):
        list(dispatcher.outcomes(1))
