"""Runs a search: asks for trials, has their runs trained, records them, and tells the outcome.

Nothing is lost or counted twice, whenever this process is killed: a run's id follows from those of
the search, the trial and the run, so that its record replaces an earlier one of the same run; the
records are written before the trial ends in Optuna's storage; and a trial that did not end there is
trained again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import fmean
from typing import NamedTuple

from core.datasets.dataset import Dataset
from core.errors import Cancelled, ConfigError
from core.search.chooser import REDUCTION, Chooser, Values
from core.search.dispatcher import Dispatcher, Task
from core.search.executors import Executor
from core.search.part import Part, PartResult
from core.search.plan import SearchPlan
from core.search.search_progress import SearchProgress
from core.search.trial_records import TrialRecords, run_id
from core.settings.config import RunConfig
from core.training.saved_run import check_images

_Take = Callable[[Task, PartResult | Exception], None]

TEST, _IMAGES = "test", "images"
"""Facts of a whole search: its best trial on the test set, and what its trials learn from."""

_LOOKS_EVERY = 0.2
"""Seconds between two looks whether to stop."""


@dataclass(eq=False)
class _Trial:
    """A trial that is being trained.

    Attributes
    ----------
    began
        In POSIX seconds.
    rung
        Which part of its runs is being trained.
    results
        Of each run, the newest.
    out
        How many of its runs have not ended the present part.
    """

    number: int
    values: Values
    configs: list[RunConfig]
    began: float
    rung: int
    results: list[PartResult | None]
    out: int


class _Best(NamedTuple):
    """The best trial that is complete; of equals, that with the lowest number."""

    accuracy: float
    number: int
    values: Values


class Search:
    """A search that runs.

    Parameters
    ----------
    chooser, executor, records
        What chooses the trials, where they are trained, and where their runs are recorded.
    report
        Called often with the progress.
    is_stopped
        Called often; if it returns True, :meth:`run` raises Cancelled within a second.
    """

    def __init__(
        self,
        search: str,
        plan: SearchPlan,
        chooser: Chooser,
        executor: Executor,
        records: TrialRecords,
        report: Callable[[SearchProgress], object],
        is_stopped: Callable[[], bool],
    ) -> None:
        self._id = search
        self._plan = plan
        self._chooser = chooser
        self._executor = executor
        self._dispatcher = Dispatcher(executor)
        self._records = records
        self._report_to = report
        self._is_stopped = is_stopped
        self._rungs = _rungs(plan)
        self._trials: dict[int, _Trial] = {}
        ended = [trial for trial in chooser.trials() if trial.state != "running"]
        self._done = self._done_before = len(ended)
        # max takes the first of equals.
        complete = [trial for trial in ended if trial.state == "complete"]
        best = max(complete, key=lambda trial: trial.accuracy or 0.0, default=None)
        self._best = None if best is None else _Best(best.accuracy or 0.0, best.number, best.values)
        self._began = time.monotonic()

    def run(self) -> None:
        """Train all trials that are left, then read the test set with the best.

        Raises
        ------
        Cancelled
            If it was stopped.
        DigitscopeError
            If it cannot continue. In either case, another object can continue it.
        """
        for number, values in self._chooser.unfinished():
            self._begin(number, values)
        while True:
            while self._chooser.asked < self._plan.combinations and self._dispatcher.has_room:
                self._begin(*self._chooser.ask())
            if not self._trials:
                break
            self._wait(self._take)
        self._read_test_set()

    def _wait(
        self, take: Callable[[Task, PartResult | Exception], None], message: str = ""
    ) -> None:
        self._report(message)
        if self._is_stopped():
            raise Cancelled
        for task, outcome in self._dispatcher.outcomes(_LOOKS_EVERY):
            take(task, outcome)

    # --- a trial ------------------------------------------------------------------------------

    def _begin(self, number: int, values: Values) -> None:
        runs = self._plan.runs_per_trial
        try:
            configs = [self._plan.config_of(values, run) for run in range(runs)]
        except ConfigError as error:  # its values are not possible together
            self._end(_Trial(number, values, [], time.time(), 0, [], 0), "failed", str(error))
            return
        trial = _Trial(number, values, configs, time.time(), 0, [None] * runs, 0)
        self._trials[number] = trial
        self._train(trial)

    def _train(self, trial: _Trial) -> None:
        """Train the next part of those runs of a trial that are not over."""
        until = self._rungs[trial.rung]
        wants_state = until < self._plan.epochs or self._records.keeps_files
        # The dispatcher begins with the last.
        for run, result in reversed(list(enumerate(trial.results))):
            if result is None or not result.is_over:
                state = None if result is None else result.state
                part = Part(
                    run_id(self._id, trial.number, run),
                    trial.configs[run],
                    until,
                    state,
                    wants_state,
                )
                self._dispatcher.add(Task(trial.number, run, part))
                trial.out += 1

    def _take(self, task: Task, outcome: PartResult | Exception) -> None:
        """Note how a part ended; if it was the last of its rung, decide what follows."""
        trial = self._trials.get(task.trial)
        if trial is None:  # another run of it has failed
            return
        if isinstance(outcome, Exception):
            self._end(trial, "failed", str(outcome) or type(outcome).__name__)
            return
        trial.results[task.run] = outcome
        trial.out -= 1
        if trial.out:
            return
        results = [result for result in trial.results if result is not None]
        accuracy = fmean(result.accuracy for result in results)
        until = self._rungs[trial.rung]
        if until == self._plan.epochs or all(result.is_over for result in results):
            self._end(trial, "complete", accuracy=accuracy)
        elif self._chooser.is_poor(trial.number, until, accuracy):
            self._end(trial, "pruned", accuracy=accuracy)
        else:
            trial.rung += 1
            self._train(trial)

    def _end(self, trial: _Trial, state: str, reason: str = "", accuracy: float = 0.0) -> None:
        results = [result for result in trial.results if result is not None]
        if state == "failed":  # one of its runs has; what others had says nothing
            results = []
        for run, result in enumerate(results):
            self._records.put(trial.number, run, trial.configs[run], trial.began, result)
        facts = {
            "seconds": time.time() - trial.began,
            "reason": reason or " ".join(result.remark for result in results).strip(),
            "epochs": fmean(result.epochs for result in results) if results else 0.0,
            "runs": [run_id(self._id, trial.number, run) for run in range(len(results))],
            "weights": [result.weights for result in results],
        }
        self._chooser.tell(trial.number, state, accuracy, facts)
        self._trials.pop(trial.number, None)
        self._done += 1
        if state == "complete" and (
            self._best is None
            or (accuracy, -trial.number) > (self._best.accuracy, -self._best.number)
        ):
            self._best = _Best(accuracy, trial.number, trial.values)

    # --- the best trial -----------------------------------------------------------------------

    def _read_test_set(self) -> None:
        """Train the runs of the best trial again, to the same bits, and read the test set.

        So the test set is read only once, and no network is kept while the search runs.
        """
        if self._best is None or self._chooser.known(TEST) is not None:
            return
        number, values = self._best.number, self._best.values
        began, left = time.time(), self._plan.runs_per_trial
        configs = [self._plan.config_of(values, run) for run in range(left)]
        for run, config in enumerate(configs):
            part = Part(
                run_id(self._id, number, run),
                config,
                self._plan.epochs,
                None,
                self._records.keeps_files,
                reads_test_set=True,
            )
            self._dispatcher.add(Task(number, run, part))
        accuracies: list[float] = []

        def take(task: Task, outcome: PartResult | Exception) -> None:
            nonlocal left
            left -= 1
            if isinstance(outcome, PartResult) and outcome.test is not None:
                self._records.put(number, task.run, configs[task.run], began, outcome)
                accuracies.append(outcome.test[1])

        while left:
            self._wait(take, "Reading the test set with the best trial")
        if accuracies:
            self._chooser.keep(TEST, {"trial": number, "accuracy": fmean(accuracies)})

    def _report(self, message: str) -> None:
        total = self._plan.combinations
        ended, left = self._done - self._done_before, total - self._done
        seconds = (time.monotonic() - self._began) / ended * left if ended else None
        best, running = self._best, self._dispatcher.running
        accuracy, number = (None, None) if best is None else (best.accuracy, best.number)
        self._report_to(
            SearchProgress(self._done, total, running, accuracy, number, seconds, message)
        )


def _rungs(plan: SearchPlan) -> list[int]:
    """Return the epochs after which the parts of a run end."""
    rungs = []
    epoch = 1
    while plan.stops_early and epoch < plan.epochs:
        rungs.append(epoch)
        epoch *= REDUCTION
    return [*rungs, plan.epochs]


def check_same_images(chooser: Chooser, dataset: Dataset) -> None:
    """Note what the trials of a new search learn from.

    Raises
    ------
    RunFileError
        If earlier trials of this search learned from other images.
    """
    images = chooser.known(_IMAGES)
    if images is None:
        chooser.keep(_IMAGES, dataset.checksum)
    else:
        check_images(images, dataset, "search")
