"""Pictures of what is painted: as pixels, and as a vector drawing."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import QBuffer, QIODevice, QPoint, QRectF, QSize
from PySide6.QtGui import QImage, QImageWriter, QPaintEngine, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

LEAST_RATIO = 2.0
"""A picture has at least this many pixels per logical pixel, to be sharp on a slide."""

_SVG_DPI = 96
"""A pixel of an SVG is 1/96 inch."""

_IMAGE = re.compile(rb'<image [^>]*?width="([\d.]+)" height="([\d.]+)"')
_MOST_PIXELS = 0.4
"""Share of a vector drawing that may be pixels, such as the image of a digit."""

Paint = Callable[[QPainter], None]


def pixel_picture(size: QSize, paint: Paint, ratio: float = LEAST_RATIO) -> QImage:
    """Return what `paint` paints into `size` logical pixels, on `ratio` times as many pixels."""
    image = QImage(size * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    with QPainter(image) as painter:
        paint(painter)
    return image


def png(image: QImage) -> bytes:
    """Return a picture as the content of a PNG file."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, b"png").write(image)
    return bytes(buffer.data().data())


def svg(size: QSize, paint: Paint, title: str = "", description: str = "") -> bytes:
    """Return what `paint` paints into `size` as the content of an SVG file."""
    buffer = QBuffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    generator.setResolution(_SVG_DPI)
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    generator.setTitle(title)
    generator.setDescription(description)
    with QPainter(generator) as painter:
        paint(painter)
    # So that a program that lacks this font falls back to a similar one.
    fonts = rb'font-family="\1, sans-serif"'
    return re.sub(rb'font-family="([^"]*)"', fonts, bytes(buffer.data().data()))


def picture_of(widget: QWidget) -> QImage:
    """Return `widget` as it is on the screen, at the screen's ratio of pixels, or a finer one."""
    ratio = max(LEAST_RATIO, widget.devicePixelRatio())
    return pixel_picture(widget.size(), lambda painter: _render(widget, painter), ratio)


def drawing_of(widget: QWidget) -> bytes | None:
    """Return `widget` as it is on the screen as the content of an SVG file.

    None if most of it are pixels: then an SVG would be a PNG in disguise.
    """
    content = svg(widget.size(), lambda painter: _render(widget, painter), widget.accessibleName())
    pixels = sum(float(w) * float(h) for w, h in _IMAGE.findall(content))
    return content if pixels <= _MOST_PIXELS * widget.width() * widget.height() else None


def is_for_a_file(painter: QPainter, widget: QWidget) -> bool:
    """Return whether `widget` is painted into a picture, and not on the screen.

    Then it must not use a cached picture, which has the pixels of the screen.
    """
    engine = painter.paintEngine()
    if engine.type() != QPaintEngine.Type.Raster:
        return True
    return bool(engine.paintDevice().devicePixelRatio() != widget.devicePixelRatio())


def _render(widget: QWidget, painter: QPainter) -> None:
    painter.fillRect(widget.rect(), widget.palette().color(widget.backgroundRole()))
    widget.render(painter, QPoint(), renderFlags=QWidget.RenderFlag.DrawChildren)
