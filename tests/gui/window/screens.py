"""Opens the window at sizes of screens and prints what does not fit; run as a program.

``python -m tests.gui.window.screens 1024x768 1280x800``; QT_SCALE_FACTOR sets the device ratio.
"""

import gc
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.my_digits.my_digits import MyDigits
from core.saving.shipped import load_shipped_network
from core.settings.config import NetworkConfig
from gui.training.session import Session
from gui.training.state import State
from gui.widgets.theme_controller import ThemeController
from gui.window.main_window import MainWindow
from tests.core.digits import tiny_dataset
from tests.core.pictures.sheets import sheet_of
from tests.gui.window.fitting import faults, painted_texts

FRAME_AND_TASKBAR = 80
TABS = (
    "weights",
    "flow",
    "layers",
    "mistakes",
    "compare",
    "maths",
    "activations",
    "runs",
    "search",
    "data",
    "my_digits",
    "sheet",
)
NETWORKS = ((), (4096, 1), (16,) * 8)
_PATIENCE = 1.0
"""Seconds in which a layout that was asked for arrives."""
SCHEMES = (Qt.ColorScheme.Light, Qt.ColorScheme.Dark)


def main(sizes):
    app = QApplication([])
    gc.disable()
    with tempfile.TemporaryDirectory() as home:
        session = Session()
        themes = ThemeController(app)
        mine = MyDigits(Path(home) / "mine")
        window = MainWindow(session, themes, mine, shipped=load_shipped_network())
        window.show()
        found = dict.fromkeys(_all_faults(app, window, session, themes, sizes))
        window.close()
        session.close()
    for fault in found:
        print(fault)


def _all_faults(app, window, session, themes, sizes):
    session.data.use(tiny_dataset())
    window.pictures.show_sheet(sheet_of(8, 12))
    for hidden in NETWORKS:
        _train(session, hidden)
        _draw(window.pad_panel.pad)
        # Colors move nothing: one network is enough for the other ones.
        for scheme in SCHEMES if len(hidden) == 2 else SCHEMES[:1]:
            themes.choose(scheme)
            for width, height in sizes:
                window.resize(width, height - FRAME_AND_TASKBAR)
                for tab in TABS:
                    window.tabs.open(tab)
                    _settle(app)
                    where = f"{width}×{height}, {len(hidden)} hidden, {scheme.name}, {tab}: "
                    if (window.width(), window.height()) != (width, height - FRAME_AND_TASKBAR):
                        yield f"{where}the window is {window.width()}×{window.height()}"
                    for fault in _lasting_faults(window, scheme is SCHEMES[0]):
                        yield where + fault


def _lasting_faults(window, is_painted):
    """Return what does not fit even when the layouts of a changed tab have had their time."""
    deadline = time.monotonic() + _PATIENCE
    while found := [*faults(window), *(_painted(window) if is_painted else [])]:
        if time.monotonic() > deadline:
            return found
        QTest.qWait(5)
    return []


def _painted(window):
    with painted_texts() as found:
        window.grab()
    return found


def _settle(app):
    """Let layouts and what is asked of other threads arrive."""
    for _ in range(3):
        app.processEvents()


def _train(session, hidden):
    session.set_network(NetworkConfig(hidden=hidden))
    session.train_epoch()
    while session.state is not State.PAUSED:
        QTest.qWait(5)


def _draw(pad):
    pad.clear()
    pad.begin_stroke(QPointF(90, 60))
    for x, y in ((190, 60), (130, 220)):
        pad.extend_stroke(QPointF(x, y))
    pad.end_stroke()


if __name__ == "__main__":
    main([tuple(map(int, size.split("x"))) for size in sys.argv[1:]])
