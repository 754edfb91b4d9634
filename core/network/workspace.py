"""The arrays of one pass through a network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from core.arrays import Floats, Images
from core.network.layers import memory_order


@dataclass(eq=False)
class Workspace:
    """The arrays that a pass over n images writes to, so that no step allocates its own.

    Every list has an entry for each l = 0 … L of the equations.

    Attributes
    ----------
    A
        A[0] is the input, (n, 784); A[l], (n, fan_out), is the output of layer l. The forward pass
        computes Z[l] in the same array and turns it into A[l] in place.
    layer_input
        layer_input[l] is what layer l + 1 reads: A[l], or with dropout an array for A[l]·mask[l].
    mask
        The masks of dropout for the hidden layers; empty without dropout.
    dZ
        dA[l] of the hidden layers, turned into dZ[l] in place; dZ[L] overwrites A[L].
    scratch
        Of the same shapes as A and dZ, overwritten.
    Y
        The one-hot labels, (n, classes).
    """

    A: list[Floats]
    layer_input: list[Floats]
    mask: list[Floats]
    dZ: list[Floats]
    scratch: list[Floats]
    Y: Floats

    @classmethod
    def allocate(
        cls, sizes: tuple[int, ...], n: int, dtype: DTypeLike = np.float32, dropout: bool = False
    ) -> Workspace:
        """Allocate the arrays for n images and a network of these layer sizes."""

        def arrays(*widths: int) -> list[Floats]:
            return [np.empty((n, width), dtype, memory_order(width)) for width in widths]

        hidden = sizes[1:-1]
        A = arrays(*sizes)
        return cls(
            A=A,
            layer_input=[A[0], *arrays(*hidden), A[-1]] if dropout else A,
            mask=arrays(0, *hidden, 0) if dropout else [],
            # The input needs no gradient.
            dZ=[*arrays(0, *hidden), A[-1]],
            scratch=arrays(0, *sizes[1:]),
            Y=np.empty_like(A[-1]),
        )

    def rows(self, start: int, stop: int) -> Workspace:
        """Return the part of this workspace that holds these images; nothing is copied."""
        return self._part(
            lambda arrays: [array[start:stop] for array in arrays], self.Y[start:stop]
        )

    def of_units(self, units: slice) -> Workspace:
        """Return the part for some units of the one hidden layer; nothing is copied."""
        return self._part(
            lambda arrays: [arrays[0], arrays[1][:, units], arrays[2]] if arrays else [], self.Y
        )

    def _part(self, cut: Callable[[list[Floats]], list[Floats]], Y: Floats) -> Workspace:
        lists = (self.A, self.layer_input, self.mask, self.dZ, self.scratch)
        A, layer_input, mask, dZ, scratch = map(cut, lists)
        return Workspace(A, layer_input, mask, dZ, scratch, Y)

    def load(self, images: Images) -> None:
        """Set the input A[0] to the pixels of `images`, (n, 784), scaled from 0…255 to 0…1."""
        pixels = self.A[0]
        np.copyto(pixels, images)
        pixels *= 1 / 255
