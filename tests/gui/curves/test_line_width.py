"""How wide the curves are on screens of every ratio of device pixels, in a process each."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

_PROGRAM = """
import numpy as np
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication
app = QApplication([])
from gui.curves.curves_view import CurvesView
from core.colors import LIGHT
from tests.gui.curves.pixels import is_color, pixels_of
from tests.gui.snapshots import curves, snapshot
view = CurvesView(QAction("log", checkable=True))
view.resize(900, 360)
view.apply_theme(LIGHT)
view.show()
run = snapshot(400)
run.history.batch_loss.base[:] = 1.0
run.history.test_loss.base[:] = 0.5
flat = curves(snapshot(400))
flat.loss[:], flat.test_loss[:] = 0.25, 0.75
view.show_overlays([("flat", LIGHT.overlays[0], flat)])
view.show_loss(run)
view.show_accuracy(run)
ratio = view.devicePixelRatio()
frame = view.loss.canvas.frame
pixels = pixels_of(view.loss.canvas)
columns = [round(ratio * frame.x_at(x)) for x in (142, 155, 163, 251, 260, 339, 345)]
for color, y in ((LIGHT.train, 1.0), (LIGHT.test, 0.5), (LIGHT.overlays[0], 0.25)):
    middle = round(ratio * frame.y_at(y))
    part = pixels[middle - 4 * round(ratio) : middle + 4 * round(ratio)]
    # Antialiased rows count in part: by how near their color is to the line's.
    ground = np.array([255, 255, 255])
    if y == 1.0:
        ground = part[0, columns[0]]
    line = np.array([int(color[at : at + 2], 16) for at in (1, 3, 5)])
    share = ((part - ground) @ (line - ground)) / ((line - ground) @ (line - ground))
    print(max(share[:, column].clip(0, 1).sum() / ratio for column in columns))
"""


@pytest.mark.parametrize("ratio", ["1", "1.5", "2", "3"])
def test_lines_are_two_logical_pixels_wide(ratio):
    root = Path(__file__).parents[3]
    environment = os.environ | {"QT_SCALE_FACTOR": ratio, "QT_QPA_PLATFORM": "offscreen"}
    found = subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    widths = [float(line) for line in found.stdout.split()]
    assert widths == pytest.approx([2, 2, 2], abs=0.35)
