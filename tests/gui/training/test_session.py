from collections import deque
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from core.datasets.dataset import Dataset
from core.errors import Cancelled, DataError
from core.network.network import Network
from core.saving.replaced_runs import KeptRun
from core.settings.config import Hyperparameters, NetworkConfig
from core.settings.presets import preset_named
from core.training.starting_state import StartingState
from core.training.trainer import Trainer
from gui.training import dataset_choice
from gui.training.news import Failed, Paused, Stopped
from gui.training.session import Session
from gui.training.state import State
from tests.core.digits import tiny_dataset


@pytest.fixture
def session(session):
    """Collects the snapshots of the current run in `seen`."""
    session.seen = deque()

    def follow(run):
        session.seen.clear()
        run.snapshot_taken.connect(session.seen.append)

    session.run_started.connect(follow)
    return session


@pytest.fixture
def ready(qtbot, session):
    session.data.use(tiny_dataset())
    with qtbot.waitSignal(session.run.snapshot_taken):
        pass
    return session


def last_step(qtbot, session, until):
    return snapshot_of(qtbot, session, lambda snapshot: until(snapshot.step)).step


def test_play_and_pause(qtbot, ready):
    ready.play()
    assert ready.state is State.RUNNING
    last_step(qtbot, ready, lambda step: step > 5)
    ready.pause()
    assert ready.state is State.PAUSED


def test_a_single_step_pauses_by_itself(qtbot, ready):
    with qtbot.waitSignal(ready.state_changed, check_params_cb=lambda s: s is State.PAUSED):
        ready.step()
    assert last_step(qtbot, ready, lambda step: step == 1) == 1


def test_a_late_pause_does_not_stop_a_newer_command(ready):
    """The message about the step waited for the next frame while the user pressed Play."""
    ready.step()
    ready.play()
    ready.run._outbox.put(Paused(1))
    ready.run._deliver()
    assert ready.state is State.RUNNING
    ready.run._outbox.put(Paused(2))
    ready.run._deliver()
    assert ready.state is State.PAUSED


def test_signals_of_an_earlier_run_are_ignored(qtbot, ready):
    """Also if a listener replaces the run in the middle of its signals."""
    old = ready.run
    said = []
    old.paused.connect(ready.restart)
    old.paused.connect(ready.play)
    old.failed.connect(said.append)
    old._outbox.put(Paused(0))
    old._outbox.put(Failed("of yesterday"))
    old._deliver()
    assert ready.run is not old
    assert not old._frames.isActive()
    assert ready.state is State.RUNNING
    assert said == []


def test_many_changes_of_the_network_make_one_run(qtbot, ready):
    runs = []
    ready.run_started.connect(lambda: runs.append(ready.config.network.hidden))
    for units in range(10, 60):
        ready.set_network(NetworkConfig(hidden=(units,)))
    qtbot.waitUntil(lambda: bool(runs))
    assert runs == [(59,)]


def test_a_new_network_trains_if_the_old_one_did(qtbot, ready):
    ready.keeps_learned = False
    ready.play()
    with qtbot.waitSignal(ready.run_started):
        ready.set_network(NetworkConfig(hidden=(5,)))
    assert ready.state is State.RUNNING
    last_step(qtbot, ready, lambda step: step > 3)


# --- live changes of the network -------------------------------------------------------------


@pytest.fixture
def learning(qtbot, ready):
    """A session whose run has made a few steps and continues; it lists new runs."""
    ready.runs = []
    ready.run_started.connect(lambda: ready.runs.append(ready.config))
    ready.set_hyperparameters(replace(ready.config.hyperparameters, learning_rate=0.001))
    ready.play()
    last_step(qtbot, ready, lambda step: step > 5)
    return ready


def snapshot_of(qtbot, session, is_wanted):
    taken = []

    def look():
        while session.seen and not (taken and is_wanted(taken[-1])):
            taken.append(session.seen.popleft())
        return bool(taken) and is_wanted(taken[-1])

    qtbot.waitUntil(look, timeout=10_000)
    return taken[-1]


def test_other_hidden_layers_do_not_restart_the_run(qtbot, learning):
    network = learning.config.network.with_hidden((20, 12, 20))
    learning.set_network(network)
    snapshot = snapshot_of(qtbot, learning, lambda s: s.config.network == network)
    assert learning.runs == []
    assert learning.state is State.RUNNING
    assert learning.config.network == network
    assert snapshot.network.sizes == network.sizes
    assert snapshot.changes[-1].network == network
    assert snapshot.changes[-1].step > 5
    last_step(qtbot, learning, lambda step: step > snapshot.step)


