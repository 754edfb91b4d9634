import gc
import weakref
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QSlider

from core.errors import DataError
from core.my_digits.my_digits import MyDigits
from core.settings.config import NetworkConfig
from core.training.divergence import GoodState, TrainingDivergedError
from core.training.snapshot import take_snapshot
from core.training.trainer import Trainer
from core.wording import percent
from gui.training import dataset_choice
from gui.training.session import Session
from gui.training.state import State
from gui.widgets.live_text import LiveText
from gui.window.main_window import MainWindow
from tests.core.digits import tiny_dataset
from tests.gui.driving import child, choose, click, draw_stroke, message, message_buttons, messages

NAMES = (
    "play_button step_button epoch_button reset_button dataset_combo "
    "learning_rate_slider batch_size_slider layer_size_slider_0 layer_size_slider_1 "
    "add_layer_button remove_layer_button loss_plot accuracy_plot weights_view draw_pad "
    "undo_button clear_button prediction_bars network_input_view"
)


def test_every_documented_name_is_there_once(window, subtests):
    for name in NAMES.split():
        with subtests.test(name=name):
            assert child(window, name).isVisible()


def test_presets_are_one_click_away(window):
    click(window, "preset_section")
    assert child(window, "preset_combo").isVisible()


def test_every_control_has_a_tool_tip_and_an_accessible_name(window):
    for kind in (QAbstractButton, QSlider, QComboBox, QLineEdit):
        for control in window.findChildren(kind):
            if control.isVisible():
                assert control.toolTip(), control.objectName()
                assert control.accessibleName() or control.text(), control.objectName()


def test_every_action_has_its_own_shortcut(window):
    shortcuts = [action.shortcut() for action in window.actions_.all()]
    assert all(not shortcut.isEmpty() for shortcut in shortcuts)
    texts = [shortcut.toString() for shortcut in shortcuts]
    assert len(set(texts)) == len(texts)


def test_space_plays_and_pauses(qtbot, window, session):
    QTest.keyClick(window, Qt.Key.Key_Space)
    assert session.state is State.RUNNING
    assert child(window, "play_button").text() == "Pause"
    qtbot.waitUntil(lambda: window.transport.step_count.text() not in ("0", "1"))
    QTest.keyClick(window, Qt.Key.Key_Space)
    assert session.state is State.PAUSED
    assert child(window, "play_button").text() == "Play"


def test_one_batch_makes_one_step(qtbot, window):
    click(window, "step_button")
    qtbot.waitUntil(lambda: window.transport.step_count.text() == "1")
    qtbot.waitUntil(lambda: child(window, "play_button").text() == "Play")
    click(window, "step_button")
    qtbot.waitUntil(lambda: window.transport.step_count.text() == "2")


def test_one_epoch_trains_on_every_image_and_tests(qtbot, window):
    click(window, "epoch_button")
    qtbot.waitUntil(lambda: window.transport.epoch_count.text() == "1")
    assert window.transport.step_count.text() == "4"  # 200 images in batches of 64
    assert window.transport.accuracy.text().endswith(" %")


def test_a_pause_shows_the_last_step_everywhere(window, session):
    """While training runs, curves and weights are drawn in turn."""
    trainer = Trainer(session.config, session.data.dataset)
    for _ in range(3):
        trainer.step()
    snapshot = take_snapshot(trainer)
    session._set_state(State.RUNNING)
    session.run.snapshot_taken.emit(snapshot)
    session._set_state(State.PAUSED)
    assert window.transport.step_count.text() == "3"
    assert len(window.curves.loss.chart.line("smoothed").x) == 3
    assert window.tabs.view("weights").mosaic._layer is snapshot.network.layers[0]


def test_restart_goes_back_to_step_zero(qtbot, window):
    click(window, "epoch_button")
    qtbot.waitUntil(lambda: window.transport.epoch_count.text() == "1")
    click(window, "reset_button")
    qtbot.waitUntil(lambda: window.transport.step_count.text() == "0")
    assert window.transport.loss.text() == "–"


def test_the_learning_rate_changes_without_a_restart(qtbot, window, session):
    click(window, "epoch_button")
    qtbot.waitUntil(lambda: window.transport.epoch_count.text() == "1")
    slider = child(window, "learning_rate_slider")
    before = session.config.hyperparameters.learning_rate
    QTest.keyClick(slider, Qt.Key.Key_Right)
    after = session.config.hyperparameters.learning_rate
    assert after > before
    click(window, "step_button")
    with qtbot.waitSignal(
        session.run.snapshot_taken, check_params_cb=lambda s: s.step == 5
    ) as blocker:
        pass
    assert blocker.args[0].config.hyperparameters.learning_rate == after


