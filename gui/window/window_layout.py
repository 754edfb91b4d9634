"""Where everything in the window is: three columns under the transport bar."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from PySide6.QtCore import QByteArray, QSettings, QSize, Qt, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QScrollArea, QSplitter, QWidget

from gui.curves.curves_view import CurvesView
from gui.film.time_bar import TimeBar
from gui.lessons.lessons_panel import LessonsPanel
from gui.pad.pad_panel import PadPanel
from gui.settings.settings_panel import SettingsPanel
from gui.widgets.labels import hairline
from gui.widgets.layouts import column, row
from gui.window.classroom_bar import ClassroomBar
from gui.window.drawer_handle import DrawerHandle
from gui.window.side_column import DRAWER_BELOW, SideColumn
from gui.window.tabs import Tabs
from gui.window.timed_curves import TimedCurves
from gui.window.transport_bar import TransportBar

_WINDOW = (1280, 800)
LEAST = QSize(960, 530)
"""The window's minimum, in logical pixels; everything fits into it."""
_COLUMNS = ((2400, 360, 580), (1800, 340, 440), (0, 316, 324))
"""From a window's width on, those of the left and the right column: the pad grows with its own."""
_BY_HAND = "columns_by_hand"
_PLOTS = [300, 360]
_MARGIN = 12
_LOW, _LOWEST = 600, 545
"""Heights of a classroom with no room for its text or one plot below the other; for its title."""
PARTS = ("transport", "settings", "lessons", "search", "curves", "tabs", "pad")
"""What a classroom can show or leave out."""


class _Arrangement(NamedTuple):
    """What a user has arranged by hand."""

    plots: QByteArray
    by_hand: tuple[int, int] | None
    is_left_kept: bool
    left_tab: int
    open_sections: list[str]


