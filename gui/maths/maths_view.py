"""The maths of one image, one unit and one weight, a stage at a time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QWidget

from core.colors import Theme
from core.datasets.dataset import Dataset
from core.maths.stage import Stage
from core.maths.worked_example import WorkedExample
from core.training.snapshot import StepState
from core.wording import numeral, unit_place
from gui.maths.maths_controls import MathsControls
from gui.maths.stage_header import StageHeader
from gui.maths.stage_page import StagePage
from gui.widgets.labels import empty_note, hairline
from gui.widgets.layouts import column
from gui.widgets.named import named
from gui.widgets.tab_view import TabView

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

    def __init__(self) -> None:
        super().__init__()
        named(self, "maths_view", "Maths of one image, stage by stage")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.stages: tuple[Stage, ...] = ()
        self.index = 0
        self._state: StepState | None = None
        self._image: NDArray[np.uint8] | None = None
        self._label: int | None = None
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
        content.setLayout(column(self.header, self._scroll, spacing=4, high=self._scroll))
        empty = named(empty_note(_NOTHING_YET), "maths_empty")
        self._stack = QStackedWidget()
        self._stack.addWidget(empty)
        self._stack.addWidget(content)
        self.setLayout(column(self.controls, hairline(), self._stack, spacing=4, high=self._stack))

    def _connect(self) -> None:
        self.controls.example_chosen.connect(self._on_example_chosen)
        self.controls.changed.connect(self._on_changed)
        self.header.back.clicked.connect(self.go_back)
        self.header.forward.clicked.connect(self.go_forward)
        self.header.play.toggled.connect(self._on_play_toggled)
        self.header.player.timeout.connect(self._on_tick)
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
        self.controls.show_classes(dataset.classes)
        self.controls.set_test_images(len(dataset.test_images))

    def show_example(
        self,
        state: StepState | None,
        image: NDArray[np.uint8] | None = None,
        label: int | None = None,
    ) -> None:
        """Work through an image; without one, or without a network, show a hint.

        The stage stays the same if the network has the same shape. Nothing is computed
        until the view is visible.

        Parameters
        ----------
        state
            A network between two steps.
        image
            uint8, (784,); None while the pad is empty.
        label
            A test image's digit; None for a drawing.
        """
        self._state, self._image, self._label = state, image, label
        self._example = None
        if state is not None:
            self.controls.set_sizes(state.snapshot.network.sizes)
            self.controls.show_label(label)
        self._work_through()

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self.page.apply_theme(theme)

    def stop_playing(self) -> None:
        """Stay at the present stage."""
        self.header.play.setChecked(False)

    def _work_through(self) -> None:
        """Compute the stages of what is selected."""
        state, image = self._state, self._image
        is_there = state is not None and image is not None
        self._stack.setCurrentIndex(int(is_there))
        if state is None or image is None:
            self.stages = ()
            self.stop_playing()
            return
        if not self.isVisible():
            return
        # A diverged network has numbers that are not finite; they are shown as such.
        with np.errstate(all="ignore"):
            if self._example is None:
                self._example = self._make_example(state, image)
            self._weight = self._choose_weight(self._example)
            self.stages = self._example.stages(*self._weight)
        self.index = min(self.index, len(self.stages) - 1)
        self._show_stage()

    def _make_example(self, state: StepState, image: NDArray[np.uint8]) -> WorkedExample:
        network = state.snapshot.network
        digit = self.controls.selection.digit if self._label is None else self._label
        if digit is None:
            digit = int(network.predict(image.reshape(1, -1)).argmax())
        return WorkedExample(
            network,
            state.hyperparameters,
            state.optimizer_state,
            state.optimizer_steps,
            state.learning_rate,
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
        stage, example, state = self.stage, self._example, self._state
        if stage is None or example is None or state is None:
            return
        with np.errstate(all="ignore"):
            check = example.check(stage)
        self.header.show_stage(stage.title, self._place(stage, state), self.index, len(self.stages))
        self.page.show_stage(stage, check)

    def _place(self, stage: Stage, state: StepState) -> str:
        layer, unit, _source = self._weight
        network = state.snapshot.network
        parts = [
            unit_place(stage.layer, stage.unit, len(network.layers), network.classes),
            f"stage {self.index + 1} of {len(self.stages)}",
            f"after {numeral(state.snapshot.step)} steps",
        ]
        if stage.layer > layer:
            parts[0] += f", on the way from unit {unit} of layer {layer}"
        if state.hyperparameters.dropout or state.hyperparameters.augmentation.is_on:
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

    @Slot(bool)
    def _on_play_toggled(self, is_playing: bool) -> None:
        if not is_playing:
            self.header.player.stop()
            return
        self.header.player.start()
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
            self._on_example_chosen(self.wanted_example)
        self._work_through()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop playing."""
        self.stop_playing()
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Set everything larger where there is room."""
        self.page.fit(self.width(), self.height())
        super().resizeEvent(event)
