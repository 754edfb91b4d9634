import dataclasses
import io
import math
import os
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

import core.runs.run_database
from core.errors import RunLibraryError
from core.history.history import History
from core.runs.run_database import VERSION
from core.runs.run_library import RunLibrary
from core.runs.run_record import thumbnail_of
from core.settings.augmentation import DEFAULT_AUGMENTATION
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from tests.core.runs.run_records import make_curves, make_history, make_record

ROOT = Path(__file__).parents[3]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "runs.sqlite"


def ids(library):
    return [record.id for record in library.records()]


def change_file(path, statement, *values):
    """Write to the database in a way that no library would."""
    connection = sqlite3.connect(path)
    with connection:
        assert connection.execute(statement, values).rowcount
    connection.close()


def equal(a, b):
    return all(
        np.array_equal(x, y) if isinstance(x, np.ndarray) else x == y
        for x, y in zip(vars(a).values(), vars(b).values(), strict=True)
    )


# --- what is kept -----------------------------------------------------------------------------


def test_a_record_loads_as_it_was(path, library):
    record = make_record(
        name="wide",
        note="ü – 97 %",
        config=RunConfig(
            dataset="mnist+strokes",
            network=NetworkConfig((7, 5), ("relu", "tanh"), "sigmoid", "constant", 0.02),
            hyperparameters=Hyperparameters(
                0.003, optimizer="adam", epochs=3, augmentation=DEFAULT_AUGMENTATION
            ),
            seed=3,
            validation=100,
        ),
        live_changes=2,
        path=Path("/somewhere/run.npz"),
    )
    assert equal(library.put(record, make_curves()), record)
    library.close()
    with closing(RunLibrary(path)) as again:
        (found,) = again.records()
    assert equal(found, record)
    assert found.thumbnail.dtype == np.float32


def test_a_run_may_have_no_metrics(library):
    library.put(make_record(test_loss=None, test_accuracy=float("nan")), make_curves())
    (found,) = library.records()
    assert (found.test_loss, found.test_accuracy) == (None, None)


def test_the_duration_of_a_run_may_be_unknown(library):
    """As in a file of version 4."""
    library.put(make_record(seconds=math.nan), make_curves())
    (found,) = library.records()
    assert math.isnan(found.seconds)
    assert library.put(make_record(seconds=1.25), make_curves()).seconds == 1.25


def test_curves_load_as_they_were(library):
    curves = make_curves()
    library.put(make_record(1), make_curves(steps=3))
    library.put(make_record(2), curves)
    found = library.curves(make_record(2).id)
    assert equal(found.course, curves.course)
    for field in dataclasses.fields(found):
        if field.name != "course":
            assert np.array_equal(getattr(found, field.name), getattr(curves, field.name))


def test_a_branch_knows_its_parent(library):
    parent = library.put(make_record(1), make_curves())
    branch = make_record(2, parent=parent.id, parent_step=240)
    library.put(branch, make_curves())
    found = library.record(branch.id)
    assert (found.parent, found.parent_step) == (parent.id, 240)
    assert library.record(parent.id).parent_step is None


def test_a_database_of_before_there_were_branches_is_updated_in_place(path, library):
    library.put(make_record(1), make_curves())
    library.close()
    connection = sqlite3.connect(path)
    for column in ("parent", "parent_step"):
        connection.execute(f"ALTER TABLE runs DROP COLUMN {column}")
    connection.execute("PRAGMA user_version = 2")
    connection.close()
    later = RunLibrary(path)
    assert [(each.name, each.parent_step) for each in later.records()] == [("Run 1", None)]
    later.put(make_record(2, parent_step=3), make_curves())
    assert later.records()[0].parent_step == 3
    later.close()


def test_newest_first(library):
    for number in (2, 3, 1):
        library.put(make_record(number), make_curves())
    assert ids(library) == [make_record(number).id for number in (3, 2, 1)]


def test_a_run_continues(library):
    library.put(make_record(steps=1), make_curves(steps=1))
    library.put(make_record(steps=40, test_accuracy=0.95), make_curves())
    (found,) = library.records()
    assert (found.steps, found.test_accuracy) == (40, 0.95)
    assert len(library.curves(found.id).step) == 40


# --- the user's words -------------------------------------------------------------------------


def test_a_run_is_numbered_until_it_is_named(library):
    run = make_record().id
    assert library.put(make_record(), make_curves()).name == "Run 1"
    assert library.rename(run, "wide") == "wide"
    assert library.records()[0].name == "wide"
    assert library.rename(run, "") == "Run 1"
    assert library.records()[0].name == "Run 1"


