"""Larger and smaller: the zoom of the interface, which is remembered."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSettings, QTimer, Signal, Slot

from gui.widgets.actions import Actions
from gui.window.interface_scale import InterfaceScale

LEVELS = (80, 90, 100, 110, 125, 150, 175, 200)
_KEY, _NORMAL = "zoom", 100


class Zoom(QObject):
    """Changes the zoom by the user's actions.

    Parameters
    ----------
    settings
        Where the zoom is remembered; None to forget it.

    Signals
    -------
    changing(float)
        The scale of the interface will change; the larger of the two scales, 1 at 100 %.
    changed(float)
        The scale has changed, or was set anew.

    Attributes
    ----------
    percent
        One of LEVELS.
    """

    changing = Signal(float)
    changed = Signal(float)

    def __init__(self, actions: Actions, settings: QSettings | None, parent: QObject) -> None:
        super().__init__(parent)
        self._scale = InterfaceScale()
        self._settings = settings
        self._actions = actions
        self._magnified = 1.0
        self.percent = _NORMAL
        actions.zoom_in.triggered.connect(self._zoom_in)
        actions.zoom_out.triggered.connect(self._zoom_out)
        actions.zoom_normal.triggered.connect(self._zoom_normal)
        for action in (actions.zoom_in, actions.zoom_out, actions.zoom_normal):
            action.setEnabled(self._scale.is_live)
        remembered = str(settings.value(_KEY, _NORMAL)) if settings is not None else ""
        if remembered.isdecimal() and int(remembered) in LEVELS:
            self._note(int(remembered))
        self._scale.set_factor(self.factor)  # before there is a window

    @property
    def factor(self) -> float:
        """The scale of the interface."""
        return self._magnified * self.percent / 100

    def magnify(self, factor: float) -> None:
        """Scale the interface by this, too, without remembering it."""
        self._magnified = factor
        self._apply()

    @Slot()
    def _zoom_in(self) -> None:
        self._set(min((level for level in LEVELS if level > self.percent), default=LEVELS[-1]))

    @Slot()
    def _zoom_out(self) -> None:
        self._set(max((level for level in LEVELS if level < self.percent), default=LEVELS[0]))

    @Slot()
    def _zoom_normal(self) -> None:
        self._set(_NORMAL)

    def _set(self, percent: int) -> None:
        self._note(percent)
        self._apply()

    def _note(self, percent: int) -> None:
        self.percent = percent
        self._actions.zoom_in.setEnabled(self._scale.is_live and percent < LEVELS[-1])
        self._actions.zoom_out.setEnabled(self._scale.is_live and percent > LEVELS[0])
        if self._settings is not None:
            self._settings.setValue(_KEY, percent)

    def _apply(self) -> None:
        # Not inside the event of a key or a menu, whose windows are made anew.
        QTimer.singleShot(0, self, self._apply_now)

    def _apply_now(self) -> None:
        self.changing.emit(max(self._scale.factor, self.factor))
        self._scale.set_factor(self.factor)
        self.changed.emit(self.factor)
