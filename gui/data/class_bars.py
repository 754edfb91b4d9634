"""The classes of a data set: a mean image and two bars for each."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QSizePolicy

from core.arrays import SIDE
from core.colors import LIGHT, Theme
from core.inspection.class_summary import ClassSummary
from core.wording import counted, numeral, percent
from gui.widgets.focus_ring import paint_focus_ring
from gui.widgets.indexed_image import indexed_image, ink_table
from gui.widgets.literal_text import literal
from gui.widgets.named import named
from gui.widgets.painted_widget import PaintedWidget
from gui.widgets.theme import HINT_SIZE, SPACE, tabular

_IMAGE = 3 * SIDE // 2
"""Side of a mean image, which is blurred anyway."""
_LINE = _IMAGE // 3
_ROW = _IMAGE + 2 * SPACE
_BAR = 6.0
_KEY = HINT_SIZE + 2 * SPACE
"""Height of the key above the rows."""
_BESIDE = _IMAGE + 3 * SPACE
"""Left edge of names and bars."""
_LEAST_BAR = 48
_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_RIGHT = _MIDDLE | Qt.AlignmentFlag.AlignRight
_NO_DATA = "No data yet"
_TOOL_TIP = (
    "How many images there are of each class, and the mean of its training images; click a class "
    "to see only its images"
)


class ClassBars(PaintedWidget[int]):
    """A row for each class: its mean image, its name, and bars for training and test set.

    All bars have one scale, the share of their own set: so those of a class are equally long where
    both sets are of one kind.

    Signals
    -------
    class_chosen(int or None)
        The user has selected another class, or none.

    Attributes
    ----------
    summary
        What is shown; None before there are data.
    selected
        The selected class, or None.
    """

    class_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        named(self, "class_bars", "Images of each class", _TOOL_TIP)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._font = tabular(self.font())
        self._font.setPixelSize(HINT_SIZE)
        self.summary: ClassSummary | None = None
        self.selected: int | None = None
        self._pictures: list[QImage] = []
        self.apply_theme(LIGHT)
        self.show_summary(None)

    def show_summary(self, summary: ClassSummary | None) -> None:
        """Show the classes of another data set; None while it is not known."""
        self.summary, self.selected = summary, None
        self._draw_means()
        self._describe()
        self.setFixedHeight(self.sizeHint().height())
        self.update()

    def apply_theme(self, theme: Theme) -> None:
        """Draw in the colors of `theme`."""
        super().apply_theme(theme)
        self._draw_means()

    def select(self, label: int | None) -> None:
        """Mark the class whose images are shown elsewhere; None: those of all."""
        if label != self.selected:
            self.selected = label
            self._describe()
            self.update()

    def words(self, label: int) -> str:
        """Return what a row says."""
        summary = self.summary
        assert summary is not None
        training, test = int(summary.training[label]), int(summary.test[label])
        return (
            f"{summary.classes[label]}: {counted(training, 'training image')} "
            f"({percent(summary.training_shares[label], 1)}), {counted(test, 'test image')} "
            f"({percent(summary.test_shares[label], 1)})"
        )

    def _describe(self) -> None:
        if self.summary is None:
            text = _NO_DATA
        elif self.selected is not None:
            text = f"Only {self.words(self.selected)}"
        else:
            text = "; ".join(map(self.words, range(len(self.summary.classes))))
        self.setAccessibleDescription(text)

    def _draw_means(self) -> None:
        if self.summary is not None:
            colors = ink_table(self._theme).tolist()
            means = np.rint(self.summary.means).astype(np.uint8).reshape(-1, SIDE, SIDE)
            self._pictures = [indexed_image(mean, colors) for mean in means]

    # --- where things are -------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """All rows."""
        count = 0 if self.summary is None else len(self.summary.classes)
        return QSize(_BESIDE + 3 * _LEAST_BAR, _KEY + count * _ROW)

    def minimumSizeHint(self) -> QSize:
        """All rows, and bars that can still be told from each other."""
        return QSize(_BESIDE + 2 * _LEAST_BAR, self.sizeHint().height())

    def row_rect(self, label: int) -> QRect:
        """Return where the row of a class is."""
        return QRect(0, _KEY + label * _ROW, self.width(), _ROW)

    def item_at(self, position: QPointF) -> int | None:
        """Return the class at a position, or None."""
        if self.summary is None:
            return None
        label = int(position.y() - _KEY) // _ROW
        inside = position.y() >= _KEY and label < len(self.summary.classes)
        return label if inside else None

    def tip_at(self, position: QPointF) -> tuple[str, QRect] | None:
        """Describe the class at a position."""
        label = self.item_at(position)
        return None if label is None else (literal(self.words(label)), self.row_rect(label))

    # --- painting ---------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the key and the rows."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setFont(self._font)
        if self.summary is None:
            painter.setPen(QColor(self._theme.quiet))
            painter.drawText(self.rect(), _MIDDLE, _NO_DATA)
            return
        self._paint_key(painter)
        longest = float(max(self.summary.training_shares.max(), self.summary.test_shares.max()))
        for label in range(len(self.summary.classes)):
            self._paint_row(painter, label, longest)
        paint_focus_ring(painter, self)

    def _paint_key(self, painter: QPainter) -> None:
        """Say which bar is which."""
        left, metrics = float(_BESIDE), QFontMetrics(self._font)
        for color, title in ((self._theme.train, "Training"), (self._theme.test, "Test")):
            painter.fillRect(QRectF(left, (HINT_SIZE - _BAR) / 2 + 1, 12, _BAR), QColor(color))
            painter.setPen(QColor(self._theme.quiet))
            painter.drawText(QRectF(left + 16, 0, 100, HINT_SIZE + 2), _MIDDLE, title)
            left += 16 + metrics.horizontalAdvance(title) + 4 * SPACE

    def _paint_row(self, painter: QPainter, label: int, longest: float) -> None:
        summary, theme, row = self.summary, self._theme, self.row_rect(label)
        assert summary is not None
        if label in (self.selected, self.hovered):
            is_selected = label == self.selected
            painter.fillRect(row, QColor(theme.accent_surface if is_selected else theme.raised))
        image = QRect(row.left() + SPACE, row.top() + SPACE, _IMAGE, _IMAGE)
        painter.drawImage(image, self._pictures[label])
        painter.setPen(QColor(theme.hairline))
        painter.drawRect(image.adjusted(-1, -1, 0, 0))
        line = QRectF(_BESIDE, image.top(), row.width() - _BESIDE - SPACE, _LINE)
        share = percent(summary.training_shares[label], 1)
        metrics = QFontMetrics(self._font)
        room = int(line.width()) - metrics.horizontalAdvance(share) - 2 * SPACE
        name = metrics.elidedText(summary.classes[label], Qt.TextElideMode.ElideRight, room)
        painter.setPen(QColor(theme.text))
        painter.drawText(line, _MIDDLE, name)
        painter.drawText(line, _RIGHT, share)
        for count, of_set, color in (
            (summary.training[label], summary.training_shares[label], theme.train),
            (summary.test[label], summary.test_shares[label], theme.test),
        ):
            line.translate(0, _LINE)
            self._paint_bar(painter, line, int(count), float(of_set) / longest, color)

    def _paint_bar(
        self, painter: QPainter, line: QRectF, count: int, length: float, color: str
    ) -> None:
        """Draw a bar, of a length between 0 and 1, and the count at its right."""
        assert self.summary is not None
        widest = numeral(max(self.summary.training.max(), self.summary.test.max()))
        numbers = QFontMetrics(self._font).horizontalAdvance(widest) + 2 * SPACE
        track = QRectF(line.left(), line.center().y() - _BAR / 2, line.width() - numbers, _BAR)
        track.setWidth(track.width() * length)
        painter.fillRect(track, QColor(color))
        painter.setPen(QColor(self._theme.quiet))
        painter.drawText(line, _RIGHT, numeral(count))

    # --- the mouse and the keys -------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the class under the mouse; pressing it again deselects."""
        label = self.item_at(event.position())
        if label is not None and event.button() == Qt.MouseButton.LeftButton:
            self._choose(None if label == self.selected else label)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the selection with the arrows; Escape deselects."""
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        key = Qt.Key(event.key())
        if self.summary is not None and key in steps:
            last = len(self.summary.classes) - 1
            before = self.selected
            self._choose(0 if before is None else min(max(before + steps[key], 0), last))
        elif key == Qt.Key.Key_Escape and self.selected is not None:
            self._choose(None)
        else:
            super().keyPressEvent(event)

    def _choose(self, label: int | None) -> None:
        if label != self.selected:
            self.select(label)
            self.class_chosen.emit(label)
