"""The weights tab: a layer's units in one picture, and one of them to look into and to edit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShowEvent

from core.colors import Theme
from core.datasets.dataset import Dataset
from core.inspection.prediction import Prediction
from core.network.network import Network
from core.training.snapshot import Snapshot
from gui.prediction.edited_network import EditedNetwork
from gui.weights.edits_bar import EditsBar
from gui.weights.unit_inspector import UnitInspector
from gui.weights.unit_queries import Order, Picture, UnitQueries
from gui.weights.weight_scale import ScaleKind
from gui.weights.weights_controls import WeightsControls
from gui.weights.weights_view import WeightsView
from gui.widgets.layouts import column, row
from gui.widgets.tab_view import TabView

_NARROWEST, _WIDEST = 344, 520
"""Of the inspector, which takes its share in between."""
_SHARE = 0.4


class WeightsPanel(TabView):
    """Controls, the picture of all units, the inspector, and a line on the edits.

    Signals
    -------
    digit_chosen(int)
        The user wants a digit on the pad: its index in the test set.
    """

    digit_chosen = Signal(int)

    def __init__(self, edited: EditedNetwork) -> None:
        super().__init__()
        self.setObjectName("weights_panel")
        self.edited = edited
        self._network: Network | None = None  # the one that is drawn
        self._drawing: NDArray[np.uint8] | None = None
        self.queries = UnitQueries(self)
        self.controls = WeightsControls()
        self.mosaic = WeightsView()
        self.inspector = UnitInspector()
        self.inspector.hide()
        self.bar = EditsBar()
        middle = row(self.mosaic, self.inspector, spacing=12, wide=self.mosaic)
        self.setLayout(column(self.controls, middle, self.bar, high=middle))
        self._connect()
        self._show_edits()

    def _connect(self) -> None:
        self.controls.layers.activated.connect(self._on_layer)
        self.controls.orders.chosen.connect(self._on_order)
        self.controls.scales.chosen.connect(self._on_scale)
        self.controls.limit.value_changed.connect(self._on_limit)
        self.mosaic.unit_pinned.connect(self._on_pinned)
        self.queries.picturing.done.connect(self._on_pictured)
        self.queries.ordering.done.connect(self._on_ordered)
        self.queries.finding.done.connect(self.inspector.top_images.show_images)
        self.inspector.editor.edit_wanted.connect(self.edited.add)
        self.inspector.silence.clicked.connect(self._on_silence)
        self.inspector.top_images.image_chosen.connect(self.digit_chosen)
        self.inspector.close_button.clicked.connect(lambda: self.mosaic.pin(None))
        self.bar.undo.clicked.connect(self.edited.undo)
        self.bar.as_trained.clicked.connect(self.edited.undo_all)
        self.edited.edits_changed.connect(self._on_edits)
        self.edited.accuracy_changed.connect(self._show_edits)

    # --- what is shown ----------------------------------------------------------------------

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self.mosaic.apply_theme(theme)
        self.inspector.apply_theme(theme)

    def clear(self) -> None:
        """Forget the run and its pinned unit."""
        self._network = None
        self.queries.forget()
        self.mosaic.clear()
        self._show_edits()

    def show_dataset(self, dataset: Dataset) -> None:
        """Look for images in the test set of this data set."""
        self.queries.show_dataset(dataset)

    def show_prediction(self, prediction: Prediction | None) -> None:
        """Show how the pinned unit responds to the drawing."""
        self._drawing = None if prediction is None else prediction.image
        self._inspect()

    def show_snapshot(self, _snapshot: Snapshot) -> None:
        """Draw the edited network as it is now, if the tab is visible."""
        self._draw()
        if self.isVisible():
            self.edited.measure()

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what has come in meanwhile."""
        super().showEvent(event)
        self._draw(at_once=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the inspector its share."""
        super().resizeEvent(event)
        width = round(_SHARE * self.width())
        self.inspector.setFixedWidth(max(_NARROWEST, min(_WIDEST, width)))
        self.inspector.fit(self.height() - self.controls.height() - self.bar.height() - 16)

    def _draw(self, at_once: bool = False) -> None:
        """Draw the units; `at_once` where the user waits for what takes longer than a frame."""
        network = self.edited.network if self.isVisible() else None
        if network is None:
            return
        self._network = network
        self.controls.set_sizes(network.sizes)
        layer = self.controls.layer
        if layer == 1:
            self.mosaic.show_layer(network.layers[0])
        else:
            self.queries.ask_picture(network, layer, at_once)
        self.queries.ask_order(network, layer, self.controls.order, at_once)
        self._inspect()
        self._ask_top_images(at_once)
        self._show_edits()

    @Slot(object)
    def _on_pictured(self, picture: Picture) -> None:
        """Show a deeper layer, unless it is too late for it."""
        layer, weights = picture
        if layer == self.controls.layer:
            self.mosaic.show_layer(weights)
            self._inspect()

    @Slot(object)
    def _on_ordered(self, order: Order) -> None:
        """Put the units in order; that of other units waits for their picture."""
        layer, units = order
        if layer == self.controls.layer:
            self.mosaic.set_order(units)

    def _inspect(self) -> None:
        unit, layer = self.mosaic.pinned, self.controls.layer
        network = self._network if self.isVisible() else None
        if network is None or unit is None:
            return
        if unit >= network.sizes[layer]:
            self.mosaic.pin(None)
            return
        is_silent = self.edited.past is None and self.edited.edits.is_silent(layer, unit)
        self.inspector.show_unit(network, layer, unit, self._drawing, is_silent)
        self.inspector.image.show_weights(*self.mosaic.unit_image(unit))

    def _ask_top_images(self, at_once: bool = False) -> None:
        unit = self.mosaic.pinned
        network = self._network if self.isVisible() else None
        if network is not None and unit is not None:
            self.queries.ask_top_images(network, self.controls.layer, unit, at_once)

    @Slot()
    def _show_edits(self) -> None:
        self.bar.show_edits(self.edited, self.mosaic.pinned is not None)

    # --- what the user does -----------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Undo an edit by Ctrl+Z, which is the window's shortcut outside this tab.

        Not by a QShortcut: Qt would do neither of two for the same key.
        """
        if isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Undo):
            if event.type() == QEvent.Type.KeyPress:
                self.edited.undo()
            event.accept()
            return True
        return super().event(event)

    @Slot()
    def _on_layer(self) -> None:
        self.mosaic.pin(None)
        self._draw(at_once=True)

    @Slot()
    def _on_order(self) -> None:
        self._draw(at_once=True)

    @Slot(object)
    def _on_scale(self, kind: ScaleKind) -> None:
        self.mosaic.scale.kind = kind
        self._redraw()

    @Slot(object)
    def _on_limit(self, limit: float) -> None:
        self.mosaic.scale.limit = limit
        self._redraw()

    def _redraw(self) -> None:
        self.mosaic.redraw()
        scale = self.mosaic.scale
        self.controls.show_scale(scale.kind, scale.limit)
        self._inspect()

    @Slot(object)
    def _on_pinned(self, unit: int | None) -> None:
        self.inspector.setVisible(unit is not None)
        self.inspector.top_images.show_images(None)
        self._inspect()
        self._ask_top_images(at_once=True)
        self._show_edits()

    @Slot(bool)
    def _on_silence(self, is_silent: bool) -> None:
        assert self.mosaic.pinned is not None
        self.edited.set_silent(self.controls.layer, self.mosaic.pinned, is_silent)

    @Slot(object)
    def _on_edits(self, _edits: object) -> None:
        self._draw(at_once=True)
        self._show_edits()
        self.edited.measure(at_once=True)
