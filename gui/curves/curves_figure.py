"""A run's loss and accuracy side by side, as a picture for print and slides."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator

from core.files.atomic_file import write_atomically
from core.runs.run_comparison import NAMES
from core.runs.run_curves import Axis
from core.training.snapshot import Snapshot
from core.wording import counted
from gui.curves.chart import figure_font, paint_chart
from gui.curves.curves_charts import charts_of
from gui.widgets.theme import LIGHT, TEXT_SIZE, TITLE_SIZE

WIDTH, HEIGHT = 960, 440
PNG_SCALE = 2
"""A PNG has twice as many pixels per side, to be sharp on a slide."""

_SVG_DPI = 96
"""A pixel of an SVG is 1/96 inch."""

_MARGIN, _HEAD, _GAP = 20, 56, 24


@dataclass(frozen=True, eq=False)
class CurvesFigure:
    """A figure in the colors of the light theme.

    Attributes
    ----------
    snapshot
        Of a run that has made a step.
    axis
        The x axis of the curves.
    is_log
        Whether the scale of the loss is logarithmic.
    """

    snapshot: Snapshot
    axis: Axis = "step"
    is_log: bool = False

    @property
    def title(self) -> str:
        """The network and its data."""
        config = self.snapshot.config
        return f"{config.network} on {NAMES[config.dataset]}"

    @property
    def subtitle(self) -> str:
        """How it was trained, and for how long."""
        snapshot, config = self.snapshot, self.snapshot.config
        settings = config.hyperparameters
        return (
            f"{NAMES[settings.optimizer]}, learning rate {settings.learning_rate:g}, batches of "
            f"{settings.batch_size:,}, seed {config.seed}; {counted(snapshot.step, 'step')}, "
            f"{snapshot.epoch + snapshot.epoch_progress:.1f} epochs"
        )

    def write_png(self, path: Path) -> None:
        """Write a picture, `PNG_SCALE` times the figure's size.

        Raises
        ------
        DigitscopeError
            If the file cannot be written; an existing file stays unchanged.
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
        """Write a vector drawing; raises what :meth:`write_png` does."""
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
        # So that a program that lacks this font falls back to a similar one.
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
