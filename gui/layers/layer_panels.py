"""The small plots of the layers: a line or a fan over time, with a number above it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyqtgraph.functions import arrayToQPolygonF
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from core.colors import Theme, rgb
from core.network.activations import ACTIVATIONS
from core.training.layer_statistics import QUANTILES
from core.wording import numeral, percent
from gui.layers.layer_series import LayerSeries, log_range, round_range

UPDATE_RULE = 1e-3
"""A step of about a thousandth of the weights' size is usual in a network that learns well."""

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_MEDIAN = len(QUANTILES) // 2
_OPACITIES = 0.22, 0.5
"""Of the outer and of the inner part of a fan."""

# Looked up once: Python's enumerations take longer than what is drawn with them.
_DASHES, _NO_PEN = Qt.PenStyle.DashLine, Qt.PenStyle.NoPen
_NO_BRUSH, _SMOOTH = Qt.BrushStyle.NoBrush, QPainter.RenderHint.Antialiasing


@dataclass(frozen=True)
class Panel:
    """What one column shows of every layer.

    Attributes
    ----------
    metric
        A field of :data:`core.training.layer_statistics.LAYER_METRICS`; "stuck" means
        dead or saturated, whichever can happen to the layer's units.
    kind
        "log": a line on a scale of decades that all layers share, so that they can be compared;
        "share": a line from 0 to 1; "fan": the quantiles, on a scale of the layer's own.
    """

    metric: str
    title: str
    kind: str
    tool_tip: str


PANELS = (
    Panel("gradient_norm", "Gradient norm", "log", "‖dW‖, one scale for all layers"),
    Panel("update_ratio", "Update / weight", "log", "‖ΔW‖ / ‖W‖; dashed: the usual 0.001"),
    Panel("stuck", "Stuck", "share", "Units that pass no gradient: dead or saturated"),
    Panel("weights", "Weights", "fan", "W: median, 25–75 % and 5–95 %"),
    Panel("activations", "Activations", "fan", "A: median, 25–75 % and 5–95 %"),
    Panel("gradients", "Gradients", "fan", "dW: median, 25–75 % and 5–95 %"),
)


def stuck_field(series: LayerSeries) -> str | None:
    """Return how units of a layer can be stuck: "dead", "saturated", or None for not at all."""
    if series.activation is None:
        return None
    f = ACTIVATIONS[series.activation]
    if f.can_die:
        return "dead"
    return "saturated" if f.mean_slope is not None else None


def _field(panel: Panel, series: LayerSeries) -> str | None:
    return stuck_field(series) if panel.metric == "stuck" else panel.metric


def has_data(panel: Panel, series: LayerSeries) -> bool:
    """Say whether a panel draws anything of a layer."""
    return _field(panel, series) is not None


def values_of(panel: Panel, series: LayerSeries) -> NDArray[np.float64] | None:
    """Return what a panel draws: (n,), or (n, 5) for a fan; None where there is nothing."""
    field = _field(panel, series)
    return None if field is None else series.metrics[field].astype(np.float64)


def caption(panel: Panel, series: LayerSeries) -> str:
    """Return the number above a panel: what was measured last."""
    field = _field(panel, series)
    if field is None:
        return "–"
    value = series.metrics[field][-1]
    if panel.kind == "share":
        return f"{percent(float(value), 0)} {field}"
    if panel.kind == "fan":
        return span(float(value[0]), float(value[-1]))
    return number(float(value))


def explanation(panel: Panel, series: LayerSeries, index: int) -> str:
    """Return the exact values of a panel at one of the series' steps, line by line."""
    lines = [f"{series.name} · {panel.title.lower()} · step {numeral(int(series.steps[index]))}"]
    values = values_of(panel, series)
    if values is None:
        lines.append("Units of this layer can be neither dead nor saturated")
    elif panel.kind == "fan":
        shares = reversed([*zip(QUANTILES, values[index], strict=True)])
        lines += [f"{percent(share, 0)}: {numeral(value, '+.4g')}" for share, value in shares]
    elif panel.kind == "share":
        units = int(series.metrics["units"][index])
        stuck = round(values[index] * units)
        lines.append(f"{numeral(stuck)} of {numeral(units)} units {stuck_field(series)}")
    else:
        lines.append(numeral(values[index], ".4g"))
    return "\n".join(lines)


def number(value: float) -> str:
    """Return a number of two or three significant figures in a few characters."""
    if not math.isfinite(value):
        return "∞" if value > 0 else "–"
    if value == 0:
        return "0"
    if 1e-3 <= abs(value) < 1e4:
        return numeral(value, ".2g") if abs(value) < 10 else numeral(value, ",.0f")
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{numeral(float(mantissa), 'g')}e{numeral(int(exponent), 'd')}"


def span(low: float, high: float) -> str:
    """Return "low … high", to two figures of the larger, with one exponent for both."""
    largest = max(abs(low), abs(high))
    if not math.isfinite(largest) or largest == 0:
        return f"{number(low)} … {number(high)}"
    exponent = math.floor(math.log10(largest))
    shown = exponent if not -2 <= exponent <= 3 else 0
    digits = max(1 - exponent + shown, 0)
    ends = (round(end / 10.0**shown, digits) for end in (low, high))
    text = " … ".join(numeral(end, f".{digits}f") if end else "0" for end in ends)
    return text + (f" e{numeral(shown, 'd')}" if shown else "")


