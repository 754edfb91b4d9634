"""How many shards a batch is split into. It depends on the work, never on the number of threads."""

from __future__ import annotations

from core.network.layers import parameter_count
from core.network.unit_group import group_count

CHUNK = 1_024
"""A larger batch is processed in chunks of this many images, to save memory: a full batch of MNIST
would need 188 MB for its input alone."""

_SHARD_OPERATIONS = 1.25e8
"""The fewest floating-point operations of a shard: 1.3 ms of work. With less, Python threads wait
for the interpreter's lock longer than they work."""

_WARP_OPERATIONS = 1e6
"""The warp of an augmented image, 0.012 ms, in the same measure."""

_IMAGES_PER_SHARD = 64
"""The fewest images of a shard: with fewer, matrix products are slower."""

_MAX_SHARDS = 8


def shard_count(sizes: tuple[int, ...], n: int, augmentation: bool) -> int:
    """Return how many shards a batch of n images is split into."""
    chunk = min(n, CHUNK)
    operations = _operations(sizes, chunk) + chunk * _WARP_OPERATIONS * augmentation
    shards = min(int(operations / _SHARD_OPERATIONS), chunk // _IMAGES_PER_SHARD, _MAX_SHARDS)
    return max(shards, 1)


def unit_group_count(sizes: tuple[int, ...], n: int) -> int:
    """Return how many groups the units are split into instead; 1 means none."""
    shards = min(int(_operations(sizes, min(n, CHUNK)) / _SHARD_OPERATIONS), _MAX_SHARDS)
    return group_count(sizes, max(shards, 1))


def _operations(sizes: tuple[int, ...], n: int) -> float:
    """Return the floating-point operations of the matrix products for Z, dW and dA of n images.

    Each takes 2 for a weight and an image; the first layer's dA is not computed.
    """
    return n * (6.0 * parameter_count(sizes) - 2.0 * sizes[0] * sizes[1])
