"""From any picture of a digit, a photo, scan or screenshot, to ink on the pad.

A picture is reduced to a working size, and its paper estimated and taken off; what then stands out
is ink. The digit is cut out of the full picture and looked at once more, closer, which shows thin
lines of a digit that is small in the picture.

What it cannot do: a line or a sharp shadow that touches the digit and is as dark as its ink is
taken for a part of it, and of two digits the larger one is read.
"""

from __future__ import annotations

import math
import warnings
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps, UnidentifiedImageError

from core.drawing import BRUSH, RASTER_SIDE
from core.errors import DataError

INK_UNITS = 200
"""The digit's longer side on the pad, in units: as large as people draw."""

_WORKING_SIDE = 400
"""The longer side, in pixels, that a picture is reduced to: with the margin below, a digit then has
as many pixels as it will have units."""

_MARGIN = 0.5
"""Paper around the digit when it is looked at closer, in parts of its longer side."""

_COARSE_SIDE = 40
_WINDOWS = (math.inf, 0.45, 0.22, 0.12)
"""The paper is the median of a window so wide, in parts of the picture's longer side; infinity is
for paper that is the same everywhere. Narrow windows follow shadows, wide ones leave bold lines
whole."""

_LEAST_CONTRAST = 8.0
"""Between ink and paper, in grey levels of 255."""

_LEAST_CLEARNESS = 4.0
"""How many standard deviations of the paper ink has to be away from it. Otsu's threshold halves
noise, too; the halves are then 2.7 apart if it is normal and 3.5 if it is uniform."""

_CLEAR_ENOUGH = 5.0
"""Above this, it is not the clearness that decides between windows, and the widest is chosen."""

_SPECK = 0.04
"""What has less than this part of the digit's largest piece is a speck."""

_NEAR = 0.3
"""How far apart the pieces of a digit may be, in parts of the largest one's longer side."""

_SMALLEST = 0.03
"""A digit's longer side, in parts of the picture's, is not below this, nor below 6 pixels."""

_THIN = 0.7
"""Lines thinner than this part of the pad's brush are thickened to be as thick as it is."""

Grey = NDArray[np.float32]
Mask = NDArray[np.bool_]


class _Found(NamedTuple):
    """A digit: its ink, (h, w) of 0…1, which pixels it covers, and how sure that is."""

    ink: Grey
    mask: Mask
    score: float


class _Box(NamedTuple):
    top: int
    bottom: int
    left: int
    right: int

    @property
    def side(self) -> int:
        return max(self.bottom - self.top, self.right - self.left)


def read_picture(path: Path) -> NDArray[np.uint8]:
    """Read a picture file of any format that Pillow knows, upright; of several images the first.

    Returns
    -------
    NDArray[np.uint8]
        (h, w) if it is grey, (h, w, 3) for RGB, (h, w, 4) for RGBA.

    Raises
    ------
    DataError
        If it cannot be read, is no picture, is damaged, or has more pixels than Pillow holds safe.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path) as image:
                return np.array(_eight_bits(ImageOps.exif_transpose(image)))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise DataError(
            f"The picture '{path}' has too many pixels to be opened safely. Make it smaller."
        ) from error
    except UnidentifiedImageError as error:
        raise DataError(
            f"'{path}' is no picture of a known kind. Choose a PNG, JPEG, WEBP, BMP or GIF file."
        ) from error
    except Exception as error:  # Pillow raises many kinds for damaged content
        reason = getattr(error, "strerror", None) or error
        raise DataError(
            f"The picture '{path}' cannot be read: {reason}. It may be damaged or gone; "
            "choose another file, or save the picture anew."
        ) from error


def _eight_bits(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        return Image.fromarray((np.array(image).clip(0, 65535) // 257).astype(np.uint8))
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("L" if image.mode in {"1", "L", "F"} else "RGB")


def ink_from_picture(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the digit that a picture shows as ink on the pad.

    Parameters
    ----------
    pixels
        uint8, (h, w) grey, (h, w, 3) RGB or (h, w, 4) RGBA, of any size; not mutated. The ink may
        be darker or lighter than the paper: paper is what most of the edge, or of the picture, is.

    Returns
    -------
    NDArray[np.uint8]
        (280, 280), 0 is paper, 255 is ink: the digit in the middle, its longer side 200 units.

    Raises
    ------
    DataError
        If nothing stands out from the paper.
    """
    found = _find(pixels)
    if found is None:
        raise DataError(
            "No digit was found in the picture: nothing in it stands out from the paper. "
            "Take one of a single digit that is clearly darker or lighter than its paper."
        )
    closer = _around(pixels, found.mask)
    if closer.size < 0.6 * pixels.size:
        found = _find(closer) or found
    return _on_pad(found.ink)


def _around(pixels: NDArray[np.uint8], mask: Mask) -> NDArray[np.uint8]:
    """Return the part of the picture that shows the digit and some paper around it."""
    box = _box(mask)
    scale = max(pixels.shape[:2]) / max(mask.shape)
    margin = box.side * _MARGIN
    top, left = (max(0, int((start - margin) * scale)) for start in (box.top, box.left))
    bottom, right = (math.ceil((end + margin) * scale) for end in (box.bottom, box.right))
    return pixels[top:bottom, left:right]