def test_runs_are_numbered_without_gaps_however_often_they_are_stored(library):
    library.put(make_record(1), make_curves())
    library.put(make_record(1), make_curves())
    library.put(make_record(1), make_curves())
    assert library.put(make_record(2), make_curves()).name == "Run 2"


def test_a_continued_run_keeps_the_users_name_and_note(library):
    library.put(make_record(), make_curves())
    library.rename(make_record().id, "wide")
    library.annotate(make_record().id, "too slow")
    kept = library.put(make_record(name="other", note="other", began=1.0), make_curves())
    (found,) = library.records()
    for record in (kept, found):
        assert (record.name, record.note) == ("wide", "too slow")
        assert record.began == make_record().began


# --- deleting ---------------------------------------------------------------------------------


def test_deleted_runs_can_be_restored(library):
    for number in (1, 2, 3):
        library.put(make_record(number), make_curves())
    both = [make_record(number).id for number in (1, 3)]
    library.delete(both)
    assert ids(library) == [make_record(2).id]
    library.restore(both)
    assert len(ids(library)) == 3
    assert len(library.curves(both[0]).step) == 40


def test_a_deleted_run_that_continues_stays_deleted(library):
    library.put(make_record(), make_curves())
    library.delete([make_record().id])
    library.put(make_record(steps=50), make_curves())
    assert ids(library) == []


def test_deleted_runs_are_erased_after_a_day_together_with_their_numbers(
    path, library, monkeypatch
):
    library.put(make_record(1), make_curves())
    library.put(make_record(2), make_curves())
    library.delete([make_record(2).id])
    now = time.time()
    for hours, can_be_restored in ((23, True), (25, False)):
        monkeypatch.setattr("time.time", lambda hours=hours: now + 3600 * hours)
        RunLibrary(path).close()
        library.restore([make_record(2).id])
        assert len(ids(library)) == 1 + can_be_restored
        if can_be_restored:
            monkeypatch.setattr("time.time", lambda: now)
            library.delete([make_record(2).id])
    with pytest.raises(RunLibraryError):
        library.curves(make_record(2).id)
    assert library.put(make_record(3), make_curves()).name == "Run 3"


# --- several windows, and kills ---------------------------------------------------------------


def test_two_windows_share_the_file(path, library):
    other = RunLibrary(path)
    library.put(make_record(1), make_curves())
    assert not library.has_changed_elsewhere()
    other.put(make_record(2), make_curves())
    assert library.has_changed_elsewhere()
    assert len(ids(library)) == 2
    assert not library.has_changed_elsewhere()
    assert len(ids(other)) == 2
    other.close()


