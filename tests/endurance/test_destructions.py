"""The watch sees destructions in wrong threads, and nothing else."""

import gc
import threading

import pyqtgraph
import pytest
from PySide6.QtCore import QObject, QThread, QTimer
from PySide6.QtWidgets import QMenu


class OwnThread(QThread):
    """A class of our own."""


class Circle:
    """Only the cyclic collector frees it."""

    def __init__(self, held):
        self.held = held
        self.circle = self


@pytest.fixture(autouse=True)
def _only_own_garbage():
    """Keep the collector away from what other tests left, and run it only on demand."""
    was_enabled = gc.isenabled()
    gc.disable()
    gc.freeze()
    yield
    gc.unfreeze()
    if was_enabled:
        gc.enable()


def in_another_thread(work):
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


@pytest.mark.parametrize("kind", [QObject, QTimer, OwnThread])
def test_destruction_by_the_collector_in_another_thread_is_counted(qapp, destructions, kind):
    Circle(kind())
    in_another_thread(gc.collect)
    assert dict(destructions.astray) == {kind.__name__: 1}
    assert destructions.collections_astray > 0


def test_dropping_a_last_reference_in_another_thread_is_counted(qapp, destructions):
    kept = [QObject()]
    in_another_thread(kept.clear)
    assert destructions.astray.total() == 1


def test_a_parent_takes_its_children_along(qapp, destructions):
    parent = QObject()
    QTimer(parent)
    kept = [parent]
    del parent
    in_another_thread(kept.clear)
    assert dict(destructions.astray) == {"QObject": 1, "QTimer": 1}


def test_destruction_in_the_right_thread_is_not_counted(qapp, destructions):
    made = destructions.made
    for thing in (QObject(), QMenu(), pyqtgraph.PlotDataItem()):
        Circle(thing)
    del thing
    gc.collect()
    in_another_thread(QObject)
    assert destructions.made > made + 3
    assert not destructions.astray
    assert not destructions.collections_astray
