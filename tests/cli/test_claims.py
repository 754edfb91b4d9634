import json
from dataclasses import replace

import pytest

from cli.claim import Claim, Outcome, Run
from cli.claim_list import CLAIMS
from core.settings.config import Hyperparameters, NetworkConfig
from core.wording import percent
from tests.core.digits import tiny_dataset

BY_NAME = {claim.name: claim for claim in CLAIMS}


@pytest.fixture
def small_data(monkeypatch):
    """Make the command load 200 training and 100 test images for any data set."""
    monkeypatch.setattr("cli.data_choice.load_dataset", lambda *_: tiny_dataset())


def outcome(*accuracies, before=0.1, **changes):
    """A run with these test accuracies after its epochs; its losses fall as they rise."""
    losses = tuple(1 - accuracy for accuracy in accuracies)
    return replace(
        Outcome(before, accuracies, losses, losses, noise=0.1, seconds=1.0, diverged=False),
        **changes,
    )


def refuse(constant):
    raise AssertionError(f"{constant} is not JSON")


@pytest.mark.usefixtures("small_data")
class TestOnSmallData:
    def test_every_claim_can_be_tried_quickly(self, run, tmp_path):
        report = tmp_path / "report.json"
        status, out, err = run("claims", "--dataset", "strokes", "--quick", "--report", report)
        assert status == 0
        assert "Traceback" not in err
        figures = json.loads(report.read_text(), parse_constant=refuse)
        assert figures["quick"] is True
        assert [claim["name"] for claim in figures["claims"]] == list(BY_NAME)
        for claim in figures["claims"]:
            assert claim["verdict"] == "not judged after one epoch"
            assert f"{claim['name']} ({claim['source']})" in out
            for tried in claim["runs"]:
                assert tried["epochs"] == 1
                assert tried["hyperparameters"]["epochs"] == 1
                assert f"{percent(tried['test_accuracy'])}" in out
        assert "one epoch each" in out

    def test_a_whole_run_has_its_own_settings_and_a_verdict(self, run, tmp_path):
        report = tmp_path / "report.json"
        status, out, _ = run("claims", "--only", "mini-batches", "as-printed", "--report", report)
        assert status == 0
        as_printed, mini_batches = json.loads(report.read_text())["claims"]
        (tried,) = as_printed["runs"]
        assert tried["epochs"] == 50
        assert tried["hyperparameters"]["batch_size"] == 60_000
        assert tried["hyperparameters"]["learning_rate"] == 0.01
        assert tried["network"]["hidden"] == [128, 64]
        assert tried["network"]["initial_scale"] == 0.01
        # The same 50 steps as on MNIST, with as little effect.
        assert as_printed["verdict"].startswith("does not hold")
        assert tried["train_loss"] == pytest.approx(2.3026, abs=0.01)
        assert [r["hyperparameters"]["batch_size"] for r in mini_batches["runs"]] == [64, 64]
        for claim in (as_printed, mini_batches):
            assert claim["verdict"] in out
        assert "--quick" not in out

    def test_a_network_that_two_claims_share_is_trained_once(self, run):
        _, out, _ = run("claims", "--only", "as-printed", "loss-drops")
        assert out.startswith("claims: 2, networks: 1,")

    def test_a_diverging_run_is_reported_and_the_others_continue(self, run, monkeypatch, tmp_path):
        network = NetworkConfig(hidden=(16,))
        runs = tuple(
            Run(f"rate {rate:g}", network, Hyperparameters(learning_rate=rate, epochs=50))
            for rate in (1_000.0, 0.1)
        )
        claim = Claim("rates", "Here", "large is bad", runs, lambda o: f"{o[0].diverged}")
        monkeypatch.setattr("cli.claims.CLAIMS", (claim,))
        report = tmp_path / "report.json"
        status, out, _ = run("claims", "--report", report)
        assert status == 0
        large, small = json.loads(report.read_text(), parse_constant=refuse)["claims"][0]["runs"]
        assert large["diverged"] is True
        assert large["train_loss"] is None
        assert large["epochs"] < 50
        assert small["diverged"] is False
        assert small["epochs"] == 50
        assert out.count("diverged") == 1

    def test_single_images_are_noisier_than_all_at_once(self, run, tmp_path):
        report = tmp_path / "report.json"
        run("claims", "--only", "batch-size", "--report", report)
        one, _, full = json.loads(report.read_text())["claims"][0]["runs"]
        assert [one["epochs"], full["epochs"]] == [1, 50]
        assert one["loss_noise"] > 10 * full["loss_noise"] > 0

    def test_other_data_than_the_documents_used_are_pointed_out(self, run):
        _, on_strokes, _ = run("claims", "--dataset", "strokes", "--quick", "--only", "untrained")
        _, on_mnist, _ = run("claims", "--quick", "--only", "untrained")
        assert "only differences count" in on_strokes
        assert "only differences count" not in on_mnist


