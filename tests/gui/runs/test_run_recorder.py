from dataclasses import replace
from pathlib import Path

import pytest

import gui.runs.run_recorder
from core.runs.run_library import RunLibrary
from core.saving.replaced_runs import KeptRun
from gui.runs.run_recorder import RunRecorder
from gui.training.state import State
from tests.core.digits import tiny_dataset
from tests.core.training.small_runs import make_trainer, run


@pytest.fixture
def make_recorder(qtbot, session, library):
    """Create the recorder, then start a run of 200 images, 4 steps per epoch."""
    # Not a child of the session: a cycle of the two might be collected in the next training thread.
    made = []

    def make():
        recorder = RunRecorder(session, library)
        made.append(recorder)
        session.data.use(tiny_dataset())
        with qtbot.waitSignal(session.run.snapshot_taken):
            pass
        return recorder

    yield make
    made.clear()


def train(qtbot, session, act):
    """Call `act`, which pauses by itself; return the next snapshot."""
    seen = []
    session.run.snapshot_taken.connect(seen.append)
    with qtbot.waitSignal(
        session.state_changed, check_params_cb=lambda state: state is State.PAUSED
    ):
        act()
    qtbot.waitUntil(lambda: bool(seen))
    session.run.snapshot_taken.disconnect(seen.append)
    return seen


def test_a_run_without_a_step_leaves_no_record(session, library, make_recorder):
    recorder = make_recorder()
    session.restart()
    recorder.close()
    assert library.records() == []


def test_a_step_leaves_a_record_at_once(qtbot, session, library, make_recorder):
    recorder = make_recorder()
    with qtbot.waitSignal(recorder.recorded):
        session.step()
    (record,) = library.records()
    assert record.steps == 1
    assert record.epochs == pytest.approx(64 / 200)
    assert record.name == "Run 1"


def test_a_pause_brings_the_record_up_to_date(qtbot, session, library, make_recorder):
    make_recorder()
    session.train_epoch()
    qtbot.waitUntil(lambda: [record.steps for record in library.records()] == [4])
    (record,) = library.records()
    curves = library.curves(record.id)
    assert record.config == session.config
    assert record.epochs == 1
    assert record.seconds > 0
    assert record.live_changes == 0
    assert record.test_accuracy == pytest.approx(curves.test_accuracy[-1])
    assert record.test_loss == pytest.approx(curves.test_loss[-1])
    assert curves.test_step[-1] == 4
    assert curves.course.epoch[-1] == 1
    assert record.thumbnail[-1] == pytest.approx(record.test_accuracy)


def test_a_replaced_run_is_kept_as_it_was(qtbot, session, library, make_recorder):
    recorder = make_recorder()
    config = session.config
    with qtbot.waitSignal(recorder.recorded):
        session.step()
    with qtbot.waitSignals([session.run_started, recorder.ended]):
        session.set_validation(50)
        session.set_seed(9)
    with qtbot.waitSignal(recorder.recorded):
        session.step()
    new, old = library.records()
    assert (old.config, old.steps) == (config, 1)
    assert (new.config.validation, new.config.seed) == (50, 9)
    assert old.id != new.id


def test_steps_that_were_only_shown_are_written_when_another_run_begins(
    qtbot, session, library, make_recorder, monkeypatch
):
    monkeypatch.setattr(gui.runs.run_recorder, "_SETTLING_MS", 1_000_000)
    recorder = make_recorder()
    seen = []
    session.run.snapshot_taken.connect(seen.append)
    with qtbot.waitSignal(recorder.recorded):
        session.step()
    session.train_epoch()
    qtbot.waitUntil(lambda: seen[-1].step == 4 and session.state is State.PAUSED)
    assert library.records()[0].steps < 4
    with qtbot.waitSignal(session.run_started):
        session.set_seed(9)
    (record,) = library.records()
    assert record.steps == 4
    assert record.config.seed == 0  # its own, although the session already has the next one's


def test_pending_records_are_written_at_close(qtbot, session, library, make_recorder, monkeypatch):
    monkeypatch.setattr(gui.runs.run_recorder, "_SETTLING_MS", 1_000_000)
    recorder = make_recorder()
    seen = []
    session.run.snapshot_taken.connect(seen.append)
    session.train_epoch()
    qtbot.waitUntil(lambda: bool(seen) and seen[-1].step == 4)
    recorder.close()
    assert [record.steps for record in library.records()] == [4]


