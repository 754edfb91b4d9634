"""The left column in the window: what each control does to the run."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSlider, QWidget

from core.my_digits.my_digits import MyDigits
from core.settings.augmentation import DEFAULT_AUGMENTATION
from core.settings.config import (
    ACTIVATION_NAMES,
    INITIALIZATION_NAMES,
    OUTPUT_NAMES,
    Hyperparameters,
    NetworkConfig,
)
from core.settings.presets import PRESETS
from gui.training.session import Session
from gui.training.state import State
from gui.window.main_window import MainWindow
from tests.gui.driving import child, choose, click, message, messages, type_into

SECTIONS = (
    "optimizer_section",
    "regularization_section",
    "augmentation_section",
    "schedule_section",
    "on_change_section",
    "preset_section",
    "weights_section",
    "validation_section",
)
FOLDED = (
    "optimizer_combo on_change_combo preset_combo l2_slider "
    "dropout_slider augmentation_combo schedule_combo epochs_field warm_up_slider "
    "target_accuracy_field patience_field output_combo initialization_combo validation_slider "
    "seed_field new_seed_button"
)
EVERYTHING = Hyperparameters(
    optimizer="nesterov",
    learning_rate=2,
    schedule="cosine",
    epochs=20,
    augmentation=replace(DEFAULT_AUGMENTATION, shift=2),
)


@pytest.fixture
def runs(session):
    """Grows by one whenever a run starts."""
    begun = []
    session.run_started.connect(lambda: begun.append(session.config))
    return begun


def test_every_setting_is_one_click_away(window):
    for name in FOLDED.split():
        assert not child(window, name).isVisible()
    for section in SECTIONS:
        click(window, section)
    for name in FOLDED.split():
        assert child(window, name).isVisible(), name


@pytest.mark.parametrize(
    ("section", "last"),
    [("weights_section", "initialization_combo"), ("validation_section", "seed_field")],
)
def test_a_section_opened_at_the_bottom_is_scrolled_into_view(
    qtbot, window, session, section, last
):
    session.set_network(NetworkConfig(hidden=(32,) * 8))
    panel = window.settings_panel
    bar = panel.verticalScrollBar()
    qtbot.waitUntil(bar.isVisible)
    panel.ensureWidgetVisible(child(window, section), 0, 0)
    before = bar.value()
    click(window, section)
    control = child(window, last)

    def bottom():
        return control.mapTo(panel.viewport(), QPoint(0, control.height())).y()

    qtbot.waitUntil(lambda: bar.value() > before)
    assert bottom() <= panel.viewport().height()


def test_every_control_has_a_tool_tip_and_an_accessible_name(window, session):
    session.set_hyperparameters(EVERYTHING)
    session.set_network(NetworkConfig(initialization="constant"))
    panel = window.settings_panel
    panel.open_only(SECTIONS)
    controls = [w for w in panel.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus]
    controls = [w for w in controls if w.isVisible() and w.objectName()]
    assert len(controls) > 40
    for control in controls:
        assert control.toolTip(), control.objectName()
        text = getattr(control, "text", str)()
        assert control.accessibleName() or text, control.objectName()


@pytest.mark.parametrize("layers", [0, 8])
def test_nothing_is_cut_off_however_much_is_open(qtbot, window, session, layers):
    panel = window.settings_panel
    network = NetworkConfig(
        hidden=(4096,) * layers, activations=("leaky-relu",), initialization="constant"
    )
    panel.show_config(
        replace(session.config, network=network, hyperparameters=EVERYTHING, validation=50_000)
    )
    panel.open_only(SECTIONS)
    window.layout_.columns.setSizes([1, 1000, 300])  # as narrow as it gets
    qtbot.waitUntil(lambda: panel.verticalScrollBar().isVisible())
    qtbot.waitUntil(lambda: panel.widget().width() <= panel.viewport().width())
    for control in panel.widget().findChildren(QWidget):
        if control.isVisible() and control.objectName() and "qt_" not in control.objectName():
            right = control.mapTo(panel.widget(), QPoint(control.width(), 0)).x()
            assert right <= panel.widget().width() - 12, control.objectName()


def test_the_wheel_scrolls_without_changing_values(qtbot, window, session):
    session.set_hyperparameters(EVERYTHING)
    panel = window.settings_panel
    panel.open_only(SECTIONS)
    before = session.config
    controls = [*panel.findChildren(QSlider)]
    controls += [w for w in panel.findChildren(QWidget) if w.objectName().endswith("combo")]
    assert len(controls) > 15
    for control in controls:
        control.setFocus()  # a control that was dragged last is no exception
        middle = QPointF(control.rect().center())
        event = QWheelEvent(
            middle,
            control.mapToGlobal(middle),
            QPoint(),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(control, event)
    assert session.config == before


def test_what_is_needed_all_the_time_is_in_sight(window):
    for name in (
        "learning_rate_slider",
        "batch_size_slider",
        "layer_size_slider_0",
        "network_sketch",
        "dataset_combo",
    ):
        assert child(window, name).isVisible(), name


def test_no_slider_moves_by_itself(qapp, window, session):
    """An advice line, a scroll bar, or a remark on the run's end must not move one."""
    panel = window.settings_panel
    panel.open_only(["schedule_section"])
    window.resize(1280, 700)
    names = ("learning_rate_slider", "batch_size_slider", "layer_size_slider_0", "warm_up_slider")

    def places():
        qapp.processEvents()
        content = panel.widget()
        at = [child(window, name).mapTo(content, QPoint(0, 0)) for name in names]
        return [place.toTuple() for place in at], child(window, names[0]).width()

    before = places()
    rate = child(window, "learning_rate_slider", QSlider)
    rate.setValue(rate.maximum())
    assert places() == before
    epochs = replace(session.config.hyperparameters, epochs=2)
    panel.hyperparameters.show_hyperparameters(epochs)
    panel.hyperparameters.sections[-1]._body._past_end.show()
    assert places() == before
    panel.open_only([])
    narrow = child(window, names[0]).width()
    window.resize(1280, 1200)
    qapp.processEvents()
    assert not panel.verticalScrollBar().isVisible()
    assert child(window, names[0]).width() == narrow


