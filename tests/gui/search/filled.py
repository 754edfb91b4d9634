"""A library with a search, filled by hand."""

import numpy as np

from core.runs.search_record import SearchRecord
from core.search.plan import SearchPlan
from core.search.varied import parse_varied
from core.settings.config import RunConfig
from tests.core.runs.run_records import make_curves, make_record

ID = "5" * 32
VARY = ("learning_rate=0.001..1:log", "units=16..512:log", "optimizer=sgd,adam")
IMPORTANCE = {"learning_rate": 0.7, "units": 0.2, "optimizer": 0.1}


def plan_of(*vary, **fields):
    config = RunConfig(dataset="strokes", validation=100)
    return SearchPlan(config, tuple(map(parse_varied, vary or VARY)), **fields)


def values_of(trial):
    """The values of a trial: any, but the same each time."""
    rng = np.random.default_rng(trial)
    return {
        "learning_rate": float(10 ** rng.uniform(-3, 0)),
        "units": int(10 ** rng.uniform(1.21, 2.7)),
        "optimizer": ("sgd", "adam")[trial % 2],
    }


def accuracy_of(trial):
    """The best is trial 7 of every ten."""
    return 0.9 + 0.01 * ((trial * 3) % 10 - 1) / 1.1


def put_search(library, trials=10, search=ID, name="rates", state="finished", **fields):
    record = SearchRecord(
        search, name, 1.7e9, plan_of().as_values(), state, max(trials, 1), **fields
    )
    library.put_search(record)
    put_trials(library, range(trials), search)
    return record


def put_trials(library, trials, search=ID):
    curves = make_curves()
    for trial in trials:
        library.put(
            make_record(
                trial + 1 + (0 if search == ID else 10_000),
                config=plan_of().config_of(values_of(trial)),
                search=search,
                trial=trial,
                validation_accuracy=accuracy_of(trial),
                test_accuracy=None,
                test_loss=None,
                epochs=1.0,
            ),
            curves,
        )
