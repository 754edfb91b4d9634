from collections import deque
from dataclasses import replace

import numpy as np
import pytest

from core.saving.replaced_runs import KeptRun, ReplacedRuns
from core.saving.run_file import load_run
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.training.evaluation import evaluate
from core.training.snapshot import take_snapshot
from core.training.trainer import Trainer
from gui.training.commands import Command
from gui.training.news import Paused
from gui.training.training_run import TrainingRun
from tests.core.digits import tiny_dataset
from tests.core.training.small_runs import run

CONFIG = RunConfig(
    network=NetworkConfig(hidden=(8,)), hyperparameters=Hyperparameters(batch_size=50)
)

ALL_IMAGES = 5_000
"""In a step of this many images, the run checks several times whether to continue."""


def watched(live):
    """Collect the snapshots of a run in `seen`, from which :func:`snapshot` takes them."""
    live.seen = deque()
    live.snapshot_taken.connect(live.seen.append)
    return live


@pytest.fixture
def live(qtbot):
    live = watched(TrainingRun(CONFIG, tiny_dataset()))
    live.start()
    yield live
    live.stop()
    assert live.wait(5000)


def snapshot(qtbot, live, until):
    """Return the next snapshot for which `until` holds."""
    found = []

    def look():
        while live.seen and not (found and until(found[-1])):
            found.append(live.seen.popleft())
        assert found
        assert until(found[-1])

    qtbot.waitUntil(look, timeout=10_000)
    return found[-1]


def test_it_waits_for_the_first_request(qtbot, live):
    assert snapshot(qtbot, live, lambda s: True).step == 0
    assert not live.seen


def test_step_trains_on_exactly_one_batch(qtbot, live):
    with qtbot.waitSignal(live.paused):
        live.mailbox.post(Command.STEP)
    taken = snapshot(qtbot, live, lambda s: s.step)
    assert taken.step == 1
    assert taken.images_seen == 50


def test_three_quick_steps_are_three_steps(qtbot, live):
    for _ in range(3):
        live.mailbox.post(Command.STEP)
    taken = snapshot(qtbot, live, lambda s: s.step == 3)
    assert taken.step == 3


def test_steps_that_are_compared_are_the_same_steps(qtbot, live):
    """Three single steps, each with what it changed, and none of the steps of an epoch."""
    updates = []
    live.updated.connect(updates.append)
    live.mailbox.compares_steps = True
    for _ in range(3):
        live.mailbox.post(Command.STEP)
    qtbot.waitUntil(lambda: len(updates) == 3)
    alone = Trainer(CONFIG, tiny_dataset())
    for update in updates:
        np.testing.assert_array_equal(update.before.parameters, alone.network.parameters)
        alone.step()
        np.testing.assert_array_equal(update.after.parameters, alone.network.parameters)
        assert update.step == alone.step_count
    with qtbot.waitSignal(live.paused):
        live.mailbox.post(Command.EPOCH)
    assert len(updates) == 3


def test_no_step_is_compared_unless_that_is_wanted(qtbot, live):
    updates = []
    live.updated.connect(updates.append)
    with qtbot.waitSignal(live.paused):
        live.mailbox.post(Command.STEP)
    assert not updates


def test_an_epoch_ends_with_its_last_batch(qtbot, live):
    live.mailbox.post(Command.STEP)
    with qtbot.waitSignal(live.paused):
        live.mailbox.post(Command.EPOCH)
    taken = snapshot(qtbot, live, lambda s: s.epoch)
    assert (taken.epoch, taken.step, taken.epoch_progress) == (1, 4, 0)


def test_it_trains_as_a_trainer_alone_would(qtbot, live):
    trainer = Trainer(CONFIG, tiny_dataset())
    while trainer.epoch < 1:
        trainer.step()
    live.mailbox.post(Command.EPOCH)
    taken = snapshot(qtbot, live, lambda s: s.epoch == 1)
    np.testing.assert_array_equal(taken.network.parameters, trainer.network.parameters)


