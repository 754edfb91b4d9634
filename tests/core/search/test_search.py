"""Searches: the same trials wherever they are trained, none lost, none twice."""

from __future__ import annotations

import json
import pickle
import select
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest

from core.errors import Cancelled, ConfigError
from core.runs.run_library import RunLibrary
from core.saving.replay import Replay
from core.saving.run_file import load_run
from core.search.chooser import Chooser
from core.search.cluster import Cluster
from core.search.executors import OneByOne, SearchError
from core.search.local_pool import LocalPool
from core.search.part import Part, train_part
from core.settings.config import Hyperparameters
from tests.core.digits import tiny_dataset
from tests.core.search.searching import CONFIG, ID, LONG, PLANS, Searcher, outcome, plan_of

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def one_by_one(tmp_path_factory):
    """What the searches of PLANS find, one trial after the other."""
    folder = tmp_path_factory.mktemp("one by one")
    found = {}
    for name, plan in PLANS.items():
        (folder / name).mkdir()
        found[name] = outcome(Searcher(folder / name, plan).run())
    return found


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    return outcome(Searcher(tmp_path_factory.mktemp("undisturbed"), LONG).run())


@pytest.fixture
def pool():
    with closing(LocalPool(tiny_dataset(), 2)) as pool:
        yield pool
    for thread in threading.enumerate():
        if thread.name == "QueueFeederThread":  # loky does not wait for that of a broken pool
            thread.join(10)


def is_complete(searcher: Searcher) -> bool:
    """Whether the library has each trial's run once."""
    trials = [record.trial for record in searcher.records()]
    return trials == list(range(searcher.plan.combinations))


def test_a_grid_is_every_combination_once(one_by_one) -> None:
    values = [tuple(values.values()) for _number, values, *_rest in one_by_one["grid"]]
    assert values == [(rate, units) for rate in (0.001, 0.03162, 1.0) for units in (4, 8)]


def test_other_seeds_give_other_trials(one_by_one, tmp_path) -> None:
    other = outcome(Searcher(tmp_path, replace(PLANS["random"], seed=4)).run())
    values = [[row[1] for row in rows] for rows in (one_by_one["random"], other)]
    assert values[0] != values[1]
    assert len({row[1]["learning_rate"] for row in other}) == 6


def test_several_processes_give_the_same_trials_and_bits(one_by_one, pool, tmp_path) -> None:
    for name, plan in PLANS.items():
        (tmp_path / name).mkdir()
        searcher = Searcher(tmp_path / name, plan)
        assert outcome(searcher.run(pool)) == one_by_one[name]
        assert is_complete(searcher)


def test_a_cluster_gives_the_same_and_a_lost_one_loses_nothing(
    one_by_one, undisturbed, tmp_path
) -> None:
    """In a process of its own, because Dask leaves threads behind."""
    command = [sys.executable, "-m", "tests.core.search.on_a_cluster", str(tmp_path)]
    process = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stderr
    found = json.loads(process.stdout)
    for name, trials in one_by_one.items():
        assert found[name] == json.loads(json.dumps(trials))
    assert found["width"] == 2
    assert "was lost. Finished trials are kept" in found["lost"]
    searcher = Searcher(tmp_path, LONG)
    assert 2 <= sum(trial.state == "complete" for trial in searcher.trials()) < LONG.trials
    assert outcome(searcher.run()) == undisturbed
    assert is_complete(searcher)


def test_a_killed_worker_loses_no_trial(undisturbed, pool, tmp_path) -> None:
    searcher = Searcher(tmp_path, LONG)
    killed: list[int] = []

    def kill_one() -> bool:
        if len(killed) < min(searcher.shown[-1].done, 2) and (there := workers()):
            there[0].kill()
            killed.append(there[0].pid)
        return False

    assert outcome(searcher.run(pool, is_stopped=kill_one)) == undisturbed
    assert len(killed) == 2
    assert is_complete(searcher)


def test_a_process_sends_messages_only_that_arrive_whole_or_not_at_all(pool) -> None:
    """Longer ones may be cut off if it is killed, and loky would wait for the rest."""
    future = pool.submit(Part(ID, CONFIG, 1, wants_state=True))
    assert len(pickle.dumps(future.result())) < select.PIPE_BUF / 2
    result = pool.outcome(future)
    assert len(result.state) > select.PIPE_BUF
    future = pool.submit(Part(ID, CONFIG, 2, result.state))
    assert pool.outcome(future).weights == train_part(tiny_dataset(), Part("", CONFIG, 2)).weights


def workers() -> list[psutil.Process]:
    """The processes of the pool."""
    found = []
    for child in psutil.Process().children():
        with suppress(psutil.NoSuchProcess):  # it has ended since, or its parent has not noticed
            if "--process-name" in child.cmdline():
                found.append(child)
    return found


