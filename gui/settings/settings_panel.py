"""The left column: hyperparameters, layers, and the settings of a new run."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from core.settings.config import RunConfig
from gui.settings.hyperparameter_settings import HyperparameterSettings
from gui.settings.layers_editor import LayersEditor
from gui.settings.new_run_settings import NewRunSettings
from gui.widgets.labels import hairline, label
from gui.widgets.layouts import column, row
from gui.widgets.section import Section

_FEW = 6
"""Settings that find room with all their sections open."""


class SettingsPanel(QScrollArea):
    """Rate, batch size, layers and data; in sections below, all that is changed less often."""

    def __init__(self, config: RunConfig, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hyperparameters = HyperparameterSettings()
        self.layers = LayersEditor()
        self.new_run = NewRunSettings()
        live = (*self.hyperparameters.sections, self.layers.section)
        self._sections = (*live, *self.new_run.sections)
        for section in self._sections:
            section.header.clicked.connect(partial(self._reveal, section))
        heading = label("Layers", "title")
        self._layers_title = QWidget()
        self._layers_title.setLayout(row(heading, self.layers.buttons, spacing=0, wide=heading))
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(12)
        layout.addWidget(self.hyperparameters)
        layout.addWidget(self._layers_title)
        layout.addWidget(self.layers)
        layout.addWidget(self.new_run)
        self._captions: list[tuple[QWidget, Sequence[Section]]] = []
        for hint, sections in (
            ("These change at the next step", live),
            ("These start a new run", self.new_run.sections),
        ):
            line, caption = hairline(), label(hint, "hint")
            layout.addWidget(line)
            layout.addLayout(column(caption, *sections, spacing=4))
            self._captions += [(line, sections), (caption, sections)]
        layout.addStretch(1)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.show_config(config)
        bar = self.verticalScrollBar()
        # The place of the scroll bar is kept: no slider moves when it appears.
        bar.rangeChanged.connect(self._keep_width)
        self._keep_width()
        self.setMinimumWidth(content.minimumSizeHint().width() + bar.sizeHint().width())

    @Slot()
    def _keep_width(self) -> None:
        bar = self.verticalScrollBar()
        self.setViewportMargins(0, 0, 0 if bar.maximum() else bar.sizeHint().width(), 0)

    @Slot(object)
    def show_config(self, config: RunConfig) -> None:
        """Show the current settings."""
        self.hyperparameters.show_hyperparameters(config.hyperparameters)
        self.layers.show_network(config.network)
        self.new_run.show_config(config)

    def limit_to(self, names: Collection[str]) -> None:
        """Show only the settings with these names; if they are few, with their sections open."""
        self.hyperparameters.limit_to(names)
        self.new_run.limit_to(names)
        for part in (self._layers_title, self.layers):
            part.setVisible("hidden" in names)
        self.layers.section.setVisible("on_change" in names)
        for caption, sections in self._captions:
            caption.setVisible(not all(section.isHidden() for section in sections))
        if len(names) <= _FEW:
            self.open_only([each.name for each in self._sections if not each.isHidden()])

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
