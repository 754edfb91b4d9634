"""Text that changes many times a second."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAccessible, QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.widgets.painted_interface import show_as
from gui.widgets.theme import tabular


class LiveText(QWidget):
    """Text in a place of fixed size, so that nothing beside it ever moves.

    A QLabel would have the whole window laid out again at each change, thirty times a second.

    Parameters
    ----------
    widest
        The size is that of this text, which may have several lines.
    pixel_size
        Height of the type.
    alignment
        Where the text is within its place.
    quiet
        Whether it is in the theme's quiet color.
    """

    def __init__(
        self,
        widest: str,
        pixel_size: int,
        alignment: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignRight,
        quiet: bool = False,
    ) -> None:
        super().__init__()
        show_as(self, QAccessible.Role.StaticText)
        self._text = ""
        self._alignment = alignment | Qt.AlignmentFlag.AlignVCenter
        self._is_quiet = quiet
        self._color: QPalette.ColorRole | None = None
        self._font = tabular(self.font())
        self._font.setPixelSize(pixel_size)
        metrics = QFontMetrics(self._font)
        lines = widest.split("\n")
        width = max(metrics.horizontalAdvance(line) for line in lines)
        self._size = QSize(width, metrics.height() * len(lines))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As large as the widest text."""
        return self._size

    def text(self) -> str:
        """Return what is shown."""
        return self._text

    def set_text(self, text: str) -> None:
        """Show `text`."""
        if text != self._text:
            self._text = text
            self.setAccessibleDescription(text)
            self.update()

    def set_quiet(self, is_quiet: bool) -> None:
        """Show the text in the theme's quiet color, or in its usual one."""
        if is_quiet != self._is_quiet:
            self._is_quiet = is_quiet
            self.update()

    def set_color(self, role: QPalette.ColorRole | None) -> None:
        """Show the text in a color of the palette; None for the quiet or the usual one."""
        if role != self._color:
            self._color = role
            self.update()

    @property
    def is_quiet(self) -> bool:
        """Whether the text is in the theme's quiet color."""
        return self._is_quiet

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the text."""
        painter = QPainter(self)
        painter.setFont(self._font)
        role = QPalette.ColorRole
        usual = role.PlaceholderText if self._is_quiet else role.WindowText
        painter.setPen(self.palette().color(self._color or usual))
        painter.drawText(self.rect(), self._alignment, self._text)
