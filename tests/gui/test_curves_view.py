"""What the curves show of a run with and without a validation split."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QAction

from core.config import Hyperparameters, RunConfig
from core.snapshot import take_snapshot
from core.trainer import Trainer
from gui.curves_view import CurvesView
from gui.theme import DARK, LIGHT
from tests.core.digits import tiny_dataset

VALIDATED = RunConfig(validation=50, hyperparameters=Hyperparameters(batch_size=50, l2=0.01))


@pytest.fixture
def curves(qtbot):
    log_scale = QAction("log")
    log_scale.setCheckable(True)
    curves = CurvesView(log_scale)
    qtbot.addWidget(curves)
    curves.resize(690, 300)
    curves.apply_theme(LIGHT)
    return curves


def trained(config, epochs=2):
    trainer = Trainer(config, tiny_dataset())
    while trainer.epoch < epochs:
        trainer.step()
    return take_snapshot(trainer)


def draw(curves, snapshot):
    curves.show_loss(snapshot)
    curves.show_accuracy(snapshot)


def legend(plot):
    return [text.text for _sample, text in plot._legend.items]


def test_validation_is_drawn_at_each_evaluation(curves):
    snapshot = trained(VALIDATED)
    draw(curves, snapshot)
    history = snapshot.history
    steps = history.evaluation_step.values
    assert len(steps) > 3
    for curve, values in (
        (curves._validation_loss, history.validation_loss.values),
        (curves._validation_accuracy, 100 * history.validation_accuracy.values),
    ):
        np.testing.assert_array_equal(curve.x, steps)
        np.testing.assert_allclose(curve.y, values, rtol=1e-6)


def test_the_legend_knows_validation_only_where_there_is_one(curves):
    def entries():
        return legend(curves.loss), legend(curves.accuracy)

    without = (["batch", "smoothed", "test"], ["train", "test"])
    assert entries() == without
    draw(curves, trained(VALIDATED))
    draw(curves, trained(VALIDATED))
    assert entries() == tuple([*titles, "validation"] for titles in without)
    curves.clear()
    draw(curves, trained(replace(VALIDATED, validation=0)))
    assert entries() == without
    assert len(curves._validation_loss.x) == 0


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_a_legend_entry_that_comes_later_has_the_themes_colours(curves, theme):
    curves.apply_theme(theme)
    draw(curves, trained(VALIDATED))
    _sample, text = curves.loss._legend.items[-1]
    assert text.opts["color"] == theme.text
    assert curves._validation_loss.item.pen().color().name() == theme.validation.lower()


def test_each_curve_has_a_colour_and_a_dash_of_its_own(curves):
    drawn = [curves._smooth_loss, curves._test_loss, curves._validation_loss]
    assert len({curve.item.pen().color().name() for curve in drawn}) == 3
    assert len({curve.item.pen().style() for curve in drawn}) == 3


def test_the_validation_loss_is_within_the_range(curves):
    snapshot = trained(VALIDATED)
    snapshot.history.validation_loss._values[2:] = 30
    draw(curves, snapshot)
    (_, _), (low, high) = curves.loss._view.viewRange()
    assert low <= 30 <= high


def test_an_infinite_validation_loss_leaves_the_plot_whole(curves):
    snapshot = trained(VALIDATED)
    snapshot.history.validation_loss._values[1] = np.inf
    draw(curves, snapshot)
    assert np.isfinite(curves._validation_loss.y).all()
    assert len(curves._validation_loss.x) == len(curves._test_loss.x) - 1


def test_the_readout_has_every_value_of_the_step(curves):
    snapshot = trained(VALIDATED)
    draw(curves, snapshot)
    history = snapshot.history
    data, l2 = history.batch_loss.values[2], history.regularization_loss.values[2]
    assert l2 > 0
    first, second = curves._loss_readout(3).split("\n")
    assert first == f"step 3   batch {data:.3f} + L2 {l2:.3f} = {data + l2:.3f}"
    at = list(history.evaluation_step.values).index(3)
    assert f"validation {history.validation_loss.values[at]:.3f}" in second
    assert second.endswith(f"test {history.test_loss.values[at]:.3f}")
    first, second = curves._accuracy_readout(3).split("\n")
    assert first == f"step 3   batch {history.batch_accuracy.values[2]:.2%}"
    assert f"validation {history.validation_accuracy.values[at]:.2%}" in second


def test_the_readout_says_nothing_of_what_there_is_not(curves):
    assert curves._loss_readout(1) == ""
    draw(curves, trained(RunConfig()))
    assert "L2" not in curves._loss_readout(3)
    assert "validation" not in curves._loss_readout(3)
