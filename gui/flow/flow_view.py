"""The network as a diagram, from the image to the ten outputs."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QSizePolicy

from core.colors import LIGHT, Theme
from core.inspection.flow import UnitFlow
from core.inspection.prediction import Prediction
from core.inspection.update import UnitChange, Update
from gui.flow.flow_box import paint_box
from gui.flow.flow_layout import NARROW, FlowLayout, Unit, arrange_flow, still_there
from gui.flow.flow_painter import FlowPainter
from gui.flow.flow_pictures import FlowPictures
from gui.flow.flow_trace import FlowTrace, Shown, Side, trace_one
from gui.flow.flow_tracer import FlowTracer
from gui.flow.flow_words import captions, captions_fit, in_lines, words_of_one
from gui.widgets.focus_ring import paint_focus_ring
from gui.widgets.painted_widget import PaintedWidget
from gui.widgets.pictures import is_for_a_file

_DIMMED = 0.15
"""Opacity of the other edges while those of one unit are shown."""
_HINT = "Draw a digit on the pad, or click Test image, to see it flow through the network"
_DIVERGED = "This network has no answer: training has diverged"
_UNITS = (
    "From the image to the ten outputs: a square for each unit, orange above zero and blue below it"
)
_EDGES = (
    ", and the strongest edges, orange where they raise and blue where they lower the next unit"
)
_POINT = "Point at a unit for its own edges; click to keep them."
_MOVES = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
"""Columns to the right, and rows down."""


class FlowView(PaintedWidget[Unit]):
    """Units colored by activation, the strongest edges, and the details of one unit.

    Parameters
    ----------
    name
        objectName.
    has_edges
        Whether the strongest edges of all are drawn. Without them the units are larger; one unit's
        edges are drawn in any case.

    Attributes
    ----------
    flow
        What is shown; None while there is no prediction.
    trace
        What that was chosen from; None without one.
    side
        Whether that is the network after the last step, before it, or what the step changed. The
        network as it is now is shown where it was no single step that led to it.
    layout_of_flow
        Where its units are; None without one.
    pinned
        The unit that was clicked or reached by the keys. The edges of the one under the mouse, or
        else of this one, are drawn over all.

    Signals
    -------
    shown
        Something else is shown.
    """

    shown = Signal()

    def __init__(self, name: str = "flow_view", has_edges: bool = True) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(
            "How the image flows through the network" if has_edges else "Activations of all layers"
        )
        self.setToolTip(f"{_UNITS}{_EDGES * has_edges}. {_POINT}")
        self.has_edges = has_edges
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._painter = FlowPainter(LIGHT, self.font())
        self.tracer = FlowTracer(self)
        self.tracer.traced.connect(self._on_traced)
        self._pictures = FlowPictures()
        self.trace: FlowTrace | None = None
        self._unit_flow: UnitFlow | UnitChange | None = None
        self._hint = _HINT
        self._sizes: tuple[int, ...] = ()  # of the network that was shown last
        self.layout_of_flow: FlowLayout | None = None
        self.flow: Shown | None = None
        self.side = Side.AFTER
        self.pinned: Unit | None = None
        self._mark()

    # --- what is shown --------------------------------------------------------------------

    def show_prediction(self, prediction: Prediction | None) -> None:
        """Show how the image flows through the network; None shows a hint.

        Traces it only while the view is visible, and not more often than an eye can use.
        """
        self.tracer.ask(prediction)
        if prediction is None:
            self.trace = None
            self._show(None, _HINT)

    def show_update(self, update: Update | None) -> None:
        """Compare with what was before this update, while the network that it led to predicts."""
        self.tracer.compare(update)

    @Slot(object)
    def show_side(self, side: Side) -> None:
        """Show the network before the step, after it, or what the step changed."""
        self.side = side
        if self.trace is not None:
            flow = self.trace.seen_from(side)
            self._show(flow if flow.is_finite else None, "" if flow.is_finite else _DIVERGED)

    @Slot(object)
    def _on_traced(self, trace: FlowTrace) -> None:
        self.trace = trace
        self.show_side(self.side)

    @Slot(object)
    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        super().apply_theme(theme)
        self._painter = FlowPainter(theme, self.font())
        self._pictures.forget()

    def pin(self, unit: Unit | None) -> None:
        """Keep the edges of a unit on show, or of none, as if by the user."""
        self.pinned = unit
        self._mark()

    @property
    def marked(self) -> Unit | None:
        """The unit whose edges are drawn over all."""
        return self.pinned if self.hovered is None else self.hovered

    def _show(self, flow: Shown | None, hint: str) -> None:
        self.flow, self._hint = flow, hint
        if flow is not None and flow.network.sizes != self._sizes:
            self.hovered = None
            self.pinned = still_there(self.pinned, self._sizes, flow.network.sizes)
            self._sizes = flow.network.sizes
        self._arrange()
        self._mark()
        self.shown.emit()

    def _mark(self) -> None:
        """Update the details of the marked unit."""
        flow, marked = self.flow, self.marked
        self._unit_flow = None if flow is None or marked is None else trace_one(flow, *marked)
        self.setAccessibleDescription("; ".join(self._words()))
        self.update()

    def _words(self) -> list[str]:
        """Return the details of the marked unit, or else of the whole network."""
        if self.flow is None:
            return [self._hint]
        if self.marked is None or self._unit_flow is None:
            return [in_lines(caption, 1)[0] for caption in captions(self.flow)]
        return words_of_one(self.flow, *self.marked, self._unit_flow)

    # --- where things are -----------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """As large as a tab of a small window."""
        return QSize(690, 330)

    def minimumSizeHint(self) -> QSize:
        """Large enough for eight layers of as many units as there may be."""
        return QSize(480, 163)

    def _arrange(self) -> None:
        """Give the captions as few lines as they fit into, or else their narrow form."""
        self._pictures.forget()
        self.layout_of_flow = None
        if self.flow is None:
            return
        sizes, advance = self.flow.network.sizes, self._painter.metrics.horizontalAdvance
        names = self._painter.width_of_names(self.flow.network.classes)
        for lines in (1, 2, 3, 4, NARROW):
            layout = arrange_flow(sizes, self.width(), self.height(), lines, self.has_edges, names)
            if captions_fit(layout, self.flow.network, lines, advance):
                break
        self.layout_of_flow = layout

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange everything anew."""
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        """Trace what is new."""
        super().showEvent(event)
        self.tracer.set_active(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Trace nothing."""
        super().hideEvent(event)
        self.tracer.set_active(False)

    # --- painting -------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the kept pictures, and over them the marked unit's edges."""
        painter = QPainter(self)
        if self.flow is None or self.layout_of_flow is None:
            painter.setPen(QColor(self._painter.theme.quiet))
            middle = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(16, 0, -16, 0), middle, self._hint)
            paint_focus_ring(painter, self)
            return
        flow, layout = self.flow, self.layout_of_flow
        edges = flow.edges if self.has_edges else ()
        opacity = 1.0 if self._unit_flow is None else _DIMMED
        if is_for_a_file(painter, self):
            self._painter.paint_units(painter, flow, layout)
            painter.setOpacity(opacity)
            self._painter.paint_all_edges(painter, layout, edges)
        else:
            pictures = self._pictures.draw(self, self._painter, flow, edges, layout)
            for picture, of_picture in zip(pictures, (1.0, opacity), strict=True):
                painter.setOpacity(of_picture)
                painter.drawPixmap(0, 0, picture)
        painter.setOpacity(1)
        self._paint_marked(painter, layout)
        paint_focus_ring(painter, self)

    def _paint_marked(self, painter: QPainter, layout: FlowLayout) -> None:
        marked, found = self.marked, self._unit_flow
        if marked is None or found is None:
            return
        for layer, edges in ((marked[0], found.incoming), (marked[0] + 1, found.outgoing)):
            self._painter.paint_edges(painter, layout, layer, edges)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(QColor(self._painter.theme.text), 2))
        painter.drawRect(layout.square(marked))
        paint_box(painter, self._painter, self._words(), layout.square(marked), self.rect())

    # --- the mouse and the keys -----------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pin the unit under the mouse; pressing it again, or no unit, unpins."""
        if event.button() == Qt.MouseButton.LeftButton:
            unit = self.item_at(event.position())
            self.pin(None if unit == self.pinned else unit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the pin with the arrows, starting at the answer; Escape unpins."""
        if self.flow is not None and self.layout_of_flow is not None and event.key() in _MOVES:
            if self.pinned is None:
                self.pin((len(self.flow.network.layers), self.flow.answer))
            else:
                right, down = _MOVES[Qt.Key(event.key())]
                self.pin(self.layout_of_flow.neighbor(self.pinned, right, down))
        elif event.key() == Qt.Key.Key_Escape and self.pinned is not None:
            self.pin(None)
        else:
            super().keyPressEvent(event)

    def item_at(self, position: QPointF) -> Unit | None:
        """Return the unit at a position, or None."""
        layout = self.layout_of_flow
        return None if layout is None else layout.unit_at(position.toPoint())

    def hover(self, item: Unit | None) -> None:
        """Show the edges of the unit under the mouse, or again those of the pinned one."""
        if item != self.hovered:
            self.hovered = item
            self._mark()
