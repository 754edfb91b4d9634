import numpy as np
import pytest

from core.config import Hyperparameters, NetworkConfig, RunConfig
from core.snapshot import take_snapshot
from core.trainer import Trainer
from gui.training.training_orders import Request
from gui.training.training_thread import TrainingThread
from tests.core.digits import tiny_dataset

CONFIG = RunConfig(
    network=NetworkConfig(hidden=(8,)), hyperparameters=Hyperparameters(batch_size=50)
)


@pytest.fixture
def thread(qtbot):
    thread = TrainingThread(7, CONFIG, tiny_dataset())
    thread.start()
    yield thread
    thread.stop()
    assert thread.wait(5000)


def snapshot(qtbot, thread, until):
    """Return the first snapshot for which `until` holds."""
    found = []

    def look():
        taken = thread.take_snapshot()
        if taken is not None:
            found.append(taken)
        assert found
        assert until(found[-1])

    qtbot.waitUntil(look, timeout=10_000)
    return found[-1]


def test_it_waits_for_the_first_request(qtbot, thread):
    assert snapshot(qtbot, thread, lambda s: True).step == 0
    assert thread.take_snapshot() is None


def test_a_step_is_one_step(qtbot, thread):
    with qtbot.waitSignal(thread.paused) as blocker:
        thread.request(Request.STEP)
    assert blocker.args == [7, 1]
    taken = snapshot(qtbot, thread, lambda s: s.step)
    assert taken.step == 1
    assert taken.images_seen == 50


def test_three_quick_steps_are_three_steps(qtbot, thread):
    for _ in range(3):
        thread.request(Request.STEP)
    taken = snapshot(qtbot, thread, lambda s: s.step == 3)
    assert taken.step == 3


def test_an_epoch_ends_with_its_last_batch(qtbot, thread):
    thread.request(Request.STEP)
    with qtbot.waitSignal(thread.paused, check_params_cb=lambda run, request: request == 2):
        thread.request(Request.EPOCH)
    taken = snapshot(qtbot, thread, lambda s: s.epoch)
    assert (taken.epoch, taken.step, taken.epoch_progress) == (1, 4, 0)


def test_it_trains_as_a_trainer_alone_does(qtbot, thread):
    trainer = Trainer(CONFIG, tiny_dataset())
    while trainer.epoch < 1:
        trainer.step()
    thread.request(Request.EPOCH)
    taken = snapshot(qtbot, thread, lambda s: s.epoch == 1)
    np.testing.assert_array_equal(taken.network.parameters, trainer.network.parameters)


def test_a_snapshot_is_frozen(qtbot, thread):
    taken = snapshot(qtbot, thread, lambda s: True)
    with pytest.raises(ValueError, match="read-only"):
        taken.network.parameters[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        taken.network.layers[0].W[0, 0] = 1
    before = taken.network.parameters.copy()
    thread.request(Request.EPOCH)
    snapshot(qtbot, thread, lambda s: s.epoch == 1)
    np.testing.assert_array_equal(taken.network.parameters, before)


def test_no_snapshot_is_made_before_one_is_taken(qtbot, thread, monkeypatch):
    """Nothing piles up behind a window that does not draw."""
    snapshot(qtbot, thread, lambda s: True)
    made = []

    def counted(trainer):
        made.append(trainer.step_count)
        return take_snapshot(trainer)

    monkeypatch.setattr("gui.training.training_thread.take_snapshot", counted)
    for epoch in range(1, 6):
        with qtbot.waitSignal(thread.paused, check_params_cb=lambda _, n, epoch=epoch: n == epoch):
            thread.request(Request.EPOCH)
    # The first step's, and one whenever an epoch ended and the thread paused.
    assert len(made) <= 6
    assert thread.take_snapshot().epoch == 5
    assert thread.take_snapshot() is None


def test_settings_take_effect_while_it_runs(qtbot, thread):
    thread.request(Request.PLAY)
    thread.set_hyperparameters(Hyperparameters(learning_rate=0.025, batch_size=20))
    taken = snapshot(qtbot, thread, lambda s: s.hyperparameters.batch_size == 20)
    assert taken.hyperparameters.learning_rate == 0.025


def test_divergence_pauses_and_going_back_mends_it(qtbot, thread):
    with qtbot.waitSignal(thread.paused):
        thread.request(Request.EPOCH)
    thread.set_hyperparameters(Hyperparameters(learning_rate=900, batch_size=50))
    with qtbot.waitSignal(thread.diverged, timeout=10_000) as blocker:
        thread.request(Request.PLAY)
    run_id, error = blocker.args
    assert run_id == 7
    assert "learning rate" in str(error)
    assert error.good.step == 4
    thread.request(Request.GO_BACK)
    thread.set_hyperparameters(Hyperparameters(learning_rate=0.01, batch_size=50))
    assert snapshot(qtbot, thread, lambda s: s.step == 4).step == 4
    with qtbot.waitSignal(thread.paused):
        thread.request(Request.STEP)
    taken = snapshot(qtbot, thread, lambda s: s.step == 5)
    assert taken.hyperparameters.learning_rate == 0.01
    assert np.isfinite(taken.network.parameters).all()


def test_it_pauses_by_itself_when_the_run_has_its_epochs(qtbot, thread):
    thread.set_hyperparameters(Hyperparameters(batch_size=50, epochs=2))
    paused = []
    thread.paused.connect(lambda *arguments: paused.append(arguments))
    with qtbot.waitSignal(thread.stopped) as blocker:
        thread.request(Request.PLAY)
    run_id, request_number, reason = blocker.args
    assert (run_id, request_number) == (7, 1)
    assert "2 epochs" in reason
    assert thread.take_snapshot().step == 8  # there at once, whatever was taken before
    assert paused == []
    thread.request(Request.STEP)
    assert snapshot(qtbot, thread, lambda s: s.step > 8).step == 9  # it had waited


def test_it_trains_on_after_a_stop_if_asked(qtbot, thread):
    thread.set_hyperparameters(Hyperparameters(batch_size=50, epochs=1))
    with qtbot.waitSignal(thread.stopped):
        thread.request(Request.EPOCH)
    with qtbot.waitSignal(thread.paused, check_params_cb=lambda run, request: request == 2):
        thread.request(Request.EPOCH)
    assert snapshot(qtbot, thread, lambda s: s.epoch == 2).step == 8


def test_an_error_in_the_thread_is_told_in_words(qtbot, monkeypatch, caplog):
    def broken(self):
        raise ZeroDivisionError("of no use")

    monkeypatch.setattr(Trainer, "step", broken)
    thread = TrainingThread(3, CONFIG, tiny_dataset())
    with qtbot.waitSignal(thread.failed) as blocker:
        thread.start()
        thread.request(Request.PLAY)
    assert thread.wait(5000)
    assert blocker.args[0] == 3
    assert "of no use" in blocker.args[1]
    assert "Traceback" not in blocker.args[1]
    assert "Training failed" in caplog.text


def test_it_stops_in_the_middle_of_an_epoch(qtbot):
    thread = TrainingThread(1, CONFIG, tiny_dataset())
    thread.start()
    thread.request(Request.PLAY)
    snapshot(qtbot, thread, lambda s: s.step > 2)
    thread.stop()
    assert thread.wait(5000)
