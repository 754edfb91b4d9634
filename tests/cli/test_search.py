"""``main.py search``."""

import csv
import json
import os
import shlex
import signal
import subprocess
import sys
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from core.datasets import strokes
from core.runs.run_library import RunLibrary
from core.search.search_files import is_running
from tests.core.digits import tiny_dataset

ROOT = Path(__file__).parents[2]
SMALL = ("--dataset", "strokes", "--validation", "50", "--hidden", "8", "--batch", "10")
TWO = ("--vary", "learning_rate=0.01,0.1", "--sampler", "grid", "--jobs", "1")


@pytest.fixture
def search(run, monkeypatch):
    """Return a function that runs the command on a small data set, in this process."""
    monkeypatch.setattr("cli.data_choice.load_dataset", lambda *_: tiny_dataset())
    return lambda *arguments: run("search", *arguments)


def test_the_report_and_the_table_hold_every_trial(search, tmp_path) -> None:
    report, table = tmp_path / "report.json", tmp_path / "table.csv"
    status, out, err = search(*SMALL, *TWO, "--report", report, "--csv", table, "--name", "mine")
    assert status == 0, err
    found = json.loads(report.read_text("utf-8"))
    assert found["state"] == "finished"
    assert [trial["number"] for trial in found["trials"]] == [0, 1]
    assert [trial["values"] for trial in found["trials"]] == [
        {"learning_rate": 0.01},
        {"learning_rate": 0.1},
    ]
    accuracies = [trial["validation_accuracy"] for trial in found["trials"]]
    best = found["best"]
    assert best["validation_accuracy"] == max(accuracies)
    with closing(RunLibrary()) as library:
        runs = {record.id: record for record in library.records_of_search(found["id"])}
    for trial in found["trials"]:
        (run,) = trial["runs"]
        assert runs[run].validation_accuracy == trial["validation_accuracy"]
        assert (runs[run].search, runs[run].trial) == (found["id"], trial["number"])
    assert runs[best["runs"][0]].test_accuracy == best["test_accuracy"]
    assert f"Best of 2 trials: trial {best['number']}" in out
    assert "test accuracy" in out
    with table.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [float(row["validation_accuracy"]) for row in rows] == accuracies
    assert [row["learning_rate"] for row in rows] == ["0.01", "0.1"]

    status, out, _ = search("--list")
    assert "finished" in out
    assert "2 of 2 trials" in out
    assert "mine" in out


def test_progress_lines_are_json_and_count_up(search) -> None:
    status, out, _ = search(*SMALL, *TWO, "--progress-lines")
    assert status == 0
    lines = [json.loads(line) for line in out.splitlines()]
    done = [line["done"] for line in lines]
    assert done == sorted(done)
    assert done[-1] == lines[-1]["total"] == 2
    assert lines[-1]["best"] > 0
    assert {"search", "running", "seconds_left", "message"} <= lines[0].keys()


def test_a_search_continues_only_on_the_images_of_its_trials(search, monkeypatch) -> None:
    assert search(*SMALL, *TWO, "--name", "mine")[0] == 0
    other = tiny_dataset(seed=1)
    monkeypatch.setattr("cli.data_choice.load_dataset", lambda *_: other)
    status, _, err = search("--resume", "mine", "--jobs", "1")
    assert status == 2
    assert "This search learned from other images" in err
    monkeypatch.setattr("cli.data_choice.load_dataset", lambda *_: tiny_dataset())
    assert search("--resume", "mine", "--jobs", "1")[0] == 0


