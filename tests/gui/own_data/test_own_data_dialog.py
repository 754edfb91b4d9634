"""What the dialog shows of the user's own data, and what comes of the choices."""

from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from PySide6.QtWidgets import QWidget

from core.arrays import DIGITS, PIXELS, SIDE, LabeledImages
from core.colors import LIGHT
from core.datasets.own.own_images import OwnImages
from core.network.network import Network
from core.settings.data_source import OwnData
from gui.own_data.own_data_dialog import OwnDataDialog
from tests.gui.driving import child, click, type_into

ANIMALS = ("cat", "dog", "horse")


def images_of(classes, n=60, paper=0):
    """Return images whose upper half is ink in the first class, and whose left half in others."""
    labels = (np.arange(n) % len(classes)).astype(np.uint8)
    squares = np.full((n, SIDE, SIDE), paper, np.uint8)
    squares[labels == 0, 4:12, 4:24] = 255 - paper
    squares[labels != 0, 4:24, 4:12] = 255 - paper
    return OwnImages(
        "NumPy arrays", classes, LabeledImages(squares.reshape(n, PIXELS), labels), None
    )


def tells_transposed():
    """Return a network that says 0 where the upper half is ink, and 1 where the left half is."""
    network = Network((PIXELS, 10))
    upper, left = np.zeros((SIDE, SIDE)), np.zeros((SIDE, SIDE))
    upper[4:12, 12:24], left[12:24, 4:12] = 1, 1
    network.layers[0].W[:, 0], network.layers[0].W[:, 1] = left.ravel(), upper.ravel()
    return network


@pytest.fixture
def opened(qtbot):
    """Return a function that opens the dialog, waits for what it shows, and collects its data."""
    window = QWidget()
    qtbot.addWidget(window)

    def opened(images, reader=None):
        dialog = OwnDataDialog(Path("/data/animals"), images, reader, LIGHT, window)
        dialog.used = []
        dialog.wanted.connect(dialog.used.append)
        dialog.show()
        qtbot.waitUntil(dialog.use.isEnabled)
        return dialog

    return opened


def used(qtbot, dialog):
    qtbot.waitUntil(dialog.use.isEnabled)
    click(dialog, "own_use_button")
    (dataset,) = dialog.used
    assert not dialog.isVisible()
    return dataset


def test_the_data_is_used_as_it_was_guessed(opened, qtbot):
    images = images_of(ANIMALS, paper=255)
    dialog = opened(images)
    assert dialog.inverts.isChecked()
    assert "because the borders are light" in child(dialog, "own_findings").text()
    assert "cat: 17 training images" in child(dialog, "own_samples").accessibleDescription()
    dataset = used(qtbot, dialog)
    assert dataset.name == OwnData("/data/animals", ANIMALS, False, True, 0)
    assert dataset.train_images[0, 0] == 0


def test_a_guess_can_be_changed(opened, qtbot):
    dialog = opened(images_of(ANIMALS, paper=255))
    click(dialog, "own_invert_box")
    qtbot.waitUntil(lambda: "as chosen" in child(dialog, "own_findings").text())
    dataset = used(qtbot, dialog)
    assert not dataset.name.is_inverted
    assert dataset.train_images[0, 0] == 255


def test_the_seed_chooses_the_test_images(opened, qtbot):
    dialog = opened(images_of(ANIMALS))
    type_into(dialog, "own_split_seed_field", "7")
    assert dialog.isVisible()
    assert used(qtbot, dialog).name.split_seed == 7


def test_data_with_a_test_set_has_no_seed_to_choose(opened):
    images = images_of(ANIMALS)
    given = OwnImages(images.format, images.classes, images.train, images.train)
    assert not child(opened(given), "own_split_seed_field").isVisible()


def test_transposed_digits_are_noticed_and_can_be_turned(opened, qtbot):
    labels = (np.arange(600) % 10).astype(np.uint8)
    images = images_of(DIGITS, 600).train.images[labels < 2]
    everyone = np.concatenate([images, images_of(DIGITS, 20).train.images])
    classes = np.concatenate([labels[labels < 2], (np.arange(20) % 10).astype(np.uint8)])
    source = OwnImages("NumPy arrays", DIGITS, LabeledImages(everyone, classes), None)
    dialog = opened(source, tells_transposed())
    notice = child(dialog, "own_notice")
    qtbot.waitUntil(notice.isVisible)
    assert "transposed" in notice.text()
    click(dialog, "own_transpose_box")
    qtbot.waitUntil(lambda: not notice.isVisible())
    dataset = used(qtbot, dialog)
    assert dataset.name.is_transposed
    first = dataset.train_images.reshape(-1, SIDE, SIDE)[dataset.train_labels == 0][0]
    assert_array_equal(first, images_of(DIGITS).train.images[0].reshape(SIDE, SIDE).T)


def test_other_classes_than_digits_are_not_judged(opened):
    dialog = opened(images_of(ANIMALS), tells_transposed())
    assert not child(dialog, "own_notice").isVisible()


def test_a_class_with_a_single_image_is_a_clear_line(opened, qtbot):
    images = images_of(ANIMALS, 4)
    window = QWidget()
    qtbot.addWidget(window)
    dialog = OwnDataDialog(Path("/data/x"), images, None, LIGHT, window)
    dialog.show()
    qtbot.waitUntil(lambda: bool(child(dialog, "own_findings").text()))
    assert "dog" in child(dialog, "own_findings").text()
    assert not dialog.use.isEnabled()
