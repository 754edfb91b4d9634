"""The examples in docs/examples run as programs, here on a small data set."""

import re
import runpy
from pathlib import Path

import pytest

from core.datasets import loading
from tests.core.digits import tiny_dataset

EXAMPLES = Path(__file__).parents[1] / "docs" / "examples"
LONGEST = 40


@pytest.fixture
def printed(monkeypatch, capsys, tmp_path):
    """Run an example, and return the lines that it prints."""

    def run(name):
        monkeypatch.setattr(loading, "load_strokes", lambda progress: tiny_dataset())
        monkeypatch.setattr("sys.argv", [name])
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        runpy.run_path(str(EXAMPLES / name), run_name="__main__")
        return capsys.readouterr().out.splitlines()

    return run


def test_each_example_is_tested_and_short():
    names = {path.name for path in EXAMPLES.glob("*.py")}
    source = Path(__file__).read_text("utf-8")
    assert names == set(re.findall(r'printed\("(\w+\.py)"\)', source))
    for name in names:
        assert len((EXAMPLES / name).read_text("utf-8").splitlines()) <= LONGEST


def test_training(printed, tmp_path):
    lines = printed("train.py")
    assert [line[:7] for line in lines[:3]] == ["epoch 1", "epoch 2", "epoch 3"]
    # 200 images make four steps an epoch, and the resumed run makes one more.
    assert lines[-1].endswith("resumed: step 13")
    assert len(list(tmp_path.rglob("run.npz"))) == 1


def test_reading_a_picture(printed):
    lines = printed("read_a_picture.py")
    assert [line[0] for line in lines] == list("0123456789")
    assert [re.findall(r"row (\d)", line) for line in lines] == [["0"]] * 5 + [["1"]] * 5


def test_checking_a_gradient(printed):
    rows = [list(map(float, line.split()[1:])) for line in printed("check_gradient.py")[1:]]
    assert len(rows) == 8
    for by_backpropagation, by_differences in rows:
        assert by_backpropagation != 0
        assert abs(by_backpropagation - by_differences) < 2e-9


@pytest.mark.usefixtures("forget_activations")
def test_an_activation_of_ones_own(printed):
    lines = printed("custom_activation.py")
    accuracy = {name: float(text[:-1]) for name, text in (line.rsplit(" ", 1) for line in lines)}
    assert list(accuracy) == ["softsign: test accuracy", "tanh: test accuracy"]
    assert min(accuracy.values()) > 50  # a guess is right in 10 %


def test_a_search(printed):
    lines = printed("search.py")
    assert len(lines) == 13
    assert any("ended early" in line for line in lines)
    assert re.fullmatch(r"best: \{'trial': \d+, 'accuracy': [\d.]+\}", lines[-1])
