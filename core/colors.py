"""Colors, in the window and in films, and numbers as colors. The only module that names a color."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Theme:
    """Color tokens, as #rrggbb. Series colors are from Okabe and Ito's color-blind-safe set.

    Attributes
    ----------
    window, surface, raised, accent_surface, warning_surface
        What things lie on. Text on them has a contrast of at least 4.5:1.
    text, quiet, fault
        Text; `fault` is for what is wrong.
    hairline
        Separates, and says nothing.
    control
        Tracks, frames and all else that one needs to see: at least 3:1, as are the curves.
    batch_band
        A quarter of `train` on the surface: the area of the batches, under the lines.
    overlays
        For the curves of earlier runs, in the order in which they are used: hues of that set, made
        lighter or darker so that they can be told from each other and from the present run's.
    """

    name: str
    window: str
    surface: str
    raised: str
    text: str
    quiet: str
    fault: str
    hairline: str
    control: str
    accent: str
    on_accent: str
    accent_surface: str
    train: str
    train_faint: str
    batch_band: str
    test: str
    validation: str
    warning: str
    warning_surface: str
    negative: str
    positive: str
    overlays: tuple[str, ...]


LIGHT = Theme(
    name="light",
    window="#FAFAF8",
    surface="#FFFFFF",
    raised="#EDEFF1",
    text="#1F2328",
    quiet="#5F6670",
    fault="#B84F00",
    hairline="#E3E5E8",
    control="#7A818B",
    accent="#0072B2",
    on_accent="#FFFFFF",
    accent_surface="#D3E6F1",
    train="#0072B2",
    train_faint="#4F94C0",
    batch_band="#BFDCEC",
    test="#D55E00",
    validation="#009E73",
    warning="#B37A00",
    warning_surface="#FFF4DC",
    negative="#0072B2",
    positive="#D55E00",
    overlays=(
        "#A15380",
        "#006648",
        "#986600",
        "#5A2544",
        "#5697BE",
        "#8B3900",
        "#003E69",
        "#155C7F",
    ),
)

DARK = Theme(
    name="dark",
    window="#15181C",
    surface="#1C2025",
    raised="#272D35",
    text="#E6E8EB",
    quiet="#9AA3AD",
    fault="#F08A3C",
    hairline="#2C323A",
    control="#7A8490",
    accent="#56B4E9",
    on_accent="#0E1216",
    accent_surface="#22394A",
    train="#56B4E9",
    train_faint="#447FA0",
    batch_band="#2A4556",
    test="#E9893F",
    validation="#2FC79A",
    warning="#E69F00",
    warning_surface="#33290F",
    negative="#56B4E9",
    positive="#F08A3C",
    overlays=(
        "#F59ECD",
        "#DFD327",
        "#81F9C9",
        "#C2709E",
        "#9B931E",
        "#2887C8",
        "#AC5625",
        "#717171",
    ),
)


def rgb(color: str) -> NDArray[np.uint8]:
    """Return the red, green and blue of a token, (3,)."""
    return np.frombuffer(bytes.fromhex(color.removeprefix("#")), np.uint8)


def diverging_table(theme: Theme) -> NDArray[np.uint8]:
    """Return 256 RGB colors, (256, 3): negative at 1, the surface color at 128, positive at 255.

    Because zero has the surface's color, weights that do nothing disappear. Index 0 is for what is
    no weight: the gaps between tiles.
    """
    negative, middle, positive = (
        rgb(color).astype(float) for color in (theme.negative, theme.surface, theme.positive)
    )
    value = np.linspace(-1, 1, 255)[:, np.newaxis]
    end = np.where(value < 0, negative, positive)
    table = np.empty((256, 3), np.uint8)
    table[1:] = np.rint(middle + (end - middle) * np.abs(value)).astype(np.uint8)
    table[0] = rgb(theme.window)
    return table


def color_indices(values: NDArray[np.floating], limit: float) -> NDArray[np.uint8]:
    """Map -limit…limit to 1…255; what lies beyond has the end's color, and NaN is 0."""
    with np.errstate(over="ignore", invalid="ignore"):
        scaled = values * np.float32(127 / limit)
        scaled += np.float32(128.5)
    np.clip(scaled, 1, 255, out=scaled)
    scaled[np.isnan(scaled)] = 0  # no value
    return scaled.astype(np.uint8)
