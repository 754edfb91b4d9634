"""The learning-rate test in the window: what it shows, and that it leaves the run alone."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from core.colors import LIGHT
from core.settings.config import OPTIMIZER_NAMES, Hyperparameters, NetworkConfig
from core.training.learning_rate_test import HIGHEST_RATE, LOWEST_RATE
from core.training.trainer import Trainer
from gui.rate_test import rate_test_thread
from gui.rate_test.rate_chart import rate_chart
from gui.training.state import State
from tests.core.digits import tiny_dataset
from tests.gui.driving import child, click, message, type_into
from tests.gui.window.fitting import faults

LONG = 600.0
"""Seconds: a test that takes so long runs until it is cancelled."""


@pytest.fixture(autouse=True)
def _fast(monkeypatch):
    """No test waits to let a person see the curve grow."""
    monkeypatch.setattr(rate_test_thread, "LEAST_SECONDS", 0.0)


@pytest.fixture
def slow(monkeypatch):
    monkeypatch.setattr(rate_test_thread, "LEAST_SECONDS", LONG)


def shown(window):
    """Return what the chart shows, as text."""
    return child(window, "rate_chart").accessibleDescription()


def close_button(window):
    return child(window, "close_rate_test_button", QPushButton)


def is_over(window):
    return close_button(window).isVisible() and close_button(window).text() == "Close"


def run_test(qtbot, window):
    """Test, and wait for the end."""
    click(window, "learning_rate_test")
    qtbot.waitUntil(lambda: is_over(window), timeout=20_000)


def use_network(qtbot, session, network):
    """Begin a run of this network."""
    with qtbot.waitSignal(session.run_started):
        session.set_network(network)


def copy_of(qtbot, session):
    """Return a copy of the run's state."""
    with qtbot.waitSignal(session.run.copied) as blocker:
        session.run.mailbox.ask_for_checkpoint()
    return blocker.args[0].checkpoint


class TestResult:
    def test_a_rate_is_found_and_used(self, qtbot, window, session):
        type_into(window, "batch_size_slider_field", "20")
        run_test(qtbot, window)
        assert "The loss falls fastest at a rate of" in shown(window)
        use = child(window, "use_learning_rate_button", QPushButton)
        before = session.config.hyperparameters
        click(window, "use_learning_rate_button")
        rate = session.config.hyperparameters.learning_rate
        assert use.text() == f"Use {rate:g}"
        assert LOWEST_RATE < rate < HIGHEST_RATE
        assert session.config.hyperparameters == replace(before, learning_rate=rate)
        assert float(child(window, "learning_rate_slider_field").text()) == rate
        assert not child(window, "rate_test_card").isVisible()
        click(window, "step_button")
        qtbot.waitUntil(lambda: session.state is State.PAUSED)
        assert copy_of(qtbot, session).hyperparameters.learning_rate == rate

    @pytest.mark.parametrize("hidden", [(), (8,) * 8], ids=["none", "eight"])
    @pytest.mark.parametrize("optimizer", OPTIMIZER_NAMES)
    def test_every_optimizer_and_number_of_layers(self, qtbot, window, session, optimizer, hidden):
        use_network(qtbot, session, NetworkConfig(hidden=hidden))
        session.set_hyperparameters(Hyperparameters(optimizer=optimizer, batch_size=20))
        run_test(qtbot, window)
        assert shown(window).count(".") >= 2
        assert "the run is not changed; its schedule is ignored" in subject(window).lower()
        assert str(session.config.network) in subject(window)

    def test_full_batch(self, qtbot, window):
        type_into(window, "batch_size_slider_field", "60000")
        run_test(qtbot, window)
        assert "batches of 200." in subject(window)
        assert shown(window)

    def test_batches_are_not_so_large_that_it_takes_minutes(self, qtbot, window, session):
        with qtbot.waitSignal(session.run_started):
            session.data.use(tiny_dataset(train=10_001))
        type_into(window, "batch_size_slider_field", "60000")
        click(window, "learning_rate_test")
        qtbot.waitUntil(lambda: "instead of" in subject(window))
        assert "batches of 10,000 instead of 10,001" in subject(window)

    def test_chart_has_a_logarithmic_axis_and_marks_in_words(self, qtbot, window):
        type_into(window, "batch_size_slider_field", "20")
        run_test(qtbot, window)
        result = window.rate_test.card.chart.result
        chart = rate_chart(result, LIGHT)
        assert chart.is_log_x
        raw, smoothed = chart.lines
        assert 10**raw.x == pytest.approx(result.rates)
        assert np.array_equal(raw.y, result.losses)
        assert np.array_equal(smoothed.y, result.smoothed)
        assert 10 ** chart.marks[0] == pytest.approx(result.steepest)
        assert chart.mark_labels[0].startswith("falls fastest at")

    def test_picture_can_be_copied(self, qtbot, window):
        run_test(qtbot, window)
        QGuiApplication.clipboard().clear()
        chart = child(window, "rate_chart")
        chart.actions()[0].trigger()
        image = QGuiApplication.clipboard().image()
        assert image.width() >= 2 * chart.width()


def subject(window):
    return child(window, "rate_test_subject").text()


