"""Tiles in rows that can be scrolled: where they are, and what the mouse and the keys do."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip

from gui.widgets.digit_tiles import TILE_HEIGHT, TILE_WIDTH, ZOOM, Tiles
from gui.widgets.literal_text import literal


class TileArea(QAbstractScrollArea):
    """Base of views of many tiles; a subclass counts, describes and paints them.

    Signals
    -------
    tile_chosen(int)
        The user has clicked a tile, or pressed Return on it.
    zoom_wanted(int)
        The user has turned the wheel with Ctrl: 1 for larger images, −1 for smaller ones.

    Attributes
    ----------
    current
        The tile that was chosen last or that the keys have moved to; None: none.
    """

    tile_chosen = Signal(int)
    zoom_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._zoom = ZOOM
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.viewport().setMouseTracking(True)
        self.current: int | None = None
        self._hovered: int | None = None
        self._pressed: int | None = None

    @property
    def tile_count(self) -> int:
        """How many tiles there are."""
        raise NotImplementedError

    def words(self, tile: int) -> str:
        """Describe a tile."""
        raise NotImplementedError

    def sizeHint(self) -> QSize:
        """Three columns, and the scroll bar."""
        return QSize(3 * TILE_WIDTH + self._bar_width, 4 * TILE_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Two columns, and the scroll bar."""
        return QSize(2 * TILE_WIDTH + self._bar_width, TILE_HEIGHT)

    def set_zoom(self, zoom: int) -> None:
        """Draw images 1, 2 or 3 times as large as they are; what is in sight stays there."""
        first = self.tiles.in_sight(self.verticalScrollBar().value(), 1).start
        self._zoom = zoom
        self._fit_scroll_bar()
        self.verticalScrollBar().setValue(first // self.tiles.columns * self.tiles.row_height)
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
        """Where the digits are, if nothing is scrolled; the scroll bar's space is kept free."""
        return Tiles.within(self.width() - self._bar_width, self.tile_count, self._zoom)

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
                text = literal(f"{self.words(tile)}. Click to put it on the pad.")
                QToolTip.showText(event.globalPos(), text, self.viewport(), self.tile_rect(tile))
                return True
        if event.type() == QEvent.Type.Leave:
            self._hover(None)
        return super().viewportEvent(event)

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
                self.tile_chosen.emit(tile)
            self._pressed = None

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keys begin."""
        super().focusInEvent(event)
        by_keys = event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
        )
        if by_keys and self.current is None and self.tile_count:
            self._go_to(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with the arrows, by pages, and to the ends; choose with Return."""
        columns = self.tiles.columns
        page = max(self.viewport().height() // self.tiles.row_height, 1) * columns
        last = self.tile_count - 1
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
            self.tile_chosen.emit(self.current)
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
