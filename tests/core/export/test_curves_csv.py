import csv

import numpy as np
import pytest

from core.errors import DigitscopeError
from core.export.curves_csv import COLUMNS, write_curves
from core.history.history import History
from core.history.recorder import HistoryRecorder


def a_history(steps=7, epochs=(3, 6), evaluations=(0, 3, 6), has_validation=True):
    """All values differ."""
    recorder = HistoryRecorder()
    for step in range(steps + 1):
        if step:
            recorder.record_step(10 + step, step / 1000, step / 100)
        if step in epochs:
            recorder.record_epoch(step)
        if step in evaluations:
            validation = (200 + step, 0.5 + step / 1000) if has_validation else ()
            test = 100 + step, 0.25 + step / 1000
            recorder.record_evaluation(step, 1.5 * step, *test, *validation)
    return recorder.history


def read(path):
    with path.open(newline="", encoding="ascii") as stream:
        return list(csv.DictReader(stream))


def test_a_row_for_each_step_with_its_measurements(tmp_path):
    write_curves(tmp_path / "curves.csv", a_history())
    rows = read(tmp_path / "curves.csv")
    assert tuple(rows[0]) == COLUMNS
    assert [row["step"] for row in rows] == list("01234567")
    assert [row["epoch"] for row in rows] == list("01112223")
    assert rows[3] == dict.fromkeys(COLUMNS, "") | {
        "step": "3",
        "epoch": "1",
        "seconds": "4.5",
        "batch_loss": "13.0",
        "l2_penalty": "0.003",
        "batch_accuracy": "0.03",
        "test_loss": "103.0",
        "test_accuracy": "0.253",
        "validation_loss": "203.0",
        "validation_accuracy": "0.503",
        "steps": "1",
        "evaluations": "1",
    }
    assert [row["test_loss"] for row in rows] == ["100.0", "", "", "103.0", "", "", "106.0", ""]
    assert [row["batch_loss"] for row in rows] == ["", *(f"{10 + step}.0" for step in range(1, 8))]
    assert [row["seconds"] for row in rows] == ["0.0", "", "", "4.5", "", "", "9.0", ""]


def test_without_a_validation_split_its_columns_are_empty(tmp_path):
    write_curves(tmp_path / "curves.csv", a_history(has_validation=False))
    rows = read(tmp_path / "curves.csv")
    assert {row["validation_loss"] + row["validation_accuracy"] for row in rows} == {""}
    assert rows[6]["test_loss"] == "106.0"


def test_without_an_evaluation_before_the_first_step_there_is_no_row_0(tmp_path):
    write_curves(tmp_path / "curves.csv", a_history(evaluations=(3,)))
    assert [row["step"] for row in read(tmp_path / "curves.csv")] == list("1234567")


def test_a_run_without_a_step(tmp_path):
    write_curves(tmp_path / "curves.csv", History.empty())
    assert (tmp_path / "curves.csv").read_text() == ",".join(COLUMNS) + "\n"


@pytest.mark.parametrize("at_once", [1, 3, 7, 8, 9])
def test_many_rows_are_written_in_parts(tmp_path, monkeypatch, at_once):
    write_curves(tmp_path / "whole.csv", a_history())
    monkeypatch.setattr("core.export.curves_csv._ROWS_AT_ONCE", at_once)
    write_curves(tmp_path / "parts.csv", a_history())
    assert (tmp_path / "parts.csv").read_text() == (tmp_path / "whole.csv").read_text()


def test_unknown_times_are_empty(tmp_path):
    """As in a run saved by a version that did not measure them."""
    history = History.of(a_history().values(), np.full(3, np.nan))
    write_curves(tmp_path / "curves.csv", history)
    rows = read(tmp_path / "curves.csv")
    assert {row["seconds"] for row in rows} == {""}
    assert rows[3]["test_loss"] == "103.0"


def test_all_digits_that_matter_are_there(tmp_path):
    rng = np.random.default_rng(0)
    values = np.concatenate((rng.random(50), 10.0 ** rng.uniform(-9, 9, 50))).astype(np.float32)
    recorder = HistoryRecorder()
    for value in values:
        recorder.record_step(value, 0.0, 0.0)
    write_curves(tmp_path / "curves.csv", recorder.history)
    texts = [row["batch_loss"] for row in read(tmp_path / "curves.csv")]
    np.testing.assert_array_equal(np.array(texts, np.float32), values)
    assert max(map(len, texts)) < 15


def test_the_columns_of_earlier_versions_come_first():
    assert ",".join(COLUMNS[:10]) == (
        "step,epoch,seconds,batch_loss,l2_penalty,batch_accuracy,"
        "test_loss,test_accuracy,validation_loss,validation_accuracy"
    )


def test_steps_recorded_after_the_history_was_taken_are_left_out(tmp_path):
    recorder = HistoryRecorder(a_history(evaluations=(3, 7)))
    history = recorder.history
    recorder.record_step(0.5, 0.0, 0.5)
    recorder.record_evaluation(8, 12.0, 108.0, 0.5)
    write_curves(tmp_path / "curves.csv", history)
    rows = read(tmp_path / "curves.csv")
    assert len(rows) == 7
    assert rows[-1]["test_loss"] == "107.0"


def test_a_bucket_is_a_row_with_its_number_of_steps(tmp_path, monkeypatch):
    """70 steps, of which 48 are in buckets of 8; tested after 0, 9, 18, … 63, of which 4 are."""
    monkeypatch.setattr("core.history.history.KEPT_STEPS", 16)
    monkeypatch.setattr("core.history.history.KEPT_EVALUATIONS", 4)
    nines = range(0, 64, 9)
    write_curves(tmp_path / "curves.csv", a_history(70, epochs=(30, 60), evaluations=nines))
    rows = read(tmp_path / "curves.csv")
    ends = sorted({*range(8, 49, 8), *range(49, 71), 9, 27, 36, 45})
    assert [int(row["step"]) for row in rows] == ends
    at = {int(row["step"]): row for row in rows}
    # Of float32, each rounded.
    assert float(at[8].pop("batch_accuracy")) == pytest.approx(0.045, abs=1e-8)
    at[8]["batch_accuracy"] = ""
    assert at[8] == dict.fromkeys(COLUMNS, "") | {
        "step": "8",
        "epoch": "1",
        "batch_loss": "14.5",
        "l2_penalty": "0.0045",
        "steps": "8",
        "batch_loss_min": "11.0",
        "batch_loss_max": "18.0",
        "l2_penalty_min": "0.001",
        "l2_penalty_max": "0.008",
        "batch_accuracy_min": "0.01",
        "batch_accuracy_max": "0.08",
    }
    assert at[27]["seconds"] == "40.5"
    assert (at[27]["batch_loss"], at[27]["steps"], at[27]["evaluations"]) == ("", "", "2")
    assert (at[27]["test_loss"], at[27]["test_loss_min"], at[27]["test_loss_max"]) == (
        "122.5",
        "118.0",
        "127.0",
    )
    assert (at[54]["steps"], at[54]["batch_loss"], at[54]["batch_loss_min"]) == ("1", "64.0", "")
    assert (at[54]["evaluations"], at[54]["test_loss"]) == ("1", "154.0")
    assert [at[step]["epoch"] for step in (24, 32, 60, 61)] == ["1", "2", "2", "3"]
    assert sum(int(row["steps"] or 0) for row in rows) == 70


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(DigitscopeError, match=r"curves\.csv' could not be written"):
        write_curves(tmp_path / "nowhere" / "curves.csv", a_history())