@dataclass(frozen=True)
class Scale:
    """The y axis of a panel: its ends, in powers of ten where `is_log`, and lines across."""

    low: float
    high: float
    is_log: bool = False
    is_share: bool = False
    lines: tuple[float, ...] = ()

    def labels(self) -> tuple[str, str]:
        """Return what to write beside the lower and the upper end."""
        if self.is_log:
            low, high = (
                "10" + str(int(end)).translate(_SUPERSCRIPTS) for end in (self.low, self.high)
            )
            return low, high
        return number(self.low), "100 %" if self.is_share else number(self.high)


def scales(panel: Panel, layers: tuple[LayerSeries, ...]) -> tuple[Scale, ...]:
    """Return the y axis of a panel for each layer."""
    if panel.kind == "share":
        return (Scale(0.0, 1.0, is_share=True),) * len(layers)
    if panel.kind == "log":
        is_ratio = panel.metric == "update_ratio"
        decades = log_range(
            [series.metrics[panel.metric] for series in layers],
            (UPDATE_RULE / 10, UPDATE_RULE * 10) * is_ratio,
        )
        rule = (math.log10(UPDATE_RULE),) * is_ratio
        return (Scale(decades[0], decades[-1], is_log=True, lines=rule),) * len(layers)
    return tuple(
        Scale(*round_range(series.metrics[panel.metric]), lines=(0.0,)) for series in layers
    )


class PanelPainter:
    """Draws panels in the colors of a theme.

    Parameters
    ----------
    right
        The step at the right edge of every panel.
    """

    def __init__(self, painter: QPainter, theme: Theme, right: float) -> None:
        self._painter = painter
        self._theme = theme
        self._right = max(right, 1.0)
        self._fan_colors = _fan_colors(theme)

    def paint(self, panel: Panel, series: LayerSeries, scale: Scale, place: QRect) -> None:
        """Draw a panel's frame, lines and data at a place; nothing where there is no data."""
        values = values_of(panel, series)
        if values is None:
            return
        painter, theme = self._painter, self._theme
        painter.fillRect(place, QColor(theme.surface))
        painter.setPen(QColor(theme.hairline))
        painter.setBrush(_NO_BRUSH)
        painter.drawRect(place.adjusted(0, 0, -1, -1))
        inside = place.adjusted(1, 1, -1, -1)
        if scale.is_log:
            with np.errstate(divide="ignore", invalid="ignore"):
                values = np.log10(values)
        across = series.steps * (inside.width() / self._right)
        down = _down(values, scale, inside.height())
        if panel.kind == "fan":
            self._fan(across, down, inside)
            down = down[:, _MEDIAN]
        pen = QPen(QColor(theme.quiet), 1, _DASHES) if scale.is_log else QColor(theme.control)
        painter.setPen(pen)
        for value in scale.lines:
            y = inside.top() + round(_down(np.array(value), scale, inside.height()).item())
            painter.drawLine(inside.left(), y, inside.right(), y)
        self._line(across, down, theme.test if scale.is_share else theme.train, inside)

    def _fan(self, across: NDArray[np.float64], down: NDArray[np.float64], inside: QRect) -> None:
        """Fill a panel with what is between the outer and between the inner quantiles.

        As an image, because Qt's polygons take ten times as long.
        """
        height = inside.height()
        columns, rows = np.arange(inside.width()) + 0.5, np.arange(height, dtype=np.int16)
        y = rows[:, np.newaxis]
        bottom, low, high, top = (
            np.rint(np.interp(columns, across, down[:, edge], left=height)).astype(np.int16)
            for edge in (0, 1, -2, -1)
        )
        depth = ((top <= y) & (y < bottom)).view(np.uint8)
        depth += (high <= y) & (y < low)
        pixels = self._fan_colors.take(depth)
        image = QImage(pixels.data, len(columns), height, QImage.Format.Format_RGB32)
        self._painter.drawImage(inside.topLeft(), image)

    def _line(
        self,
        across: NDArray[np.float64],
        down: NDArray[np.float64],
        token: str,
        inside: QRect,
    ) -> None:
        x, y = across + inside.left(), down + inside.top()
        painter, color = self._painter, QColor(token)
        painter.setRenderHint(_SMOOTH)
        painter.setPen(color)
        painter.drawPolyline(arrayToQPolygonF(x, y))
        painter.setPen(_NO_PEN)
        painter.setBrush(color)
        painter.drawEllipse(QPointF(x[-1], y[-1]), 2, 2)
        painter.setRenderHint(_SMOOTH, False)


def _down(values: NDArray[np.float64], scale: Scale, height: int) -> NDArray[np.float64]:
    """Return how far below the top of a panel of that height values are, within its edges.

    What is zero, or no number, on a scale of decades is at the bottom, and infinity at the top.
    """
    share = (scale.high - values) / (scale.high - scale.low)
    # fmin and fmax take the number where the other is none.
    down: NDArray[np.float64] = np.fmax(np.fmin(share, 1), 0) * height
    return down


def _fan_colors(theme: Theme) -> NDArray[np.uint32]:
    """Return what is beside a fan, in its outer and in its inner part, as 0xRRGGBB."""
    surface, train = (rgb(token).astype(np.float64) for token in (theme.surface, theme.train))
    mixed = [surface + opacity * (train - surface) for opacity in (0, *_OPACITIES)]
    channels = np.rint(mixed).astype(np.uint32)
    return channels @ np.array([1 << 16, 1 << 8, 1], np.uint32)