def _box(mask: Mask) -> _Box:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return _Box(int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1)


# --- ink and paper ------------------------------------------------------------------------


def _find(pixels: NDArray[np.uint8]) -> _Found | None:
    """Look with each window for the paper, and return what is surest; None if there is nothing."""
    colours = _reduced(pixels)
    looks = (_look(_contrast(colours, window)) for window in _WINDOWS)
    return max((look for look in looks if look), key=lambda look: look.score, default=None)


def _look(contrast: Grey) -> _Found | None:
    """Find the digit in what stands out from the paper by `contrast`, (h, w)."""
    if np.ptp(contrast) < _LEAST_CONTRAST:
        return None
    threshold, paper, spread, ink = _otsu(contrast)
    clearness = (ink - paper) / (spread + 1)  # whole grey levels are never surer than 1
    if ink - paper < _LEAST_CONTRAST or clearness < _LEAST_CLEARNESS:
        return None
    dark = contrast > threshold
    digit = _digit(dark)
    if _box(digit).side < max(6, _SMALLEST * max(digit.shape)):
        return None
    # From paper to ink a ramp instead of a step, so that edges, next to the mask, stay soft.
    low = min(threshold, paper + spread)
    soft = np.clip((contrast - low) / (ink - low), 0, 1) * _grown(digit)
    framed = bool(_frame(digit).any())
    score = min(clearness, _CLEAR_ENOUGH) * digit.sum() / dark.sum() / (2 if framed else 1)
    return _Found(soft, digit, float(score))


