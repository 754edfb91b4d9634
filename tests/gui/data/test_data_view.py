"""The tab in the window: what it shows of the run, and what it changes."""

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from core.inspection.augmented_versions import augmented_versions
from core.settings.augmentation import DEFAULT_AUGMENTATION, NO_AUGMENTATION
from gui.settings.augmentation_settings import AugmentationSettings
from gui.widgets.choice import Choice
from gui.widgets.slider import Slider
from tests.core.digits import tiny_dataset
from tests.gui.driving import child, choose, draw_stroke

DATASET = tiny_dataset()


@pytest.fixture
def column(qtbot, window):
    window.tabs.open("data")
    column = window.tabs.view("data").column
    qtbot.waitUntil(lambda: column.bars.summary is not None)
    return column


def test_the_left_column_and_the_tab_show_one_augmentation(window, session, column):
    left = window.settings_panel.findChild(AugmentationSettings)
    choose(window, "augmentation_combo", "Default")
    assert child(window, "data_augmentation_combo", Choice).currentData() == "Default"
    child(window, "rotation_slider", Slider).setValue(25)
    rotated = session.config.hyperparameters.augmentation
    assert rotated.rotation == 25
    versions = augmented_versions(DATASET.train_images[0], rotated, 10, seed=0)
    shown = [tile.pixels for tile in column.augmentation.versions.tiles]
    np.testing.assert_array_equal(shown, np.rint(255 * versions))

    choose(window, "data_augmentation_combo", "Default")
    assert session.config.hyperparameters.augmentation == DEFAULT_AUGMENTATION
    child(window, "data_shift_slider", Slider).setValue(6)
    assert session.config.hyperparameters.augmentation.shift == 3
    assert child(window, "shift_slider", Slider).value() == 6
    assert left.summary == "custom"
    choose(window, "data_augmentation_combo", "Off")
    assert session.config.hyperparameters.augmentation == NO_AUGMENTATION
    assert column.sections[1].header.summary == "off"


def test_a_tab_that_is_opened_late_shows_what_is_in_force(window):
    choose(window, "augmentation_combo", "Default")
    window.tabs.limit_to({"data"}, {"learning_rate"})
    panel = window.tabs.view("data").column.augmentation
    assert panel.again.isEnabled()
    assert panel.settings.isHidden()


def test_a_classroom_without_the_setting_shows_only_what_it_does(window, column):
    window.tabs.limit_to({"data"}, {"learning_rate"})
    assert column.augmentation.settings.isHidden()
    window.tabs.limit_to({"data"}, {"augmentation"})
    assert not column.augmentation.settings.isHidden()


def test_the_nearest_images_follow_the_pad_and_go_to_it(qtbot, window, column):
    draw_stroke(window.pad_panel.pad, [(60, 60), (130, 140)])
    qtbot.waitUntil(lambda: column.nearest.neighbors is not None)
    index = int(column.nearest.neighbors.indices[2])
    column.nearest.tiles.chosen.emit(2)
    label = DATASET.train_labels[index]
    assert column.augmentation.title.accessibleDescription() == f"Training image {index}: {label}"
    gallery = window.tabs.view("data").wall.gallery
    assert gallery.digits[gallery.current] == index
    column.nearest.tiles.opened.emit(2)
    qtbot.waitUntil(lambda: column.nearest.neighbors.indices[0] == index)
    assert column.nearest.neighbors.distances[0] == 0
    np.testing.assert_array_equal(window.prediction.image.reshape(784), DATASET.train_images[index])
    assert window.pad_panel.remark.text() == f"Training image {index}: {label}"
    window.pad_panel.pad.clear()
    qtbot.waitUntil(lambda: column.nearest.neighbors is None)


def test_classes_are_counted(column):
    assert column.bars.summary.training.tolist() == [20] * 10
    assert column.sections[2].header.summary == "10 classes"


@pytest.mark.parametrize("name", ["nearest", "augmentation", "classes"])
def test_its_parts_can_be_opened_by_name(window, name):
    window.tabs.open("weights")
    window.tabs.open(name)
    window.tabs.open(name)  # now that the view is made
    section = child(window, f"{name}_in_data")
    assert section.isVisible()
    assert section.isChecked()


def test_a_section_that_is_opened_is_in_sight_from_its_heading_on(qtbot, window, column):
    choose(window, "augmentation_combo", "Default")
    header, bar = child(window, "augmentation_in_data"), column.verticalScrollBar()
    window.tabs.open("augmentation")
    QApplication.processEvents()
    assert column.sections[1].height() > column.viewport().height()
    bar.setValue(bar.maximum())
    window.tabs.open("augmentation")
    qtbot.waitUntil(lambda: bar.value() < bar.maximum())
    assert header.mapTo(column.viewport(), header.rect().topLeft()).y() == 0


def test_the_column_is_as_wide_as_the_room_allows(column):
    widths = []
    for room in (500, 700, 900, 1600):
        column.fit(room)
        widths.append(column.width())
    assert widths[0] == widths[1] < widths[2] < widths[3]
    assert widths[3] <= 0.4 * 1600
