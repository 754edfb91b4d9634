"""Which network predicts for the pad, when it is certain, and how its mistakes are corrected."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, Qt, QThreadPool
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.ink.drawing import RASTER_SIDE
from core.ink.normalization import normalize_drawing
from core.inspection.network_edits import Edit
from core.my_digits.my_digits import MyDigits
from core.network.network import Network
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.training.saved_run import SavedRun
from core.training.starting_state import StartingState
from core.training.trainer import Trainer
from core.wording import percent
from gui.prediction.active_network import Source
from gui.training.session import Session
from gui.training.state import State
from gui.window.main_window import MainWindow
from tests.core.digits import tiny_dataset
from tests.core.pictures.sheets import whole
from tests.core.training.small_runs import run
from tests.gui.driving import child, choose, click, draw_stroke, message, message_buttons, messages

SEVEN = [(0.3, 0.2), (0.7, 0.2), (0.45, 0.8)]


def reads_fours(probability):
    """A network that predicts a four for everything with this probability, and else a nine."""
    config = NetworkConfig(hidden=())
    network = Network.from_config(config)
    network.layers[0].b[:] = -50
    network.layers[0].b[[4, 9]] = np.log([probability, 1 - probability])
    return SavedRun(RunConfig(network=config), network, (0.8,) * 10)


@pytest.fixture
def mine(tmp_path):
    return MyDigits(tmp_path / "mine")


@pytest.fixture
def open_window(qtbot, themes, mine):
    """Open a window on a small data set with a ready-made network."""
    session = Session()

    def opened(shipped):
        window = MainWindow(session, themes, mine, shipped=shipped)
        qtbot.addWidget(window)
        window.show()
        qtbot.waitExposed(window)
        session.data.use(tiny_dataset())
        with qtbot.waitSignal(session.run.snapshot_taken):
            pass
        return window

    yield opened
    assert session.close()


def draw(qtbot, window):
    draw_stroke(window.pad_panel.pad, SEVEN)
    qtbot.waitUntil(lambda: window.pad_panel.answer.digit.text() != "")


# --- active network -----------------------------------------------------------------------------


def test_the_ready_made_network_predicts_before_any_training(qtbot, open_window):
    window = open_window(reads_fours(0.9))
    draw(qtbot, window)
    assert window.pad_panel.answer.digit.text() == "4"
    assert window.pad_panel.answer.status.text() == ""
    assert child(window, "reader_combo").currentText() == "Ready-made network"


@pytest.mark.parametrize("button", ["play_button", "step_button", "epoch_button"])
def test_the_runs_network_predicts_as_soon_as_it_trains(qtbot, open_window, button):
    window = open_window(reads_fours(0.9))
    draw(qtbot, window)
    click(window, button)
    qtbot.waitUntil(lambda: window.pad_panel.answer.bars.probabilities[4] < 0.89)
    assert child(window, "reader_combo").currentText() == "My network"


def test_restarting_is_one_click(qtbot, open_window):
    window = open_window(reads_fours(0.9))
    draw(qtbot, window)
    with qtbot.waitSignal(window._session.run_started):
        click(window, "start_fresh_button")
    qtbot.waitUntil(lambda: window.pad_panel.answer.bars.probabilities[4] < 0.89)
    assert window.active_network.follows_run


def test_one_can_go_back_to_the_trained_network(qtbot, open_window):
    window = open_window(reads_fours(0.9))
    draw(qtbot, window)
    choose(window, "reader_combo", Source.RUN)
    assert window.pad_panel.answer.bars.probabilities[4] < 0.89
    choose(window, "reader_combo", Source.READY_MADE)
    assert window.pad_panel.answer.bars.probabilities[4] == pytest.approx(0.9, abs=1e-4)


def test_without_a_ready_made_network_the_run_predicts(qtbot, open_window):
    window = open_window(None)
    draw(qtbot, window)
    assert window.active_network.follows_run
    assert not child(window, "reader_combo").isEnabled()


# --- honest answers -----------------------------------------------------------------------------


@pytest.mark.parametrize(("probability", "answer"), [(0.81, "4"), (0.79, "?")])
def test_below_the_threshold_it_is_not_sure(qtbot, open_window, probability, answer):
    window = open_window(reads_fours(probability))
    draw(qtbot, window)
    assert window.pad_panel.answer.digit.text() == answer
    assert window.pad_panel.answer.status.text() == ("Not sure: 4 or 9" if answer == "?" else "")


def test_a_runs_own_thresholds_apply_however_low(qtbot, open_window):
    """All its validation images are correct, so every answer is given."""
    shipped = reads_fours(0.9)
    window = open_window(shipped)
    snapshot = replace(window.display.snapshot, network=shipped.network, thresholds=(0.0,) * 10)
    window.active_network.use(Source.RUN)
    window.edited.note_snapshot(snapshot)
    assert window.active_network.thresholds == (0.0,) * 10
    window.edited.note_snapshot(replace(snapshot, thresholds=None))
    assert window.active_network.thresholds == (0.8,) * 10


def test_a_blank_pad_has_no_prediction(qtbot, open_window):
    window = open_window(reads_fours(0.9))
    draw(qtbot, window)
    click(window, "clear_button")
    qtbot.waitUntil(lambda: window.pad_panel.answer.digit.text() == "")
    assert window.pad_panel.answer.status.text() == ""
    assert window.pad_panel.answer.bars.probabilities is None
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.pad_panel.answer.digit.text() == "4")


# --- why ----------------------------------------------------------------------------------------


def test_the_explanation_is_shown_on_demand_and_follows_the_drawing(qtbot, open_window):
    window = open_window(None)
    draw(qtbot, window)
    plain = window.pad_panel.pad.grab().toImage()
    click(window, "why_button")
    explained = window.pad_panel.pad.grab().toImage()
    assert explained != plain
    draw_stroke(window.pad_panel.pad, [(0.3, 0.5), (0.6, 0.5)])
    qtbot.waitUntil(lambda: window.prediction.prediction.image is window.prediction.image)
    assert window.pad_panel.pad.grab().toImage() != explained
    click(window, "undo_button")
    click(window, "why_button")
    qtbot.waitUntil(lambda: window.pad_panel.pad.grab().toImage() == plain)


def test_the_activations_are_those_of_the_drawing(qtbot, open_window):
    window = open_window(None)
    draw(qtbot, window)
    window.tabs.open("activations")
    before = window.tabs.view("activations").grab().toImage()
    draw_stroke(window.pad_panel.pad, [(0.2, 0.5), (0.8, 0.5)])
    qtbot.waitUntil(lambda: window.tabs.view("activations").grab().toImage() != before)


# --- pictures and test images -------------------------------------------------------------------


def test_a_test_image_is_used_exactly_as_it_is(qtbot, open_window):
    window = open_window(reads_fours(0.9))
    click(window, "example_button")
    qtbot.waitUntil(lambda: window.pad_panel.answer.digit.text() == "4")
    shown = window.pad_panel.answer.input_view.image.reshape(-1)
    tests = window._session.data.dataset.test_images
    (index,) = np.flatnonzero((tests == shown).all(axis=1))
    label = window._session.data.dataset.test_labels[index]
    assert window.pad_panel.remark.text() == f"Test image {index:,}: {label}"


def test_a_pasted_picture_gets_a_prediction(qtbot, open_window):
    """A dark bar on white: on the pad it is ink on background."""
    window = open_window(reads_fours(0.9))
    picture = QImage(200, 200, QImage.Format.Format_Grayscale8)
    picture.fill(255)
    for x in range(90, 110):
        for y in range(40, 160):
            picture.setPixel(x, y, 0)
    data = QMimeData()
    data.setImageData(picture)
    QApplication.clipboard().setMimeData(data)
    window.actions_.paste.trigger()
    QApplication.clipboard().clear()
    qtbot.waitUntil(lambda: window.pad_panel.answer.digit.text() == "4")
    rows, columns = np.nonzero(window.pad_panel.answer.input_view.image > 127)
    assert np.ptp(rows) == 19
    assert np.ptp(columns) <= 4


def test_a_picture_without_a_digit_is_explained(qtbot, open_window):
    window = open_window(None)
    window.pad_panel.pad.picture_dropped.emit(lambda: whole(np.full((100, 100), 255, np.uint8)), "")
    qtbot.waitUntil(lambda: bool(messages(window)))
    assert window.pad_panel.pad.is_blank


def test_the_later_of_two_pictures_stays(qtbot, open_window):
    """However long each takes; the first one is large."""
    window = open_window(None)
    large, small = np.full((3_000, 3_000), 255, np.uint8), np.full((100, 100), 255, np.uint8)
    large[700:2_300, 1_450:1_550] = 0
    small[48:52, 20:80] = 0
    window.pad_panel.pad.picture_dropped.emit(lambda: whole(large), "")
    window.pad_panel.pad.picture_dropped.emit(lambda: whole(small), "")
    QThreadPool.globalInstance().waitForDone()
    qtbot.waitUntil(lambda: not window.pad_panel.pad.is_blank)
    rows, columns = np.nonzero(window.pad_panel.pad.ink > 127)
    assert np.ptp(columns) > np.ptp(rows)


# --- corrections --------------------------------------------------------------------------------


def test_one_key_saves_the_drawing_as_the_correct_digit(qtbot, open_window, mine):
    window = open_window(reads_fours(0.9))
    draw(qtbot, window)
    QTest.keyClick(window, Qt.Key.Key_7)
    assert [item.digit for item in mine.items] == [7]
    np.testing.assert_array_equal(mine.items[0].image, window.prediction.digit.image)
    assert "7" in window.pad_panel.remark.text()


def test_of_a_small_bold_digit_the_image_that_was_predicted_is_saved(qtbot, open_window, mine):
    window = open_window(reads_fours(0.9))
    draw_stroke(window.pad_panel.pad, [(0.4, 0.4), (0.55, 0.4), (0.45, 0.6)])
    qtbot.waitUntil(lambda: window.pad_panel.answer.digit.text() != "")
    digit = window.prediction.digit
    assert (digit.network_ink != digit.ink).any()
    QTest.keyClick(window, Qt.Key.Key_7)
    np.testing.assert_array_equal(mine.items[0].image, digit.image)


def click_bar(window, digit):
    bars = window.pad_panel.answer.bars
    QTest.mouseClick(bars, Qt.MouseButton.LeftButton, pos=bars.row(digit).center())


def test_a_click_on_a_bar_keeps_the_drawing_as_its_digit_and_can_be_undone(
    qtbot, open_window, mine
):
    window = open_window(reads_fours(0.9))
    draw(qtbot, window)
    undo = child(window, "undo_correction_button")
    assert not undo.isVisible()
    click_bar(window, 7)
    assert [item.digit for item in mine.items] == [7]
    np.testing.assert_array_equal(mine.items[0].image, window.prediction.digit.image)
    assert window.pad_panel.remark.text() == "Saved as a 7 (1 in all)"
    click(window, "undo_correction_button")
    assert not len(mine)
    assert not undo.isVisible()
    assert not window.pad_panel.pad.is_blank


def test_only_the_newest_correction_is_undone(qtbot, open_window, mine):
    window = open_window(reads_fours(0.9))
    draw(qtbot, window)
    click_bar(window, 7)
    draw_stroke(window.pad_panel.pad, [(0.3, 0.5), (0.6, 0.5)])
    assert not child(window, "undo_correction_button").isVisible()
    QTest.keyClick(window, Qt.Key.Key_1)
    click(window, "undo_correction_button")
    assert [item.digit for item in mine.items] == [7]


def test_a_correction_that_is_gone_already_can_be_undone(qtbot, open_window, mine):
    """Another app, or the list of the digits, removed it."""
    window = open_window(reads_fours(0.9))
    draw(qtbot, window)
    click_bar(window, 7)
    mine.remove(mine.items[0])
    click(window, "undo_correction_button")
    assert not len(mine)
    assert not messages(window)


def test_nothing_moves_when_a_correction_is_offered_to_be_undone(qtbot, open_window):
    window = open_window(reads_fours(0.9))
    draw(qtbot, window)

    def places():
        panel = window.pad_panel
        return [part.geometry() for part in (panel.pad, panel.answer, panel.answer.bars)]

    before = places()
    click_bar(window, 7)
    QApplication.processEvents()
    assert places() == before


# --- the change of the network is seen ----------------------------------------------------------


def test_the_pad_says_which_network_predicts_and_stands_out_when_it_changes(qtbot, open_window):
    window = open_window(reads_fours(0.9))
    caption = window.pad_panel.pad.caption
    assert caption.text() == "The ready-made network predicts"
    assert not caption.is_highlighted
    click(window, "step_button")
    qtbot.waitUntil(lambda: caption.text() == "My network predicts")
    assert caption.is_highlighted
    qtbot.waitUntil(lambda: not caption.is_highlighted)


@pytest.mark.parametrize("source", [Source.READY_MADE, Source.RUN])
def test_what_the_pad_says_has_room_on_the_smallest_pad(qtbot, open_window, source):
    window = open_window(reads_fours(0.9))
    window.resize(960, 530)
    window.active_network.use(source)
    pad = window.pad_panel.pad
    qtbot.waitUntil(lambda: pad.height() < 200)
    square = pad._square().toRect()
    assert square.contains(pad.caption.geometry())
    assert pad.caption.size() == pad.caption.sizeHint()


def test_one_draws_through_the_caption(open_window):
    window = open_window(reads_fours(0.9))
    place = window.pad_panel.pad.caption.geometry().center()
    assert window.pad_panel.pad.childAt(place) is None
    hit = window.childAt(window.pad_panel.pad.mapTo(window, place))
    assert hit is window.pad_panel.pad


def test_a_blank_pad_is_not_saved(open_window, mine):
    window = open_window(reads_fours(0.9))
    QTest.keyClick(window, Qt.Key.Key_7)
    assert not len(mine)


def test_a_folder_that_cannot_be_written_is_explained(qtbot, open_window, mine):
    mine.folder.write_text("a file where the folder should be")
    window = open_window(reads_fours(0.9))
    draw(qtbot, window)
    QTest.keyClick(window, Qt.Key.Key_7)
    assert messages(window)
    assert not len(mine)


def test_wrong_predictions_are_marked(qtbot, open_window, mine):
    window = open_window(reads_fours(0.9))
    draw(qtbot, window)
    QTest.keyClick(window, Qt.Key.Key_7)
    QTest.keyClick(window, Qt.Key.Key_4)
    window.tabs.setCurrentIndex(2)
    assert window.tabs.view("my_digits").summary.text() == "2 digits, 1 predicted wrong"


OWN = Hyperparameters(learning_rate=0.05, batch_size=40, optimizer="momentum", epochs=50)


def one_epoch(qtbot, window):
    click(window, "epoch_button")
    qtbot.waitUntil(lambda: window._session.run.moment[0] > 0)
    qtbot.waitUntil(lambda: window._session.state is State.PAUSED)
    qtbot.waitUntil(lambda: window.display.snapshot.epoch == 1)


def fine_tune(qtbot, window):
    """Ask for it, take the offer, and return what came of it."""
    with qtbot.waitSignal(
        window.my_digits_controller.fine_tune_run.finished, timeout=20_000
    ) as finished:
        window.actions_.learn_mine.trigger()
        message_buttons(window)["Train"].click()
    return finished.args[0]


def test_learning_ones_own_digits_and_what_came_of_it(qtbot, open_window, mine):
    """The network knows the data set's digits, and one drawing as nothing yet."""
    window = open_window(None)
    session = window._session
    session.set_hyperparameters(OWN)
    one_epoch(qtbot, window)
    draw(qtbot, window)
    QTest.keyClick(window, Qt.Key.Key_7)
    before, moment = window.active_network.network, session.run.moment
    window.actions_.learn_mine.trigger()
    offer = message(window)
    assert "1 epoch on 222 images" in offer  # of which 22 are the drawing
    assert "your 1 digit" in offer
    assert "Learning rate 0.0003" in offer
    learned = fine_tune(qtbot, window)
    image = normalize_drawing(window.pad_panel.pad.ink).reshape(1, -1)
    qtbot.waitUntil(lambda: window.active_network.network is not before)
    assert learned.own_before == (before.predict(image).argmax() == 7)
    assert learned.own_after == (window.active_network.network.predict(image).argmax() == 7)
    assert learned.test_before == pytest.approx(
        (
            before.predict(session.data.dataset.test_images).argmax(axis=1)
            == session.data.dataset.test_labels
        ).mean()
    )
    assert f"{percent(learned.test_after)}" in message(window)
    assert session.state is State.PAUSED
    # The run, its curves and its settings are what they were, and so is the data set.
    assert session.config.hyperparameters == OWN
    assert session.run.moment == (moment[0], moment[1] + 1)
    assert window.display.snapshot.history.steps.count == moment[0]
    assert window.files.is_modified
    assert len(session.data.dataset.train_labels) == 200
    network = window.display.snapshot.network.parameters.copy()
    one_more = window.display.snapshot.step + 1
    click(window, "step_button")
    qtbot.waitUntil(lambda: window.display.snapshot.step == one_more)
    snapshot = window.display.snapshot
    assert snapshot.config.hyperparameters == OWN
    assert snapshot.changes[-1].hyperparameters.learning_rate == 0.05
    assert not np.array_equal(snapshot.network.parameters, network)
    assert not messages(window)  # it was about the network before


