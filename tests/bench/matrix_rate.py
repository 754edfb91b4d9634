"""This machine's rate of float32 matrix products, to measure a training step by."""

from __future__ import annotations

import time

import numpy as np
from threadpoolctl import threadpool_limits

SIZE = 2_048


class MatrixRate:
    """Multiplies two 2048×2048 matrices again and again, on as many BLAS threads as are given."""

    def __init__(self, threads: int) -> None:
        self.threads = threads
        rng = np.random.default_rng(0)
        self.a, self.b = rng.standard_normal((2, SIZE, SIZE), np.float32)
        self.out = np.empty_like(self.a)

    def run(self, seconds: float) -> float:
        """Multiply for at least so long; return floating-point operations per second."""
        products = 0
        with threadpool_limits(self.threads, user_api="blas"):
            begin = time.perf_counter()
            while (elapsed := time.perf_counter() - begin) < seconds:
                np.matmul(self.a, self.b, out=self.out)
                products += 1
        return products * 2.0 * SIZE**3 / elapsed
