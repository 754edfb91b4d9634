from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.arrays import LabeledImages
from core.inspection.nearest import NearestImages
from gui.data.nearest_panel import NearestPanel
from tests.core.digits import tiny_dataset
from tests.gui.data.sets import NAMES, predicted, three_classes

DATASET = three_classes()
DRAWING = np.full(784, 100, np.uint8)


def expected(dataset, image):
    search = NearestImages(LabeledImages(dataset.train_images, dataset.train_labels))
    return search.find(image).indices.tolist()


@pytest.fixture
def panel(qtbot):
    panel = NearestPanel()
    qtbot.addWidget(panel)
    panel.resize(344, 400)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def wait_for(qtbot, panel, indices):
    def is_shown():
        return panel.neighbors is not None and panel.neighbors.indices.tolist() == indices

    qtbot.waitUntil(is_shown)


@pytest.fixture
def filled(qtbot, panel):
    panel.show_dataset(DATASET)
    panel.show_prediction(predicted(DRAWING))
    wait_for(qtbot, panel, expected(DATASET, DRAWING))
    return panel


def test_it_shows_the_nearest_images_with_the_names_of_their_classes(filled):
    for tile, index in zip(filled.tiles.tiles, expected(DATASET, DRAWING), strict=True):
        np.testing.assert_array_equal(tile.pixels, DATASET.train_images[index])
        assert tile.lines[0] == NAMES[DATASET.train_labels[index]]


def test_short_names_share_a_line_with_the_distance(qtbot, filled):
    height = filled.tiles.height()
    filled.show_dataset(tiny_dataset())
    qtbot.waitUntil(lambda: filled.neighbors is not None)
    assert filled.tiles.height() < height
    assert filled.tiles.tiles[0].lines == (
        f"{filled.neighbors.labels[0]} · {filled.neighbors.distances[0]:.2f}",
    )


def test_the_vote_and_the_network_stand_side_by_side(filled):
    labels = DATASET.train_labels[expected(DATASET, DRAWING)]
    most = np.bincount(labels).argmax()
    count = int((labels == most).sum())
    said = f"Of the 10 nearest, {count} are labeled {NAMES[most]}"
    assert filled.vote.accessibleDescription() == said
    assert filled.predicted.text() == "The network predicts circle, 90.0 %"


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((4, 0, 0), "All 4 nearest are labeled circle"),
        ((2, 2, 0), "A tie among the 4 nearest: "),
        ((3, 1, 0), "Of the 4 nearest, 3 are labeled circle"),
    ],
)
def test_votes_in_words(qtbot, panel, counts, said):
    panel.show_dataset(three_classes(counts))
    panel.show_prediction(predicted(DRAWING))
    qtbot.waitUntil(lambda: panel.neighbors is not None)
    words = panel.vote.accessibleDescription()
    assert words.startswith(said)
    if "tie" in said:
        assert words.endswith(", 2 each")
        assert NAMES[0] in words
        assert NAMES[1] in words


def test_before_the_first_drawing_there_are_no_tiles(panel):
    panel.show_dataset(DATASET)
    assert panel.tiles.isHidden()


def test_a_blank_pad_leaves_empty_frames(filled):
    height = filled.tiles.height()
    filled.show_prediction(None)
    assert filled.neighbors is None
    assert not filled.tiles.tiles
    assert filled.vote.text() == "Draw on the pad"
    assert filled.tiles.isVisible()
    assert filled.tiles.height() == height  # nothing below moves


def test_a_search_that_was_superseded_by_a_blank_pad_shows_nothing(qtbot, panel):
    panel.show_dataset(DATASET)
    panel.show_prediction(predicted(DRAWING))
    panel.show_prediction(None)
    qtbot.waitUntil(lambda: panel._task.is_idle)
    assert panel.neighbors is None


def test_while_the_network_learns_the_same_drawing_is_searched_once(filled):
    newer = predicted(DRAWING, label=1)
    filled.show_prediction(replace(newer, image=filled._prediction.image))
    assert filled._task.is_idle
    assert filled.predicted.text() == f"The network predicts {NAMES[1]}, 90.0 %"
    filled.show_prediction(newer)
    assert not filled._task.is_idle


def test_another_data_set_is_searched_for_the_same_drawing(qtbot, filled):
    other = three_classes(seed=1)
    filled.show_dataset(other)
    assert filled.neighbors is None
    wait_for(qtbot, filled, expected(other, DRAWING))


def test_an_answer_about_the_data_set_before_is_dropped(qtbot, panel):
    answers = []
    panel._task.done.connect(answers.append)
    panel.show_dataset(DATASET)
    panel.show_prediction(predicted(DRAWING))
    other = three_classes(seed=1)
    panel.show_dataset(other)
    wait_for(qtbot, panel, expected(other, DRAWING))
    assert len(answers) == 1


def test_hidden_it_searches_nothing_until_it_is_seen(qtbot, panel):
    panel.hide()
    panel.show_dataset(DATASET)
    panel.show_prediction(predicted(DRAWING))
    assert panel._task.is_idle
    panel.show()
    wait_for(qtbot, panel, expected(DATASET, DRAWING))


def test_a_click_chooses_an_image_and_a_double_click_opens_it(filled):
    chosen, opened = [], []
    filled.image_chosen.connect(chosen.append)
    filled.image_opened.connect(opened.append)
    indices = expected(DATASET, DRAWING)
    place = filled.tiles.image_rect(7).center()
    QTest.mouseClick(filled.tiles, Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(filled.tiles, Qt.MouseButton.LeftButton, pos=place)
    assert chosen == [indices[7]]
    assert opened == [indices[7]]


def test_keys_walk_through_the_images_and_choose_one(filled):
    chosen = []
    filled.image_chosen.connect(chosen.append)
    for key in ("Right", "Right", "Down", "Left", "Return"):
        QTest.keyClick(filled.tiles, getattr(Qt.Key, f"Key_{key}"))
    assert chosen == [expected(DATASET, DRAWING)[5]]  # the second row begins with 5
    assert filled.tiles.accessibleDescription() == filled.tiles.tiles[5].words


def test_a_network_that_diverged_predicts_nothing(filled):
    prediction = predicted(DRAWING, confidence=np.nan)
    filled.show_prediction(prediction)
    assert filled.predicted.text() == "The network predicts nothing"
