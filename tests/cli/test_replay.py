import json

import pytest

from core.saving.run_file import load_run, save_run
from core.training.trainer import Trainer
from tests.cli.test_bad_arguments import assert_one_line
from tests.core.digits import tiny_dataset


@pytest.fixture
def file(monkeypatch, run, tmp_path):
    monkeypatch.setattr("cli.data_choice.load_dataset", lambda *_: tiny_dataset())
    path = tmp_path / "run.npz"
    run(
        *("train", "--dataset", "strokes", "--hidden", "12", "--batch", "30", "--epochs", "2"),
        *("--optimizer", "adam", "--lr", "0.01", "--dropout", "0.2", "--augment", "--save", path),
    )
    return path


def test_a_run_gives_the_same_bits_again(run, file, tmp_path):
    report = tmp_path / "report.json"
    status, out, _ = run("replay", file, "--report", report)
    assert status == 0
    assert "14 steps" in out
    assert "the same bits" in out
    figures = json.loads(report.read_text())
    assert figures == {"same": True, "steps": 14, "changes": 0, "largest_difference": 0}


def test_a_run_that_differs_from_its_log_fails(run, file, tmp_path):
    saved = load_run(file)
    trainer = Trainer.resume(saved, tiny_dataset())
    trainer.network.parameters[0] += 0.5
    save_run(file, trainer.saved())
    report = tmp_path / "report.json"
    status, out, err = run("replay", file, "--report", report)
    assert (status, out) == (2, "")
    assert "do not give the same bits" in err
    assert json.loads(report.read_text())["same"] is False


def test_a_missing_file_is_one_line(run, tmp_path):
    assert_one_line(run("replay", tmp_path / "nowhere.npz"), "nowhere.npz")