def test_a_stopped_search_ends_at_once_and_continues(undisturbed, pool, tmp_path) -> None:
    searcher = Searcher(tmp_path, LONG)
    stopped_at: list[float] = []

    def is_stopped() -> bool:
        if searcher.shown[-1].done >= 2:
            stopped_at.append(time.monotonic())
        return bool(stopped_at)

    with pytest.raises(Cancelled):
        searcher.run(pool, is_stopped=is_stopped)
    pool.close()
    assert time.monotonic() - stopped_at[0] < 2
    assert workers() == []
    assert {trial.state for trial in searcher.trials()} == {"complete", "running"}
    assert outcome(searcher.run()) == undisturbed
    assert is_complete(searcher)


def test_one_by_one_it_stops_within_a_trial(tmp_path) -> None:
    searcher = Searcher(tmp_path, replace(LONG, epochs=1_000_000))
    begun = time.monotonic()
    with pytest.raises(Cancelled):
        searcher.run(is_stopped=lambda: time.monotonic() > begun + 0.3)
    assert time.monotonic() - begun < 2


def test_a_trial_that_was_recorded_but_not_ended_replaces_its_record(tmp_path) -> None:
    """As if the process had been killed between the two."""
    searcher = Searcher(tmp_path, plan_of("units=4,8", sampler="grid"))

    class Killed(BaseException):
        pass

    def die(*_arguments: object) -> None:
        raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Chooser, "tell", die)
        with pytest.raises(Killed):
            searcher.run()
    assert [record.trial for record in searcher.records()] == [0]
    assert [trial.state for trial in searcher.trials()] == ["running"]
    searcher.run()
    assert is_complete(searcher)


def test_every_run_replays_from_its_settings_and_its_file(tmp_path) -> None:
    plan = plan_of(
        *("learning_rate=0.01,0.1", "optimizer=sgd,adam", "dropout=0,0.2"),
        sampler="grid",
        epochs=2,
        runs_per_trial=2,
    )
    searcher = Searcher(tmp_path, plan, saves=tmp_path / "files")
    trials = searcher.run()
    records = searcher.records()
    assert len(records) == 2 * plan.combinations == 16
    weights = {}
    for trial in trials:
        weights |= dict(zip(trial.facts["runs"], trial.facts["weights"], strict=True))
    assert len(set(weights.values())) == 16
    for record in records:
        again = train_part(tiny_dataset(), Part("", record.config, 2))
        assert again.weights == weights[record.id]
        assert again.accuracy == record.validation_accuracy
        saved = load_run(record.path)
        assert saved.id == record.id
        replay = Replay(saved, tiny_dataset())
        for _ in range(replay.steps):
            replay.step()
        assert replay.is_same()


def test_the_accuracy_of_a_trial_is_the_mean_of_its_runs(tmp_path) -> None:
    searcher = Searcher(tmp_path, plan_of("learning_rate=0.01", sampler="grid", runs_per_trial=3))
    (trial,) = searcher.run()
    records = searcher.records()
    assert [record.config.seed for record in records] == [0, 1, 2]
    accuracies = [record.validation_accuracy for record in records]
    assert len(set(accuracies)) > 1
    assert trial.accuracy == pytest.approx(np.mean(accuracies))


def test_poor_trials_end_early_and_the_parts_of_a_run_are_one_run(tmp_path) -> None:
    rates = "learning_rate=0.1,0.00001,0.05,0.00002,0.2,0.00003"
    plan = plan_of(rates, sampler="grid", epochs=10, stops_early=True)
    searcher = Searcher(tmp_path, plan)
    trials = searcher.run()
    epochs = {trial.number: trial.facts["epochs"] for trial in trials}
    assert all(trials[number].state == "pruned" for number in (1, 3, 5))
    assert all(epochs[number] in (1, 3, 9) for number in (1, 3, 5))
    assert any(trial.state == "complete" and epochs[trial.number] == 10 for trial in trials)
    assert is_complete(searcher)
    for record, trial in zip(searcher.records(), trials, strict=True):
        assert record.epochs == epochs[trial.number]
        again = train_part(tiny_dataset(), Part("", record.config, int(record.epochs)))
        assert [again.weights] == trial.facts["weights"]


