"""Which layer's units are shown, in which order, and in which colors."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.inspection.unit_views import UnitOrder
from core.wording import counted
from gui.weights.weight_scale import ScaleKind
from gui.widgets.choice import Choice
from gui.widgets.dropdown import Dropdown
from gui.widgets.labels import label
from gui.widgets.named import named
from gui.widgets.number_field import NumberField
from gui.widgets.selector_row import selector_row

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
    """A row of selectors, which signal the user's choices themselves."""

    def __init__(self) -> None:
        super().__init__()
        self._sizes: tuple[int, ...] = ()
        self.layers = Dropdown("weights_layer")
        self.layers.setSizeAdjustPolicy(Dropdown.SizeAdjustPolicy.AdjustToContents)
        self.orders = Choice("weights_order", _ORDERS)
        self.orders.setMinimumContentsLength(8)
        self.scales = Choice("weights_scale", _SCALES)
        self.scales.setMinimumContentsLength(7)
        limit = NumberField("The end of the scale", 1e-6, 1_000)
        self.limit = named(limit, "weights_limit", "End of the scale")
        self.limit.setFixedWidth(52)
        self.limit.hide()
        self._remark = named(label("", "hint"), "weights_remark", tool_tip=_APPROXIMATION)
        self._remark.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        layout = selector_row(
            [
                ("Layer", self.layers, "The layer whose units are shown"),
                ("Order", self.orders, "The order of the units"),
                ("Scale", self.scales, "Which weight has the deepest color"),
                ("", self.limit, "The weight that has the deepest color"),
            ]
        )
        layout.addSpacing(8)
        layout.addWidget(self._remark, 1)
        self.setLayout(layout)
        self.setEnabled(False)
        self.layers.activated.connect(self._show_remark)

    @property
    def layer(self) -> int:
        """The layer that is chosen, from 1."""
        return max(1, self.layers.currentIndex() + 1)

    @property
    def order(self) -> UnitOrder:
        """The order that is chosen."""
        order: UnitOrder = self.orders.currentData()
        return order

    def set_sizes(self, sizes: tuple[int, ...]) -> None:
        """Offer the layers of a network; the one that is chosen stays where it is still there."""
        if sizes == self._sizes:
            return
        self._sizes = sizes
        present, last = self.layers.currentIndex(), len(sizes) - 2
        self.layers.clear()
        for index, units in enumerate(sizes[1:]):
            what = "output" if index == last else "unit"
            self.layers.addItem(f"{index + 1}: {counted(units, what)}", index + 1)
        self.layers.setCurrentIndex(max(0, min(present, last)))
        self.setEnabled(True)
        self._show_remark()

    @Slot()
    def _show_remark(self) -> None:
        self._remark.setText("Linear approximation" if self.layer > 1 else "")

    def show_scale(self, kind: ScaleKind, limit: float) -> None:
        """Show the scale, with a field for its end where that is fixed."""
        self.scales.set_value(kind)
        self.limit.setVisible(kind == "fixed")
        self.limit.set_value(float(f"{limit:.3g}"))