class TestRun:
    def test_playing_run_has_the_same_bits(self, qtbot, window, session):
        session.set_hyperparameters(
            Hyperparameters(learning_rate=0.001, optimizer="adam", dropout=0.2, batch_size=20)
        )
        click(window, "play_button")
        qtbot.waitUntil(lambda: session.run.moment[0] > 3)
        run_test(qtbot, window)
        assert session.state is State.RUNNING
        assert "Adam" in subject(window)
        session.pause()
        after = copy_of(qtbot, session)
        trainer = Trainer(session.config, tiny_dataset())
        while trainer.step_count < after.step:
            trainer.step()
        assert np.array_equal(after.parameters, trainer.network.parameters)
        assert after.noise_state == trainer.checkpoint().noise_state

    def test_changes_of_the_run_are_said(self, qtbot, window, session):
        run_test(qtbot, window)
        type_into(window, "learning_rate_slider_field", "0.2")
        assert "changed since" not in subject(window)
        type_into(window, "batch_size_slider_field", "10")
        assert "changed since" in subject(window)
        click(window, "test_again_button")
        qtbot.waitUntil(lambda: is_over(window))
        assert "changed since" not in subject(window)
        session.restart()
        assert "changed since" in subject(window)

    def test_run_that_is_replaced_before_it_answers(self, qtbot, window, session):
        click(window, "learning_rate_test")
        session.restart()
        qtbot.waitUntil(lambda: is_over(window))

    def test_without_data_it_says_why(self, empty_window):
        click(empty_window, "learning_rate_test")
        assert "no network to test yet" in message(empty_window)
        assert not child(empty_window, "rate_test_card").isVisible()

    def test_after_the_loss_has_exploded_it_says_why(self, qtbot, window, session):
        network = NetworkConfig(hidden=(16,), initialization="constant", initial_scale=1000.0)
        use_network(qtbot, session, network)
        session.set_hyperparameters(Hyperparameters(learning_rate=10.0, batch_size=20))
        with qtbot.waitSignal(session.run.diverged):
            session.play()
        click(window, "learning_rate_test")
        assert "has exploded" in message(window)
        assert not child(window, "rate_test_card").isVisible()


@pytest.mark.usefixtures("slow")
class TestEnd:
    def begin(self, qtbot, window):
        click(window, "learning_rate_test")
        chart = window.rate_test.card.chart
        qtbot.waitUntil(lambda: chart.result is not None)

    def test_cancel_ends_it_at_once(self, qtbot, window, session):
        self.begin(qtbot, window)
        assert close_button(window).text() == "Cancel"
        assert not child(window, "use_learning_rate_button").isEnabled()
        before = session.config
        click(window, "close_rate_test_button")
        assert not child(window, "rate_test_card").isVisible()
        assert session.config == before
        assert window.rate_test.close(1_000)

    def test_escape_cancels(self, qtbot, window):
        self.begin(qtbot, window)
        QTest.keyClick(window, Qt.Key.Key_Escape)
        assert not child(window, "rate_test_card").isVisible()

    def test_closing_the_window_ends_it(self, qtbot, window):
        self.begin(qtbot, window)
        window.close()
        assert window.shutdown.unfinished == []

    def test_closing_before_the_run_has_answered(self, window):
        click(window, "learning_rate_test")
        window.close()
        assert window.shutdown.unfinished == []

    def test_another_test_replaces_it(self, qtbot, window, monkeypatch):
        self.begin(qtbot, window)
        monkeypatch.setattr(rate_test_thread, "LEAST_SECONDS", 0.0)
        run_test(qtbot, window)


class TestPlace:
    @pytest.mark.parametrize("size", [(960, 530), (1280, 800)], ids=["drawer", "column"])
    def test_it_covers_no_setting_and_moves_none(self, qtbot, window, session, size):
        use_network(qtbot, session, NetworkConfig(hidden=(1000,) * 8))
        window.resize(*size)
        window.actions_.settings_shown.setChecked(True)
        button = child(window, "learning_rate_test")
        qtbot.waitUntil(button.isVisible)
        before = place(button, window)
        click(window, "learning_rate_test")
        card = child(window, "rate_test_card")
        assert place(button, window) == before
        assert not place(window.settings_panel, window).intersects(card.geometry())
        assert window.rect().contains(card.geometry())
        qtbot.waitUntil(lambda: "steps" in subject(window), timeout=20_000)
        type_into(window, "l2_slider_field", "0.01")
        assert [fault for fault in faults(window) if "rate" in fault] == []

    def test_by_keyboard(self, qtbot, window):
        button = child(window, "learning_rate_test")
        button.setFocus()
        QTest.keyClick(button, Qt.Key.Key_Space)
        assert QApplication.focusWidget() is close_button(window)
        qtbot.waitUntil(lambda: is_over(window))
        QTest.keyClick(close_button(window), Qt.Key.Key_Tab)
        assert QApplication.focusWidget().objectName() == "use_learning_rate_button"
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
        assert QApplication.focusWidget() is button

    def test_button_is_named(self, window):
        button = child(window, "learning_rate_test")
        assert button.accessibleName() == "Test learning rates"
        assert "The run is not changed" in button.toolTip()
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus


def place(widget, window):
    return QRect(widget.mapTo(window, QPoint()), widget.size())
