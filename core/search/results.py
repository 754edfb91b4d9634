"""What the trials of a search found, as arrays: for the views of the window and for files."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.files.atomic_file import write_atomically
from core.runs.run_record import RunRecord
from core.search.plan import SearchPlan
from core.search.varied import Varied
from core.search.varied_settings import Value

COMPLETE, ENDED_EARLY, DIVERGED = "complete", "ended early", "diverged"

_Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SearchResults:
    """The trials of which the library has a run, in the order of their numbers.

    Attributes
    ----------
    varied
        What varies, (s,).
    records
        The first run of each trial, (n,).
    trials
        The number of each trial, (n,).
    values
        float64, (n, s): the value of each setting; of a setting with listed values, the place of
        the value in the list. NaN where a value is none of them.
    accuracy
        float64, (n,): on the validation split, the mean over the runs of the trial; 0 if unknown.
    epochs
        float64, (n,): trained, the mean over the runs.
    states
        Of each trial, (n,): complete, ended early (poor trials) or diverged.
    """

    varied: tuple[Varied, ...]
    records: tuple[RunRecord, ...]
    trials: NDArray[np.int64]
    values: _Array
    accuracy: _Array
    epochs: _Array
    states: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.records)

    @property
    def best(self) -> int | None:
        """The place of the first of the best trials; complete ones go before others."""
        if not len(self):
            return None
        is_complete = np.array([state == COMPLETE for state in self.states])
        return int(np.lexsort((-self.accuracy, ~is_complete))[0])

    def ranked(self) -> NDArray[np.intp]:
        """Return the places of all trials, the best first; equals stay in their order."""
        return np.argsort(-self.accuracy, kind="stable")

    def value(self, place: int, setting: int) -> Value:
        """Return the value of a setting in a trial."""
        return self.varied[setting].setting.read(self.records[place].config)


def results_of(plan: SearchPlan, records: Sequence[RunRecord]) -> SearchResults:
    """Return the results of a search.

    Parameters
    ----------
    records
        Its runs, by the number of their trial; see ``RunLibrary.records_of_search``.
    """
    first: dict[int, int] = {}
    for place, record in enumerate(records):
        first.setdefault(record.trial or 0, place)
    trials = np.array(list(first), np.int64)
    of_trial = {trial: place for place, trial in enumerate(first)}
    groups = np.array([of_trial[record.trial or 0] for record in records], np.intp)
    counts = np.maximum(np.bincount(groups, minlength=len(trials)), 1)

    def mean(figures: list[float]) -> _Array:
        return np.bincount(groups, np.array(figures), len(trials)) / counts

    shown = tuple(records[place] for place in first.values())
    epochs = mean([record.epochs for record in records])
    diverged = mean([float(bool(record.note)) for record in records]) > 0
    return SearchResults(
        varied=plan.varied,
        records=shown,
        trials=trials,
        values=_values(plan.varied, shown),
        accuracy=mean([record.validation_accuracy or 0.0 for record in records]),
        epochs=epochs,
        states=tuple(map(_state, epochs < plan.epochs - 1e-6, diverged)),
    )


def _state(is_short: bool, is_noted: bool) -> str:
    if not is_short:
        return COMPLETE
    return DIVERGED if is_noted else ENDED_EARLY


def _values(varied: Sequence[Varied], records: Sequence[RunRecord]) -> _Array:
    found = np.full((len(records), len(varied)), np.nan)
    for column, each in enumerate(varied):
        read = each.setting.read
        values = [read(record.config) for record in records]
        if not each.values:
            found[:, column] = values
        elif isinstance(each.values[0], str):
            places = {value: place for place, value in enumerate(each.values)}
            found[:, column] = [places.get(value, np.nan) for value in values]
        elif values:
            # A value may be the quotient of two others, and so differ in its last bit.
            listed = np.array(each.values, np.float64)
            gaps = np.abs(np.array(values, np.float64)[:, np.newaxis] - listed)
            found[:, column] = np.argmin(gaps, axis=1)
    return found


def write_trials(path: Path, results: SearchResults) -> None:
    """Write a row for each trial as CSV; may raise DigitscopeError."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    names = [varied.name for varied in results.varied]
    writer.writerow(["trial", *names, "state", "validation_accuracy", "epochs", "run"])
    for place, record in enumerate(results.records):
        values = [results.value(place, setting) for setting in range(len(names))]
        figures = f"{results.accuracy[place]:.6g}", f"{results.epochs[place]:.6g}"
        writer.writerow(
            [results.trials[place], *values, results.states[place], *figures, record.id]
        )
    write_atomically(path, lambda stream: stream.write(text.getvalue().encode()))
