"""Makes the icons of all sizes and systems from assets/icons/digitscope.svg.

`python -m scripts.make_icons`, from the checkout's root.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ICONS = Path("assets/icons")
SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
"""Pixels of a side: those that desktops look for."""

WINDOWS_SIZES = (16, 24, 32, 48, 64, 128, 256)
MAC_SIZES = (32, 64, 128, 256, 512, 1024)


def main() -> None:
    """Write a PNG of each size, the .ico of Windows and the .icns of macOS."""
    renderer = QSvgRenderer(str(ICONS / "digitscope.svg"))
    for size in SIZES:
        render(renderer, size).save(ICONS / f"digitscope-{size}.png", optimize=True)
    # Each size is drawn anew: scaled down from another it would be blurred.
    of_windows = [render(renderer, size) for size in WINDOWS_SIZES]
    of_windows[-1].save(
        ICONS / "digitscope.ico",
        sizes=[image.size for image in of_windows],
        append_images=of_windows[:-1],
    )
    of_mac = [render(renderer, size) for size in MAC_SIZES]
    of_mac[-1].save(ICONS / "digitscope.icns", append_images=of_mac[:-1])


def render(renderer: QSvgRenderer, size: int) -> Image.Image:
    """Return the drawing as an image with `size` pixels a side."""
    image = QImage(size, size, QImage.Format.Format_RGBA8888)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return Image.frombytes("RGBA", (size, size), bytes(image.constBits()))


if __name__ == "__main__":
    main()