class WindowLayout(QWidget):
    """Arranges the parts of the window, and remembers the arrangement between two starts.

    Parameters
    ----------
    transport
        Across the top.
    settings_panel, lessons, search
        The tabs on the left.
    curves, time_bar, tabs
        The center, one below the other.
    pad_panel
        On the right.
    settings_shown
        A checkable action that shows and hides the left column.
    leave_classroom
        What the bar of a classroom triggers.
    area
        Where the window has its content.
    """

    def __init__(
        self,
        transport: TransportBar,
        settings_panel: SettingsPanel,
        lessons: LessonsPanel,
        search: QWidget,
        curves: CurvesView,
        tabs: Tabs,
        pad_panel: PadPanel,
        settings_shown: QAction,
        leave_classroom: QAction,
        time_bar: TimeBar,
        area: QScrollArea,
    ) -> None:
        super().__init__(area.viewport())
        self._settings_panel, self._lessons, self._search = settings_panel, lessons, search
        self._curves, self._tabs, self._pad = curves, tabs, pad_panel
        self._is_whole = True
        self._view: QWidget | None = None
        self._parts: Collection[str] = PARTS
        self._before: _Arrangement | None = None
        self._kind: tuple[bool, tuple[int, int]] | None = None
        self._by_hand: tuple[int, int] | None = None
        # From the outside in: Qt styles what is put into another widget again, and all in it.
        self.columns = _splitter(Qt.Orientation.Horizontal, "columns_splitter", self)
        self._center = center = QWidget(self.columns)
        self.plots = _splitter(Qt.Orientation.Vertical, "plots_splitter", center)
        self._timed = TimedCurves(curves, time_bar, self.plots)
        self.plots.addWidget(tabs)
        center.setLayout(column(self.plots))
        center.setContentsMargins(_MARGIN, 8, _MARGIN, 6)
        self.columns.addWidget(pad_panel)
        self._left = self._lay_out_left(settings_shown)
        self.columns.setStretchFactor(1, 1)
        self.columns.splitterMoved.connect(self._note_hand)
        self._splitters = {"columns": self.columns, "plots": self.plots}
        self._handle = DrawerHandle(settings_shown, " · ".join(self._panels))
        body = row(self._handle, self.columns, spacing=0, wide=self.columns)
        line = hairline()
        self.bar = ClassroomBar(leave_classroom)
        self._frame = (transport, line)
        self.setLayout(column(self.bar, transport, line, body, spacing=0, high=body))
        area.setWidget(self)

    def _lay_out_left(self, shown: QAction) -> SideColumn:
        self._lessons.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        left = SideColumn(self.columns, shown, self)
        left.add(self._settings_panel, "Settings", "The network, and how it is trained")
        left.add(self._lessons, "Lessons", "Guided experiments, each with a question")
        left.add(self._search, "Search", "Try many settings, to find good ones")
        return left

    @property
    def parts(self) -> tuple[QWidget, ...]:
        """What lies in the window, as the eye goes through it."""
        center = self._timed, self._tabs, self._pad
        return (self.bar, self._frame[0], self._handle, self._left, *center)

    def minimumSizeHint(self) -> QSize:
        """Leave the window's minimum to the window: no view may set it."""
        return QSize(0, 0)

    def heightForWidth(self, _width: int) -> int:
        """Leave the height to the window, too, although a classroom has a text that wraps."""
        return 0

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make a drawer of the left column where the window is narrow."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        is_narrow = self.width() < DRAWER_BELOW and not self._has_room
        is_stacked = self._is_whole and not is_narrow and self.width() < DRAWER_BELOW
        self._curves.stack(is_stacked and "pad" in self._parts)
        self._handle.setVisible(is_narrow and self._is_whole and bool(self._panels))
        has_bar = self._is_whole and self._before is not None
        self.bar.setVisible(has_bar and self.height() >= _LOWEST)
        self.bar.fit(self.height() < _LOW)
        self._left.fit(is_narrow)
        layout = self.layout()
        assert layout is not None
        layout.activate()  # so that the columns are as wide as they will be
        kind = is_narrow, self._suitable_widths()
        if kind != self._kind:
            self._kind = kind
            self._share()
        self._left.lie_over(self.columns.geometry())

    @property
    def _has_room(self) -> bool:
        """Whether even a narrow window has room for the left column, in a classroom."""
        are_plots_high = "tabs" not in self._parts and self.height() >= _LOW
        return self.width() >= LEAST.width() and ("pad" not in self._parts or are_plots_high)

    def _share(self) -> None:
        """Give the outer columns their widths: those that the user chose, or what suits."""
        left, right = self._by_hand or self._suitable_widths()
        outer = [] if self._left.is_drawer else [left]
        rest = self.columns.width() - right - sum(outer)
        if self._center.isHidden():
            rest, right = 0, right + rest
        self.columns.setSizes([*outer, rest, right])

    def _suitable_widths(self) -> tuple[int, int]:
        return next((left, right) for least, left, right in _COLUMNS if self.width() >= least)

    @Slot()
    def _note_hand(self) -> None:
        """Keep the widths that the user gives the outer columns."""
        first, *_, right = self.columns.sizes()
        before = (self._by_hand or self._suitable_widths())[0]
        if self._left.is_drawer or not first:  # a hidden column has no width
            first = before
        self._by_hand = first, right

    def show_only(self, view: QWidget | None, with_pad: bool = False) -> None:
        """Show one of the two central views, with or without the pad; None shows everything."""
        self._is_whole, self._view = view is None, view
        self._show_parts(with_pad)

    def _show_parts(self, with_pad: bool = False) -> None:
        is_whole, parts = self._is_whole, self._parts
        for part in self._frame:
            part.setVisible(is_whole and "transport" in parts)
        for name, view, other in (("curves", self._curves, "tabs"), ("tabs", self._tabs, "curves")):
            view.setVisible(
                name in parts and (is_whole or view is self._view or other not in parts)
            )
        self._timed.fit()
        self._timed.setVisible("curves" in parts)
        self._center.setVisible("curves" in parts or "tabs" in parts)
        self._pad.setVisible("pad" in parts and (is_whole or with_pad))
        self._left.suspend(not is_whole or not self._panels)
        self._fit()

    # --- a classroom --------------------------------------------------------------------------

    @property
    def _panels(self) -> dict[str, QWidget]:
        """The panels on the left that are shown, by their titles."""
        panels = self._settings_panel, self._lessons, self._search
        titles = dict(zip(("Settings", "Lessons", "Search"), panels, strict=True))
        return {title: panel for title, panel in titles.items() if title.lower() in self._parts}

    def limit_to(self, parts: Collection[str]) -> None:
        """Show only these of :data:`PARTS`, and keep the user's arrangement for later."""
        if self._before is None:
            self._before = _Arrangement(
                self.plots.saveState(),
                self._by_hand,
                self._left.is_kept,
                self._left.tabs.currentIndex(),
                self._settings_panel.open_sections,
            )
        self._put_parts(parts)
        self._left.keep_shown(True)
        if self._panels:
            self._left.open(next(iter(self._panels.values())))

    def show_all_parts(self) -> None:
        """Show everything again, as the user had arranged it."""
        before, self._before = self._before, None
        self._put_parts(PARTS)
        if before is None:
            return
        self._by_hand = before.by_hand
        self._left.keep_shown(before.is_left_kept)
        self._left.tabs.setCurrentIndex(before.left_tab)
        self._settings_panel.open_only(before.open_sections)
        self._share()
        self.plots.restoreState(before.plots)

    def _put_parts(self, parts: Collection[str]) -> None:
        self._parts = parts
        if self._panels:
            self._left.limit_to(list(self._panels.values()))
            self._handle.say(" · ".join(self._panels))
        self._kind = None  # the columns have other widths now
        self._show_parts()

    @Slot()
    def show_lessons(self) -> None:
        """Bring the lessons to the front on the left."""
        self._left.open(self._lessons)

    @Slot()
    def reset(self) -> None:
        """Return to the default sizes of the columns, and close all sections of the settings."""
        self._left.keep_shown(True)
        self._by_hand = None
        self._share()
        self.plots.setSizes(_PLOTS)
        self._settings_panel.open_only(())

    def restore(self, window: QMainWindow, settings: QSettings | None) -> None:
        """Arrange `window` as remembered in `settings`; by default where nothing is."""
        window.resize(*_WINDOW)
        self.reset()
        if settings is None:
            return
        if isinstance(geometry := settings.value("geometry"), QByteArray):
            window.restoreGeometry(geometry)
        for name, splitter in self._splitters.items():
            if isinstance(state := settings.value(name), QByteArray):
                splitter.restoreState(state)
        if settings.value(_BY_HAND, settings.contains("columns"), bool):
            self._note_hand()
        self._settings_panel.open_only(str(settings.value("open_sections", "")).split())

    def remember(self, window: QMainWindow, settings: QSettings | None) -> None:
        """Write the arrangement of `window` into `settings`."""
        if settings is None:
            return
        if self._is_whole:
            settings.setValue("geometry", window.saveGeometry())
            settings.setValue("plots", self.plots.saveState())
        if self._is_whole and not self._left.is_drawer:
            settings.setValue("columns", self.columns.saveState())
            settings.setValue(_BY_HAND, self._by_hand is not None)
        settings.setValue("open_sections", " ".join(self._settings_panel.open_sections))


def _splitter(orientation: Qt.Orientation, name: str, parent: QWidget) -> QSplitter:
    splitter = QSplitter(orientation, parent)
    splitter.setObjectName(name)
    splitter.setChildrenCollapsible(False)
    splitter.setHandleWidth(1)
    return splitter
