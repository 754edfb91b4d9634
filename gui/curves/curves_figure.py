"""Loss and accuracy side by side, as a picture for print and slides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from core.colors import LIGHT
from core.files.atomic_file import write_atomically
from core.runs.run_comparison import NAMES
from core.settings.data_source import data_title
from core.training.snapshot import Snapshot
from core.wording import counted, numeral
from gui.curves.chart import Chart
from gui.curves.chart_frame import ChartFrame, left_room, row_height
from gui.curves.chart_painter import figure_font
from gui.curves.end_labels import label_room
from gui.curves.legend import paint_legend
from gui.curves.whole_chart import paint_chart
from gui.widgets.pictures import pixel_picture, png, svg
from gui.widgets.theme import HINT_SIZE, TEXT_SIZE, TITLE_SIZE

WIDTH, HEIGHT = 960, 440
POINTS = 800
"""Approximate most points of a line: two per pixel."""

_MARGIN, _HEAD, _GAP = 20, 56, 24


@dataclass(frozen=True, eq=False)
class CurvesFigure:
    """A figure in the colors of the light theme, as :meth:`CurvesView.charts` returns it.

    Attributes
    ----------
    charts
        Side by side.
    title, subtitle
        Above them.
    """

    charts: Sequence[Chart]
    title: str
    subtitle: str

    def write_png(self, path: Path) -> None:
        """Write a picture of twice the figure's size.

        Raises
        ------
        DigitscopeError
            If the file cannot be written; an existing file stays unchanged.
        """
        content = png(pixel_picture(QSize(WIDTH, HEIGHT), self._paint))
        write_atomically(path, lambda stream: stream.write(content))

    def write_svg(self, path: Path) -> None:
        """Write a vector drawing; raises what :meth:`write_png` does."""
        content = svg(QSize(WIDTH, HEIGHT), self._paint, self.title, self.subtitle)
        write_atomically(path, lambda stream: stream.write(content))

    def _paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRectF(0, 0, WIDTH, HEIGHT), QColor(LIGHT.surface))
        head = QRectF(_MARGIN, _MARGIN - 4, WIDTH - 2 * _MARGIN, 24)
        painter.setPen(QColor(LIGHT.text))
        painter.setFont(figure_font(TITLE_SIZE, QFont.Weight.DemiBold))
        painter.drawText(head, Qt.AlignmentFlag.AlignVCenter, self.title)
        painter.setPen(QColor(LIGHT.quiet))
        painter.setFont(figure_font(TEXT_SIZE))
        painter.drawText(head.translated(0, 24), Qt.AlignmentFlag.AlignVCenter, self.subtitle)
        width = (WIDTH - 2 * _MARGIN - _GAP) / 2
        area = QRectF(_MARGIN, _MARGIN + _HEAD, width, HEIGHT - _MARGIN - _HEAD - 12)
        for chart in self.charts:
            _paint_chart(painter, area, chart)
            area.translate(width + _GAP, 0)


def _paint_chart(painter: QPainter, area: QRectF, chart: Chart) -> None:
    painter.setPen(QColor(LIGHT.text))
    painter.setFont(figure_font(TITLE_SIZE, QFont.Weight.DemiBold))
    left, legend = left_room(HINT_SIZE), 2 * row_height(HINT_SIZE)
    head = QRectF(area.left() + left, area.top(), area.width() - left, 24)
    painter.drawText(head, Qt.AlignmentFlag.AlignVCenter, chart.title)
    paint_legend(painter, head.adjusted(0, 24, 0, legend), chart, LIGHT)
    below = area.adjusted(0, 24 + legend, 0, 0)
    room = label_room(chart, area.width(), HINT_SIZE)
    frame = ChartFrame.within(below, chart, room, is_fine=True)
    paint_chart(painter, frame, LIGHT)


def title_of(snapshot: Snapshot) -> str:
    """Return the network and its data."""
    config = snapshot.config
    return f"{config.network} on {data_title(config.dataset)}"


def subtitle_of(snapshot: Snapshot) -> str:
    """Return how the network was trained, and for how long."""
    config = snapshot.config
    settings = config.hyperparameters
    return (
        f"{NAMES[settings.optimizer]}, learning rate {numeral(settings.learning_rate, 'g')}, "
        f"batches of {numeral(settings.batch_size)}, seed {config.seed}; "
        f"{counted(snapshot.step, 'step')}, "
        f"{numeral(snapshot.epoch + snapshot.epoch_progress, '.1f')} epochs"
    )