def test_fine_tuning_can_be_undone_to_the_bit(qtbot, open_window, mine):
    window = open_window(None)
    session = window._session
    session.set_hyperparameters(OWN)
    one_epoch(qtbot, window)
    mine.add(np.full((RASTER_SIDE, RASTER_SIDE), 255, np.uint8), 3)
    run_id, before = session.run.id, window.display.snapshot.network.parameters.copy()
    fine_tune(qtbot, window)
    qtbot.waitUntil(lambda: not np.array_equal(window.display.snapshot.network.parameters, before))
    message_buttons(window)["Undo"].click()
    qtbot.waitUntil(lambda: window.display.snapshot is not None)
    assert session.run.id == run_id
    np.testing.assert_array_equal(window.display.snapshot.network.parameters, before)
    alone = Trainer(replace(session.config, hyperparameters=Hyperparameters()), tiny_dataset())
    alone.change(OWN)
    run(alone, 8)
    while window.display.snapshot.step < 8:
        step = window.display.snapshot.step
        click(window, "step_button")
        qtbot.waitUntil(lambda step=step: window.display.snapshot.step == step + 1)
    np.testing.assert_array_equal(
        window.display.snapshot.network.parameters, alone.network.parameters
    )
    # And what was fine-tuned is not lost either.
    assert any(len(kept.load().training.checkpoint.changes) == 3 for kept in kept_of(session))


