"""Matrix products whose last bits do not depend on how many threads BLAS has, where possible.

BLAS, the library behind ``@``, adds up the inner terms in blocks of a few hundred, and halves what
is left when that is too long for one block. With several threads it rounds the halves otherwise
than with one, unless they are whole multiples of 16: so the terms beyond a multiple of 32 are added
apart. For the 784 pixels that takes 3 to 7 % more time than one product, and what it buys is that
the number of threads can be chosen by speed alone. So it is on processors with AVX-512; with
OpenBLAS's code for some others more sums depend on the threads, and `Workers` tries it before it
uses them.
"""

from __future__ import annotations

import numpy as np

from core.arrays import Floats

_ONE_BLOCK = 256
_EVEN = 32


def product(A: Floats, B: Floats, out: Floats, scratch: Floats | None = None) -> Floats:
    """Write A @ B to `out`, and return it.

    `scratch`, of the same shape as `out`, is overwritten; without it one is made where need be.
    """
    terms = A.shape[1]
    rest = terms % _EVEN
    if terms <= _ONE_BLOCK or not rest:
        return np.matmul(A, B, out=out)
    np.matmul(A[:, :-rest], B[:-rest], out=out)
    out += np.matmul(A[:, -rest:], B[-rest:], out=scratch)
    return out
