"""From weights to colors: which weight has the end's color."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.arrays import Floats
from core.colors import color_indices
from core.wording import numeral

ScaleKind = Literal["layer", "unit", "fixed"]

_SATURATION = 3.0
"""The color scale ends at this many times the weights' root mean square: a few outliers saturate,
and the many small weights stay visible."""


class WeightScale:
    """A symmetric scale: one of the layer's, rounded up, one a unit, or one that is fixed.

    Attributes
    ----------
    kind
        Which of them. A fixed scale ends at `limit`, whatever the weights.
    limit
        The weight that has the end's color; 0 before the first weights were seen. With a scale for
        each unit it is the layer's, for other pictures of the same weights.
    """

    def __init__(self) -> None:
        self.kind: ScaleKind = "layer"
        self.limit = 0.0
        self._is_stale = True

    def forget(self) -> None:
        """Fit the next weights anew, unless it is fixed; until then the present ones keep it."""
        self._is_stale = True

    def follow(self, W: Floats) -> None:
        """Fit the layer's scale to its weights W, (784, units); a fixed one stays."""
        if self.kind == "fixed" and self.limit:
            return
        with np.errstate(over="ignore", invalid="ignore"):
            # Whatever the order in memory: np.vdot would copy the weights, column by column.
            rms = math.sqrt(float(np.einsum("ij,ij->", W, W)) / max(W.size, 1))
        limit = 0.0 if self._is_stale else self.limit
        # NaN when training has just diverged, zero when the weights begin so: the last scale stays.
        if math.isfinite(rms) and rms > 0:
            limit = steady_limit(_SATURATION * rms, limit)
        self.limit = limit or 1.0
        self._is_stale = False

    def indices(self, W: Floats) -> NDArray[np.uint8]:
        """Return indices of colors (gui/widgets/diverging.py) for W, (784, units) or (784,)."""
        if self.kind != "unit":
            return color_indices(W, self.limit)
        with np.errstate(over="ignore", invalid="ignore"):
            limits = _SATURATION * np.sqrt(np.einsum("i...,i...->...", W, W) / len(W))
        limits = np.where(np.isfinite(limits) & (limits > 0), limits, self.limit)
        with np.errstate(over="ignore", invalid="ignore"):
            return color_indices(W / limits.astype(W.dtype), 1.0)

    def words(self) -> tuple[str, str, str]:
        """Return what the upper end, the middle and the lower end stand for."""
        if self.kind == "unit":
            return f"+{numeral(_SATURATION, 'g')} rms", "0", f"−{numeral(_SATURATION, 'g')} rms"
        end = numeral(self.limit, ".3g")
        return f"+{end}", "0", f"−{end}"


def steady_limit(wanted: float, present: float) -> float:
    """Return a round end for the color scale, which changes only when it no longer fits."""
    if present and present / 2 < wanted <= present:
        return present
    wanted = max(wanted, 1e-6)
    power = 10.0 ** math.floor(math.log10(wanted))
    return next(power * step for step in (1, 1.5, 2, 3, 5, 7, 10) if wanted <= power * step)
