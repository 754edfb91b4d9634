"""Measurements of one kind at a moment: the newest one by one, those before in buckets."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import DTypeLike, NDArray

from core.history.spread import Spread

BUCKETS = "_buckets"
"""After the name of a column: what its buckets keep."""

Shapes = dict[str, tuple[tuple[int, ...], np.dtype[Any]]]
"""Shape and type of arrays, by name."""


@dataclass(frozen=True)
class Column:
    """One of the things that are measured together.

    Attributes
    ----------
    kind
        What a bucket keeps of it: its least, mean and largest value ("spread"), that of the
        bucket's last measurement ("last"), or the sum ("sum"), by which means are weighted.
    """

    name: str
    dtype: DTypeLike
    kind: Literal["spread", "last", "sum"]

    def buckets(self, n: int) -> tuple[tuple[int, ...], np.dtype[Any]]:
        """Return shape and type of what `n` buckets keep."""
        shape = (3, n) if self.kind == "spread" else (n,)
        return shape, np.dtype(np.int64 if self.kind == "sum" else self.dtype)


@dataclass(frozen=True)
class Layout:
    """What is measured, and which measurements are in buckets.

    The newest `kept` to 2·`kept` measurements are there one by one. All before them are in at most
    `kept` / 2 buckets, whose edges are multiples of their width, a power of two that doubles as the
    run grows. This depends on the number of measurements alone, so that two runs that measured the
    same hold the same, wherever they were saved and resumed.

    Attributes
    ----------
    columns
        What is measured, the first in any case; values of the last ones may be left out in all
        measurements alike.
    kept
        A power of two.
    """

    columns: tuple[Column, ...]
    kept: int

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each column, by its name."""
        return {column.name: place for place, column in enumerate(self.columns)}

    @cached_property
    def weight(self) -> str | None:
        """The name of the column by which means are weighted."""
        return next((column.name for column in self.columns if column.kind == "sum"), None)

    def width(self, begun: int) -> int:
        """Return how many measurements a bucket is for when `begun` are in buckets."""
        width = 1
        while begun > width * (self.kept // 2):
            width *= 2
        return width

    def ends(self, begun: int) -> NDArray[np.int64]:
        """Return how many measurements there were at the end of each bucket."""
        width = self.width(begun)
        ends = np.arange(width, begun + width, width, dtype=np.int64)
        return np.minimum(ends, begun)

    def lengths(self, count: int) -> tuple[int, int]:
        """Return how many buckets, and how many after them, there are of `count` measurements."""
        begun = max(count // self.kept - 1, 0) * self.kept
        return -(-begun // self.width(begun)), count - begun

    def shapes(self, count: int, left_out: Collection[str] = ()) -> Shapes:
        """Return shape and type of each of the :meth:`Measurements.arrays`."""
        buckets, newest = self.lengths(count)
        shapes: Shapes = {}
        for column in self.columns:
            is_there = column.name not in left_out
            shapes[column.name] = ((newest if is_there else 0,), np.dtype(column.dtype))
            if is_there and buckets:
                shapes[column.name + BUCKETS] = column.buckets(buckets)
        return shapes

    def measurements(self, count: int, arrays: Mapping[str, NDArray[Any]]) -> Measurements:
        """Return the `count` measurements whose :meth:`Measurements.arrays` these are."""
        length = self.lengths(count)[1]
        newest = tuple(arrays[column.name] for column in self.columns)
        present = sum(len(values) == length for values in newest)
        buckets = {
            column.name: arrays.get(column.name + BUCKETS, np.empty(*column.buckets(0)))
            for column in self.columns
        }
        return Measurements(self, count - length, buckets, newest, length, present)

    def nothing(self) -> Measurements:
        """Return no measurements."""
        shapes = self.shapes(0)
        return self.measurements(0, {name: np.empty(*each) for name, each in shapes.items()})


@dataclass(frozen=True, eq=False)
class Measurements:
    """What was measured up to a moment. Nothing in it changes, whatever is measured later.

    Attributes
    ----------
    begun
        How many measurements the buckets hold.
    buckets
        By column: (3, buckets) with the least, mean and largest values, or (buckets,).
    columns
        Of each column, the `length` values of the measurements after those, and perhaps more.
    present
        How many of the columns are not left out.
    """

    layout: Layout
    begun: int
    buckets: Mapping[str, NDArray[Any]]
    columns: tuple[NDArray[Any], ...]
    length: int
    present: int

    @property
    def count(self) -> int:
        """How many measurements there are."""
        return self.begun + self.length

    @property
    def names(self) -> Collection[str]:
        """The columns that are not left out."""
        return list(self.layout.places)[: self.present]

    def newest(self, name: str) -> NDArray[Any]:
        """Return the values of a column that are there one by one, (length,), read-only."""
        place = self.layout.places[name]
        view = self.columns[place][: self.length if place < self.present else 0]
        view.setflags(write=False)
        return view

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the newest values by column, and buckets, if any, by column with `BUCKETS`."""
        arrays = {}
        for name in self.layout.places:
            arrays[name] = self.newest(name)
            if self.begun and len(arrays[name]):
                arrays[name + BUCKETS] = self.buckets[name]
        return arrays

    def last(self, name: str) -> NDArray[Any]:
        """Return the values of a column at the end of each item, (items,).

        An item is a bucket or, after those, a measurement.
        """
        if not self.begun:
            return self.newest(name)
        return np.append(self.buckets[name], self.newest(name))

    def last_at(self, name: str, counts: NDArray[Any]) -> NDArray[Any]:
        """Return the values of a column where items end with these counts."""
        values: NDArray[Any] = self.last(name)[np.searchsorted(self.counts, counts)]
        return values

    @property
    def counts(self) -> NDArray[np.int64]:
        """How many measurements there were at the end of each item, (items,)."""
        newest = np.arange(self.begun, self.count, dtype=np.int64) + 1
        return np.append(self.layout.ends(self.begun), newest)

    def spread(self, name: str) -> Spread:
        """Return the values of a column; none where it was left out."""
        newest = self.newest(name)
        if self.count and not len(newest):
            return self.layout.nothing().spread(name)
        low = mean = high = newest
        if self.begun:
            low, mean, high = np.concatenate((self.buckets[name], [newest] * 3), axis=1)
        counts = self.counts
        before = np.append(0, counts[:-1]) if len(counts) else counts
        weight = self.layout.weight
        weights = counts - before if weight is None else self.last(weight)
        return Spread(before, counts, weights, low, mean, high)
