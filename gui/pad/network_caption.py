"""On the pad: which network predicts; stands out for a moment when it becomes another."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QWidget

from gui.widgets.theme import HINT_SIZE

_HIGHLIGHT_MS = 3000
_PADDING = 6
_FLAGS = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap


class NetworkCaption(QWidget):
    """A quiet text, through which one can draw.

    Attributes
    ----------
    is_highlighted
        Whether it stands out, because the text changed a moment ago.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("network_caption")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.is_highlighted = False
        self._text = ""
        self._width = 400
        font = self.font()
        font.setPixelSize(HINT_SIZE)
        self.setFont(font)
        self._fading = QTimer(self, interval=_HIGHLIGHT_MS, singleShot=True)
        self._fading.timeout.connect(self._fade)

    def text(self) -> str:
        """Return what is shown."""
        return self._text

    def set_text(self, text: str) -> None:
        """Show `text`."""
        self._text = text
        self.setAccessibleName(text)
        self.resize(self.sizeHint())
        self.update()

    def highlight(self) -> None:
        """Stand out for a moment."""
        self.is_highlighted = True
        self._fading.start()
        self.update()

    @Slot()
    def _fade(self) -> None:
        self.is_highlighted = False
        self.update()

    def fit(self, left: int, top: int, width: int) -> None:
        """Begin at this place; break the text where it is wider."""
        self._width = width
        self.move(left, top)
        self.resize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """As large as the text."""
        metrics, room = QFontMetrics(self.font()), QRect(0, 0, self._width - 2 * _PADDING, 99)
        return metrics.boundingRect(room, _FLAGS, self._text).size() + QSize(2 * _PADDING, 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the text on the pad's color, or on the accent's while it stands out."""
        if not self._text:
            return
        painter = QPainter(self)
        role = QPalette.ColorRole
        background = self.palette().color(role.Highlight if self.is_highlighted else role.Base)
        if not self.is_highlighted:
            background.setAlphaF(0.8)  # what is drawn shows through
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(background)
        painter.drawRoundedRect(self.rect(), 4, 4)
        text = role.HighlightedText if self.is_highlighted else role.PlaceholderText
        painter.setPen(self.palette().color(text))
        painter.drawText(self.rect().adjusted(_PADDING, 2, -_PADDING, -2), _FLAGS, self._text)
