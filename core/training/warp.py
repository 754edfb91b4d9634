"""Augments training images, so that the network sees different ones in every epoch.

Shift, rotation, scale and shear form an affine map. The elastic distortion is that of Simard,
Steinkraus and Platt, "Best Practices for Convolutional Neural Networks Applied to Visual Document
Analysis" (2003): uniform random numbers, smoothed with a Gaussian, displace the pixels.

Each pixel of the result looks up where in the source it comes from. For the pixel in row y and
column x, the source's row, and likewise its column, is

    position[y, x] = Σᵢⱼ basis[y, i] · coefficients[i, j] · basis[x, j]

The first two basis functions, 1 and the distance from the center, give the affine map; the others
are Gaussians one standard deviation apart. With random coefficients, these give smooth noise from
far fewer random numbers than one per pixel (144 instead of 784 at a smoothness of 4), and all of it
takes two small matrix products, ``basis @ coefficients @ basis.T``.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import DTypeLike, NDArray

from core.arrays import PIXELS, SIDE, Floats, Images
from core.settings.augmentation import Augmentation

_CENTER = (SIDE - 1) / 2
"""Row and column of the point that rotation, scale and shear do not move."""

_MARGIN = 1
_PADDED = SIDE + 2 * _MARGIN + 1
"""Side of an image with its background: one pixel before and two after. The second one after is
read at the last position, with a weight of zero."""

_REACH = 2
"""How far beyond the image's edge Gaussians are centered, in standard deviations. One farther out
would add less than 1 in 1,000 to the variance of the outermost pixel."""

_BLOCK = 128
"""Images per pass, few enough that intermediate results stay in the cache. A batch of 1,024 takes
9.6 ms with this, 11.4 ms in one pass, and 13 ms with 16, where NumPy's overhead per call counts."""


