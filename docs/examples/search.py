"""Search for a good learning rate and layer size, by successive halving of twelve random trials."""

import tempfile
from contextlib import closing
from pathlib import Path
from uuid import uuid4

from core.datasets.loading import load_dataset
from core.runs.run_library import RunLibrary
from core.search.chooser import Chooser
from core.search.executors import OneByOne
from core.search.plan import SearchPlan, default_validation
from core.search.search import TEST, Search
from core.search.trial_records import TrialRecords
from core.search.varied import parse_varied
from core.settings.config import NetworkConfig, RunConfig

dataset = load_dataset("strokes")
held_out = default_validation(len(dataset.train_labels))  # images that trials are compared on
plan = SearchPlan(
    RunConfig(network=NetworkConfig(hidden=(32,)), validation=held_out),
    varied=(parse_varied("learning_rate=0.01..1:log"), parse_varied("units=8..64:log")),
    trials=12,
    epochs=3,
    stops_early=True,
)
folder, name = Path(tempfile.mkdtemp()), uuid4().hex
with (
    closing(OneByOne(dataset, check=lambda: None)) as executor,  # or LocalPool: several processes
    closing(RunLibrary(folder / "runs.sqlite")) as library,
    closing(Chooser(folder / "search.sqlite", plan)) as chooser,
):
    records = TrialRecords(library, name, folder=None)
    Search(name, plan, chooser, executor, records, lambda progress: None, lambda: False).run()
    for trial in chooser.trials():
        rate, units = trial.values["learning_rate"], trial.values["units"]
        score = f"{trial.accuracy:.1%}" if trial.state == "complete" else "ended early"
        print(f"trial {trial.number:2}  learning rate {rate:.3f}  {units:2} units  {score}")
    # The test set was read once, for the best trial.
    print("best:", chooser.known(TEST))
