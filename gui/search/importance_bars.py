"""How much each setting matters for the accuracy, as bars."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from core.wording import percent
from gui.search.search_state import SearchState
from gui.search.trials_plot import TrialsPlot
from gui.widgets.theme import SPACE

_BAR = 12.0
_ROW = 26.0
_UNKNOWN = "How much each setting matters is computed when the search ends or is stopped."
_WHAT = "Share of the differences in accuracy that each setting explains"


class ImportanceBars(TrialsPlot):
    """A bar for each setting that varies, the most important first."""

    def __init__(self, state: SearchState) -> None:
        super().__init__(state, "search_importance", "Importance of each setting")

    def rows(self) -> list[tuple[str, float]]:
        """Return the title and the importance, 0…1, of each setting."""
        results = self.state.results
        if results is None:
            return []
        titles = {varied.name: varied.setting.title for varied in results.varied}
        known = self.state.importance
        found = [(titles[name], share) for name, share in known.items() if name in titles]
        return sorted(found, key=lambda row: -row[1])

    def describe(self) -> None:
        """Read the bars aloud."""
        rows = [f"{title} {percent(share, 0)}" for title, share in self.rows()]
        self.setAccessibleDescription(", ".join(rows) or _UNKNOWN)

    def paint_ground(self, painter: QPainter) -> None:
        """Paint all."""
        rows, line = self.rows(), self.metrics.height()
        area = QRectF(self.rect())
        painter.setPen(QColor(self._theme.quiet))
        if not rows:
            wraps = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(area.adjusted(12 * SPACE, 0, -12 * SPACE, 0), int(wraps), _UNKNOWN)
            return
        painter.drawText(QRectF(0, 0, area.width(), line), Qt.AlignmentFlag.AlignLeft, _WHAT)
        advance = self.metrics.horizontalAdvance
        names = min(max(advance(title) for title, _ in rows) + 2 * SPACE, area.width() / 2)
        numbers = advance("100 %") + 2 * SPACE
        step = min(_ROW, (area.height() - line - 2 * SPACE) / len(rows))
        longest = area.width() - names - numbers - 2 * SPACE
        middle = Qt.AlignmentFlag.AlignVCenter
        for index, (title, share) in enumerate(rows):
            top = line + 2 * SPACE + index * step
            painter.setPen(QColor(self._theme.text))
            elided = self.metrics.elidedText(title, Qt.TextElideMode.ElideRight, names - SPACE)
            painter.drawText(QRectF(0, top, names, step), middle, elided)
            height = min(_BAR, step - 2)
            bar = QRectF(names, top + (step - height) / 2, max(share * longest, 2), height)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.accent))
            painter.drawRoundedRect(bar, 2, 2)
            painter.setPen(QColor(self._theme.quiet))
            text = QRectF(bar.right() + 2 * SPACE, top, numbers, step)
            painter.drawText(text, middle, percent(share, 0))

    def item_at(self, position: QPointF) -> int | None:
        """There are no trials here."""
        return None
