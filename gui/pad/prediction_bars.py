"""The probability of each digit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.arrays import CLASSES
from core.wording import percent
from gui.widgets.theme import LIGHT, TEXT_SIZE, Theme, tabular

_ROW, _LOWEST = 20, 14
"""Height of a row, and the least of it where the window is low."""
_PERCENTAGE = 72
"""Width of the bold \"> 99.9 %\" and the gap before it."""
_VISIBLE = 0.0003
"""A change of a probability that is smaller is not painted: the numbers have one decimal of a
percent, and the bars two hundred pixels."""


class PredictionBars(QWidget):
    """Ten bars, 0 to 9 from the top, in fixed places; the most probable stands out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("prediction_bars")
        self.setToolTip(
            "The probability that the network gives each digit. Sigmoid outputs decide each digit "
            "separately, so they need not add up to 100 %."
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._theme = LIGHT
        self._plain = tabular(self.font())
        self._plain.setPixelSize(TEXT_SIZE)
        self._bold = tabular(self._plain)
        self._bold.setBold(True)
        self.probabilities: NDArray[np.floating] | None = None
        self._painted = np.full(CLASSES, np.nan)
        self.show_probabilities(None)

    def sizeHint(self) -> QSize:
        """Ten rows."""
        return QSize(220, CLASSES * _ROW)

    def minimumSizeHint(self) -> QSize:
        """Ten low rows."""
        return QSize(160, CLASSES * _LOWEST)

    @property
    def _row(self) -> int:
        return max(min(self.height() // CLASSES, _ROW), _LOWEST)

    def show_probabilities(self, probabilities: NDArray[np.floating] | None) -> None:
        """Show (10,) probabilities; None for a blank pad."""
        for digit in self._rows_to_paint(probabilities):
            self.update(0, digit * self._row, self.width(), self._row)
            self._painted[digit] = np.nan if probabilities is None else probabilities[digit]
        self.probabilities = probabilities
        if probabilities is None:
            self.setAccessibleName("Probabilities of the digits: nothing drawn yet")
        else:
            best = int(probabilities.argmax())
            self.setAccessibleName(
                f"The network predicts {best}, {percent(probabilities[best], 1)}"
            )

    def _rows_to_paint(self, probabilities: NDArray[np.floating] | None) -> Sequence[int]:
        """Return the digits whose rows change."""
        if probabilities is None or self.probabilities is None:
            return range(CLASSES)
        changed = np.abs(probabilities - self._painted) >= _VISIBLE
        best, best_before = int(probabilities.argmax()), int(self.probabilities.argmax())
        changed[[best, best_before]] |= best != best_before
        return np.flatnonzero(changed).tolist()

    @Slot(object)
    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw digit, bar and percentage of each row that needs it."""
        painter = QPainter(self)
        theme = self._theme
        shares = self.probabilities
        best = -1 if shares is None else int(shares.argmax())
        left, right, height = 20, self.width() - _PERCENTAGE, self._row
        for digit in range(CLASSES):
            top = digit * height
            if not event.region().intersects(QRect(0, top, self.width(), height)):
                continue
            track = QRectF(left, top + 0.3 * height, right - left, 0.4 * height)
            is_best = digit == best
            painter.setFont(self._bold if is_best else self._plain)
            painter.setPen(QColor(theme.text if is_best else theme.quiet))
            row = QRectF(0, top, self.width(), height)
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, str(digit))
            painter.fillRect(track, QColor(theme.hairline))
            if shares is not None:
                filled = QRectF(track)
                filled.setWidth(track.width() * float(shares[digit]))
                painter.fillRect(filled, QColor(theme.accent if is_best else theme.control))
                painter.drawText(
                    row,
                    Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
                    percent(float(shares[digit]), 1),
                )
