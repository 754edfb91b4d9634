from dataclasses import fields, replace

import pytest
from PySide6.QtWidgets import QLabel, QSlider

from core.settings.augmentation import DEFAULT_AUGMENTATION, NO_AUGMENTATION, Augmentation
from core.settings.config import OPTIMIZER_NAMES, SCHEDULE_NAMES, Hyperparameters, RunConfig
from core.training.snapshot import take_snapshot
from core.training.trainer import Trainer
from gui.settings.hyperparameter_settings import HyperparameterSettings
from tests.core.digits import tiny_dataset
from tests.gui.driving import child, choose, type_into


@pytest.fixture
def panel(qtbot):
    """The settings, connected as to a session, with every section open."""
    panel = HyperparameterSettings()
    panel.changes = []
    panel.hyperparameters_changed.connect(panel.changes.append)
    panel.hyperparameters_changed.connect(panel.show_hyperparameters)
    qtbot.addWidget(panel)
    for section in panel.sections:
        section.set_open(True)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def snapshot_after(epochs, hyperparameters):
    trainer = Trainer(RunConfig(hyperparameters=hyperparameters), tiny_dataset())
    while trainer.epoch < epochs:
        trainer.step()
    return take_snapshot(trainer)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("learning_rate_slider_field", "0.05", {"learning_rate": 0.05}),
        ("batch_size_slider_field", "100", {"batch_size": 100}),
        ("l2_slider_field", "0.001", {"l2": 0.001}),
        ("dropout_slider_field", "0.25", {"dropout": 0.25}),
        ("warm_up_slider_field", "2", {"warm_up": 2.0}),
        ("epochs_field", "30", {"epochs": 30}),
        ("target_accuracy_field", "98", {"target_accuracy": 0.98}),
        ("patience_field", "5", {"patience": 5}),
    ],
)
def test_each_field_sets_only_its_own_setting(panel, field, text, value):
    type_into(panel, field, text)
    assert panel.changes == [replace(Hyperparameters(), **value)]


@pytest.mark.parametrize(
    "name", ["learning_rate", "batch_size", "l2", "dropout", "momentum", "warm_up"]
)
def test_each_slider_sets_its_setting(panel, name):
    panel.show_hyperparameters(Hyperparameters(optimizer="adam", momentum=0.5))
    slider = child(panel, f"{name}_slider", QSlider)
    slider.setValue(slider.value() + 1)
    (changed,) = panel.changes
    before = Hyperparameters(optimizer="adam", momentum=0.5)
    differing = [
        f.name for f in fields(changed) if getattr(changed, f.name) != getattr(before, f.name)
    ]
    assert differing == [name]
    assert getattr(changed, name) > getattr(before, name)


@pytest.mark.parametrize("optimizer", OPTIMIZER_NAMES)
def test_every_optimizer_can_be_chosen(panel, optimizer):
    choose(panel, "optimizer_combo", optimizer)
    assert panel.changes[-1].optimizer == optimizer
    assert child(panel, "momentum_slider").isVisible() == (optimizer != "sgd")


def test_an_unused_momentum_is_not_kept(panel):
    choose(panel, "optimizer_combo", "momentum")
    type_into(panel, "momentum_slider_field", "0.5")
    assert panel.changes[-1].momentum == 0.5
    choose(panel, "optimizer_combo", "sgd")
    assert panel.changes[-1] == Hyperparameters()


def test_an_unusual_learning_rate_gets_a_remark(panel):
    assert panel.rate_now.text() == ""
    choose(panel, "optimizer_combo", "adam")
    assert panel.rate_now.text() == "usual: 0.001"
    assert panel.rate_now.toolTip() == "A usual learning rate for Adam is 0.001."
    type_into(panel, "learning_rate_slider_field", "0.002")
    assert panel.rate_now.text() == ""


# --- schedule, stopping -----------------------------------------------------------------------


@pytest.mark.parametrize("schedule", SCHEDULE_NAMES)
def test_a_schedule_gets_a_number_of_epochs(panel, schedule):
    choose(panel, "schedule_combo", schedule)
    assert panel.changes[-1].schedule == schedule
    assert panel.changes[-1].epochs == (None if schedule == "constant" else 20)


def test_a_new_end_is_ahead_of_a_long_run(panel):
    panel.show_snapshot(snapshot_after(3, Hyperparameters()))
    choose(panel, "schedule_combo", "cosine")
    assert panel.changes[-1].epochs == 23


def test_an_existing_number_of_epochs_stays(panel):
    type_into(panel, "epochs_field", "7")
    choose(panel, "schedule_combo", "cosine")
    assert panel.changes[-1].epochs == 7


def test_the_end_of_a_schedule_cannot_be_removed(panel):
    choose(panel, "schedule_combo", "step")
    panel.changes.clear()
    type_into(panel, "epochs_field", "")
    assert panel.changes == []
    assert child(panel, "epochs_field").text() == "20"
    choose(panel, "schedule_combo", "constant")
    type_into(panel, "epochs_field", "")
    assert panel.changes[-1].epochs is None


