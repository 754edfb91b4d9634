"""The pictures of a film: the weights of the first layer, or a drawing and its prediction."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from core.arrays import SIDE, Floats
from core.colors import DARK, LIGHT, Theme, color_indices, diverging_table, rgb
from core.films.scenes import Scene
from core.network.network import Network
from core.wording import Classes, are_digits, percent

ThemeName = Literal["light", "dark"]
THEMES: dict[ThemeName, Theme] = {"light": LIGHT, "dark": DARK}

LEAST_WIDTH, MOST_WIDTH = 240, 1_920
"""Of a frame, in pixels; its height is two thirds of it."""

MOST_UNITS = 24
"""With more, strokes would be too small to be seen. Those with the largest outgoing weights are
taken."""

_SATURATION = 3.0
"""The color scale ends at this many times the largest root mean square of the film's weights, so
that one color means one weight in every frame."""

_NAMES = 3.6
"""Room for the name of a class, in lines; a longer one is elided."""

_FONT = Path(__file__).parents[2] / "assets" / "fonts" / "DigitscopeSans-Regular.ttf"

Draw = Callable[[Scene], Image.Image]
"""Draws a scene as a frame, RGB."""


@dataclass(frozen=True)
class Look:
    """How large a frame is, in pixels, and its colors."""

    width: int = 720
    theme: ThemeName = "light"

    @property
    def size(self) -> tuple[int, int]:
        """Width and height; even numbers, as films of most kinds need them."""
        return self.width // 2 * 2, self.width // 3 * 2

    @property
    def colors(self) -> Theme:
        """The tokens."""
        return THEMES[self.theme]


def weights_frames(scenes: list[Scene], look: Look) -> Draw:
    """Return what draws the weights to units of the first layer, with the same scale and units.

    The units are those with the largest outgoing weights at the end; where the first layer is
    resized meanwhile, those with the same numbers.
    """
    firsts = [scene.network.layers[0].W for scene in scenes]
    rms = max(math.sqrt(float(np.square(W, dtype=np.float64).mean())) for W in firsts)
    limit = _SATURATION * rms or 1.0
    units = _strongest_units(scenes[-1].network)
    table = diverging_table(look.colors)

    def draw(scene: Scene) -> Image.Image:
        W = scene.network.layers[0].W
        tiles = W[:, units[units < W.shape[1]]]
        frame = _Frame(look, scene)
        frame.put(table[_mosaic(color_indices(tiles, limit), frame.area)])
        return frame.image

    return draw


def drawing_frames(image: NDArray[np.uint8], look: Look) -> Draw:
    """Return what draws the network's input `image`, (28, 28), beside the probabilities for it."""

    def draw(scene: Scene) -> Image.Image:
        frame = _Frame(look, scene)
        frame.put_drawing(image)
        frame.put_bars(scene.network.predict(image.reshape(1, -1))[0], scene.network.classes)
        return frame.image

    return draw


def _strongest_units(network: Network) -> NDArray[np.intp]:
    """Return the numbers of the units to show, ascending."""
    outgoing = network.layers[1].W if len(network.layers) > 1 else np.eye(network.sizes[-1])
    strength = np.abs(outgoing).sum(axis=1)
    return np.sort(np.argsort(-strength, kind="stable")[:MOST_UNITS])


