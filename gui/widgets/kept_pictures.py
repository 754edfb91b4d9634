"""Parts of what a widget paints, kept as pictures until something in them changes."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

CLEAR = QColor(Qt.GlobalColor.transparent)


class KeptPictures:
    """Pictures as large as a widget, by name."""

    def __init__(self) -> None:
        self._pictures: dict[str, tuple[object, QPixmap]] = {}

    def forget(self, *names: str) -> None:
        """Paint these anew when they are needed next; all, if none is named."""
        for name in names or tuple(self._pictures):
            self._pictures.pop(name, None)

    def picture(
        self,
        widget: QWidget,
        name: str,
        key: object,
        ground: QColor,
        paint: Callable[[QPainter], object],
    ) -> QPixmap:
        """Return a picture for `widget`, painted anew if `key` or the widget's size has changed.

        Parameters
        ----------
        key
            What the picture depends on.
        ground
            What the picture is filled with first.
        paint
            Paints it, antialiased.
        """
        ratio, size = widget.devicePixelRatio(), widget.size()
        key = key, ratio, size
        known = self._pictures.get(name)
        if known is not None and known[0] == key:
            return known[1]
        # Not rounded down: the last row would not be painted.
        picture = QPixmap(math.ceil(size.width() * ratio), math.ceil(size.height() * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(ground)
        if not picture.isNull():
            with QPainter(picture) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                paint(painter)
        self._pictures[name] = key, picture
        return picture
