"""Number fields use the user's locale; nothing that leaves the window does."""

import csv
import locale

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from core.settings.settings_text import read_settings, settings_text
from tests.gui.driving import child, click, type_into


@pytest.fixture
def set_locale():
    """Change the user's locale for the rest of the test."""
    before = QLocale()
    yield lambda name: QLocale.setDefault(QLocale(name))
    QLocale.setDefault(before)


@pytest.mark.parametrize("name", ["de_DE", "fr_FR", "en_US"])
def test_a_rate_typed_in_any_locale_is_copied_with_a_decimal_point(
    window, session, set_locale, name
):
    set_locale(name)
    typed = "0.05".replace(".", QLocale().decimalPoint())
    type_into(window, "learning_rate_slider_field", typed)
    assert session.config.hyperparameters.learning_rate == 0.05
    assert child(window, "learning_rate_slider_field").text() == typed
    window.actions_.copy_settings.trigger()
    text = QGuiApplication.clipboard().text()
    assert text == settings_text(session.config)
    assert "learning_rate = 0.05" in text
    assert read_settings(text).hyperparameters.learning_rate == 0.05


@pytest.mark.parametrize("name", ["de_DE", "fr_FR", "de_CH", "ar_EG", "C"])
def test_a_field_accepts_what_it_shows_in_any_locale(window, session, set_locale, name):
    set_locale(name)
    for field, typed, setting in (
        ("batch_size_slider_field", "10000", "batch_size"),
        ("learning_rate_slider_field", "0.00125", "learning_rate"),
        ("l2_slider_field", "1e-5", "l2"),
    ):
        type_into(window, field, typed)
        value = getattr(session.config.hyperparameters, setting)
        assert value == float(typed)
        shown = child(window, field).text()
        type_into(window, field, "0.05" if setting != "batch_size" else "3")
        assert getattr(session.config.hyperparameters, setting) != value
        # Simulated keys can type only Latin characters.
        child(window, field).setText(shown)
        child(window, field).editingFinished.emit()
        assert getattr(session.config.hyperparameters, setting) == value


def test_exported_curves_are_the_same_in_any_locale(
    qtbot, window, session, set_locale, tmp_path, monkeypatch
):
    click(window, "epoch_button")
    qtbot.waitUntil(lambda: window.transport.epoch_count.text() == "1")
    files = {}
    for name in ("C", "de_DE", "fr_FR"):
        set_locale(name)
        for suffix in (".csv", ".svg"):
            path = tmp_path / f"{name}{suffix}"
            monkeypatch.setattr(
                QFileDialog, "getSaveFileName", lambda *_, path=path: (str(path), "")
            )
            window.actions_.export_curves.trigger()
            files[name, suffix] = path.read_bytes()
    for suffix in (".csv", ".svg"):
        assert files["C", suffix] == files["de_DE", suffix] == files["fr_FR", suffix]
    rows = list(csv.DictReader(files["de_DE", ".csv"].decode().splitlines()))
    assert any("." in value and float(value) > 0 for value in rows[0].values() if value)


def test_python_keeps_the_locale_of_its_numbers(window):
    """Qt sets the C library's locale; Python's output must not depend on it."""
    assert f"{1234.5:,}" == "1,234.5"
    assert locale.localeconv()["decimal_point"] == "."
