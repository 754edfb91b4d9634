"""The film of a run: its network at moments that lie closer together the earlier they were."""

from __future__ import annotations

from bisect import bisect, bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.network.network import Network
from core.settings.config import NetworkConfig
from core.training.half_floats import half_floats

MOST_MOMENTS = 98
"""With the newest network and the best, which a run holds in full precision, there are 100."""

MOST_BYTES = 64 * 2**20
"""What the weights of all moments may take together."""

_SHARE_WITHOUT_GAP, _MOST_WITHOUT_GAP = 1 / 6, 8
"""As many steps at the start as this share of the moments that fit in full precision are all kept;
from then on, a moment's distance to the next grows with its step, so that each part of an axis of
log(step) has as many. So large networks have fewer moments, and hundreds of steps are made before
the first has to be rounded, which takes 15 times as long as to copy it. More would cost small
networks above 1 % of their first epoch."""


@dataclass(frozen=True, eq=False)
class FilmMoment:
    """A run's network after some step. Nobody writes to its array.

    Attributes
    ----------
    step, changes
        Steps that were made, and the length of the log of live changes then: they tell moments of
        one run apart.
    epochs
        Epochs that were made, including the share of the last one.
    seconds
        How long the steps took, tests and pauses excluded.
    network
        The network's shape.
    parameters
        (P,): its weights and biases as in :class:`core.network.network.Network`. In a film they
        are float32, and once memory is short or the film was in a file, float16: rounded to 11
        binary digits, which is three decimal ones; beyond 65,504 to that number.
    is_pinned
        Whether it is one side of a live change: others go first when there are too many.
    """

    step: int
    changes: int
    epochs: float
    seconds: float
    network: NetworkConfig
    parameters: NDArray[np.floating]
    is_pinned: bool

    @property
    def place(self) -> tuple[int, int]:
        """By which moments of one run are ordered."""
        return self.step, self.changes

    @property
    def is_rounded(self) -> bool:
        """Whether its weights and biases are."""
        return self.parameters.dtype == np.float16

    def make_network(self) -> Network:
        """Return the network of this moment, float32 and read-only."""
        network = Network.from_config(self.network)
        network.parameters[:] = self.parameters
        network.freeze()
        return network


def rounded(parameters: NDArray[np.floating]) -> NDArray[np.float16]:
    """Return weights and biases as files hold them, and films once memory is short."""
    half = half_floats(parameters)
    half.flags.writeable = False
    return half


class Film:
    """Keeps moments of one run while it trains, in bounded memory.

    Parameters
    ----------
    moments
        Those that were kept so far, in order.
    most, most_bytes
        How many there may be, and how much memory they may take.

    Attributes
    ----------
    moments
        All that are kept, in order; a new tuple each time, so any thread may keep and read it.
    """

    def __init__(
        self,
        moments: tuple[FilmMoment, ...] = (),
        most: int = MOST_MOMENTS,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self.moments = moments
        self._most = most
        self._most_bytes = most_bytes
        self._next_step = 0
        self._without_gap = 1
        if moments:
            self._plan_after(moments[-1])

    def is_due(self, step: int) -> bool:
        """Return whether the network after `step` steps should be added."""
        return step >= self._next_step

    def add(self, moment: FilmMoment) -> None:
        """Keep `moment`, which is not earlier than any other; round or let go of others if need be.

        It takes the place of one that was kept of the same moment. The oldest are rounded first.
        """
        kept = list(self.moments)
        if kept and kept[-1].place == moment.place:
            kept.pop()
        kept.append(moment)
        if len(kept) > self._most:
            del kept[self._least_missed(kept)]
        while sum(each.parameters.nbytes for each in kept) > self._most_bytes:
            exact = next((at for at, each in enumerate(kept) if not each.is_rounded), None)
            if exact is None:
                del kept[self._least_missed(kept)]
            else:
                kept[exact] = replace(kept[exact], parameters=rounded(kept[exact].parameters))
        self.moments = tuple(kept)
        self._plan_after(moment)  # which is not among them if it alone takes too much memory

    def forget_after(self, place: tuple[int, int]) -> None:
        """Forget what came after that place (see :class:`FilmMoment`): the run went back there."""
        self.moments = tuple(moment for moment in self.moments if moment.place <= place)
        self._next_step = 0
        if self.moments:
            self._plan_after(self.moments[-1])

    def _plan_after(self, last: FilmMoment) -> None:
        in_full = last.parameters.size * np.dtype(np.float32).itemsize
        capacity = min(self._most, self._most_bytes // max(in_full, 1))
        self._without_gap = max(1, min(round(_SHARE_WITHOUT_GAP * capacity), _MOST_WITHOUT_GAP))
        self._next_step = last.step + max(1, last.step // self._without_gap)

    def _least_missed(self, kept: list[FilmMoment]) -> int:
        """Return the place in the list of the moment whose neighbors replace it best.

        Pinned ones go last, unless they are most: thousands of changes would leave nothing else.
        The first goes only when nothing else is left.
        """
        pinned = sum(moment.is_pinned for moment in kept)
        spares_pinned = pinned <= self._most // 2
        candidates = (
            [
                number
                for number in range(1, len(kept) - 1)
                if kept[number].is_pinned != spares_pinned
            ]
            or list(range(1, len(kept) - 1))
            or [0]
        )
        return min(candidates, key=lambda number: self._gap_without(kept, number))

    def _gap_without(self, kept: list[FilmMoment], number: int) -> float:
        """Return how far apart the neighbors of a moment are, on an axis of about log(step)."""
        before, after = kept[max(number - 1, 0)], kept[min(number + 1, len(kept) - 1)]
        return (after.step - before.step) / (kept[number].step + self._without_gap)


def moments_before(
    place: tuple[int, int], film: Iterable[FilmMoment], best: FilmMoment | None
) -> tuple[FilmMoment, ...]:
    """Return the moments of a film, and the best instead of its rounded one, before a place."""
    moments = {moment.place: moment for moment in film}
    if best is not None:
        moments[best.place] = best
    return tuple(moments[at] for at in sorted(moments) if at < place)


def with_moment(moments: tuple[FilmMoment, ...], moment: FilmMoment) -> tuple[FilmMoment, ...]:
    """Return moments, which are in order, with one that a film may have let go of, or rounded."""
    index = bisect_left(moments, moment.place, key=lambda each: each.place)
    after = bisect(moments, moment.place, key=lambda each: each.place)
    return (*moments[:index], moment, *moments[after:])


def with_shorter_log(film: Iterable[FilmMoment], left_out: int) -> tuple[FilmMoment, ...]:
    """Return the moments as they are placed once the log of live changes is cut.

    Parameters
    ----------
    film
        In order.
    left_out
        How many changes are missing from then on: the oldest but for the first, which says how the
        run began. Of moments that only these told apart, the last one stays.
    """
    moments: dict[tuple[int, int], FilmMoment] = {}
    for moment in film:
        placed = replace(moment, changes=1 + max(moment.changes - 1 - left_out, 0))
        moments[placed.place] = placed
    return tuple(moments.values())


def is_in_order(moments: tuple[FilmMoment, ...]) -> bool:
    """Return whether each moment comes after the one before it."""
    return all(before.place < after.place for before, after in pairwise(moments))
