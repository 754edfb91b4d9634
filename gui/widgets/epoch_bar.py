"""How much of the epoch is done."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

_HEIGHT = 6


class EpochBar(QWidget):
    """A thin bar that changes at every frame; a QProgressBar would repaint at once, each time."""

    def __init__(self) -> None:
        super().__init__()
        self.share = 0.0
        self.setAccessibleName("Progress of the epoch")
        self.setToolTip("How much of the present epoch is done")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(40, _HEIGHT)

    def show_share(self, share: float) -> None:
        """Show `share`, 0…1."""
        self.share = share
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the whole and the part that is done."""
        painter = QPainter(self)
        bar = QRectF(self.rect())
        painter.fillRect(bar, self.palette().color(QPalette.ColorRole.Midlight))
        bar.setWidth(self.share * bar.width())
        painter.fillRect(bar, self.palette().color(QPalette.ColorRole.Highlight))
