"""The user's locale is in all that the window shows, and in nothing that leaves it."""

import csv
import locale
import re
from datetime import datetime

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from core.settings.settings_text import read_settings, settings_text
from core.wording import written
from gui.widgets.locale import locale_marks, short_date
from gui.widgets.number_text import parse_number, write_number
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


def texts(window):
    """All texts of the window, those of charts and painted controls included."""
    for widget in window.findChildren(QWidget):
        yield from (widget.accessibleName(), widget.accessibleDescription())
        for name in ("text", "currentText", "placeholderText"):
            text = getattr(widget, name, None)
            if callable(text):
                yield text()


def test_numbers_are_shown_in_the_user_s_locale(qtbot, german, window):
    click(window, "epoch_button")
    qtbot.waitUntil(lambda: window.transport.epoch_count.text() == "1")
    qtbot.waitUntil(lambda: "%" in window.transport.accuracy.text())
    assert re.fullmatch(r"\d+,\d\d %", window.transport.accuracy.text())
    assert re.fullmatch(r"\d,\d{3}", window.transport.loss.text())
    type_into(window, "batch_size_slider_field", "10000")
    assert child(window, "batch_size_slider_field").text() == "10.000"
    for name in ("flow", "layers", "mistakes", "maths", "activations", "runs", "my_digits"):
        window.tabs.open(name)
    with_a_point = re.compile(r"\d\.\d(?!\d\d\b)")  # three digits after it may be thousands
    assert not [text for text in texts(window) if with_a_point.search(text)]


def test_a_date_is_as_the_user_writes_it(set_locale):
    time = datetime(2026, 3, 9, 14, 5).timestamp()
    shown = {}
    for name in ("de_DE", "en_US", "sv_SE"):
        set_locale(name)
        shown[name] = short_date(time)
    assert shown["de_DE"].startswith("09.03.26")
    assert shown["en_US"].startswith("3/9/26")
    assert shown["sv_SE"].startswith("2026-03-09")


@pytest.mark.parametrize("value", [-0.818, 1e-5, 12345.0, 1e6])
def test_a_field_writes_what_a_label_writes(set_locale, value):
    for name in ("de_DE", "en_US"):
        set_locale(name)
        assert write_number(value, locale_marks()) == written(value, "g", locale_marks())
        assert parse_number(write_number(value, locale_marks()), locale_marks()) == value