def test_a_waiting_run_shows_its_new_layers_at_once(qtbot, learning):
    learning.pause()
    paused = snapshot_of(qtbot, learning, lambda s: s.step > 5)
    network = learning.config.network.with_hidden((20,))
    learning.set_network(network)
    changed = snapshot_of(qtbot, learning, lambda s: s.config.network == network)
    assert changed.step >= paused.step
    assert learning.state is State.PAUSED
    assert learning.runs == []


def test_play_does_not_wait_for_the_slider_to_settle_while_learning(qtbot, learning):
    learning.pause()
    learning.set_network(learning.config.network.with_hidden((20,)))
    learning.play()
    snapshot_of(qtbot, learning, lambda s: s.network.sizes == (784, 20, 10))
    assert learning.runs == []


@pytest.mark.parametrize(
    "change",
    [
        lambda session: session.set_network(replace(session.config.network, output="sigmoid")),
        lambda session: session.set_network(replace(session.config.network, hidden=(9,))),
        lambda session: session.set_seed(7),
        lambda session: session.set_validation(50),
    ],
)
def test_settings_that_cannot_change_live_start_a_new_run(qtbot, learning, change):
    """The second only because learned weights are not kept."""
    learning.keeps_learned = False
    with qtbot.waitSignal(learning.run_started):
        change(learning)
    assert learning.runs == [learning.config]


def test_an_untrained_network_starts_over_when_its_layers_change(qtbot, ready):
    """So that its weights are those of the seed."""
    with qtbot.waitSignal(ready.run_started):
        ready.set_network(ready.config.network.with_hidden((20,)))
    assert ready.keeps_learned
    assert snapshot_of(qtbot, ready, lambda _: True).config == ready.config


def test_going_back_also_restores_the_network(qtbot, learning):
    before = learning.config
    learning.pause()
    learning.set_network(before.network.with_hidden((20,)))
    learning.set_hyperparameters(replace(before.hyperparameters, learning_rate=900))
    with qtbot.waitSignal(learning.run.diverged, timeout=10_000):
        learning.play()
    learning.go_back()
    assert learning.config == before
    snapshot_of(qtbot, learning, lambda s: s.config.network == before.network)
    learning.set_network(before.network.with_hidden((21,)))
    snapshot_of(qtbot, learning, lambda s: s.network.sizes == (784, 21, 10))
    assert learning.runs == []


# --- speed -----------------------------------------------------------------------------------


def play_a_step_and_make_another(qtbot, session):
    """Fail if playing makes more than one step, or if a requested step is not made."""
    steps = []
    session.run.snapshot_taken.connect(lambda snapshot: steps.append(snapshot.step))
    session.play()
    qtbot.waitUntil(lambda: 1 in steps)
    session.step()
    qtbot.waitUntil(lambda: session.state is State.PAUSED and steps[-1] > 1)
    assert steps[-1] == 2


def test_a_slow_run_waits_between_steps_but_obeys_commands_at_once(qtbot, ready):
    """At one step in three hours."""
    ready.set_speed(0.0001)
    play_a_step_and_make_another(qtbot, ready)
    ready.play()
    ready.pause()
    ready.play()
    ready.set_speed()
    last_step(qtbot, ready, lambda step: step > 20)


def test_the_next_run_is_as_slow(qtbot, ready):
    ready.set_speed(0.0001)
    ready.restart()
    play_a_step_and_make_another(qtbot, ready)


def test_pressing_play_does_not_wait_for_the_slider_to_settle(qtbot, ready):
    ready.set_network(NetworkConfig(hidden=(5,)))
    ready.play()
    taken = snapshot_of(qtbot, ready, lambda _: True)
    assert taken.config.network.hidden == (5,)


def test_restart_starts_again_and_waits(qtbot, ready):
    ready.play()
    last_step(qtbot, ready, lambda step: step > 5)
    ready.restart()
    assert ready.state is State.PAUSED
    assert last_step(qtbot, ready, lambda step: step == 0) == 0


def given_start():
    network = Network((784, 6, 10), ("tanh",))
    network.parameters[:] = np.linspace(-0.1, 0.1, len(network.parameters))
    return StartingState(network, "other.onnx")


def test_a_run_from_given_weights_restarts_from_there_also_once_it_was_opened(qtbot, ready):
    start = given_start()
    ready.begin_from(start)
    assert ready.config.network.sizes == start.network.sizes
    begun = snapshot_of(qtbot, ready, lambda _: True)
    assert_array_equal(begun.network.parameters, start.network.parameters)
    ready.train_epoch()
    snapshot_of(qtbot, ready, lambda snapshot: snapshot.epoch == 1)
    ready.restart()
    again = snapshot_of(qtbot, ready, lambda _: True)
    assert (again.step, again.start) == (0, start)
    assert_array_equal(again.network.parameters, start.network.parameters)
    trainer = Trainer(ready.config, tiny_dataset(), start=start)
    trainer.step()
    ready.open_run(KeptRun(trainer.saved()))
    ready.restart()  # at once
    opened = snapshot_of(qtbot, ready, lambda _: True)
    assert_array_equal(opened.network.parameters, start.network.parameters)


