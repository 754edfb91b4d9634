"""Paints the diagram of the flow: units, captions and outputs, and over them the edges."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPen

from core.arrays import Floats
from core.colors import Theme
from core.inspection.flow import Edges
from core.inspection.update import FlowChange
from core.wording import Classes, are_digits, numeral, probability
from gui.flow.flow_layout import DIGIT, LINE, Block, FlowLayout
from gui.flow.flow_trace import Shown
from gui.flow.flow_words import captions, in_lines
from gui.widgets.diverging import strip_table
from gui.widgets.indexed_image import indexed_image, ink_table
from gui.widgets.theme import HINT_SIZE, SPACE, TEXT_SIZE, tabular

_WIDEST_NAME = 88
"""Of an output, in pixels."""
_LEVELS = 4
"""Edges are drawn in this many strengths of color, all of one strength and sign at once."""
_FAINTEST = 0.2
"""Opacity of the weakest of them."""
_WIDE = 1.6
"""Width of the strongest's lines; that of the others is 1."""
_STRONG = 8
"""From this pitch on, the frames of the units stand out; of smaller ones they would be all."""
_LEFT = Qt.AlignmentFlag.AlignLeft
_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_WHOLE = Qt.TextFlag.TextDontClip
"""The parts of letters below the line reach beyond a low row."""


