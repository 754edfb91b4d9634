"""From the drawing to the prediction, without widgets."""

import ast
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import gui.prediction
from core.ink.digits_in_drawing import DigitsInDrawing
from core.ink.drawing import Drawing
from core.inspection.network_edits import Edit
from core.settings.config import NetworkConfig, RunConfig
from core.training.saved_run import SavedRun
from core.training.snapshot import take_snapshot
from core.training.trainer import Trainer
from gui.prediction.active_network import ActiveNetwork
from gui.prediction.edited_network import EditedNetwork
from gui.prediction.prediction_model import PredictionModel
from tests.core.digits import tiny_dataset

CONFIG = RunConfig(network=NetworkConfig(hidden=(6,)))


@pytest.fixture
def edited(qapp):
    edited = EditedNetwork()
    yield edited
    edited.deleteLater()


@pytest.fixture
def active(edited):
    return ActiveNetwork(None, edited)


@pytest.fixture
def model(active):
    return PredictionModel(Drawing(), active)


@pytest.fixture
def emitted(model):
    emitted = []
    model.predicted.connect(emitted.append)
    return emitted


@pytest.fixture
def snapshot():
    trainer = Trainer(CONFIG, tiny_dataset())
    trainer.step()
    return take_snapshot(trainer)


def stroke(model, points=((60, 60), (200, 60), (120, 220))):
    for number, (x, y) in enumerate(points):
        (model.drawing.extend if number else model.drawing.begin)(x, y)
        model.note_drawing()