def test_the_learning_rate_slider_is_logarithmic(window):
    slider = window.settings_panel.hyperparameters.learning_rate
    slider.slider.setValue(40)
    low = slider.value
    slider.slider.setValue(60)
    middle = slider.value
    slider.slider.setValue(80)
    assert middle / low == pytest.approx(slider.value / middle, rel=0.05)


def test_an_exact_learning_rate_can_be_typed(window, session):
    field = child(window, "learning_rate_slider_field")
    field.selectAll()
    QTest.keyClicks(field, "0.1234")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert session.config.hyperparameters.learning_rate == 0.1234
    assert field.text() == "0.1234"


def test_nonsense_in_a_field_changes_nothing(window, session, subtests):
    for text in ["fast", "-1", "0", "1e9", "nan", ""]:
        with subtests.test(text=text):
            field = child(window, "learning_rate_slider_field")
            before = session.config.hyperparameters.learning_rate
            field.selectAll()
            QTest.keyClick(field, Qt.Key.Key_Delete)
            QTest.keyClicks(field, text)
            QTest.keyClick(field, Qt.Key.Key_Return)
            assert session.config.hyperparameters.learning_rate == before
            assert field.text() == text  # to be corrected
            QTest.keyClick(field, Qt.Key.Key_Escape)
            assert float(field.text()) == before


def test_a_layer_slider_makes_a_network_of_that_size(qtbot, window, session):
    with qtbot.waitSignal(session.run_started):
        child(window, "layer_size_slider_0").setValue(9)
    units = session.config.network.hidden[0]
    assert units != 128
    with qtbot.waitSignal(
        session.run.snapshot_taken, check_params_cb=lambda s: len(s.network.layers[0].b) == units
    ):
        pass
    assert window.tabs.view("weights").mosaic.units == units


def test_all_layers_can_be_removed_and_added_again(qtbot, window, session):
    click(window, "add_layer_button")
    assert len(session.config.network.hidden) == 3
    qtbot.waitUntil(lambda: child(window, "layer_size_slider_2").isVisible())
    for _ in range(3):
        click(window, "remove_layer_button")
    assert session.config.network.hidden == ()
    assert not child(window, "remove_layer_button").isEnabled()
    with qtbot.waitSignal(session.run_started):
        pass
    with qtbot.waitSignal(
        session.run.snapshot_taken, check_params_cb=lambda s: len(s.network.layers) == 1
    ):
        pass


def test_no_more_layers_than_the_engine_allows(window, session):
    for _ in range(6):
        click(window, "add_layer_button")
    assert len(session.config.network.hidden) == 8
    assert not child(window, "add_layer_button").isEnabled()


def test_a_preset_fills_the_controls_and_a_change_makes_it_custom(qtbot, window, session):
    combo = child(window, "preset_combo")
    combo.setCurrentIndex(1)
    combo.activated.emit(1)
    assert session.config.network.hidden == (1024,)
    assert child(window, "l2_slider_field").text() == "0.0001"
    assert combo.currentText() == "First steps"
    window.actions_.faster.trigger()
    assert combo.currentText() == "Custom"


def test_data_chosen_in_the_combo_is_loaded(qtbot, window, session, monkeypatch):
    asked = []

    def load(name, data_dir, progress):
        asked.append(name)
        return tiny_dataset()

    monkeypatch.setattr(dataset_choice, "load_dataset", load)
    combo = child(window, "dataset_combo")
    with qtbot.waitSignal(session.run_started):
        combo.activated.emit(combo.findData("mnist"))
    assert asked == ["mnist"]
    # What was loaded is what is shown.
    assert combo.currentData() == "strokes"


def test_curves_follow_the_run(qtbot, window):
    click(window, "epoch_button")
    qtbot.waitUntil(lambda: window.transport.epoch_count.text() == "1")
    qtbot.waitUntil(lambda: len(window.curves.loss.chart.line("smoothed").x) == 4)
    test = window.curves.accuracy.chart.line("test")
    np.testing.assert_array_equal(test.x, [0, 1, 2, 4])
    shown = float(window.transport.accuracy.text().rstrip(" %"))
    assert shown == pytest.approx(test.y[-1], abs=0.01)