class FlowPainter:
    """Paints in the colors of a theme; holds what need not be made for each picture.

    Parameters
    ----------
    font
        Of the window, in whatever size.
    """

    def __init__(self, theme: Theme, font: QFont) -> None:
        self.theme = theme
        self.hint, self.plain = tabular(font), tabular(font)
        self.hint.setPixelSize(HINT_SIZE)
        self.plain.setPixelSize(TEXT_SIZE)
        self.bold = QFont(self.plain)
        self.bold.setBold(True)
        self.metrics = QFontMetrics(self.hint)
        self._colors = strip_table(theme)
        self._inks: list[int] = ink_table(theme).tolist()

    # --- units ----------------------------------------------------------------------------

    def paint_units(self, painter: QPainter, flow: Shown, layout: FlowLayout) -> None:
        """Draw everything but the edges."""
        blocks = layout.blocks
        self._paint_image(painter, flow.activations[0], blocks[0])
        for A, block in zip(flow.activations[1:], blocks[1:], strict=True):
            self._paint_block(painter, A, block)
        self._paint_outputs(painter, flow, layout)
        self._paint_captions(painter, flow, layout)

    def _paint_image(self, painter: QPainter, pixels: Floats, block: Block) -> None:
        columns, rows = block.strip.columns, block.strip.rows
        indices = np.rint(pixels * 255).astype(np.uint8).reshape(rows, columns)
        whole = QRect(
            block.left, block.strip.top, *(block.strip.pitch * n for n in (columns, rows))
        )
        painter.drawImage(whole, indexed_image(indices, self._inks))
        painter.setPen(QColor(self.theme.hairline))
        painter.drawRect(whole.adjusted(-1, -1, 0, 0))

    def _paint_block(self, painter: QPainter, A: Floats, block: Block) -> None:
        strip = block.strip
        frame_color = self.theme.control if strip.pitch >= _STRONG else self.theme.hairline
        for frame in strip.frames():
            painter.fillRect(frame.translated(block.left, 0), QColor(frame_color))
        if not strip.frame:  # a frame about all, because the squares have none
            painter.setPen(QColor(self.theme.control))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(block.rect.adjusted(-1, -1, 0, 0))
        image = indexed_image(strip.draw(A), self._colors)
        painter.drawImage(block.left + strip.frame, strip.top + strip.frame, image)

    def _paint_outputs(self, painter: QPainter, flow: Shown, layout: FlowLayout) -> None:
        """Draw the probabilities; of a change, what they were, and what came or went."""
        theme = self.theme
        flows = (flow.before, flow.after) if isinstance(flow, FlowChange) else (flow, flow)
        shares = zip(*(of_side.probabilities.tolist() for of_side in flows), strict=True)
        for digit, (before, after) in enumerate(shares):
            is_answer = digit == flow.answer
            painter.setFont(self._digit_font(layout.row, is_answer))
            painter.setPen(QColor(theme.text if is_answer else theme.quiet))
            row, bar = layout.output_row(digit), layout.output_bar(digit)
            name = row.adjusted(layout.row + SPACE, 0, 0, 0)
            called = flow.network.classes[digit]
            if not are_digits(flow.network.classes):
                elide, room = QFontMetrics(painter.font()).elidedText, layout.names - 2 * SPACE
                called = elide(called, Qt.TextElideMode.ElideRight, room)
            painter.drawText(name, _MIDDLE | _LEFT | _WHOLE, called)
            painter.setFont(self.hint)
            is_change = isinstance(flow, FlowChange)
            words = _points(after - before) if is_change else probability(after)
            painter.drawText(row, _MIDDLE | Qt.AlignmentFlag.AlignRight | _WHOLE, words)
            painter.fillRect(bar, QColor(theme.hairline))
            ends = round(bar.width() * before), round(bar.width() * after)
            kept = QRect(bar.left(), bar.top(), min(ends), bar.height())
            # In a change, the accent's hue is that of what fell.
            is_marked = is_answer and not is_change
            painter.fillRect(kept, QColor(theme.accent if is_marked else theme.control))
            moved = QRect(kept.right() + 1, bar.top(), max(ends) - min(ends), bar.height())
            painter.fillRect(moved, QColor(theme.positive if after > before else theme.negative))

    def width_of_names(self, classes: Classes) -> int:
        """Return the space for the names of the outputs, of which long ones are cut."""
        if are_digits(classes):
            return DIGIT
        widest = max(map(QFontMetrics(self.bold).horizontalAdvance, classes))
        return min(widest, _WIDEST_NAME) + 2 * SPACE

    def _digit_font(self, row: int, is_answer: bool) -> QFont:
        """Return the type of an output's digit, small where the rows are low."""
        font = QFont(self.bold if is_answer else self.plain)
        if row < HINT_SIZE:
            font.setPixelSize(HINT_SIZE)
        return font

    def _paint_captions(self, painter: QPainter, flow: Shown, layout: FlowLayout) -> None:
        painter.setFont(self.hint)
        painter.setPen(QColor(self.theme.quiet))
        last = len(layout.blocks) - 1
        for index, (block, caption) in enumerate(zip(layout.blocks, captions(flow), strict=True)):
            room = block.caption
            side = _LEFT if index in (0, last) else Qt.AlignmentFlag.AlignHCenter
            for line, text in enumerate(in_lines(caption, layout.lines)):
                place = QRect(room.left(), room.top() + line * LINE, room.width(), LINE)
                elided = self.metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
                painter.drawText(place, side | _MIDDLE, elided)

    # --- edges ----------------------------------------------------------------------------

    def paint_all_edges(
        self, painter: QPainter, layout: FlowLayout, edges: Sequence[Edges]
    ) -> None:
        """Draw the edges into each layer."""
        for layer, into in enumerate(edges, start=1):
            self.paint_edges(painter, layout, layer, into)

    def paint_edges(self, painter: QPainter, layout: FlowLayout, layer: int, edges: Edges) -> None:
        """Draw edges into `layer`; their strength is relative to the strongest of them."""
        if not len(edges.values):
            return
        strength = np.abs(edges.values / edges.values[-1])
        levels = np.minimum((strength * _LEVELS).astype(int), _LEVELS - 1)
        signed = np.where(edges.values > 0, levels, -1 - levels)
        before, after = layout.blocks[layer - 1 : layer + 1]
        starts, ends = before.ends(edges.sources), after.ends(edges.targets)
        leave, arrive = before.rect.right() + 1, after.rect.left()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for level in range(_LEVELS):
            for sign in (-1 - level, level):
                of_level = np.flatnonzero(signed == sign)
                if len(of_level):
                    painter.setPen(self._pen(level, sign >= 0))
                    painter.drawPath(_wires(starts[of_level], ends[of_level], leave, arrive))

    def _pen(self, level: int, is_positive: bool) -> QPen:
        color = QColor(self.theme.positive if is_positive else self.theme.negative)
        share = level / (_LEVELS - 1)
        color.setAlphaF(_FAINTEST + (1 - _FAINTEST) * share)
        pen = QPen(color, _WIDE if level == _LEVELS - 1 else 1)
        # A pixel of the screen's own whatever its scaling: Qt takes five times as long for more.
        pen.setCosmetic(level < _LEVELS - 1)
        return pen


def _points(difference: float) -> str:
    """Return the difference of two probabilities in percentage points, as "+1.2 pp"."""
    points = numeral(100 * difference, "+.1f") if abs(difference) >= 0.0005 else numeral(0, ".1f")
    return f"{points} pp"


def _wires(starts: Floats, ends: Floats, leave: float, arrive: float) -> QPainterPath:
    """Return lines between points (n, 2), level within the blocks and curved between those."""
    path = QPainterPath()
    middle = (leave + arrive) / 2
    for (x, y), (end_x, end_y) in zip(starts.tolist(), ends.tolist(), strict=True):
        path.moveTo(x, y)
        path.lineTo(leave, y)
        path.cubicTo(middle, y, middle, end_y, arrive, end_y)
        path.lineTo(end_x, end_y)
    return path
