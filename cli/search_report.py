"""What ``main.py search`` says and writes about a search."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cli.output import say
from cli.targets import write_report
from core.files.atomic_file import write_atomically
from core.runs.search_record import SearchRecord
from core.search.chooser import Chooser, TrialFigures
from core.search.plan import SearchPlan
from core.search.search import TEST
from core.wording import counted, percent

_OF_A_TRIAL = ("state", "validation_accuracy", "seconds", "epochs", "runs", "reason")


def write_search_report(
    path: Path, record: SearchRecord, plan: SearchPlan, chooser: Chooser
) -> None:
    """Write everything about a search as JSON; may raise DigitscopeError."""
    trials = chooser.trials()
    best = best_of(trials)
    write_report(
        path,
        id=record.id,
        name=record.name,
        state=record.state,
        plan=plan.as_values(),
        trials=[_row(trial) for trial in trials],
        best=None if best is None else {**_row(best), "test_accuracy": _test(chooser, best)},
        importance=chooser.importance(),
    )


def write_table(path: Path, plan: SearchPlan, trials: list[TrialFigures]) -> None:
    """Write a row for each trial as CSV; may raise DigitscopeError."""
    names = [varied.name for varied in plan.varied]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["trial", *names, *_OF_A_TRIAL])
    for trial in trials:
        row = {**_row(trial), "runs": " ".join(trial.facts.get("runs", ()))}
        values = [trial.values.get(name) for name in names]
        writer.writerow([trial.number, *values, *(row[column] for column in _OF_A_TRIAL)])
    write_atomically(path, lambda stream: stream.write(text.getvalue().encode()))


def best_of(trials: list[TrialFigures]) -> TrialFigures | None:
    """Return the first of the best complete trials."""
    complete = [trial for trial in trials if trial.state == "complete"]
    return max(complete, key=lambda trial: trial.accuracy or 0.0, default=None)


def say_result(chooser: Chooser) -> None:
    """Print the best trial, and what mattered."""
    trials = chooser.trials()
    best = best_of(trials)
    if best is None:
        say(f"None of {counted(len(trials), 'trial')} was completed.")
    else:
        values = ", ".join(f"{name} = {_short(value)}" for name, value in best.values.items())
        say(f"Best of {counted(len(trials), 'trial')}: trial {best.number}, {values}")
        accuracy = f"Validation accuracy {percent(best.accuracy)}"
        test = _test(chooser, best)
        say(accuracy if test is None else f"{accuracy}, test accuracy {percent(test)}")
    importance = chooser.importance()
    if importance:
        shares = (f"{name} {percent(share, 0)}" for name, share in importance.items())
        say(f"Importance: {', '.join(shares)}")
    failed = [trial for trial in trials if trial.state == "failed"]
    if failed:
        reason = failed[0].facts.get("reason", "")
        say(f"{counted(len(failed), 'trial')} failed. The first, {failed[0].number}: {reason}")


def _row(trial: TrialFigures) -> dict[str, Any]:
    facts: Mapping[str, Any] = trial.facts
    return {
        "number": trial.number,
        "values": dict(trial.values),
        "state": trial.state,
        "validation_accuracy": trial.accuracy,
        "seconds": facts.get("seconds"),
        "epochs": facts.get("epochs"),
        "runs": facts.get("runs", []),
        "weights": facts.get("weights", []),
        "reason": facts.get("reason", ""),
    }


def _test(chooser: Chooser, best: TrialFigures) -> float | None:
    """Return the accuracy of the best trial on the test set; None before that was read."""
    test = chooser.known(TEST)
    return None if test is None or test["trial"] != best.number else float(test["accuracy"])


def _short(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
