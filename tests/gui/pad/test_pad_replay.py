"""The network's input from the pad is, bit for bit, that from the same recording.

The recordings are sent to the pad as pointer events, at several sizes and scales of the screen.
"""

import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from core.ink.drawing import BRUSH
from core.ink.recordings import Recording, draw_recording, read_recordings, strokes_on_pad
from gui.pad.draw_pad import DrawPad

ROOT = Path(__file__).parents[3]
PENDIGITS = ROOT.parent / "shared" / "pendigits" / "pendigits-train.unipen.gz"
SIZES = [(141, 141), (280, 280), (560, 700), (501, 333)]


def curves(count=12):
    """Recordings of one to three strokes of Lissajous curves, in whole numbers as a tablet's."""
    recordings = []
    for number in range(count):
        strokes = []
        for stroke in range(1 + number % 3):
            points = 1 if stroke == 2 else 6 + 5 * number
            turns = [2 * math.pi * i / max(points - 1, 1) for i in range(points)]
            strokes.append(
                [
                    (
                        round(300 * math.cos((1 + stroke) * turn + number)) + 150 * stroke,
                        round((200 + 20 * number) * math.sin((1 + number % 4) * turn)),
                    )
                    for turn in turns
                ]
            )
        recordings.append(Recording(number % 10, strokes))
    return recordings


def send(pad, kind, position, button, buttons):
    event = QMouseEvent(
        kind,
        position,
        pad.mapToGlobal(position),
        button,
        buttons,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(pad, event)


def write(pad, recording):
    """Write a recording with the mouse, in the largest square in the middle of the pad's top."""
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    side = min(pad.width(), pad.height())
    for stroke in strokes_on_pad(recording):
        places = [
            QPointF((pad.width() - side) / 2 + side * x / 280, side * y / 280) for x, y in stroke
        ]
        send(pad, QEvent.Type.MouseButtonPress, places[0], left, left)
        for place in places[1:]:
            send(pad, QEvent.Type.MouseMove, place, none, left)
        send(pad, QEvent.Type.MouseButtonRelease, places[-1], left, none)


def shown_pad(width, height):
    pad = DrawPad()
    pad.resize(width, height)
    pad.show()
    assert (pad.width(), pad.height()) == (width, height)
    return pad


def differences(pad, recordings, brush=BRUSH):
    """Return the recordings for which the pad's image differs."""
    pad.brush = brush
    different = []
    for number, recording in enumerate(recordings):
        write(pad, recording)
        QApplication.processEvents()
        if not np.array_equal(pad.drawing.image(), draw_recording(recording, brush).image()):
            different.append(number)
        pad.clear()
    return different


@pytest.fixture
def pad_of(qtbot):
    def make(width, height):
        pad = shown_pad(width, height)
        qtbot.addWidget(pad)
        qtbot.waitExposed(pad)
        return pad

    return make


def test_the_recordings_differ():
    images = {draw_recording(recording).image().tobytes() for recording in curves()}
    assert len(images) == len(curves()) == 12


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_pad_predicts_recorded_strokes(pad_of, width, height):
    assert differences(pad_of(width, height), curves()) == []


@pytest.mark.parametrize("brush", [10, 17.5, 44])
def test_with_any_brush(pad_of, brush):
    assert differences(pad_of(301, 301), curves(6), brush) == []


def test_display_of_another_scale():
    """A process has one scale, so this runs another process."""
    code = (
        "from PySide6.QtWidgets import QApplication\n"
        "app = QApplication([])\n"
        "from tests.gui.pad.test_pad_replay import curves, differences, shown_pad\n"
        "pad = shown_pad(333, 333)\n"
        "print(pad.devicePixelRatioF(), differences(pad, curves()))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "QT_SCALE_FACTOR": "1.5", "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == "1.5 []"


@pytest.mark.skipif(not PENDIGITS.exists(), reason="Pen-Digits is not beside the repository")
def test_people_s_handwriting(pad_of):
    recordings = read_recordings(PENDIGITS)
    sample = recordings[:: len(recordings) // 20][:20]
    assert differences(pad_of(333, 400), sample) == []
