"""The gradient of the loss over one batch, of any size, shared out among workers.

A large batch passes through in chunks, whose gradients add up. Within a chunk there are two rounds:
an image's way forward and back does not depend on the other images, so the images are shared out;
then each row of dW is a sum over all images, so the rows of dW are.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.arrays import Floats, Images
from core.config import Hyperparameters
from core.datasets.dataset import LabelledImages
from core.layers import layer_views, parameter_count
from core.network import Network
from core.progress import Progress
from core.warp import Warp
from core.workers import Workers, run_tasks
from core.workspace import Workspace

CHUNK = 1_024
"""A batch larger than this passes through in chunks, so that memory stays small: a full batch of
MNIST would need 188 MB for its input alone."""

_PART = 1.25e8
"""Floating-point operations of a part, at least: 1.3 ms of work. Python threads with less to do
wait for each other's lock longer than they work."""

_WARP = 1e6
"""To how many of those the distortion of an image is equal: it takes 0.012 ms."""

_IMAGES_PER_PART = 64
"""Images of a part, at least: with fewer, products are slower."""

_MOST_PARTS = 8


@dataclass(frozen=True)
class _Part:
    """Some images of a chunk: where they are, and the arrays for them."""

    start: int
    stop: int
    pixels: Images
    work: Workspace


class _Room:
    """The arrays for a chunk of n images."""

    def __init__(self, network: Network, n: int, dropout: bool, augmentation: bool) -> None:
        dtype = network.parameters.dtype
        self.work = Workspace.allocate(network.sizes, n, dtype, dropout)
        self.warp = Warp(n, dtype) if augmentation else None
        parts = part_count(network.sizes, n, augmentation)
        pixels = np.empty((n, network.sizes[0]), np.uint8)
        edges = [n * part // parts for part in range(parts + 1)]
        self.parts = [
            _Part(start, stop, pixels[start:stop], self.work.rows(start, stop))
            for start, stop in pairwise(edges)
        ]
        self.whole = [_Part(0, n, pixels, self.work)]


class BatchGradient:
    """Works out gradients of one network's loss on one set of training images.

    Parameters
    ----------
    images
        To learn from.
    rng
        Where dropout and augmentation take their random numbers from, in a fixed order.
    workers
        Who does the work; None: the calling thread.
    progress
        Told the images done of a batch of several chunks; may raise Cancelled.

    Attributes
    ----------
    gradient
        (P,), as the last :meth:`compute` left it.
    scratch
        (P,), for anybody's use between two computations.
    work
        The arrays of the last chunk, as its way forward and back has left them; None before.
    """

    def __init__(
        self,
        network: Network,
        images: LabelledImages,
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
        self._rooms: dict[tuple[int, bool, bool], _Room] = {}
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
            The mean loss of the batch, without the penalty, and how many images were read rightly.
        """
        n = len(batch)
        loss, correct = 0.0, 0
        for start in range(0, n, CHUNK):
            chunk = batch[start : start + CHUNK]
            chunk_loss, chunk_correct = self._compute_chunk(chunk, n, start == 0, hyperparameters)
            loss, correct = loss + chunk_loss, correct + chunk_correct
            if n > CHUNK:
                self._progress(start + len(chunk), n)
        return loss / n, correct

    def forget_rooms(self) -> None:
        """Free the memory that batches of the sizes so far needed."""
        self._rooms.clear()
        self.work = None

    def _compute_chunk(
        self, rows: NDArray[np.intp], n: int, is_first: bool, hyperparameters: Hyperparameters
    ) -> tuple[float, int]:
        """Set `gradient` to the first chunk's, with the penalty's, or add a later chunk's to it."""
        network, l2 = self._network, hyperparameters.l2
        room = self._prepare_room(len(rows), hyperparameters)
        self.work = room.work
        # BLAS's own threads are quickest with everything at once: by 0.1 of 3.7 ms for 784-1024-10.
        is_cut = self._workers is None or self._workers.setting.blas == 1
        parts = room.parts if is_cut else room.whole
        shares = range(len(parts))

        def pass_part(part: _Part) -> tuple[Floats, int]:
            of_part = rows[part.start : part.stop]
            # mode="clip" lets take() write straight to `out`; the rows are known to be in range.
            self._images.take(of_part, axis=0, out=part.pixels, mode="clip")
            if room.warp is None:
                part.work.load(part.pixels)
            else:
                room.warp.apply(part.pixels, part.work.A[0], part.start)
            return network.forward_backward(part.work, self._labels[of_part], n)

        def write_share(share: int) -> None:
            target = self._gradient_layers if is_first else self._scratch_layers
            network.gradient(room.work, target, share, len(shares))
            if is_first and l2:
                network.add_regularization_gradient(
                    l2, target, self._scratch_layers, share, len(shares)
                )

        results = run_tasks(self._workers, pass_part, parts)
        run_tasks(self._workers, write_share, shares)
        if not is_first:
            self.gradient += self.scratch
        losses = np.concatenate([losses for losses, _ in results])
        return float(losses.sum()), sum(correct for _, correct in results)

    def _prepare_room(self, n: int, hyperparameters: Hyperparameters) -> _Room:
        """Return the arrays for n images, with the random numbers for them drawn."""
        dropout, augmentation = hyperparameters.dropout, hyperparameters.augmentation
        key = (n, dropout > 0, augmentation.is_on)
        room = self._rooms.get(key)
        if room is None:
            room = self._rooms[key] = _Room(self._network, *key)
        if room.warp is not None:
            room.warp.draw(augmentation, n, self._rng)
        for K in room.work.K[1:-1]:
            draw_dropout_mask(K, dropout, self._rng)
        return room


def draw_dropout_mask(K: Floats, dropout: float, rng: np.random.Generator) -> None:
    """Set each element of K to 0 with probability `dropout`, and else to 1 / (1 − dropout)."""
    rng.random(out=K, dtype=K.dtype)
    np.greater_equal(K, dropout, out=K)
    K /= 1 - dropout


def part_count(sizes: tuple[int, ...], n: int, augmentation: bool) -> int:
    """Return in how many parts a batch of n images passes through a network of these sizes.

    The products for Z, dW and dA take 2 floating-point operations a weight and image; the first
    layer's dA is not needed.
    """
    chunk = min(n, CHUNK)
    operations = chunk * (6.0 * parameter_count(sizes) - 2.0 * sizes[0] * sizes[1])
    operations += chunk * _WARP * augmentation
    parts = min(int(operations / _PART), chunk // _IMAGES_PER_PART, _MOST_PARTS)
    return max(parts, 1)
