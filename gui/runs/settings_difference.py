"""The settings in which the ticked runs differ."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from core.colors import Theme
from core.runs.run_comparison import differing_settings
from core.settings.config import RunConfig
from gui.runs.table_style import ROW_HEIGHT, color_table, make_plain
from gui.widgets.labels import label
from gui.widgets.layouts import column
from gui.widgets.literal_text import literal
from gui.widgets.named import named
from gui.widgets.theme import SPACE

_NOTHING = "Tick runs to overlay their curves above and to compare their settings here."
_SAME = "The ticked runs have the same settings."
_SWATCH = 10
_WIDEST = 160

ComparedRun = tuple[str, str, RunConfig]
"""Its name, the color of its curves, and its settings."""


class SettingsDifference(QWidget):
    """One row per setting, one column per run; a hint if there is nothing to compare."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("settings_difference")
        self._shown: list[ComparedRun] | None = None
        self.message = label(_NOTHING, "hint")
        self.message.setWordWrap(True)
        self.table = named(
            QTableWidget(),
            "difference_table",
            "Settings in which the ticked runs differ",
            "Settings in which the ticked runs and the current run differ",
        )
        make_plain(self.table)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        runs = self.table.horizontalHeader()
        runs.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        runs.setSectionsClickable(False)
        runs.setMinimumSectionSize(72)
        runs.setMaximumSectionSize(_WIDEST)
        runs.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.setLayout(column(self.message, self.table, spacing=0))
        self.show_runs([])

    def show_runs(self, runs: Sequence[ComparedRun]) -> None:
        """Compare runs; cheap if these runs are shown already."""
        if runs == self._shown:
            return
        self._shown = list(runs)
        differences = differing_settings([config for _, _, config in runs])
        self.message.setText(_NOTHING if len(runs) < 2 else _SAME)
        self.message.setVisible(not differences)
        self.table.setVisible(bool(differences))
        self.table.clear()
        self.table.setRowCount(len(differences))
        self.table.setColumnCount(1 + len(runs))
        self.table.setHorizontalHeaderItem(0, QTableWidgetItem("Setting"))
        for place, (title, color, _) in enumerate(runs, start=1):
            heading = QTableWidgetItem(_swatch(color), title)
            heading.setToolTip(literal(title))
            self.table.setHorizontalHeaderItem(place, heading)
        for row, (name, texts) in enumerate(differences):
            for place, text in enumerate([name, *texts]):
                item = QTableWidgetItem(text)
                item.setToolTip(literal(text))
                self.table.setItem(row, place, item)

    @property
    def wanted_height(self) -> int:
        """Height in pixels that shows all rows."""
        if self.table.isHidden():
            return self.message.sizeHint().height() + SPACE
        return self.table.horizontalHeader().sizeHint().height() + ROW_HEIGHT * (
            self.table.rowCount()
        )

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        color_table(self.table, theme)


def _swatch(color: str) -> QIcon:
    pixmap = QPixmap(_SWATCH, _SWATCH)
    pixmap.fill(QColor(color))
    return QIcon(pixmap)
