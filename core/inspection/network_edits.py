"""Changes made by hand to a network that continues to learn: a list, applied to a copy of it.

Layers are counted as in the equations of core/network/network.py: l = 1 is the first hidden layer,
l = L the output. Unit j of layer l has the weights ``W[l][:, j]`` and, but for the output, is read
by ``W[l + 1][j]``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.network.network import Network
from core.network.resizing import KeptUnits


@dataclass(frozen=True)
class Edit:
    """One value set by hand.

    Attributes
    ----------
    layer, unit
        Whose weight or bias it is.
    source
        Which of the unit's inputs the weight is for; None for the bias.
    value
        What it is from now on.
    """

    layer: int
    unit: int
    source: int | None
    value: float

    @property
    def place(self) -> tuple[int, int, int | None]:
        """Which number of the network it sets."""
        return self.layer, self.unit, self.source


@dataclass(frozen=True)
class Silence:
    """A unit that nobody hears: all weights behind it are zero. Outputs have none."""

    layer: int
    unit: int

    @property
    def place(self) -> tuple[int, int, str]:
        """Which unit, told apart from its weights."""
        return self.layer, self.unit, "silent"


@dataclass(frozen=True)
class NetworkEdits:
    """The edits in force, oldest first, of which each concerns another place.

    A silent unit stays silent, even where an edit sets one of the weights behind it.
    """

    edits: tuple[Edit | Silence, ...] = ()

    def __len__(self) -> int:
        return len(self.edits)

    def with_edit(self, edit: Edit | Silence) -> NetworkEdits:
        """Return these and one more, which replaces an older edit of the same place."""
        return NetworkEdits((*self.without(edit).edits, edit))

    def without(self, edit: Edit | Silence) -> NetworkEdits:
        """Return these without the one of the same place."""
        return NetworkEdits(tuple(e for e in self.edits if e.place != edit.place))

    def is_silent(self, layer: int, unit: int) -> bool:
        """Return whether a unit is silenced."""
        return Silence(layer, unit) in self.edits

    def apply(self, network: Network) -> Network:
        """Return a read-only copy of `network` with these edits; itself if there are none.

        Edits of what the network does not have are left out.
        """
        fitting = [edit for edit in self.edits if _fits(edit, network.sizes)]
        if not fitting:
            return network
        copy = network.empty_copy()
        copy.parameters[:] = network.parameters
        for edit in sorted(fitting, key=lambda edit: isinstance(edit, Silence)):
            if isinstance(edit, Silence):
                copy.layers[edit.layer].W[edit.unit] = 0
            elif edit.source is None:
                copy.layers[edit.layer - 1].b[edit.unit] = edit.value
            else:
                copy.layers[edit.layer - 1].W[edit.source, edit.unit] = edit.value
        copy.freeze()
        return copy

    def transferred(self, kept_units: KeptUnits) -> NetworkEdits:
        """Return the edits of the units that are left after a network's layers have changed.

        They follow their units to their new numbers. Where layers came or went, the output's
        weights are others, and the edits of them are dropped.

        Parameters
        ----------
        kept_units
            Of the change (see :class:`core.training.checkpoint.Change`).
        """
        moved = (_moved(edit, kept_units) for edit in self.edits)
        return NetworkEdits(tuple(edit for edit in moved if edit is not None))

    def restored(self, kept_units: KeptUnits) -> NetworkEdits:
        """Return the same where the change is undone: units that it brought are gone again."""
        return self.transferred(tuple(map(_undone, kept_units)))


def _fits(edit: Edit | Silence, sizes: tuple[int, ...]) -> bool:
    last = len(sizes) - (2 if isinstance(edit, Silence) else 1)
    if not (1 <= edit.layer <= last and 0 <= edit.unit < sizes[edit.layer]):
        return False
    source = edit.source if isinstance(edit, Edit) else None
    return source is None or 0 <= source < sizes[edit.layer - 1]


def _moved(edit: Edit | Silence, kept_units: KeptUnits) -> Edit | Silence | None:
    """Return the edit of the same unit under its new number; None if it is gone."""
    if edit.layer >= len(kept_units):
        return None
    unit = _place(edit.unit, kept_units[edit.layer])
    if unit is None:
        return None
    if isinstance(edit, Silence) or edit.source is None:
        return replace(edit, unit=unit)
    source = _place(edit.source, kept_units[edit.layer - 1])
    return None if source is None else replace(edit, unit=unit, source=source)


def _place(number: int, kept_units: NDArray[np.intp]) -> int | None:
    found = np.flatnonzero(kept_units == number)
    return int(found[0]) if len(found) else None


def _undone(kept_units: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return, for each of the units before a change, its number after it; -1 for those that go."""
    numbers = np.full(kept_units.max(initial=-1) + 1, -1)
    numbers[kept_units] = np.arange(len(kept_units))
    return numbers