def test_the_button_that_adds_a_layer_stays_under_the_mouse(qapp, window, session):
    add = child(window, "add_layer_button")
    place = add.mapToGlobal(QPoint(0, 0))
    for _ in range(3):
        click(window, "add_layer_button")
        qapp.processEvents()
        assert add.mapToGlobal(QPoint(0, 0)) == place


# --- presets ----------------------------------------------------------------------------------


def test_a_preset_sets_everything(window, session, subtests):
    for preset in PRESETS:
        with subtests.test(preset=preset.name):
            session.set_hyperparameters(EVERYTHING)
            session.set_network(
                NetworkConfig(hidden=(7,), output="sigmoid", initialization="zeros")
            )
            combo = child(window, "preset_combo")
            assert combo.currentText() == "Custom"
            choose(window, "preset_combo", preset)
            assert session.config.network == preset.network
            assert session.config.hyperparameters == preset.hyperparameters
            assert combo.currentText() == preset.title
            assert (
                combo.itemData(combo.currentIndex(), Qt.ItemDataRole.ToolTipRole) == preset.remark
            )


def test_a_change_and_its_undo_restore_the_preset(window, session, subtests):
    for preset in PRESETS:
        with subtests.test(preset=preset.name):
            choose(window, "preset_combo", preset)
            combo = child(window, "preset_combo")
            before = session.config
            child(window, "layer_size_slider_0", QSlider).setValue(5)
            assert combo.currentText() == "Custom"
            type_into(window, "layer_size_slider_0_field", f"{preset.network.hidden[0]}")
            assert combo.currentText() == preset.title
            rate = preset.hyperparameters.learning_rate
            type_into(window, "learning_rate_slider_field", f"{rate / 2}")
            assert combo.currentText() == "Custom"
            type_into(window, "learning_rate_slider_field", f"{rate}")
            assert session.config == before


