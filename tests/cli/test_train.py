import json

import numpy as np
import pytest

from core.presets import preset_named
from core.run_file import load_run
from tests.real_mnist import FOLDER, needs_mnist


@pytest.mark.usefixtures("small_data")
class TestOnSmallData:
    def test_report_and_file(self, run, tmp_path):
        report, file = tmp_path / "report.json", tmp_path / "run.npz"
        status, out, err = run(
            *("train", "--dataset", "strokes", "--hidden", "16,8", "--lr", "0.05"),
            *("--batch", "64", "--l2", "0.001", "--epochs", "3", "--seed", "9"),
            *("--save", file, "--report", report),
        )
        assert status == 0
        figures = json.loads(report.read_text())
        assert figures["epochs"] == 3
        assert figures["steps"] == 12  # 200 images make 4 batches an epoch
        assert figures["seed"] == 9
        assert figures["blas_threads"] >= 1
        assert figures["samples_per_second"] == pytest.approx(600 / figures["seconds"])
        assert np.log(10) > figures["train_loss"] > 0
        assert 0 <= figures["test_accuracy"] <= 1
        assert f"{figures['test_accuracy']:.2%}" in out
        assert "600" in err  # the bar counted every image
        config, network = load_run(file)
        assert config.network.hidden == (16, 8)
        assert config.hyperparameters.learning_rate == 0.05
        assert config.hyperparameters.l2 == 0.001
        assert config.seed == 9
        assert network.parameters.any()

    def test_a_saved_network_reads_as_the_report_said(self, run, tmp_path):
        file, trained, tested = (tmp_path / name for name in ("a.npz", "a.json", "b.json"))
        run("train", "--dataset", "strokes", "--epochs", 2, "--save", file, "--report", trained)
        status, _, _ = run("evaluate", file, "--dataset", "strokes", "--report", tested)
        assert status == 0
        expected, figures = (json.loads(path.read_text()) for path in (trained, tested))
        assert figures["accuracy"] == pytest.approx(expected["test_accuracy"], abs=1e-6)
        confusion = np.array(figures["confusion"])
        assert confusion.shape == (10, 10)
        assert confusion.sum() == 100
        assert confusion.trace() / 100 == pytest.approx(figures["accuracy"])

    def test_same_command_same_bits(self, run, tmp_path):
        for name in ("a.npz", "b.npz"):
            run(
                *("train", "--dataset", "strokes", "--epochs", 1, "--seed", 3),
                *("--threads", 1, "--save", tmp_path / name),
            )
        a, b = (load_run(tmp_path / name)[1] for name in ("a.npz", "b.npz"))
        np.testing.assert_array_equal(a.parameters, b.parameters)

    def test_a_preset_is_where_it_begins(self, run, tmp_path):
        file = tmp_path / "run.npz"
        run(
            *("train", "--dataset", "mnist", "--preset", "first-steps"),
            *("--epochs", 1, "--lr", 0.01, "--save", file),
        )
        config, _ = load_run(file)
        preset = preset_named("first-steps")
        assert config.network == preset.network
        assert config.hyperparameters.l2 == preset.hyperparameters.l2
        assert config.hyperparameters.learning_rate == 0.01

    def test_no_hidden_layers(self, run, tmp_path):
        file = tmp_path / "run.npz"
        run("train", "--dataset", "strokes", "--hidden", "", "--epochs", 1, "--save", file)
        assert load_run(file)[0].network.hidden == ()

    def test_divergence_is_told_in_one_line(self, run):
        status, _, err = run("train", "--dataset", "strokes", "--lr", "900", "--epochs", 500)
        assert status == 2
        assert "learning rate" in err.splitlines()[-1]
        assert "Traceback" not in err

    def test_a_report_that_cannot_be_written_is_told_before_training(self, run, tmp_path):
        status, out, err = run(
            *("train", "--dataset", "strokes", "--report", tmp_path / "nowhere" / "r.json")
        )
        assert status == 2
        assert "nowhere" in err
        assert out == ""


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["train"], "--dataset"),
        (["train", "--dataset", "cats"], "cats"),
        (["train", "--dataset", "mnist", "--hidden", "12,x"], "12,x"),
        (["train", "--dataset", "mnist", "--hidden", "0"], "0 units"),
        (["train", "--dataset", "mnist", "--lr", "fast"], "fast"),
        (["train", "--dataset", "mnist", "--lr", "-1"], "learning rate"),
        (["train", "--dataset", "mnist", "--batch", "0"], "batch size"),
        (["train", "--dataset", "mnist", "--epochs", "0"], "0 is not above 0"),
        (["train", "--dataset", "mnist", "--preset", "magic"], "magic"),
        (["train", "--dataset", "mnist", "--seed", "-3"], "seed"),
        (["train", "--dataset", "mnist", "--data-dir", "/nowhere"], "/nowhere"),
        (["evaluate", "missing.npz", "--dataset", "strokes"], "missing.npz"),
        (["evaluate"], "FILE.npz"),
        (["--size", "big"], "big"),
        (["dance"], "dance"),
    ],
)
def test_a_bad_command_line_is_answered_in_one_line(run, arguments, says):
    status, out, err = run(*arguments)
    assert status == 2
    assert out == ""
    assert says in err
    assert len(err.strip().splitlines()) == 1


def test_evaluating_a_damaged_file_is_answered_in_one_line(run, tmp_path):
    file = tmp_path / "damaged.npz"
    file.write_bytes(b"PK\x03\x04 and so on")
    status, _, err = run("evaluate", file, "--dataset", "strokes")
    assert status == 2
    assert "damaged.npz" in err
    assert len(err.strip().splitlines()) == 1


@needs_mnist
def test_real_mnist_is_learnt(run, tmp_path):
    report = tmp_path / "report.json"
    status, _, _ = run(
        *("train", "--dataset", "mnist", "--data-dir", FOLDER, "--epochs", 1, "--report", report)
    )
    assert status == 0
    assert json.loads(report.read_text())["test_accuracy"] > 0.93
