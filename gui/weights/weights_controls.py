"""Which layer's units are shown, in which order, and in which colors."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from core.inspection.unit_views import UnitOrder
from core.wording import numeral
from gui.weights.weight_scale import ScaleKind
from gui.widgets.choice import Choice
from gui.widgets.dropdown import Dropdown
from gui.widgets.labels import label
from gui.widgets.number_field import NumberField

_ORDERS: list[tuple[UnitOrder, str, str]] = [
    ("index", "Index", "By number: every unit stays in its place"),
    ("norm", "Norm", "By the norm of the unit's incoming weights, largest first"),
    (
        "similarity",
        "Similarity",
        "Each unit next to the most similar one that is left, beginning with the largest",
    ),
    (
        "usage",
        "Usage",
        "Most used first: sum of |outgoing weights| × mean activation on a thousand test images",
    ),
]
_SCALES: list[tuple[ScaleKind, str, str]] = [
    ("layer", "Per layer", "One scale for all units; it follows the weights"),
    ("unit", "Per unit", "A scale for each unit, to see the shape of small weights too"),
    ("fixed", "Fixed", "One scale that stays as the weights grow"),
]
_APPROXIMATION = (
    "The product of the weight matrices up to this layer: what the unit would look for if no layer "
    "before it had an activation function"
)


class WeightsControls(QWidget):
    """A row of selectors.

    Signals
    -------
    layer_chosen(int)
        From 1.
    order_chosen(UnitOrder)
        Index, size, similarity or use.
    scale_chosen(ScaleKind)
        Per layer, per unit or fixed.
    limit_entered(float)
        The end of a fixed scale.
    """

    layer_chosen = Signal(int)
    order_chosen = Signal(object)
    scale_chosen = Signal(object)
    limit_entered = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sizes: tuple[int, ...] = ()
        self._layer = Dropdown("weights_layer")
        self._layer.setSizeAdjustPolicy(Dropdown.SizeAdjustPolicy.AdjustToContents)
        self._order = Choice("weights_order", _ORDERS)
        self._order.setMinimumContentsLength(8)
        self._scale = Choice("weights_scale", _SCALES)
        self._scale.setMinimumContentsLength(7)
        self._limit = NumberField("The end of the scale", 1e-6, 1_000)
        self._limit.setObjectName("weights_limit")
        self._limit.setFixedWidth(52)
        self._limit.hide()
        self._remark = label("", "hint")
        self._remark.setObjectName("weights_remark")
        self._remark.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._remark.setToolTip(_APPROXIMATION)
        self._lay_out()
        self._layer.activated.connect(self._on_layer)
        self._order.chosen.connect(self.order_chosen)
        self._scale.chosen.connect(self.scale_chosen)
        self._limit.value_changed.connect(self.limit_entered)

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for title, control, tool_tip in (
            ("layer", self._layer, "The layer whose units are shown"),
            ("order", self._order, "The order of the units"),
            ("scale", self._scale, "Which weight has the deepest color"),
            ("", self._limit, "The weight that has the deepest color"),
        ):
            if title:
                if layout.count():
                    layout.addSpacing(8)
                layout.addWidget(label(title, "hint"))
            control.setToolTip(tool_tip)
            control.setAccessibleName(title or "end of the scale")
            layout.addWidget(control)
        layout.addSpacing(8)
        layout.addWidget(self._remark, 1)
        self.setEnabled(False)

    @property
    def layer(self) -> int:
        """The layer that is chosen, from 1."""
        return max(1, self._layer.currentIndex() + 1)

    @property
    def order(self) -> UnitOrder:
        """The order that is chosen."""
        order: UnitOrder = self._order.currentData()
        return order

    def set_sizes(self, sizes: tuple[int, ...]) -> None:
        """Offer the layers of a network; the one that is chosen stays where it is still there."""
        if sizes == self._sizes:
            return
        self._sizes = sizes
        present, last = self._layer.currentIndex(), len(sizes) - 2
        self._layer.clear()
        for index, units in enumerate(sizes[1:]):
            what = "outputs" if index == last else "units"
            self._layer.addItem(f"{index + 1}: {numeral(units)} {what}", index + 1)
        self._layer.setCurrentIndex(max(0, min(present, last)))
        self.setEnabled(True)
        self._show_remark()

    def _show_remark(self) -> None:
        self._remark.setText("linear approximation" if self.layer > 1 else "")

    @Slot(int)
    def _on_layer(self, index: int) -> None:
        self._show_remark()
        self.layer_chosen.emit(index + 1)

    @Slot(object, float)
    def show_scale(self, kind: ScaleKind, limit: float) -> None:
        """Show the scale, with a field for its end where that is fixed."""
        self._scale.set_value(kind)
        self._limit.setVisible(kind == "fixed")
        self._limit.set_value(float(f"{limit:.3g}"))