def test_values_at_the_cursor_are_those_of_the_history(qtbot, window, session):
    click(window, "epoch_button")
    with qtbot.waitSignal(
        session.run.snapshot_taken, check_params_cb=lambda s: s.epoch == 1
    ) as taken:
        pass
    history = taken.args[0].history
    loss, accuracy = window.curves.loss, window.curves.accuracy

    def values(x):
        loss.canvas.cursor_moved.emit(x)
        return child(window, "loss_plot_values").text()

    qtbot.waitUntil(lambda: values(2.2).startswith("step 2 "))
    text = values(2.2)
    assert f"batch {history.batch_loss[1]:.3f}" in text
    assert f"test {history.test_loss[2]:.3f}" in text
    loss.canvas.cursor_moved.emit(4.0)
    assert f"test {percent(history.test_accuracy[3])}" in accuracy.legend.text()


@pytest.mark.parametrize("loss", [np.nan, np.inf, 1e30])
def test_an_infinite_evaluation_does_not_break_the_plots(window, session, loss):
    trainer = Trainer(session.config, session.data.dataset)
    trainer.step()
    trainer.recorder.record_evaluation(1, 0.1, loss, 0.1)
    session.run.snapshot_taken.emit(take_snapshot(trainer))
    assert np.isfinite(window.curves.loss.chart.line("test").y).all()
    window.actions_.log_scale.trigger()
    assert np.isfinite(window.curves.loss.chart.line("test").y).all()


@pytest.mark.parametrize("weight", [np.nan, np.inf, 3e38])
def test_a_diverged_network_is_drawn_and_has_no_prediction(qtbot, window, session, weight):
    draw_stroke(window.pad_panel.pad, [(0.3, 0.2), (0.7, 0.2), (0.45, 0.8)])
    qtbot.waitUntil(lambda: window.pad_panel.answer.bars.probabilities is not None)
    trainer = Trainer(session.config, session.data.dataset)
    trainer.network.parameters[::2] = weight
    session.run.snapshot_taken.emit(take_snapshot(trainer))
    window.repaint()
    assert window.pad_panel.answer.bars.probabilities is None
    assert window.pad_panel.answer.digit.text() == ""


def test_log_scale_is_one_click_away(qtbot, window):
    click(window, "epoch_button")
    qtbot.waitUntil(lambda: window.transport.epoch_count.text() == "1")
    qtbot.waitUntil(lambda: len(window.curves.loss.chart.line("smoothed").y) == 4)
    loss = window.curves.loss.chart.line("smoothed").y
    click(window, "log_scale_button")
    np.testing.assert_allclose(window.curves.loss.chart.line("smoothed").y, np.log10(loss))
    QTest.keyClick(window, Qt.Key.Key_L)
    np.testing.assert_array_equal(window.curves.loss.chart.line("smoothed").y, loss)


def test_drawing_shows_a_prediction_and_clearing_removes_it(qtbot, window):
    pad, bars = window.pad_panel.pad, window.pad_panel.answer.bars
    assert bars.probabilities is None
    draw_stroke(pad, [(0.3, 0.2), (0.7, 0.2), (0.45, 0.8)])
    qtbot.waitUntil(lambda: bars.probabilities is not None)
    assert bars.probabilities.sum() == pytest.approx(1, abs=1e-5)
    # The mean of the image and of it moved decides, and the bars are those of the image.
    prediction = window.pad_panel.model.prediction
    np.testing.assert_array_equal(bars.probabilities, prediction.probabilities)
    assert window.pad_panel.answer.digit.text() == str(prediction.digit)
    assert window.pad_panel.answer.input_view.image.max() == 255
    click(window, "clear_button")
    qtbot.waitUntil(lambda: bars.probabilities is None)
    assert window.pad_panel.answer.digit.text() == ""
    assert window.pad_panel.answer.input_view.image.max() == 0


def test_a_network_with_sigmoid_output_predicts_too(qtbot, window, session):
    choose(window, "output_combo", "sigmoid")
    choose(window, "initialization_combo", "zeros")
    draw_stroke(window.pad_panel.pad, [(0.3, 0.2), (0.7, 0.2), (0.45, 0.8)])
    bars = window.pad_panel.answer.bars
    qtbot.waitUntil(lambda: bars.probabilities is not None and bars.probabilities.sum() > 4)
    np.testing.assert_array_equal(bars.probabilities, 0.5)  # of weights that are all zero
    assert window.pad_panel.answer.digit.text() == "0"


