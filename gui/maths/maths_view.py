"""The maths of one image, one unit and one weight, a stage at a time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QLabel,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core.datasets.dataset import Dataset
from core.maths.stage import Stage
from core.maths.worked_example import WorkedExample
from core.wording import numeral
from gui.maths.inspection import Inspection
from gui.maths.maths_controls import MathsControls
from gui.maths.stage_header import StageHeader
from gui.maths.stage_page import StagePage
from gui.widgets.labels import hairline
from gui.widgets.tab_view import TabView
from gui.widgets.theme import Theme

_NOTHING_YET = (
    "Draw a digit on the pad, or choose a test image above.\n"
    "Every step of its way through the network appears here, with its numbers."
)


class MathsView(TabView):
    """Steps through a worked example, forward, backward and by itself.

    Signals
    -------
    pause_wanted()
        The user works in the tab: training should pause, so that the numbers stay.
    example_wanted(int | None)
        The user wants this test image, or, for None, the drawing.

    Attributes
    ----------
    stages
        Of what is shown; empty while there is nothing.
    index
        Which of them.
    """

    pause_wanted = Signal()
    example_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("maths_view")
        self.setAccessibleName("Maths of one image, stage by stage")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.stages: tuple[Stage, ...] = ()
        self.index = 0
        self._inspection: Inspection | None = None
        self._example: WorkedExample | None = None
        self._weight = (1, 0, 0)
        self.controls = MathsControls()
        self.header = StageHeader()
        self.page = StagePage()
        self._lay_out()
        self._connect()
        self.show_example(None)

    def _lay_out(self) -> None:
        self._scroll = QScrollArea()
        self._scroll.setObjectName("maths_scroll")
        self._scroll.setWidget(self.page)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

        content = QWidget()
        content_layout = QVBoxLayout(content)
        content_layout.setContentsMargins(0, 0, 0, 0)
        content_layout.setSpacing(4)
        content_layout.addWidget(self.header)
        content_layout.addWidget(self._scroll, 1)
        self._empty = QLabel(_NOTHING_YET)
        self._empty.setObjectName("maths_empty")
        self._empty.setProperty("role", "quiet")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(content)

        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.controls)
        layout.addWidget(hairline())
        layout.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.controls.example_chosen.connect(self._on_example_chosen)
        self.controls.changed.connect(self._on_changed)
        self.header.back_wanted.connect(self.go_back)
        self.header.forward_wanted.connect(self.go_forward)
        self.header.playing_began.connect(self._on_playing)
        self.header.ticked.connect(self._on_tick)
        for key, go in ((Qt.Key.Key_Left, self.go_back), (Qt.Key.Key_Right, self.go_forward)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(go)

    # --- what is shown ----------------------------------------------------------------------

    @property
    def wanted_example(self) -> int | None:
        """The test image that the user chose, by its number; None is the drawing."""
        return self.controls.selection.example

    @property
    def stage(self) -> Stage | None:
        """The stage shown."""
        return self.stages[self.index] if self.stages else None

    def show_dataset(self, dataset: Dataset) -> None:
        """Let the user choose from this data set's test images."""
        self.controls.set_test_images(len(dataset.test_images))

    @Slot(object)
    def show_example(self, inspection: Inspection | None) -> None:
        """Work through an image; None, or no image in it, shows a hint.

        The stage stays the same if the network has the same shape. Nothing is computed
        until the view is visible.
        """
        self._inspection = inspection
        self._example = None
        if inspection is not None:
            self.controls.set_sizes(inspection.network.sizes)
            self.controls.show_label(inspection.label)
        self._work_through()

    @Slot(object)
    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self.page.apply_theme(theme)

    @Slot()
    def stop_playing(self) -> None:
        """Stay at the present stage."""
        self.header.stop()

    def _work_through(self) -> None:
        """Compute the stages of what is selected."""
        inspection = self._inspection
        is_there = inspection is not None and inspection.image is not None
        self._stack.setCurrentIndex(int(is_there))
        if inspection is None or inspection.image is None:
            self.stages = ()
            self.stop_playing()
            return
        if not self.isVisible():
            return
        # A diverged network has numbers that are not finite; they are shown as such.
        with np.errstate(all="ignore"):
            if self._example is None:
                self._example = self._make_example(inspection, inspection.image)
            self._weight = self._choose_weight(self._example)
            self.stages = self._example.stages(*self._weight)
        self.index = min(self.index, len(self.stages) - 1)
        self._show_stage()

    def _make_example(self, inspection: Inspection, image: NDArray[np.uint8]) -> WorkedExample:
        digit = self.controls.selection.digit if inspection.label is None else inspection.label
        if digit is None:
            digit = int(inspection.network.predict(image.reshape(1, -1)).argmax())
        return WorkedExample(
            inspection.network,
            inspection.hyperparameters,
            inspection.optimizer_state,
            inspection.steps,
            inspection.learning_rate,
            image,
            digit,
        )

    def _choose_weight(self, example: WorkedExample) -> tuple[int, int, int]:
        """Return the layer, unit and source to follow."""
        chosen = self.controls.selection
        layer, unit, source = chosen.layer, chosen.unit, chosen.source
        if unit is None:
            unit = example.liveliest_unit(layer)
        if source is None:
            source = example.largest_source(layer, unit)
        return layer, unit, source

    def _show_stage(self) -> None:
        stage, example, inspection = self.stage, self._example, self._inspection
        if stage is None or example is None or inspection is None:
            return
        with np.errstate(all="ignore"):
            check = example.check(stage)
        place = self._place(stage, inspection)
        self.header.show_stage(stage.title, place, self.index, len(self.stages))
        self.page.show_stage(stage, check)

    def _place(self, stage: Stage, inspection: Inspection) -> str:
        layer, unit, _source = self._weight
        parts = [
            f"layer {stage.layer}, unit {stage.unit}",
            f"stage {self.index + 1} of {len(self.stages)}",
            f"after {numeral(inspection.step)} steps",
        ]
        if stage.layer > layer:
            parts[0] += f", on the way from unit {unit} of layer {layer}"
        left_out = (
            inspection.hyperparameters.dropout or inspection.hyperparameters.augmentation.is_on
        )
        if left_out:
            parts.append("without dropout and data augmentation, as in testing")
        return " · ".join(parts)

    # --- what the user does -----------------------------------------------------------------

    @Slot()
    def go_forward(self) -> None:
        """Show the next stage."""
        self._go(1)

    @Slot()
    def go_back(self) -> None:
        """Show the stage before."""
        self._go(-1)

    def _go(self, by: int) -> None:
        self.stop_playing()
        self.pause_wanted.emit()
        self._show_index(self.index + by)

    def _show_index(self, index: int) -> None:
        if 0 <= index < len(self.stages):
            self.index = index
            self._show_stage()
            self._scroll.verticalScrollBar().setValue(0)

    @Slot()
    def _on_playing(self) -> None:
        self.pause_wanted.emit()
        if self.index == len(self.stages) - 1:
            self._show_index(0)

    @Slot()
    def _on_tick(self) -> None:
        self._show_index(self.index + 1)
        if self.index >= len(self.stages) - 1:
            self.stop_playing()

    @Slot(object)
    def _on_example_chosen(self, example: int | None) -> None:
        self.pause_wanted.emit()
        self.example_wanted.emit(example)

    @Slot()
    def _on_changed(self) -> None:
        self.pause_wanted.emit()
        self._example = None
        self._work_through()

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for a pause and for the newest numbers."""
        super().showEvent(event)
        # Not when the whole window comes back from the task bar, which is no use of the tab.
        if not event.spontaneous():
            self.pause_wanted.emit()
            self.example_wanted.emit(self.wanted_example)
        self._work_through()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop playing."""
        self.stop_playing()
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Set everything larger where there is room."""
        self.page.fit(self.width(), self.height())
        super().resizeEvent(event)
