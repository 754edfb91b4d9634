import numpy as np
import pytest

from core.inspection.augmented_versions import augmented_versions
from core.settings.augmentation import DEFAULT_AUGMENTATION, NO_AUGMENTATION, Augmentation
from gui.data.augmentation_panel import AugmentationPanel
from tests.gui.data.sets import NAMES, three_classes

DATASET = three_classes()


@pytest.fixture
def panel(qtbot):
    panel = AugmentationPanel()
    qtbot.addWidget(panel)
    panel.show_dataset(DATASET)
    panel.resize(320, 700)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def shown(panel):
    return np.array([tile.pixels for tile in panel.versions.tiles])


def test_the_first_image_is_shown_until_another_is_chosen(panel):
    for index in (0, 3):
        (tile,) = panel.original.tiles
        np.testing.assert_array_equal(tile.pixels, DATASET.train_images[index])
        name = NAMES[DATASET.train_labels[index]]
        assert panel.title.accessibleDescription() == f"Training image {index}: {name}"
        panel.show_image(3)
    panel.show_dataset(three_classes(seed=1))
    assert panel.title.accessibleDescription().startswith("Training image 0: ")


def test_off_every_version_is_the_image_and_the_panel_says_how_to_switch_it_on(panel):
    assert (shown(panel) == DATASET.train_images[0]).all()
    assert panel.state.text() == "Off: choose Default or Custom below"
    assert not panel.again.isEnabled()
    panel.offer_settings(False)
    assert panel.state.text() == "Off: every epoch sees the image as it is"
    assert panel.settings.isHidden()


def test_versions_are_those_of_training_and_follow_the_strengths(panel):
    seen = []
    for augmentation in (DEFAULT_AUGMENTATION, Augmentation(shift=3)):
        panel.show_augmentation(augmentation)
        versions = augmented_versions(DATASET.train_images[0], augmentation, 10, seed=0)
        np.testing.assert_array_equal(shown(panel), np.rint(255 * versions))
        seen.append(shown(panel))
    assert (seen[0] != seen[1]).any()
    assert panel.again.isEnabled()


def test_the_random_numbers_stay_until_others_are_wanted(panel):
    panel.show_augmentation(DEFAULT_AUGMENTATION)
    before = shown(panel)
    panel.show_augmentation(NO_AUGMENTATION)
    panel.show_image(1)
    panel.show_image(0)
    panel.show_augmentation(DEFAULT_AUGMENTATION)
    np.testing.assert_array_equal(shown(panel), before)
    panel.again.click()
    assert (shown(panel) != before).any()


def test_a_slider_of_the_panel_tells_what_the_user_wants(panel):
    changes = []
    panel.augmentation_changed.connect(changes.append)
    panel.show_augmentation(DEFAULT_AUGMENTATION)
    assert changes == []
    panel.settings.findChild(object, "data_rotation_slider").setValue(20)
    assert changes == [Augmentation(1.0, 20.0, 0.1, 0.15, 1.0)]


def test_before_there_are_data_it_shows_frames(qtbot):
    panel = AugmentationPanel()
    qtbot.addWidget(panel)
    panel.show_augmentation(DEFAULT_AUGMENTATION)
    assert panel.title.accessibleDescription() == "No data yet"
    panel.grab()
