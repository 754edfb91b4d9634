"""PyTorch's eager training as one of the loops that bench_engine.py compares."""

from __future__ import annotations

import time
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn


class TorchLoop:
    """A loop written for speed: the data in memory as float32, and no DataLoader.

    The mean loss is summed in a tensor, without the ``.item()`` in each step that slows down many
    loops. Digitscope does read its loss in each step, so this is in PyTorch's favor.
    """

    def __init__(
        self,
        pixels: NDArray[np.float32],
        labels: NDArray[np.uint8],
        hidden: tuple[int, ...],
        batch: int,
        threads: int,
    ) -> None:
        self.threads = threads
        self.batch = batch
        self.pixels = torch.from_numpy(pixels)  # shares the memory
        self.labels = torch.from_numpy(labels.astype(np.int64))
        layers: list[nn.Module] = []
        for fan_in, fan_out in pairwise((pixels.shape[1], *hidden, 10)):
            layers += [nn.Linear(fan_in, fan_out), nn.ReLU()]
        self.model = nn.Sequential(*layers[:-1])
        self.criterion = nn.CrossEntropyLoss()
        # The default of `foreach` and `fused` was the fastest of all on a CPU.
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.1)
        self.total_loss = torch.zeros(())
        self.order = torch.randperm(len(self.labels))
        self.position = 0

    def run(self, seconds: float) -> float:
        """Train for this long; return images per second."""
        torch.set_num_threads(self.threads)
        images = 0
        begin = time.perf_counter()
        while (elapsed := time.perf_counter() - begin) < seconds:
            images += self.step()
        return images / elapsed

    def step(self) -> int:
        """Train on a batch; return its size."""
        index = self.order[self.position : self.position + self.batch]
        X, y = self.pixels.index_select(0, index), self.labels.index_select(0, index)
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.criterion(self.model(X), y)
        loss.backward()
        self.optimizer.step()
        self.total_loss += loss.detach()
        self.position += self.batch
        if self.position >= len(self.labels):
            self.order = torch.randperm(len(self.labels))
            self.position = 0
        return len(index)
