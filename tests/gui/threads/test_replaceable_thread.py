"""Replaced threads end, and are released in the window's thread, without the garbage collector."""

import gc
import threading
import weakref

import numpy as np
import pytest

from core.arrays import LabeledImages
from core.settings.config import Hyperparameters, NetworkConfig, RunConfig
from core.training.trainer import Trainer
from gui.threads.replaceable_thread import ReplaceableThread, StoppableThread
from gui.training.commands import Command
from gui.training.training_run import TrainingRun
from tests.core.digits import tiny_dataset

CONFIG = RunConfig(network=NetworkConfig(hidden=(8,)))
DIVERGING = RunConfig(
    network=NetworkConfig(hidden=(8,)), hyperparameters=Hyperparameters(learning_rate=1000)
)


class Waiting(StoppableThread):
    """Waits until it is stopped, and then until it may end."""

    def __init__(self, ends):
        super().__init__()
        self.ends = ends
        self.stopped, self.may_end = threading.Event(), threading.Event()

    def stop(self):
        self.stopped.set()

    def run(self):
        self.stopped.wait(10)
        self.may_end.wait(10)

    def __del__(self):
        self.ends.append(threading.current_thread())


@pytest.fixture(autouse=True)
def _without_collector():
    """Reference counting alone frees everything."""
    thresholds = gc.get_threshold()
    gc.set_threshold(0, 0, 0)
    yield
    gc.set_threshold(*thresholds)


@pytest.fixture
def made(monkeypatch):
    """Weak references to every trainer and training run that is created."""
    references = []
    for kind in (Trainer, TrainingRun):
        begin = kind.__init__

        def note(self, *args, begin=begin, **kwargs):
            references.append(weakref.ref(self))
            begin(self, *args, **kwargs)

        monkeypatch.setattr(kind, "__init__", note)
    return references


def alive(references):
    return [reference() for reference in references if reference() is not None]


def test_a_replaced_thread_is_released_only_after_it_ended(qapp, qtbot):
    owner, ends = ReplaceableThread(), []
    first = Waiting(ends)
    may_end = first.may_end
    owner.start(first)
    del first
    owner.start(Waiting(ends))
    assert ends == []
    may_end.set()
    qtbot.waitUntil(lambda: ends == [threading.main_thread()])
    owner.present.may_end.set()
    assert owner.close(10_000)
    assert ends == [threading.main_thread()] * 2


def test_nothing_starts_once_all_is_closed(qapp):
    owner = ReplaceableThread()
    assert owner.close(0)
    owner.start(Waiting([]))
    assert owner.present is None


def test_a_thread_that_does_not_end_in_time_is_reported_and_kept(qapp):
    owner, ends = ReplaceableThread(), []
    owner.start(Waiting(ends))
    may_end = owner.present.may_end
    assert not owner.close(10)
    assert ends == []
    may_end.set()
    assert owner.close(10_000)


@pytest.mark.parametrize("config", [CONFIG, DIVERGING], ids=["healthy", "diverging"])
def test_a_replaced_run_leaves_no_trainer_and_no_thread(qapp, qtbot, made, config):
    owner = ReplaceableThread()
    for _ in range(4):
        run = TrainingRun(config, tiny_dataset())
        owner.start(run)
        run.mailbox.post(Command.PLAY)
        heard = run.diverged if config is DIVERGING else run.snapshot_taken
        with qtbot.waitSignal(heard):
            pass
        del run, heard
    assert len(made) == 2 * 4
    qtbot.waitUntil(lambda: len(alive(made)) == 2)  # the current ones
    assert owner.close(10_000)
    assert alive(made) == []


def test_going_back_and_fine_tuning_leave_no_trainer_and_no_thread(qtbot, session, made):
    """What is kept of a run, and what fine-tuned it, hold neither."""
    session.data.use(tiny_dataset())
    own = LabeledImages(np.full((2, 784), 200, np.uint8), np.full(2, 3, np.uint8))
    session.step()
    qtbot.waitUntil(lambda: session.run.moment[0] == 1)
    first = session.run.id
    for _ in range(2):
        with qtbot.waitSignal(session.run.fine_tuned) as tuned:
            session.fine_tune(own)
        assert tuned.args[0].result is not None
        del tuned
        session.restart()
        session.step()
        qtbot.waitUntil(lambda: session.run.moment[0] == 1)
        session.reopening.reopen(first)
        qtbot.waitUntil(lambda: session.run.id == first)
        with qtbot.waitSignal(session.run.snapshot_taken):
            pass
    qtbot.waitUntil(lambda: len(alive(made)) == 2)  # the present ones
    assert session.close()
    assert alive(made) == []
