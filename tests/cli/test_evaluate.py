"""How a saved network is evaluated on recorded pens; for data sets, see test_train.py."""

import gzip
import json

import numpy as np
import pytest

from core.network.network import Network
from core.saving.run_file import save_run
from core.settings.config import NetworkConfig, RunConfig
from core.training.saved_run import SavedRun
from core.wording import percent
from tests.cli.test_bad_arguments import assert_one_line

ONE = '.SEGMENT DIGIT 0 ? "1"\n.PEN_DOWN\n50 300\n55 100\n.PEN_UP\n'
SEVEN = '.SEGMENT DIGIT 1 ? "7"\n.PEN_DOWN\n20 300\n150 300\n60 90\n.PEN_UP\n'
FLAT_ONE = '.SEGMENT DIGIT 2 ? "1"\n.PEN_DOWN\n20 300\n150 300\n.PEN_UP\n'
TEXT = f".COMMENT three digits\n{ONE}{SEVEN}{FLAT_ONE}"


@pytest.fixture
def pen(tmp_path):
    path = tmp_path / "pen.unipen"
    path.write_text(TEXT, "utf-8")
    return path


@pytest.fixture
def network(tmp_path):
    """Return a file whose network predicts 7 for ink far left in the middle row, else 1."""
    config = RunConfig("strokes", NetworkConfig(hidden=()))
    network = Network.from_config(config.network)
    network.layers[0].b[1] = 0.5
    network.layers[0].W[14 * 28 + 5, 7] = 10
    path = tmp_path / "run.npz"
    save_run(path, SavedRun(config, network))
    return path


def test_recordings_are_drawn_and_evaluated(run, network, pen, tmp_path):
    """The one is correct, the seven is predicted as a one, and the lying one as a seven."""
    report = tmp_path / "report.json"
    status, out, err = run("evaluate", network, "--pen", pen, "--report", report)
    assert status == 0
    assert out == f"784-10 on {pen}: accuracy 33.33 %\n"
    assert "Traceback" not in err
    figures = json.loads(report.read_text("utf-8"))
    assert figures["accuracy"] == pytest.approx(1 / 3)
    assert figures["per_digit"] == [None, 0.5, *[None] * 5, 0.0, None, None]
    confusion = np.zeros((10, 10), int)
    confusion[1, 1] = confusion[1, 7] = confusion[7, 1] = 1
    assert figures["confusion"] == confusion.tolist()
    assert figures["images"] == 3
    assert figures["network"] == "784-10"
    assert figures["dataset"] == str(pen)


def test_compressed_recordings_give_the_same_report(run, network, pen, tmp_path):
    packed = tmp_path / "packed.unipen.gz"
    packed.write_bytes(gzip.compress(TEXT.encode()))
    reports = []
    for path in (pen, packed):
        report = tmp_path / f"{path.name}.json"
        assert run("evaluate", network, "--pen", path, "--report", report)[0] == 0
        reports.append(json.loads(report.read_text("utf-8")))
        assert reports[-1].pop("dataset") == str(path)
    assert reports[0] == reports[1]


@pytest.mark.usefixtures("small_data")
def test_a_data_set_is_also_reported_digit_by_digit(run, network, tmp_path):
    report = tmp_path / "report.json"
    status, out, _ = run("evaluate", network, "--dataset", "strokes", "--report", report)
    assert status == 0
    figures = json.loads(report.read_text("utf-8"))
    assert figures["images"] == 100
    assert figures["dataset"] == "strokes"
    # There are ten of each digit.
    assert np.mean(figures["per_digit"]) == pytest.approx(figures["accuracy"])
    assert np.shape(figures["confusion"]) == (10, 10)
    assert out == f"784-10 on strokes: test accuracy {percent(figures['accuracy'])}\n"


def test_it_is_a_data_set_or_recordings(run, network, pen):
    both = run("evaluate", network, "--dataset", "strokes", "--pen", pen)
    assert_one_line(both, "not allowed with")
    neither = run("evaluate", network)
    assert_one_line(neither, "a --dataset, or recordings with --pen")
    turned = run("evaluate", network, "--pen", pen, "--transpose")
    assert_one_line(turned, "--transpose, --invert, --split-seed are for data of your own")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "it is empty"),
        (TEXT.replace('"7"', '"x"').encode(), "Line 7 "),
        (TEXT.replace("60 90", "60 nan").encode(), "Line 11 "),
        (gzip.compress(TEXT.encode(), mtime=0)[:-12], "cannot be read"),
    ],
)
def test_damaged_recordings(run, network, pen, tmp_path, content, says):
    pen.write_bytes(content)
    report = tmp_path / "report.json"
    outcome = run("evaluate", network, "--pen", pen, "--report", report)
    assert_one_line(outcome, says)
    assert str(pen) in outcome[2]
    assert not report.exists()


def test_missing_recordings(run, network, tmp_path):
    assert_one_line(run("evaluate", network, "--pen", tmp_path / "none.unipen"), "none.unipen")
    assert_one_line(run("evaluate", network, "--pen", tmp_path), "folder, not a file")
    assert_one_line(run("evaluate", network, "--pen"), "--pen")


def test_a_missing_network_is_reported_before_anything_is_drawn(run, pen, tmp_path):
    assert_one_line(run("evaluate", tmp_path / "none.npz", "--pen", pen), "none.npz")


def test_an_unwritable_report_is_reported_before_anything_is_drawn(run, network, pen):
    report = pen.parent / "nowhere" / "report.json"
    assert_one_line(run("evaluate", network, "--pen", pen, "--report", report), "nowhere")
