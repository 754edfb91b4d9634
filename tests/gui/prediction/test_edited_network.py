from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QThreadPool

from core.inspection.network_edits import Edit, NetworkEdits, Silence
from core.settings.config import NetworkConfig, RunConfig
from core.training.evaluation import evaluate
from core.training.snapshot import take_snapshot
from core.training.trainer import Trainer
from gui.prediction.edited_network import EditedNetwork
from tests.core.digits import tiny_dataset

DATA = tiny_dataset()
BIAS = Edit(1, 0, None, 5.0)
WEIGHT = Edit(1, 3, 400, -2.0)


def make_snapshot(hidden=(6,), steps=3):
    trainer = Trainer(RunConfig(network=NetworkConfig(hidden=hidden)), DATA)
    for _ in range(steps):
        trainer.step()
    return take_snapshot(trainer)


@pytest.fixture
def edited(qapp):
    edited = EditedNetwork()
    edited.show_dataset(DATA)
    edited.note_snapshot(make_snapshot())
    yield edited
    assert QThreadPool.globalInstance().waitForDone(10_000)
    edited.deleteLater()  # with the timers of its jobs


def test_edits_are_applied_to_a_copy(edited):
    snapshot = make_snapshot()
    before = snapshot.network.parameters.copy()
    edited.note_snapshot(snapshot)
    assert edited.network is snapshot.network
    edited.add(BIAS)
    assert edited.network.layers[0].b[0] == 5
    np.testing.assert_array_equal(snapshot.network.parameters, before)


def test_edits_stay_while_training_continues(edited):
    edited.add(BIAS)
    assert not edited.is_older
    later = make_snapshot(steps=9)
    edited.note_snapshot(later)
    assert edited.is_older
    assert edited.network.layers[0].b[0] == 5
    np.testing.assert_array_equal(edited.network.layers[1].W, later.network.layers[1].W)


def test_undo_reverts_edit_by_edit(edited, qtbot):
    states = []
    edited.edits_changed.connect(lambda edits: states.append(edits.edits))
    edited.add(BIAS)
    edited.add(WEIGHT)
    edited.add(replace(WEIGHT, value=7.0))
    edited.set_silent(1, 2, True)
    edited.set_silent(1, 2, False)
    edited.undo_all()
    assert edited.edits == NetworkEdits()
    edited.undo()
    assert edited.edits.edits == (BIAS, replace(WEIGHT, value=7.0))
    edited.undo()
    assert edited.edits.is_silent(1, 2)
    for _ in range(4):
        assert edited.can_undo
        edited.undo()
    assert not edited.can_undo
    assert states[-1] == ()
    assert len(states) == 12
    edited.undo()
    assert len(states) == 12


def test_a_step_without_effect_cannot_be_undone(edited):
    edited.undo_all()
    edited.set_silent(1, 2, False)
    assert not edited.can_undo


def test_the_accuracy_is_that_of_both_networks(edited, qtbot):
    edited.note_snapshot(make_snapshot((32,), steps=100))
    trained = edited.network
    edited.add(Edit(2, 3, None, 1_000.0))  # takes every image for a 3
    with qtbot.waitSignal(edited.accuracy_changed):
        edited.measure()
    expected = [
        evaluate(n, DATA.test_images, DATA.test_labels).accuracy for n in (trained, edited.network)
    ]
    assert [edited.accuracies.trained, edited.accuracies.edited] == expected
    assert expected[0] > 0.5
    assert expected[1] == 0.1
    assert edited.accuracies.edits == edited.edits
    edited.undo_all()
    assert edited.accuracies is None


def test_without_edits_nothing_is_measured(edited):
    edited.measure()
    assert edited._measuring.is_idle


def test_edits_stay_with_their_units_although_the_network_learned_before_it_changed(edited, qtbot):
    """Which units are removed is decided at the change, not when they were last seen."""
    trainer = Trainer(RunConfig(network=NetworkConfig(hidden=(6,))), DATA)
    trainer.step()
    edited.note_snapshot(take_snapshot(trainer))
    before, behind = trainer.network.layers
    weakest = int((np.linalg.norm(before.W, axis=0) * np.linalg.norm(behind.W, axis=1)).argmin())
    gone = (weakest + 2) % 6
    before.W[:, weakest] *= 1e3
    before.W[:, gone] *= 1e-3
    kept = [unit for unit in range(6) if unit != gone]
    edited.add(Edit(1, gone, None, 1.0))
    edited.set_silent(1, weakest, True)
    trainer.change(network=NetworkConfig(hidden=(5,)))
    with qtbot.waitSignal(edited.edits_changed) as changed:
        edited.note_snapshot(take_snapshot(trainer))
    place = kept.index(weakest)
    assert changed.args[0].edits == (Silence(1, place),)
    np.testing.assert_array_equal(edited.network.layers[1].W[place], 0)
    edited.undo()
    assert edited.edits == NetworkEdits()
    assert not edited.can_undo  # the other edit is gone, and so is its undo


def test_edits_follow_several_changes_at_once_and_their_undo(edited):
    trainer = Trainer(RunConfig(network=NetworkConfig(hidden=(6,))), DATA)
    trainer.step()
    for unit, size in enumerate((5, 1, 6, 2, 7, 8)):  # 1 goes first, then 3
        trainer.network.layers[0].W[:, unit] = size
        trainer.network.layers[1].W[unit] = size
    edited.note_snapshot(take_snapshot(trainer))
    edited.set_silent(1, 4, True)
    good = trainer.checkpoint()
    for hidden in ((5,), (8,), (4,)):
        trainer.change(network=NetworkConfig(hidden=hidden))
        trainer.network.layers[0].W[:, 5:] = 0  # new units have the smallest weights
    edited.note_snapshot(take_snapshot(trainer))
    assert edited.edits.edits == (Silence(1, 2),)
    trainer.restore(good)
    edited.note_snapshot(take_snapshot(trainer))
    assert edited.edits.edits == (Silence(1, 4),)


def test_a_new_run_has_no_edits(edited, qtbot):
    edited.add(BIAS)
    with qtbot.waitSignal(edited.edits_changed) as changed:
        edited.clear()
    assert changed.args == [NetworkEdits()]
    assert not edited.can_undo
    assert edited.network is None
