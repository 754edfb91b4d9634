"""The scale of all that Qt draws, changed while windows are open.

Qt has a factor for the whole interface, which it reads from QT_SCALE_FACTOR at the start. The
function that sets it later is not among those that PySide6 passes on, so it is called in Qt's own
library. It scales type, controls, pictures and mouse alike, and as sharply as a screen's own scale.
Where a version of Qt lacks it, a new scale takes effect at the next start.
"""

from __future__ import annotations

import ctypes
import os
import sys

from PySide6 import QtGui
from PySide6.QtCore import QPoint, QSizeF, Qt, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QWidget

VARIABLE = "QT_SCALE_FACTOR"
_FUNCTION = "_ZN15QHighDpiScaling15setGlobalFactorEd"
_PROPERTY = "interface_scale"
_EXACT = "exact_size"
_ON_WINDOWS = "?setGlobalFactor@QHighDpiScaling@@SAXN@Z"


class InterfaceScale:
    """Scales the interface by a factor of the scale that the app began with.

    Attributes
    ----------
    is_live
        Whether a change is seen at once.
    """

    def __init__(self) -> None:
        try:
            library = "Qt6Gui.dll" if sys.platform == "win32" else QtGui.__file__
            name = _ON_WINDOWS if sys.platform == "win32" else _FUNCTION
            self._set_global_factor = ctypes.CDLL(library)[name]
        except (OSError, AttributeError):
            self.is_live = False
            return
        self._set_global_factor.argtypes = [ctypes.c_double]
        self._set_global_factor.restype = None
        self.is_live = True
        try:
            self._first = float(os.environ.get(VARIABLE, "1"))
        except ValueError:
            self._first = 1.0

    @property
    def factor(self) -> float:
        """The present one; 1 at first."""
        app = QApplication.instance()
        assert app is not None
        return float(app.property(_PROPERTY) or 1)

    def set_factor(self, factor: float) -> None:
        """Draw all windows anew at this factor; each keeps its place on the screen."""
        if factor == self.factor or not self.is_live:
            return
        app = QApplication.instance()
        assert app is not None
        ratio = self.factor / factor
        app.setProperty(_PROPERTY, factor)
        focus = QApplication.focusWidget()
        windows = [w for w in QApplication.topLevelWidgets() if w.windowHandle() is not None]
        shown = [(window, window.pos() * ratio) for window in windows if window.isVisible()]
        for window, _ in shown:
            window.hide()
        # A window of the screen keeps the scale that it was made with.
        for window in windows:
            window.windowHandle().destroy()
        # Qt warns of open windows, which are none now, though their objects are still there.
        before = qInstallMessageHandler(lambda *_: None)
        try:
            self._set_global_factor(self._first * factor)
        finally:
            qInstallMessageHandler(before)
        for window, place in shown:
            _show_again(window, place, ratio)
        if focus is not None:
            focus.setFocus(Qt.FocusReason.OtherFocusReason)


def _show_again(window: QWidget, place: QPoint, ratio: float) -> None:
    """Show a window at a place, and as large on the screen as it was."""
    filling = Qt.WindowState.WindowMaximized | Qt.WindowState.WindowFullScreen
    if not window.windowState() & filling:
        exact = window.property(_EXACT)  # so that rounding does not add up
        if exact is None or exact.toSize() != window.size():
            exact = QSizeF(window.size())
        window.setProperty(_EXACT, exact * ratio)
        window.resize((exact * ratio).toSize())
        window.move(place)
    window.show()
    window.activateWindow()