def _reduced(pixels: NDArray[np.uint8]) -> Grey:
    """Return the picture in its working size, opaque, noise smoothed, (h, w, colours)."""
    image = Image.fromarray(pixels)
    scale = _WORKING_SIDE / max(image.size)
    if scale < 1:
        width, height = (max(1, round(length * scale)) for length in image.size)
        image = image.resize((width, height), Image.Resampling.BOX, reducing_gap=2)
    if image.mode == "RGBA":
        image = Image.fromarray(_opaque(np.asarray(image)))
    image = image.filter(ImageFilter.GaussianBlur(max(image.size) // 100 / 4))
    small = np.asarray(image, np.float32)
    return small.reshape(*small.shape[:2], -1)


def _opaque(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Lay a picture with transparent parts on paper.

    Where most of it is visible its paper is, too, and goes on in what is not. Else what is visible
    is ink, and the paper is white or black, whichever is farther from it.
    """
    colours, cover = pixels[..., :3].astype(np.float32), pixels[..., 3:].astype(np.float32) / 255
    paper = (colours * cover).sum(axis=(0, 1)) / max(1, cover.sum())
    if cover.mean() < 0.5:
        paper = np.full(3, 255 if paper.mean() < 128 else 0)
    opaque: NDArray[np.uint8] = np.rint(colours * cover + paper * (1 - cover)).astype(np.uint8)
    return opaque


def _contrast(colours: Grey, window: float) -> Grey:
    """Return by how much each pixel differs from the paper, (h, w), in grey levels.

    It is measured along the direction in which the colours differ most, so that ink of any colour
    counts, and towards the ink: that is fewer pixels that are farther away, a positive skew.
    """
    departure = (colours - _paper(colours, window)).reshape(-1, colours.shape[2])
    _, axes = np.linalg.eigh(departure.T @ departure)
    contrast = departure @ axes[:, -1] / np.float32(math.sqrt(colours.shape[2]))
    skew = np.dot(contrast * contrast, contrast)
    grey: Grey = (contrast if skew > 0 else -contrast).reshape(colours.shape[:2])
    return grey


def _paper(colours: Grey, window: float) -> Grey:
    """Return the colours without what is written on them; a window of infinity looks at the edge.

    Beyond the edges the light is taken to go on changing as it does inside.
    """
    if window == math.inf:
        edge: Grey = np.median(_frame(colours), axis=0)
        return edge
    height, width = colours.shape[:2]
    scale = min(1, _COARSE_SIDE / max(height, width))
    shape = (max(1, round(height * scale)), max(1, round(width * scale)))
    planes = []
    for plane in np.moveaxis(colours, 2, 0):
        coarse = _resized(plane, *shape, Image.Resampling.BOX)
        reach = int(max(shape) * window / 2)
        padded = np.pad(coarse, reach, mode="reflect", reflect_type="odd")
        windows = sliding_window_view(padded, (2 * reach + 1, 2 * reach + 1))
        planes.append(_resized(np.median(windows, axis=(2, 3)), height, width))
    return np.stack(planes, axis=2)


def _otsu(contrast: Grey) -> tuple[float, float, float, float]:
    """Return a threshold, the mean and standard deviation of what is below, and the mean above.

    It makes the variance between the two classes largest: N. Otsu, "A threshold selection method
    from gray-level histograms", IEEE Trans. Systems, Man, and Cybernetics 9 (1979).
    """
    counts, edges = np.histogram(contrast, 256)
    levels = (edges[1:] + edges[:-1]) / 2
    sums, below = np.cumsum(counts * levels), np.cumsum(counts)[:-1]
    above = counts.sum() - below
    paper, ink = sums[:-1] / below, (sums[-1] - sums[:-1]) / above
    best = int(np.argmax(below * above * (ink - paper) ** 2))
    squares = (levels[: best + 1] - paper[best]) ** 2
    spread = math.sqrt(np.average(squares, weights=counts[: best + 1]))
    return float(edges[best + 1]), float(paper[best]), spread, float(ink[best])


# --- pieces of ink ------------------------------------------------------------------------


def _digit(dark: Mask) -> Mask:
    """Return the digit's pixels: the largest piece and those near it that are no specks.

    Pieces that touch the picture's edge, the table or a shadow, count only if there is no other.
    """
    labels = _labelled(dark)
    sizes = np.bincount(labels[dark])
    inner = sizes.copy()
    inner[_frame(labels)[_frame(dark)]] = 0
    if inner.max() >= _SPECK * sizes.max():
        sizes = inner
    main = _box(labels == sizes.argmax())
    reach = math.ceil(main.side * _NEAR)
    top, left = max(0, main.top - reach), max(0, main.left - reach)
    near = labels[top : main.bottom + reach, left : main.right + reach]
    kept = np.unique(near)
    digit: Mask = np.isin(labels, kept[(kept >= 0) & (sizes[kept] >= _SPECK * sizes.max())])
    return digit


def _labelled(dark: Mask) -> NDArray[np.intp]:
    """Number the pieces of connected pixels; -1 is paper. A piece's number is its first pixel's."""
    labels = np.full(dark.shape, -1)
    labels[dark] = np.arange(dark.sum())
    down, across, even, odd = (
        (labels[1:], labels[:-1]),
        (labels[:, 1:], labels[:, :-1]),
        (labels[1:, 1:], labels[:-1, :-1]),
        (labels[1:, :-1], labels[:-1, 1:]),
    )
    pairs = np.hstack([np.stack([a.ravel(), b.ravel()]) for a, b in (down, across, even, odd)])
    a, b = pairs[:, (pairs >= 0).all(axis=0)]
    first = np.arange(dark.sum())
    while (apart := first[a] != first[b]).any():
        a, b = a[apart], b[apart]
        np.minimum.at(first, np.maximum(first[a], first[b]), np.minimum(first[a], first[b]))
        while (first[first] != first).any():
            first = first[first]
    labels[dark] = first
    return labels


def _frame(values: NDArray[Any]) -> NDArray[Any]:
    """Return the values along the four edges."""
    return np.concatenate([values[0], values[-1], values[:, 0], values[:, -1]])


def _grown(mask: Mask) -> Mask:
    """Return the mask and all pixels next to it."""
    windows = sliding_window_view(np.pad(mask, 1), (3, 3))
    grown: Mask = np.any(windows, axis=(2, 3), keepdims=False)
    return grown


# --- on the pad ---------------------------------------------------------------------------


def _on_pad(ink: Grey) -> NDArray[np.uint8]:
    """Size and place the digit, its lines not much thinner than the pad's."""
    box = _box(ink > 0.1)
    ink = ink[box.top : box.bottom, box.left : box.right]
    digit = _placed(ink, INK_UNITS)
    missing = BRUSH - _thickness(digit)
    if missing > (1 - _THIN) * BRUSH:
        digit = _thickened(_placed(ink, INK_UNITS - missing), missing / 2)
    pad: NDArray[np.uint8] = np.rint(digit * 255).astype(np.uint8)
    return pad


def _placed(ink: Grey, side: float) -> Grey:
    height, width = (max(1, round(length * side / max(ink.shape))) for length in ink.shape)
    top, left = (RASTER_SIDE - height) // 2, (RASTER_SIDE - width) // 2
    placed = np.zeros((RASTER_SIDE, RASTER_SIDE), np.float32)
    placed[top : top + height, left : left + width] = _resized(ink, height, width)
    return placed


def _thickness(digit: Grey) -> float:
    """Return how thick the lines are, in units.

    A line's area is its length times its thickness, and its outline is twice as long as it is; the
    outline's length is the sum of the ink's slopes.
    """
    return 2 * float(digit.sum() / np.hypot(*np.gradient(digit)).sum())


def _thickened(digit: Grey, radius: float) -> Grey:
    """Widen the lines by a disc of this radius on each side: each unit becomes its darkest near."""
    reach = math.ceil(radius)
    padded, thick = np.pad(digit, reach), digit.copy()
    for y in range(2 * reach + 1):
        for x in range(2 * reach + 1):
            if math.hypot(y - reach, x - reach) <= radius:
                np.maximum(thick, padded[y : y + RASTER_SIDE, x : x + RASTER_SIDE], out=thick)
    return thick


def _resized(
    plane: Grey, height: int, width: int, how: Image.Resampling = Image.Resampling.BILINEAR
) -> Grey:
    image = Image.fromarray(np.ascontiguousarray(plane, np.float32))
    return np.asarray(image.resize((width, height), how))
