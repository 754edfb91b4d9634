"""The wall: which images it shows, in which order, and that nothing moves under the hand."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.datasets.dataset import Dataset
from core.errors import DataError
from core.settings.config import NetworkConfig, RunConfig
from core.settings.data_source import OwnData
from core.training.snapshot import take_snapshot
from core.training.trainer import Trainer
from gui.data import wall_scores
from gui.data.wall import Wall
from tests.core.inspection.patterns import noisy_patterns
from tests.gui.driving import child, choose, click

SOURCE = OwnData("/data/animals", ("cat", "dog", "horse"), False, False)


def data():
    """Return 300 images, two of them the same, of which one is labeled wrongly."""
    made = noisy_patterns(SOURCE, 300)
    images, labels = made.train_images.copy(), made.train_labels.copy()
    images[41], labels[41] = images[7], labels[7]
    labels[200] = (labels[200] + 1) % 3
    return Dataset(SOURCE, images, labels, made.test_images[:9].copy(), made.test_labels[:9].copy())


@pytest.fixture(scope="module")
def trained():
    """The data, and snapshots of a run on it: before the first step, and after 40 steps."""
    dataset = data()
    trainer = Trainer(RunConfig(SOURCE, NetworkConfig(hidden=(16,))), dataset)
    first = take_snapshot(trainer)
    for _ in range(40):
        trainer.step()
    return dataset, first, take_snapshot(trainer)


@pytest.fixture
def wall(qtbot, trained):
    """The wall, with the data and the trained network."""
    wall = Wall()
    qtbot.addWidget(wall)
    wall.resize(600, 400)
    wall.show()
    wall.show_dataset(trained[0])
    wall.show_snapshot(trained[2])
    return wall


def finding(wall):
    return child(wall, "wall_finding").toolTip()


def shown(wall):
    return wall.gallery.digits.tolist()


def test_all_images_are_there_before_there_is_a_network(qtbot, trained):
    wall = Wall()
    qtbot.addWidget(wall)
    wall.show()
    wall.show_dataset(trained[0])
    assert shown(wall) == list(range(300))
    assert "300 training images" in finding(wall)
    wall.grab()


def test_one_class(wall, qtbot, trained):
    with qtbot.waitSignal(wall.class_shown) as signal:
        choose(wall, "wall_class_combo", 1)
    assert signal.args == [1]
    assert shown(wall) == np.flatnonzero(trained[0].train_labels == 1).tolist()
    wall.show_class(None)
    assert len(shown(wall)) == 300


def test_the_wrong_label_is_found(wall, qtbot):
    choose(wall, "wall_order_combo", "wrong-labels")
    qtbot.waitUntil(lambda: "likely wrong" in finding(wall))
    assert shown(wall)[0] == 200
    choose(wall, "wall_order_combo", "hardest")
    qtbot.waitUntil(lambda: "hardest first" in finding(wall))
    assert shown(wall)[0] == 200


def test_duplicates_are_looked_for_when_asked(wall, qtbot):
    choose(wall, "wall_order_combo", "duplicates")
    qtbot.waitUntil(lambda: "group" in finding(wall))
    assert {7, 41} <= set(shown(wall))  # and those of the test set, which is made of them


def test_a_new_run_does_not_stop_the_search_for_duplicates(wall, qtbot, trained):
    """Nor does a data set that comes while those of the last one are looked for."""
    choose(wall, "wall_order_combo", "duplicates")
    wall.clear()
    wall.show_snapshot(trained[1])
    qtbot.waitUntil(lambda: "group" in finding(wall))
    wall.show_dataset(data())
    choose(wall, "wall_order_combo", "duplicates")
    wall.show_dataset(data())
    choose(wall, "wall_order_combo", "duplicates")
    qtbot.waitUntil(lambda: "group" in finding(wall))


def test_a_newer_network_moves_nothing_until_it_is_sorted_again(wall, qtbot, trained):
    wall.clear()
    wall.show_snapshot(trained[1])
    choose(wall, "wall_order_combo", "hardest")
    qtbot.waitUntil(lambda: "untrained" in finding(wall))
    before = shown(wall)
    wall.show_snapshot(trained[2])
    qtbot.waitUntil(lambda: child(wall, "sort_again_button").isVisible())
    assert shown(wall) == before
    click(wall, "sort_again_button")
    qtbot.waitUntil(lambda: "step 40" in finding(wall))
    assert shown(wall) != before
    assert not child(wall, "sort_again_button").isVisible()


def test_a_click_chooses_an_image(wall, qtbot):
    place = wall.gallery.tile_rect(2).center()
    with qtbot.waitSignal(wall.image_chosen) as signal:
        QTest.mouseClick(wall.gallery.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert signal.args == [2]
    assert "Training image 2" in wall.gallery.accessibleDescription()


def test_an_image_is_found_also_where_it_is_not_shown(wall, qtbot, trained):
    """Among those that are shown if it is there, else among all."""
    choose(wall, "wall_class_combo", 1)
    shown_classes = []
    wall.class_shown.connect(shown_classes.append)
    labels, gallery = trained[0].train_labels, wall.gallery
    inside, outside = int(np.flatnonzero(labels == 1)[-1]), int(np.flatnonzero(labels == 2)[-1])
    wall.reveal(inside)
    assert gallery.digits[gallery.current] == inside
    assert gallery.viewport().rect().contains(gallery.tile_rect(gallery.current))
    assert shown_classes == []
    wall.reveal(outside)
    assert shown(wall) == list(range(300))
    assert gallery.current == outside
    assert gallery.viewport().rect().contains(gallery.tile_rect(outside))
    assert shown_classes == [None]


def test_the_wheel_with_ctrl_changes_the_size(wall):
    images = wall.gallery.viewport()

    def turn(delta):
        event = QWheelEvent(
            QPointF(50, 200),
            images.mapToGlobal(QPointF(50, 200)),
            QPoint(),
            QPoint(0, delta),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.ControlModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(images, event)

    sides = [wall.gallery.tile_rect(0).width()]
    for delta in (120, 120, -120, -120, -120):
        turn(delta)
        sides.append(wall.gallery.tile_rect(0).width())
        wall.grab()
    assert sides == [56, 84, 84, 56, 28, 28]


def test_another_data_set_forgets_the_order_and_the_scores(wall, qtbot):
    choose(wall, "wall_order_combo", "mistakes")
    qtbot.waitUntil(lambda: "predicted wrongly" in finding(wall))
    wall.show_dataset(data())
    assert wall.order.currentData() == "file"
    assert wall.scores.scores is None
    assert len(shown(wall)) == 300


def test_what_cannot_be_found_is_said_and_the_images_stay(wall, qtbot, monkeypatch):
    def fail(*_):
        raise DataError("There is too little memory.")

    monkeypatch.setattr(wall_scores, "find_duplicates", fail)
    choose(wall, "wall_order_combo", "duplicates")
    qtbot.waitUntil(lambda: "too little memory" in finding(wall))
    assert len(shown(wall)) == 300
