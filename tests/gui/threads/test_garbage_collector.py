"""Cycles are collected only in the window's thread."""

import gc
import threading

import pytest

from gui.threads.garbage_collector import GarbageCollector


class Cycle:
    def __init__(self, ends):
        self.itself = self
        self.ends = ends

    def __del__(self):
        self.ends.append(threading.current_thread())


@pytest.fixture
def collector(qapp):
    thresholds = gc.get_threshold()
    collector = GarbageCollector()
    yield collector
    collector.stop()
    gc.set_threshold(*thresholds)


def test_other_threads_never_collect(collector, qtbot):
    gc.set_threshold(1, 1, 1)
    ends, made = [], 500

    def make_cycles():
        for _ in range(made):
            Cycle(ends)

    thread = threading.Thread(target=make_cycles)
    thread.start()
    thread.join()
    assert ends == []
    qtbot.waitUntil(lambda: len(ends) == made)
    assert set(ends) == {threading.main_thread()}


def test_nothing_is_collected_before_it_is_due(collector):
    gc.collect()
    gc.set_threshold(100_000, 10, 10)
    ends = []
    Cycle(ends)
    collector.collect_if_due()
    assert ends == []
    gc.set_threshold(1, 10, 10)
    collector.collect_if_due()
    assert ends == [threading.main_thread()]


def test_the_last_collection_leaves_nothing_and_automatic_ones_stay_off(collector):
    """A collection inside a Qt destructor may wait forever."""
    ends = []
    Cycle(ends)
    collector.stop()
    assert ends == [threading.main_thread()]
    assert not gc.isenabled()
