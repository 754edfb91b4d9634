import json

import pytest

from core.training.learning_rate_test import LOWEST_RATE


@pytest.mark.usefixtures("small_data")
class TestOnSmallData:
    def test_new_run_and_report(self, run, tmp_path):
        report = tmp_path / "report.json"
        status, out, _err = run(
            *("lr-test", "--dataset", "strokes", "--hidden", "16", "--batch", "50"),
            *("--optimizer", "adam", "--report", report),
        )
        assert status == 0
        figures = json.loads(report.read_text())
        assert figures["rates"][0] == pytest.approx(LOWEST_RATE)
        assert len(figures["rates"]) == len(figures["losses"]) == len(figures["smoothed"])
        assert figures["optimizer"] == "adam"
        assert f"Try --lr {figures['suggestion']:g}." in out

    def test_saved_run(self, run, tmp_path):
        file = tmp_path / "run.npz"
        before = ("train", "--dataset", "strokes", "--hidden", "16", "--epochs", "1")
        assert run(*before, "--save", file)[0] == 0
        saved = file.read_bytes()
        status, out, _err = run("lr-test", "--resume", file)
        assert status == 0
        assert "The loss" in out
        assert file.read_bytes() == saved

    def test_settings_cannot_be_given_with_a_saved_run(self, run, tmp_path):
        status, _out, err = run("lr-test", "--resume", tmp_path / "run.npz", "--lr", "1")
        assert status == 2
        assert "--lr" in err
