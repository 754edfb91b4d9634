"""The network in assets/ is what the documentation says."""

import numpy as np
import pytest

from core.arrays import DIGITS
from core.datasets.strokes import make_strokes
from core.ink.drawing import Drawing
from core.inspection.prediction import predict, predict_all
from core.saving.run_file import load_run, save_run
from core.saving.shipped import SHIPPED_NETWORK, load_shipped_network, thresholds_in_force
from core.settings.presets import preset_named
from core.training.evaluation import evaluate


@pytest.fixture(scope="module")
def shipped():
    return load_shipped_network()


def test_the_shipped_network_is_small(shipped):
    assert SHIPPED_NETWORK.stat().st_size < 4_000_000


def test_the_shipped_network_was_made_by_its_preset(shipped):
    preset = preset_named("pad")
    assert shipped.config.network == preset.network
    assert shipped.config.hyperparameters == preset.hyperparameters
    assert shipped.config.dataset == "mnist+strokes"


def test_the_shipped_networks_thresholds_were_chosen_on_a_validation_split(shipped):
    assert shipped.config.validation == 10_000
    assert 0.1 < min(shipped.thresholds) < max(shipped.thresholds) < 1


def test_a_network_without_thresholds_has_the_ready_made_ones(shipped):
    """Networks of other classes have the greatest; without a ready-made one, all are certain."""
    own = tuple(np.linspace(0.5, 0.95, 10).tolist())
    assert thresholds_in_force(own, shipped, DIGITS) == own
    assert thresholds_in_force(None, shipped, DIGITS) == shipped.thresholds
    greatest = max(shipped.thresholds)
    assert thresholds_in_force(None, shipped, ("cat", "dog")) == (greatest, greatest)
    assert thresholds_in_force(None, None, ("cat", "dog")) == (0, 0)


def test_the_shipped_network_recognizes_unseen_digits(shipped):
    """Drawn with another seed. Guessing would give 10 %."""
    drawn = make_strokes(train=10, test=1_000, seed=12_345)
    result = evaluate(shipped.network, drawn.test_images, drawn.test_labels)
    assert result.accuracy > 0.95


def test_the_shipped_network_is_rarely_wrong_when_certain(shipped):
    """Above the thresholds at most 1 in 200 validation images was wrong; these are as hard."""
    drawn = make_strokes(train=10, test=2_000, seed=54_321)
    images = drawn.test_images.reshape(-1, 28, 28)
    predictions = predict_all(shipped.network, images, shipped.thresholds)
    is_sure = np.array([prediction.is_certain for prediction in predictions])
    is_wrong = np.array([prediction.digit for prediction in predictions]) != drawn.test_labels
    assert is_sure.mean() > 0.5
    assert np.mean(is_wrong[is_sure]) < np.mean(is_wrong) / 2


@pytest.mark.parametrize("pen", [10.0, 20.0])
@pytest.mark.parametrize("end", [30, 60, 90])
def test_a_six_whose_top_curls_back_to_its_loop_is_no_certain_8(shipped, end, pen):
    around = np.radians(np.concatenate([np.linspace(200, -180, 60), np.linspace(-180, end, 60)]))
    x, y = 80 + 40 * np.cos(around), 180 + 40 * np.sin(around)
    y[60:] -= 120
    drawing = Drawing()
    drawing.begin(x[0], y[0], pen)
    for at in zip(x[1:].tolist(), y[1:].tolist(), strict=True):
        drawing.extend(*at, pen)
    drawing.end()
    prediction = predict(shipped.network, drawing.image(), shipped.thresholds)
    assert not (prediction.digit == 8 and prediction.is_certain)


def test_half_precision_changes_hardly_any_prediction_of_the_shipped_network(shipped, tmp_path):
    drawn = make_strokes(train=10, test=2_000, seed=54_321)
    save_run(tmp_path / "half.npz", shipped, half_precision=True)
    half = load_run(tmp_path / "half.npz")
    full = evaluate(shipped.network, drawn.test_images, drawn.test_labels)
    rounded = evaluate(half.network, drawn.test_images, drawn.test_labels)
    assert np.mean(full.guesses != rounded.guesses) <= 0.001
    assert np.abs(full.confidence - rounded.confidence).max() < 0.02
