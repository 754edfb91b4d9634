"""The probability of each class; a click on one corrects the answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from core.arrays import DIGITS, MAX_CLASSES
from core.colors import LIGHT, Theme
from core.wording import are_digits, probability
from gui.widgets.focus_ring import paint_focus_ring
from gui.widgets.painted_interface import show_as
from gui.widgets.theme import HINT_SIZE, TEXT_SIZE, tabular

_LOWEST, _USUAL, _HIGHEST = 14, 20, 40
"""Height of a row."""
_WIDEST = "> 99.9 %"
_WIDEST_NAME = 76
"""Pixels for the name of a class; the tool tip has it in full."""
_GAP = 6
_MIDDLE_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
_STEPS = 1000
"""Numbers have one decimal of a percent, and bars are no finer. A change that does not show is not
painted: while one draws, ten rows at each point would take a share of the training's time."""


class PredictionBars(QWidget):
    """A bar for each class, in fixed places with space for ten; the most probable stands out.

    Attributes
    ----------
    classes
        Their names, from the top; the digits until others are shown.

    Signals
    -------
    digit_chosen(int)
        The user says that the drawing is of the class at this place, by a click on its bar, or by
        an arrow key and Return.
    """

    digit_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("prediction_bars")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._theme = LIGHT
        self._plain, self._bold = tabular(self.font()), tabular(self.font())
        self._bold.setWeight(QFont.Weight.DemiBold)
        self.classes = DIGITS
        self.enlarge(False)
        self.probabilities: NDArray[np.floating] | None = None
        self._is_certain = True
        self._current = -1  # under the mouse, or chosen by the arrow keys
        self.show_probabilities(None)
        show_as(self, QAccessible.Role.Chart, self._in_words)

    def _in_words(self) -> str:
        """Return the digit that is chosen and its offer, or else all probabilities."""
        if self.probabilities is None:
            return "No prediction"
        if self._current >= 0:
            return self.accessibleDescription()
        shares = map(probability, self.probabilities)
        pairs = zip(self.classes, shares, strict=True)
        return "; ".join(f"{name}: {share}" for name, share in pairs)

    def enlarge(self, is_large: bool) -> None:
        """Set names and numbers in large type, or in the usual one."""
        for font in (self._plain, self._bold):
            font.setPixelSize(TEXT_SIZE if is_large else HINT_SIZE)
        self._fit()

    def _fit(self) -> None:
        """Leave space for the widest number, and for the names, of which long ones are cut."""
        self._number_width = QFontMetrics(self._bold).horizontalAdvance(_WIDEST)
        widths = map(QFontMetrics(self._bold).horizontalAdvance, self.classes)
        self._digit_width = min(max(widths), _WIDEST_NAME) + _GAP
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Ten rows."""
        return QSize(self.minimumSizeHint().width() + 60, MAX_CLASSES * _USUAL)

    def minimumSizeHint(self) -> QSize:
        """Ten rows, lower ones, and bars that can still be told from each other."""
        return QSize(self._digit_width + 32 + _GAP + self._number_width, MAX_CLASSES * _LOWEST)

    def show_probabilities(
        self,
        probabilities: NDArray[np.floating] | None,
        is_certain: bool = True,
        classes: tuple[str, ...] | None = None,
    ) -> None:
        """Show the classes' probabilities, or None for a blank pad.

        The best is in color if it is certain. `classes` are their names; None for those of before.
        """
        if classes is not None and classes != self.classes:
            self.classes, self.probabilities, self._current = classes, None, -1
            self._fit()
        if is_certain != self._is_certain and probabilities is not None:
            self._is_certain = is_certain
            self._update_row(int(probabilities.argmax()))
        bold = _best(probabilities), _best(self.probabilities)
        for digit in self._rows_to_paint(probabilities):
            place = self.row(digit)
            # Other digits look as before; text takes most of the time.
            self.update(place if digit in bold else place.adjusted(self._digit_width, 0, 0, 0))
        if (probabilities is None) != (self.probabilities is None):
            shapes = Qt.CursorShape
            self.setCursor(
                shapes.ArrowCursor if probabilities is None else shapes.PointingHandCursor
            )
        self.probabilities = probabilities
        if probabilities is None:
            self._set_current(-1)
            self.setAccessibleName("Probabilities of the classes: nothing drawn yet")
        else:
            best = int(probabilities.argmax())
            self.setAccessibleName(
                f"The network predicts {self.classes[best]}, {probability(probabilities[best])}"
            )

    def _rows_to_paint(self, probabilities: NDArray[np.floating] | None) -> Sequence[int]:
        """Return the digits whose rows change."""
        if probabilities is None or self.probabilities is None:
            return range(len(self.classes))
        changed = _rounded(probabilities) != _rounded(self.probabilities)
        best, best_before = _best(probabilities), _best(self.probabilities)
        changed[[best, best_before]] |= best != best_before
        return np.flatnonzero(changed).tolist()

    # --- rows -------------------------------------------------------------------------------

    def row(self, digit: int) -> QRect:
        """Return the place of a digit's row."""
        height = min(max(self.height() // MAX_CLASSES, _LOWEST), _HIGHEST)
        return QRect(0, digit * height, self.width(), height)

    def _digit_at(self, y: float) -> int:
        """Return the digit whose row is at this height; -1 below the last and on a blank pad."""
        digit = int(y) // self.row(0).height()
        return digit if self.probabilities is not None and digit in range(len(self.classes)) else -1

    def _update_row(self, digit: int) -> None:
        if digit >= 0:
            self.update(self.row(digit))

    def _set_current(self, digit: int) -> None:
        self._update_row(self._current)
        self._current = digit
        self._update_row(digit)
        if digit >= 0:
            assert self.probabilities is not None
            share = probability(self.probabilities[digit])
            self.setAccessibleDescription(f"{self.classes[digit]}: {share}. {self._offer(digit)}")

    def _offer(self, digit: int) -> str:
        if not are_digits(self.classes):
            return f"The probability of {self.classes[digit]}"
        return f"This is a {digit}: save it in My digits"

    # --- choosing one -----------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark the row under the mouse."""
        self._set_current(self._digit_at(event.position().y()))

    def leaveEvent(self, event: QEvent) -> None:
        """Mark no row."""
        self._set_current(-1)
        super().leaveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the row that was clicked."""
        digit = self._digit_at(event.position().y())
        if (
            event.button() == Qt.MouseButton.LeftButton
            and self.rect().contains(event.position().toPoint())
            and digit >= 0
        ):
            self.digit_chosen.emit(digit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from row to row by the arrow keys, and choose one by Return."""
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if self.probabilities is None:
            event.ignore()
        elif (key := Qt.Key(event.key())) in steps:
            begin = int(self.probabilities.argmax()) if self._current < 0 else self._current
            self._set_current((begin + steps[key]) % len(self.classes))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current >= 0:
            self.digit_chosen.emit(self._current)
        else:
            event.ignore()

    def event(self, event: QEvent) -> bool:
        """Say in a tool tip what a click does."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            digit = self._digit_at(event.pos().y())
            text = self._offer(digit) if digit >= 0 else "The probability of each class"
            QToolTip.showText(event.globalPos(), text, self, self.row(max(digit, 0)))
            return True
        return super().event(event)

    # --- painting ---------------------------------------------------------------------------

    @Slot(object)
    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows that need it, and a ring around the one that the keys would choose."""
        painter = QPainter(self)
        best, region = _best(self.probabilities), event.region()
        for digit, name in enumerate(self.classes):
            place = self.row(digit)
            if region.intersects(place):
                self._paint_row(painter, digit, QRectF(place), digit == best)
                column = QRect(2, place.top(), self._digit_width - 2, place.height())
                if region.intersects(column):
                    metrics, elide = painter.fontMetrics(), Qt.TextElideMode.ElideRight
                    text = metrics.elidedText(name, elide, self._digit_width - _GAP + 2)
                    painter.drawText(column, Qt.AlignmentFlag.AlignVCenter, text)
        ring = self.row(self._current) if self._current >= 0 else self._all_rows()
        paint_focus_ring(painter, self, QRectF(ring))

    def _all_rows(self) -> QRect:
        return self.row(0).united(self.row(len(self.classes) - 1))

    def _paint_row(self, painter: QPainter, digit: int, place: QRectF, is_best: bool) -> None:
        theme = self._theme
        if digit == self._current:
            painter.fillRect(place, QColor(theme.hairline))
        painter.setFont(self._bold if is_best else self._plain)
        painter.setPen(QColor(theme.text if is_best else theme.quiet))
        left, right = self._digit_width + 2, self._number_width + _GAP + 2
        height = 6 if place.height() < _USUAL else max(8, int(place.height()) // 3)
        track = QRectF(left, place.center().y() - height / 2, place.width() - left - right, height)
        painter.fillRect(track, QColor(theme.window if digit == self._current else theme.hairline))
        if self.probabilities is None:
            return
        share = float(self.probabilities[digit])
        track.setWidth(track.width() * round(_STEPS * share) / _STEPS)
        is_answer = is_best and self._is_certain
        painter.fillRect(track, QColor(theme.accent if is_answer else theme.control))
        painter.drawText(place.adjusted(0, 0, -2, 0), _MIDDLE_RIGHT, probability(share))


def _best(probabilities: NDArray[np.floating] | None) -> int:
    return -1 if probabilities is None else int(probabilities.argmax())


def _rounded(probabilities: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return probabilities, so that two of them are equal where they look the same."""
    rounded: NDArray[np.floating] = np.rint(_STEPS * probabilities)
    return rounded