def test_a_warm_up_ends_with_the_run(panel):
    type_into(panel, "warm_up_slider_field", "15")
    type_into(panel, "epochs_field", "10")
    assert (panel.changes[-1].epochs, panel.changes[-1].warm_up) == (10, 10)
    type_into(panel, "warm_up_slider_field", "50")
    assert panel.changes[-1].warm_up == 10
    assert child(panel, "warm_up_slider_field").text() == "10"
    child(panel, "warm_up_slider", QSlider).setValue(0)
    assert panel.changes[-1].warm_up == 0


def test_a_run_past_its_end_is_reported(panel):
    def message():
        return [
            w for w in panel.findChildren(QLabel) if "past this end" in w.text() and w.isVisible()
        ]

    type_into(panel, "epochs_field", "2")
    panel.show_snapshot(snapshot_after(2, Hyperparameters()))
    assert not message()
    panel.show_snapshot(snapshot_after(3, Hyperparameters()))
    assert message()
    type_into(panel, "epochs_field", "10")
    assert not message()


def test_the_current_learning_rate_is_shown_where_it_changes(panel):
    panel.show_snapshot(snapshot_after(2, Hyperparameters()))
    assert panel.rate_now.text() == ""
    cosine = Hyperparameters(learning_rate=0.1, schedule="cosine", epochs=4, batch_size=200)
    panel.show_hyperparameters(cosine)  # while it is paused, after two of four epochs
    assert panel.rate_now.text() == "now 0.05"
    snapshot = snapshot_after(3, cosine)
    panel.show_snapshot(snapshot)
    assert panel.rate_now.text() == f"now {snapshot.learning_rate:.3g}"
    assert 0 < snapshot.learning_rate < 0.02


# --- data augmentation ------------------------------------------------------------------------


def test_augmentation_can_be_default_or_off(panel):
    assert not child(panel, "shift_slider").isVisible()
    choose(panel, "augmentation_combo", "Default")
    assert panel.changes[-1].augmentation == DEFAULT_AUGMENTATION
    assert child(panel, "shift_slider").isVisible()
    choose(panel, "augmentation_combo", "Off")
    assert panel.changes[-1].augmentation == NO_AUGMENTATION
    assert not child(panel, "shift_slider").isVisible()


@pytest.mark.parametrize("field", [f.name for f in fields(Augmentation)])
def test_a_custom_strength(panel, field):
    choose(panel, "augmentation_combo", "Default")
    slider = child(panel, f"{field}_slider", QSlider)
    slider.setValue(slider.value() + 1)
    own = panel.changes[-1].augmentation
    assert replace(own, **{field: getattr(DEFAULT_AUGMENTATION, field)}) == DEFAULT_AUGMENTATION
    assert getattr(own, field) > getattr(DEFAULT_AUGMENTATION, field)
    assert child(panel, "augmentation_combo").currentText() == "Custom"


def test_custom_starts_with_the_default_and_stays_open_at_zero(panel):
    choose(panel, "augmentation_combo", "Custom")
    assert panel.changes[-1].augmentation == DEFAULT_AUGMENTATION
    assert child(panel, "augmentation_combo").currentText() == "Custom"
    for name in ("shift", "rotation", "scale", "shear", "elastic"):
        child(panel, f"{name}_slider", QSlider).setValue(0)
    assert not panel.changes[-1].augmentation.is_on
    assert child(panel, "shift_slider").isVisible()


def test_augmentation_set_by_a_preset_is_named(panel):
    choose(panel, "augmentation_combo", "Custom")
    combo = child(panel, "augmentation_combo")
    for augmentation, name in (
        (Augmentation(shift=3), "Custom"),
        (DEFAULT_AUGMENTATION, "Default"),
        (NO_AUGMENTATION, "Off"),
    ):
        panel.show_hyperparameters(Hyperparameters(augmentation=augmentation))
        assert combo.currentText() == name


# --- summaries of closed sections -------------------------------------------------------------


def test_sections_say_what_is_set(panel):
    def summaries():
        return [section.header.summary for section in panel.sections]

    assert summaries() == ["SGD", "off", "off", "constant"]
    panel.show_hyperparameters(
        Hyperparameters(
            optimizer="adam",
            l2=0.0001,
            dropout=0.2,
            augmentation=DEFAULT_AUGMENTATION,
            schedule="one-cycle",
            epochs=20,
            warm_up=1.5,
            target_accuracy=0.985,
            patience=3,
        )
    )
    assert summaries() == [
        "Adam 0.9",
        "L2 0.0001, dropout 0.2",
        "default",
        "one cycle, 20 epochs, warm-up 1.5, to 98.5 %, patience 3",
    ]