def kept_of(session):
    return session.reopening.replaced.runs


def test_fine_tuning_the_ready_made_network_leaves_the_settings_and_can_be_undone(
    qtbot, open_window, mine
):
    window = open_window(reads_fours(0.9))
    session = window._session
    session.set_hyperparameters(OWN)
    config = session.config
    mine.add(np.full((RASTER_SIDE, RASTER_SIDE), 255, np.uint8), 3)
    fine_tune(qtbot, window)
    assert window.active_network.follows_run
    assert session.config == replace(config, network=NetworkConfig(hidden=()))
    assert window.files.is_modified
    message_buttons(window)["Undo"].click()
    assert not window.active_network.follows_run
    assert session.config == config


def test_fine_tuning_of_an_imported_network_begins_a_run_with_it(qtbot, open_window, mine):
    window = open_window(reads_fours(0.9))
    imported = StartingState(Network((784, 4, 10), ("tanh",)), "other.onnx")
    window.active_network.use_imported(imported)
    mine.add(np.full((RASTER_SIDE, RASTER_SIDE), 255, np.uint8), 3)
    fine_tune(qtbot, window)
    assert window._session.run.began_with is imported
    assert window.active_network.follows_run
    message_buttons(window)["Undo"].click()
    assert window.active_network.start is imported


