"""The picture that a sheet was read from, with a box around each digit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen

from core.colors import DARK, LIGHT, Theme
from core.pictures.sheet import Sheet
from gui.widgets.kept_pictures import KeptPictures
from gui.widgets.named import named
from gui.widgets.painted_widget import PaintedWidget

_FORMATS = {
    2: QImage.Format.Format_Grayscale8,
    3: QImage.Format.Format_RGB888,
    4: QImage.Format.Format_RGBA8888,
}
"""By the number of axes, or of channels."""
_LEAST_HEIGHT = 12
"""Of a digit with a box, in pixels of the screen."""
_AROUND = 1.5
"""From a digit to its box, in pixels of the screen."""


class SheetPicture(PaintedWidget[int]):
    """Shows the picture as large as there is room; items are the places of the digits.

    Signals
    -------
    digit_clicked(int)
        The user has clicked a digit in the picture.
    """

    accessible_role = QAccessible.Role.Graphic
    digit_clicked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        named(self, "sheet_picture", "The picture, with a box around each digit")
        self.setMouseTracking(True)
        self._kept = KeptPictures()
        self._sheet: Sheet | None = None
        self._image = QImage()
        self._boxes: NDArray[np.float64] = np.zeros((0, 4))
        self._boxes_theme: Theme | None = None
        self._unsure: frozenset[int] = frozenset()
        self._marked: int | None = None

    def sizeHint(self) -> QSize:
        """Whatever there is."""
        return QSize(0, 0)

    def show_sheet(self, sheet: Sheet) -> None:
        """Show another picture, with no digit marked."""
        pixels = np.ascontiguousarray(sheet.preview)
        height, width, channels = *pixels.shape[:2], (*pixels.shape[2:], 2)[0]
        image_format = _FORMATS[channels]
        self._image = QImage(pixels.data, width, height, pixels.strides[0], image_format).copy()
        # Paper has its own brightness, unless one sees through it to the window.
        paper = LIGHT if np.median(pixels) > 127 else DARK
        self._boxes_theme = paper if channels < 4 else None
        boxes = [digit.box for digit in sheet.digits]
        corners = [(box.left, box.top, box.right, box.bottom) for box in boxes]
        self._boxes = sheet.scale * np.array(corners, float)
        self._sheet, self._marked, self._unsure = sheet, None, frozenset()
        self._kept.forget()
        self.update()

    def show_unsure(self, places: frozenset[int]) -> None:
        """Draw the boxes of these digits as of those that nobody is sure of."""
        if places != self._unsure:
            self._unsure = places
            self.update()

    @Slot(object)
    def mark(self, place: int | None) -> None:
        """Mark a digit, or none."""
        if place != self._marked:
            self._marked = place
            self.update()

    def width_within(self, widest: int, height: int) -> int:
        """Return the width at which the picture is as large as it can be, up to `widest`."""
        size = self._image.size().scaled(widest, height, Qt.AspectRatioMode.KeepAspectRatio)
        return size.width()

    # --- where things are -------------------------------------------------------------------

    def _place(self) -> QRectF:
        """Return where the picture is."""
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left = (self.width() - size.width()) / 2
        return QRectF(left, 0, size.width(), size.height())

    def _boxes_on_screen(self) -> NDArray[np.float64]:
        """Return the left, top, right and bottom of each box, (n, 4)."""
        place = self._place()
        scale = place.width() / max(self._image.width(), 1)
        corner = np.tile((place.left(), place.top()), 2)
        grown = _AROUND * np.array((-1, -1, 1, 1))
        return np.asarray(scale * self._boxes + corner + grown)

    def item_at(self, position: QPointF) -> int | None:
        """Return the digit at a position; the smallest of several."""
        left, top, right, bottom = self._boxes_on_screen().T
        x, y = position.x(), position.y()
        inside = np.flatnonzero((left <= x) & (x < right) & (top <= y) & (y < bottom))
        if not inside.size:
            return None
        areas = ((right - left) * (bottom - top))[inside]
        return int(inside[areas.argmin()])

    # --- painting, and the mouse ------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the picture, the boxes, and the one that is marked or under the mouse."""
        if self._sheet is None:
            return
        painter = QPainter(self)
        clear = QColor(Qt.GlobalColor.transparent)
        painter.drawPixmap(0, 0, self._kept.picture(self, "picture", None, clear, self._draw))
        places = self._boxes_on_screen()
        boxes = [QRectF(QPointF(a, b), QPointF(c, d)) for a, b, c, d in places]
        # Of a dense sheet, the boxes of all would bury what is written.
        is_dense = np.median(places[:, 3] - places[:, 1]) < _LEAST_HEIGHT
        certain = () if is_dense else (p for p in range(len(boxes)) if p not in self._unsure)
        theme = self._boxes_theme or self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for shown, color, width in (
            (certain, theme.accent, 1),
            (self._unsure, theme.fault, 1 if is_dense else 2),
            ({self._marked, self.hovered} - {None}, theme.accent, 3),
        ):
            painter.setPen(QPen(QColor(color), width))
            painter.drawRects([boxes[place] for place in shown if place is not None])

    def _draw(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        place = self._place()
        ratio = self.devicePixelRatioF()
        size = (place.size() * ratio).toSize()
        # Scaled beforehand: a painter takes one pixel of many, and thin lines would vanish.
        painter.drawImage(
            place,
            self._image.scaled(
                size,
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            ),
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the digit under the mouse."""
        place = self.item_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and place is not None:
            self.digit_clicked.emit(place)
