"""Seconds from ``python main.py`` to a window that is on the screen and responds.

Starts the real program, but replaces ``QApplication.exec``: it handles all waiting events (which
maps and paints the window), prints the time, and quits. Prints the median of several starts, after
one that warms the disk's caches. Needs a display; run it with nothing else running.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
STARTS = 9

PROBE = """
import sys, time
sys.path.insert(0, {root!r})
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

def report(app=None):
    application = QApplication.instance()
    window = next(w for w in application.topLevelWidgets() if w.objectName() == "main_window")
    while not window.windowHandle().isExposed():
        application.processEvents()
    application.processEvents()
    print(time.time() - {begin!r})
    window.close()
    return 0

QApplication.exec = report
import main
sys.exit(main.main([]))
"""


def one_start() -> float:
    """Return the seconds of one start, including Python's own."""
    code = PROBE.format(root=str(ROOT), begin=time.time())
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return float(run.stdout)


def main() -> None:
    """Print the median."""
    one_start()
    seconds = [one_start() for _ in range(STARTS)]
    print("from `python main.py` to a window that answers, before any data is loaded")
    print(f"median {statistics.median(seconds):.2f} s, slowest {max(seconds):.2f} s")


if __name__ == "__main__":
    main()