def test_custom_is_not_a_preset_to_choose(window, session):
    before = session.config
    choose(window, "preset_combo", None)
    assert session.config == before
    assert child(window, "preset_combo").currentText() == PRESETS[0].title


# --- what starts a new run --------------------------------------------------------------------


def test_each_layer_has_its_own_activation(qtbot, window, session, runs, subtests):
    for activation in ACTIVATION_NAMES:
        with subtests.test(activation=activation):
            runs.clear()
            choose(window, "activation_combo_1", "identity")
            choose(window, "activation_combo_0", activation)
            assert session.config.network.layer_activations == (activation, "identity")
            qtbot.waitUntil(lambda: len(runs) == 1)
            assert runs == [session.config]
            assert child(window, "activation_combo_0").currentData() == activation


def test_an_added_layer_uses_the_activation_of_the_last_one(window, session):
    choose(window, "activation_combo_1", "tanh")
    click(window, "add_layer_button")
    assert session.config.network.layer_activations == ("relu", "tanh", "tanh")
    assert child(window, "activation_combo_2").currentData() == "tanh"
    for _ in range(3):
        click(window, "remove_layer_button")
    assert session.config.network.hidden == ()
    assert not [w for w in window.findChildren(QWidget) if "activation_combo" in w.objectName()]


def test_output_and_weights(qtbot, window, session, runs, subtests):
    click(window, "weights_section")
    for output in OUTPUT_NAMES:
        for initialization in INITIALIZATION_NAMES:
            with subtests.test(output=output, initialization=initialization):
                before = session.config.network
                runs.clear()
                choose(window, "output_combo", output)
                choose(window, "initialization_combo", initialization)
                assert session.config.network == replace(
                    PRESETS[0].network, output=output, initialization=initialization
                )
                is_constant = initialization == "constant"
                assert child(window, "initial_scale_field").isVisible() == is_constant
                if session.config.network != before:
                    qtbot.waitUntil(lambda: len(runs) == 1)


def test_the_scale_of_the_weights(window, session):
    click(window, "weights_section")
    choose(window, "initialization_combo", "constant")
    type_into(window, "initial_scale_field", "0.5")
    assert session.config.network.initial_scale == 0.5
    assert child(window, "weights_section").summary == "softmax, N(0, 1) · 0.5"
    choose(window, "initialization_combo", "he")
    assert session.config.network == PRESETS[0].network  # the scale is not used, and forgotten
    assert child(window, "weights_section").summary == "softmax, He"


def test_validation_begins_a_run_that_holds_images_out(qtbot, window, session, runs):
    click(window, "validation_section")
    type_into(window, "validation_slider_field", "40")
    assert session.config.validation == 40
    qtbot.waitUntil(lambda: len(runs) == 1)
    click(window, "epoch_button")
    with qtbot.waitSignal(
        session.run.snapshot_taken, check_params_cb=lambda s: s.epoch == 1
    ) as taken:
        pass
    assert taken.args[0].step == 3  # 160 images in batches of 64
    assert child(window, "validation_section").summary == "40, seed 0"


def test_a_split_that_leaves_no_training_images_is_reported_and_can_be_undone(
    qtbot, window, session
):
    type_into(window, "validation_slider_field", "500")
    qtbot.waitUntil(lambda: bool(messages(window)))
    assert "leaves nothing to train on" in message(window)
    click(window, "play_button")  # fails again, and says so again
    qtbot.waitUntil(lambda: session.state is State.PAUSED)
    qtbot.waitUntil(lambda: bool(messages(window)))
    type_into(window, "validation_slider_field", "100")
    click(window, "play_button")
    qtbot.waitUntil(lambda: int(window.transport.step_count.text().replace(",", "")) > 3)
    assert not messages(window)