def test_a_running_run_is_recorded_from_time_to_time(
    qtbot, session, library, make_recorder, monkeypatch
):
    monkeypatch.setattr(gui.runs.run_recorder, "INTERVAL_MS", 20)
    recorder = make_recorder()
    steps = []
    recorder.recorded.connect(lambda record: steps.append(record.steps))
    session.play()
    qtbot.waitUntil(lambda: len(steps) >= 4)
    assert session.state is State.RUNNING
    assert steps == sorted(set(steps))
    assert library.records()[0].steps == steps[-1]


def test_a_paused_run_is_not_written_again(qtbot, session, library, make_recorder, monkeypatch):
    recorder = make_recorder()
    session.train_epoch()
    qtbot.waitUntil(lambda: [record.steps for record in library.records()] == [4])
    recorder.keep()
    other = RunLibrary(library.path)
    other.records()
    recorder.keep()
    assert not other.has_changed_elsewhere()
    other.close()


def test_live_changes_and_the_final_settings(qtbot, session, library, make_recorder):
    make_recorder()
    train(qtbot, session, session.step)
    session.set_hyperparameters(replace(session.config.hyperparameters, learning_rate=0.025))
    session.step()
    qtbot.waitUntil(lambda: [record.steps for record in library.records()] == [2])
    (record,) = library.records()
    assert record.live_changes == 1
    assert record.config.hyperparameters.learning_rate == 0.025


def test_a_run_that_was_only_opened_leaves_no_record(qtbot, session, library, make_recorder):
    recorder = make_recorder()
    saved = run(make_trainer(), 3).saved()
    session.open_run(KeptRun(saved))
    with qtbot.waitSignal(
        session.run.snapshot_taken, check_params_cb=lambda snapshot: snapshot.step == 3
    ):
        pass
    recorder.keep()
    assert library.records() == []
    with qtbot.waitSignal(recorder.recorded):
        session.step()
    assert [record.steps for record in library.records()] == [4]


def test_the_file_of_a_saved_run(qtbot, session, library, make_recorder):
    recorder = make_recorder()
    recorder.note_file(Path("/somewhere/no-step-yet.npz"))
    with qtbot.waitSignal(recorder.recorded):
        session.step()
    assert library.records()[0].path == Path("/somewhere/no-step-yet.npz")
    recorder.note_file(Path("/somewhere/run.npz"))
    qtbot.waitUntil(lambda: library.records()[0].path == Path("/somewhere/run.npz"))
    session.restart()
    with qtbot.waitSignal(recorder.recorded):
        session.step()
    assert library.records()[0].path is None


def test_progress_is_reported_twice_a_second(qtbot, session, library, make_recorder, monkeypatch):
    recorder = make_recorder()
    (snapshot, *_) = train(qtbot, session, session.step)[-1:]
    reported = []
    recorder.progressed.connect(reported.append)
    session.state = State.RUNNING
    for tenths in range(12):
        monkeypatch.setattr("time.monotonic", lambda now=1e6 + tenths / 10: now)
        session.run.snapshot_taken.emit(replace(snapshot, step=10 + tenths))
    session.state = State.PAUSED
    assert [record.steps for record in reported] == [10, 15, 20]
    assert {record.id for record in reported} == {library.records()[0].id}


def test_a_library_that_fails_is_named_once(qtbot, session, library, make_recorder):
    recorder = make_recorder()
    messages = []
    recorder.failed.connect(messages.append)
    library.close()
    train(qtbot, session, session.step)
    train(qtbot, session, session.step)
    recorder.keep()
    # Its timer, too: on Python 3.13 the errors are a cycle, which keeps it until it is collected.
    recorder.close()
    assert len(messages) == 1
    assert "runs.sqlite" in messages[0]


def test_a_run_that_starts_immediately_is_recorded(qtbot, session, library, make_recorder):
    """Its first snapshot arrives when its only step is done."""
    recorder = make_recorder()
    session.set_seed(5)
    with qtbot.waitSignal(recorder.recorded):
        session.step()
    (record,) = library.records()
    assert (record.steps, record.config.seed) == (1, 5)