def test_fine_tuning_of_the_best_network_begins_a_run_that_can_be_left(qtbot, open_window, mine):
    window = open_window(reads_fours(0.9))
    session = window._session
    one_epoch(qtbot, window)
    first = session.run.id
    window.active_network.use(Source.READY_MADE)
    mine.add(np.full((RASTER_SIDE, RASTER_SIDE), 255, np.uint8), 3)
    fine_tune(qtbot, window)
    assert session.run.id != first
    message_buttons(window)["Undo"].click()
    qtbot.waitUntil(lambda: session.run.id == first)
    assert session.run.moment[0] > 0
    assert not window.active_network.follows_run


def test_fine_tuning_that_is_cancelled_changes_nothing(qtbot, open_window, mine, monkeypatch):
    window = open_window(None)
    session = window._session
    one_epoch(qtbot, window)
    mine.add(np.full((RASTER_SIDE, RASTER_SIDE), 255, np.uint8), 3)
    monkeypatch.setattr(
        "core.training.fine_tuning.fine_tuning",
        lambda config: replace(config, hyperparameters=Hyperparameters(batch_size=1, epochs=9_999)),
    )
    moment, before = session.run.moment, window.display.snapshot.network.parameters.copy()
    window.actions_.learn_mine.trigger()
    message_buttons(window)["Train"].click()
    with qtbot.waitSignal(window.my_digits_controller.fine_tune_run.ended):
        qtbot.waitUntil(lambda: child(window, "fine_tune_bar").isVisible())
        click(window, "cancel_fine_tune_button")
    assert not child(window, "fine_tune_bar").isVisible()
    assert session.state is State.PAUSED
    assert session.run.moment == moment
    np.testing.assert_array_equal(window.display.snapshot.network.parameters, before)