def test_undo_reverts_one_stroke(qtbot, window):
    pad = window.pad_panel.pad
    draw_stroke(pad, [(0.3, 0.2), (0.3, 0.8)])
    first = pad.ink
    draw_stroke(pad, [(0.6, 0.2), (0.6, 0.8)])
    assert not np.array_equal(pad.ink, first)
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    np.testing.assert_array_equal(pad.ink, first)
    click(window, "undo_button")
    assert pad.is_blank


def test_the_prediction_follows_training(qtbot, window):
    draw_stroke(window.pad_panel.pad, [(0.3, 0.2), (0.7, 0.2), (0.45, 0.8)])
    bars = window.pad_panel.answer.bars
    qtbot.waitUntil(lambda: bars.probabilities is not None)
    untrained = bars.probabilities
    click(window, "epoch_button")
    qtbot.waitUntil(lambda: not np.array_equal(bars.probabilities, untrained))


def test_divergence_is_explained_and_offers_a_way_back(qtbot, window, session):
    window.settings_panel.hyperparameters.learning_rate.slider.setValue(10_000)
    rate = session.config.hyperparameters.learning_rate
    config = session.config
    good = GoodState(1_200, 0.03125, config.hyperparameters, config.network)
    error = TrainingDivergedError("Training stopped.", 12, good)
    session.run.divergence = error
    session.run.diverged.emit(error)
    assert messages(window)
    assert message(window) == "Training stopped."
    back = next(
        button
        for title, button in message_buttons(window).items()
        if "Go back to step 1,200 (loss 0.0312)" in title
    )
    QTest.mouseClick(back, Qt.MouseButton.LeftButton)
    assert not messages(window)
    assert session.config.hyperparameters.learning_rate == pytest.approx(rate / 10)
    assert float(child(window, "learning_rate_slider_field").text()) == pytest.approx(rate / 10)


def test_real_divergence_is_explained(qtbot, window, session):
    field = child(window, "learning_rate_slider_field")
    window.settings_panel.hyperparameters.learning_rate.slider.setValue(10_000)
    assert float(field.text()) == 10
    child(window, "l2_slider").setValue(100)
    session.set_hyperparameters(
        type(session.config.hyperparameters)(learning_rate=900, batch_size=50)
    )
    click(window, "play_button")
    qtbot.waitUntil(lambda: bool(messages(window)), timeout=10_000)
    assert "learning rate" in message(window)
    assert child(window, "play_button").text() == "Play"


def test_a_divergence_is_forgotten_when_the_run_is(qtbot, window, session):
    good = GoodState(0, None, session.config.hyperparameters, session.config.network)
    error = TrainingDivergedError("Stopped.", 12, good)
    for go_on in (session.play, session.restart):
        session.run.diverged.emit(error)
        assert messages(window)
        assert any("step 0 (untrained)" in title for title in message_buttons(window))
        go_on()
        assert not messages(window)


def test_a_bad_data_folder_is_still_reported_when_the_window_shows_strokes(
    qtbot, empty_window, session, monkeypatch
):
    def fail(*_):
        raise DataError("There is no MNIST in that folder.")

    monkeypatch.setattr(dataset_choice, "find_published", fail)
    monkeypatch.setattr(dataset_choice, "load_dataset", lambda *_: tiny_dataset())
    with qtbot.waitSignal(session.run_started):
        session.data.load_first()
    assert message(empty_window) == "There is no MNIST in that folder."
    assert messages(empty_window)


@pytest.mark.parametrize("layers", [0, 8])
def test_nothing_on_the_left_is_cut_off(qtbot, window, session, layers):
    panel = window.settings_panel
    panel.show_config(replace(session.config, network=NetworkConfig(hidden=(4096,) * layers)))
    qtbot.waitUntil(lambda: panel.widget().width() <= panel.viewport().width())
    field = child(window, "learning_rate_slider_field")
    right = field.mapTo(panel.viewport(), field.rect().topRight()).x()
    assert right < panel.viewport().width()


def test_a_failure_is_shown_and_can_be_dismissed(window, session):
    session.run.failed.emit("Something broke. Press Restart.")
    assert messages(window)
    QTest.mouseClick(message_buttons(window)["Dismiss"], Qt.MouseButton.LeftButton)
    assert not messages(window)