def test_a_window_that_holds_the_file_is_named_as_an_error(path, monkeypatch):
    monkeypatch.setattr(core.runs.run_database, "_TIMEOUT", 0.01)
    library = RunLibrary(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(RunLibraryError, match="locked"):
        library.put(make_record(), make_curves())
    other.execute("ROLLBACK")
    other.close()
    library.put(make_record(), make_curves())
    library.close()


def test_stored_records_outlive_a_killed_app(path):
    code = f"""
import os, signal
from pathlib import Path
from core.runs.run_library import RunLibrary
from tests.core.runs.run_records import make_curves, make_record
library = RunLibrary(Path({str(path)!r}))
library.put(make_record(), make_curves())
os.kill(os.getpid(), {int(signal.SIGKILL)})
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    assert run.returncode == -signal.SIGKILL
    library = RunLibrary(path)
    assert ids(library) == [make_record().id]
    assert len(library.curves(make_record().id).step) == 40
    library.close()


def test_a_failed_put_leaves_the_old_record(path, library):
    library.put(make_record(), make_curves())
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE curves")
    connection.close()
    with pytest.raises(RunLibraryError):
        library.put(make_record(steps=99), make_curves())
    assert library.records()[0].steps == 40


# --- damage -----------------------------------------------------------------------------------


def test_a_file_that_is_not_a_database_is_named(path):
    path.write_bytes(b"no database" * 1000)
    with pytest.raises(RunLibraryError, match=r"runs\.sqlite"):
        RunLibrary(path)
    assert path.read_bytes() == b"no database" * 1000


def test_a_database_that_was_cut_short_is_named(path, library):
    for number in range(20):
        library.put(make_record(number), make_curves())
    library.close()
    os.truncate(path, path.stat().st_size // 2)
    with pytest.raises(RunLibraryError, match=r"runs\.sqlite"):
        RunLibrary(path).records()


def test_a_newer_file_is_left_alone(path, library):
    library.put(make_record(), make_curves())
    library.close()
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()
    with pytest.raises(RunLibraryError, match="newer version"):
        RunLibrary(path)


def test_a_folder_that_cannot_be_created_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(RunLibraryError, match=r"runs\.sqlite"):
        RunLibrary(tmp_path / "file" / "runs.sqlite")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("config", "{"),
        ("config", "[]"),
        ("config", '{"dataset": "letters"}'),
        ("config", '{"seed": -1}'),
        ("config", b"\xff"),
        ("steps", "many"),
        ("steps", -1),
        ("began", math.inf),
        ("began", 1e300),
        ("epochs", math.inf),
        ("seconds", -1.0),
        ("test_accuracy", 1.5),
        ("live_changes", -1),
        ("parent_step", -1),
        ("parent_step", "late"),
        ("config", "[" * 100_000),
        ("test_accuracy", "good"),
        ("thumbnail", b"abc"),
        ("thumbnail", np.array([0.5, np.nan], "<f4").tobytes()),
        ("thumbnail", 3),
    ],
)
def test_a_damaged_record_is_skipped(path, library, column, value, caplog):
    library.put(make_record(1), make_curves())
    library.put(make_record(2), make_curves())
    change_file(path, f"UPDATE runs SET {column} = ? WHERE number = 1", value)
    assert ids(library) == [make_record(2).id]
    assert "run 1" in caplog.text


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", 7])
def test_damaged_curves_are_an_error_of_that_run(path, library, data):
    library.put(make_record(1), make_curves())
    library.put(make_record(2), make_curves())
    change_file(path, "UPDATE curves SET data = ? WHERE id = ?", data, make_record(1).id)
    with pytest.raises(RunLibraryError):
        library.curves(make_record(1).id)
    assert len(library.curves(make_record(2).id).step) == 40


def _curves_as(**arrays):
    """Return a run's curves with some arrays replaced; for a text, write only its header."""
    whole = {name: values for name, values in vars(make_curves()).items() if name != "course"}
    whole |= {f"course_{name}": values for name, values in vars(make_curves().course).items()}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, values in (whole | arrays).items():
            with archive.open(f"{name}.npy", "w") as member:
                if isinstance(values, str):
                    header = {"descr": "<f8", "fortran_order": False, "shape": (int(values),)}
                    np.lib.format.write_array_header_1_0(member, header)
                else:
                    np.lib.format.write_array(member, values)
    return stream.getvalue()


@pytest.mark.parametrize(
    "arrays",
    [
        {"loss": "1000000000000000"},
        {"loss": np.zeros(39)},
        {"loss": np.full(40, 1e300)},
        {"step": np.full(40, np.inf)},
        {"course_step": np.array([0.0, np.nan, 16.0, 32.0])},
        {"course_step": np.empty(0), "course_epoch": np.empty(0), "course_seconds": np.empty(0)},
        {"test_loss": np.zeros((2, 2))},
    ],
)
def test_impossible_curves_are_an_error_of_that_run(path, library, arrays):
    library.put(make_record(), make_curves())
    change_file(path, "UPDATE curves SET data = ?", _curves_as())
    library.curves(make_record().id)
    change_file(path, "UPDATE curves SET data = ?", _curves_as(**arrays))
    with pytest.raises(RunLibraryError, match="damaged"):
        library.curves(make_record().id)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")
@pytest.mark.parametrize("companion", ["", "-wal", "-journal", "-shm"])
def test_a_pipe_instead_of_the_file_is_not_waited_for(path, companion):
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(f"{path}{companion}")
    with pytest.raises(RunLibraryError, match="a pipe, not a file"):
        RunLibrary(path)


def test_curves_with_an_error_in_the_middle(path, library):
    library.put(make_record(), make_curves())
    connection = sqlite3.connect(path)
    (data,) = connection.execute("SELECT data FROM curves").fetchone()
    connection.close()
    half = len(data) // 2
    change_file(path, "UPDATE curves SET data = ?", data[:half] + b"\xff" * 40 + data[half + 40 :])
    with pytest.raises(RunLibraryError):
        library.curves(make_record().id)


# --- the small curve --------------------------------------------------------------------------


def test_a_thumbnail_goes_from_the_first_evaluation_to_the_last():
    thumbnail = thumbnail_of(make_history(steps=64, per_epoch=16))
    assert thumbnail.dtype == np.float32
    assert np.allclose(thumbnail, np.linspace(0.25, 1, 64))


def test_a_thumbnail_of_a_run_without_evaluations_is_empty():
    assert thumbnail_of(History.empty()).shape == (0,)
