"""``train --branch``: a run that begins at a moment of another one."""

import json

import pytest
from numpy.testing import assert_array_equal

from core.saving.run_file import load_run, save_run
from core.training.film import rounded
from tests.cli.test_bad_arguments import assert_one_line
from tests.core.digits import tiny_dataset
from tests.core.training.small_runs import make_trainer
from tests.core.training.small_runs import run as train

pytestmark = pytest.mark.usefixtures("small_data")

ID = "0123456789abcdef" * 2


@pytest.fixture(scope="module")
def saved():
    trainer = make_trainer(
        is_filmed=True, seed=7, validation=20, batch_size=60, optimizer="adam", epochs=4
    )
    trainer.id = ID
    return train(trainer, 7).saved()


@pytest.fixture
def file(tmp_path, saved):
    path = tmp_path / "run.npz"
    save_run(path, saved)
    return path


def test_a_branch_has_data_shape_and_settings_of_its_run(run, tmp_path, monkeypatch, file, saved):
    target, report = tmp_path / "branch.npz", tmp_path / "report.json"
    status, out, err = run("train", "--branch", f"{file}@2", "--save", target, "--report", report)
    assert status == 0, err
    assert "weights of run.npz, step 2, rounded to 16 bits, and with a new optimizer." in out
    found = load_run(target)
    assert found.config == saved.config
    assert found.training.checkpoint.epoch == 4
    assert_array_equal(found.start.network.parameters, rounded(saved.film[2].parameters))
    figures = json.loads(report.read_text())
    assert figures["from"] == "run.npz, step 2"
    assert figures["parent"]["id"] == ID
    assert figures["parent"]["step"] == 2
    assert not figures["parent"]["keeps_optimizer_state"]
    monkeypatch.setattr("cli.data_choice.load_dataset", lambda *_: tiny_dataset())
    status, out, _ = run("replay", target)
    assert status == 0
    assert "the same bits" in out


def test_options_change_what_can_change(run, tmp_path, file):
    target = tmp_path / "branch.npz"
    options = ("--dataset", "strokes", "--lr", "0.5", "--epochs", "1", "--seed", "0")
    status, out, err = run(
        "train", "--branch", f"{file}@7", *options, "--validation", "10", "--save", target
    )
    assert status == 0, err
    assert "step 7, in full precision, and with the state of its optimizer." in out
    config = load_run(target).config
    assert (config.dataset, config.seed, config.validation) == ("strokes", 0, 10)
    hyperparameters = config.hyperparameters
    assert (hyperparameters.learning_rate, hyperparameters.epochs) == (0.5, 1)
    assert hyperparameters.optimizer == "adam"


@pytest.mark.parametrize(
    ("where", "options", "words"),
    [
        ("7", ("--optimizer", "sgd"), "step 7, in full precision, and with a new optimizer."),
        (
            "7",
            ("--preset", "my-neural-network"),
            "step 7, in full precision, and with a new optimizer.",
        ),
        ("best", (), "in full precision, and with a new optimizer."),
    ],
)
def test_it_says_what_it_begins_with(run, file, where, options, words):
    status, out, _ = run("train", "--branch", f"{file}@{where}", "--epochs", "1", *options)
    assert status == 0
    assert words in out
    assert "784-16-10" in out


@pytest.mark.parametrize(
    ("where", "options", "reason"),
    [
        ("@99", (), "The nearest are at steps 6 and 7"),
        ("", (), "write FILE.npz@STEP, or FILE.npz@best"),
        ("@", (), "write FILE.npz@STEP"),
        ("@-1", (), "write FILE.npz@STEP"),
        ("@7", ("--hidden", "5"), "--hidden contradicts --branch"),
        ("@7", ("--init", "he"), "--init contradicts --branch"),
        ("@7", ("--from", "other.npz"), "Leave out one"),
        ("@7", ("--resume", "other.npz"), "--branch cannot be used with --resume"),
        ("s@7", (), "could not be opened"),
    ],
)
def test_what_cannot_be_is_refused(run, file, where, options, reason):
    assert_one_line(run("train", "--branch", f"{file}{where}", *options), reason)


def test_the_run_is_not_overwritten_by_its_branch(run, file):
    before = file.read_bytes()
    assert_one_line(run("train", "--branch", f"{file}@7", "--save", file), "named twice")
    assert file.read_bytes() == before