def test_a_plan_from_a_file_decides_alone(search, tmp_path) -> None:
    report, plan = tmp_path / "report.json", tmp_path / "plan.json"
    search(*SMALL, *TWO, "--report", report)
    first = json.loads(report.read_text("utf-8"))
    plan.write_text(json.dumps(first["plan"]), "utf-8")
    status, _, err = search("--plan", plan, "--jobs", "1", "--report", report)
    assert status == 0, err
    again = json.loads(report.read_text("utf-8"))
    assert again["id"] != first["id"]
    assert [t["weights"] for t in again["trials"]] == [t["weights"] for t in first["trials"]]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((*SMALL, "--jobs", "1"), "Nothing varies"),
        (TWO, "Name what to train on"),
        ((*SMALL, "--vary", "nothing=1,2"), "cannot vary 'nothing'"),
        ((*SMALL, "--vary", "units=0..5"), "cannot try units = 0"),
        (("--resume", "no such"), "There is no search 'no such'"),
        (("--resume", "no such", "--lr", "0.1", "--vary", "units=1,2"), "--vary, --lr"),
        (("--plan", "no such.json"), "could not be read"),
        ((*SMALL, *TWO, "--report", "no/such/folder.json"), "there is no folder"),
        ((*SMALL, *TWO, "--validation", "5000"), "leaves nothing to train on"),
        ((*SMALL, *TWO, "--cluster", "tcp://127.0.0.1:9"), "No scheduler of a cluster answers"),
    ],
)
def test_what_cannot_begin_is_said_in_a_line_and_leaves_no_search(search, arguments, said) -> None:
    status, _, err = search(*arguments)
    assert status == 2
    assert said in err
    assert err.count("\n") == 1
    assert "no searches yet" in search("--list")[1]


def test_without_the_extras_it_says_how_to_get_them_and_all_else_works() -> None:
    """In a process that cannot import them."""
    code = (
        "import sys\n"
        "for name in ('optuna', 'joblib', 'dask', 'distributed'):\n"
        "    sys.modules[name] = None\n"
        "import cli.train, core.search.search_files, core.search.trial_records\n"
        "from main import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    command = [sys.executable, "-c", code, "search"]
    run = subprocess.run(
        [*command, *SMALL, *TWO], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 2
    assert "make search" in run.stderr
    assert "optuna and joblib" in run.stderr
    run = subprocess.run([*command, "--list"], cwd=ROOT, capture_output=True, check=False)
    assert run.returncode == 0


LONG = (
    *("--dataset", "strokes", "--validation", "100", "--hidden", "16", "--epochs", "10"),
    *("--vary", "learning_rate=0.01..0.1", "--trials", "6", "--progress-lines"),
)


def begin(*arguments) -> subprocess.Popen[str]:
    """Begin a search on few digits, in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.small_search", *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_killed_or_stopped_search_continues_to_the_same_trials(
    run, tmp_path, monkeypatch
) -> None:
    reports = [tmp_path / name for name in ("killed.json", "whole.json")]
    monkeypatch.setattr(strokes, "make_strokes", partial(strokes.make_strokes, 600, 150))
    status, _, err = run("search", *LONG, "--jobs", 1, "--report", reports[1])
    assert status == 0, err
    search = _wait_for((*LONG, "--jobs", 2), signal.SIGKILL, -signal.SIGKILL)
    assert not is_running(search)
    resume = ("--resume", search[:6], "--jobs", 1)
    assert _wait_for((*resume, "--progress-lines"), signal.SIGTERM, 130) == search
    status, _, err = run("search", *resume, "--report", reports[0])
    assert status == 0, err
    found, expected = (json.loads(report.read_text("utf-8")) for report in reports)
    for trial in [*found["trials"], *expected["trials"]]:
        del trial["seconds"], trial["runs"]
    assert found["trials"] == expected["trials"]
    with closing(RunLibrary()) as library:
        recorded = [record.trial for record in library.records_of_search(search)]
    assert recorded == list(range(6))


def _wait_for(arguments, number: signal.Signals, status: int) -> str:
    """Begin a search, end it by a signal once a trial has ended; return its id."""
    with begin(*arguments) as process:
        assert process.stdout is not None
        first = None
        for line in process.stdout:
            progress = json.loads(line)
            first = progress["done"] if first is None else first
            if progress["done"] > first:
                assert is_running(progress["search"])
                break
        os.kill(process.pid, number)
        _, err = process.communicate()
    assert process.returncode == status
    if status > 0:
        assert "Continue it with: python main.py search --resume" in err
    return str(progress["search"])


def test_a_full_disk_is_said_and_the_search_can_continue(tmp_path) -> None:
    """A limit on the size of files stands for it."""
    command = shlex.join((sys.executable, "-m", "tests.small_search", *LONG, "--jobs", "1"))
    run = subprocess.run(
        ["bash", "-c", f"ulimit -f 250; exec {command}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2, run.stderr
    assert "cannot be used (disk I/O error)" in run.stderr
    assert "Continue it with" in run.stderr
    assert "Traceback" not in run.stderr
