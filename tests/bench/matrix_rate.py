"""This machine's rate of float32 matrix products, as a yardstick for a training step."""

from __future__ import annotations

import time

import numpy as np
from threadpoolctl import threadpool_limits

SIZE = 2_048


class MatrixRate:
    """Multiplies two 2048×2048 matrices repeatedly, on a given number of BLAS threads."""

    def __init__(self, threads: int) -> None:
        self.threads = threads
        rng = np.random.default_rng(0)
        self.a, self.b = rng.standard_normal((2, SIZE, SIZE), np.float32)
        self.out = np.empty_like(self.a)

    def run(self, seconds: float) -> float:
        """Multiply for at least this long; return floating-point operations per second."""
        products = 0
        with threadpool_limits(self.threads, user_api="blas"):
            begin = time.perf_counter()
            while (elapsed := time.perf_counter() - begin) < seconds:
                np.matmul(self.a, self.b, out=self.out)
                products += 1
        return products * 2.0 * SIZE**3 / elapsed