def test_weights_alone_begin_a_run_that_knows_their_file(qtbot, ready):
    saved = Trainer(ready.config, tiny_dataset(seed=3)).saved().weights_alone()
    for file, source in ((Path("theirs.npz"), "theirs.npz"), (None, "a saved run")):
        with qtbot.waitSignal(ready.run_opened) as opened:
            ready.open_run(KeptRun(saved, file))
        assert "Training begins with its weights" in opened.args[0]
        begun = snapshot_of(qtbot, ready, lambda _: True)
        assert begun.start.source == source
        assert_array_equal(begun.network.parameters, saved.network.parameters)


def test_after_other_layers_or_a_new_seed_a_run_begins_with_random_weights(qtbot, ready):
    start = given_start()
    ready.begin_from(start)
    ready.set_network(ready.config.network.with_hidden((5,)))
    snapshot_of(qtbot, ready, lambda snapshot: snapshot.network.sizes == (784, 5, 10))
    ready.restart()
    assert snapshot_of(qtbot, ready, lambda _: True).start is None
    ready.begin_from(start)
    with qtbot.waitSignal(ready.run_started):
        ready.set_seed(5)
    assert snapshot_of(qtbot, ready, lambda _: True).start is None


def test_a_preset_brings_network_and_settings(qtbot, ready):
    preset = preset_named("first-steps")
    with qtbot.waitSignal(ready.run_started):
        ready.choose_preset(preset)
    assert snapshot_of(qtbot, ready, lambda _: True).config == ready.config
    assert ready.config.network == preset.network
    assert ready.config.hyperparameters == preset.hyperparameters


def test_pasted_settings_start_a_new_run(qtbot, ready):
    config = replace(ready.config, seed=9, network=NetworkConfig(hidden=(5,)), validation=20)
    with qtbot.waitSignal(ready.run_started):
        ready.use_config(config)
    assert ready.config == config
    assert snapshot_of(qtbot, ready, lambda _: True).config == config


def test_settings_for_another_data_set_wait_for_it(qtbot, monkeypatch, ready):
    other = replace(tiny_dataset(seed=4), name="mnist")
    monkeypatch.setattr(dataset_choice, "load_dataset", lambda *_: other)
    config = replace(ready.config, dataset="mnist", seed=9)
    with qtbot.waitSignals([ready.data.changed, ready.run_started]):
        ready.use_config(config)
    assert ready.data.dataset is other
    assert ready.config == config
    assert snapshot_of(qtbot, ready, lambda _: True).config == config


def test_nothing_trains_without_data(session):
    session.play()
    session.step()
    session.restart()
    assert session.state is State.NO_DATA


def test_divergence_is_reported_once_and_can_be_undone(qtbot, ready):
    ready.set_hyperparameters(type(ready.config.hyperparameters)(learning_rate=900, batch_size=50))
    with qtbot.waitSignal(ready.run.diverged, timeout=10_000):
        ready.play()
    assert ready.state is State.PAUSED
    ready.go_back(learning_rate=0.02)
    assert ready.config.hyperparameters.learning_rate == 0.02
    assert ready.state is State.PAUSED
    ready.step()
    qtbot.waitUntil(lambda: ready.state is State.PAUSED)
    ready.go_back()
    assert ready.config.hyperparameters.learning_rate == 0.02


def test_a_finished_run_pauses_and_says_why(qtbot, ready):
    ready.set_hyperparameters(Hyperparameters(epochs=2))
    seen = []
    ready.run.snapshot_taken.connect(lambda snapshot: seen.append(snapshot.step))
    with qtbot.waitSignal(ready.run.stopped) as blocker:
        ready.play()
    assert ready.state is State.PAUSED
    assert "2 epochs" in blocker.args[0]
    assert seen[-1] == 8  # 200 images in batches of 64, twice
    ready.play()
    last_step(qtbot, ready, lambda step: step > 12)
    assert ready.state is State.RUNNING


def test_a_late_stop_does_not_stop_a_newer_command(ready):
    stops = []
    ready.run.stopped.connect(stops.append)
    ready.step()
    ready.play()
    ready.run._outbox.put(Stopped(1, "of yesterday"))
    ready.run._deliver()
    assert ready.state is State.RUNNING
    assert stops == []


def test_a_split_that_is_too_large_is_reported_and_can_be_corrected(qtbot, ready):
    failures = []
    ready.run_started.connect(lambda run: run.failed.connect(failures.append))
    ready.set_validation(200)
    qtbot.waitUntil(lambda: len(failures) == 1)
    assert "leaves nothing to train on" in failures[0]
    assert ready.state is State.PAUSED
    ready.play()
    qtbot.waitUntil(lambda: len(failures) == 2)
    assert ready.state is State.PAUSED
    ready.set_validation(72)
    ready.play()
    last_step(qtbot, ready, lambda step: step > 3)


