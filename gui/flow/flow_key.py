"""The key of the flow diagram: what its two colors mean, and which edges it shows."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAccessible, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.colors import LIGHT, Theme
from core.inspection.update import FlowChange
from core.wording import counted, numeral
from gui.flow.flow_layout import LINE
from gui.flow.flow_trace import FlowTrace, Shown
from gui.widgets.painted_interface import show_as
from gui.widgets.theme import HINT_SIZE, SPACE, tabular

_SWATCH = 10
_ARROWS = (
    "Below each layer: max, the largest change of a unit's activation; how many units rose ↑, and "
    "how many fell ↓"
)


class FlowKey(QWidget):
    """One line, which leaves out as many words as it must."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        show_as(self, QAccessible.Role.StaticText)
        self.setObjectName("flow_key")
        self.setAccessibleName("What the colors mean, and which edges are shown")
        self._theme = LIGHT
        self._font = tabular(self.font())
        self._font.setPixelSize(HINT_SIZE)
        self._signs: tuple[str, str] | None = None
        self._sentences: tuple[str, ...] = ()
        self.setFixedHeight(LINE)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def explain(self, trace: FlowTrace | None, shown: Shown | None, has_edges: bool) -> None:
        """Explain what is shown; nothing where that is None."""
        if trace is None or shown is None:
            self._signs, self._sentences = None, ()
        else:
            self._signs = sign_words(shown)
            self._sentences = key_words(trace, shown, has_edges)
        whole = [*(self._signs or ()), *self._sentences[:1]]
        self.setAccessibleDescription("; ".join(whole))
        arrows = [_ARROWS] if isinstance(shown, FlowChange) else []
        self.setToolTip("\n".join([*self._sentences[:1], *arrows]))
        self.update()

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self._theme = theme
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a square of either color with its word, and the longest sentence that fits."""
        if self._signs is None:
            return
        painter, theme, middle = QPainter(self), self._theme, Qt.AlignmentFlag.AlignVCenter
        painter.setFont(self._font)
        painter.setPen(QColor(theme.quiet))
        advance, x = painter.fontMetrics().horizontalAdvance, 0
        for word, color in zip(self._signs, (theme.positive, theme.negative), strict=True):
            swatch = QRect(x, (self.height() - _SWATCH) // 2, _SWATCH, _SWATCH)
            painter.fillRect(swatch, QColor(color))
            x += _SWATCH + SPACE
            painter.drawText(QRect(x, 0, advance(word), self.height()), middle, word)
            x += advance(word) + 2 * SPACE
        room = QRect(x, 0, self.width() - x, self.height())
        fitting = (text for text in self._sentences if advance(text) <= room.width())
        painter.drawText(room, middle, next(fitting, self._sentences[-1]))


def sign_words(shown: Shown) -> tuple[str, str]:
    """Return what the colors of positive and of negative numbers mean."""
    return ("rose ↑", "fell ↓") if isinstance(shown, FlowChange) else ("positive", "negative")


def key_words(trace: FlowTrace, shown: Shown, has_edges: bool) -> tuple[str, ...]:
    """Return of which moment and of which edges the picture is, from the longest to the shortest.

    What is shown may be the network as it is although its other sides were chosen.
    """
    when = _moment(trace, shown)
    if not has_edges:
        has_hidden = len(shown.network.layers) > 1
        color = "the deepest color is the largest of a layer"
        return f"{when}: {color if has_hidden else 'this network has no hidden layers'}", when
    edges = sum(len(of_layer.values) for of_layer in shown.edges)
    network = shown.network
    count = f"{numeral(edges)} of {counted(sum(d.W.size for d in network.layers), 'edge')}"
    if isinstance(shown, FlowChange):
        which, short = "those into each layer whose weights changed most", "those that changed most"
    else:
        which = "the strongest into each layer, and those that lead to the prediction"
        short = "the strongest into each layer"
    return f"{when}: {count}, {which}", f"{when}: {count}, {short}", f"{when}: {count}", when


def _moment(trace: FlowTrace, shown: Shown) -> str:
    change = trace.change
    if change is None:
        return "Now"
    step = numeral(change.update.step)
    if shown is change:
        return f"Change at step {step}"
    return f"{'Before' if shown is change.before else 'After'} step {step}"
