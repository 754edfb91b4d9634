"""Every command refuses at once what is not a regular file."""

import os
import subprocess
import sys

import pytest

from core.lessons.lessons import find_lessons
from core.saving.run_file import load_run
from tests.cli.test_bad_arguments import TRAIN, assert_one_line
from tests.cli.test_output import MAIN
from tests.core.digits import tiny_dataset

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="there are no such files"),
    pytest.mark.timeout(20),
]


def _pipe(path):
    os.mkfifo(path)
    return path


def _folder(path):
    path.mkdir()
    return path


def _device(path):
    path.symlink_to("/dev/zero")
    return path


@pytest.fixture(params=[(_pipe, "pipe"), (_folder, "folder"), (_device, "device")])
def other(request, tmp_path):
    """Return something that is not a regular file, and its description."""
    make, kind = request.param
    return make(tmp_path / "run.npz"), kind


def test_not_a_file_instead_of_a_run(run, other):
    path, kind = other
    for command in (
        ["train", "--resume", path],
        ["evaluate", path, "--dataset", "strokes"],
        ["replay", path],
        ["export", path, path.parent / "curves.csv"],
        ["import", path, path.parent / "ours.npz"],
    ):
        assert_one_line(run(*command), f"it is a {kind}, not a file")


@pytest.mark.usefixtures("small_data")
@pytest.mark.parametrize("option", ["--save", "--report"])
def test_not_a_file_instead_of_a_result(run, other, option):
    path, kind = other
    assert_one_line(run(*TRAIN, option, path), f"it is a {kind}, not a file")


def test_not_a_file_instead_of_recordings(run, other, train_small):
    path, kind = other
    assert_one_line(run("evaluate", train_small, "--pen", path), f"it is a {kind}, not a file")


def test_not_a_folder_instead_of_the_mnist_folder(run, tmp_path, monkeypatch):
    pipe = _pipe(tmp_path / "pipe")
    mnist = ("train", "--dataset", "mnist")
    assert_one_line(run(*mnist, "--data-dir", pipe), "is a file, not a folder")
    monkeypatch.setenv("DIGITSCOPE_DATA", str(pipe))
    assert_one_line(run(*mnist), "DIGITSCOPE_DATA")


def test_not_a_file_instead_of_the_mnist_files(run, tmp_path):
    for name in ("train-images-idx3-ubyte", "train-labels-idx1-ubyte.gz", "mnist.npz"):
        _pipe(tmp_path / name)
    assert_one_line(
        run("train", "--dataset", "mnist", "--data-dir", tmp_path), "does not contain MNIST"
    )


def test_not_a_file_instead_of_lessons(tmp_path, other):
    path, kind = other
    path.rename(tmp_path / "lesson.toml")
    (problem,) = find_lessons([tmp_path]).problems
    assert f"it is a {kind}, not a file" in problem.reason
    assert find_lessons([tmp_path / "lesson.toml"]).lessons == ()


@pytest.fixture
def train_small(run, tmp_path, monkeypatch):
    """Return the file of a run of one epoch."""
    monkeypatch.setattr("cli.data_choice.load_dataset", lambda *_: tiny_dataset())
    file = tmp_path / "small.npz"
    assert run(*TRAIN, "--hidden", "3", "--epochs", "1", "--save", file)[0] == 0
    return file


@pytest.mark.usefixtures("small_data")
@pytest.mark.parametrize("option", ["--save", "--report"])
@pytest.mark.parametrize("name", ["x" * 252 + ".npz", "x" * 5_000])
def test_an_impossible_name_is_reported_before_training(run, tmp_path, option, name, monkeypatch):
    def never(*_):
        raise AssertionError("it was trained")

    monkeypatch.setattr("core.training.trainer.Trainer.step", never)
    assert_one_line(run(*TRAIN, option, tmp_path / name), "File name too long")
    assert list(tmp_path.iterdir()) == []


def test_a_run_of_the_longest_name_is_written(run, tmp_path, monkeypatch):
    monkeypatch.setattr("cli.data_choice.load_dataset", lambda *_: tiny_dataset())
    file = tmp_path / ("x" * 251 + ".npz")
    assert run(*TRAIN, "--hidden", "3", "--epochs", "1", "--save", file)[0] == 0
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


@pytest.mark.usefixtures("small_data")
def test_two_results_in_one_file_are_refused_before_the_work(run, train_small, tmp_path):
    (tmp_path / "link.json").symlink_to(train_small)
    before = train_small.read_bytes()
    one = tmp_path / "one"
    for command in (
        [*TRAIN, "--save", one, "--report", one],
        ["train", "--resume", train_small, "--epochs", "1", "--report", train_small],
        ["evaluate", train_small, "--dataset", "strokes", "--report", train_small],
        ["evaluate", train_small, "--dataset", "strokes", "--report", tmp_path / "link.json"],
        ["replay", train_small, "--report", train_small],
    ):
        assert_one_line(run(*command), "is named twice")
    assert train_small.read_bytes() == before
    assert not one.exists()


def test_the_output_device_is_refused_as_a_result_file(tmp_path):
    path = tmp_path / "output"
    with path.open("wb") as output:
        ended = subprocess.run(
            [sys.executable, MAIN, *TRAIN, "--report", "/dev/stdout"],
            stdout=output,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )
    assert ended.returncode == 2
    assert b"is where this command prints" in ended.stderr


def test_a_run_that_cannot_be_written_at_the_end_is_saved_elsewhere(run, tmp_path, monkeypatch):
    folder, data = tmp_path / "folder", tmp_path / "data"
    folder.mkdir()

    def load(*_):
        folder.rmdir()
        return tiny_dataset()

    monkeypatch.setattr("cli.data_choice.load_dataset", load)
    monkeypatch.setattr("cli.train.data_folder", lambda: data)
    small = (*TRAIN, "--hidden", "3", "--epochs", "1", "--save", folder / "run.npz")
    status, out, err = run(*small)
    assert (status, out) == (2, "")
    (copy,) = (data / "autosave").iterdir()
    assert f"could not be written: there is no folder '{folder}'" in err
    assert f"it is in '{copy}'" in err
    assert load_run(copy).training.checkpoint.epoch == 1
