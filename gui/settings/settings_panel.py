"""The left column: hyperparameters, layers, and the settings of a new run."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from core.settings.config import RunConfig
from gui.settings.hyperparameter_settings import HyperparameterSettings
from gui.settings.layers_editor import LayersEditor
from gui.settings.new_run_settings import NewRunSettings
from gui.widgets.labels import hairline, label
from gui.widgets.section import Section


class SettingsPanel(QScrollArea):
    """All settings: hyperparameters, which change live, layers, and those that start a new run."""

    def __init__(self, config: RunConfig, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hyperparameters = HyperparameterSettings()
        self.layers = LayersEditor()
        self.new_run = NewRunSettings()
        self._sections = (*self.hyperparameters.sections, *self.new_run.sections)
        for section in self._sections:
            section.header.clicked.connect(partial(self._reveal, section))
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(12)
        layout.addLayout(_heading("Training", "changes at the next step"))
        layout.addWidget(self.hyperparameters)
        layout.addWidget(hairline())
        layout.addLayout(_heading("Layers", "when they change:"))
        layout.addWidget(self.layers)
        layout.addWidget(hairline())
        layout.addLayout(_heading("New run", "changes start a new run"))
        layout.addWidget(self.new_run)
        layout.addStretch(1)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.show_config(config)
        # Wide enough for the scroll bar that appears with many layers.
        bar = self.verticalScrollBar().sizeHint().width()
        self.setMinimumWidth(content.minimumSizeHint().width() + bar)

    @Slot(object)
    def show_config(self, config: RunConfig) -> None:
        """Show the current settings."""
        self.hyperparameters.show_hyperparameters(config.hyperparameters)
        self.layers.show_network(config.network)
        self.new_run.show_config(config)

    @property
    def open_sections(self) -> list[str]:
        """Names of the open sections."""
        return [section.name for section in self._sections if section.is_open]

    def open_only(self, names: Collection[str]) -> None:
        """Open the sections with these names, and close all others."""
        for section in self._sections:
            section.set_open(section.name in names)

    def _reveal(self, section: Section) -> None:
        """Scroll to a section that has just been opened, once it is laid out."""
        if section.is_open:
            QTimer.singleShot(0, self, lambda: self.ensureWidgetVisible(section, 0, 12))


def _heading(title: str, hint: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(label(title, "title"))
    row.addWidget(label(hint, "hint"), alignment=Qt.AlignmentFlag.AlignBottom)
    row.addStretch(1)
    return row
