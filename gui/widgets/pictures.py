"""Pictures of what is painted: as pixels, and as a vector drawing."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import QBuffer, QIODevice, QPoint, QRectF, QSize
from PySide6.QtGui import QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

LEAST_RATIO = 2.0
"""A picture has at least so many pixels per logical pixel, to be sharp on a slide."""

_SVG_DPI = 96
"""A pixel of an SVG is 1/96 inch."""

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


def drawing_of(widget: QWidget) -> bytes:
    """Return `widget` as it is on the screen as the content of an SVG file."""
    return svg(widget.size(), lambda painter: _render(widget, painter), widget.accessibleName())


def _render(widget: QWidget, painter: QPainter) -> None:
    color = widget.palette().color(widget.backgroundRole())
    painter.fillRect(widget.rect(), color)
    widget.render(painter, QPoint(), renderFlags=QWidget.RenderFlag.DrawChildren)
