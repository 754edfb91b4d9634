"""One view instead of all: it fills the window, or is presented beside the pad."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QEvent, QObject, Qt, Slot
from PySide6.QtWidgets import QMainWindow, QWidget

from gui.curves.curves_view import CurvesView
from gui.widgets.actions import Actions
from gui.window.tabs import Tabs
from gui.window.window_layout import LEAST, WindowLayout
from gui.window.zoom import Zoom

_MAGNIFIED = 1.5
"""At most, in presenter mode: type of 12 to 18 becomes one of 18 to 28, and lines of 2 pixels have
3."""


class ViewModes(QObject):
    """Fills the window with a view whose title is double-clicked; presents it; and goes back.

    Parameters
    ----------
    zoom
        Magnifies what is presented.
    """

    def __init__(
        self,
        window: QMainWindow,
        layout: WindowLayout,
        curves: CurvesView,
        tabs: Tabs,
        actions: Actions,
        zoom: Zoom,
    ) -> None:
        super().__init__(window)
        self._window, self._layout, self._zoom = window, layout, zoom
        self._actions, self._curves, self._tabs = actions, curves, tabs
        self._geometry = QByteArray()
        self._charts = {plot.heading: plot for plot in (curves.loss, curves.accuracy)}
        for heading in self._charts:
            heading.installEventFilter(self)
            heading.setToolTip("Double-click to let this chart fill the window")
        tabs.tabBarDoubleClicked.connect(self._fill_with_tabs)
        actions.fill.toggled.connect(self._on_fill)
        actions.present.toggled.connect(self._on_present)
        actions.leave_view.triggered.connect(self.leave)
        actions.leave_view.setEnabled(False)
        # Those in a hidden menu bar would not work.
        window.addActions(actions.all())
        window.addActions(actions.correct)
        self._view: QWidget = tabs

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let a chart fill the window when its title is double-clicked."""
        if event.type() == QEvent.Type.MouseButtonDblClick and watched in self._charts:
            self._toggle(self._charts[watched])
            return True
        return super().eventFilter(watched, event)

    @Slot()
    def leave(self) -> None:
        """Show all views again."""
        self._actions.present.setChecked(False)
        self._actions.fill.setChecked(False)

    @Slot(int)
    def _fill_with_tabs(self, _index: int) -> None:
        self._toggle(self._tabs)

    def _toggle(self, view: QWidget) -> None:
        if self._actions.fill.isChecked() or self._actions.present.isChecked():
            self.leave()
        else:
            self._view = view
            self._actions.fill.setChecked(True)

    @Slot(bool)
    def _on_fill(self, _is_filling: bool) -> None:
        self._arrange()

    @Slot(bool)
    def _on_present(self, is_presenting: bool) -> None:
        if is_presenting:
            self._geometry = self._window.saveGeometry()
            self._window.setWindowState(Qt.WindowState.WindowFullScreen)
        else:
            self._window.setWindowState(Qt.WindowState.WindowNoState)
            self._zoom.changed.connect(
                self._restore_geometry, Qt.ConnectionType.SingleShotConnection
            )
        self._arrange()
        self._zoom.magnify(self._magnification() if is_presenting else 1)

    def _magnification(self) -> float:
        """Return how much larger a view is on the whole screen, with room for all of it."""
        screen = self._window.screen().size()
        fitting = min(screen.width() / LEAST.width(), screen.height() / LEAST.height())
        return max(1.0, min(fitting, _MAGNIFIED))

    @Slot()
    def _restore_geometry(self) -> None:
        """Make the window as large as before the presentation, now that the scale is."""
        self._window.restoreGeometry(self._geometry)

    def _arrange(self) -> None:
        """Show one view, or all of them."""
        is_presenting = self._actions.present.isChecked()
        is_single = is_presenting or self._actions.fill.isChecked()
        self._actions.leave_view.setEnabled(is_single)
        self._window.menuBar().setVisible(not is_single)
        shown = self._view if is_single else None
        for chart in self._charts.values():
            chart.setVisible(shown not in self._charts.values() or shown is chart)
        part = self._curves if shown in self._charts.values() else shown
        self._layout.show_only(part, with_pad=is_presenting)
        if not is_single:
            self._view = self._tabs
