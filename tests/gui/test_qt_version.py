"""Guards against a Qt binding that loses references (PySide6 6.12.0 on Python 3.11)."""

import sys

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel


class Emitter(QObject):
    happened = Signal(int)


def test_calls_and_signals_drop_no_reference(qtbot):
    label, emitter = QLabel(), Emitter()
    qtbot.addWidget(label)
    emitter.happened.connect(label.setNum)

    def calls():
        for number in range(2_000):
            label.setText("x")
            emitter.happened.emit(number)

    calls()
    before = sys.getrefcount(None), sys.getrefcount(True)
    calls()
    after = sys.getrefcount(None), sys.getrefcount(True)
    # On Python 3.12 and later both are immortal, and the counts never change.
    for x, y in zip(before, after, strict=True):
        assert abs(x - y) < 100
