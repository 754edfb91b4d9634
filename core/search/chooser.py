"""What a search tries next, and what it knows of its trials: Optuna, with its storage on disk.

The storage is SQLite. Optuna's journal is five times as quick (2 instead of 12 ms for a trial), but
a line that a full disk has cut off makes it unreadable from the next line on, and the lock of a
killed process delays the next one for half a minute. SQLite's file is locked while the search runs,
so that no second process works on it; the system releases the lock.
"""

from __future__ import annotations

import json
import math
import sqlite3
import warnings
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import optuna
from optuna.trial import FrozenTrial, Trial, TrialState
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import StaticPool

from core.search.executors import SearchError
from core.search.grid import grid_points, grid_values
from core.search.plan import SearchPlan
from core.search.varied import Varied
from core.search.varied_settings import Value

Values = Mapping[str, Value]
"""The values of the varied settings, by name."""

REDUCTION = 3
"""Successive halving: about one trial in three continues at epochs 1, 3, 9, 27, …"""

_FACTS = "facts"


@dataclass(frozen=True)
class TrialFigures:
    """What is known of a trial.

    `state` is ``"running"``, ``"complete"``, ``"pruned"`` or ``"failed"``, `accuracy` the mean over
    its runs on the validation split, and `facts` what :meth:`Chooser.tell` was given.
    """

    number: int
    values: Values
    state: str
    accuracy: float | None
    facts: Mapping[str, Any]