def _mosaic(indices: NDArray[np.uint8], area: tuple[int, int]) -> NDArray[np.uint8]:
    """Lay units, (784, n), out in rows of tiles with gaps of index 0, to fit width and height."""
    width, height = area
    n = max(indices.shape[1], 1)
    across = min(
        range(1, n + 1), key=lambda columns: -min(width / columns, height / -(-n // columns))
    )
    down = -(-n // across)
    tile = SIDE + 1
    mosaic = np.zeros((down * tile - 1, across * tile - 1), np.uint8)
    for place, unit in enumerate(indices.T):
        top, left = tile * (place // across), tile * (place % across)
        mosaic[top : top + SIDE, left : left + SIDE] = unit.reshape(SIDE, SIDE)
    return mosaic


class _Frame:
    """A frame with its caption.

    `image` is what was drawn so far, `area` the width and height that are left for the rest.
    """

    def __init__(self, look: Look, scene: Scene) -> None:
        self._theme = look.colors
        self.image = Image.new("RGB", look.size, self._theme.surface)
        self._pen = ImageDraw.Draw(self.image)
        self._margin = look.width // 36
        self._line = look.width // 18
        size = round(self._line * 0.62)
        self._font = ImageFont.truetype(_FONT, size, layout_engine=ImageFont.Layout.BASIC)
        width, height = look.size
        self.area = width - 2 * self._margin, height - self._line - 3 * self._margin
        y = height - self._margin - self._line / 2
        self._write(self._margin, y, scene.when, self._theme.text, "lm")
        self._write(width - self._margin, y, scene.shape, self._theme.quiet, "rm")

    def put(self, pixels: NDArray[np.uint8]) -> None:
        """Put an RGB picture in the middle, as large as fits, each pixel a square."""
        width, height = self.area
        scale = min(width / pixels.shape[1], height / pixels.shape[0])
        scale = math.floor(scale) if scale >= 1 else scale
        size = round(scale * pixels.shape[1]), round(scale * pixels.shape[0])
        kind = Image.Resampling.NEAREST if scale >= 1 else Image.Resampling.BOX
        picture = Image.fromarray(pixels).resize(size, kind)
        left = self._margin + (width - size[0]) // 2
        self.image.paste(picture, (left, self._margin + (height - size[1]) // 2))

    def put_drawing(self, image: NDArray[np.uint8]) -> None:
        """Put the network's input on the left, ink in the color of text."""
        side = min(self.area[1], self.area[0] * 2 // 5) // SIDE * SIDE
        paper, ink = (rgb(color).astype(float) for color in (self._theme.raised, self._theme.text))
        share = image[..., np.newaxis] / 255
        pixels = np.rint(paper + (ink - paper) * share).astype(np.uint8)
        picture = Image.fromarray(pixels).resize((side, side), Image.Resampling.NEAREST)
        self.image.paste(picture, (self._margin, self._margin + (self.area[1] - side) // 2))

    def put_bars(self, probabilities: Floats, classes: Classes) -> None:
        """Draw a bar for each class on the right; the prediction has the accent color."""
        theme, row = self._theme, self.area[1] / len(classes)
        left = self._margin + self.area[0] * 2 / 5 + 2 * self._margin
        names = self._line * (1 if are_digits(classes) else _NAMES)
        start, end = left + names, self.image.width - self._margin - 2.2 * self._line
        best = int(np.argmax(probabilities))
        for place, probability in enumerate(probabilities.tolist()):
            top = self._margin + place * row
            middle, pad = top + row / 2, min(row / 5, self._line / 2)
            is_best = place == best
            color = theme.accent if is_best else theme.quiet
            name = self._elided(classes[place], names - self._line / 3)
            self._write(left, middle, name, theme.text if is_best else theme.quiet, "lm")
            self._pen.rectangle((start, top + pad, end, top + row - pad), fill=theme.raised)
            if (length := (end - start) * probability) >= 1:
                box = (start, top + pad, start + length, top + row - pad)
                self._pen.rectangle(box, fill=color)
            self._write(
                self.image.width - self._margin, middle, percent(probability, 0), color, "rm"
            )

    def _write(self, x: float, y: float, text: str, color: str, anchor: str) -> None:
        self._pen.text((x, y), text, fill=color, font=self._font, anchor=anchor)

    def _elided(self, text: str, width: float) -> str:
        """Return a text as it fits into this width in pixels."""
        shown = text
        while shown and self._font.getlength(shown if shown == text else f"{shown}…") > width:
            shown = shown[:-1]
        return shown if shown == text else f"{shown.rstrip()}…"
