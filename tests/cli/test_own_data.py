"""Commands on data of the user's own."""

import json
import os

import numpy as np
import pytest

from core.datasets.strokes import make_strokes
from core.saving.run_file import load_run
from core.settings.data_source import OwnData
from tests.cli.test_bad_arguments import assert_one_line
from tests.core.datasets.own.small_sets import IMAGES, LABELS, images, write_pictures

SMALL = ("--hidden", "5", "--batch", "10", "--epochs", "1")


@pytest.fixture
def fruits(tmp_path):
    folder = tmp_path / "fruits"
    write_pictures(folder, make=lambda name, number: 255 - images(1)[0])
    return folder


@pytest.fixture
def saved(run, fruits, tmp_path):
    path = tmp_path / "run.npz"
    status, out, err = run("train", "--dataset", fruits, *SMALL, "--save", path)
    assert status == 0, err
    return path, out


def test_training_says_what_was_found_and_guessed(saved, fruits):
    path, out = saved
    assert "3 classes (apple, fig, pear), 18 training images, 3 test images." in out
    assert "one image in 7 of each class" in out
    assert "Light and dark are swapped, because the borders are light." in out
    assert f"784-5-3 on {fruits}: test accuracy" in out
    config = load_run(path).config
    assert config.dataset == OwnData(str(fruits), ("apple", "fig", "pear"), False, True, 0)


def test_options_decide(run, fruits, tmp_path):
    path = tmp_path / "run.npz"
    options = ("--no-invert", "--transpose", "--split-seed", "3")
    _, out, _ = run("train", "--dataset", fruits, *options, *SMALL, "--save", path)
    assert "Light and dark stay, as chosen. Rows and columns are swapped." in out
    source = load_run(path).config.dataset
    assert (source.is_transposed, source.is_inverted, source.split_seed) == (True, False, 3)


def test_a_fraction_held_out_is_one_of_these_images(run, fruits, tmp_path):
    path = tmp_path / "run.npz"
    options = ("--validation", "0.5", *SMALL, "--save", path)
    status, _, err = run("train", "--dataset", fruits, *options)
    assert status == 0, err
    assert load_run(path).config.validation == 9


@pytest.mark.parametrize("command", ["replay", "evaluate", "train", "lr-test"])
def test_a_run_finds_its_data_also_where_they_have_moved(run, saved, fruits, command):
    path, _ = saved
    arguments = [command, *(("--resume",) if command in ("train", "lr-test") else ()), path]
    arguments += ["--epochs", "1"] if command == "train" else []
    status, _, err = run(*arguments)
    assert status == 0, err
    moved = fruits.rename(fruits.with_name("moved"))
    assert_one_line(run(*arguments), f"There is nothing at '{fruits}'")
    status, _, err = run(*arguments, "--dataset", moved)
    assert status == 0, err


def test_a_resumed_run_is_saved_with_the_new_place(run, saved, fruits, tmp_path):
    moved = fruits.rename(fruits.with_name("moved"))
    again = tmp_path / "again.npz"
    run("train", "--resume", saved[0], "--dataset", moved, "--epochs", "1", "--save", again)
    assert load_run(again).config.dataset.path == str(moved)


def test_other_images_are_noticed(run, saved, fruits):
    write_pictures(fruits, each=1)
    for command in (("replay", saved[0]), ("train", "--resume", saved[0], "--epochs", "1")):
        status, _, err = run(*command)
        assert status == 2
        assert "learned from other images" in err
    write_pictures(fruits, ("plum",))
    status, _, err = run("evaluate", saved[0])
    assert status == 2
    assert "apple, fig, pear, plum, and not apple, fig, pear as before" in err


def test_a_branch_of_a_run(run, saved, fruits, tmp_path):
    path = tmp_path / "branch.npz"
    status, _, err = run(
        "train", "--branch", f"{saved[0]}@2", "--lr", "0.2", "--epochs", "1", "--save", path
    )
    assert status == 0, err
    assert load_run(path).config.dataset == load_run(saved[0]).config.dataset


def test_evaluate_on_other_data(run, saved, small_data, tmp_path):
    path = tmp_path / "set.npz"
    np.savez(path, images=IMAGES, labels=LABELS % 2)
    status, _, err = run("evaluate", saved[0], "--dataset", path)
    assert status == 2
    assert "has the classes apple, fig, pear, but the images are 0, 1" in err
    digits = tmp_path / "digits.npz"
    begin = ("train", "--dataset", path, *SMALL, "--save", digits)
    assert run(*begin)[0] == 0
    status, _, err = run("evaluate", digits, "--dataset", "strokes")
    assert status == 2
    assert "has the classes 0, 1, but the images are 0, 1, 2" in err


