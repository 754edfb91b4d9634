"""The panel of searches: what is chosen in it becomes a plan; what is wrong is said where it is."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.errors import ConfigError
from core.runs.search_record import SearchRecord
from core.search.search_progress import SearchProgress
from core.search.varied import parse_varied
from core.search.varied_settings import SETTINGS, setting_named
from core.settings.config import RunConfig
from gui.search import search_panel
from gui.search.search_panel import SearchPanel, duration, progress_text
from gui.search.value_lists import read_values, write_values
from gui.search.varied_row import VariedRow, default_of

CONFIG = RunConfig(validation=5_000)


@pytest.fixture
def panel(qtbot, monkeypatch):
    monkeypatch.setattr(search_panel, "missing_extras", lambda **_: "")
    panel = SearchPanel(CONFIG)
    qtbot.addWidget(panel)
    panel.resize(316, 480)
    panel.show()
    panel.show_images(60_000)
    return panel


def plan(panel):
    return panel.form.plan(panel._config, 60_000)


def started(panel):
    plans = []
    panel.start_wanted.connect(lambda plan, options: plans.append((plan, options)))
    panel.start.click()
    return plans


def test_start_hands_over_what_is_shown(panel):
    (made, options), *_ = started(panel)
    assert [str(varied) for varied in made.varied] == [
        "learning_rate=0.001..1:log",
        "batch_size=16,64,256",
    ]
    assert (made.sampler, made.trials, made.epochs, made.runs_per_trial) == ("random", 32, 1, 1)
    assert not made.stops_early
    assert made.config == CONFIG
    assert options == []


def test_everything_can_be_chosen(panel):
    form = panel.form
    form.sampler.setCurrentIndex(0)
    form.sampler.activated.emit(0)
    for field, text in ((form.trials, "9"), (form.epochs, "3"), (form.runs, "2")):
        field.setText(text)
        field.editingFinished.emit()
    form.stops_early.click()
    form.jobs.setText("1")
    form.jobs.editingFinished.emit()
    form.rows[0].points.setText("4")
    form.rows[0].points.editingFinished.emit()
    (made, options), *_ = started(panel)
    assert (made.sampler, made.trials, made.epochs, made.runs_per_trial) == ("grid", 9, 3, 2)
    assert made.stops_early
    assert made.varied[0].points == 4
    assert options == ["--jobs", "1"]
    form.cluster.setText("tcp://here:8786")
    assert form.options() == ["--cluster", "tcp://here:8786"]


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_has_a_row_that_says_what_it_shows(qtbot, setting):
    row = VariedRow(default_of(setting))
    qtbot.addWidget(row)
    assert row.varied() == default_of(setting)


@pytest.mark.parametrize(
    "text", ["learning_rate=0.1,0.01", "units=16..64", "hidden=none,128-64", "schedule=cosine"]
)
def test_a_row_shows_what_it_is_given(qtbot, text):
    row = VariedRow(default_of(SETTINGS[0]))
    qtbot.addWidget(row)
    row.show_varied(parse_varied(text))
    assert row.varied() == parse_varied(text)


def test_a_range_becomes_its_grid_and_a_list_its_ends(panel):
    row = panel.form.rows[0]
    for index, expected in (
        (1, "learning_rate=0.001,0.005623,0.03162,0.1778,1.0"),
        (0, "learning_rate=0.001..1:log"),
    ):
        row.kind.setCurrentIndex(index)
        row.kind.activated.emit(index)
        assert str(row.varied()) == expected


def test_rows_come_and_go(panel):
    form = panel.form
    form.add_button.click()
    assert [row.choice.currentData().name for row in form.rows] == [
        "learning_rate",
        "batch_size",
        "hidden",
    ]
    for _ in range(3):
        form.rows[0].removed.emit()
    assert form.rows == []
    assert "Nothing varies" in panel.summary.text()
    assert not panel.start.isEnabled()


def test_what_is_wrong_is_said_in_its_row(panel):
    row = panel.form.rows[1]
    row.values.setText("0, 64")
    row.values.editingFinished.emit()
    assert row.error.isVisible()
    assert "batch size 0" in row.error.text()
    assert not panel.form.rows[0].error.isVisible()
    assert not panel.start.isEnabled()
    row.values.setText("32, 64")
    row.values.editingFinished.emit()
    assert not row.error.isVisible()
    assert panel.start.isEnabled()


def test_a_setting_that_varies_twice_is_refused(panel):
    panel.form.rows[1].show_varied(default_of(SETTINGS[0]))
    panel.form.rows[1].changed.emit()
    assert "varies twice" in panel.summary.text()


def test_without_a_validation_split_the_plan_has_one_and_says_so(panel):
    panel.show_config(replace(CONFIG, validation=0))
    assert "10,000 training images are held out" in panel.summary.text()
    (made, _), *_ = started(panel)
    assert made.config.validation == 10_000
    panel.show_images(300)
    assert "50 training images" in panel.summary.text()


def test_the_line_says_what_it_will_do(panel):
    assert panel.summary.text().startswith("32 trials of 1 epoch, about ")
    panel.form.runs.set_value(2)
    panel.form.changed.emit()
    assert "1 epoch, 2 runs each" in panel.summary.text()


def test_what_is_not_installed_is_said(panel, monkeypatch):
    monkeypatch.setattr(search_panel, "missing_extras", lambda **_: "Run 'make search'.")
    panel.form.changed.emit()
    assert panel.summary.text() == "Run 'make search'."
    assert not panel.start.isEnabled()


def test_progress_and_the_end(panel):
    panel.show_running(True)
    assert panel.progress.isVisible()
    assert panel.cancel.isEnabled()
    assert not panel.start.isEnabled()
    panel.show_progress(SearchProgress(12, 32, 2, 0.9731, 7, 40.0, ""))
    assert panel.status.text() == "12 of 32 trials, 40 s left, best 97.31 % (trial 7)"
    assert (panel.progress.value(), panel.progress.maximum()) == (12, 32)
    panel.show_running(False)
    assert "Stopped after 12 of 32 trials" in panel.status.text()
    assert not panel.cancel.isEnabled()
    assert panel.start.isEnabled()
    panel.show_running(True)
    panel.show_progress(SearchProgress(32, 32, 0, 0.98, 9, 0.0, "Reading the test set"))
    panel.show_running(False)
    assert panel.status.text() == "Finished: 32 of 32 trials, best 98.00 % (trial 9)."
    panel.show_running(False, "The disk is full.")
    assert panel.status.text() == "The disk is full."


def test_a_stopped_search_can_be_continued(panel):
    wanted = []
    panel.continue_wanted.connect(lambda search, _options: wanted.append(search))
    assert not panel.resume.isEnabled()
    record = SearchRecord("a" * 32, "rates", 1.7e9, {}, "stopped", 8)
    panel.show_stopped([record])
    panel.resume.click()
    assert wanted == ["a" * 32]
    panel.show_stopped([record, replace(record, id="b" * 32)])
    panel.resume.click()
    menu = next(m for m in panel.children() if m.objectName() == "continue_search_menu")
    menu.actions()[1].trigger()
    menu.hide()
    assert wanted[1:] == ["b" * 32]


def test_a_plan_is_shown(panel):
    made = replace(plan(panel), sampler="guided", trials=5, varied=(parse_varied("units=4,8"),))
    panel.form.show_plan(made)
    assert plan(panel) == made


def test_lists_in_the_users_locale(german):
    rate, batch = setting_named("learning_rate"), setting_named("batch_size")
    assert write_values(rate, (0.01, 0.5)) == "0,01; 0,5"
    for text in ("0,01; 0,5", "0,01 0,5", "0,01, 0,5", " 0,01;0,5 ;"):
        assert read_values(rate, text) == (0.01, 0.5)
    assert read_values(batch, "16,64, 256 1000") == (16, 64, 256, 1000)


@pytest.mark.parametrize("text", ["", " ; ", "0.1 x", "1 2 three"])
def test_lists_that_are_none(text):
    with pytest.raises(ConfigError):
        read_values(setting_named("learning_rate"), text)


def test_lists_without_a_locale():
    rate, layers = setting_named("learning_rate"), setting_named("hidden")
    assert read_values(rate, "0.1,0.01 1e-3") == (0.1, 0.01, 0.001)
    assert read_values(layers, "None, 128-64") == ("none", "128-64")


def test_times_are_rough():
    texts = [duration(seconds) for seconds in (0.2, 13.4, 44, 100, 3600, 9_000)]
    assert texts == ["1 s", "13 s", "40 s", "2 min", "60 min", "2 h 30 min"]
    assert progress_text(SearchProgress(0, 4, 2, None, None, None, "")) == "0 of 4 trials"


def test_the_keyboard_reaches_every_control(panel):
    panel.form.rows[0].choice.setFocus()
    seen = set()
    for _ in range(40):
        seen.add(panel.focusWidget().objectName())
        QTest.keyClick(panel.focusWidget(), Qt.Key.Key_Tab)
    assert {
        "varied_setting_combo",
        "varied_kind_combo",
        "varied_low_field",
        "varied_log_check",
        "remove_varied_button",
        "sampler_combo",
        "trials_field",
        "stop_early_check",
        "search_place_section",
        "start_search_button",
    } <= seen
