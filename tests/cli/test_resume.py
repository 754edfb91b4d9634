"""``train --resume``: stopping and resuming later gives the same result as an uninterrupted run."""

import json
from dataclasses import replace

import numpy as np
import pytest

from core.files.locations import data_folder
from core.network.network import Network
from core.saving.run_file import load_run, save_run
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.settings.settings_text import read_settings
from core.training.saved_run import SavedRun
from core.training.trainer import Trainer
from tests.cli.test_bad_arguments import assert_one_line
from tests.core.digits import tiny_dataset

pytestmark = pytest.mark.usefixtures("small_data")

RUN = ("train", "--dataset", "strokes", "--hidden", "12", "--batch", "30", "--validation", "40")
NOISY = ("--dropout", "0.2", "--augment", "--lr", "0.01")


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "nesterov", "adam"])
def test_one_epoch_plus_two_more_equal_three(run, tmp_path, optimizer):
    whole, part, rest = (tmp_path / name for name in ("whole.npz", "part.npz", "rest.npz"))
    settings = (*RUN, *NOISY, "--optimizer", optimizer)
    run(*settings, "--epochs", "3", "--save", whole)
    run(*settings, "--epochs", "1", "--save", part)
    status, out, _ = run("train", "--resume", part, "--epochs", "2", "--save", rest)
    assert status == 0
    assert "after 3 epochs" in out
    with np.load(whole) as a, np.load(rest) as b:
        assert a.files == b.files
        for name in a.files:
            if name != "config":  # they differ in the planned number of epochs: 3 and 1
                np.testing.assert_array_equal(a[name], b[name], err_msg=name)


def test_the_report_is_of_the_whole_run(run, tmp_path):
    file, report = tmp_path / "run.npz", tmp_path / "report.json"
    run(*RUN, "--epochs", "1", "--save", file)
    run("train", "--resume", file, "--epochs", "2", "--report", report)
    figures = json.loads(report.read_text())
    assert figures["epochs"] == 3
    assert figures["steps"] == 18
    # The speed is that of the two timed epochs.
    assert figures["samples_per_second"] == pytest.approx(320 / figures["seconds"])


@pytest.fixture
def changed_run(tmp_path):
    """The file of a run with live changes, saved in the middle of its first epoch."""
    config = RunConfig(
        network=NetworkConfig(hidden=(12,)), hyperparameters=Hyperparameters(batch_size=30)
    )
    trainer = Trainer(config, tiny_dataset())
    trainer.step()
    trainer.change(network=trainer.network_config.with_hidden((8, 7)))
    trainer.change(replace(trainer.hyperparameters, learning_rate=0.0123))
    for _ in range(4):
        trainer.step()
    save_run(tmp_path / "changed_run.npz", trainer.saved())
    return tmp_path / "changed_run.npz"


def test_the_speed_counts_only_images_processed_since_the_resume(run, changed_run, tmp_path):
    run("train", "--resume", changed_run, "--epochs", "1", "--report", tmp_path / "report.json")
    figures = json.loads((tmp_path / "report.json").read_text())
    assert figures["steps"] == 7
    assert figures["samples_per_second"] == pytest.approx(50 / figures["seconds"])


def test_a_run_without_an_end_asks_how_many_epochs(run, changed_run):
    assert_one_line(run("train", "--resume", changed_run), "no end. Set --epochs")


def test_the_settings_in_force_are_exported(run, changed_run, tmp_path):
    """As the window copies them, for the weights alone as well as for the whole run."""
    files = changed_run, tmp_path / "weights.npz"
    save_run(files[1], load_run(changed_run).weights_alone())
    for file in files:
        run("export", file, tmp_path / "settings.toml")
        config = read_settings((tmp_path / "settings.toml").read_text("utf-8"))
        assert config.network.hidden == (8, 7)
        assert config.hyperparameters == Hyperparameters(0.0123, batch_size=30)


def test_a_run_may_be_saved_over_itself(run, tmp_path):
    file = tmp_path / "run.npz"
    run(*RUN, "--epochs", "1", "--save", file)
    for epochs in (2, 3):
        assert run("train", "--resume", file, "--epochs", "1", "--save", file)[0] == 0
        assert load_run(file).training.checkpoint.epoch == epochs


@pytest.mark.parametrize(
    "options", [("--lr", "0.5"), ("--seed", "0"), ("--preset", "best"), ("--validation", "10")]
)
def test_changes_that_need_a_new_run_are_refused(run, tmp_path, options):
    file = tmp_path / "run.npz"
    run(*RUN, "--epochs", "1", "--save", file)
    assert_one_line(run("train", "--resume", file, "--epochs", "1", *options), options[0])
    assert_one_line(run("train", "--resume", file, "--dataset", "mnist"), "--dataset")


