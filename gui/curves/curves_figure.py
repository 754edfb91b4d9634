"""A run's loss and accuracy side by side, as a picture for print and slides."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator

from core.files.atomic_file import write_atomically
from core.runs.run_curves import Axis
from core.settings.config import DatasetName, RunConfig
from core.training.snapshot import Snapshot
from gui.curves.chart import figure_font, paint_chart
from gui.curves.curves_charts import charts_of
from gui.widgets.theme import LIGHT, TEXT_SIZE, TITLE_SIZE

WIDTH, HEIGHT = 960, 440
PNG_SCALE = 2
"""A PNG has twice as many pixels, to be sharp on a slide."""

_SVG_DPI = 96
"""A pixel of an SVG is 1/96 inch."""

_MARGIN, _HEAD, _GAP = 20, 56, 24
_DATASETS: dict[DatasetName, str] = {
    "mnist": "MNIST",
    "strokes": "strokes",
    "mnist+strokes": "MNIST and strokes",
}


@dataclass(frozen=True, eq=False)
class CurvesFigure:
    """What a figure shows; its colors are those of the light theme.

    Attributes
    ----------
    snapshot
        Of a run that has made a step.
    config
        The settings that are in force.
    axis
        What the curves are drawn over.
    is_log
        Whether the scale of the loss is logarithmic.
    """

    snapshot: Snapshot
    config: RunConfig
    axis: Axis = "step"
    is_log: bool = False

    @property
    def title(self) -> str:
        """What learned, and from what."""
        return f"{self.snapshot.network_config} on {_DATASETS[self.config.dataset]}"

    @property
    def subtitle(self) -> str:
        """How it learned, and for how long."""
        snapshot, settings = self.snapshot, self.snapshot.hyperparameters
        steps = "1 step" if snapshot.step == 1 else f"{snapshot.step:,} steps"
        return (
            f"{settings.optimizer}, learning rate {settings.learning_rate:g}, batches of "
            f"{settings.batch_size:,}, seed {self.config.seed}; {steps}, "
            f"{snapshot.epoch + snapshot.epoch_progress:.1f} epochs"
        )

    def write_png(self, path: Path) -> None:
        """Write a picture, `PNG_SCALE` times the figure's size.

        Raises
        ------
        DigitscopeError
            If the file cannot be written; one that was there before is as it was.
        """
        image = QImage(QSize(WIDTH, HEIGHT) * PNG_SCALE, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(PNG_SCALE)
        with QPainter(image) as painter:
            self._paint(painter)
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        QImageWriter(buffer, b"png").write(image)
        write_atomically(path, lambda stream: stream.write(_bytes(buffer)))

    def write_svg(self, path: Path) -> None:
        """Write a drawing that can be enlarged and edited; raises what :meth:`write_png` does."""
        buffer = QBuffer()
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setSize(QSize(WIDTH, HEIGHT))
        generator.setResolution(_SVG_DPI)
        generator.setViewBox(QRectF(0, 0, WIDTH, HEIGHT))
        generator.setTitle(self.title)
        generator.setDescription(self.subtitle)
        with QPainter(generator) as painter:
            self._paint(painter)
        # So that a program that lacks this font takes a like one, as it would not by itself.
        fonts = rb'font-family="\1, sans-serif"'
        content = re.sub(rb'font-family="([^"]*)"', fonts, _bytes(buffer))
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
        for chart in charts_of(self.snapshot, self.axis, self.is_log, LIGHT):
            paint_chart(painter, area, chart, LIGHT)
            area.translate(width + _GAP, 0)


def _bytes(buffer: QBuffer) -> bytes:
    return bytes(buffer.data().data())
