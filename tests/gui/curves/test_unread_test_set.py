"""A run that does not read the test set is drawn, exported and recorded like any other."""

import csv

import numpy as np
import pytest
from PySide6.QtGui import QAction

from core.colors import LIGHT
from core.export.curves_csv import write_curves
from core.runs.run_curves import course_of, curves_of
from core.runs.run_library import RunLibrary
from core.runs.run_record import thumbnail_of
from core.settings.config import RunConfig
from core.training.snapshot import take_snapshot
from core.training.trainer import Trainer
from gui.curves.curves_view import CurvesView
from tests.core.digits import tiny_dataset
from tests.core.runs.run_records import make_record
from tests.core.training.small_runs import run


@pytest.fixture(scope="module")
def snapshot():
    trainer = Trainer(RunConfig(validation=50), tiny_dataset(), reads_test_set=False)
    return take_snapshot(run(trainer, 20))


@pytest.fixture(scope="module")
def run_curves(snapshot):
    history = snapshot.history
    return curves_of(history, course_of(history, snapshot.step, 1.0, snapshot.seconds))


def test_it_is_drawn_live_and_over_others_without_a_line_of_the_test_set(
    qtbot, snapshot, run_curves
):
    log_scale = QAction("log")
    log_scale.setCheckable(True)
    view = CurvesView(log_scale)
    qtbot.addWidget(view)
    view.resize(690, 300)
    view.apply_theme(LIGHT)
    view.show()
    view.show_overlays([("trial", LIGHT.overlays[0], run_curves)])
    view.show_loss(snapshot)
    view.show_accuracy(snapshot)
    for plot in (view.loss, view.accuracy):
        assert not len(plot.chart.line("test").x)
        assert len(plot.chart.line("validation").x) > 3
        plot.canvas.cursor_moved.emit(4.0)
        assert "nan" not in plot.legend.text().lower()
    assert not view.grab().isNull()


def test_the_small_curve_is_that_of_the_validation_split(snapshot):
    history = snapshot.history
    thumbnail = thumbnail_of(history)
    assert thumbnail[0] == history.validation_accuracy[0]
    assert thumbnail[-1] == history.validation_accuracy[-1]


def test_its_curves_are_stored_and_read(tmp_path, run_curves):
    library = RunLibrary(tmp_path / "runs.sqlite")
    library.put(make_record(), run_curves)
    stored = library.curves(make_record().id)
    library.close()
    assert np.isnan(stored.test_accuracy).all()
    assert np.array_equal(stored.validation_accuracy, run_curves.validation_accuracy)


def test_its_csv_has_empty_cells_for_the_test_set(tmp_path, snapshot):
    write_curves(tmp_path / "curves.csv", snapshot.history)
    with (tmp_path / "curves.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert {row["test_accuracy"] for row in rows} == {""}
    assert sum(row["validation_accuracy"] != "" for row in rows) > 3
