"""The gradient of the loss over one batch, of any size, computed by several workers.

A large batch is processed in chunks, whose gradients add up. Within a chunk there are two rounds.
The passes of an image do not depend on other images, so first the images are split into shards.
Each row of dW is a sum over all images, so then the rows of dW are split. For one wide hidden
layer, its units are split instead, before the scores and after (see core/network/unit_group.py).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.arrays import Floats, Images, LabeledImages
from core.network.layers import Parameters, layer_views
from core.network.network import Network
from core.network.unit_group import UnitGroup, cut_into_groups
from core.network.workspace import Workspace
from core.progress import Progress
from core.settings.config import Hyperparameters
from core.threads.tuning import ThreadChoice
from core.threads.workers import Workers, run_tasks
from core.training.sharding import CHUNK, shard_count, unit_group_count
from core.training.warp import Warp


@dataclass(frozen=True, eq=False)
class _Shard:
    """Some images of a chunk: where they are, and the arrays for them."""

    images: slice
    pixels: Images
    work: Workspace


class _Buffers:
    """The arrays for a chunk of n images.

    Attributes
    ----------
    choice
        Of the number of threads, for full chunks; the last chunk of an epoch uses the same.
    is_proven
        Whether a trial has shown that BLAS's threads change no bit.
    """

    def __init__(self, network: Network, n: int, dropout: bool, augmentation: bool) -> None:
        dtype = network.parameters.dtype
        self.work = Workspace.allocate(network.sizes, n, dtype, dropout)
        self.warp = Warp(n, dtype) if augmentation else None
        shards = shard_count(network.sizes, n, augmentation)
        groups = unit_group_count(network.sizes, n)
        pixels = np.empty((n, network.sizes[0]), np.uint8)
        edges = [n * shard // shards for shard in range(shards + 1)]
        self.shards = [
            _Shard(slice(start, stop), pixels[start:stop], self.work.rows(start, stop))
            for start, stop in pairwise(edges)
        ]
        self.whole = [_Shard(slice(0, n), pixels, self.work)]
        self.groups = cut_into_groups(network, self.work, groups) if groups > 1 else []
        self.choice: ThreadChoice | None = None
        self.is_proven = False


class BatchGradient:
    """Computes gradients of one network's loss on one set of training images.

    Parameters
    ----------
    images
        The training images.
    rng
        Where dropout and augmentation take their random numbers from, in a fixed order.
    workers
        Threads that share the work; None: the calling thread alone.
    progress
        Called with the images done of a batch of several chunks; may raise Cancelled.

    Attributes
    ----------
    gradient
        (P,), the result of the last :meth:`compute`.
    scratch
        (P,), free to use between two computations.
    work
        The arrays of the last chunk after its passes; None before the first.
    """

    def __init__(
        self,
        network: Network,
        images: LabeledImages,
        rng: np.random.Generator,
        workers: Workers | None,
        progress: Progress,
    ) -> None:
        self.gradient = np.empty_like(network.parameters)
        self.scratch = np.empty_like(network.parameters)
        self._network = network
        self._images = images.images
        self._labels = images.labels
        self._rng = rng
        self._workers = workers
        self._progress = progress
        self._gradient_layers = layer_views(self.gradient, network.sizes)
        self._scratch_layers = layer_views(self.scratch, network.sizes)
        self._buffers: dict[tuple[int, bool, bool], _Buffers] = {}
        self.work: Workspace | None = None

    def compute(
        self, batch: NDArray[np.intp], hyperparameters: Hyperparameters
    ) -> tuple[float, int]:
        """Write the gradient of the batch's mean loss and of the L2 penalty to `gradient`.

        Parameters
        ----------
        batch
            (n,), indices of images.
        hyperparameters
            Of which L2, dropout and augmentation are used.

        Returns
        -------
        loss, correct
            The mean loss of the batch, without the penalty, and how many images were correct.
        """
        n = len(batch)
        loss, correct = 0.0, 0
        for start in range(0, n, CHUNK):
            chunk = batch[start : start + CHUNK]
            buffers = self._buffers_for(len(chunk), hyperparameters)
            self._choose_threads(buffers, hyperparameters)
            self._draw_noise(buffers, hyperparameters)
            begun = time.perf_counter()
            chunk_loss, chunk_correct = self._compute_chunk(
                buffers, chunk, n, start == 0, hyperparameters.l2
            )
            if buffers.choice is not None:
                buffers.choice.note(time.perf_counter() - begun)
            loss, correct = loss + chunk_loss, correct + chunk_correct
            if n > CHUNK:
                self._progress(start + len(chunk), n)
        return loss / n, correct

    def release_buffers(self) -> None:
        """Free the memory that batches of the sizes so far needed."""
        self._buffers.clear()
        self.work = None

    def _compute_chunk(
        self, buffers: _Buffers, rows: NDArray[np.intp], n: int, is_first: bool, l2: float
    ) -> tuple[float, int]:
        """Set `gradient` to the first chunk's, with the penalty's, or add a later chunk's to it."""
        self.work = buffers.work
        target = self._gradient_layers if is_first else self._scratch_layers
        l2 = l2 if is_first else 0.0
        # BLAS's own threads are quickest with everything at once: by 0.1 of 3.7 ms for 784-1024-10.
        is_cut = self._workers is None or self._workers.setting.blas == 1
        if is_cut and buffers.groups:
            results = self._shard_units(buffers, rows, n, target, l2)
        else:
            results = self._shard_images(
                buffers, buffers.shards if is_cut else buffers.whole, rows, n, target, l2
            )
        if not is_first:
            self.gradient += self.scratch
        if len(results) == 1:
            losses, correct = results[0]
        else:
            losses = np.concatenate([losses for losses, _ in results])
            correct = sum(correct for _, correct in results)
        return float(losses.sum()), correct

    def _shard_images(
        self,
        buffers: _Buffers,
        shards: list[_Shard],
        rows: NDArray[np.intp],
        n: int,
        gradient: tuple[Parameters, ...],
        l2: float,
    ) -> list[tuple[Floats, int]]:
        """Compute a chunk's `gradient`; return the losses and correct answers of each shard."""
        network, scratch = self._network, self._scratch_layers

        def pass_shard(shard: _Shard) -> tuple[Floats, int]:
            self._load(buffers, shard, rows)
            return network.forward_backward(shard.work, self._labels[rows[shard.images]], n)

        def write_shard(shard: int) -> None:
            network.gradient(buffers.work, gradient, shard, len(shards))
            if l2:
                network.add_regularization_gradient(l2, gradient, scratch, shard, len(shards))

        results = run_tasks(self._workers, pass_shard, shards)
        run_tasks(self._workers, write_shard, range(len(shards)))
        return results

    def _shard_units(
        self,
        buffers: _Buffers,
        rows: NDArray[np.intp],
        n: int,
        gradient: tuple[Parameters, ...],
        l2: float,
    ) -> list[tuple[Floats, int]]:
        """Do what :meth:`_shard_images` does, but split the units of a wide layer."""
        network, scratch = self._network, self._scratch_layers

        def pass_forward(group: UnitGroup) -> None:
            group.network.forward(group.work, range(1, 2))

        def pass_back(group: UnitGroup) -> None:
            group.network.backward(group.work)
            of_group = group.layers_of(gradient)
            group.network.gradient(group.work, of_group)
            if l2:
                group.network.add_regularization_gradient(l2, of_group, group.layers_of(scratch))

        run_tasks(self._workers, lambda shard: self._load(buffers, shard, rows), buffers.shards)
        run_tasks(self._workers, pass_forward, buffers.groups)
        network.forward(buffers.work, range(2, 3))
        results = network.output_delta(buffers.work, self._labels[rows], n)
        run_tasks(self._workers, pass_back, buffers.groups)
        return [results]

    def _load(self, buffers: _Buffers, shard: _Shard, rows: NDArray[np.intp]) -> None:
        """Fetch a shard's images, of which `rows` are the chunk's, and augment them if need be."""
        # mode="clip" lets take() write straight to `out`; the rows are known to be in range.
        self._images.take(rows[shard.images], axis=0, out=shard.pixels, mode="clip")
        if buffers.warp is None:
            shard.work.load(shard.pixels)
        else:
            buffers.warp.apply(shard.pixels, shard.work.A[0], shard.images.start)

    def _buffers_for(self, n: int, hyperparameters: Hyperparameters) -> _Buffers:
        """Return the arrays for n images."""
        key = (n, hyperparameters.dropout > 0, hyperparameters.augmentation.is_on)
        buffers = self._buffers.get(key)
        if buffers is None:
            buffers = self._buffers[key] = _Buffers(self._network, *key)
            if self._workers is not None and n == self._chunk_sizes(hyperparameters)[0]:
                settings = self._workers.settings(max(len(buffers.shards), len(buffers.groups)))
                self._workers.use(settings[0])
                buffers.choice = ThreadChoice(settings) if len(settings) > 1 else None
        return buffers

    def _draw_noise(self, buffers: _Buffers, hyperparameters: Hyperparameters) -> None:
        """Draw the random numbers for a pass through `buffers`."""
        if buffers.warp is not None:
            buffers.warp.draw(hyperparameters.augmentation, len(buffers.work.Y), self._rng)
        for mask in buffers.work.mask[1:-1]:
            draw_dropout_mask(mask, hyperparameters.dropout, self._rng)

    def _choose_threads(self, buffers: _Buffers, hyperparameters: Hyperparameters) -> None:
        """Set the workers to the number of threads that was chosen for `buffers`."""
        workers, choice = self._workers, buffers.choice
        if workers is None or choice is None or choice.setting is workers.setting:
            return
        if choice.setting.blas > 1 and not buffers.is_proven:
            buffers.is_proven = workers.has_same_result(
                choice.setting, lambda: self._try_out(hyperparameters)
            )
            if not buffers.is_proven:
                choice.rule_out(choice.setting)
        workers.use(choice.setting)

    def _try_out(self, hyperparameters: Hyperparameters) -> list[tuple[float, int, bytes]]:
        """Return what must not depend on the threads, for each size of chunk. Changes nothing."""
        noise, gradient = self._rng.bit_generator.state, self.gradient.copy()
        results = []
        for n in self._chunk_sizes(hyperparameters):
            buffers = self._buffers_for(n, hyperparameters)
            self._draw_noise(buffers, hyperparameters)
            loss, correct = self._compute_chunk(buffers, np.arange(n), n, True, hyperparameters.l2)
            results.append((loss, correct, sha256(self.gradient.data).digest()))
            self._rng.bit_generator.state = noise
        self.gradient[:] = gradient
        return results

    def _chunk_sizes(self, hyperparameters: Hyperparameters) -> list[int]:
        """Return all sizes of chunks: of full ones first, then of a batch's and an epoch's last."""
        images, batch_size = len(self._labels), hyperparameters.batch_size
        batches = min(images, batch_size), images % batch_size
        sizes = [size for n in batches for size in (min(n, CHUNK), n % CHUNK) if size]
        return list(dict.fromkeys(sizes))


def draw_dropout_mask(mask: Floats, dropout: float, rng: np.random.Generator) -> None:
    """Set each element of `mask` to 0 with probability `dropout`, and else to 1 / (1 − dropout)."""
    rng.random(out=mask, dtype=mask.dtype)
    np.greater_equal(mask, dropout, out=mask)
    mask /= 1 - dropout
