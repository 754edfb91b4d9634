"""Over the drawing: which pixels of the network's input support its answer, and a legend."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QWidget

from core.colors import LIGHT, Theme, color_indices
from core.ink.drawing import RASTER_SIDE
from core.ink.normalization import Frame
from gui.widgets.diverging import overlay_table
from gui.widgets.indexed_image import indexed_image
from gui.widgets.theme import HINT_SIZE

_MARGIN = 6
_SWATCH = 10
_GAP = 14


class ExplanationLayer:
    """Paints a saliency on `pad`.

    Attributes
    ----------
    frame
        Where the network's input lies on the drawing.
    """

    def __init__(self, pad: QWidget) -> None:
        self._pad = pad
        self._theme = LIGHT
        self._saliency: NDArray[np.floating] | None = None
        self.frame = Frame(0, 0, RASTER_SIDE)
        self._name = ""
        self._image: QImage | None = None

    def set_theme(self, theme: Theme) -> None:
        """Paint in the colors of `theme`."""
        self._theme, self._image = theme, None

    def show(self, saliency: NDArray[np.floating], frame: Frame, name: str) -> None:
        """Paint `saliency`, (28, 28), of `name`; its input lies in `frame` of the drawing.

        The colors are relative to its largest magnitude. It must not be written to afterwards.
        """
        self._saliency, self.frame, self._name, self._image = saliency, frame, name, None
        self._pad.update()

    def hide(self) -> None:
        """Show the drawing alone."""
        if self._saliency is not None:
            self._saliency = None
            self._pad.update()

    def paint(self, painter: QPainter, square: QRectF) -> None:
        """Paint over the drawing in `square`."""
        if self._saliency is None:
            return
        if self._image is None:
            limit = float(np.abs(self._saliency).max()) or 1.0
            colors = overlay_table(self._theme)
            self._image = indexed_image(color_indices(self._saliency, limit), colors)
        scale = square.width() / RASTER_SIDE
        corner = QPointF(self.frame.left, self.frame.top) * scale + square.topLeft()
        side = self.frame.side * scale
        painter.save()
        painter.setClipRect(square)
        painter.drawImage(QRectF(corner.x(), corner.y(), side, side), self._image)
        self._paint_legend(painter, square)
        painter.restore()

    def _paint_legend(self, painter: QPainter, square: QRectF) -> None:
        """Say at the lower edge what the two colors mean."""
        font = QFont(painter.font())
        font.setPixelSize(HINT_SIZE)
        metrics = QFontMetricsF(font)
        strip = QRectF(square)
        strip.setTop(square.bottom() - metrics.height() - _MARGIN)
        background = QColor(self._theme.surface)
        background.setAlphaF(0.85)
        painter.fillRect(strip, background)
        painter.setFont(font)
        left = strip.left() + _MARGIN
        words = ((self._theme.positive, "supports"), (self._theme.negative, "against"))
        verbs = sum(metrics.horizontalAdvance(f"{verb} ") + _SWATCH + 4 for _, verb in words)
        room = (strip.width() - verbs - 2 * _MARGIN - _GAP) / 2
        name = metrics.elidedText(self._name, Qt.TextElideMode.ElideRight, room)
        for color, verb in words:
            text = f"{verb} {name}"
            swatch = QRectF(left, strip.center().y() - _SWATCH / 2, _SWATCH, _SWATCH)
            painter.fillRect(swatch, QColor(color))
            left = swatch.right() + 4
            painter.setPen(QColor(self._theme.text))
            place = QRectF(left, strip.top(), strip.right() - left, strip.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
            left += metrics.horizontalAdvance(text) + _GAP