def test_fine_tuning_starts_from_the_network_as_trained_without_the_users_edits(
    qtbot, open_window, mine
):
    window = open_window(None)
    session = window._session
    one_epoch(qtbot, window)
    mine.add(np.full((RASTER_SIDE, RASTER_SIDE), 255, np.uint8), 3)
    window.edited.add(Edit(layer=1, unit=0, source=5, value=77.0))
    assert window.active_network.network.layers[0].W[5, 0] == 77
    taken = []
    session.run.snapshot_taken.connect(taken.append)
    fine_tune(qtbot, window)
    assert abs(taken[-1].network.layers[0].W[5, 0]) < 1


def test_fine_tuning_needs_digits(open_window):
    window = open_window(reads_fours(0.9))
    window.actions_.learn_mine.trigger()
    assert messages(window)
    assert window._session.state is State.PAUSED


def test_an_error_in_the_program_ends_it_and_is_explained(
    qtbot, open_window, mine, monkeypatch, caplog
):
    window = open_window(None)
    mine.add(np.full((RASTER_SIDE, RASTER_SIDE), 255, np.uint8), 3)
    monkeypatch.setattr("gui.training.fine_tuner.fine_tune", None)
    window.actions_.learn_mine.trigger()
    message_buttons(window)["Train"].click()
    qtbot.waitUntil(lambda: "error in the program" in message(window))
    assert not child(window, "fine_tune_bar").isVisible()
    assert not window.my_digits_controller.fine_tune_run.is_at_work


