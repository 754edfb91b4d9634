"""Which network the commands use if a run has a last one and a best one."""

import json

import numpy as np
import pytest
from safetensors.numpy import load_file

from core.saving.run_file import load_run
from tests.cli.test_bad_arguments import assert_one_line

pytestmark = pytest.mark.usefixtures("small_data")

RUN = ("train", "--dataset", "strokes", "--hidden", "6", "--batch", "30", "--validation", "40")


@pytest.fixture
def stopped(run, tmp_path):
    """A run whose best epoch was the first, and that patience ended after the third."""
    path = tmp_path / "stopped.npz"
    settings = ("--lr", "1e-9", "--patience", "2", "--epochs", "9")
    status, out, err = run(*RUN, *settings, "--save", path, "--report", tmp_path / "train.json")
    assert status == 0, err
    return path, out


@pytest.fixture
def ended(run, tmp_path):
    """A run that ended after its epochs; its best epoch may not be the last."""
    path = tmp_path / "ended.npz"
    status, out, err = run(*RUN, "--lr", "1e-9", "--epochs", "2", "--save", path)
    assert status == 0, err
    return path, out


def test_training_says_which_epoch_was_best(stopped, tmp_path):
    _, out = stopped
    assert "Stopped early. The accuracy has not improved for 2 epochs." in out
    assert "best after epoch 1" in out
    report = json.loads((tmp_path / "train.json").read_text())
    assert report["ended_by_patience"] is True
    assert (report["best"]["epoch"], report["best"]["step"]) == (1, 6)
    assert report["epochs"] == 3


def test_training_to_the_end_names_the_best_too(ended):
    assert "The best network was that of epoch 1" in ended[1]


@pytest.mark.parametrize(
    ("name", "options", "used"),
    [
        ("stopped", (), "best"),
        ("stopped", ("--last",), "last"),
        ("stopped", ("--best",), "best"),
        ("ended", (), "last"),
        ("ended", ("--best",), "best"),
    ],
)
def test_evaluate_says_what_it_uses(request, run, tmp_path, name, options, used):
    path, _ = request.getfixturevalue(name)
    report = tmp_path / "report.json"
    status, out, _ = run("evaluate", path, "--dataset", "strokes", *options, "--report", report)
    assert status == 0
    assert f"This is the {used} network" in out
    assert json.loads(report.read_text())["which_network"] == used
    assert ("patience ended" in out) == (name == "stopped" and not options)


@pytest.mark.parametrize(("options", "is_best"), [((), True), (("--last",), False)])
def test_export_writes_the_weights_that_it_names(run, stopped, tmp_path, options, is_best):
    path, _ = stopped
    target = tmp_path / "network.safetensors"
    status, out, _ = run("export", path, target, *options)
    assert status == 0
    assert ("This is the best network" in out) == is_best
    saved = load_run(path)
    network = saved.best.network if is_best else saved.network
    np.testing.assert_array_equal(load_file(target)["W1"], network.layers[0].W)
    assert not np.array_equal(saved.best.network.layers[0].W, saved.network.layers[0].W)


def test_best_and_last_exclude_each_other(run, stopped):
    status, _, err = run("evaluate", stopped[0], "--dataset", "strokes", "--best", "--last")
    assert status == 2
    assert "not allowed with" in err


def test_curves_need_no_choice_of_network(run, stopped, tmp_path):
    assert_one_line(run("export", stopped[0], tmp_path / "curves.csv", "--best"), "curves")


def test_a_run_without_a_best_says_so(run, tmp_path):
    path = tmp_path / "run.npz"
    run("train", "--dataset", "strokes", "--hidden", "4", "--epochs", "1", "--save", path)
    assert_one_line(run("evaluate", path, "--dataset", "strokes", "--best"), "no best network")
    status, out, _ = run("evaluate", path, "--dataset", "strokes")
    assert status == 0
    assert "network" not in out


def test_resuming_starts_from_the_last_network_and_says_so(run, stopped, tmp_path):
    path, _ = stopped
    rest = tmp_path / "rest.npz"
    status, out, _ = run("train", "--resume", path, "--epochs", "1", "--save", rest)
    assert status == 0
    assert "Training continues from the last network, not the best, of epoch 1" in out
    saved = load_run(rest)
    assert not saved.ended_by_patience
    assert saved.training.checkpoint.epoch == 4
    assert saved.best.epoch == 1


# --- after the end of a schedule ----------------------------------------------------------------


def test_training_past_the_end_of_a_schedule_is_reported(run, tmp_path):
    path = tmp_path / "run.npz"
    begin = ("train", "--dataset", "strokes", "--hidden", "4", "--save", path)
    _, out, _ = run(*begin, "--schedule", "one-cycle", "--epochs", "2")
    assert "schedule" not in out
    status, out, _ = run("train", "--resume", path, "--epochs", "2")
    assert status == 0
    assert "The one-cycle schedule ends after epoch 2. For 2 epochs after it" in out
    assert "almost nothing more is learned" in out
    assert "--epochs 4" in out


def test_a_constant_learning_rate_has_no_end(run, tmp_path):
    path = tmp_path / "run.npz"
    run("train", "--dataset", "strokes", "--hidden", "4", "--epochs", "1", "--save", path)
    _, out, _ = run("train", "--resume", path, "--epochs", "1")
    assert "schedule" not in out


def test_one_epoch_is_one(run):
    status, out, _ = run("train", "--dataset", "strokes", "--hidden", "4", "--epochs", "1")
    assert status == 0
    assert "after 1 epoch," in out