def test_the_end_of_training_chooses_a_threshold_for_each_class(run, tmp_path):
    file = tmp_path / "run.npz"
    run(*RUN, "--epochs", "9", "--lr", "0.02", "--save", file)
    saved = load_run(file)
    evaluator = Trainer.resume(saved, tiny_dataset()).evaluator
    evaluator.choose_thresholds(saved.network)
    assert saved.thresholds == evaluator.thresholds
    assert len(set(saved.thresholds)) > 1


def test_resuming_a_finished_run_asks_for_more_epochs(run, tmp_path):
    file = tmp_path / "run.npz"
    run(*RUN, "--epochs", "1", "--save", file)
    status, out, err = run("train", "--resume", file)
    assert (status, out) == (2, "")
    assert "--epochs" in err


def test_weights_alone_make_a_smaller_file_with_the_same_predictions(run, tmp_path):
    whole, weights = tmp_path / "whole.npz", tmp_path / "weights.npz"
    adam = (*RUN, "--optimizer", "adam", "--lr", "0.01", "--epochs", "1")
    run(*adam, "--save", whole)
    run(*adam, "--save", weights, "--weights-only")
    assert weights.stat().st_size < whole.stat().st_size / 2
    a, b = load_run(whole), load_run(weights)
    np.testing.assert_array_equal(a.network.parameters, b.network.parameters)
    assert (a.config, a.thresholds) == (b.config, b.thresholds)
    assert b.training is None


def test_half_precision_is_for_weights_alone_and_halves_the_file(run, tmp_path):
    full, half = tmp_path / "full.npz", tmp_path / "half.npz"
    weights = (*RUN, "--epochs", "1", "--weights-only")
    run(*weights, "--save", full)
    assert run(*weights, "--half-precision", "--save", half)[0] == 0
    a, b = load_run(full), load_run(half)
    np.testing.assert_allclose(b.network.parameters, a.network.parameters, rtol=5e-4, atol=1e-7)
    assert b.thresholds == a.thresholds
    # Of the last network and the best, only the one that is used is kept.
    assert (a.best is None, b.best is None) == (False, True)
    assert half.stat().st_size < 0.3 * full.stat().st_size
    outcome = run(*RUN, "--epochs", "1", "--half-precision", "--save", half)
    assert_one_line(outcome, "add --weights-only")


def test_in_half_precision_a_run_that_patience_ended_keeps_its_best_network(run, tmp_path):
    full, half = tmp_path / "full.npz", tmp_path / "half.npz"
    patient = (*RUN, "--lr", "0.5", "--patience", "1", "--epochs", "40")
    run(*patient, "--save", full)
    run(*patient, "--weights-only", "--half-precision", "--save", half)
    whole = load_run(full)
    assert whole.uses_best
    last, best = whole.network.parameters, whole.best.network.parameters
    assert not np.allclose(last, best, rtol=1e-2)
    np.testing.assert_allclose(load_run(half).network.parameters, best, rtol=5e-4, atol=1e-7)


def test_a_film_is_saved_when_it_is_asked_for_and_continued(run, tmp_path):
    file = tmp_path / "run.npz"
    run(*RUN, "--epochs", "1", "--save", file)
    assert load_run(file).film == ()
    run(*RUN, "--epochs", "1", "--save", file, "--film")
    first = load_run(file)
    assert first.film[0].step == 0
    assert first.film[-1].step == first.training.checkpoint.step
    run("train", "--resume", file, "--epochs", "1", "--save", file)
    film = load_run(file).film
    assert [each.place for each in film[: len(first.film)]] == [each.place for each in first.film]
    assert film[-1].step > first.film[-1].step


def test_a_film_needs_a_file_with_the_training(run, tmp_path):
    for options in ((), ("--save", tmp_path / "run.npz", "--weights-only")):
        outcome = run(*RUN, "--epochs", "1", "--film", *options)
        assert_one_line(outcome, "use --film with --save")


def test_weights_beyond_half_precision_are_not_lost(run, tmp_path):
    large = tmp_path / "large.npz"
    run(*RUN, "--epochs", "1", "--save", large)
    trainer = Trainer.resume(load_run(large), tiny_dataset())
    trainer.network.layers[0].b[0] = -70_000  # a unit that is never active
    save_run(large, trainer.saved())
    half = ("--weights-only", "--half-precision", "--save", tmp_path / "half.npz")
    status, _, err = run("train", "--resume", large, "--epochs", "1", *half)
    assert status == 2
    message = err.strip().splitlines()[-1]
    assert "largest number in half precision" in message
    (copy,) = (data_folder() / "autosave").iterdir()
    assert str(copy) in message
    assert np.abs(load_run(copy).network.parameters).max() > 65_504


def test_a_file_without_the_state_of_training_is_refused(run, tmp_path):
    config = RunConfig(network=NetworkConfig(hidden=(3,)))
    save_run(tmp_path / "old.npz", SavedRun(config, Network.from_config(config.network)))
    status, _, err = run("train", "--resume", tmp_path / "old.npz", "--epochs", "1")
    assert status == 2
    assert "earlier version" in err
