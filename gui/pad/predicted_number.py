"""The predicted digit, large; or a number, with the certainty of each of its digits."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)

from core.wording import probability
from gui.widgets.focus_ring import paint_focus_ring
from gui.widgets.live_text import LiveText
from gui.widgets.theme import DIGIT_SIZE, HINT_SIZE, LIGHT, Theme, tabular

DIGIT_HEIGHT = 64
"""Less than a line: a digit has no parts below it."""

_WIDEST_CELL = 1.5
"""Of a number's digit, in multiples of its own width."""
_GAP = 2
_BAR = 4
_NAMES = "Predicted digit", "Predicted number: the arrow keys select a digit"


class PredictedNumber(LiveText):
    """One digit in the middle of its place, or several, one of which is selected.

    Below each digit of a number is its certainty: as a percentage, or as a bar where there is no
    room for it.

    Signals
    -------
    digit_selected(int)
        The user selects this digit of the number, counted from 0, by a click or an arrow key.
    """

    digit_selected = Signal(int)

    def __init__(self) -> None:
        super().__init__("0", DIGIT_SIZE, Qt.AlignmentFlag.AlignHCenter)
        self.setObjectName("predicted_digit")
        self.setAccessibleName(_NAMES[0])
        self._height = DIGIT_HEIGHT
        self._theme = LIGHT
        self._shares: tuple[float, ...] = ()
        self._selected = 0
        self._small = tabular(self.font())
        self._small.setPixelSize(HINT_SIZE)

    def enlarge(self, factor: float) -> None:
        """Draw the digit at this multiple of its usual size."""
        self._font.setPixelSize(round(factor * DIGIT_SIZE))
        self._height = int(factor * DIGIT_HEIGHT)
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as any digit, but less high than a line."""
        return QSize(super().sizeHint().width(), self._height)

    @Slot(object)
    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self._theme = theme
        self.update()

    def show_number(self, text: str, shares: Sequence[float] = (), selected: int = 0) -> None:
        """Show a digit, or several.

        Parameters
        ----------
        text
            A character for each digit: "?" where none is certain. "" for nothing.
        shares
            The probability of each.
        selected
            Which of several is selected, counted from 0.
        """
        is_number = len(text) > 1
        now = tuple(shares) if is_number else (), selected
        if text == self.text() and now == (self._shares, self._selected):
            return
        if is_number != (len(self.text()) > 1):
            shapes, policies = Qt.CursorShape, Qt.FocusPolicy
            self.setCursor(shapes.PointingHandCursor if is_number else shapes.ArrowCursor)
            self.setFocusPolicy(policies.TabFocus if is_number else policies.NoFocus)
            self.setAccessibleName(_NAMES[is_number])
        self._shares, self._selected = now
        self.set_text(text)
        self.update()
        if is_number:
            digit, share = text[selected], probability(shares[selected])
            self.setAccessibleDescription(
                f"{text}. Digit {selected + 1} is selected: {digit}, {share}"
            )

    # --- selecting a digit --------------------------------------------------------------------

    def cell(self, index: int) -> QRectF:
        """Return the place of a digit of the number."""
        count = max(len(self.text()), 1)
        widest = _WIDEST_CELL * QFontMetricsF(self._font).horizontalAdvance("0")
        width = min(self.width() / count, widest)
        left = (self.width() - count * width) / 2
        return QRectF(left + index * width, 0, width, self.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the digit that was clicked."""
        for index in range(len(self._shares)):
            if self.cell(index).contains(event.position()):
                self.digit_selected.emit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from digit to digit by the arrow keys."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        index = self._selected + steps.get(Qt.Key(event.key()), 0)
        if index != self._selected and index in range(len(self._shares)):
            self.digit_selected.emit(index)
        else:
            event.ignore()

    # --- painting -----------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the digit, or each of the number."""
        painter = QPainter(self)
        if not self._shares:
            self._paint_digit(painter, QRectF(self.rect()), self.text(), self._font)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        small = QFontMetricsF(self._small)
        shares = [probability(share, 0) for share in self._shares]
        width = self.cell(0).width()
        fits = max(map(small.horizontalAdvance, shares)) <= width - 2 * _GAP
        below = small.height() if fits else _BAR + 2 * _GAP
        font = self._smaller_font(width - 2 * _GAP, self.height() - below)
        for index, (digit, share) in enumerate(zip(self.text(), shares, strict=True)):
            cell = self.cell(index)
            if index == self._selected:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(self._theme.hairline))
                painter.drawRoundedRect(cell.adjusted(1, 0, -1, 0), 4, 4)
            self._paint_digit(painter, cell.adjusted(0, 0, 0, -below), digit, font)
            if fits:
                painter.setFont(self._small)
                painter.setPen(QColor(self._theme.quiet))
                place = QRectF(cell.left(), cell.bottom() - below, width, below)
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, share)
            else:
                self._paint_bar(painter, cell, self._shares[index], digit != "?")
        if self.hasFocus():
            paint_focus_ring(painter, self, self.cell(self._selected))

    def _smaller_font(self, width: float, height: float) -> QFont:
        """Return the font in which a digit has this width and height."""
        advance = QFontMetricsF(self._font).horizontalAdvance("0")
        font = QFont(self._font)
        scale = min(width / advance, height / self._height, 1)
        font.setPixelSize(max(round(scale * self._font.pixelSize()), HINT_SIZE))
        return font

    def _paint_digit(self, painter: QPainter, place: QRectF, digit: str, font: QFont) -> None:
        painter.setFont(font)
        is_quiet = bool(self._shares) and digit == "?"
        role = self.foregroundRole()
        painter.setPen(QColor(self._theme.quiet) if is_quiet else self.palette().color(role))
        metrics = QFontMetricsF(font)
        left = place.left() + (place.width() - metrics.horizontalAdvance(digit)) / 2
        bottom = place.top() + (place.height() + metrics.capHeight()) / 2
        painter.drawText(QPointF(left, bottom), digit)

    def _paint_bar(self, painter: QPainter, cell: QRectF, share: float, is_certain: bool) -> None:
        bar = QRectF(cell.left() + 4, cell.bottom() - _GAP - _BAR, cell.width() - 8, _BAR)
        painter.fillRect(bar, QColor(self._theme.window))
        bar.setWidth(bar.width() * share)
        painter.fillRect(bar, QColor(self._theme.accent if is_certain else self._theme.control))