def test_the_test_set_is_read_once_with_the_best_trial(tmp_path) -> None:
    searcher = Searcher(tmp_path, PLANS["grid"])
    trials = searcher.run()
    best = max(trials, key=lambda trial: (trial.accuracy, -trial.number))
    read = [record.trial for record in searcher.records() if record.test_accuracy is not None]
    assert read == [best.number]
    (record,) = (record for record in searcher.records() if record.trial == best.number)
    again = train_part(tiny_dataset(), Part("", record.config, 1, reads_test_set=True))
    assert again.test == (record.test_loss, record.test_accuracy)
    assert searcher.test() == {"trial": best.number, "accuracy": record.test_accuracy}
    with closing(RunLibrary(searcher.library)) as library:
        for run in searcher.records():
            assert np.isnan(library.curves(run.id).test_accuracy).all()

    class Nobody:
        width = 1

        def submit(self, part: Part) -> None:
            raise AssertionError("a finished search trains nothing")

    searcher.run(Nobody())


def test_a_diverged_run_counts_as_what_it_had(tmp_path) -> None:
    config = replace(CONFIG, hyperparameters=Hyperparameters(batch_size=10, l2=1.0))
    plan = plan_of("learning_rate=0.01,1000", sampler="grid", epochs=3, config=config)
    searcher = Searcher(tmp_path, plan)
    good, bad = searcher.run()
    assert bad.state == "complete"
    assert bad.facts["epochs"] < 3
    assert "the loss" in bad.facts["reason"]
    assert 0 <= bad.accuracy < good.accuracy
    assert "the loss" in searcher.records()[1].note


def test_guided_trials_go_where_earlier_ones_were_good(tmp_path) -> None:
    plan = plan_of("learning_rate=0.0001..10:log", sampler="guided", trials=25, epochs=4)
    trials = Searcher(tmp_path, plan).run()
    early, late = (
        np.mean([trial.accuracy for trial in part]) for part in (trials[:10], trials[15:])
    )
    assert late > early + 0.1


def test_what_cannot_be_written_is_said(tmp_path) -> None:
    searcher = Searcher(tmp_path, PLANS["grid"])
    searcher.storage = tmp_path / "file" / "storage.sqlite"
    (tmp_path / "file").touch()
    with pytest.raises(SearchError, match="its folder full or read-only"):
        searcher.run()


def test_a_second_process_cannot_work_on_the_same_search(tmp_path) -> None:
    searcher = Searcher(tmp_path, PLANS["grid"])
    with (
        closing(Chooser(searcher.storage, searcher.plan)),
        pytest.raises(SearchError, match="Another process"),
    ):
        searcher.run()


def test_a_storage_that_cannot_be_used_is_not_kept_locked(tmp_path) -> None:
    searcher = Searcher(tmp_path, PLANS["grid"])
    searcher.run()
    rename(searcher.storage, "study_name", "other")
    with pytest.raises(SearchError, match="no column named study_name") as caught:
        searcher.trials()
    rename(searcher.storage, "other", "study_name")
    assert searcher.trials()
    assert caught.tb  # as long as it exists, what it refers to is not collected


def rename(path: Path, column: str, name: str) -> None:
    """Rename a column of the storage's table of studies."""
    with closing(sqlite3.connect(path, timeout=0)) as connection:
        connection.execute(f"ALTER TABLE studies RENAME COLUMN {column} TO {name}")


def test_a_grid_that_is_too_fine_is_refused(tmp_path) -> None:
    names = ("learning_rate", "momentum", "dropout", "l2", "shear", "scale", "initial_scale")
    plan = plan_of(*(f"{name}=0.1..0.2:1000" for name in names), sampler="grid")
    with pytest.raises(ConfigError, match="too fine"):
        Chooser(tmp_path / "storage.sqlite", plan)


def test_without_a_scheduler_it_says_so() -> None:
    with pytest.raises(SearchError, match="No scheduler of a cluster answers at 'tcp://127"):
        Cluster(tiny_dataset(), "tcp://127.0.0.1:9")


def test_an_address_with_encryption_needs_certificates() -> None:
    with pytest.raises(SearchError, match="--tls-ca"):
        Cluster(tiny_dataset(), "tls://127.0.0.1:9")


def test_one_by_one_uses_one_blas_thread_and_gives_the_others_back() -> None:
    from threadpoolctl import threadpool_info  # noqa: PLC0415 - NumPy must be loaded first

    def threads() -> list[int]:
        return [each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"]

    before = threads()
    with closing(OneByOne(tiny_dataset(), lambda: None)):
        assert set(threads()) == {1}
    assert threads() == before


def test_the_library_keeps_the_time_and_name_of_a_run_that_is_trained_again(tmp_path) -> None:
    searcher = Searcher(tmp_path, plan_of("units=4", sampler="grid"))
    searcher.run()
    with closing(RunLibrary(searcher.library)) as library:
        library.rename(searcher.records()[0].id, "mine")
    searcher.storage.unlink()
    searcher.run()
    assert [record.name for record in searcher.records()] == ["mine"]
