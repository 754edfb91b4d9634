"""Measurements without end, in bounded memory: the newest one by one, buckets before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.history.measurements import Layout, Measurements

_FIRST_CAPACITY = 1024


class Track:
    """Appends measurements, and puts old ones into buckets. Not thread-safe; its `now` is.

    Parameters
    ----------
    layout
        What is measured, and how many measurements are kept one by one.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._full = 2 * layout.kept
        self._begun = self._length = self._present = 0
        self._buckets: Mapping[str, NDArray[Any]] = {}
        self._columns: tuple[NDArray[Any], ...] = ()
        self.restore(layout.nothing())

    @property
    def now(self) -> Measurements:
        """What there is at this moment, without copying it."""
        return Measurements(
            self.layout, self._begun, self._buckets, self._columns, self._length, self._present
        )

    @property
    def count(self) -> int:
        """How many measurements there are."""
        return self._begun + self._length

    @property
    def free(self) -> int:
        """How many measurements more make it full."""
        return self._full - self._length

    def append(self, *row: float) -> bool:
        """Add a measurement: a value for each column. Return whether :meth:`fold` is due."""
        length = self._length
        if length == len(self._columns[0]):
            self._reserve(length + 1)
        for array, value in zip(self._columns, row, strict=False):
            array[length] = value
        if not length:
            self._present = len(row)
        self._length = length + 1
        return length + 1 == self._full

    def extend(self, *rows: NDArray[Any]) -> bool:
        """Add measurements, no more than are `free`, (n,) for each column; return likewise."""
        begin, end = self._length, self._length + len(rows[0])
        self._reserve(end)
        for array, values in zip(self._columns, rows, strict=False):
            array[begin:end] = values
        if not begin:
            self._present = len(rows)
        self._length = end
        return end == self._full

    def fold(self) -> None:
        """Put the older half of the newest measurements into buckets."""
        now, layout = self.now, self.layout
        begun = now.begun + layout.kept
        old = slice(len(layout.ends(now.begun)) + layout.kept)
        counts = now.counts[old]
        starts = np.flatnonzero(np.diff((counts - 1) // layout.width(begun), prepend=-1))
        ends = np.append(starts[1:], len(counts)) - 1
        buckets = {}
        for column in layout.columns:
            name = column.name
            if name not in now.names:
                buckets[name] = now.buckets[name]
            elif column.kind == "spread":
                merged = now.spread(name)[old].merged(starts)
                means = merged.mean.astype(column.dtype)
                buckets[name] = np.stack((merged.low, means, merged.high))
            elif column.kind == "sum":
                buckets[name] = np.add.reduceat(now.last(name)[old], starts)
            else:
                buckets[name] = now.last(name)[old][ends]
        self._begun, self._buckets, self._length = begun, buckets, layout.kept
        self._columns = tuple(array[layout.kept : self._full].copy() for array in self._columns)

    def restore(self, earlier: Measurements) -> None:
        """Go back to these measurements; they are copied, as others may still read them."""
        self._begun, self._buckets, self._length = earlier.begun, earlier.buckets, earlier.length
        self._present = earlier.present
        # A column that is left out has a place, but no values.
        self._columns = tuple(
            np.resize(array[: self._length], self._length) for array in earlier.columns
        )

    def _reserve(self, n: int) -> None:
        """Allocate n measurements in all. Arrays that others read stay unchanged."""
        if n > len(self._columns[0]):
            capacity = max(n, 2 * len(self._columns[0]), _FIRST_CAPACITY)
            grown = tuple(np.empty(capacity, array.dtype) for array in self._columns)
            for array, old in zip(grown, self._columns, strict=True):
                array[: self._length] = old[: self._length]
            self._columns = grown
