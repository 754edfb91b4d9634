"""A plain NumPy training loop as one of the loops that bench_engine.py compares.

A textbook's loop, written for speed: float32, preallocated arrays, `out=` wherever NumPy offers it,
a softmax and the loss of each batch, and nothing else: no history, no L2, no watch for divergence,
no changes between two steps.
"""

from __future__ import annotations

import time
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits


class NumpyLoop:
    """Trains a network with ReLU and softmax by plain SGD, on one BLAS thread unless given."""

    def __init__(
        self,
        pixels: NDArray[np.float32],
        labels: NDArray[np.uint8],
        hidden: tuple[int, ...],
        batch: int,
        threads: int = 1,
    ) -> None:
        self.threads = threads
        self.batch = batch
        self.pixels = pixels
        self.labels = labels.astype(np.intp)
        self.rng = np.random.default_rng(0)
        sizes = (pixels.shape[1], *hidden, 10)
        self.W = [
            (self.rng.standard_normal(shape) * np.sqrt(2 / shape[0])).astype(np.float32)
            for shape in pairwise(sizes)
        ]
        self.b = [np.zeros(size, np.float32) for size in sizes[1:]]
        self.dW = [np.empty_like(W) for W in self.W]
        self.db = [np.empty_like(b) for b in self.b]
        self.A = [np.empty((batch, size), np.float32) for size in sizes]
        self.dZ = [np.empty((batch, size), np.float32) for size in sizes]
        self.mask = [np.empty((batch, size), np.bool_) for size in sizes]
        self.rows = np.arange(batch)
        self.total_loss = 0.0
        self.order = self.rng.permutation(len(pixels))
        self.position = 0

    def run(self, seconds: float) -> float:
        """Train for this long; return images per second."""
        images = 0
        with threadpool_limits(self.threads, user_api="blas"):
            begin = time.perf_counter()
            while (elapsed := time.perf_counter() - begin) < seconds:
                images += self.step()
        return images / elapsed

    def step(self) -> int:
        """Train on a batch; return its size. An incomplete last batch of an epoch is skipped."""
        index = self.order[self.position : self.position + self.batch]
        A, dZ, last = self.A, self.dZ, len(self.W)
        y = self.labels[index]
        np.take(self.pixels, index, axis=0, out=A[0], mode="clip")

        for l in range(last):
            np.matmul(A[l], self.W[l], out=A[l + 1])
            A[l + 1] += self.b[l]
            if l + 1 < last:
                np.maximum(A[l + 1], 0, out=A[l + 1])
        P = A[last]
        P -= P.max(axis=1, keepdims=True)
        np.exp(P, out=P)
        P /= P.sum(axis=1, keepdims=True)
        self.total_loss -= float(np.log(P[self.rows, y]).mean())

        P[self.rows, y] -= 1
        np.divide(P, self.batch, out=dZ[last])
        for l in range(last, 0, -1):
            np.matmul(A[l - 1].T, dZ[l], out=self.dW[l - 1])
            dZ[l].sum(axis=0, out=self.db[l - 1])
            if l > 1:
                np.matmul(dZ[l], self.W[l - 1].T, out=dZ[l - 1])
                np.greater(A[l - 1], 0, out=self.mask[l - 1])
                dZ[l - 1] *= self.mask[l - 1]
        for parameters, gradients in ((self.W, self.dW), (self.b, self.db)):
            for theta, g in zip(parameters, gradients, strict=True):
                np.multiply(g, 0.1, out=g)
                np.subtract(theta, g, out=theta)

        self.position += self.batch
        if self.position + self.batch > len(self.pixels):
            self.order = self.rng.permutation(len(self.pixels))
            self.position = 0
        return self.batch
