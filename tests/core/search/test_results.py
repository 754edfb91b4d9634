"""What the trials of a search found: values, accuracies and states, from the records of runs."""

import csv
from dataclasses import replace

import numpy as np
import pytest

from core.search.estimate import estimated_seconds
from core.search.results import COMPLETE, DIVERGED, ENDED_EARLY, results_of, write_trials
from core.settings.config import Hyperparameters
from tests.core.runs.run_records import make_record
from tests.core.search.searching import VARY, Searcher, plan_of


def record(plan, trial, values, accuracy, run=0, **fields):
    return make_record(
        100 * trial + run,
        config=plan.config_of(values, run),
        trial=trial,
        validation_accuracy=accuracy,
        epochs=fields.pop("epochs", float(plan.epochs)),
        **fields,
    )


def test_a_trial_is_the_mean_of_its_runs():
    plan = plan_of("learning_rate=0.01..1:log", "optimizer=sgd,adam", runs_per_trial=2)
    values = [
        {"learning_rate": 0.01, "optimizer": "adam"},
        {"learning_rate": 1.0, "optimizer": "sgd"},
    ]
    results = results_of(
        plan,
        [
            record(plan, t, values[t], a, run)
            for t, run, a in ((0, 0, 0.5), (0, 1, 0.7), (1, 0, 0.9))
        ],
    )
    assert results.accuracy.tolist() == pytest.approx([0.6, 0.9])
    assert results.values.tolist() == [[0.01, 1], [1.0, 0]]
    assert results.trials.tolist() == [0, 1]
    assert results.best == 1
    assert results.value(0, 1) == "adam"


def test_states():
    plan = plan_of("batch_size=10,20", epochs=3)
    results = results_of(
        plan,
        [
            record(plan, 0, {"batch_size": 10}, 0.9, epochs=1.0),
            record(plan, 1, {"batch_size": 20}, 0.1, epochs=0.5, note="Training diverged"),
            record(plan, 2, {"batch_size": 20}, 0.8),
        ],
    )
    assert results.states == (ENDED_EARLY, DIVERGED, COMPLETE)
    assert results.best == 2  # not the one that was ended, though its accuracy was higher


def test_listed_numbers_are_found_though_they_are_computed():
    plan = plan_of("augmentation=0.3,0.7,1.1")
    values = [{"augmentation": value} for value in (1.1, 0.3, 0.7)]
    results = results_of(plan, [record(plan, i, v, 0.5) for i, v in enumerate(values)])
    assert results.values[:, 0].tolist() == [2, 0, 1]


def test_no_trials():
    results = results_of(plan_of("batch_size=10,20"), [])
    assert (len(results), results.best, results.values.shape) == (0, None, (0, 1))


def test_of_a_real_search(tmp_path):
    plan = plan_of(*VARY, sampler="grid")
    searcher = Searcher(tmp_path, plan)
    trials = searcher.run()
    results = results_of(plan, searcher.records())
    assert results.trials.tolist() == [trial.number for trial in trials]
    assert results.accuracy.tolist() == [trial.accuracy for trial in trials]
    for place, trial in enumerate(trials):
        assert {v.name: results.value(place, i) for i, v in enumerate(plan.varied)} == trial.values


def test_the_table_has_a_row_for_each_trial(tmp_path):
    plan = plan_of("hidden=8,16-8")
    results = results_of(
        plan,
        [
            record(plan, i, {"hidden": h}, a)
            for i, (h, a) in enumerate((("8", 0.25), ("16-8", 0.5)))
        ],
    )
    write_trials(tmp_path / "trials.csv", results)
    rows = list(csv.DictReader((tmp_path / "trials.csv").read_text().splitlines()))
    assert [(r["trial"], r["hidden"], r["validation_accuracy"], r["state"]) for r in rows] == [
        ("0", "8", "0.25", "complete"),
        ("1", "16-8", "0.5", "complete"),
    ]


def test_the_estimate_follows_the_work():
    plan = plan_of("learning_rate=0.01..1:log", trials=8)
    seconds = estimated_seconds(plan, 60_000, 1)
    assert estimated_seconds(plan, 60_000, 2) == pytest.approx(seconds / 2)
    assert estimated_seconds(replace(plan, trials=16), 60_000, 1) == pytest.approx(2 * seconds)
    assert estimated_seconds(replace(plan, epochs=3), 60_000, 1) == pytest.approx(3 * seconds)
    large = replace(plan.config, hyperparameters=Hyperparameters(batch_size=1000))
    assert estimated_seconds(replace(plan, config=large), 60_000, 1) < seconds
    assert np.isfinite(seconds)
