from dataclasses import replace

import numpy as np
import pytest

from core.arrays import SIDE
from core.datasets.glyphs import GLYPHS
from core.datasets.handwriting import Hand, write
from core.datasets.pen_paths import pen_path
from core.datasets.stroke_renderer import LARGEST_RADIUS, render
from core.ink.normalization import normalize_drawing

RASTER = 400


def line(start: tuple[float, float], end: tuple[float, float], n: int = 200) -> np.ndarray:
    return np.linspace(start, end, n, dtype=np.float32)


def draw(*paths: np.ndarray, radius: float = 1.0) -> np.ndarray:
    counts = np.array([len(path) for path in paths])
    points = np.full((len(paths), counts.max(), 2), (-1e6, 1e6), np.float32)
    for row, path in zip(points, paths, strict=True):
        row[: len(path)] = path
    return render(points, np.full(points.shape[:2], radius, np.float32), counts)


def rasterize(points: np.ndarray, radii: np.ndarray) -> np.ndarray:
    """Draw a path dab by dab on a large pad, black on white."""
    low = (points - radii[:, None]).min(axis=0)
    scale = (RASTER - 4) / (points + radii[:, None] - low).max()
    middles = np.arange(RASTER) + 0.5
    pad = np.zeros((RASTER, RASTER), bool)
    for (x, y), radius in zip((points - low) * scale + 2, radii * scale, strict=True):
        pad |= (middles - x) ** 2 + (middles[:, None] - y) ** 2 <= radius**2
    return pad.astype(np.uint8) * 255


def test_a_line_is_as_long_and_as_thick_as_its_pen():
    # The line is 18 + 2 · 1 units long, so a unit is a pixel: a column of ink 2 pixels wide.
    image = draw(line((5, 5), (5, 23)))[0]
    inked = image > 0
    assert inked.any(axis=1).nonzero()[0].tolist() == list(range(4, 24))
    assert inked.any(axis=0).nonzero()[0].tolist() == [13, 14]
    assert (image[6:22, 13:15] == 255).all()


def test_units_do_not_matter():
    small = draw(line((0, 0), (3, 9)), radius=0.5)
    large = draw(line((7, -20), (307, 880)), radius=50)
    assert np.abs(small.astype(int) - large).max() <= 1


def test_the_pen_has_a_radius_at_each_point():
    points = line((0, 0), (0, 90))[None]
    radii = np.linspace(2, 10, 200, dtype=np.float32)[None]
    widths = render(points, radii, np.array([200]))[0].astype(int).sum(axis=1)
    assert widths[20] > 2 * widths[8]


def test_a_pen_that_skips_leaves_no_ink():
    inked, skipped = line((0, 0), (0, 90)), line((0, 90), (50, 90))
    both = np.concatenate([inked, skipped])[None]
    radii = np.full(both.shape[:2], 3, np.float32)
    radii[:, len(inked) :] = -np.inf
    alone = draw(inked, radius=3)
    np.testing.assert_array_equal(render(both, radii, np.array([both.shape[1]])), alone)


def test_soft_edges_reach_into_the_line_alone():
    path, radii = line((0, 0), (0, 90))[None], np.full((1, 200), 12, np.float32)
    sharp, soft = (render(path, radii, np.array([200]), softness)[0] for softness in (1, 2.5))
    np.testing.assert_array_equal(sharp > 0, soft > 0)
    assert soft.sum() < 0.9 * sharp.sum()
    assert soft.max() == 255


def test_a_pen_too_thick_for_the_window_stays_round():
    image = draw(line((0, 0), (0, 1)), radius=50)[0] / 255
    assert image.sum() == pytest.approx(np.pi * LARGEST_RADIUS**2, rel=0.1)


def test_each_path_is_drawn_as_if_it_were_alone():
    paths = line((0, 0), (60, 90), 150), line((0, 0), (0, 90), 90), line((0, 0), (90, 0), 250)
    together = draw(*paths, radius=4)
    for path, image in zip(paths, together, strict=True):
        np.testing.assert_array_equal(draw(path, radius=4)[0], image)


@pytest.fixture(scope="module")
def handwriting():
    rng = np.random.default_rng(1)
    paths = [pen_path(glyph) for glyph in GLYPHS]
    # Soft edges and gaps are tested by themselves.
    return write(paths, np.arange(len(paths)), rng, replace(Hand(), softness=0.0, skip=0.0))


def test_images_look_like_mnist_images(handwriting):
    images = render(*handwriting)
    assert images.shape == (len(GLYPHS), SIDE, SIDE)
    assert images.dtype == np.uint8
    assert (images.max(axis=(1, 2)) == 255).all()
    # A pixel that the pen's edge only touches may round to background.
    tall, wide = (images.any(axis=axis).sum(axis=1) for axis in (2, 1))
    assert np.isin(np.maximum(tall, wide), (19, 20)).all()


def test_rendering_is_drawing_large_and_normalizing(handwriting):
    points, radii, counts, _ = (array[::4] for array in handwriting)
    rendered = render(points, radii, counts).astype(int)
    compared = 0
    for path, pen, n, image in zip(points, radii, counts, rendered, strict=True):
        pad = rasterize(path[:n], pen[:n])
        height, width = (np.ptp(np.flatnonzero(pad.any(axis=axis))) + 1 for axis in (1, 0))
        short = 20 * min(height, width) / max(height, width)
        if abs(short - round(short)) < 0.1:
            continue  # the pad's pixels decide whether the short side needs one more
        compared += 1
        drawn = normalize_drawing(pad).astype(int)
        # A center of mass next to a half may round the other way.
        difference = min(
            np.abs(np.roll(drawn, (y, x), (0, 1)) - image).sum()
            for y in (-1, 0, 1)
            for x in (-1, 0, 1)
        )
        assert difference < 0.1 * drawn.sum()
    assert compared > len(counts) / 2
