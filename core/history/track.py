"""Measurements that go on for ever, in bounded memory: the newest one by one, buckets before."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import DTypeLike, NDArray

from core.history.spread import Spread

_FIRST_CAPACITY = 1024

BUCKETS = "_buckets"
"""After the name of a column: what its buckets keep."""


Kind = Literal["spread", "last", "sum"]


@dataclass(frozen=True)
class Column:
    """One of the things that are measured together.

    Attributes
    ----------
    kind
        What a bucket keeps of it: its least, mean and largest value ("spread"), that of the
        bucket's last measurement ("last"), or the sum ("sum"): by that one, means are weighed.
    """

    name: str
    dtype: DTypeLike
    kind: Kind

    def buckets(self, n: int) -> tuple[tuple[int, ...], np.dtype[Any]]:
        """Return shape and type of what `n` buckets keep."""
        shape = (3, n) if self.kind == "spread" else (n,)
        return shape, np.dtype(np.int64 if self.kind == "sum" else self.dtype)


class _Part:
    """A track's measurements.

    Reading is free of locks and copies: the length is raised only after all values are in place,
    and growing moves them to new arrays while readers keep the old ones.

    Attributes
    ----------
    begun
        How many measurements the buckets hold.
    buckets
        By column: (3, buckets) with the least, mean and largest values, or (buckets,).
    arrays
        Of each column, the values of the measurements that came after, and room for more.
    length
        How many those are.
    present
        How many of the columns are not left out.
    """

    def __init__(
        self,
        begun: int,
        buckets: Mapping[str, NDArray[Any]],
        newest: Sequence[NDArray[Any]],
        length: int,
        present: int,
    ) -> None:
        self.begun = begun
        self.buckets = buckets
        self.arrays = tuple(newest)
        self.length = length
        self.present = present

    def reserve(self, n: int) -> None:
        """See to it that the arrays have room for n measurements in all."""
        if n > len(self.arrays[0]):
            capacity = max(n, 2 * len(self.arrays[0]), _FIRST_CAPACITY)
            grown = tuple(np.empty(capacity, array.dtype) for array in self.arrays)
            for array, old in zip(grown, self.arrays, strict=True):
                array[: self.length] = old[: self.length]
            self.arrays = grown


class Series:
    """One column's values that are there one by one, as they are at each moment; read-only."""

    def __init__(self, part: _Part, place: int) -> None:
        self._part = part
        self._place = place

    def __len__(self) -> int:
        return self._part.length if self._place < self._part.present else 0

    @property
    def values(self) -> NDArray[Any]:
        """A view of the values so far; what is appended later is not in it."""
        # Order matters to a reader in another thread: length first, because arrays that have been
        # grown since then still begin with those values.
        length = len(self)
        view = self._part.arrays[self._place][:length]
        view.setflags(write=False)
        return view