def test_loading_shows_a_bar_that_can_cancel(qtbot, window, session, monkeypatch):
    def endless(name, data_dir, progress):
        while True:
            progress(30, 100)

    monkeypatch.setattr(dataset_choice, "load_dataset", endless)
    window.actions_.use_mnist.trigger()
    assert child(window, "loading_bar").isVisible()
    assert not child(window, "play_button").isEnabled()
    qtbot.waitUntil(
        lambda: any("30 %" in w.text() for w in child(window, "loading_bar").findChildren(LiveText))
    )
    click(window, "cancel_loading_button")
    qtbot.waitUntil(lambda: not child(window, "loading_bar").isVisible())
    assert child(window, "play_button").isEnabled()


def test_a_data_set_that_cannot_be_loaded_is_explained(qtbot, window, session, monkeypatch):
    def fail(*_):
        raise DataError("No network. Choose a folder.")

    monkeypatch.setattr(dataset_choice, "load_dataset", fail)
    with qtbot.waitSignal(session.data.failed):
        window.actions_.use_mnist.trigger()
    assert message(window) == "No network. Choose a folder."
    assert child(window, "play_button").isEnabled()


def test_a_window_without_a_data_set_says_where_to_get_one(
    qtbot, empty_window, session, monkeypatch
):
    def endless(name, data_dir, progress):
        while True:
            progress(30, 100)

    monkeypatch.setattr(dataset_choice, "load_dataset", endless)
    session.data.choose("mnist")
    click(empty_window, "cancel_loading_button")
    qtbot.waitUntil(lambda: "No data set is loaded" in message(empty_window))
    assert list(message_buttons(empty_window)) == ["Use strokes", "Use MNIST", "Dismiss"]
    session.data.use(tiny_dataset())
    assert not messages(empty_window)


def test_mnist_is_offered_with_one_click(qtbot, window, session, monkeypatch):
    asked = []
    monkeypatch.setattr(session.data, "choose", asked.append)
    session.data.mnist_offered.emit()
    QTest.mouseClick(message_buttons(window)["Get MNIST"], Qt.MouseButton.LeftButton)
    assert asked == ["mnist"]


def test_the_layout_is_remembered(qtbot, themes, window, tmp_path):
    default = window.layout_.columns.saveState()
    window.layout_.columns.setSizes([300, 600, 380])
    changed = window.layout_.columns.saveState()
    assert changed != default
    window.close()
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    session = Session()
    second = MainWindow(session, themes, MyDigits(tmp_path / "mine"), settings)
    qtbot.addWidget(second)
    assert second.layout_.columns.saveState() == changed
    second.actions_.reset_layout.trigger()
    assert second.layout_.columns.saveState() != changed
    assert session.close()


def test_dark_and_light_differ_everywhere(qapp, themes, window):
    controller = themes
    pictures = []
    for action in window.actions_.scheme.actions()[1:]:
        action.trigger()
        pictures.append(window.grab().toImage())
    light, dark = pictures
    assert controller.theme.name == "dark"
    for x, y in ((5, 100), (640, 10), (640, 250), (640, 600), (1100, 200)):
        share_x, share_y = x / 1280, y / 800
        place = (int(share_x * light.width()), int(share_y * light.height()))
        assert light.pixelColor(*place).lightness() > dark.pixelColor(*place).lightness() + 100
    window.actions_.scheme.actions()[0].trigger()


def test_shortcuts_are_listed(qtbot, window):
    window.actions_.about.trigger()
    box = window.findChildren(QLabel)
    assert any(QKeySequence("Ctrl+Z").toString() in label.text() for label in box)


def test_closing_within_an_epoch_ends_everything(qtbot, window, session):
    click(window, "play_button")
    qtbot.waitUntil(lambda: window.transport.step_count.text() not in ("0", "1", "2"))
    thread = weakref.ref(session.run)
    window.close()
    assert session.run is None
    assert window.shutdown.unfinished == []
    assert thread() is None


def test_a_closed_window_stays_intact_until_qt_deletes_it(qapp, themes, session, tmp_path):
    """A garbage collection must not take the attributes of views that are still laid out."""
    window = MainWindow(session, themes, MyDigits(tmp_path / "mine"))
    window.show()
    window.close()
    still_there = weakref.ref(window)
    del window
    gc.collect()
    assert still_there() is not None
    still_there().deleteLater()