class Chooser:
    """Chooses the values of each trial, and decides which poor trials end early.

    Parameters
    ----------
    path
        The storage; created if it does not exist.

    Raises
    ------
    SearchError
        If it is damaged or cannot be written, or another process works on this search. Every
        method may raise it.
    """

    def __init__(self, path: Path, plan: SearchPlan) -> None:
        self._path = path
        self._plan = plan
        self._points = grid_points(plan) if plan.sampler == "grid" else range(0)
        self._open: dict[int, Trial] = {}
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        warnings.filterwarnings("ignore", category=optuna.exceptions.ExperimentalWarning)
        self._connections = ExitStack()
        with ExitStack() as undo:
            undo.callback(self.close)  # or the search could not be tried again from here
            with self._translated():
                self._set_up()
            undo.pop_all()

    def _set_up(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._storage = optuna.storages.RDBStorage(
            "sqlite://", {"creator": self._connect, "poolclass": StaticPool}
        )
        self._study = optuna.create_study(
            storage=self._storage,
            study_name="search",
            direction="maximize",
            pruner=optuna.pruners.SuccessiveHalvingPruner(1, REDUCTION, 0),
            load_if_exists=True,
        )
        if self._plan.sampler != "guided" and not self._plan.stops_early:
            # Not through Optuna's cache, which grows with each trial: no choice looks at others.
            self._study._storage = self._storage
        self.asked = len(self._trials())

    def close(self) -> None:
        """Close the storage, which another process may then open."""
        self._connections.close()

    # --- choosing -------------------------------------------------------------------------

    def ask(self) -> tuple[int, Values]:
        """Return the number and the values of a new trial."""
        with self._translated():
            self._study.sampler = self._sampler(self.asked)
            trial = self._study.ask()
            self.asked += 1
            return self._suggest(trial)

    def unfinished(self) -> list[tuple[int, Values]]:
        """Return the trials that were begun by an earlier process, and did not end."""
        found = []
        with self._translated():
            for frozen in self._trials(TrialState.RUNNING):
                self._study.sampler = self._sampler(frozen.number)
                found.append(self._suggest(Trial(self._study, frozen._trial_id)))
        return found

    def is_poor(self, number: int, epoch: int, accuracy: float) -> bool:
        """Return whether a trial should end after this epoch, with this accuracy."""
        trial = self._open[number]
        with self._translated(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an earlier process may have reported it
            trial.report(accuracy, epoch)
            return bool(trial.should_prune())

    def tell(self, number: int, state: str, accuracy: float, facts: Mapping[str, Any]) -> None:
        """End a trial as ``"complete"``, ``"pruned"`` or ``"failed"``.

        Parameters
        ----------
        accuracy
            Of a complete trial.
        facts
            Anything that JSON can hold.
        """
        trial = self._open.pop(number)
        with self._translated():
            # As text, of which Optuna keeps a copy in memory in a third of the space.
            trial.set_user_attr(_FACTS, json.dumps(dict(facts)))
            if state == "complete":
                self._study.tell(trial, accuracy)
            else:
                self._study.tell(trial, state=_STATES[state])

    def _suggest(self, trial: Trial) -> tuple[int, Values]:
        """Return the number and the values; those that the storage has stay as they are."""
        self._open[trial.number] = trial
        return trial.number, {v.name: _suggested(trial, v) for v in self._plan.varied}

    def _sampler(self, number: int) -> Any:
        """Return what chooses the values of one trial, which depend on its number.

        So they do not depend on how many trials are trained at a time, nor on when the search was
        interrupted; with a guided search, they do depend on the trials that are finished.
        """
        plan = self._plan
        seeds = np.random.SeedSequence([plan.seed, number]).generate_state(len(plan.varied) + 1)
        if plan.sampler == "guided":
            return optuna.samplers.TPESampler(seed=int(seeds[-1]), constant_liar=True)
        if plan.sampler == "grid":
            values = grid_values(plan, self._points[number])
        else:
            values = {
                varied.name: optuna.samplers.RandomSampler(int(seed)).sample_independent(
                    self._study, cast(Any, None), varied.name, _distribution(varied)
                )
                for varied, seed in zip(plan.varied, seeds, strict=False)
            }
        fixed: Any = optuna.samplers.PartialFixedSampler(
            values, optuna.samplers.RandomSampler(int(seeds[-1]))
        )
        return fixed

    # --- what is known --------------------------------------------------------------------

    def trials(self) -> list[TrialFigures]:
        """Return all trials in the order of their numbers."""
        with self._translated():
            return [_figures(frozen) for frozen in self._trials()]

    def importance(self) -> dict[str, float]:
        """Return how much each setting matters, most first, adding up to 1; {} if unknown."""
        with self._translated():
            if len(self._trials(TrialState.COMPLETE)) < 2:
                return {}
            try:
                found = optuna.importance.get_param_importances(self._study)
            except (RuntimeError, ValueError):  # all trials are alike
                return {}
        return {name: float(share) for name, share in found.items() if math.isfinite(share)}

    def known(self, name: str) -> Any:
        """Return what :meth:`keep` has stored under this name; None before."""
        with self._translated():
            return self._study.user_attrs.get(name)

    def keep(self, name: str, value: Any) -> None:
        """Store a fact about the whole search: a plain value."""
        with self._translated():
            self._study.set_user_attr(name, value)

    # --- the storage ----------------------------------------------------------------------

    def _trials(self, *states: TrialState) -> list[FrozenTrial]:
        found: list[FrozenTrial] = self._study.get_trials(deepcopy=False, states=states or None)
        return found

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=1, check_same_thread=False)
        # SQLAlchemy does not close it if the settings are refused, nor Optuna if its tables are.
        self._connections.callback(connection.close)
        for setting in ("locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = NORMAL"):
            connection.execute(f"PRAGMA {setting}")
        return connection

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn errors of the storage into one for the user."""
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error, optuna.exceptions.OptunaError, OSError) as error:
            reason = str(_first_cause(error)).splitlines()[0]
            if "locked" in reason:
                raise SearchError(
                    "Another process works on this search already. Wait for it, or stop it first."
                ) from error
            raise SearchError(
                f"The file of this search, '{self._path}', cannot be used ({reason}). It may be "
                "damaged, or its folder full or read-only. Free some space, then continue it."
            ) from error


def _first_cause(error: BaseException) -> BaseException:
    """Return what SQLite said, which SQLAlchemy and Optuna wrap."""
    while error.__cause__ is not None:
        error = error.__cause__
    return error


_STATES = {
    "running": TrialState.RUNNING,
    "complete": TrialState.COMPLETE,
    "pruned": TrialState.PRUNED,
    "failed": TrialState.FAIL,
}


def _figures(frozen: FrozenTrial) -> TrialFigures:
    (state,) = (name for name, state in _STATES.items() if state == frozen.state)
    accuracy = frozen.value if frozen.state.is_finished() else None
    facts = json.loads(frozen.user_attrs.get(_FACTS, "{}"))
    return TrialFigures(frozen.number, dict(frozen.params), state, accuracy, facts)


def _distribution(varied: Varied) -> Any:
    if varied.values:
        return optuna.distributions.CategoricalDistribution(varied.values)
    if varied.setting.kind == "whole":
        low, high = int(varied.low), int(varied.high)
        return optuna.distributions.IntDistribution(low, high, log=varied.is_log)
    return optuna.distributions.FloatDistribution(varied.low, varied.high, log=varied.is_log)


def _suggested(trial: Trial, varied: Varied) -> Value:
    value: Value
    if varied.values:
        value = cast(Value, trial.suggest_categorical(varied.name, varied.values))
    elif varied.setting.kind == "whole":
        low, high = int(varied.low), int(varied.high)
        value = trial.suggest_int(varied.name, low, high, log=varied.is_log)
    else:
        value = trial.suggest_float(varied.name, varied.low, varied.high, log=varied.is_log)
    return value