def test_a_seed_can_be_typed_and_drawn(qtbot, window, session, runs):
    click(window, "validation_section")
    type_into(window, "seed_field", "12")
    assert session.config.seed == 12
    type_into(window, "seed_field", "half")
    assert session.config.seed == 12
    QTest.keyClick(child(window, "seed_field"), Qt.Key.Key_Escape)
    assert child(window, "seed_field").text() == "12"
    click(window, "new_seed_button")
    assert session.config.seed != 12
    seed = f"{session.config.seed:,}"
    assert child(window, "validation_section").summary == f"none, seed {seed}"
    qtbot.waitUntil(lambda: len(runs) == 1)


# --- what takes effect at the next step -------------------------------------------------------


def test_live_settings_do_not_restart_the_run(qtbot, window, session, runs):
    click(window, "play_button")
    for name in ("batch_size_slider", "dropout_slider", "learning_rate_slider", "l2_slider"):
        slider = child(window, name, QSlider)
        for _ in range(3):
            slider.setValue(slider.value() + 1)
    choose(window, "optimizer_combo", "momentum")
    choose(window, "augmentation_combo", "Default")
    choose(window, "schedule_combo", "cosine")
    type_into(window, "epochs_field", "1000000")
    wanted = session.config.hyperparameters
    assert wanted.batch_size == 512
    assert wanted.dropout == 0.15
    with qtbot.waitSignal(
        session.run.snapshot_taken,
        check_params_cb=lambda s: s.config.hyperparameters == wanted and s.step > 0,
    ) as taken:
        pass
    assert session.state is State.RUNNING
    assert len(taken.args[0].history.batch_loss) >= taken.args[0].step
    assert runs == []
    choose(window, "output_combo", "sigmoid")
    qtbot.waitUntil(lambda: len(runs) == 1)
    assert session.state is State.RUNNING


def test_the_learning_rate_of_a_schedule_visibly_falls(qtbot, window):
    choose(window, "schedule_combo", "cosine")
    type_into(window, "epochs_field", "2")
    click(window, "epoch_button")
    qtbot.waitUntil(lambda: window.transport.epoch_count.text() == "1")
    now = window.settings_panel.hyperparameters.rate_now.text()
    assert 0.02 < float(now.removeprefix("now ")) < 0.06


# --- remembered settings ----------------------------------------------------------------------


def test_open_sections_are_remembered(qtbot, themes, window, tmp_path):
    click(window, "schedule_section")
    click(window, "weights_section")
    window.close()
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    session = Session()
    second = MainWindow(session, themes, MyDigits(tmp_path / "mine"), settings)
    qtbot.addWidget(second)
    assert second.settings_panel.open_sections == ["schedule_section", "weights_section"]
    second.actions_.reset_layout.trigger()
    assert second.settings_panel.open_sections == []
    assert session.close()


@pytest.mark.parametrize("keeps", [True, False])
def test_the_switch_explains_what_changing_the_layers_does(qtbot, window, session, runs, keeps):
    choose(window, "on_change_combo", keeps)
    child(window, "learning_rate_slider", QSlider).setValue(20)
    click(window, "play_button")
    taken = []
    session.run.snapshot_taken.connect(taken.append)
    session.run_started.connect(lambda run: run.snapshot_taken.connect(taken.append))
    qtbot.waitUntil(lambda: bool(taken) and taken[-1].step > 3)
    child(window, "layer_size_slider_0", QSlider).setValue(12)
    choose(window, "activation_combo_1", "tanh")
    click(window, "add_layer_button")
    network = session.config.network
    assert network.layer_activations == ("relu", "tanh", "tanh")
    qtbot.waitUntil(lambda: taken[-1].network.sizes == network.sizes)
    assert taken[-1].config.network == network
    assert len(runs) == (0 if keeps else 1)
    if keeps:
        assert taken[-1].changes[-1].step > 3
