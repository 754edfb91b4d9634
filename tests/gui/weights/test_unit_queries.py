"""Which answers about units are told, when one is asked after the other."""

import threading

import pytest
from PySide6.QtCore import QThreadPool

from core.network.network import Network
from gui.weights import unit_queries
from gui.weights.unit_queries import UnitQuestions
from tests.core.digits import tiny_dataset

DATA = tiny_dataset()


@pytest.fixture
def questions(qapp):
    questions = UnitQuestions()
    questions.show_dataset(DATA)
    yield questions
    assert QThreadPool.globalInstance().waitForDone(10_000)


def test_a_late_answer_about_another_unit_is_not_told(questions, qtbot, monkeypatch):
    network = Network((784, 2, 10))
    network.layers[0].b[:] = 1, 2
    may_answer, most_exciting = threading.Event(), unit_queries.most_exciting

    def look_when_allowed(*args):
        assert may_answer.wait(10)
        return most_exciting(*args)

    monkeypatch.setattr(unit_queries, "most_exciting", look_when_allowed)
    told = []
    questions.excited.connect(lambda exciting: told.append(float(exciting.responses[0])))
    questions.ask_exciting(network, 1, 0, at_once=True)
    questions.ask_exciting(network, 1, 1, at_once=True)
    may_answer.set()
    qtbot.waitUntil(lambda: questions.is_idle)
    assert told == [2]
