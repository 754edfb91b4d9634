"""Groups of a wide hidden layer's units, each a smaller network of its own.

Between the pixels and the scores, the units of the one hidden layer know nothing of each other: a
group of them, with the weights that lead to it and on from it, is a network. Only the scores need
all groups. Where the layer's arrays lie column by column (see core/network/layers.py), the columns
of a group lie together, while the rows for some of the images lie scattered; and a group needs its
own weights alone where those images need all. So a step of 784-1024-10 takes a tenth less time with
groups than with parts of the images, on one thread and on two. Layers whose arrays lie row by row
are a little slower with groups.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.network.layers import Parameters, memory_order, unit_layers
from core.network.network import Network
from core.network.workspace import Workspace

_UNITS_PER_GROUP = 128
"""Units of a group, at least: a multiple of what BLAS adds up side by side, so that a group has the
same bits as its columns of the whole."""


@dataclass(frozen=True, eq=False)
class UnitGroup:
    """Some units of the one hidden layer.

    Attributes
    ----------
    units
        Which.
    network
        What they are a network of, in the memory of the whole.
    work
        The arrays for it, likewise.
    """

    units: slice
    network: Network
    work: Workspace

    def layers_of(self, gradient: tuple[Parameters, ...]) -> tuple[Parameters, ...]:
        """Return the group's part of a gradient.

        The scores' biases are everybody's: the first group has them, and the others an array that
        nobody reads, for two threads must not add up in the same one.
        """
        hidden, output = unit_layers(gradient, self.units)
        if self.units.start > 0:
            output = Parameters(output.W, np.empty_like(output.b))
        return hidden, output


def cut_into_groups(network: Network, work: Workspace, count: int) -> list[UnitGroup]:
    """Return so many equal groups of the network's units, with their arrays in `work`."""
    width = network.sizes[1] // count
    columns = [slice(start, start + width) for start in range(0, network.sizes[1], width)]
    return [UnitGroup(units, network.of_units(units), work.of_units(units)) for units in columns]


def group_count(sizes: tuple[int, ...], most: int) -> int:
    """Return into how many groups, at most so many, to cut the units; 1 is for not at all.

    It is a power of two, as the number of a processor's cores mostly is.
    """
    if len(sizes) != 3 or memory_order(sizes[1]) == "C":
        return 1
    return 1 << (min(most, sizes[1] // _UNITS_PER_GROUP).bit_length() - 1)
