"""Runs searches in a test's process."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from core.datasets.dataset import Dataset
from core.errors import Cancelled
from core.runs.run_library import RunLibrary
from core.runs.run_record import RunRecord
from core.search.chooser import Chooser, TrialFigures
from core.search.executors import Executor, OneByOne
from core.search.plan import SearchPlan
from core.search.search import TEST, Search
from core.search.search_progress import SearchProgress
from core.search.trial_records import TrialRecords
from core.search.varied import parse_varied
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from tests.core.digits import tiny_dataset

ID = "0123456789abcdef" * 2
CONFIG = RunConfig(
    network=NetworkConfig(hidden=(8,)),
    hyperparameters=Hyperparameters(batch_size=10),
    validation=50,
)


def plan_of(*vary: str, **fields: object) -> SearchPlan:
    """A plan for the tiny data set."""
    config = fields.pop("config", CONFIG)
    return SearchPlan(config, tuple(map(parse_varied, vary)), **fields)


VARY = ("learning_rate=0.001..1:log:3", "units=4,8")
PLANS = {
    "grid": plan_of(*VARY, sampler="grid"),
    "random": plan_of(*VARY, sampler="random", trials=6, seed=3),
}
LONG = plan_of("learning_rate=0.01..0.1", trials=5, epochs=25)
"""Each trial takes about a tenth of a second."""


class Searcher:
    """A search in a folder, which may be run several times.

    Attributes
    ----------
    shown
        Every progress that was reported.
    """

    def __init__(self, folder: Path, plan: SearchPlan, saves: Path | None = None) -> None:
        self.storage = folder / "storage.sqlite"
        self.library = folder / "runs.sqlite"
        self.plan = plan
        self.saves = saves
        self.shown: list[SearchProgress] = []

    def run(
        self,
        executor: Executor | None = None,
        dataset: Dataset | None = None,
        is_stopped: Callable[[], bool] = lambda: False,
    ) -> list[TrialFigures]:
        """Run until it ends or is stopped; by default one trial after the other."""

        def check() -> None:
            if is_stopped():
                raise Cancelled

        own = OneByOne(dataset or tiny_dataset(), check)
        with (
            closing(own),
            closing(RunLibrary(self.library)) as library,
            closing(Chooser(self.storage, self.plan)) as chooser,
        ):
            records = TrialRecords(library, ID, self.saves)
            search = Search(
                ID, self.plan, chooser, executor or own, records, self.shown.append, is_stopped
            )
            search.run()
            return chooser.trials()

    def trials(self) -> list[TrialFigures]:
        """What the storage knows."""
        with closing(Chooser(self.storage, self.plan)) as chooser:
            return chooser.trials()

    def test(self) -> dict[str, object] | None:
        """What the storage knows of the test set."""
        with closing(Chooser(self.storage, self.plan)) as chooser:
            return chooser.known(TEST)

    def records(self) -> list[RunRecord]:
        """What the library knows, in the order of the trials and runs."""
        with closing(RunLibrary(self.library)) as library:
            return library.records_of_search(ID)


def outcome(trials: list[TrialFigures]) -> list[tuple[object, ...]]:
    """What must be the same wherever and whenever trials are trained."""
    return [
        (trial.number, dict(trial.values), trial.state, trial.accuracy, *trial.facts["weights"])
        for trial in trials
    ]
