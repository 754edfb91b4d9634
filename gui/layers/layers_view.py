"""The health of each layer over time, and its problems."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QScrollArea, QStackedLayout, QWidget

from core.colors import Theme
from core.history.history import History
from core.inspection.diagnosis import diagnose
from core.settings.config import Hyperparameters
from core.training.layer_statistics import LayerRecord
from core.training.snapshot import Snapshot
from core.wording import numeral
from gui.layers.diagnosis_box import FRAME, DiagnosisBox
from gui.layers.layer_rows import LayerRows
from gui.widgets.labels import empty_note, label
from gui.widgets.layouts import column, row
from gui.widgets.live_text import LiveText
from gui.widgets.named import named
from gui.widgets.tab_view import TabView
from gui.widgets.theme import HINT_SIZE, SPACE

_SHARE, _FEWEST_LINES, _MOST_LINES = 6, 2, 5
"""The part of the height that diagnoses have, and the fewest and the most lines that this is."""


class LayersView(TabView):
    """Detected problems, and below them a row of small plots for each layer."""

    def __init__(self) -> None:
        super().__init__()
        named(self, "layers_view", "Health of each layer")
        self.diagnoses = DiagnosisBox()
        self.rows = LayerRows()
        self.verdict = named(label("No known problem detected", "hint"), "layers_verdict")
        hint = empty_note("Press Space to start training. The health of each layer appears here.")
        area = named(QScrollArea(), "layers_scroll", "Rows of the layers")
        area.setWidget(self.rows)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._make_head()
        page = QWidget()
        self.step = named(LiveText("To step 00,000,000", HINT_SIZE, quiet=True), "layers_step")
        line = row(self._head, self.step, spacing=SPACE, wide=self._head)
        line.setAlignment(self.step, Qt.AlignmentFlag.AlignTop)
        page.setLayout(column(line, area, spacing=SPACE, high=area))
        self._pages = QStackedLayout(self)
        self._pages.addWidget(hint)
        self._pages.addWidget(page)
        self._records: tuple[LayerRecord, ...] = ()
        self._hyperparameters = Hyperparameters()
        self._history: History | None = None
        self._is_drawn = True

    def _make_head(self) -> None:
        """Make one place for the verdict or the diagnoses, whose size depends on neither."""
        scroll = named(QScrollArea(), "remarks_scroll", "Problems detected in the layers")
        scroll.setWidget(self.diagnoses)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        scroll.setMinimumHeight(1)  # Qt's own asks for more than two lines
        self._head = QWidget()
        self._verdicts = QStackedLayout(self._head)
        self.verdict.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._verdicts.addWidget(self.verdict)
        self._verdicts.addWidget(scroll)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the diagnoses a share of the height, so that no row moves when they come or go."""
        super().resizeEvent(event)
        line = self.fontMetrics().lineSpacing()
        lines = min(max(self.height() // _SHARE // line, _FEWEST_LINES), _MOST_LINES)
        self._head.setFixedHeight(lines * line + FRAME)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self.diagnoses.apply_theme(theme)
        self.rows.apply_theme(theme)

    def clear(self) -> None:
        """Forget the run."""
        self.show_records((), self._hyperparameters)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the run's records."""
        settings = snapshot.config.hyperparameters
        history = None if snapshot.is_past else snapshot.history  # which knows what came later
        self.show_records(snapshot.layer_records, settings, history)

    def show_records(
        self,
        records: Sequence[LayerRecord],
        hyperparameters: Hyperparameters,
        history: History | None = None,
    ) -> None:
        """Show a run's records, oldest first; draws only if some are new and the view is visible.

        Parameters
        ----------
        hyperparameters
            The present ones, for the advice.
        history
            Of the run; shows whether the network learns at all.
        """
        newest, drawn = (of[-1] if of else None for of in (records, self._records))
        if newest is drawn and hyperparameters == self._hyperparameters:
            return
        self._records, self._hyperparameters = tuple(records), hyperparameters
        self._history = history
        self._is_drawn = False
        if self.isVisible():
            self._draw()

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what is new."""
        super().showEvent(event)
        if not self._is_drawn:
            self._draw()

    def _draw(self) -> None:
        self._is_drawn = True
        diagnoses = diagnose(self._records, self._hyperparameters, self._history)
        self.diagnoses.show_diagnoses(diagnoses)
        self._verdicts.setCurrentIndex(bool(diagnoses))
        self.rows.show_records(self._records, {layer for of in diagnoses for layer in of.layers})
        if self._records:
            self.step.set_text(f"To step {numeral(self._records[-1].step)}")
        self._pages.setCurrentIndex(bool(self._records))
