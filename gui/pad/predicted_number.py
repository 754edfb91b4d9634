"""The predicted digit, large; or a number, with the certainty of each of its digits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)

from core.colors import LIGHT, Theme
from core.wording import probability
from gui.widgets.focus_ring import paint_focus_ring
from gui.widgets.live_text import LiveText
from gui.widgets.theme import DIGIT_SIZE, HINT_SIZE, tabular

DIGIT_HEIGHT = 64
"""Less than a line: a digit has no parts below it."""

_WIDEST_CELL = 1.5
"""Of a number's digit, in multiples of its own width."""
_WIDEST = "> 99 %"
_GAP = 2
_BAR = 4
_NAMES = "Predicted digit", "Predicted number: the arrow keys select a digit"


class _Cell(NamedTuple):
    """What is seen of one digit of a number; its probability as it is written, without decimals."""

    digit: str
    share: float
    is_selected: bool


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
        self._cells: list[_Cell] = []
        self._small = tabular(self.font())
        self._small.setPixelSize(HINT_SIZE)
        self._fit()

    def enlarge(self, factor: float) -> None:
        """Draw the digit at this multiple of its usual size."""
        self._font.setPixelSize(round(factor * DIGIT_SIZE))
        self._height = int(factor * DIGIT_HEIGHT)
        self._fit()

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
        before, self._cells = self._cells, []
        if len(text) > 1:
            self._cells = [
                _Cell(digit, round(float(share), 2), index == selected)
                for index, (digit, share) in enumerate(zip(text, shares, strict=True))
            ]
        if bool(before) != bool(self._cells):
            self._become(is_number=bool(self._cells))
        if len(before) != len(self._cells):
            self._fit()
        if not self._cells:
            self.set_text(text)
        elif self._cells != before:
            self._text = text
            share = probability(self._cells[selected].share, 0)
            self.setAccessibleDescription(
                f"{text}. Digit {selected + 1} is selected: {text[selected]}, {share}"
            )
            # While one draws, all digits but one stay, and large type takes time to paint.
            for index, (now, then) in enumerate(zip(self._cells, before, strict=False)):
                if now != then:
                    self.update(self.cell(index).toAlignedRect())

    def show_name(self, name: str) -> None:
        """Show the name of a class, in type that fits."""
        self.show_number("")
        self.set_text(name)

    def _become(self, is_number: bool) -> None:
        """Become a control, or a text again."""
        shapes, policies = Qt.CursorShape, Qt.FocusPolicy
        self.setCursor(shapes.PointingHandCursor if is_number else shapes.ArrowCursor)
        self.setFocusPolicy(policies.TabFocus if is_number else policies.NoFocus)
        self.setAccessibleName(_NAMES[is_number])

    # --- selecting a digit --------------------------------------------------------------------

    def cell(self, index: int) -> QRectF:
        """Return the place of a digit of the number."""
        left = (self.width() - max(len(self._cells), 1) * self._cell_width) / 2
        return QRectF(left + index * self._cell_width, 0, self._cell_width, self.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the digit that was clicked."""
        for index in range(len(self._cells)):
            if self.cell(index).contains(event.position()):
                self.digit_selected.emit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from digit to digit by the arrow keys."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        selected = [index + step for index, cell in enumerate(self._cells) if cell.is_selected]
        if step and selected and selected[0] in range(len(self._cells)):
            self.digit_selected.emit(selected[0])
        else:
            event.ignore()

    # --- painting -----------------------------------------------------------------------------

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Use the new room."""
        self._fit()

    def _fit(self) -> None:
        """Choose the size of the digits, and whether there is room for percentages."""
        digit = QFontMetricsF(self._font).horizontalAdvance("0")
        small = QFontMetricsF(self._small)
        self._cell_width = min(self.width() / max(len(self._cells), 1), _WIDEST_CELL * digit)
        room = self._cell_width - 2 * _GAP
        self._has_percentages = small.horizontalAdvance(_WIDEST) <= room
        self._below = small.height() if self._has_percentages else _BAR + 2 * _GAP
        scale = min(room / digit, (self.height() - self._below) / self._height, 1)
        self._cell_font = QFont(self._font)
        self._cell_font.setPixelSize(max(round(scale * self._font.pixelSize()), HINT_SIZE))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the digit, or those of the number that need it."""
        painter = QPainter(self)
        if not self._cells:
            font, end = self._fitting_font(), Qt.TextElideMode.ElideRight
            text = QFontMetricsF(font).elidedText(self.text(), end, self.width())
            self._paint_digit(painter, QRectF(self.rect()), text, font)
        for index, cell in enumerate(self._cells):
            place = self.cell(index)
            if event.rect().intersects(place.toAlignedRect()):
                self._paint_cell(painter, place, cell)

    def _fitting_font(self) -> QFont:
        """Return the large type, or a smaller one if the text is a name that is wider."""
        font = QFont(self._font)
        if len(self.text()) > 1:
            metrics = QFontMetricsF(font)
            # The capitals are in the middle, and letters such as g reach below them.
            high = metrics.capHeight() + 2 * metrics.descent()
            wide = metrics.horizontalAdvance(self.text())
            scale = min(self.width() / wide, self.height() / high, 1)
            font.setPixelSize(max(int(scale * font.pixelSize()), HINT_SIZE))
        return font

    def _paint_cell(self, painter: QPainter, place: QRectF, cell: _Cell) -> None:
        theme = self._theme
        if cell.is_selected:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.hairline))
            painter.drawRoundedRect(place.adjusted(1, 0, -1, 0), 4, 4)
        self._paint_digit(
            painter, place.adjusted(0, 0, 0, -self._below), cell.digit, self._cell_font
        )
        if self._has_percentages:
            painter.setFont(self._small)
            painter.setPen(QColor(theme.quiet))
            below = QRectF(place.left(), place.bottom() - self._below, place.width(), self._below)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, probability(cell.share, 0))
        else:
            bar = QRectF(place.left() + 4, place.bottom() - _GAP - _BAR, place.width() - 8, _BAR)
            painter.fillRect(bar, QColor(theme.window))
            bar.setWidth(bar.width() * cell.share)
            painter.fillRect(bar, QColor(theme.control if cell.digit == "?" else theme.accent))
        if cell.is_selected and self.hasFocus():
            paint_focus_ring(painter, self, place)

    def _paint_digit(self, painter: QPainter, place: QRectF, digit: str, font: QFont) -> None:
        painter.setFont(font)
        is_quiet = bool(self._cells) and digit == "?"
        role = self.foregroundRole()
        painter.setPen(QColor(self._theme.quiet) if is_quiet else self.palette().color(role))
        metrics = QFontMetricsF(font)
        left = place.left() + (place.width() - metrics.horizontalAdvance(digit)) / 2
        bottom = place.top() + (place.height() + metrics.capHeight()) / 2
        painter.drawText(QPointF(left, bottom), digit)
