"""The window keeps a record of each run and draws those that are ticked."""

from contextlib import closing

import pytest
from PySide6.QtCore import Qt

from core.my_digits.my_digits import MyDigits
from core.runs.run_library import RunLibrary
from gui.training.state import State
from gui.window.main_window import MainWindow
from tests.core.digits import tiny_dataset
from tests.gui.driving import click


@pytest.fixture
def library_path(tmp_path):
    return tmp_path / "runs.sqlite"


@pytest.fixture
def window(qtbot, themes, session, tmp_path, library_path):
    mine = MyDigits(tmp_path / "mine")
    library = RunLibrary(library_path)
    window = MainWindow(session, themes, mine, library=library)
    qtbot.addWidget(window)
    window.show()
    session.data.use(tiny_dataset())
    with qtbot.waitSignal(session.run.snapshot_taken):
        pass
    return window


def train(qtbot, window, session, to_epoch=1):
    seen = []
    session.run.snapshot_taken.connect(lambda snapshot: seen.append(snapshot.epoch))
    click(window, "epoch_button")
    qtbot.waitUntil(lambda: session.state is State.PAUSED and seen[-1:] == [to_epoch])


def test_each_run_of_the_window_leaves_a_record(qtbot, window, session, library_path):
    train(qtbot, window, session)
    session.set_seed(5)
    qtbot.waitUntil(lambda: session.config.seed == 5 and not session._settling.isActive())
    train(qtbot, window, session)
    train(qtbot, window, session, to_epoch=2)
    window.close()
    with closing(RunLibrary(library_path)) as library:
        records = library.records()
    assert [(record.config.seed, round(record.epochs)) for record in records] == [(5, 2), (0, 1)]


def test_an_opened_run_continues_its_record_under_the_file_it_was_opened_from(
    qtbot, window, session, library_path, tmp_path
):
    train(qtbot, window, session)
    with qtbot.waitSignal(session.run.saved):
        session.run.mailbox.save(tmp_path / "other.npz")
    with qtbot.waitSignal(session.run.saved):
        window.files._save_to(tmp_path / "first.npz")
    click(window, "reset_button")
    train(qtbot, window, session)
    with qtbot.waitSignal(session.run_started):
        window.files.open_file(tmp_path / "other.npz")
    train(qtbot, window, session, to_epoch=2)
    window.close()
    with closing(RunLibrary(library_path)) as library:
        paths = [record.path and record.path.name for record in library.records()]
    assert paths == [None, "other.npz"]


def test_ticked_runs_are_drawn_over_the_curves(qtbot, window, session):
    train(qtbot, window, session)
    click(window, "reset_button")
    window.tabs.setCurrentWidget(window.tabs.view("runs").parentWidget())
    runs = window.tabs.view("runs")
    drawn = []
    runs.overlays_changed.connect(drawn.append)
    model = runs.model
    index = model.index(0, 0)
    assert model.setData(index, Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole)
    ((title, _color, curves),) = drawn[-1]
    assert len(curves.loss) == 4
    assert title == model.rows.listed[0].name
    train_line, _tests = window.curves.loss.chart.others
    assert len(train_line.x) == len(curves.loss)
    assert model.setData(index, Qt.CheckState.Unchecked.value, Qt.ItemDataRole.CheckStateRole)
    assert window.curves.loss.chart.others == []