def test_a_new_run_cancels_fine_tuning(qtbot, open_window, mine):
    window = open_window(None)
    mine.add(np.full((RASTER_SIDE, RASTER_SIDE), 255, np.uint8), 3)
    results = []
    window.my_digits_controller.fine_tune_run.finished.connect(results.append)
    window.actions_.learn_mine.trigger()
    message_buttons(window)["Train"].click()
    window.actions_.reset.trigger()
    click(window, "epoch_button")
    qtbot.waitUntil(lambda: window._session.state is State.PAUSED)
    assert not results
    assert not child(window, "fine_tune_bar").isVisible()


# --- numbers and scribbles ------------------------------------------------------------------------


def draw_twelve(qtbot, panel):
    draw_stroke(panel.pad, [(0.2, 0.2), (0.2, 0.8)])
    qtbot.waitUntil(lambda: panel.answer.digit.text() == "4")
    draw_stroke(panel.pad, [(0.5, 0.3), (0.6, 0.2), (0.7, 0.3), (0.5, 0.8), (0.8, 0.8)])
    qtbot.waitUntil(lambda: panel.answer.digit.text() == "44")


def click_digit(panel, index):
    place = panel.answer.digit.cell(index).center().toPoint()
    QTest.mouseClick(panel.answer.digit, Qt.MouseButton.LeftButton, pos=place)


