"""Cards that float above the window's content, so that nothing moves when one comes or goes."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from gui.widgets.theme import CARD_RADIUS, SHADOW, SPACE

_MARGIN = SPACE
_GAP = 0
"""The shadows keep cards apart from each other and from the window's edge."""
CARD_WIDTH = 600
"""Of every card, shadow included, where there is room for it."""
_DARKNESS = 7
"""Of each of the layers of a shadow, of 255."""
_NARROWEST = 340
"""A narrower view does not confine the cards: they may then lie over the whole window."""

_REPLACING = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide)
_RESTYLING = (QEvent.Type.FontChange, QEvent.Type.StyleChange)


class Floating(QFrame):
    """A card with a shadow that knows its size, shadow included, within the space that there is."""

    def fit(self, space: QSize) -> None:
        """Take a size of at most `space`."""
        raise NotImplementedError

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the card's frame, and about it the shadow."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(self.rect())
        card = _rounded(whole, SHADOW, CARD_RADIUS)
        for inset in range(SHADOW):
            ring = _rounded(whole, inset, CARD_RADIUS + SHADOW - inset).subtracted(card)
            painter.fillPath(ring, QColor(0, 0, 0, _DARKNESS))


def _rounded(rect: QRectF, inset: int, radius: int) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius, radius)
    return path


class FloatingCards(QObject):
    """Places cards at a view's lower right corner, each above those that are there already.

    A card keeps its place until it goes or the window changes its size.

    Parameters
    ----------
    window
        The parent of the cards.
    view
        They float in its lower right corner.
    """

    def __init__(self, window: QWidget, view: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._view = view
        self._cards: list[Floating] = []
        view.installEventFilter(self)
        window.installEventFilter(self)

    def show(self, card: Floating) -> None:
        """Show a card, or move it where a new one would be."""
        self.hide(card)
        if card.parent() is not self._window:
            card.setParent(self._window)
        self._place(card, self._area())
        self._cards.append(card)
        card.show()
        card.raise_()

    def hide(self, card: Floating) -> None:
        """Remove a card; the others stay where they are."""
        card.hide()
        if card in self._cards:
            self._cards.remove(card)

    def is_too_high(self) -> bool:
        """Return whether there is more than the window has room for."""
        top = self._area().top()
        return any(card.y() < top for card in self._cards)

    def place_all(self) -> None:
        """Place all cards anew, as if each came only now."""
        cards, self._cards = self._cards, []
        area = self._area()
        for card in cards:
            self._place(card, area)
            self._cards.append(card)

    def _area(self) -> QRect:
        """Return where cards may be, in the window's coordinates."""
        whole = self._window.rect()
        corner = self._view.mapTo(self._window, QPoint())
        view = QRect(corner, self._view.size())
        if self._view.isVisibleTo(self._window) and view.width() >= _NARROWEST + 2 * _MARGIN:
            whole.setLeft(view.left())
            whole.setRight(min(view.right(), whole.right()))
        return whole.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)

    def _place(self, card: Floating, area: QRect) -> None:
        card.fit(area.size())
        place = QRect(QPoint(), card.size())
        place.moveBottomRight(area.bottomRight())  # where views have least
        for other in sorted(self._cards, key=lambda each: -each.y()):
            if place.top() <= other.geometry().bottom() + _GAP:
                if place.bottom() + _GAP < other.y():
                    continue
                place.moveBottom(other.y() - _GAP - 1)
        card.setGeometry(place)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Follow the window and the view; a new font needs other sizes."""
        if event.type() in (*_REPLACING, *_RESTYLING) and self._cards:
            self.place_all()
        return False
