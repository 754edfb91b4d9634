"""Which results about units are signaled when queries follow each other."""

import threading

import pytest
from PySide6.QtCore import QThreadPool

from core.network.network import Network
from gui.weights import unit_queries
from gui.weights.unit_queries import UnitQueries
from tests.core.digits import tiny_dataset

DATA = tiny_dataset()


@pytest.fixture
def queries(qapp):
    queries = UnitQueries()
    queries.show_dataset(DATA)
    yield queries
    assert QThreadPool.globalInstance().waitForDone(10_000)


def test_a_late_result_about_another_unit_is_not_shown(queries, qtbot, monkeypatch):
    network = Network((784, 2, 10))
    network.layers[0].b[:] = 1, 2
    may_answer, top_activating = threading.Event(), unit_queries.top_activating

    def look_when_allowed(*args):
        assert may_answer.wait(10)
        return top_activating(*args)

    monkeypatch.setattr(unit_queries, "top_activating", look_when_allowed)
    reported = []
    queries.finding.done.connect(lambda top: reported.append(float(top.responses[0])))
    queries.ask_top_images(network, 1, 0, at_once=True)
    queries.ask_top_images(network, 1, 1, at_once=True)
    may_answer.set()
    qtbot.waitUntil(lambda: queries.is_idle)
    assert reported == [2]