def test_data_that_have_moved_are_evaluated_as_they_were_read_and_others_are_not(
    run, fruits, tmp_path
):
    path, moved = tmp_path / "run.npz", tmp_path / "moved"
    options = ("--no-invert", "--transpose", "--split-seed", "3")
    run("train", "--dataset", fruits, *options, *SMALL, "--save", path)
    _, before, _ = run("evaluate", path)
    fruits.rename(moved)
    _, out, _ = run("evaluate", path, "--dataset", moved)
    assert "as chosen. Rows and columns are swapped." in out
    assert out.split()[-2:] == before.split()[-2:]
    other = tmp_path / "other"
    write_pictures(other)
    _, out, _ = run("evaluate", path, "--dataset", other)
    assert "because the borders are dark" in out
    assert "Rows and columns" not in out


def test_another_network_to_begin_with_needs_as_many_classes(run, fruits, saved, tmp_path):
    path = tmp_path / "set.npz"
    np.savez(path, images=IMAGES, labels=LABELS % 2)
    status, _, err = run("train", "--dataset", path, "--from", saved[0], "--epochs", "1")
    assert status == 2
    assert "has 3 outputs, but the data set has 2 classes: 0, 1" in err


def test_a_network_may_begin_with_one_of_other_classes(run, saved, tmp_path):
    path, target = tmp_path / "set.npz", tmp_path / "new.npz"
    np.savez(path, images=IMAGES, labels=LABELS)
    status, _, err = run(
        *("train", "--dataset", path, "--from", saved[0], "--epochs", "1", "--save", target)
    )
    assert status == 0, err
    assert load_run(target).network.classes == ("0", "1", "2")
    assert run("replay", target)[0] == 0


def test_transposed_digits_are_noticed(run, tmp_path):
    digits = make_strokes(70, 200)
    path = tmp_path / "set.npz"
    np.savez(
        path,
        x_train=digits.train_images.reshape(-1, 28, 28).swapaxes(1, 2).copy(),
        y_train=digits.train_labels,
        x_test=digits.test_images.reshape(-1, 28, 28).swapaxes(1, 2).copy(),
        y_test=digits.test_labels,
    )
    _, out, _ = run("train", "--dataset", path, *SMALL)
    assert "seem to be transposed, with rows and columns swapped" in out
    assert "Add --transpose to undo it" in out
    for option in ("--transpose", "--no-transpose"):
        assert "seem to be" not in run("train", "--dataset", path, option, *SMALL)[1]


def test_a_search_and_its_continuation(run, fruits):
    pytest.importorskip("optuna")
    plan = ("--vary", "learning_rate=0.1..0.2", "--trials", "1")
    status, _, err = run(
        *("search", "--dataset", fruits, "--hidden", "4", "--batch", "5", "--jobs", "1"),
        *plan,
        *("--name", "fruit"),
    )
    assert status == 0, err
    moved = fruits.rename(fruits.with_name("moved"))
    status, _, err = run("search", "--resume", "fruit", "--dataset", moved, "--jobs", "1")
    assert status == 0, err
    write_pictures(moved, each=1)
    status, _, err = run("search", "--resume", "fruit", "--dataset", moved, "--jobs", "1")
    assert status == 2
    assert "This search learned from other images" in err


def test_a_film_of_how_a_test_image_is_read(run, fruits, tmp_path):
    path = tmp_path / "run.npz"
    run("train", "--dataset", fruits, *SMALL, "--film", "--save", path)
    moved = fruits.rename(fruits.with_name("moved"))
    film = ("film", path, tmp_path / "film.png", "--image", "1")
    assert run(*film)[0] == 2
    status, _, err = run(*film, "--dataset", moved)
    assert status == 0, err


def test_reports_name_the_path(run, saved, fruits, tmp_path):
    report = tmp_path / "report.json"
    run("evaluate", saved[0], "--report", report)
    assert json.loads(report.read_text())["dataset"] == str(fruits)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ["--dataset", "mnst"],
            "'mnst' is neither a data set nor the path of a file or folder. Did",
        ),
        (["--dataset", "/no/where"], "'/no/where' is neither a data set nor the path"),
        (["--dataset", ""], "'' is neither a data set"),
        (["--dataset", "a\0b"], "is neither a data set"),
        (["--dataset", "strokes", "--invert"], "are for data of your own"),
        (["--dataset", os.devnull], "not a data set of a known format"),
        (["--dataset", ".", "--split-seed", "-1"], "is negative"),
    ],
)
def test_faults(run, arguments, says):
    assert_one_line(run("train", *arguments, "--epochs", "1"), says)


def test_a_name_stays_a_name_where_a_file_has_it(run, monkeypatch, small_data, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "strokes").mkdir()
    assert run("train", "--dataset", "strokes", *SMALL)[0] == 0
    assert_one_line(run("train", "--dataset", "./strokes", *SMALL), "contains no data set")


def test_only_own_data_can_have_moved(run, small_data, fruits, tmp_path):
    path = tmp_path / "run.npz"
    run("train", "--dataset", "strokes", *SMALL, "--save", path)
    assert_one_line(run("replay", path, "--dataset", fruits), "it is 'strokes' that was trained on")
