"""Groups of units of one wide hidden layer, each a smaller network of its own.

Between the pixels and the scores, the units of the one hidden layer do not depend on each other, so
a group of them with the weights before and behind it is a network. Only the scores need all groups.
If the layer's arrays are stored column by column (see core/network/layers.py), the columns of a
group lie together in memory, while the rows of some images are scattered; and a group needs only
its own weights, where those images need all of them. A step of 784-1024-10 takes a tenth less time
with groups than with shards of the images, on one thread and on two. Layers stored row by row are a
little slower with groups.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.network.layers import Parameters, memory_order, unit_layers
from core.network.network import Network
from core.network.workspace import Workspace

_UNITS_PER_GROUP = 128
"""The fewest units of a group: a multiple of what BLAS sums side by side, so that a group has the
same bits as its columns of the whole."""


@dataclass(frozen=True, eq=False)
class UnitGroup:
    """Some units of the one hidden layer.

    Attributes
    ----------
    units
        Their columns.
    network
        The network that they form, a view into the whole.
    work
        Its arrays, likewise.
    """

    units: slice
    network: Network
    work: Workspace

    def layers_of(self, gradient: tuple[Parameters, ...]) -> tuple[Parameters, ...]:
        """Return the group's part of a gradient.

        The biases of the scores belong to the first group. The others get an array that nobody
        reads, because two threads must not write to the same one.
        """
        hidden, output = unit_layers(gradient, self.units)
        if self.units.start > 0:
            output = Parameters(output.W, np.empty_like(output.b))
        return hidden, output


def cut_into_groups(network: Network, work: Workspace, count: int) -> list[UnitGroup]:
    """Split the network's units, and their arrays in `work`, into `count` equal groups."""
    width = network.sizes[1] // count
    columns = [slice(start, start + width) for start in range(0, network.sizes[1], width)]
    return [UnitGroup(units, network.of_units(units), work.of_units(units)) for units in columns]


def group_count(sizes: tuple[int, ...], most: int) -> int:
    """Return how many groups to split the units into, at most `most`; 1 means none.

    It is a power of two, as the number of cores usually is.
    """
    if len(sizes) != 3 or memory_order(sizes[1]) == "C":
        return 1
    return 1 << (min(most, sizes[1] // _UNITS_PER_GROUP).bit_length() - 1)
