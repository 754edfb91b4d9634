"""The left column: beside the rest in a wide window, a drawer over it in a narrow one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSplitter, QTabWidget, QWidget
from shiboken6 import isValid

DRAWER_BELOW = 1200
"""Logical pixels: a window that is narrower has a drawer."""
_DRAWER_WIDTH = 316


class SideColumn(QFrame):
    """Tabs that are shown or hidden by an action, in a splitter or over what it holds.

    The drawer of a narrow window is closed until the user opens it; the column of a wide window
    stays as the user left it.

    Parameters
    ----------
    splitter
        Where the column is the first part while the window is wide.
    shown
        A checkable action: whether the column is there now.
    """

    def __init__(self, splitter: QSplitter, shown: QAction, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("side_column")
        self.setAutoFillBackground(True)
        self._splitter = splitter
        self._shown = shown
        self._over = parent
        self._focus_before: QWidget | None = None
        self.is_drawer = self._is_suspended = False
        self.is_kept = True
        self.tabs = QTabWidget()
        self.tabs.setObjectName("left_tabs")
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName("Settings, lessons and search")
        self.tabs.tabBar().setAccessibleName("Settings, lessons and search")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.tabs)
        self._edge = QFrame()
        self._edge.setProperty("role", "edge")
        self._edge.setFixedWidth(1)
        self._edge.hide()
        layout.addWidget(self._edge)
        splitter.insertWidget(0, self)
        shown.setChecked(True)
        shown.toggled.connect(self._on_shown)

    def add(self, panel: QWidget, title: str, tool_tip: str) -> None:
        """Add a tab."""
        self.tabs.setTabToolTip(self.tabs.addTab(panel, title), tool_tip)

    def limit_to(self, panels: Sequence[QWidget]) -> None:
        """Show only the tabs of these panels, of which there is at least one."""
        if self.tabs.currentWidget() not in panels:
            self.tabs.setCurrentWidget(panels[0])
        for index in range(self.tabs.count()):
            self.tabs.setTabVisible(index, self.tabs.widget(index) in panels)

    def open(self, panel: QWidget) -> None:
        """Show the column with this panel in front."""
        self.tabs.setCurrentWidget(panel)
        self._shown.setChecked(True)

    def keep_shown(self, is_kept: bool) -> None:
        """Say whether a wide window shows the column."""
        self.is_kept = is_kept
        if not self.is_drawer:
            self._shown.setChecked(is_kept)

    def suspend(self, is_suspended: bool) -> None:
        """Hide the column for a while, or show it as it was."""
        self._is_suspended = is_suspended
        self._update()

    def fit(self, is_narrow: bool) -> None:
        """Become a drawer or a column."""
        if is_narrow != self.is_drawer:
            self._change()

    def lie_over(self, room: QRect) -> None:
        """Cover the left of `room`, if this is a drawer."""
        if self.is_drawer:
            width = max(_DRAWER_WIDTH, self.minimumSizeHint().width())
            self.setGeometry(room.x(), room.y(), width, room.height())

    def _change(self) -> None:
        self.is_drawer = not self.is_drawer
        if self.is_drawer:
            self.setParent(self._over)
        else:
            self._splitter.insertWidget(0, self)
            self._splitter.setStretchFactor(0, 0)
        self._edge.setVisible(self.is_drawer)
        is_shown = self.is_kept and not self.is_drawer
        self._shown.setChecked(is_shown)
        self._update()

    def _update(self) -> None:
        is_shown = self._shown.isChecked() and not self._is_suspended
        if not is_shown:
            self._give_focus_back()
        self.setVisible(is_shown)

    def _give_focus_back(self) -> None:
        """Move the focus out, before Qt gives it to the next control, which Space would press."""
        focus = self.window().focusWidget()
        if focus is None or not self.isAncestorOf(focus):
            return
        before = self._focus_before
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            focus.clearFocus()

    @Slot(bool)
    def _on_shown(self, is_shown: bool) -> None:
        if not self.is_drawer:
            self.is_kept = is_shown
        self._update()
        if self.isVisible() and self.is_drawer:
            self.raise_()
            self._focus_before = self.window().focusWidget()
            self.tabs.currentWidget().setFocus(Qt.FocusReason.OtherFocusReason)