def test_digits_side_by_side_are_a_number_of_which_one_digit_is_shown(qtbot, open_window):
    window = open_window(reads_fours(0.9))
    panel, model = window.pad_panel, window.prediction
    draw_twelve(qtbot, panel)
    assert panel.answer.status.text() == f"4: {percent(0.9, 0)}"
    assert "click one of its digits" in panel.remark.text()
    for index in (0, 1):
        click_digit(panel, index)
        assert model.selected == index
        np.testing.assert_array_equal(panel.answer.input_view.image, model.digits[index].image)
        assert panel.pad.bracket.box == model.digits[index].box
    click(window, "undo_button")
    qtbot.waitUntil(lambda: panel.answer.digit.text() == "4")
    assert panel.pad.bracket.box is None
    assert "click one of its digits" not in panel.remark.text()
    click(window, "clear_button")
    qtbot.waitUntil(lambda: panel.answer.digit.text() == "")


def test_each_digit_of_a_number_is_saved_alone(qtbot, open_window, mine):
    window = open_window(reads_fours(0.9))
    panel, digits = window.pad_panel, lambda: window.prediction.digits
    draw_twelve(qtbot, panel)
    QTest.keyClick(window, Qt.Key.Key_2)
    click_digit(panel, 0)
    click_bar(window, 1)
    assert [item.digit for item in mine.items] == [2, 1]
    for item, digit in zip(mine.items, reversed(digits()), strict=True):
        np.testing.assert_array_equal(mine.ink(item), digit.network_ink)
        np.testing.assert_array_equal(item.image, digit.image)
    click(window, "undo_correction_button")
    assert [item.digit for item in mine.items] == [2]


def test_the_explanation_is_of_the_selected_digit(qtbot, open_window):
    window = open_window(reads_fours(0.9))
    panel, model = window.pad_panel, window.prediction
    click(window, "why_button")
    draw_twelve(qtbot, panel)
    for index in (1, 0):
        click_digit(panel, index)
        assert panel.pad.explanation.frame == model.digits[index].frame


def test_an_uncertain_digit_of_a_number_is_marked(qtbot, open_window):
    window = open_window(reads_fours(0.6))
    panel = window.pad_panel
    draw_stroke(panel.pad, [(0.2, 0.2), (0.2, 0.8)])
    draw_stroke(panel.pad, [(0.7, 0.2), (0.7, 0.8)])
    qtbot.waitUntil(lambda: panel.answer.digit.text() == "??")
    assert panel.answer.status.text() == "Not sure: 4 or 9"


def test_a_scribble_gets_no_certain_answer(qtbot, open_window):
    window = open_window(reads_fours(0.9))
    zigzag = [(0.1 + 0.08 * k, 0.2 + 0.6 * (k % 2)) for k in range(10)]
    draw_stroke(window.pad_panel.pad, zigzag)
    qtbot.waitUntil(lambda: window.pad_panel.answer.digit.text() == "?")
    assert "does not look like one digit" in window.pad_panel.remark.text()
