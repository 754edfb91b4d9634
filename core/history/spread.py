"""A long series of numbers, thinned out and smoothed for drawing without hiding a spike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

SMOOTHED_IMAGES = 4_000
"""A smoothed value is the mean over this many images."""

SMOOTHED_SHARE = 1 / 8
"""At the start it is the mean over this part of the images so far: while a loss falls fast, a mean
over all of them would lie above every batch of that time."""

_Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Spread:
    """Values in items, each of one measurement or more; all arrays are (items,).

    Attributes
    ----------
    before, count
        How many measurements were made before the item, and until its end; int64, ascending.
    weight
        What it counts for in means: of training steps, how many images they had.
    low, mean, high
        Of its values.
    """

    before: NDArray[np.int64]
    count: NDArray[np.int64]
    weight: NDArray[Any]
    low: NDArray[Any]
    mean: NDArray[Any]
    high: NDArray[Any]

    def __len__(self) -> int:
        return len(self.count)

    @property
    def x(self) -> _Array:
        """The middle of each item: the number of a measurement, from 1 on, or one and a half."""
        x: _Array = (self.before + self.count + 1) / 2
        return x

    def __getitem__(self, items: slice | NDArray[Any]) -> Spread:
        return Spread(*(values[items] for values in vars(self).values()))

    @property
    def is_thinned(self) -> bool:
        """Whether an item is of more than one measurement."""
        return len(self) > 0 and bool((self.count - self.before).max() > 1)

    def around(self, begin: int, end: int) -> tuple[int, int]:
        """Return where the items begin and end that hold [begin, end), and one on either side."""
        if not len(self):
            return 0, 0
        first = int(np.searchsorted(self.count, begin, side="right")) - 1
        last = int(np.searchsorted(self.before, end))
        return int(self.before[max(first, 0)]), int(self.count[min(last, len(self) - 1)])

    def thin(self, begin: int, end: int, most: int) -> Spread:
        """Return the measurements [begin, end), counted from 0, in at most about `most` items.

        They are of equal width, a power of two, but where the items are wider already. Their edges
        are fixed, so a drawn point stays as it is while the series grows; thinning out by strides
        or by the newest window would make the curve wiggle. What does not yet fill an item at the
        end is a smaller one of its own, so that the newest value is always there.
        """
        total = int(self.count[-1]) if len(self) else 0
        begin, end = max(begin, 0), min(end, total)
        width = 1
        while (end - begin) // width > most:
            width *= 2
        first = begin // width * width
        inside = self[
            int(np.searchsorted(self.count, first, side="right")) : int(
                np.searchsorted(self.before, end)
            )
        ]
        if width == 1 or not len(inside):
            return inside
        edges = np.arange(first, end, width)
        starts = np.unique(np.searchsorted(inside.count, edges, side="right"))
        starts = starts[starts < len(inside)]
        return inside.merged(starts)

    def merged(self, starts: NDArray[np.intp]) -> Spread:
        """Return one item for those from each of `starts`, the first of which is 0, to the next."""
        if len(starts) == len(self):
            return self
        ends = np.append(starts[1:], len(self)) - 1
        weight = np.add.reduceat(self.weight, starts, dtype=np.float64)
        mean = np.add.reduceat(self.weight * self.mean.astype(np.float64), starts) / weight
        return Spread(
            self.before[starts],
            self.count[ends],
            weight,
            np.minimum.reduceat(self.low, starts),
            mean,
            np.maximum.reduceat(self.high, starts),
        )

    def smoothed(self, drawn: Spread) -> _Array:
        """Return the mean of the last images at the end of each item that is drawn, (drawn,).

        It goes over `SMOOTHED_IMAGES`, whatever the batch size was, but over no less than the item;
        at the start of the run over less. A batch that is only partly among those images counts
        with that part. No value depends on what came later.

        Parameters
        ----------
        drawn
            Items of these measurements, weighed by images like these.
        """
        if not len(self):
            return np.empty(0)
        weights = self.weight.astype(np.float64)
        counts = np.append(self.before[0], self.count)
        images = np.append(0.0, np.cumsum(weights))
        sums = np.append(0.0, np.cumsum(weights * self.mean))
        end = np.interp(drawn.count, counts, images)
        window = np.minimum(SMOOTHED_IMAGES, end * SMOOTHED_SHARE)
        begin = np.minimum(end - window, np.interp(drawn.before, counts, images))
        total = np.interp(end, images, sums) - np.interp(begin, images, sums)
        smooth: _Array = total / (end - begin)
        return smooth