class Warp:
    """Transforms up to `capacity` images, in arrays that are allocated once.

    :meth:`draw` draws the transformation of each image, and :meth:`apply` applies it. Several
    threads may call `apply` at once for images that do not overlap: each uses its own rows of the
    scratch arrays. Images are computed independently, so the result has the same bits however they
    are divided.

    Parameters
    ----------
    capacity
        Largest number of images in a batch.
    dtype
        Of positions and gray values, float32 or float64.
    """

    def __init__(self, capacity: int, dtype: DTypeLike = np.float32) -> None:
        self._capacity = capacity
        self._dtype = np.dtype(dtype)
        self._drawn = 0
        self._uniform = np.empty((capacity, 6))
        self._prepare_field(None)

        self._padded = np.zeros((capacity, _PADDED, _PADDED), dtype)  # the margins stay zero
        self._position = np.empty((2, capacity, SIDE, SIDE), dtype)
        self._floor = np.empty((2, capacity, PIXELS), dtype)
        self._index = np.empty((capacity, PIXELS), np.intp)
        self._corners = np.empty((4, capacity, PIXELS), dtype)

    # --- drawing --------------------------------------------------------------------------

    def draw(self, augmentation: Augmentation, n: int, rng: np.random.Generator) -> None:
        """Draw the transformations of the next n images.

        Parameters
        ----------
        augmentation
            Their strengths.
        n
            At most the capacity.
        rng
            Draws six numbers for each image, then those of the elastic distortion.

        Raises
        ------
        ValueError
            If n is more than the capacity.
        """
        if n > self._capacity:
            raise ValueError(f"{n} images are more than the capacity of {self._capacity}")
        smoothness = augmentation.smoothness if augmentation.elastic else None
        if smoothness != self._smoothness:
            self._prepare_field(smoothness)
        self._draw_affine(augmentation, n, rng)
        self._draw_field(augmentation.elastic, n, rng)
        self._drawn = n

    def _prepare_field(self, smoothness: float | None) -> None:
        """Compute the basis, and allocate what depends on its size; None: no elastic distortion."""
        self._smoothness = smoothness
        offset = np.arange(SIDE) - _CENTER
        functions = [np.ones((SIDE, 1)), offset[:, None]]
        if smoothness is not None:
            functions.append(_gaussians(smoothness))
        self._basis = np.hstack(functions).astype(self._dtype)
        size = self._basis.shape[1]
        self._noise = np.empty((self._capacity, size - 2, size - 2), self._dtype)
        self._coefficients = np.zeros((2, self._capacity, size, size), self._dtype)
        self._half = np.empty((self._capacity, size, SIDE), self._dtype)

    def _draw_affine(self, augmentation: Augmentation, n: int, rng: np.random.Generator) -> None:
        """Set the first coefficients to the inverse of random affine maps.

        An image is scaled, then sheared, rotated and shifted: a point at p from the center moves to
        q = R(angle) [[1, shear], [0, 1]] diag(scale) p + shift. So the pixel at q comes from
        p = diag(1/scale) [[1, -shear], [0, 1]] R(-angle) (q - shift).
        """
        a = augmentation
        uniform = rng.random(out=self._uniform[:n])
        uniform *= 2
        uniform -= 1
        uniform *= (a.shift, a.shift, math.radians(a.rotation), a.scale, a.scale, a.shear)
        shift_x, shift_y, angle, scale_x, scale_y, shear = uniform.T
        scale_x += 1
        scale_y += 1
        cos, sin = np.cos(angle), np.sin(angle)

        along_x = (cos + shear * sin) / scale_x, -sin / scale_y
        along_y = (sin - shear * cos) / scale_x, cos / scale_y
        for axis in (0, 1):
            coefficients = self._coefficients[axis, :n]
            coefficients[:, 0, 1] = along_x[axis]
            coefficients[:, 1, 0] = along_y[axis]
            coefficients[:, 0, 0] = (
                _MARGIN + _CENTER - along_x[axis] * shift_x - along_y[axis] * shift_y
            )

    def _draw_field(self, elastic: float, n: int, rng: np.random.Generator) -> None:
        """Set the other coefficients to uniform noise with standard deviation `elastic`."""
        noise = self._noise[:n]
        for axis in (0, 1):
            rng.random(dtype=noise.dtype, out=noise)
            noise -= 0.5
            np.multiply(noise, math.sqrt(12) * elastic, out=self._coefficients[axis, :n, 2:, 2:])

    # --- applying -------------------------------------------------------------------------

    def apply(self, images: Images, out: Floats, start: int) -> None:
        """Write the images, transformed and scaled from 0…255 to 0…1, to `out`.

        The same call gives the same result until the next `draw`.

        Parameters
        ----------
        images
            (m, 784); not mutated.
        out
            (m, 784), float32 or float64.
        start
            Transformation of the first image; the next image uses the next one.

        Raises
        ------
        ValueError
            If fewer than start + m transformations were drawn.
        """
        m = len(images)
        if start + m > self._drawn:
            raise ValueError(f"{start + m} transformations are needed, {self._drawn} were drawn")
        for first in range(0, m, _BLOCK):
            some = slice(first, min(first + _BLOCK, m))
            self._apply_block(images[some], out[some], start + first, start)

    def _apply_block(self, images: Images, out: Floats, start: int, scratch: int) -> None:
        """Apply the transformations from `start` on, with the scratch rows from `scratch` on.

        All blocks of a call use the same scratch rows, which therefore stay in the cache.
        """
        m = len(images)
        rows = slice(scratch, scratch + m)
        padded = self._padded[rows]
        inside = slice(_MARGIN, _MARGIN + SIDE)
        padded[:, inside, inside] = images.reshape(m, SIDE, SIDE)
        flat = padded.reshape(-1)

        x, fraction_x = self._sources(0, start, rows)
        y, fraction_y = self._sources(1, start, rows)
        index = self._indices(x, y, rows)
        corners = self._corners[:, rows]
        for corner, distance in zip(corners, (0, 1, _PADDED, _PADDED + 1), strict=True):
            # All are in range; mode="clip" lets take() write straight to `out`.
            np.take(flat[distance:], index, out=corner, mode="clip")

        top = _interpolate(corners[0], corners[1], fraction_x)
        bottom = _interpolate(corners[2], corners[3], fraction_x)
        np.multiply(_interpolate(top, bottom, fraction_y), 1 / 255, out=out, dtype=out.dtype)

    def _sources(self, axis: int, start: int, rows: slice) -> tuple[Floats, Floats]:
        """Return the positions in the padded images of the pixels, along x (0) or y (1).

        Both results are (m, 784): the integer part of the position, and the fraction.
        """
        half, position = self._half[rows], self._position[axis, rows]
        coefficients = self._coefficients[axis, start : start + len(half)]
        np.matmul(coefficients, self._basis.T, out=half)
        np.matmul(self._basis, half, out=position)
        flat = position.reshape(-1, PIXELS)
        np.clip(flat, 0, SIDE + _MARGIN, out=flat)  # beyond is background, too
        floor = np.floor(flat, out=self._floor[axis, rows])
        return floor, np.subtract(flat, floor, out=flat)

    def _indices(self, x: Floats, y: Floats, rows: slice) -> NDArray[np.intp]:
        """Return the indices, (m, 784), of pixels x, y in the m padded images; overwrites x and y.

        The images of a block are few enough for float32 to hold the indices exactly.
        """
        y *= _PADDED
        x += y
        x += _PADDED**2 * np.arange(len(x), dtype=x.dtype)[:, None]
        index = self._index[rows]
        np.copyto(index, x, casting="unsafe")
        return index


def _gaussians(smoothness: float) -> NDArray[np.float64]:
    """Return Gaussians, (28, g), at equal distances along an axis of the image.

    The squares at each pixel add up to 1, so that coefficients of unit variance give a field of
    unit variance at every pixel. Their distance is one standard deviation or a little less; the
    field's correlation at any two pixels is then within 0.0002 of that of Gaussian-filtered noise.
    """
    reach = _REACH * smoothness
    count = math.ceil((SIDE - 1 + 2 * reach) / smoothness) + 1
    centers = np.linspace(-reach, SIDE - 1 + reach, count)
    heights = np.exp(-0.5 * ((np.arange(SIDE)[:, None] - centers) / smoothness) ** 2)
    return np.asarray(heights / np.sqrt((heights**2).sum(axis=1, keepdims=True)))


def _interpolate(before: Floats, after: Floats, fraction: Floats) -> Floats:
    """Set `before` to before + fraction · (after - before), and return it; overwrites `after`."""
    after -= before
    after *= fraction
    before += after
    return before