class Track:
    """Measurements of one kind, written by one thread and read by any without locks.

    The newest `kept` to 2·`kept` are there one by one. All before them are in at most `kept` / 2
    buckets, whose edges are multiples of their width, a power of two that doubles as the track
    grows. Which ones those are depends on the number of measurements alone, so that two runs that
    measured the same hold the same, wherever they were saved and resumed.

    Parameters
    ----------
    columns
        What is measured, the first in any case; values of the last ones may be left out in all
        measurements alike.
    kept
        A power of two.
    """

    def __init__(self, columns: Sequence[Column], kept: int) -> None:
        self.columns = tuple(columns)
        self.kept = kept
        self.places = {column.name: place for place, column in enumerate(columns)}
        self._full = 2 * kept
        self.weight = next((column.name for column in columns if column.kind == "sum"), None)
        self._part = self._empty()

    def _empty(self) -> _Part:
        buckets = {column.name: np.empty(*column.buckets(0)) for column in self.columns}
        newest = [np.empty(0, column.dtype) for column in self.columns]
        return _Part(0, buckets, newest, 0, len(self.columns))

    @property
    def count(self) -> int:
        """How many measurements there are."""
        part = self._part
        return part.begun + part.length

    def newest(self, name: str) -> Series:
        """Return the values of a column that are there one by one."""
        return Series(self._part, self.places[name])

    @property
    def free(self) -> int:
        """How many measurements more make it full."""
        return self._full - self._part.length

    def append(self, *row: float) -> bool:
        """Add a measurement: a value for each column. Return whether :meth:`fold` is due."""
        part = self._part
        length = part.length
        if length == len(part.arrays[0]):
            part.reserve(length + 1)
        for array, value in zip(part.arrays, row, strict=False):
            array[length] = value
        if not length:
            part.present = len(row)
        part.length = length + 1
        return length + 1 == self._full

    def extend(self, *rows: NDArray[Any]) -> bool:
        """Add measurements, no more than are `free`, (n,) for each column; return likewise."""
        part = self._part
        end = part.length + len(rows[0])
        part.reserve(end)
        for array, values in zip(part.arrays, rows, strict=False):
            array[part.length : end] = values
        if not part.length:
            part.present = len(rows)
        part.length = end
        return end == self._full

    def fold(self) -> None:
        """Put the older half of the newest measurements into buckets."""
        items, part = self.items(), self._part
        begun = part.begun + self.kept
        old = slice(len(self._ends(part.begun)) + self.kept)
        counts = items.counts[old]
        starts = np.flatnonzero(np.diff((counts - 1) // self.width(begun), prepend=-1))
        ends = np.append(starts[1:], len(counts)) - 1
        buckets = {}
        for column in self.columns:
            name = column.name
            if name not in items.names:
                buckets[name] = part.buckets[name]
            elif column.kind == "spread":
                merged = items.spread(name)[old].merged(starts)
                means = merged.mean.astype(column.dtype)
                buckets[name] = np.stack((merged.low, means, merged.high))
            elif column.kind == "sum":
                buckets[name] = np.add.reduceat(items.last(name)[old], starts)
            else:
                buckets[name] = items.last(name)[old][ends]
        newest = [array[self.kept : self._full].copy() for array in part.arrays]
        self._part = _Part(begun, buckets, newest, self.kept, part.present)

    def width(self, begun: int) -> int:
        """Return how many measurements a bucket is for when so many are in buckets."""
        width = 1
        while begun > width * (self.kept // 2):
            width *= 2
        return width

    def _ends(self, begun: int) -> NDArray[np.int64]:
        """Return how many measurements there were at the end of each bucket."""
        width = self.width(begun)
        ends = np.arange(width, begun + width, width, dtype=np.int64)
        return np.minimum(ends, begun)

    def items(self) -> Items:
        """Return what is there now; what is added later is not in it."""
        part = self._part
        return Items(self, part, part.length)

    def restore(self, items: Items) -> None:
        """Become as it was when :meth:`items` was called. What readers hold keeps its values."""
        part, length = items.part, items.count - items.part.begun
        newest = [array[:length].copy() for array in part.arrays]
        self._part = _Part(part.begun, part.buckets, newest, length, part.present)

    def lengths(self, count: int) -> tuple[int, int]:
        """Return how many buckets, and how many after them, there are of `count` measurements."""
        begun = max(count // self.kept - 1, 0) * self.kept
        return -(-begun // self.width(begun)), count - begun

    def shapes(
        self, count: int, left_out: Collection[str] = ()
    ) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
        """Return shape and type of each of the :meth:`Items.arrays` of `count` measurements."""
        buckets, newest = self.lengths(count)
        shapes: dict[str, tuple[tuple[int, ...], np.dtype[Any]]] = {}
        for column in self.columns:
            is_there = column.name not in left_out
            shapes[column.name] = ((newest if is_there else 0,), np.dtype(column.dtype))
            if is_there and buckets:
                shapes[column.name + BUCKETS] = column.buckets(buckets)
        return shapes

    def fill(self, count: int, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Become a track whose `count` measurements are these :meth:`Items.arrays`."""
        length = self.lengths(count)[1]
        given = [arrays[column.name] for column in self.columns]
        present = sum(len(values) == length for values in given)
        # Copies, which nobody else writes to; a column that is left out has none to show.
        newest = [np.resize(values, length) for values in given]
        buckets = {
            column.name: arrays.get(column.name + BUCKETS, np.empty(*column.buckets(0)))
            for column in self.columns
        }
        self._part = _Part(count - length, buckets, newest, length, present)


class Items:
    """What a track held at a moment: buckets, then measurements one by one. Read-only.

    Attributes
    ----------
    count
        How many measurements that are.
    """

    def __init__(self, track: Track, part: _Part, length: int) -> None:
        self._track = track
        self.part = part
        self._length = length
        self.count = part.begun + length

    @property
    def names(self) -> Collection[str]:
        """The columns that are not left out."""
        return list(self._track.places)[: self.part.present]

    def newest(self, name: str) -> NDArray[Any]:
        """Return the values of a column that are there one by one."""
        return Series(self.part, self._track.places[name]).values[: self._length]

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the newest values by column, and buckets, if any, by column with `BUCKETS`."""
        arrays = {}
        for name in self._track.places:
            arrays[name] = self.newest(name)
            if self.part.begun and len(arrays[name]):
                arrays[name + BUCKETS] = self.part.buckets[name]
        return arrays

    def last(self, name: str) -> NDArray[Any]:
        """Return the values of a column at the end of each item, (items,)."""
        if not self.part.begun:
            return self.newest(name)
        return np.append(self.part.buckets[name], self.newest(name))

    def last_at(self, name: str, counts: NDArray[Any]) -> NDArray[Any]:
        """Return the values of a column where items end with these counts."""
        values: NDArray[Any] = self.last(name)[np.searchsorted(self.counts, counts)]
        return values

    @property
    def counts(self) -> NDArray[np.int64]:
        """How many measurements there were at the end of each item, (items,)."""
        newest = np.arange(self.part.begun, self.count, dtype=np.int64) + 1
        return np.append(self._track._ends(self.part.begun), newest)

    def spread(self, name: str) -> Spread:
        """Return the values of a column; none where it was left out."""
        newest = self.newest(name)
        if self.count and not len(newest):
            return Items(self._track, self._track._empty(), 0).spread(name)
        low = mean = high = newest
        if self.part.begun:
            low, mean, high = np.concatenate((self.part.buckets[name], [newest] * 3), axis=1)
        counts = self.counts
        before = np.append(0, counts[:-1]) if len(counts) else counts
        weight = self._track.weight
        weights = counts - before if weight is None else self.last(weight)
        return Spread(before, counts, weights, low, mean, high)