def test_nothing_here_imports_widgets():
    for file in Path(gui.prediction.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not {"PySide6.QtWidgets", "PySide6.QtGui"} & set(names), file


def test_many_points_in_one_turn_of_the_event_loop_are_one_prediction(
    qtbot, model, emitted, edited, snapshot
):
    edited.note_snapshot(snapshot)
    images = []
    model.image_changed.connect(images.append)
    stroke(model)
    assert not emitted  # before the turn of the event loop ends
    qtbot.waitUntil(lambda: bool(emitted))
    assert len(emitted) == len(images) == 1
    (digit,) = DigitsInDrawing(model.drawing).update()
    np.testing.assert_array_equal(images[0], digit.image)
    assert emitted[0] is model.prediction
    assert emitted[0].image is images[0]
    expected = snapshot.network.predict(images[0].reshape(1, -1))[0]
    np.testing.assert_array_equal(emitted[0].probabilities, expected)


def test_clearing_the_pad_signals_once(qtbot, model, emitted, active, edited, snapshot):
    edited.note_snapshot(snapshot)
    stroke(model)
    qtbot.waitUntil(lambda: len(emitted) == 1)
    model.drawing.clear()
    model.note_drawing()
    qtbot.waitUntil(lambda: len(emitted) == 2)
    assert emitted[1] is model.prediction is model.image is None
    active.note_learning()
    assert len(emitted) == 2


def test_a_network_that_learned_predicts_again_for_the_same_image(
    qtbot, model, emitted, active, edited, snapshot
):
    edited.note_snapshot(snapshot)
    stroke(model)
    qtbot.waitUntil(lambda: len(emitted) == 1)
    other = snapshot.network.frozen_copy()
    edited.note_snapshot(replace(snapshot, network=other))
    active.note_learning()
    assert emitted[1].network is other
    assert emitted[1].image is emitted[0].image


def test_edits_are_applied_in_one_place(qtbot, model, emitted, active, edited, snapshot):
    edited.note_snapshot(snapshot)
    stroke(model)
    qtbot.waitUntil(lambda: len(emitted) == 1)
    edited.add(Edit(2, 7, None, 50.0))
    assert emitted[1].digit == 7
    assert emitted[1].network is edited.network is active.network
    assert active.start.network is snapshot.network


def test_without_a_network_only_the_image_is_signaled(qtbot, model, emitted):
    images = []
    model.image_changed.connect(images.append)
    stroke(model)
    qtbot.waitUntil(lambda: bool(images))
    assert not emitted


def test_the_last_prediction_stays_between_two_runs(
    qtbot, model, emitted, active, edited, snapshot
):
    edited.note_snapshot(snapshot)
    stroke(model)
    qtbot.waitUntil(lambda: len(emitted) == 1)
    edited.clear()
    active.note_learning()
    assert model.prediction is emitted[-1] is emitted[0]


def test_an_edit_switches_to_the_runs_network(model, edited, snapshot):
    ready_made = SavedRun(CONFIG, snapshot.network, (0.8,) * 10)
    active = ActiveNetwork(ready_made, edited)
    own = replace(snapshot, network=snapshot.network.frozen_copy(), thresholds=(0.25,) * 10)
    edited.note_snapshot(own)
    assert (active.follows_run, active.thresholds) == (False, (0.8,) * 10)
    assert active.network is ready_made.network
    edited.add(Edit(2, 7, None, 50.0))
    assert (active.follows_run, active.thresholds) == (True, (0.25,) * 10)
    assert active.network is edited.network


BARS = [[(80, 60), (80, 220)], [(200, 60), (200, 220)]]


def draw_bars(qtbot, model, bars=BARS):
    for bar in bars:
        with qtbot.waitSignal(model.predicted):
            stroke(model, bar)


def test_each_digit_of_a_number_is_predicted_and_the_views_show_the_one_that_is_drawn(
    qtbot, model, emitted, edited, snapshot
):
    edited.note_snapshot(snapshot)
    images = []
    model.image_changed.connect(images.append)
    draw_bars(qtbot, model)
    assert len(model.digits) == len(model.predictions) == 2
    assert model.selected == 1
    assert images[-1] is model.image is model.digits[1].image
    assert emitted[-1] is model.prediction is model.predictions[1]
    for digit, prediction in zip(model.digits, model.predictions, strict=True):
        assert prediction.image is digit.image
    with qtbot.waitSignal(model.predicted):
        stroke(model, [(20, 60), (20, 220)])  # to the left of both
    assert (len(model.digits), model.selected) == (3, 0)


def test_another_digit_is_selected_until_the_drawing_changes(
    qtbot, model, emitted, edited, snapshot
):
    edited.note_snapshot(snapshot)
    draw_bars(qtbot, model)
    images = []
    model.image_changed.connect(images.append)
    emitted.clear()
    model.select(0)
    assert emitted == [model.predictions[0]]
    assert emitted[0].image is images[0] is model.digits[0].image is model.image
    model.select(0)
    model.select(2)
    assert len(emitted) == 1
    edited.note_snapshot(replace(snapshot, network=snapshot.network.frozen_copy()))
    model._active_network.note_learning()
    assert model.selected == 0
    draw_bars(qtbot, model, [[(140, 60), (140, 220)]])
    assert (len(model.digits), model.selected) == (3, 1)


def test_a_digit_that_did_not_change_is_not_predicted_again(qtbot, model, edited, snapshot):
    edited.note_snapshot(snapshot)
    draw_bars(qtbot, model)
    before = model.predictions
    with qtbot.waitSignal(model.predicted):
        model.drawing.extend(200, 240)
        model.note_drawing()
    assert model.predictions[0] is before[0]
    assert model.predictions[1] is not before[1]


def test_the_digit_is_known_at_once(model):
    """Within the turn of the event loop in which the pen was lifted."""
    assert model.digit_now() is None
    stroke(model, BARS[0])
    np.testing.assert_array_equal(model.digit_now().ink, model.drawing.ink)


def test_a_scribble_gets_no_certain_answer(qtbot, model, edited, snapshot):
    edited.note_snapshot(snapshot)
    with qtbot.waitSignal(model.predicted):
        stroke(model, [(30 + 20 * k, 40 + 180 * (k % 2)) for k in range(12)])
    assert model.digit.is_scribble
    assert not model.prediction.is_one_digit


def test_undoing_the_second_digit_shows_the_first(qtbot, model, edited, snapshot):
    edited.note_snapshot(snapshot)
    draw_bars(qtbot, model)
    model.drawing.undo()
    with qtbot.waitSignal(model.predicted):
        model.note_drawing()
    assert (len(model.digits), model.selected) == (1, 0)
    model.drawing.clear()
    with qtbot.waitSignal(model.predicted):
        model.note_drawing()
    assert (model.digits, model.predictions, model.image) == ((), (), None)


def test_between_two_runs_another_digit_can_be_selected_and_drawn(
    qtbot, model, emitted, edited, snapshot
):
    edited.note_snapshot(snapshot)
    draw_bars(qtbot, model)
    edited.clear()
    model.select(0)
    assert model.prediction.image is model.image
    draw_bars(qtbot, model, [[(140, 60), (140, 220)]])
    assert len(model.digits) == 3
    assert emitted[-1] is model.prediction is None  # of the third nothing is known
