"""A few images side by side, each with a line or two below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy

from core.arrays import SIDE
from core.colors import LIGHT, Theme
from gui.widgets.focus_ring import paint_focus_ring
from gui.widgets.indexed_image import indexed_image, ink_table
from gui.widgets.literal_text import literal
from gui.widgets.named import named
from gui.widgets.painted_widget import PaintedWidget
from gui.widgets.theme import HINT_SIZE, tabular

_LINE = HINT_SIZE + 3
_GAP = 8
_LEAST_ZOOM, _MOST_ZOOM = 2, 4
"""Logical pixels for each of an image's own."""
_FEWEST, _MOST = 4, 5
"""Tiles in a row: four where a fifth would not fit."""


@dataclass(frozen=True, eq=False)
class ImageTile:
    """One image.

    Attributes
    ----------
    pixels
        uint8, (784,): 0 is background, 255 is ink.
    lines
        What stands below it; the first in the color of text, the others quiet.
    words
        All of it, for tool tips and screen readers.
    """

    pixels: NDArray[np.uint8]
    lines: tuple[str, ...]
    words: str


def width_for(columns: int, zoom: int) -> int:
    """Return the width of this many tiles, with images `zoom` times as large as they are."""
    return columns * (zoom * SIDE + _GAP)


class ImageTiles(PaintedWidget[int]):
    """Tiles in rows, as large as the width allows; the height is kept while tiles change.

    While there are none, frames are in their places.

    Parameters
    ----------
    name, title, tool_tip
        For the code, for screen readers, and for the mouse.
    most
        How many tiles there are at most; None: as many as two rows hold.
    lines
        How many lines there are below each; see :meth:`set_lines`.
    can_choose
        Whether a click, or an arrow key and Return, chooses a tile.

    Signals
    -------
    chosen(int)
        The user has clicked this tile, or pressed Return on it.
    opened(int)
        The user has double-clicked this tile.

    Attributes
    ----------
    tiles
        What is shown.
    current
        The tile that was chosen last or that the keys have moved to; None: none.
    """

    chosen = Signal(int)
    opened = Signal(int)

    def __init__(
        self,
        name: str,
        title: str,
        tool_tip: str,
        most: int | None = None,
        lines: int = 0,
        can_choose: bool = False,
    ) -> None:
        super().__init__()
        named(self, name, title, tool_tip)
        self._most, self._lines, self._can_choose = most, lines, can_choose
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if can_choose:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setMouseTracking(True)
        self._font = tabular(self.font())
        self._font.setPixelSize(HINT_SIZE)
        self.tiles: Sequence[ImageTile] = ()
        self.current: int | None = None
        self.apply_theme(LIGHT)
        self._fit()

    def show_tiles(self, tiles: Sequence[ImageTile], current: int | None = None) -> None:
        """Show other tiles, of which one may be marked."""
        self.tiles, self.current = tiles, current
        self.setAccessibleDescription("; ".join(tile.words for tile in tiles))
        self.hover(None)
        self.update()

    def set_lines(self, lines: int) -> None:
        """Leave space for this many lines below each image."""
        self._lines = lines
        self._fit()

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        super().apply_theme(theme)
        self._colors: list[int] = ink_table(theme).tolist()

    # --- where things are -------------------------------------------------------------------

    @property
    def _columns(self) -> int:
        return _MOST if self.width() >= width_for(_MOST, _LEAST_ZOOM) else _FEWEST

    @property
    def capacity(self) -> int:
        """How many tiles there is space for."""
        return 2 * self._columns if self._most is None else self._most

    @property
    def _side(self) -> int:
        """Side of an image, in logical pixels."""
        zoom = (self.width() // self._columns - _GAP) // SIDE
        return SIDE * min(max(zoom, _LEAST_ZOOM), _MOST_ZOOM)

    @property
    def _tile_height(self) -> int:
        return self._side + 2 + self._lines * _LINE + _GAP

    def minimumSizeHint(self) -> QSize:
        """Images of twice their size."""
        return QSize(width_for(_FEWEST, _LEAST_ZOOM), self.height())

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Take the height that goes with the width."""
        self._fit()

    def _fit(self) -> None:
        self.setFixedHeight(-(-self.capacity // self._columns) * self._tile_height)

    def image_rect(self, tile: int) -> QRect:
        """Return where an image is."""
        row, column = divmod(tile, self._columns)
        left = column * (self._side + _GAP)
        return QRect(left + 1, row * self._tile_height + 1, self._side, self._side)

    def item_at(self, position: QPointF) -> int | None:
        """Return the tile at a position, its lines included, or None."""
        place = position.toPoint()
        for tile in range(min(len(self.tiles), self.capacity)):
            if self.image_rect(tile).adjusted(0, 0, 0, self._lines * _LINE).contains(place):
                return tile
        return None

    def tip_at(self, position: QPointF) -> tuple[str, QRect] | None:
        """Describe the image at a position."""
        tile = self.item_at(position)
        return None if tile is None else (literal(self.tiles[tile].words), self.image_rect(tile))

    # --- painting ---------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the tiles."""
        painter = QPainter(self)
        painter.setFont(self._font)
        for number in range(0 if self.tiles else self.capacity):
            self._paint_frame(painter, number, self.image_rect(number))
        for number, tile in enumerate(self.tiles[: self.capacity]):
            place = self.image_rect(number)
            pixels = tile.pixels.reshape(SIDE, SIDE)
            painter.drawImage(place, indexed_image(pixels, self._colors))
            self._paint_frame(painter, number, place)
            self._paint_lines(painter, tile, place)
        if self.current is None:
            paint_focus_ring(painter, self)

    def _paint_frame(self, painter: QPainter, number: int, place: QRect) -> None:
        theme = self._theme
        if number == self.current:
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.drawRect(place)
        else:
            is_hovered = number == self.hovered and self._can_choose
            painter.setPen(QColor(theme.quiet if is_hovered else theme.hairline))
            painter.drawRect(place.adjusted(-1, -1, 0, 0))

    def _paint_lines(self, painter: QPainter, tile: ImageTile, place: QRect) -> None:
        metrics = QFontMetrics(self._font)
        line = QRectF(place.left(), place.bottom() + 2, place.width() + _GAP - 3, _LINE)
        for text, color in zip(tile.lines, (self._theme.text, self._theme.quiet), strict=False):
            painter.setPen(QColor(color))
            elided = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(line.width()))
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, elided)
            line.translate(0, _LINE)

    # --- the mouse and the keys -------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the tile under the mouse."""
        tile = self.item_at(event.position())
        if self._can_choose and tile is not None and event.button() == Qt.MouseButton.LeftButton:
            self._choose(tile)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the tile under the mouse."""
        tile = self.item_at(event.position())
        if self._can_choose and tile is not None and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(tile)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from tile to tile by the arrow keys, and choose one by Return."""
        moves = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self._columns,
            Qt.Key.Key_Down: self._columns,
        }
        key = Qt.Key(event.key())
        if self.tiles and key in moves:
            moved = 0 if self.current is None else self.current + moves[key]
            if moved in range(len(self.tiles)):
                self.current = moved
                self.setAccessibleDescription(self.tiles[moved].words)
                self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current is not None:
            self._choose(self.current)
        else:
            super().keyPressEvent(event)

    def _choose(self, tile: int) -> None:
        self.current = tile
        self.update()
        self.chosen.emit(tile)