def test_a_network_may_change_while_a_data_set_is_loaded(qtbot, ready, monkeypatch):
    def endless(name, data_dir, progress) -> Dataset:
        while True:
            progress(1, 100)

    monkeypatch.setattr(dataset_choice, "load_dataset", endless)
    ready.data.choose("mnist")
    with qtbot.waitSignal(ready.run_started):
        ready.set_network(NetworkConfig(hidden=(5,)))
    assert ready.state is State.LOADING
    with qtbot.waitSignal(ready.data.cancelled):
        ready.data.cancel()
    assert ready.state is State.PAUSED


def test_after_an_error_in_training_the_session_can_restart(qtbot, ready, monkeypatch, caplog):
    def broken(self):
        raise RuntimeError("sudden")

    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "step", broken)
        with qtbot.waitSignal(ready.run.failed) as blocker:
            ready.play()
    assert "sudden" in blocker.args[0]
    assert ready.state is State.PAUSED
    ready.restart()
    ready.play()
    last_step(qtbot, ready, lambda step: step > 3)


def test_another_data_set_replaces_the_run(qtbot, ready, monkeypatch):
    monkeypatch.setattr(dataset_choice, "load_dataset", lambda *_: tiny_dataset(seed=4))
    ready.play()
    with qtbot.waitSignal(ready.run_started):
        ready.data.choose("strokes")
    assert ready.state is State.PAUSED


def test_a_data_set_that_fails_to_load_leaves_the_old_one_in_use(qtbot, ready, monkeypatch):
    def fail(*_):
        raise DataError("The file is damaged. Get it again.")

    monkeypatch.setattr(dataset_choice, "load_dataset", fail)
    before = ready.data.dataset
    with qtbot.waitSignal(ready.data.failed) as blocker:
        ready.data.choose("mnist")
    assert blocker.args == ["The file is damaged. Get it again."]
    assert ready.data.dataset is before
    assert ready.state is State.PAUSED
    ready.step()
    last_step(qtbot, ready, lambda step: step == 1)


def test_loading_can_be_cancelled(qtbot, ready, monkeypatch):
    def endless(name, data_dir, progress) -> Dataset:
        while True:
            progress(1, 100)

    monkeypatch.setattr(dataset_choice, "load_dataset", endless)
    ready.data.choose("mnist")
    assert ready.state is State.LOADING
    with qtbot.waitSignal(ready.data.cancelled):
        ready.data.cancel()
    assert ready.state is State.PAUSED


def test_first_start_falls_back_to_strokes_and_offers_mnist(qtbot, session, monkeypatch):
    monkeypatch.setattr(dataset_choice, "find_published", lambda *_: None)
    monkeypatch.setattr(dataset_choice, "load_strokes", lambda progress: tiny_dataset())
    with qtbot.waitSignal(session.data.mnist_offered):
        session.data.load_first()
    assert session.config.dataset == "strokes"
    assert session.state is State.PAUSED


def test_first_start_with_a_bad_folder_says_so_and_continues(qtbot, session, monkeypatch):
    def fail(*_):
        raise DataError("No MNIST there.")

    monkeypatch.setattr(dataset_choice, "find_published", fail)
    monkeypatch.setattr(dataset_choice, "load_dataset", lambda *_: tiny_dataset())
    with qtbot.waitSignals([session.data.failed, session.run_started]):
        session.data.load_first()
    assert session.config.dataset == "strokes"


def test_first_start_prefers_mnist(qtbot, session, monkeypatch):
    mnist = tiny_dataset()
    found = Dataset(
        "mnist", mnist.train_images, mnist.train_labels, mnist.test_images, mnist.test_labels
    )
    monkeypatch.setattr(dataset_choice, "find_published", lambda *_: found)
    offered = []
    session.data.mnist_offered.connect(lambda: offered.append(True))
    with qtbot.waitSignal(session.run_started):
        session.data.load_first()
    assert session.config.dataset == "mnist"
    assert not offered


def test_closing_while_training_and_loading(qtbot, qapp, monkeypatch):
    cancelled = []

    def endless(name, data_dir, progress) -> Dataset:
        try:
            while True:
                progress(1, 100)
        except Cancelled:
            cancelled.append(True)
            raise

    monkeypatch.setattr(dataset_choice, "load_dataset", endless)
    session = Session()
    session.data.use(tiny_dataset())
    with qtbot.waitSignal(session.run.snapshot_taken):
        pass
    session.play()
    session.data.choose("mnist")
    qtbot.waitUntil(lambda: session.state is State.LOADING)
    assert session.close()
    assert cancelled