def test_an_unknown_name_is_answered_in_one_line(run):
    status, out, err = run("claims", "--only", "as-printed", "magic")
    assert status == 2
    assert out == ""
    assert "'magic'" in err
    assert "as-printed" in err  # what there is
    assert len(err.strip().splitlines()) == 1


def test_names_and_labels_of_claims_are_unambiguous():
    assert len(BY_NAME) == len(CLAIMS)
    labels = {}
    for claim in CLAIMS:
        for tried in claim.runs:
            assert labels.setdefault((claim.name, tried.label), tried) == tried


class TestVerdicts:
    @pytest.mark.parametrize(
        ("name", "outcomes", "verdict"),
        [
            ("first-steps", [outcome(0.9784)], "holds: -0.03 points"),
            ("first-steps", [outcome(0.9700)], "does not hold: -0.87 points"),
            ("as-printed", [outcome(0.1135)], "does not hold: -85.65 points"),
            ("as-printed", [outcome(0.9690)], "holds: -0.10 points"),
            ("mini-batches", [outcome(0.97), outcome(0.90)], "does not hold"),
            ("untrained", [outcome(0.9, before=0.11)], "holds: 11.00 %"),
            ("untrained", [outcome(0.9, before=0.5)], "does not hold"),
            ("division", [outcome(0.9), outcome(0.1)], "holds"),
            ("division", [outcome(0.9), outcome(0.9)], "does not hold"),
            ("smaller-rates-better", [outcome(0.98), outcome(0.97)], "does not hold: -1.00"),
            ("smaller-rates-better", [outcome(0.97), outcome(0.98)], "holds: +1.00"),
            ("output-gradient", [outcome(0.978), outcome(0.977)], "holds: -0.10"),
            ("output-gradient", [outcome(0.978), outcome(0.960)], "does not hold"),
        ],
    )
    def test_accuracies_decide(self, name, outcomes, verdict):
        assert BY_NAME[name].verdict(outcomes).startswith(verdict)

    def test_layers_without_nonlinearity_collapse_only_if_relu_is_better(self):
        claim = BY_NAME["linear"]
        none, identity, relu = outcome(0.92), outcome(0.919), outcome(0.978)
        assert claim.verdict([none, identity, relu]).startswith("holds")
        assert claim.verdict([none, relu, relu]).startswith("does not hold")
        assert claim.verdict([none, identity, identity]).startswith("does not hold")

    def test_overfitting_is_a_test_loss_that_rises_while_the_training_loss_falls(self):
        claim = BY_NAME["overfitting"]
        falling = outcome(0.9, 0.95, 0.97, losses=(0.3, 0.2, 0.1))
        both_fall = replace(falling, test_losses=(0.3, 0.25, 0.2))
        one_rises = replace(falling, test_losses=(0.3, 0.25, 0.28))
        assert claim.verdict([both_fall]).startswith("does not hold")
        assert claim.verdict([one_rises]).startswith("holds")
        assert "from epoch 2 on" in claim.verdict([one_rises])
        both_rise = replace(one_rises, losses=(0.3, 0.2, 0.21))
        assert claim.verdict([both_rise]).startswith("does not hold")

    def test_initial_weights_matter_if_both_extremes_are_worse(self):
        claim = BY_NAME["initial-weights"]
        peak = [outcome(a) for a in (0.11, 0.11, 0.9, 0.96, 0.97, 0.8, 0.1, 0.97)]
        assert claim.verdict(peak) == "holds: 0.01 is 1.00 points from the best"
        flat = [outcome(0.96)] * 8
        assert claim.verdict(flat).startswith("does not hold")

    def test_batch_size_compares_noise_and_the_time_of_an_epoch(self):
        claim = BY_NAME["batch-size"]
        one = outcome(0.95, noise=0.5, seconds=10.0)
        full = outcome(*[0.11] * 50, noise=0.001, seconds=25.0)
        assert claim.verdict([one, full, full]).startswith("holds: single images: epochs 20 times")
        assert claim.verdict([full, one, one]).startswith("does not hold")

    def test_epochs_to_an_accuracy(self):
        slow = outcome(0.5, 0.94, 0.95, 0.96)
        assert slow.epochs_to(0.95) == "3"
        assert slow.epochs_to(0.97) == "more than 4"

    def test_a_question_has_an_answer_and_no_verdict(self):
        answer = BY_NAME["sigmoid"].verdict([outcome(0.96), outcome(0.1), outcome(0.9, 0.96)])
        assert answer == "epochs to 95 %: 1, more than 1, 2"
