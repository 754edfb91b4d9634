"""The choices of the user that last until the next start."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QObject, QSettings, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QSlider,
    QTableView,
    QTabWidget,
    QWidget,
)

from gui.window.tabs import Tabs

_CHOICES = (
    "axis_combo",
    "on_change_combo",
    "brush_slider",
    "weights_order",
    "weights_scale",
    "flow_look_combo",
    "runs_table",
    "nearest_in_data",
    "augmentation_in_data",
    "classes_in_data",
    "left_tabs",
    "views_tabs",
)
"""objectNames of the controls; each is also its key in the settings. Tabs come last: a tab that is
opened makes controls."""
_LOG_SCALE = "log_scale"


class RememberedChoices(QObject):
    """Puts the controls of a window back to where they were, each as soon as it exists.

    What belongs to a run, such as its settings, is remembered in the run's file and not here; and
    the speed is always full at first.

    Parameters
    ----------
    log_scale
        Whether the loss is drawn on a logarithmic scale.
    """

    def __init__(self, window: QWidget, log_scale: QAction, settings: QSettings | None) -> None:
        super().__init__(window)
        self._window, self._log_scale, self._settings = window, log_scale, settings
        self._missing = set(_CHOICES)
        if settings is not None and settings.value(_LOG_SCALE, False, bool):
            log_scale.trigger()
        for tabs in window.findChildren(QTabWidget):
            tabs.currentChanged.connect(self._restore)
        self._restore()

    @Slot()
    def _restore(self) -> None:
        """Restore what has come into being."""
        for name in _CHOICES:
            control = self._control(name) if name in self._missing else None
            if control is not None:
                self._missing.discard(name)
                if self._settings is not None and self._settings.contains(name):
                    _put(control, self._settings.value(name))

    def remember(self) -> None:
        """Write the choices into the settings; what was never opened stays as it was."""
        if self._settings is None:
            return
        self._settings.setValue(_LOG_SCALE, self._log_scale.isChecked())
        for name in _CHOICES:
            if (control := self._control(name)) is not None:
                self._settings.setValue(name, _state(control))

    def _control(self, name: str) -> QWidget | None:
        return self._window.findChild(QWidget, name)


def _state(control: QWidget) -> object:
    """Return what is chosen, in words that other versions understand."""
    if isinstance(control, QComboBox):
        return str(control.currentData())
    if isinstance(control, QSlider):
        return control.value()
    if isinstance(control, QAbstractButton):
        return int(control.isChecked())
    if isinstance(control, QTabWidget):
        return control.tabText(control.currentIndex())
    assert isinstance(control, QTableView)
    return control.horizontalHeader().saveState()


def _put(control: QWidget, state: object) -> None:
    """Choose it again, as if by hand; nothing happens if it is not there any more."""
    if isinstance(control, QComboBox):
        options = [str(control.itemData(index)) for index in range(control.count())]
        if state in options:
            control.setCurrentIndex(options.index(str(state)))
            control.activated.emit(control.currentIndex())
    elif isinstance(control, QSlider) and str(state).isdecimal():
        control.setValue(int(str(state)))
    elif isinstance(control, QAbstractButton) and str(state) in ("0", "1"):
        control.setChecked(str(state) == "1")
    elif isinstance(control, QTabWidget):
        titles = [control.tabText(index) for index in range(control.count())]
        if state in titles:
            control.setCurrentIndex(titles.index(str(state)))
        elif isinstance(control, Tabs):  # a tab of an earlier version
            control.open(str(state).lower())
    elif isinstance(control, QTableView) and isinstance(state, QByteArray):
        control.horizontalHeader().restoreState(state)
