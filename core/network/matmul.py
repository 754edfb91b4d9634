"""Matrix products whose last bits do not depend on how many threads BLAS has, where possible.

BLAS, the library behind ``@``, adds up the inner terms in blocks of a few hundred, and halves what
is left when that is too long for one block. With several threads it rounds the halves otherwise
than with one, unless they are whole multiples of 16: so the terms beyond a multiple of 32 are added
apart. For the 784 pixels that takes 3 to 7 % more time than one product, and what it buys is that
the number of threads can be chosen by speed alone. So it is on processors with AVX-512; with
OpenBLAS's code for some others more sums depend on the threads, and `Workers` tries it before it
uses them.

For the same reason 64 rows or more are summed up alike, whether on their own or as part of more.
"""

from __future__ import annotations

import numpy as np

from core.arrays import Floats

_ONE_BLOCK = 256
_EVEN = 32

_SMALL = 1_000_000 // 64
"""OpenBLAS has code of its own for up to a million multiplications, which adds up without blocks.
With that many in a row, 64 rows can come to that: there, the terms are cut into blocks here."""


def matmul(A: Floats, B: Floats, out: Floats, scratch: Floats | None = None) -> Floats:
    """Write A @ B to `out`, and return it.

    `scratch`, of the same shape as `out`, is overwritten; without it one is made where need be.
    """
    terms, columns = B.shape
    if terms <= _ONE_BLOCK:
        return np.matmul(A, B, out=out)
    block = _ONE_BLOCK if terms * columns <= _SMALL else terms - terms % _EVEN
    np.matmul(A[:, :block], B[:block], out=out)
    for start in range(block, terms, block):
        stop = start + block
        out += np.matmul(A[:, start:stop], B[start:stop], out=scratch)
    return out
