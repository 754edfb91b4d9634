"""Searches in the library, and databases of before there were any."""

import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from core.runs.run_database import VERSION
from core.runs.run_library import RunLibrary
from core.runs.search_record import SearchRecord
from tests.core.runs.run_records import make_curves, make_record

ROOT = Path(__file__).parents[3]
SEARCH = SearchRecord("5" * 32, "rates", 1.7e9, {"vary": ["learning_rate 0.1 1"]}, "running", 4)
OTHER = replace(SEARCH, id="6" * 32, name="", began=1.8e9)

# The whole schema of version 1, as it was.
VERSION_1 = """
CREATE TABLE runs (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL, note TEXT NOT NULL, began REAL NOT NULL, config TEXT NOT NULL,
    steps INTEGER NOT NULL, epochs REAL NOT NULL, seconds REAL NOT NULL,
    test_loss REAL, test_accuracy REAL, live_changes INTEGER NOT NULL, path TEXT,
    thumbnail BLOB NOT NULL, deleted REAL);
CREATE TABLE curves (id TEXT PRIMARY KEY, data BLOB NOT NULL);
PRAGMA user_version = 1;
"""
OLD_COLUMNS = (
    "id, name, note, began, config, steps, epochs, seconds, test_loss, test_accuracy, "
    "live_changes, path, thumbnail, deleted"
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "runs.sqlite"


def put_trial(library, number, trial, accuracy, search=SEARCH.id):
    record = make_record(
        number, search=search, trial=trial, validation_accuracy=accuracy, test_accuracy=None
    )
    return library.put(record, make_curves())


def make_version_1(path, runs=3):
    """Write a database as version 1 did, with the rows that this version writes there."""
    newer = path.with_name("newer.sqlite")
    library = RunLibrary(newer)
    for number in range(1, runs + 1):
        library.put(make_record(number), make_curves())
    library.close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.executescript(VERSION_1)
    connection.execute("ATTACH ? AS newer", (str(newer),))
    connection.execute(
        f"INSERT INTO runs ({OLD_COLUMNS}) SELECT {OLD_COLUMNS} FROM newer.runs ORDER BY number"
    )
    connection.execute("INSERT INTO curves SELECT * FROM newer.curves")
    connection.commit()
    connection.close()


def version_of(path):
    connection = sqlite3.connect(path)
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    connection.close()
    return version


# --- files of version 1 -------------------------------------------------------------------------


def test_a_database_of_version_1_opens_and_takes_searches(path):
    make_version_1(path)
    library = RunLibrary(path)
    assert [record.name for record in library.records()] == ["Run 3", "Run 2", "Run 1"]
    first = library.records()[0]
    assert (first.validation_accuracy, first.search, first.trial) == (None, None, None)
    assert len(library.curves(first.id).step) == 40
    library.put_search(SEARCH)
    put_trial(library, 7, 0, 0.5)
    assert len(library.records_of_search(SEARCH.id)) == 1
    library.close()
    assert version_of(path) == VERSION
    again = RunLibrary(path)
    assert len(again.records()) == 3
    again.close()


def test_an_update_that_is_killed_leaves_version_1(path):
    make_version_1(path)
    code = f"""
import os, sqlite3
from pathlib import Path
import core.runs.run_database as database
class Deadly(sqlite3.Connection):
    def execute(self, statement, *values):
        if statement.startswith("PRAGMA user_version ="):
            os.kill(os.getpid(), {int(signal.SIGKILL)})
        return super().execute(statement, *values)
connect = sqlite3.connect
database.sqlite3.connect = lambda *given, **named: connect(*given, factory=Deadly, **named)
database.RunDatabase(Path({str(path)!r}))
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    assert run.returncode == -signal.SIGKILL
    assert version_of(path) == 1
    library = RunLibrary(path)
    assert len(library.records()) == 3
    assert library.searches() == []
    library.close()


def test_windows_that_open_version_1_at_once_update_it_once(path):
    make_version_1(path)
    code = f"""
from pathlib import Path
from core.runs.run_library import RunLibrary
input()
print(len(RunLibrary(Path({str(path)!r})).records()))
"""
    windows = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for _ in range(3)
    ]
    for window in windows:
        window.stdin.write("\n")
        window.stdin.flush()
    assert [window.communicate()[0].strip() for window in windows] == ["3"] * 3
    assert version_of(path) == VERSION


# --- searches -----------------------------------------------------------------------------------


def test_a_search_loads_as_it_was(path, library):
    search = replace(SEARCH, importance={"learning_rate": 0.75}, message="One worker was lost.")
    library.put_search(search)
    assert library.search(search.id) == search
    assert library.searches() == [search]
    assert library.search("unknown") is None
    later = RunLibrary(path)
    assert later.searches() == [search]
    later.close()


def test_a_search_knows_its_trials_and_the_best_mean(library):
    library.put_search(SEARCH)
    library.put_search(OTHER)
    for number, (trial, accuracy) in enumerate([(0, 0.9), (0, 0.5), (1, 0.75), (2, None)]):
        put_trial(library, number, trial, accuracy)
    other, search = library.searches()
    assert (search.recorded, search.best_accuracy) == (3, 0.75)
    assert (other.name, other.recorded, other.best_accuracy) == ("Search 2", 0, None)


def test_trials_are_listed_under_their_search_alone(library):
    library.put_search(SEARCH)
    library.put(make_record(1), make_curves())
    put_trial(library, 3, 1, 0.5)
    put_trial(library, 2, 0, 0.5)
    assert [record.id for record in library.records()] == [make_record(1).id]
    trials = library.records_of_search(SEARCH.id)
    assert [(record.trial, record.name) for record in trials] == [(0, "Trial 0"), (1, "Trial 1")]
    assert library.record(trials[0].id).search == SEARCH.id


def test_a_trial_that_is_made_again_replaces_its_record(library):
    library.put_search(SEARCH)
    put_trial(library, 1, 0, 0.5)
    put_trial(library, 1, 0, 0.75)
    (record,) = library.records_of_search(SEARCH.id)
    assert record.validation_accuracy == 0.75


def test_a_search_goes_on_under_the_users_name(library):
    library.put_search(SEARCH)
    library.rename_search(SEARCH.id, "my rates")
    library.put_search(replace(SEARCH, state="finished", began=1.0, importance={"a": 1.0}))
    search = library.search(SEARCH.id)
    assert (search.name, search.state, search.began) == ("my rates", "finished", SEARCH.began)
    assert search.importance == {"a": 1.0}


def test_a_deleted_search_comes_back_with_the_runs_it_had(library):
    library.put_search(SEARCH)
    for number in range(3):
        put_trial(library, number, number, 0.5)
    library.delete([make_record(0).id])
    library.delete_searches([SEARCH.id])
    assert library.searches() == []
    assert library.search(SEARCH.id) is None
    assert library.records_of_search(SEARCH.id) == []
    library.put_search(replace(SEARCH, state="finished"))  # it was still running
    put_trial(library, 1, 1, 0.75)
    assert library.searches() == []
    library.restore_searches([SEARCH.id])
    assert [record.trial for record in library.records_of_search(SEARCH.id)] == [1, 2]
    assert library.search(SEARCH.id).state == "finished"


def test_a_deleted_search_is_erased_after_a_day_with_all_its_runs(path, library, monkeypatch):
    library.put_search(SEARCH)
    put_trial(library, 1, 0, 0.5)
    library.delete_searches([SEARCH.id])
    put_trial(library, 2, 1, 0.5)  # by a search that was still running
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 25 * 3600)
    RunLibrary(path).close()
    connection = sqlite3.connect(path)
    for table in ("runs", "curves", "searches"):
        assert connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone() == (0,)
    connection.close()


@pytest.mark.parametrize(
    ("column", "value"),
    [("plan", "{"), ("plan", "[]"), ("importance", "[1]"), ("importance", '{"a": "b"}')],
)
def test_a_damaged_search_is_skipped(path, library, column, value, caplog):
    library.put_search(SEARCH)
    library.put_search(OTHER)
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(f"UPDATE searches SET {column} = ? WHERE number = 1", (value,))
    connection.close()
    assert [search.id for search in library.searches()] == [OTHER.id]
    assert "Search 1" in caplog.text