def test_a_snapshot_is_frozen(qtbot, live):
    taken = snapshot(qtbot, live, lambda s: True)
    with pytest.raises(ValueError, match="read-only"):
        taken.network.parameters[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        taken.network.layers[0].W[0, 0] = 1
    before = taken.network.parameters.copy()
    live.mailbox.post(Command.EPOCH)
    snapshot(qtbot, live, lambda s: s.epoch == 1)
    np.testing.assert_array_equal(taken.network.parameters, before)


def test_no_snapshot_is_made_before_the_last_one_is_fetched(qtbot, live, monkeypatch):
    """Nothing piles up if the window does not draw."""
    snapshot(qtbot, live, lambda s: True)
    made = []

    def counted(trainer):
        made.append(trainer.step_count)
        return take_snapshot(trainer)

    monkeypatch.setattr("gui.training.news.take_snapshot", counted)
    live._frames.stop()  # the window is busy
    for epoch in range(1, 6):
        live.mailbox.post(Command.EPOCH)
        qtbot.waitUntil(lambda epoch=epoch: [*live._outbox._news][-1:] == [Paused(epoch)])
    # The first step's, and one whenever an epoch ended and the run paused.
    assert len(made) <= 6
    assert not live.seen
    live._deliver()
    assert [taken.epoch for taken in live.seen] == [5]


def test_settings_take_effect_while_it_runs(qtbot, live):
    live.mailbox.post(Command.PLAY)
    live.mailbox.set_hyperparameters(Hyperparameters(learning_rate=0.025, batch_size=20))
    taken = snapshot(qtbot, live, lambda s: s.config.hyperparameters.batch_size == 20)
    assert taken.config.hyperparameters.learning_rate == 0.025


def test_settings_dragged_in_a_pause_are_one_change(qtbot, live):
    for rate in (0.2, 0.3, 0.4):
        live.mailbox.set_hyperparameters(Hyperparameters(learning_rate=rate, batch_size=50))
        with qtbot.waitSignal(live.inspected) as inspected:  # each was seen on its own
            live.mailbox.inspect()
        state = inspected.args[0]
        assert state.hyperparameters.learning_rate == state.learning_rate == rate
        assert len(state.snapshot.changes) == 1
    live.mailbox.post(Command.STEP)
    changes = snapshot(qtbot, live, lambda s: s.step == 1).changes
    assert [(c.step, c.hyperparameters.learning_rate) for c in changes] == [(0, 0.1), (0, 0.4)]


def test_an_optimizer_tried_in_a_pause_loses_nothing(qtbot, live):
    """Adam and back to momentum before a step: the velocity stays, and nothing is recorded."""
    momentum = Hyperparameters(optimizer="momentum", batch_size=50)
    live.mailbox.set_hyperparameters(momentum)
    with qtbot.waitSignal(live.paused):
        live.mailbox.post(Command.STEP)
    for settings in (replace(momentum, optimizer="adam"), momentum):
        live.mailbox.set_hyperparameters(settings)
        with qtbot.waitSignal(live.inspected) as inspected:
            live.mailbox.inspect()
        state = inspected.args[0]
        assert state.hyperparameters == settings
        assert bool(state.optimizer_state) == (settings == momentum)
    with qtbot.waitSignal(live.paused):
        live.mailbox.post(Command.STEP)
    alone = Trainer(CONFIG, tiny_dataset())
    alone.change(momentum)
    run(alone, 2)
    taken = snapshot(qtbot, live, lambda s: s.step == 2)
    assert len(taken.changes) == 2
    np.testing.assert_array_equal(taken.network.parameters, alone.network.parameters)


def test_waiting_settings_are_saved_and_undone_by_going_back(qtbot, live, tmp_path):
    """A save includes changes that wait for a step; going back drops those of undone steps."""
    with qtbot.waitSignal(live.paused):
        live.mailbox.post(Command.STEP)
    waiting = Hyperparameters(learning_rate=0.3, batch_size=50)
    live.mailbox.set_hyperparameters(waiting)
    with qtbot.waitSignal(live.saved):
        live.mailbox.save(tmp_path / "run.npz")
    assert load_run(tmp_path / "run.npz").present_config.hyperparameters == waiting
    live.mailbox.set_hyperparameters(replace(waiting, learning_rate=0.7))
    with qtbot.waitSignal(live.inspected):
        live.mailbox.inspect()
    live.mailbox.post(Command.GO_BACK)
    with qtbot.waitSignal(live.inspected) as inspected:
        live.mailbox.inspect()
    assert inspected.args[0].hyperparameters.learning_rate == 0.1


def test_divergence_pauses_and_going_back_repairs_it(qtbot, live):
    with qtbot.waitSignal(live.paused):
        live.mailbox.post(Command.EPOCH)
    live.mailbox.set_hyperparameters(Hyperparameters(learning_rate=900, batch_size=50))
    with qtbot.waitSignal(live.diverged, timeout=10_000) as blocker:
        live.mailbox.post(Command.PLAY)
    (error,) = blocker.args
    assert "learning rate" in str(error)
    assert error.good.step == 4
    live.seen.clear()
    live.mailbox.post(Command.GO_BACK)
    live.mailbox.set_hyperparameters(Hyperparameters(learning_rate=0.01, batch_size=50))
    assert snapshot(qtbot, live, lambda s: s.step == 4).step == 4
    with qtbot.waitSignal(live.paused):
        live.mailbox.post(Command.STEP)
    taken = snapshot(qtbot, live, lambda s: s.step == 5)
    assert taken.config.hyperparameters.learning_rate == 0.01
    assert np.isfinite(taken.network.parameters).all()


def test_it_pauses_by_itself_when_the_run_has_its_epochs(qtbot, live):
    live.mailbox.set_hyperparameters(Hyperparameters(batch_size=50, epochs=2))
    paused = []
    live.paused.connect(lambda *arguments: paused.append(arguments))
    with qtbot.waitSignal(live.stopped) as blocker:
        live.mailbox.post(Command.PLAY)
    assert "2 epochs" in blocker.args[0]
    assert live.seen[-1].step == 8  # came first, whatever was taken before
    assert paused == []
    live.mailbox.post(Command.STEP)
    assert snapshot(qtbot, live, lambda s: s.step > 8).step == 9  # it had waited


def test_it_continues_after_a_stop_if_asked(qtbot, live):
    live.mailbox.set_hyperparameters(Hyperparameters(batch_size=50, epochs=1))
    with qtbot.waitSignal(live.stopped):
        live.mailbox.post(Command.EPOCH)
    with qtbot.waitSignal(live.paused):
        live.mailbox.post(Command.EPOCH)
    assert snapshot(qtbot, live, lambda s: s.epoch == 2).step == 8


def test_an_error_in_the_thread_is_shown_in_words(qtbot, monkeypatch, caplog):
    def broken(self):
        raise ZeroDivisionError("of no use")

    monkeypatch.setattr(Trainer, "step", broken)
    live = TrainingRun(CONFIG, tiny_dataset())
    with qtbot.waitSignal(live.failed) as blocker:
        live.start()
        live.mailbox.post(Command.PLAY)
    assert live.wait(5000)
    live.stop()
    assert live.has_failed
    assert "of no use" in blocker.args[0]
    assert "Traceback" not in blocker.args[0]
    assert "Training failed" in caplog.text


def test_it_stops_in_the_middle_of_an_epoch(qtbot):
    live = watched(TrainingRun(CONFIG, tiny_dataset()))
    live.start()
    live.mailbox.post(Command.PLAY)
    snapshot(qtbot, live, lambda s: s.step > 2)
    live.stop()
    assert live.wait(5000)


# --- the test set -------------------------------------------------------------------------------


def test_at_a_pause_the_metrics_are_those_of_the_network(qtbot, live):
    """After three steps, when the history has no evaluation."""
    for _ in range(3):
        live.mailbox.post(Command.STEP)
    taken = snapshot(qtbot, live, lambda s: s.step == 3 and not s.test_metrics.is_old)
    test = tiny_dataset().test
    expected = evaluate(taken.network, test.images, test.labels)
    assert taken.test_metrics.accuracy == expected.accuracy
    assert taken.history.evaluation_step.tolist() == [0, 1, 2]


def test_changed_layers_are_tested_while_training_pauses(qtbot, live):
    live.mailbox.post(Command.EPOCH)
    before = snapshot(qtbot, live, lambda s: s.epoch == 1)
    live.mailbox.set_network(NetworkConfig(hidden=(1,)))
    after = snapshot(
        qtbot,
        live,
        lambda s: s.config.network.hidden == (1,) and not s.test_metrics.is_old,
    )
    assert after.step == before.step
    assert after.test is not before.test
    test = tiny_dataset().test
    expected = evaluate(after.network, test.images, test.labels)
    assert after.test_metrics.accuracy == expected.accuracy


@pytest.fixture
def endless(monkeypatch):
    """Evaluations outside the history report progress, and never end by themselves."""
    begun = []

    def read(trainer, progress=None):
        begun.append(trainer.step_count)
        while True:
            progress(0, 1)

    monkeypatch.setattr(Trainer, "read_test_set", read)
    return begun


def test_a_command_interrupts_an_evaluation(qtbot, endless, live):
    for step in (3, 5, 6):
        while live.mailbox.command_count < step:
            live.mailbox.post(Command.STEP)
        taken = snapshot(qtbot, live, lambda s, step=step: s.step == step)
        assert taken.test_metrics.is_old
        qtbot.waitUntil(lambda step=step: step in endless)


def test_a_pause_is_signaled_before_the_test_set_is_evaluated(qtbot, endless, live):
    with qtbot.waitSignal(live.paused):
        for _ in range(3):
            live.mailbox.post(Command.STEP)


def test_a_run_is_saved_while_the_test_set_is_evaluated(qtbot, endless, live, tmp_path):
    for _ in range(3):
        live.mailbox.post(Command.STEP)
    qtbot.waitUntil(lambda: 3 in endless)
    with qtbot.waitSignal(live.saved):
        live.mailbox.save(tmp_path / "run.npz")


def test_it_ends_in_the_middle_of_an_evaluation(qtbot, endless):
    live = TrainingRun(CONFIG, tiny_dataset())
    live.start()
    for _ in range(3):
        live.mailbox.post(Command.STEP)
    qtbot.waitUntil(lambda: bool(endless))
    live.stop()
    assert live.wait(5000)


def test_snapshots_continue_while_the_test_set_is_evaluated(qtbot, endless, live):
    for _ in range(3):
        live.mailbox.post(Command.STEP)
    qtbot.waitUntil(lambda: bool(endless))
    for _ in range(3):
        live.seen.clear()
        qtbot.waitUntil(lambda: bool(live.seen))


# --- unsaved runs -------------------------------------------------------------------------------


def test_an_error_does_not_keep_the_trainer(qtbot, live):
    live.mailbox.set_hyperparameters(Hyperparameters(learning_rate=900, batch_size=50))
    with qtbot.waitSignal(live.diverged, timeout=10_000) as blocker:
        live.mailbox.post(Command.PLAY)
    error = blocker.args[0]
    assert error.__traceback__ is None
    assert error.__context__ is None


def ended(qtbot, steps, is_replaced=True, origin=None, save_to=None):
    """Let a run make this many steps and end; return the runs that it leaves."""
    store = ReplacedRuns()
    live = watched(TrainingRun(CONFIG, tiny_dataset(), origin))
    if is_replaced:
        live.leave_to(store)
    live.start()
    first = snapshot(qtbot, live, lambda s: True).step
    for _ in range(steps):
        live.mailbox.post(Command.STEP)
    if steps:
        snapshot(qtbot, live, lambda s: s.step == first + steps)
    if save_to is not None:
        with qtbot.waitSignal(live.saved):
            live.mailbox.save(*save_to)
    live.stop()
    assert live.wait(5000)
    return store.runs


def test_a_replaced_run_is_kept_as_it_was(qtbot):
    (kept,) = ended(qtbot, 3)
    trainer = Trainer(CONFIG, tiny_dataset())
    for _ in range(3):
        trainer.step()
    saved = kept.load()
    np.testing.assert_array_equal(saved.network.parameters, trainer.network.parameters)
    resumed = Trainer.resume(saved, tiny_dataset())
    resumed.step()
    trainer.step()
    np.testing.assert_array_equal(resumed.network.parameters, trainer.network.parameters)


def test_a_saved_run_is_kept_with_its_file(qtbot, tmp_path):
    file = tmp_path / "run.npz"
    (kept,) = ended(qtbot, 3, save_to=(file,))
    assert (kept.file, kept.in_file) == (file, kept.moment)
    (kept,) = ended(qtbot, 3, save_to=(tmp_path / "copy.npz", True))
    assert (kept.file, kept.in_file) == (None, None)
    saved = run(Trainer(CONFIG, tiny_dataset()), 2).saved()
    origin = KeptRun(saved, file, (2, 1))
    (kept,) = ended(qtbot, 1, origin=origin)
    assert (kept.id, kept.file, kept.in_file, kept.moment) == (origin.id, file, (2, 1), (3, 1))
    (kept,) = ended(qtbot, 0, origin=KeptRun(saved))
    assert kept.moment == (2, 1)


def test_a_run_without_steps_is_not_kept_nor_one_at_the_end_of_the_app(qtbot):
    assert not ended(qtbot, 0)
    assert not ended(qtbot, 3, is_replaced=False)


def test_pending_saves_finish_before_the_end(tmp_path):
    """Also if stopping is requested in the middle of a step, which is finished first."""
    whole = RunConfig(
        network=CONFIG.network, hyperparameters=Hyperparameters(batch_size=ALL_IMAGES)
    )
    live = TrainingRun(whole, tiny_dataset(ALL_IMAGES))
    live.mailbox.post(Command.PLAY)
    live.start()
    live.mailbox.save(tmp_path / "run.npz", is_copy=False)
    live.stop()
    assert live.wait(20_000)
    assert load_run(tmp_path / "run.npz").network_config == CONFIG.network
