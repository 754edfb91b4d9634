"""Digits of the test set as small images, each with what it was read as."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip

from core.arrays import Floats, LabeledImages, Labels
from core.colors import LIGHT, Theme
from core.wording import percent
from gui.widgets.digit_tiles import TILE_HEIGHT, TILE_WIDTH, ZOOM, Tiles
from gui.widgets.named import named
from gui.widgets.tile_painter import TilePainter


class Predictions(Protocol):
    """What a network says of each image of a set, (n,)."""

    @property
    def guesses(self) -> Labels:
        """uint8, the predicted classes."""

    @property
    def confidence(self) -> Floats:
        """Their probabilities."""


class DigitGallery(QAbstractScrollArea):
    """Shows digits in rows; only visible ones are drawn.

    Under the mouse nothing moves: a new order waits until the mouse has left, and meanwhile the
    digits that are there tell how they are read now.

    Parameters
    ----------
    name, title, tool_tip
        For the code, for screen readers, and for the mouse.
    what
        What one of the images is called.

    Signals
    -------
    digit_chosen(int)
        The user has clicked a digit, or pressed Return on it: its index in the set.
    zoom_wanted(int)
        The user has turned the wheel with Ctrl: 1 for larger images, −1 for smaller ones.

    Attributes
    ----------
    digits
        intp, (n,): the indices in the set of what is shown, in order.
    current
        The place of the digit that was chosen last or that the keys have moved to; None: nowhere.
    """

    digit_chosen = Signal(int)
    zoom_wanted = Signal(int)

    def __init__(
        self,
        name: str = "digit_gallery",
        title: str = "Test images, worst mistakes first",
        tool_tip: str = "Click a digit to put it on the pad",
        what: str = "Test image",
    ) -> None:
        super().__init__()
        named(self, name, title, tool_tip)
        self._what = what
        self._zoom = ZOOM
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.viewport().setMouseTracking(True)
        self._painter = TilePainter(self.font())
        self.digits: NDArray[np.intp] = np.zeros(0, np.intp)
        self.current: int | None = None
        self._evaluation: Predictions | None = None
        self._set: LabeledImages | None = None
        self._waiting: NDArray[np.intp] | None = None
        self._hovered: int | None = None
        self._pressed: int | None = None
        self.apply_theme(LIGHT)

    def sizeHint(self) -> QSize:
        """Three columns, and the scroll bar."""
        return QSize(3 * TILE_WIDTH + self._bar_width, 4 * TILE_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Two columns, and the scroll bar."""
        return QSize(2 * TILE_WIDTH + self._bar_width, TILE_HEIGHT)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        self._theme = theme
        self._painter.apply_theme(theme)
        self.viewport().update()

    def set_zoom(self, zoom: int) -> None:
        """Draw images 1, 2 or 3 times as large as they are; what is in sight stays there."""
        first = self.tiles.in_sight(self.verticalScrollBar().value(), 1).start
        self._zoom = zoom
        self._fit_scroll_bar()
        self.verticalScrollBar().setValue(first // self.tiles.columns * self.tiles.row_height)
        self.viewport().update()

    # --- what is shown ----------------------------------------------------------------------

    def name_classes(self, classes: tuple[str, ...]) -> None:
        """Call the classes by these names, from the next images on."""
        self._painter.classes = classes

    def show_digits(
        self, digits: NDArray[np.intp], evaluation: Predictions | None, images: LabeledImages
    ) -> None:
        """Show other digits, from the first on.

        Parameters
        ----------
        digits
            intp, (n,): their indices in the set, in the order to show them in.
        evaluation
            How the set was read; None if that is not known.
        images
            The set.
        """
        self._evaluation, self._set = evaluation, images
        self.current = None
        self._replace(digits)
        self.verticalScrollBar().setValue(0)

    def show_newer(self, digits: NDArray[np.intp], evaluation: Predictions) -> None:
        """Show the same selection after a newer evaluation; parameters as in :meth:`show_digits`.

        Keeps the scroll position and the current digit.
        """
        self._evaluation = evaluation
        if self.underMouse() and self.isVisible():
            self._waiting = digits
            self.viewport().update()
        else:
            self._replace(digits)

    def clear(self) -> None:
        """Show nothing."""
        self._replace(np.zeros(0, np.intp))

    def reveal(self, digit: int) -> bool:
        """Scroll to a digit, by its index in the set, and mark it; return whether it is shown."""
        places = np.flatnonzero(self.digits == digit)
        if len(places):
            self._go_to(int(places[0]))
        return bool(len(places))

    def words(self, tile: int) -> str:
        """Describe a digit."""
        assert self._set is not None
        digit, classes = int(self.digits[tile]), self._painter.classes
        name = classes[self._set.labels[digit]]
        if self._evaluation is None:
            return f"{self._what} {digit}: a {name}"
        confidence = float(self._evaluation.confidence[digit])
        return (
            f"{self._what} {digit}: a {name}, predicted as "
            f"{classes[self._evaluation.guesses[digit]]}, {percent(confidence, 1)} confident"
        )

    def _replace(self, digits: NDArray[np.intp]) -> None:
        if self.current is not None:
            places = np.flatnonzero(digits == self.digits[self.current])
            self.current = int(places[0]) if len(places) else None
        self.digits, self._waiting = digits, None
        self._hovered = self._pressed = None
        self._fit_scroll_bar()
        self._describe()
        self.viewport().update()

    def _describe(self) -> None:
        text = "" if self.current is None else self.words(self.current)
        self.setAccessibleDescription(text)

    # --- where things are -------------------------------------------------------------------

    @property
    def _bar_width(self) -> int:
        return self.verticalScrollBar().sizeHint().width()

    @property
    def tiles(self) -> Tiles:
        """Where the digits are, if nothing is scrolled; the scroll bar's room is kept free."""
        return Tiles.within(self.width() - self._bar_width, len(self.digits), self._zoom)

    def tile_rect(self, tile: int) -> QRect:
        """Return where a digit's image is in the viewport."""
        return self.tiles.image_rect(tile).translated(0, -self.verticalScrollBar().value())

    def _tile_at(self, place: QPoint) -> int | None:
        return self.tiles.tile_at(place + QPoint(0, self.verticalScrollBar().value()))

    def resizeEvent(self, _event: object) -> None:
        """Arrange the tiles anew."""
        self._fit_scroll_bar()

    def _fit_scroll_bar(self) -> None:
        bar, page = self.verticalScrollBar(), self.viewport().height()
        bar.setRange(0, max(self.tiles.height - page, 0))
        bar.setPageStep(page)
        bar.setSingleStep(self.tiles.row_height // 4)

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        """Draw the visible tiles; the mouse finds its tile when it moves."""
        self._hovered = None
        self.viewport().update()

    # --- painting ---------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the visible tiles."""
        if self._set is None or not len(self.digits):
            return
        tiles, scrolled = self.tiles, self.verticalScrollBar().value()
        in_sight = tiles.in_sight(scrolled, self.viewport().height())
        digits = self.digits[in_sight.start : in_sight.stop]
        painter = QPainter(self.viewport())
        painter.translate(0, -scrolled)
        self._painter.paint_images(painter, tiles, in_sight, self._set.images[digits])
        if tiles.has_lines:
            self._paint_lines(painter, tiles, in_sight, digits)
        if self._hovered is not None:
            painter.setPen(QColor(self._theme.quiet))
            painter.drawRect(tiles.image_rect(self._hovered).adjusted(-1, -1, 0, 0))
        if self.current is not None:
            painter.setPen(QPen(QColor(self._theme.accent), 2))
            painter.drawRect(tiles.image_rect(self.current))

    def _paint_lines(
        self, painter: QPainter, tiles: Tiles, in_sight: range, digits: NDArray[np.intp]
    ) -> None:
        assert self._set is not None
        labels, read = self._set.labels[digits], self._evaluation
        if read is None:
            self._painter.paint_lines(painter, tiles, in_sight, labels, labels, None)
        else:
            guesses, confidence = read.guesses[digits], read.confidence[digits]
            self._painter.paint_lines(painter, tiles, in_sight, labels, guesses, confidence)

    # --- the mouse and the keys -------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with Ctrl, ask for another size."""
        turned = event.angleDelta().y()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and turned:
            self.zoom_wanted.emit(1 if turned > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Describe the digit under the mouse in a tool tip."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            tile = self._tile_at(event.pos())
            if tile is not None:
                text = f"{self.words(tile)}. Click to put it on the pad."
                QToolTip.showText(event.globalPos(), text, self.viewport(), self.tile_rect(tile))
                return True
        if event.type() == QEvent.Type.Leave:
            self._hover(None)
        return super().viewportEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Show the order that has waited."""
        super().leaveEvent(event)
        if self._waiting is not None:
            self._replace(self._waiting)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark the digit under the mouse."""
        self._hover(self._tile_at(event.position().toPoint()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = self._tile_at(event.position().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the digit that was clicked."""
        tile = self._tile_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and tile is not None:
            if tile == self._pressed:
                self._go_to(tile)
                self.digit_chosen.emit(int(self.digits[tile]))
            self._pressed = None

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keys begin."""
        super().focusInEvent(event)
        by_keys = event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
        )
        if by_keys and self.current is None and len(self.digits):
            self._go_to(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with the arrows, by pages, and to the ends; choose with Return."""
        columns = self.tiles.columns
        page = max(self.viewport().height() // self.tiles.row_height, 1) * columns
        last = len(self.digits) - 1
        moves = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -columns,
            Qt.Key.Key_Down: columns,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_Home: -last,
            Qt.Key.Key_End: last,
        }
        if event.key() in moves and last >= 0:
            move = moves[Qt.Key(event.key())]
            to = 0 if self.current is None else self.current + move
            self._go_to(min(max(to, 0), last))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current is not None:
            self.digit_chosen.emit(int(self.digits[self.current]))
        else:
            super().keyPressEvent(event)

    def _go_to(self, tile: int) -> None:
        self.current = tile
        self._describe()
        bar, top = self.verticalScrollBar(), self.tiles.image_rect(tile).top() - 1
        lowest = top + self.tiles.row_height - self.viewport().height()
        bar.setValue(min(max(bar.value(), lowest), top))
        self.viewport().update()

    def _hover(self, tile: int | None) -> None:
        cursor = Qt.CursorShape.ArrowCursor if tile is None else Qt.CursorShape.PointingHandCursor
        if tile != self._hovered:
            self._hovered = tile
            self.viewport().setCursor(cursor)
            self.viewport().update()
